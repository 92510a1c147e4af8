"""What a figure of points drawn at random says in words."""

import math
from collections.abc import Sequence

from sim.figures.cloud_content import HIGHER, LOWER, Cloud, Clouds, Input
from sim.figures.numbers import decimals_of, number
from sim.figures.words import MOST_NAMED, capital, descriptions, listed, spoken
from sim.measures.intervals import Interval
from sim.settings.plural import counted


def message(content: Clouds) -> str:
    """State for the first outcome on which side of the baseline each regime lies where its input is low, and high."""
    first, base = content.clouds[0], spoken(content.baseline)
    over = first.over.key.rpartition(".")[2].replace("_", " ")
    groups: dict[str, list[str]] = {}
    for regime in first.by_regime:
        groups.setdefault(_at_the_ends(first, regime), []).append(spoken(regime))
    in_order = sorted(groups.items(), key=lambda entry: -len(entry[1]))
    told = [f"{listed(names)} {words}" for words, names in in_order[:MOST_NAMED]]
    left = sum(len(names) for _, names in in_order[MOST_NAMED:])
    told += [f"{counted(left, 'other regime')} otherwise"] if left else []
    return f"{capital(first.label)}, against {base}, by “{over}”: {'; '.join(told)}"


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
    return [
        "Dots: one point each, the mean paired difference there (same people and luck). Marks: mean over each of up to "
        "five equal parts of the points, with its 95 % interval over points; the title calls a difference of the first "
        "or the last part by a side where that interval leaves out zero. Each panel has the input with which its "
        "differences go most, and what the best input would have by chance alone; the others vary at random as well. "
        + _units(content),
        *descriptions(content.descriptions),
        "Source: this model. Simulated, not observed; most inputs are graded as assumptions. "
        f"{counted(content.replicates, 'replicate')} at each point. The intervals hold the luck of the simulated world "
        "and what the other inputs do, within the ranges from which they are drawn.",
    ]


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
        parts = [f"{_ends(cloud, regime)}, {_counts(content, cloud, regime)}" for regime in cloud.by_regime]
        over = input_name(cloud.over)
        share = f", {share_words(cloud)}" if math.isfinite(cloud.share) else ""
        sentences.append(f"{heading(cloud, content.baseline)}, against {over}{share}: {'; '.join(parts)}.")
    return " ".join(sentences)


def _at_the_ends(cloud: Cloud, regime: str) -> str:
    """Say on which side a regime lies in the first and in the last part of the points."""
    parts = cloud.parts(regime)
    if not parts:
        return "has too few points to tell"
    low, high = (_side(mean) for _, mean in (parts[0], parts[-1]))
    if low == high:
        return f"{low} at both ends" if low else "without a clear difference at either end"
    told = [f"{side} at the {end} end" for side, end in ((low, "low"), (high, "high")) if side]
    unclear = "low" if not low else "high"
    return ", ".join(told) if len(told) > 1 else f"{told[0]}, without a clear difference at the {unclear} end"


def _side(mean: Interval) -> str:
    return ("higher" if mean.mean > 0 else "lower") if mean.excludes_zero else ""


def _counts(content: Clouds, cloud: Cloud, regime: str) -> str:
    """Say at how many points a regime lies above and below."""
    sides = cloud.by_regime[regime].sides.tolist()
    surely = "the interval of the point above zero" if content.replicates > 1 else "above zero"
    below = "below" if content.replicates > 1 else "below it"
    return f"{surely} at {sides.count(HIGHER)} of {len(sides)} points, {below} at {sides.count(LOWER)}"


def _ends(cloud: Cloud, regime: str) -> str:
    parts = cloud.parts(regime)
    if not parts:
        return f"{spoken(regime)}: too few points for a mean"
    shown = [_written(where, mean) for where, mean in (parts[0], parts[-1])]
    return f"{spoken(regime)} from {' to '.join(shown)}"


def _written(where: float, mean: Interval) -> str:
    decimals = decimals_of(mean.low, mean.high, mean.mean, 1)
    low, high = (number(limit, decimals, signed=True) for limit in (mean.low, mean.high))
    return f"{number(mean.mean, decimals, signed=True)} ({low} to {high}) at {where:.3g}"


def regimes_drawn(content: Clouds) -> Sequence[str]:
    """Return the regimes that have dots, in the order of the study."""
    there = {regime for cloud in content.clouds for regime in cloud.by_regime}
    return [regime for regime in content.regimes if regime in there]
