"""The data dictionary: every table and column, and every measure, written from the code."""

from collections.abc import Iterator, Sequence

from sim.measures.fractions import fraction_of
from sim.measures.outcome import Outcome
from sim.measures.outcomes import OUTCOMES
from sim.report.analysis_columns import ANALYSIS_TABLES
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
    YEARS,
    DataTable,
)
from sim.report.export_columns import exported
from sim.report.figure_columns import FIGURE_TABLES
from sim.report.lines import set_label, shown_outcomes
from sim.report.markdown import markdown_table

TITLE = "Data dictionary"
TABLES = (
    TIDY,
    RUN_FILE,
    COMPARISON,
    YEARS,
    GAINS,
    LOTTERY,
    LOOKS,
    RUNS,
    SWEEP,
    SWEEP_LINES,
    *FIGURE_TABLES,
    MONEY,
    *exported("parquet"),
    *ANALYSIS_TABLES,
)
COLUMN_HEADS = ("column", "type", "unit", "allowed", "meaning")
MEASURE_HEADS = ("measure", "label", "unit", "better", "smallest difference that matters")
INTRODUCTION = """\
This page is written from the code: `python -m sim.cli.dictionary docs/data_dictionary.md` writes it anew.

`sim run STUDY` leaves these tables in the study's results folder. Text is UTF-8; CSV has commas and one header line,
and an undefined number is an empty cell (NaN in Parquet). Money is in pounds of one price year. Parquet holds long tidy
rows: each row says of which run, services, area and months it tells, and what was divided by what. The tables that the
model reads are described beside them, in `sim/world/data/README.md`.
"""


def dictionary_text(introduction: str = INTRODUCTION, tables: Sequence[DataTable] = TABLES) -> str:
    """Write the whole page in Markdown: some tables, and every measure."""
    parts = [f"# {TITLE}", introduction.rstrip(), "## Tables"]
    for table in tables:
        parts += [f"### `{table.file}`", f"One row: {table.row}.", _columns(table)]
    parts += ["## Measures", markdown_table(MEASURE_HEADS, ((f"`{row[0]}`", *row[1:]) for row in measure_rows()))]
    parts += [section for known in OUTCOMES.values() for section in _section(known)]
    return "\n\n".join(parts) + "\n"


def measure_rows() -> tuple[tuple[str, ...], ...]:
    """Return a row for every measure, as MEASURE_HEADS names it."""
    return tuple((one.id, one.label, one.unit, one.better, smallest(one)) for one in OUTCOMES.values())


def smallest(known: Outcome) -> str:
    """Word the smallest difference that matters."""
    amount = f"{known.smallest_difference:g}"
    if known.smallest_difference >= 1000:
        amount = f"{known.smallest_difference:,.0f}"
    return f"{amount} of the baseline's mean" if known.relative else amount


def measure_details(known: Outcome) -> Iterator[tuple[str, str]]:
    """Yield all that is known of a measure, each with its name."""
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
    yield "\n".join(f"- {name}: {text}" for name, text in measure_details(known))


def _columns(table: DataTable) -> str:
    rows = ((f"`{one.name}`", one.type, one.unit, one.allowed, one.meaning) for one in table.columns)
    return markdown_table(COLUMN_HEADS, rows)
