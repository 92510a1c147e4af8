"""What discovery says: where a regime is worse, in words, with how sure that is."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from rich.console import Console

from sim.analysis.discovery import (
    BY_INTERVAL,
    BY_MEAN,
    FEW_REPLICATES,
    MOST_UNDECIDED,
    NOT_EVEN_ITSELF,
    NOT_EVEN_THAN_OUTSIDE,
    REPLICATES_TO_HOLD_OUT,
    Discovery,
    Finding,
)
from sim.analysis.discovery_boxes import Box
from sim.analysis.discovery_contrast import BETTER, DECIDED_NOT_WORSE, UNDECIDED, WORSE, Side, Sides
from sim.analysis.discovery_held_out import (
    HOLDS,
    NOT_DENSER,
    NOT_FOUND,
    NOT_WORSE_INSIDE,
    NOT_WORSE_THAN_OUTSIDE,
    HeldOut,
)
from sim.analysis.space import Space
from sim.figures.numbers import factor_of, number
from sim.measures.intervals import EQUIVALENT, Interval
from sim.measures.outcome import Outcome
from sim.measures.outcomes import outcome
from sim.report.lines import set_label
from sim.report.sensitivity import Output
from sim.report.table import number_texts
from sim.report.wrap import print_hanging
from sim.settings.plural import counted
from sim.specification.axes import value_text

SHOWN_DIGITS = 3
SMALL_P = 0.001
FEW, MOST = 0.1, 0.9
"""Shares of worse points below and above which these are not called scattered, but few, or nearly all."""
VERDICTS = {
    HOLDS: "a finding: in points not used it is worse inside by more than matters, and more so than outside",
    NOT_EVEN_ITSELF: "no finding: even in its own points it is not surely worse inside by more than matters",
    NOT_EVEN_THAN_OUTSIDE: "no finding: even in its own points it is not surely worse inside than outside",
    NOT_FOUND: "no finding: no box found in one half of the points lies here and holds points of the other half",
    NOT_WORSE_INSIDE: "no finding: in points not used it is not surely worse inside by more than matters",
    NOT_WORSE_THAN_OUTSIDE: "no finding: in points not used it is not surely worse inside than outside",
    NOT_DENSER: "no finding: in points not used the share that is worse is not surely above that of all points",
}


@dataclass(frozen=True)
class Question:
    """Where is ``output.regime`` worse than ``output.baseline``?"""

    output: Output

    @property
    def known(self) -> Outcome:
        """Return the outcome."""
        return outcome(self.output.measure)

    @property
    def in_words(self) -> str:
        """Word the question."""
        known = self.known
        factor, unit = self.scale(known.relative)
        return (
            f"Where is {self.output.regime} worse than {self.output.baseline} in: {known.label} "
            f"({set_label(self.output.service)}), by more than {number(factor * known.smallest_difference, 2)} {unit}?"
        )

    def scale(self, of_level: bool) -> tuple[float, str]:
        """Return what a difference is multiplied by to be shown, and its unit."""
        return (100.0, "% of the level") if of_level else (factor_of(self.known), self.output.unit)


def print_discovery(question: Question, found: Discovery, console: Console) -> None:
    """Print how many points are worse, the answer, each box in words, and what the numbers are."""
    console.print()
    print_hanging([question.in_words, *head_lines(found), *warnings(found), answer(question, found)], console)
    for place, finding in enumerate(found.findings, start=1):
        console.print()
        print_hanging(finding_lines(question, found, finding, place), console)
    console.print()
    print_hanging(notes(found), console)


def head_lines(found: Discovery) -> Iterator[str]:
    """Count the points by their verdict and by how they are classed."""
    told, total = found.contrast, counted(len(found.worse), "point")
    yield (
        f"{total}: {told.number(WORSE)} surely worse, {told.number(*DECIDED_NOT_WORSE)} surely not worse "
        f"({told.number(BETTER)} better, {told.number(EQUIVALENT)} equivalent), {told.number(UNDECIDED)} undecided."
    )
    if found.by == BY_MEAN:
        yield f"Classed by mean: {int(found.worse.sum())} count as worse."
    else:
        yield f"Classed by interval: the {told.number(UNDECIDED)} undecided count as not worse."


def warnings(found: Discovery) -> Iterator[str]:
    """Say where points or intervals tell little."""
    if found.mostly_undecided:
        yield (
            f"WARNING: more than {number(100 * MOST_UNDECIDED)} % of the points are undecided, so a single point tells "
            "more of luck than of the regimes. Believe means in points not used alone, or run more replicates."
        )
    replicates = found.contrast.replicates
    if replicates < FEW_REPLICATES:
        yield (
            f"WARNING: {counted(replicates, 'replicate')} tell little of luck that all points share. In worlds of "
            "nothing but such luck, with two replicates, up to one study in five told a finding. Take "
            f"{FEW_REPLICATES} or more."
        )
    if found.by == BY_INTERVAL:
        yield (
            "WARNING: by interval, an undecided point counts as not worse, so a box may mark where luck is small. "
            "Believe a finding that --by mean tells as well."
        )
        if not found.replicates_held_out:
            yield (
                "WARNING: by interval, luck that all points share often passes for an effect. In worlds of nothing but "
                "such luck, one in ten of the studies that were not refused told a finding, and nearly all in the "
                f"worst world; with {REPLICATES_TO_HOLD_OUT} replicates or more, hardly any did."
            )


def answer(question: Question, found: Discovery) -> str:
    """Answer the question in one sentence."""
    if found.worse.all() or not found.worse.any():
        return _answer_without_contrast(question, found)
    if not found.findings:
        return _answer_without_boxes(question, found)
    if not any(one.holds for one in found.findings):
        methods = {one.method for one in found.findings}
        boxes = "boxes below" if "box" in methods else "leaves of the tree below, and no box was found"
        return f"No finding: points not used bear out none of the {boxes}; they are listed to show what was looked at."
    by_method = {"box": "", "leaf": "by the tree, "}
    where = [
        f"{words}where {'; or '.join(held)}" for method, words in by_method.items() if (held := _held(found, method))
    ]
    return f"Finding: {question.output.regime} is worse than {question.output.baseline} {'; '.join(where)}."


def _answer_without_contrast(question: Question, found: Discovery) -> str:
    """Word the answer where every point counts as worse, or none."""
    sides, mean = _together(question, found)
    if not found.worse.any():
        return f"No finding: no point counts as worse (mean over all points {mean}), so there is no box to tell."
    regimes = f"{question.output.regime} counts as worse than {question.output.baseline} at every point"
    all_in_all = f"surely worse by more than matters in the mean over all ({mean})"
    where = "so no values of the inputs tell where."
    if sides.harm.low > 0.0:
        return f"Everywhere: {regimes}, and is {all_in_all}, {where}"
    return (
        f"Everywhere: {regimes}, but is not {all_in_all}, {where} "
        "All points share the luck of their replicates; more replicates would tell."
    )


def _answer_without_boxes(question: Question, found: Discovery) -> str:
    """Word the answer where some points count as worse but no box is better than the whole space."""
    share = float(found.worse.mean())
    spread = "the points where it is worse are scattered"
    if share < FEW:
        spread = "it is worse at few points, which have no place of their own"
    elif share > MOST:
        spread = "it is worse nearly everywhere"
    _, mean = _together(question, found)
    return (
        f"No finding: {int(found.worse.sum())} of {counted(len(found.worse), 'point')} count as worse (mean over all "
        f"points {mean}), and no box tells them from the others: {spread}."
    )


def _together(question: Question, found: Discovery) -> tuple[Sides, str]:
    """Return all points as if inside of a box, and their mean in words."""
    all_points = np.ones_like(found.worse)
    sides = found.contrast.sides(all_points, ~all_points)
    return sides, _told(question, sides.inside.mean, sides.of_level)


def _held(found: Discovery, method: str) -> list[str]:
    return [box_in_words(found.space, one.box) for one in found.findings if one.holds and one.method == method]


def _name(finding: Finding) -> str:
    return "Box" if finding.method == "box" else "Leaf of the tree"


def finding_lines(question: Question, found: Discovery, finding: Finding, place: int) -> Iterator[str]:
    """Word one box or leaf."""
    own, held = finding.counts, finding.held_out
    rest = " of the points that earlier boxes leave" if finding.method == "box" and place > 1 else ""
    yield (
        f"{_name(finding)} {place}: {box_in_words(found.space, finding.box)}: {own.interesting} of {own.inside} points "
        f"count as worse{rest} (density {number(100 * own.density)} %), {number(100 * own.coverage)} % of all that do."
    )
    yield f"  Points inside: {_verdicts(finding.sides.inside)}; outside: {_verdicts(finding.sides.outside)}."
    yield f"  Mean difference {'; '.join(_means(question, finding.sides))}."
    if held.inside:
        limits = f"[{number(100 * held.low)} to {number(100 * held.high)}]"
        means = "; ".join(_means(question, held.sides))
        yield (
            f"  In points not used ({_found_on(found, finding.method, held)}): {means}; "
            f"{held.worse} of {held.inside} worse, {number(100 * held.density)} % {limits}."
        )
    yield f"  Verdict: {VERDICTS[finding.verdict]}."
    if finding.chances:
        words = "; ".join(f"{found.space.names[at]} {_p_words(p)}" for at, p in finding.chances)
        yield f"  Quasi-p of each limit: {words}."


def _found_on(found: Discovery, method: str, held: HeldOut) -> str:
    """Say where the boxes were found that speak for this one, and how much of it they are."""
    boxes = "boxes found" if method == "box" else "leaves of trees grown"
    replicates = " in half of the replicates" if found.replicates_held_out else ""
    return f"{boxes} on half of the points{replicates}, {number(100 * held.shared)} % the same as this"


def _verdicts(side: Side) -> str:
    return f"{side.worse} surely worse, {side.not_worse} surely not worse, {side.undecided} undecided"


def _means(question: Question, sides: Sides) -> list[str]:
    """Word the mean difference inside, outside, and that of inside less outside."""
    named = (
        ("inside", sides.inside.mean),
        ("outside", sides.outside.mean),
        ("inside less outside", sides.apart),
    )
    return [f"{name} {_told(question, one, sides.of_level)}" for name, one in named]


def _told(question: Question, one: Interval, of_level: bool) -> str:
    factor, unit = question.scale(of_level)
    value, limits = number_texts(one.mean, one.low, one.high, factor, signed=True)
    # A number and its unit are not parted at the end of a line.
    return " ".join((f"{value} {unit}".replace(" ", "\u00a0"), limits))


def _p_words(p: float) -> str:
    return "below 0.001" if p < SMALL_P else number(p, 3)


def box_in_words(space: Space, box: Box) -> str:
    """Word a box: ``pool.share above 0.08 and levers.year_end carry or bail_out``."""
    return " and ".join(_limit(space, box, place) for place in box.restricted(space)) or "everywhere"


def _limit(space: Space, box: Box, place: int) -> str:
    name, low, high, options = space.names[place], box.low[place], box.high[place], box.allowed[place]
    if options is not None:
        return f"{name} {' or '.join(space.options[place][option] for option in options)}"
    above = "at least" if space.kind[place] == "whole" else "above"
    below = "at most" if space.kind[place] == "whole" else "below"
    if math.isinf(low):
        return f"{name} {below} {_shown(high)}"
    if math.isinf(high):
        return f"{name} {above} {_shown(low)}"
    return f"{name} from {_shown(low)} to {_shown(high)}"


def _shown(value: float) -> str:
    return value_text(float(f"{value:.{SHOWN_DIGITS}g}") if not value.is_integer() else value)


def notes(found: Discovery) -> Iterator[str]:
    """Say what a point that is worse is, and how far to trust a box."""
    base = 100 * float(found.worse.mean())
    own = (
        "its mean over replicates lies"
        if found.by == BY_MEAN
        else "its 95 % paired interval over replicates lies whole"
    )
    yield (
        f"A point counts as worse where {own} beyond the smallest difference that matters; so do {number(base)} % of "
        "all points. Surely: its 95 % paired interval lies whole on one side of that difference."
    )
    yield (
        "Density: share of the points inside that are worse. Coverage: share of all worse points that are inside. A "
        "box is chosen for its density, and luck can be larger in one place than in another, so the numbers to "
        "believe are the means in points not used: their 95 % intervals take points and replicates alike for samples. "
        "Quasi-p ignore that many limits were tried."
    )
    if found.contrast.of_level:
        yield (
            "Per cent of the level: the sum of the differences over the sum of the levels, a level being "
            "the mean of both regimes."
        )
    yield "Simulated, not observed. A box speaks of the ranges that the study gave its inputs, all values alike."
