"""What many points say together: how far each outcome ranges over them, and how many favour which side."""

import statistics
from collections.abc import Iterator, Sequence

from rich.console import Console

from sim.analysis.paired import Comparison
from sim.figures.numbers import decimals_that_matter, factor_of, number
from sim.measures.outcomes import outcome
from sim.report.lines import HEADLINES, headline_label
from sim.report.table import Compared, has_intervals
from sim.report.wrap import print_hanging
from sim.settings.plural import counted
from sim.specification.run import Study

UP, DOWN, UNCLEAR = "up", "down", "unclear"
WORDS = {
    "higher": {UP: "better", DOWN: "worse"},
    "lower": {UP: "worse", DOWN: "better"},
    "neither": {UP: "higher", DOWN: "lower"},
}
"""What a regime is at a point whose value is above or below the baseline's, by what is better in an outcome."""


def print_spread(study: Study, points: Sequence[Compared], console: Console) -> None:
    """Print for every headline outcome its range over the points, and at how many a regime is better or worse."""
    console.print()
    print_hanging(spread_lines(study, points), console)


def spread_lines(study: Study, points: Sequence[Compared]) -> Iterator[str]:
    """Yield the same as lines; ``points`` holds one comparison for each point that has a run of the baseline."""
    yield f"{counted(len(points), 'point')} ({study.design.in_words}). From the lowest to the highest point:"
    surely = has_intervals(row for compared in points for row in compared.rows)
    for measure, service in HEADLINES:
        by_regime = {
            regime: [
                row for row in (compared.find(measure, service, regime) for compared in points) if row and row.pairs
            ]
            for regime in (study.baseline, *(name for name in study.scenarios if name != study.baseline))
        }
        if not by_regime[study.baseline]:
            continue
        yield ""
        yield headline_label(measure, service)
        for regime, rows in by_regime.items():
            if rows:
                yield from _of_one(regime, rows, study.baseline, surely)


def counts(rows: Sequence[Comparison], surely: bool) -> dict[str, int]:
    """Count the points at which a regime lies above the baseline, below it, or cannot be told from it.

    ``surely`` counts a side only where the interval of the paired difference leaves out zero; without intervals any
    difference counts.
    """
    found = {UP: 0, DOWN: 0, UNCLEAR: 0}
    for row in rows:
        told = row.distinguishable if surely else row.difference != 0
        found[(UP if row.difference > 0 else DOWN) if told else UNCLEAR] += 1
    return found


def _of_one(regime: str, rows: Sequence[Comparison], baseline: str, surely: bool) -> Iterator[str]:
    mean = _range(rows, [row.mean for row in rows])
    if regime == baseline:
        yield f"  {regime} (baseline): {mean}"
        return
    yield f"  {regime}: {mean}; less {baseline} {_range(rows, [row.difference for row in rows], signed=True)}"
    yield f"    {_sides(rows, surely)}"


def _range(rows: Sequence[Comparison], values: Sequence[float], signed: bool = False) -> str:
    """Write the lowest, the middle and the highest value with the digits that matter."""
    factor = factor_of(outcome(rows[0].measure))
    decimals = min(decimals_that_matter(factor * row.smallest_difference) for row in rows)
    low, middle, high = (factor * of(values) for of in (min, statistics.median, max))
    text = f"{number(low, decimals, signed)} to {number(high, decimals, signed)}"
    return f"{text} (middle {number(middle, decimals, signed)})"


def _sides(rows: Sequence[Comparison], surely: bool) -> str:
    """Say at how many points the regime is better, worse or not to be told from the baseline, the most first."""
    found, words = counts(rows, surely), WORDS[outcome(rows[0].measure).better]
    unclear = "not distinguishable" if surely else "the same"
    told = [(count, words.get(side, unclear)) for side, count in found.items()]
    told.sort(key=lambda entry: (entry[1] == unclear, -entry[0]))
    [(count, word), *others] = [entry for entry in told if entry[0]]
    text = ", ".join([f"{word} at {count} of {counted(len(rows), 'point')}", *(f"{w} at {c}" for c, w in others)])
    return text if surely else f"{text} (one replicate each: any one may be luck)"
