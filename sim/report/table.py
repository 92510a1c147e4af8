"""The comparison table on the terminal: a baseline, and what every other regime changes for sure."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from sim.analysis.paired import Comparison
from sim.figures.numbers import MOST_DECIMALS, decimals_of, decimals_that_matter, factor_of, number
from sim.measures.outcomes import outcome
from sim.report.lines import SECTIONS, Line, set_label, shown_lines

PAGE_WIDTH = 100
"""Characters of a line where the output is no terminal that could say."""
GUTTER = 1
FLOOR_DECIMALS = 3


@dataclass(frozen=True)
class Compared:
    """The comparisons of a study and the order and roles of its regimes (ids)."""

    rows: Sequence[Comparison]
    regimes: Sequence[str]
    baseline: str
    benchmarks: Sequence[str]

    @property
    def others(self) -> list[str]:
        """Return the regimes that are set against the baseline, in the order of the study."""
        return [regime for regime in self.regimes if regime != self.baseline]

    def find(self, measure: str, service: str, regime: str) -> Comparison | None:
        """Return one comparison, None where the regime has no such outcome."""
        wanted = (measure, service, regime)
        return next((row for row in self.rows if (row.measure, row.service, row.regime) == wanted), None)


@dataclass(frozen=True)
class Layout:
    """How wide the columns are (characters), and whether a number and its interval share a line."""

    label: int
    baseline: int
    regime: int
    one_line: bool

    def room(self, width: int) -> int:
        """Return the number of regimes that fit beside the baseline, at least one."""
        return max((width - self.label - self.baseline - GUTTER) // (self.regime + GUTTER), 1)


NARROW = Layout(label=23, baseline=20, regime=27, one_line=False)
WIDE = Layout(label=31, baseline=24, regime=45, one_line=True)
VERDICT_AT = 25
"""Where the verdict begins in a wide column, so that verdicts stand below one another."""


@dataclass(frozen=True)
class Columns:
    """The regimes side by side in one table; without intervals the cells have numbers only."""

    others: Sequence[str]
    layout: Layout
    intervals: bool = True


def measured_ones(rows: Sequence[Comparison]) -> list[Comparison]:
    """Return the comparisons of what some regime could be measured on."""
    measured = {(row.measure, row.service) for row in rows if row.pairs}
    return [row for row in rows if (row.measure, row.service) in measured]


def has_intervals(rows: Iterable[Comparison]) -> bool:
    """Tell whether any number has an interval; those of a single replicate have none, and no verdict."""
    return any(math.isfinite(row.mean_low) or math.isfinite(row.difference_low) for row in rows)


def report_console(file: IO[str]) -> Console:
    """Return a console as wide as the terminal, or 100 characters where the output is no terminal."""
    console = Console(file=file, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = PAGE_WIDTH
    return console


def print_tables(compared: Compared, console: Console) -> None:
    """Print the table, in parts where the page is too narrow for all regimes."""
    for columns in _parts(compared.others, console.width, has_intervals(compared.rows)):
        for renderable in _table(compared, columns):
            console.print(renderable)


def _parts(others: Sequence[str], width: int, intervals: bool) -> Iterator[Columns]:
    layout = WIDE if WIDE.room(width) >= len(others) else NARROW
    at_once = layout.room(width)
    for first in range(0, max(len(others), 1), at_once):
        yield Columns(others[first : first + at_once], layout, intervals)


def _table(compared: Compared, columns: Columns) -> Iterator[RenderableType]:
    yield ""
    heads = [f"{compared.baseline}\n(baseline){' [95 %]' if columns.intervals else ''}"]
    for regime in columns.others:
        role = "benchmark less baseline" if regime in compared.benchmarks else "less baseline"
        heads.append(f"{regime}\n{role}")
    yield _grid(columns, [("", *heads)])
    yield Rule(style="none")
    measured = {(row.measure, row.service) for row in compared.rows}
    for section in SECTIONS:
        lines = shown_lines(section, measured)
        if lines:
            yield Text(section.title.upper())
        for line in lines:
            if len(line.sets) > 1:
                yield Text(line.label)
            yield _grid(columns, [_cells(compared, columns, line, service) for service in line.sets])


def _grid(columns: Columns, rows: Iterable[Sequence[str]]) -> Table:
    grid = Table.grid(padding=(0, GUTTER, 0, 0))
    layout = columns.layout
    for width in (layout.label, layout.baseline, *(layout.regime for _ in columns.others)):
        grid.add_column(width=width)
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    return grid


def _cells(compared: Compared, columns: Columns, line: Line, service: str) -> list[str]:
    label = f"  {set_label(service)}" if len(line.sets) > 1 else line.label
    regimes = (compared.baseline, *columns.others)
    found = [compared.find(line.measure, service, regime) for regime in regimes]
    told = [_mean(found[0], columns), *(_difference(row, columns) for row in found[1:])]
    chance = [_by_chance(compared, line, service, regime) for regime in regimes]
    return [label, *(cell + floor for cell, floor in zip(told, chance, strict=True))]


def _mean(row: Comparison | None, columns: Columns) -> str:
    if row is None:
        return "not run"
    factor = factor_of(outcome(row.measure))
    value, interval = number_texts(row.mean, row.mean_low, row.mean_high, factor, most_decimals=_worth(row))
    if not columns.intervals:
        return value
    return f"{value} {interval}" if columns.layout.one_line else f"{value}\n{interval}"


def _difference(row: Comparison | None, columns: Columns) -> str:
    """Write the difference, its interval and the verdict on one line, or the interval on a second."""
    if row is None:
        return "not run"
    if not row.pairs:
        return "not measured"
    limits = (row.difference, row.difference_low, row.difference_high)
    factor = factor_of(outcome(row.measure))
    value, interval = number_texts(*limits, factor, signed=True, most_decimals=_worth(row))
    if not columns.intervals:
        return value
    word = row.verdict
    return f"{f'{value} {interval}':<{VERDICT_AT}} {word}" if columns.layout.one_line else f"{value} {word}\n{interval}"


def _worth(row: Comparison) -> int:
    return decimals_that_matter(factor_of(outcome(row.measure)) * row.smallest_difference)


def _by_chance(compared: Compared, line: Line, service: str, regime: str) -> str:
    """Give the index that a regime would have by chance alone, on a line of its own."""
    row = compared.find(line.chance_floor, service, regime)
    return f"\nby chance {number(row.mean, FLOOR_DECIMALS)}" if row and row.pairs else ""


def number_texts(
    mean: float, low: float, high: float, factor: float, signed: bool = False, most_decimals: int = MOST_DECIMALS
) -> tuple[str, str]:
    """Write a number and its interval, to two significant digits of the half-width and at most so many decimals.

    >>> number_texts(0.71234, 0.7081, 0.7166, 100)
    ('71.23', '[70.81 to 71.66]')
    """
    mean, low, high = factor * mean, factor * low, factor * high
    decimals = min(decimals_of(low, high, mean), most_decimals)
    interval = " to ".join(number(limit, decimals, signed) for limit in (low, high))
    return number(mean, decimals, signed), f"[{interval}]" if math.isfinite(low) else "[no interval]"
