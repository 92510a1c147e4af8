"""Tables of Markdown."""

from collections.abc import Iterable, Sequence


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write rows under their headings as a table of Markdown."""
    table = (columns, ["---"] * len(columns), *rows)
    escaped = ([cell.replace("|", "\\|") for cell in row] for row in table)
    return "\n".join(f"| {' | '.join(row)} |" for row in escaped)
