"""What a sweep of one parameter shows and says in words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any

from sim.figures.numbers import factor_of, number, shown_unit
from sim.figures.words import capital, descriptions, source_line, spoken
from sim.measures.outcomes import OUTCOMES, outcome
from sim.settings.plural import counted

if TYPE_CHECKING:
    import pandas as pd

HIGHER, LOWER, UNCLEAR = 1, -1, 0


@dataclass(frozen=True)
class SweepFacts:
    """What the rows of a sweep do not say: the regimes of the study in order, and what was run.

    ``descriptions`` are pairs of a regime and its title; ``value_in_study`` is where the parameter stands
    in the study itself, None where that is not worth a line.
    """

    regimes: Sequence[str]
    baseline: str
    benchmarks: Sequence[str]
    years: str
    replicates: int
    descriptions: Sequence[tuple[str, str]] = ()
    value_in_study: float | None = None
    run_keys: Sequence[str] = ()
    paired: bool = False  # the frame has intervals of paired differences


@dataclass(frozen=True)
class Sweep:
    """The parameter in words, its group, unit and values in order, and the measures in order of appearance."""

    parameter: str
    group: str
    unit: str
    values: Sequence[Any]
    measures: Sequence[str]
    labels: dict[str, str]

    @property
    def numeric(self) -> bool:
        """Tell whether the values are numbers, with a place on a scale, or names."""
        return all(isinstance(value, Real) and not isinstance(value, bool) for value in self.values)


def sweep_of(frame: "pd.DataFrame") -> Sweep:
    """Read the sweep off its rows; raise ValueError when they are about several parameters or about none."""
    names = list(dict.fromkeys(frame["parameter"]))
    if len(names) != 1:
        raise ValueError(f"a sweep is of one parameter; these rows have {len(names)}: {', '.join(map(str, names))}")
    group, _, name = str(names[0]).rpartition(".")
    return Sweep(
        parameter=f"“{name.replace('_', ' ')}”",
        group=group.replace("_", " "),
        unit=str(frame["unit"].iloc[0]),
        values=sorted(set(frame["value"])),
        measures=list(dict.fromkeys(frame["measure"])),
        labels=dict(zip(frame["measure"], frame["label"], strict=True)),
    )


def message(frame: "pd.DataFrame", facts: SweepFacts) -> str:
    """State for the first measure where the intervals of a regime and the baseline lie apart."""
    sweep = sweep_of(frame)
    base, measure = spoken(facts.baseline), sweep.measures[0]
    what = capital(sweep.labels[measure])
    there = set(frame["regime"])
    others = [r for r in facts.regimes if r in there and r != facts.baseline and r not in facts.benchmarks]
    if not others or facts.baseline not in there:
        return f"{what} by {sweep.parameter}"
    if not frame["low"].map(math.isfinite).any():
        return f"{what} by {sweep.parameter}: one replicate tells no difference for sure"
    apart = {regime: _apart(frame, facts.baseline, regime, measure) for regime in others}
    if len(others) > 1:
        clear = sum(any(signs) for signs in apart.values())
        if not clear:
            return f"{what}: no regime lies clearly apart from {base} at any value of {sweep.parameter} tried"
        lie = f"{clear} of {len(others)} other regimes {'lies' if clear == 1 else 'lie'} clearly apart from {base}"
        return f"{what}: {lie} at some value of {sweep.parameter}"
    return f"{what}: {_of_one(spoken(others[0]), base, apart[others[0]], sweep)}"


def _of_one(other: str, base: str, signs: Sequence[int], sweep: Sweep) -> str:
    """Put into words where one regime lies apart from the baseline."""
    found = {sign for sign in signs if sign}
    if not found:
        return f"no clear difference between {other} and {base} at any value of {sweep.parameter} tried"
    if len(found) > 1:
        return f"whether {other} or {base} is higher depends on {sweep.parameter}"
    word = "higher" if HIGHER in found else "lower"
    if UNCLEAR not in signs:
        return f"{other} is {word} than {base} at every value of {sweep.parameter} tried"
    count = f"{sum(map(abs, signs))} of {len(signs)} values"
    return f"{other} is {word} than {base} at {count} of {sweep.parameter}, with no clear difference at the others"


def _apart(frame: "pd.DataFrame", baseline: str, regime: str, measure: str) -> list[int]:
    """Return for each value whether a regime lies above the baseline, below it, or cannot be told from it.

    By the interval of the paired difference where the frame has one, else by whether the two intervals meet.
    """
    paired = "diff_low" in frame
    rows = frame[frame["measure"] == measure].set_index(["regime", "value"])
    both = sorted(set(rows.loc[regime].index) & set(rows.loc[baseline].index))
    signs = []
    for value in both:
        own, base = rows.loc[(regime, value)], rows.loc[(baseline, value)]
        low = own["diff_low"] if paired else own["low"] - base["high"]
        high = own["diff_high"] if paired else own["high"] - base["low"]
        signs.append(HIGHER if low > 0 else LOWER if high < 0 else UNCLEAR)
    return signs


def axis_label(sweep: Sweep, measure: str) -> str:
    """Name a measure with the unit in which it is drawn."""
    unit = shown_unit(outcome(measure)) if measure in OUTCOMES else ""
    return f"{capital(sweep.labels[measure])}" + (f", {unit}" if unit else "")


def drawn_factor(measure: str) -> float:
    """Return what a value is multiplied by before it is drawn."""
    return factor_of(outcome(measure)) if measure in OUTCOMES else 1.0


def value_label(sweep: Sweep) -> str:
    """Name the parameter with its unit."""
    name = f"{sweep.group}: {sweep.parameter}" if sweep.group else sweep.parameter
    return capital(name.replace("“", "").replace("”", "")) + (f" ({sweep.unit})" if sweep.unit else "")


def subtitle(sweep: Sweep, facts: SweepFacts) -> str:
    """Name what was varied, place and period."""
    return (
        f"Outcomes at {len(sweep.values)} values of {sweep.parameter}"
        + (f", {sweep.unit}" if sweep.unit else "")
        + ", "
        f"everything else as in the study; England, {facts.years}"
    )


def note_lines(sweep: Sweep, facts: SweepFacts) -> list[str]:
    """Explain the bands and what “clear” means here."""
    parts = []
    if facts.replicates > 1:
        clear = (
            "where the interval of the paired difference (same people and luck) leaves out zero, though bands may meet."
            if facts.paired
            else "where two regimes’ intervals do not meet, which asks for more than the paired difference does."
        )
        parts.append(f"Bands: 95 % interval of each regime alone. A difference is called clear {clear}")
    parts.append("Between the marks the lines are drawn, not simulated.")
    if facts.value_in_study is not None and sweep.numeric:
        parts.append("Dotted upright line: the value in the study.")
    return [
        " ".join(parts),
        *descriptions(facts.descriptions),
        source_line(facts.replicates),
    ]


def alt_text(frame: "pd.DataFrame", facts: SweepFacts, title: str) -> str:
    """Describe the figure for a reader who does not see it."""
    sweep = sweep_of(frame)
    sentences = [
        f"{counted(len(sweep.measures), 'line chart')} of outcomes against {sweep.parameter}, one line with a band for "
        f"each regime. {title}."
    ]
    for measure in sweep.measures:
        factor, parts = drawn_factor(measure), []
        for regime in facts.regimes:
            rows = frame[(frame["measure"] == measure) & (frame["regime"] == regime)].sort_values("value")
            rows = rows[rows["mean"].map(math.isfinite)]
            if len(rows):
                first, last = rows.iloc[0], rows.iloc[-1]
                ends = [number(factor * end["mean"], _digits(factor * end["mean"])) for end in (first, last)]
                parts.append(f"{spoken(regime)} from {ends[0]} at {first['value']} to {ends[1]} at {last['value']}")
        sentences.append(f"{axis_label(sweep, measure)}: {'; '.join(parts) if parts else 'nothing measured'}.")
    return " ".join(sentences)


def _digits(value: float) -> int:
    return 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
