"""The data dictionary as pages of the command line.

``python -m sim.cli.dictionary docs/data_dictionary.md`` writes the page anew; ``sim explain dictionary`` prints it.
"""

import sys
from pathlib import Path

from sim.cli.pages import Document, Page
from sim.measures.outcomes import OUTCOMES
from sim.report.dictionary import MEASURE_HEADS, TITLE, dictionary_text, measure_details, measure_rows


def dictionary_page() -> Document:
    """Return the page as the code has it now."""
    return Document(TITLE, dictionary_text())


def measures_page() -> Page:
    """List every measure that a run reports."""
    note = "`sim explain MEASURE` says what is divided by what, and why a difference matters."
    return Page("Measures", MEASURE_HEADS, measure_rows(), note=note, only_wide=MEASURE_HEADS[2:])


def measure_page(measure: str) -> Page:
    """Return all that is known of one measure; raise UnknownOutcomeError when there is none of that id."""
    return Page(measure, details=tuple(measure_details(OUTCOMES[measure])))


if __name__ == "__main__":
    page = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs") / "data_dictionary.md"
    page.write_text(dictionary_text(), encoding="utf-8")
