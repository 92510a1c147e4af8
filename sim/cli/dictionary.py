"""The data dictionary: every table and column, and every measure, written from the code.

``python -m sim.cli.dictionary docs/data_dictionary.md`` writes the page anew; ``sim explain dictionary`` prints it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from sim.cli.pages import Document, Page, markdown_table
from sim.measures.fractions import fraction_of
from sim.measures.outcome import Outcome
from sim.measures.outcomes import OUTCOMES
from sim.report.columns import (
    COMPARISON,
    GAINS,
    LOOKS,
    LOTTERY,
    MONEY,
    RUN_FILE,
    RUNS,
    SWEEP,
    SWEEP_LINES,
    TIDY,
    DataTable,
)
from sim.report.figure_columns import FIGURE_TABLES
from sim.report.lines import set_label, shown_outcomes

TITLE = "Data dictionary"
TABLES = (TIDY, RUN_FILE, COMPARISON, GAINS, LOTTERY, LOOKS, RUNS, SWEEP, SWEEP_LINES, *FIGURE_TABLES, MONEY)
COLUMN_HEADS = ("column", "type", "unit", "allowed", "meaning")
MEASURE_HEADS = ("measure", "label", "unit", "better", "smallest difference that matters")
INTRODUCTION = """\
This page is written from the code: `python -m sim.cli.dictionary docs/data_dictionary.md` writes it anew.

`sim run STUDY` leaves these tables in the study's results folder. Text is UTF-8; CSV has commas and one header line,
and an undefined number is an empty cell (NaN in Parquet). Money is in pounds of one price year. Parquet holds long tidy
rows: each row says of which run, services, area and months it tells, and what was divided by what. The tables that the
model reads are described beside them, in `sim/world/data/README.md`.
"""


def dictionary_text() -> str:
    """Write the whole page in Markdown."""
    parts = [f"# {TITLE}", INTRODUCTION.rstrip(), "## Tables"]
    for table in TABLES:
        parts += [f"### `{table.file}`", f"One row: {table.row}.", _columns(table)]
    parts += ["## Measures", _families()]
    parts += [section for known in OUTCOMES.values() for section in _section(known)]
    return "\n\n".join(parts) + "\n"


def dictionary_page() -> Document:
    """Return the page as the code has it now."""
    return Document(TITLE, dictionary_text())


def measures_page() -> Page:
    """List every measure that a run reports."""
    rows = tuple((one.id, one.label, one.unit, one.better, smallest(one)) for one in OUTCOMES.values())
    note = "`sim explain MEASURE` says what is divided by what, and why a difference matters."
    return Page("Measures", MEASURE_HEADS, rows, note=note, only_wide=MEASURE_HEADS[2:])


def measure_page(measure: str) -> Page:
    """Return all that is known of one measure; raise UnknownOutcomeError when there is none of that id."""
    return Page(measure, details=tuple(_details(OUTCOMES[measure])))


def smallest(known: Outcome) -> str:
    """Word the smallest difference that matters."""
    amount = f"{known.smallest_difference:g}"
    if known.smallest_difference >= 1000:
        amount = f"{known.smallest_difference:,.0f}"
    return f"{amount} of the baseline's mean" if known.relative else amount


def _details(known: Outcome) -> Iterator[tuple[str, str]]:
    numerator, denominator = fraction_of(known.id)
    sets = [set_label(service) for measure, service in sorted(shown_outcomes()) if measure == known.id]
    yield "label", known.label
    yield "unit", known.unit
    yield "better", known.better
    yield "numerator", numerator
    yield "denominator", denominator
    yield "values", _range(known)
    yield "smallest difference that matters", smallest(known)
    yield "why that much", known.reason
    yield "in the table of a study", ", ".join(sets) if sets else "no; in tidy.parquet and comparison.csv"


def _range(known: Outcome) -> str:
    low = "" if known.lowest == -float("inf") else f"{known.lowest:g}"
    high = "" if known.highest == float("inf") else f"{known.highest:g}"
    return f"{low} to {high}" if low and high else f"{low} or more" if low else f"at most {high}" if high else "any"


def _section(known: Outcome) -> Iterator[str]:
    yield f"### `{known.id}`"
    yield "\n".join(f"- {name}: {text}" for name, text in _details(known))


def _families() -> str:
    rows = ((f"`{row[0]}`", *row[1:]) for row in measures_page().rows)
    return markdown_table(MEASURE_HEADS, rows)


def _columns(table: DataTable) -> str:
    rows = ((f"`{one.name}`", one.type, one.unit, one.allowed, one.meaning) for one in table.columns)
    return markdown_table(COLUMN_HEADS, rows)


if __name__ == "__main__":
    page = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs") / "data_dictionary.md"
    page.write_text(dictionary_text(), encoding="utf-8")
