"""Tables of measurements, and the page in which they are kept."""

import json
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
RESULTS = Path(__file__).with_name("results")
PACKAGES = ("mesa", "numba", "numpy")


@dataclass(frozen=True)
class Table:
    """A table that stands in the page between two marks with its name."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """Write the table, numbers to the right."""
        rule = ["---", *["---:"] * (len(self.head) - 1)]
        return "\n".join(f"| {' | '.join(row)} |" for row in (self.head, rule, *self.rows))


def machine() -> Table:
    """Say what was measured on, by class and not by name."""
    software = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    rows = (
        ("processor", f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"),
        ("Python", platform.python_version()),
        ("packages", software),
    )
    return Table("machine", ("measured on", ""), rows)


def rewrite(tables: Iterable[Table], page: Path = PAGE) -> None:
    """Put tables between their marks in the page; raise ValueError when a mark is missing."""
    text = page.read_text(encoding="utf-8")
    for table in tables:
        begin, end = f"<!-- {table.name} -->", f"<!-- end of {table.name} -->"
        if text.count(begin) != 1 or text.count(end) != 1:
            raise ValueError(f"{page.name} has no one place for the table {table.name!r}")
        before, after = text.split(begin)[0], text.split(end)[1]
        text = f"{before}{begin}\n{table.markdown()}\n{end}{after}"
    page.write_text(text, encoding="utf-8")


def keep(benchmark: str, values: Mapping[str, float], repeats: int, folder: Path = RESULTS) -> None:
    """Keep the figures that have a target, each with the rounds behind it; those not measured now stay as they were."""
    path = folder / f"{benchmark}.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept |= {name: {"value": float(f"{value:.4g}"), "rounds": repeats} for name, value in values.items()}
    folder.mkdir(exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(part, path)


def kept_value(benchmark: str, name: str, folder: Path = RESULTS) -> float | None:
    """Return a figure that a benchmark has kept, None when it has not been measured."""
    path = folder / f"{benchmark}.json"
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8")).get(name)
    return None if found is None else float(found["value"])
