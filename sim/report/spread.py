"""What many points say together: how far each outcome ranges over them, and how many favour which side."""

import statistics
from collections.abc import Iterator, Sequence

from rich.console import Console

from sim.analysis.paired import Comparison
from sim.figures.numbers import decimals_that_matter, factor_of, number
from sim.measures.intervals import LARGER, SMALLER
from sim.measures.outcomes import outcome
from sim.report.lines import HEADLINES, headline_label
from sim.report.table import Compared, has_intervals
from sim.report.wrap import print_hanging
from sim.settings.plural import counted
from sim.specification.run import Study

HIGHER, LOWER, THE_SAME = "higher", "lower", "the same"
"""What is told of one replicate, which has no verdict."""
SIDES = (LARGER, SMALLER, HIGHER, LOWER)
GOOD_SIDES = {"higher": (LARGER, HIGHER), "lower": (SMALLER, LOWER), "neither": ()}
"""The sides on which a regime is better than the baseline, by what is better in an outcome."""


def print_spread(study: Study, points: Sequence[Compared], console: Console) -> None:
    """Print for every headline outcome its range over the points, and at how many a regime is above or below."""
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
    """Count the points by verdict, which is that of the tables; without intervals by the side of any difference."""
    found: dict[str, int] = {}
    for row in rows:
        side = THE_SAME if row.difference == 0 else HIGHER if row.difference > 0 else LOWER
        word = row.verdict if surely else side
        found[word] = found.get(word, 0) + 1
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
    """Say at how many points the regime is on which side of the baseline, and on none, the most first."""
    better = outcome(rows[0].measure).better
    told = sorted(counts(rows, surely).items(), key=lambda entry: (entry[0] not in SIDES, -entry[1], entry[0]))
    [(word, count), *others] = [(_valued(word, better), count) for word, count in told]
    text = ", ".join([f"{word} at {count} of {counted(len(rows), 'point')}", *(f"{w} at {c}" for w, c in others)])
    return text if surely else f"{text} (one replicate each: any one may be luck)"


def _valued(word: str, better: str) -> str:
    """Say of a side whether it is the better one."""
    if word not in SIDES or not GOOD_SIDES[better]:
        return word
    return f"{word} ({'better' if word in GOOD_SIDES[better] else 'worse'})"
