"""The tables of a study as files that any program reads."""

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from sim.analysis.paired import Comparison


def write_comparison(rows: Sequence[Comparison], path: Path) -> None:
    """Write every comparison, one row for each measure, set of services and regime."""
    write_csv([asdict(row) for row in rows], [field.name for field in fields(Comparison)], path)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Hand out a temporary name beside a file, which takes its name when all is written, and never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], path: Path) -> None:
    """Write rows as CSV (UTF-8, comma, one header line), whole or not; an undefined number is an empty cell."""
    with written_whole(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(row[name]) for name in columns} for row in rows)


def _cell(value: Any) -> Any:
    return "" if isinstance(value, float) and value != value else value  # noqa: PLR0124 - only nan differs
