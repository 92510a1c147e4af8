"""What discovery says: where a regime is worse, in words, with how sure that is."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from sim.analysis.discovery import BETTER, UNDECIDED, WORSE, Discovery, Finding, HeldOut
from sim.analysis.discovery_boxes import Box
from sim.analysis.space import Space
from sim.figures.numbers import factor_of, number
from sim.measures.intervals import EQUIVALENT
from sim.measures.outcome import Outcome
from sim.measures.outcomes import outcome
from sim.report.lines import set_label
from sim.report.sensitivity import Output
from sim.report.wrap import print_hanging
from sim.settings.plural import counted
from sim.specification.axes import value_text

DISCOVERY_COLUMNS = (
    "box",
    "method",
    "input",
    "low",
    "high",
    "options",
    "quasi_p",
    "inside",
    "worse",
    "density",
    "coverage",
    "mass",
    "held_out_inside",
    "held_out_worse",
    "held_out_density",
    "held_out_low",
    "held_out_high",
    "verdict",
)
SHOWN_DIGITS = 3
SMALL_P = 0.001


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
        factor, unit = (100.0, "% of the level") if known.relative else (factor_of(known), self.output.unit)
        return (
            f"Where is {self.output.regime} worse than {self.output.baseline} in: {known.label} "
            f"({set_label(self.output.service)}), by more than {number(factor * known.smallest_difference, 2)} {unit}?"
        )


def print_discovery(question: Question, found: Discovery, console: Console) -> None:
    """Print how many points are worse, each box in words, and what the numbers are."""
    console.print()
    print_hanging([question.in_words, *head_lines(found)], console)
    for place, finding in enumerate(found.findings, start=1):
        console.print()
        print_hanging(finding_lines(found, finding, place), console)
    console.print()
    print_hanging(notes(found), console)


def head_lines(found: Discovery) -> Iterator[str]:
    """Count the points by their verdict."""
    labels = found.labels
    told = ", ".join(f"{labels.number(word)} {word}" for word in (WORSE, BETTER, EQUIVALENT))
    yield f"{counted(len(labels.words), 'point')}: {told}; {labels.number(UNDECIDED)} undecided."
    if not labels.number(WORSE):
        yield "Worse at no point for sure, so there is no box to tell."
    elif labels.number(WORSE) == len(labels.words):
        yield "Worse at every point: within these ranges it hangs on no input."
    elif not found.findings:
        yield "No box is better balanced than the whole space: where it is worse is scattered."


def finding_lines(found: Discovery, finding: Finding, place: int) -> Iterator[str]:
    """Word one box or leaf."""
    own, name = finding.counts, "Box" if finding.method == "box" else "Leaf of the tree"
    rest = " of the points that earlier boxes leave" if finding.method == "box" and place > 1 else ""
    yield (
        f"{name} {place}: {box_in_words(found.space, finding.box)}: {own.interesting} of {own.inside} points are worse"
        f"{rest} (density {number(100 * own.density)} %), {number(100 * own.coverage)} % of all such points."
    )
    held = finding.held_out
    both = "" if finding.method == "box" else "all leaves of trees grown "
    yield f"  In points not used ({both or 'boxes found '}on half of the points): {_held_words(held)}"
    if finding.chances:
        words = "; ".join(f"{found.space.names[at]} {_p_words(p)}" for at, p in finding.chances)
        yield f"  Quasi-p of each limit: {words}."


def _held_words(held: HeldOut) -> str:
    if not held.inside:
        return f"none was found: {held.verdict}."
    limits = f"[{number(100 * held.low)} to {number(100 * held.high)}]"
    return f"{held.worse} of {held.inside} worse, {number(100 * held.density)} % {limits}: {held.verdict}."


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
    base = found.labels.number(WORSE) / len(found.labels.words)
    yield (
        f"Worse: the 95 % paired interval over replicates lies beyond the smallest difference that matters; so do "
        f"{number(100 * base)} % of all points. Undecided points count as not worse; more replicates decide them."
    )
    yield (
        "Density: share of the points inside that are worse. Coverage: share of all worse points that are inside. A "
        "box is chosen for its density, so the number to believe is that in points not used. It holds where the "
        "interval there lies above the share of all points. Quasi-p ignore that many limits were tried."
    )
    yield "Simulated, not observed. A box speaks of the ranges that the study gave its inputs, all values alike."


def discovery_rows(found: Discovery) -> list[dict[str, Any]]:
    """Return one tidy row for each limit of each box or leaf."""
    rows = []
    for place, finding in enumerate(found.findings, start=1):
        chances = dict(finding.chances)
        for at in finding.box.restricted(found.space):
            options = finding.box.allowed[at]
            words = "" if options is None else " or ".join(found.space.options[at][option] for option in options)
            low, high = finding.box.low[at], finding.box.high[at]
            rows.append(
                {
                    "box": place,
                    "method": finding.method,
                    "input": found.space.names[at],
                    "low": low if math.isfinite(low) else "",
                    "high": high if math.isfinite(high) else "",
                    "options": words,
                    "quasi_p": chances.get(at, ""),
                    **_numbers(finding),
                }
            )
    return rows


def _numbers(finding: Finding) -> dict[str, Any]:
    own, held = finding.counts, finding.held_out
    return {
        "inside": own.inside,
        "worse": own.interesting,
        "density": own.density,
        "coverage": own.coverage,
        "mass": own.mass,
        "held_out_inside": held.inside,
        "held_out_worse": held.worse,
        "held_out_density": held.density,
        "held_out_low": held.low,
        "held_out_high": held.high,
        "verdict": held.verdict,
    }
