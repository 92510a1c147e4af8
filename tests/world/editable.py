"""A directory of tables that a test may read and spoil."""

import csv
from collections.abc import Callable
from pathlib import Path

Rows = list[dict[str, str]]


class Tables:
    """A directory of tables to be edited; a row is named by its number below the heading, from 0."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def rows(self, name: str) -> Rows:
        with (self.directory / name).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def edit(self, name: str, change: Callable[[Rows], Rows]) -> None:
        rows = change(self.rows(name))
        with (self.directory / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def set(self, name: str, row: int, column: str, value: str) -> None:
        def change(rows: Rows) -> Rows:
            rows[row][column] = value
            return rows

        self.edit(name, change)

    def without_column(self, name: str, column: str) -> None:
        self.edit(name, lambda rows: [{k: v for k, v in row.items() if k != column} for row in rows])
