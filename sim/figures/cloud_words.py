"""What a figure of points drawn at random says in words."""

import math
from collections.abc import Sequence

from sim.figures.cloud_content import Cloud, Clouds, Input
from sim.figures.numbers import decimals_of, number
from sim.figures.words import MOST_NAMED, capital, descriptions, listed, spoken
from sim.measures.intervals import Interval
from sim.settings.plural import counted


def message(content: Clouds) -> str:
    """State for the first outcome on which side of the baseline each regime lies where its input is low, and high."""
    first, base = content.clouds[0], spoken(content.baseline)
    start = f"{capital(first.label)}, against {base}, by “{first.over.key.rpartition('.')[2].replace('_', ' ')}”"
    if content.replicates < 2:
        return f"{start}: one replicate tells no difference for sure"
    groups: dict[str, list[str]] = {}
    for regime in first.by_regime:
        groups.setdefault(_at_the_ends(first, regime), []).append(spoken(regime))
    in_order = sorted(groups.items(), key=lambda entry: -len(entry[1]))
    told = [f"{listed(names)} {words}" for words, names in in_order[:MOST_NAMED]]
    left = sum(len(names) for _, names in in_order[MOST_NAMED:])
    told += [f"{counted(left, 'other regime')} otherwise"] if left else []
    return f"{start}: {'; '.join(told)}"


def subtitle(content: Clouds) -> str:
    """Name the points, place and period."""
    return (
        f"{counted(len(content.points), 'point')} of {counted(content.inputs, 'input')} ({content.design}); England, "
        f"{content.years}"
    )


def heading(cloud: Cloud, baseline: str) -> str:
    """Name a panel."""
    return f"{capital(cloud.label)}, {cloud.unit}: less {spoken(baseline)}"


def input_label(cloud: Cloud) -> list[str]:
    """Name the input below a panel, and how much hangs on it: texts that begin a line each."""
    return [input_name(cloud.over), *([f"({share_words(cloud)})"] if math.isfinite(cloud.share) else [])]


def input_name(over: Input) -> str:
    """Name an input."""
    return capital(over.key.replace(".", ": ").replace("_", " "))


def share_words(cloud: Cloud) -> str:
    """Say what part of the variance goes with the input, and what part would by chance."""
    return f"{number(100 * cloud.share)} % of variance; by chance {number(100 * cloud.by_chance)} %"


def note_lines(content: Clouds) -> list[str]:
    """Explain dots, marks, inputs, and what the intervals hold."""
    marked = any(cloud.parts(regime) for cloud in content.clouds for regime in cloud.by_regime)
    several = content.replicates > 1
    parts = ["Dots: one point each, the mean paired difference there (same people and luck)."]
    if marked:
        bars = (
            ", with its 95 % interval over points and replicates, which may go on beyond the panel" if several else ""
        )
        parts.append(f"Marks: mean over each of up to five parts of the points, about equal{bars}.")
    if marked and several:
        parts.append(
            "The title names a side where the first or the last part lies clearly on it, allowing for both ends, all "
            "regimes and the choice of the input."
        )
    if content.clouds[0].inputs > 1:
        parts.append(
            "Each panel has, of the inputs that are numbers, the one with which its differences go most, and what the "
            "best would have by chance; the others vary at random as well."
        )
    return [
        " ".join([*parts, _units(content)]).strip(),
        *descriptions(content.descriptions),
        _source(content.replicates),
    ]


def _source(replicates: int) -> str:
    start = "Source: this model. Simulated, not observed; most inputs are graded as assumptions."
    if replicates < 2:
        return f"{start} 1 replicate a point, so there are no intervals and any difference may be luck."
    return f"{start} {replicates} replicates a point; intervals hold their luck and the draw of points from the ranges."


def _units(content: Clouds) -> str:
    units = {input_name(cloud.over): cloud.over.unit for cloud in content.clouds if cloud.over.unit}
    return " ".join(f"Unit of “{name}”: {unit}." for name, unit in units.items())


def alt_text(content: Clouds, title: str) -> str:
    """Describe the figure for a reader who does not see it."""
    sentences = [
        f"{counted(len(content.clouds), 'scatter plot')} of paired differences from {spoken(content.baseline)} against "
        f"an input, one dot for each point and regime. {title}."
    ]
    for cloud in content.clouds:
        share = f", {share_words(cloud)}" if math.isfinite(cloud.share) else ""
        told = "; ".join(_course(cloud, regime) for regime in cloud.by_regime)
        sentences.append(f"{heading(cloud, content.baseline)}, against {input_name(cloud.over)}{share}: {told}.")
    return " ".join(sentences)


def _at_the_ends(cloud: Cloud, regime: str) -> str:
    """Say on which side a regime lies in the first and in the last part of the points."""
    ends = cloud.ends(regime)
    if ends is None:
        return "with too few points to tell"
    low, high = map(_side, ends)
    if low == high:
        return f"{low} at both ends" if low else "without a clear difference at either end"
    told = [f"{side} at the {end} end" for side, end in ((low, "low"), (high, "high")) if side]
    unclear = "low" if not low else "high"
    return ", ".join(told) if len(told) > 1 else f"{told[0]}, without a clear difference at the {unclear} end"


def _side(mean: Interval) -> str:
    return ("higher" if mean.mean > 0 else "lower") if mean.excludes_zero else ""


def _course(cloud: Cloud, regime: str) -> str:
    """Tell the means of the first and the last part."""
    parts = cloud.parts(regime)
    if not parts:
        return f"{spoken(regime)} with too few points for a mean"
    return f"{spoken(regime)} from {' to '.join(_written(*part) for part in (parts[0], parts[-1]))}"


def _written(where: float, mean: Interval) -> str:
    decimals = decimals_of(mean.low, mean.high, mean.mean)
    value, low, high = (number(part, decimals, signed=True) for part in (mean.mean, mean.low, mean.high))
    limits = f" ({low} to {high})" if math.isfinite(mean.low) else ""
    places = max(0, 2 - math.floor(math.log10(abs(where)))) if where else 0
    return f"{value}{limits} at {number(where, places)}"


def regimes_drawn(content: Clouds) -> Sequence[str]:
    """Return the regimes that have dots, in the order of the study."""
    there = {regime for cloud in content.clouds for regime in cloud.by_regime}
    return [regime for regime in content.regimes if regime in there]
