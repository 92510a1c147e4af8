"""The parameters and levers that a study may vary, by their dotted keys."""

from sim.governance.levers import Levers
from sim.settings.hints import did_you_mean
from sim.settings.schema import Facts, facts, field_at, fields, models_in
from sim.specification.axes import LEVERS
from sim.specification.parameters import ParameterSet

_PREFIX = "parameters."
TRUE_OR_FALSE = "true or false"


def declared_at(key: str) -> Facts | None:
    """Return what a parameter or lever declares, None for a key that is neither."""
    steps = key.split(".")
    if len(steps) != 2:
        return None
    model, location = (Levers, tuple(steps[1:])) if steps[0] == LEVERS else (ParameterSet, tuple(steps))
    info = field_at(model, location)
    return facts(info) if info is not None else None


def unknown_hint(key: str) -> str:
    """Word what may have been meant by a key that is no parameter and no lever."""
    known = _keys()
    bare = key.removeprefix(_PREFIX)
    if bare != key and bare in known:
        return f"`vary` names parameters without their heading; write `{bare}`"
    homes = [name for name in known if name.split(".")[1] == bare]
    if homes:
        return "write " + " or ".join(f"`{home}`" for home in homes)
    inside = [name for name in known if name.startswith(f"{bare}.")]
    if inside:
        return "write one of " + ", ".join(inside)
    return did_you_mean(bare, known) or "`sim explain parameters` and `sim explain levers` list them"


def words_of(declared: Facts) -> tuple[bool | str, ...]:
    """Return every value of a choice or a switch; none of a number."""
    return (False, True) if declared.unit == TRUE_OR_FALSE else declared.choices


def _keys() -> list[str]:
    groups = {name: next(models_in(info.annotation)) for name, info in fields(ParameterSet).items()}
    return [f"{LEVERS}.{name}" for name in fields(Levers)] + [
        f"{group}.{name}" for group, model in groups.items() for name in fields(model)
    ]
