"""Reading one CSV table: every cell is checked, and everything wrong is reported at once."""

import csv
import io
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.world.months import parse_month

FloatArray = npt.NDArray[np.float64]
LongArray = npt.NDArray[np.int64]
IndexArray = npt.NDArray[np.int32]
SmallArray = npt.NDArray[np.int8]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a table: where it stands, what is there and what may stand there."""

    path: str
    line: int
    column: str
    value: str
    allowed: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.path}:{self.line}: {self.column} is {self.value!r}; allowed: {self.allowed}"


class DataError(ValueError):
    """A table that cannot be used; carries every problem, the first also as plain attributes."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems
        first = problems[0]
        self.path, self.line, self.column = first.path, first.line, first.column
        self.value, self.allowed = first.value, first.allowed

    def __str__(self) -> str:
        """List the problems, one a line."""
        return "\n".join(str(problem) for problem in self.problems)


@dataclass
class Table:
    """The rows of one CSV file and the problems found in them so far."""

    path: Path
    rows: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, row: int, column: str, value: str, allowed: str) -> None:
        """Note a problem in a row; -1 stands for the heading."""
        line = self.lines[row] if row >= 0 else 1
        self.problems.append(Problem(str(self.path), line, column, value, allowed))

    def finish(self) -> None:
        """Raise DataError with everything noted, if anything was."""
        if self.problems:
            raise DataError(tuple(sorted(self.problems, key=lambda problem: problem.line)))

    def texts(self, column: str, *, one_of: Collection[str] | None = None) -> tuple[str, ...]:
        """Return a column of words; blank cells and words that are not among ``one_of`` are problems."""
        values = tuple(row[column].strip() for row in self.rows)
        for row, value in enumerate(values):
            if not value:
                self.wrong(row, column, value, "anything but a blank cell")
            elif one_of is not None and value not in one_of:
                self.wrong(row, column, value, _listing(one_of))
        return values

    def codes(self, column: str) -> tuple[str, ...]:
        """Return a column of identifiers, each of which may stand once."""
        values = self.texts(column)
        seen: dict[str, int] = {}
        for row, value in enumerate(values):
            if value in seen:
                self.wrong(row, column, value, f"each code once (first on line {self.lines[seen[value]]})")
            seen.setdefault(value, row)
        return values

    def numbers(
        self, column: str, at_least: float = 0.0, at_most: float = math.inf, blank: float | None = None
    ) -> FloatArray:
        """Return a column of finite numbers within limits, float64[rows].

        A blank cell reads as ``blank`` where that is given, and is a problem where it is not.
        """
        allowed = f"a number, {_interval(at_least, at_most)}"
        values = np.full(len(self.rows), math.nan)
        for row, cells in enumerate(self.rows):
            text = cells[column].strip()
            if not text and blank is not None:
                values[row] = blank
                continue
            number = _number(text)
            if number is None or not at_least <= number <= at_most:
                self.wrong(row, column, text, allowed)
            else:
                values[row] = number
        return values

    def whole_numbers(self, column: str, at_least: int = 0) -> LongArray:
        """Return a column of whole numbers, int64[rows]."""
        values = self.numbers(column, at_least)
        for row, value in enumerate(values):
            if math.isfinite(value) and value != int(value):
                self.wrong(row, column, self.rows[row][column], "a whole number")
        return np.nan_to_num(values).astype(np.int64)

    def ranged(
        self, column: str, at_least: float = 0.0, at_most: float = math.inf, blank: float | None = None
    ) -> FloatArray:
        """Return a column of numbers that lie inside their own low and high columns, float64[rows]."""
        value, low, high = (self.numbers(column + suffix, at_least, at_most, blank) for suffix in ("", "_low", "_high"))
        for row in np.flatnonzero((value < low) | (value > high)):
            self.wrong(int(row), column, self.rows[row][column], f"{low[row]:g} to {high[row]:g} (its own range)")
        return value

    def months(self, column: str) -> IndexArray:
        """Return a column of dates written as 2013-04 in months since January 1900, int32[rows]."""
        values = np.zeros(len(self.rows), dtype=np.int32)
        for row, cells in enumerate(self.rows):
            try:
                values[row] = parse_month(cells[column].strip())
            except ValueError:
                self.wrong(row, column, cells[column], "a month, such as 2013-04")
        return values


def read_table(path: Path, columns: Iterable[str]) -> Table:
    """Read a CSV file that has at least these columns; raise DataError where it cannot be read."""
    table = Table(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        table.wrong(-1, "file", type(error).__name__, "a readable file of comma-separated values in UTF-8")
        table.finish()
    reader = csv.reader(io.StringIO(text, newline=""))
    heading = next(reader, [])
    for column in columns:
        if column not in heading:
            table.wrong(-1, column, "missing", "a column of this name")
    line = reader.line_num + 1
    for cells in reader:
        table.lines.append(line)
        line = reader.line_num + 1
        table.rows.append(dict(zip(heading, cells, strict=False)))
        if len(cells) != len(heading):
            table.wrong(len(table.rows) - 1, "row", f"{len(cells)} cells", f"{len(heading)} cells")
    if not table.rows:
        table.wrong(-1, "file", "no rows", "at least one row below the heading")
    table.finish()
    return table


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None


def _interval(at_least: float, at_most: float) -> str:
    return f"at least {at_least:g}" if math.isinf(at_most) else f"{at_least:g} to {at_most:g}"


def _listing(words: Collection[str]) -> str:
    shown = sorted(words)[:8]
    return ", ".join(shown) + (f" and {len(words) - len(shown)} more" if len(words) > len(shown) else "")
