"""Which values of a study lie outside the plausible range that is declared beside each parameter."""

from collections.abc import Iterator

from sim.specification.run import Study
from sim.specification.switches import declared


def implausible(study: Study) -> Iterator[str]:
    """Yield a sentence for each value of a parameter that is outside its plausible range, varied ones included."""
    varied = {axis.key: axis.values for axis in study.axes}
    for entry in declared(study.parameters):
        low, high = entry.facts.low, entry.facts.high
        for value in dict.fromkeys(varied.get(entry.key, (entry.value,))):
            if low is None or high is None or not isinstance(value, int | float):
                continue
            if not low <= value <= high:
                yield f"{entry.key} = {value:g} is outside its plausible range {entry.facts.plausible}"
