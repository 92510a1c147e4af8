"""A page of reference: rows under headings, shown on a terminal, as Markdown or as JSON."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rich.table import Table

Form = Literal["text", "markdown", "json"]


@dataclass(frozen=True)
class Page:
    """Rows of text under column headings, ``details`` above them and a ``note`` below.

    A terminal is too narrow for ``only_wide`` columns; where they carry reasons, ``reasons`` repeats them.
    """

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    note: str = ""
    only_wide: tuple[str, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()

    def show(self, form: Form) -> None:
        """Print the page."""
        if form == "json":
            print(json.dumps(self._as_json(), ensure_ascii=False, indent=2))
        elif form == "markdown":
            print(self._as_markdown())
        else:
            self._on_terminal()

    def _as_json(self) -> dict[str, object]:
        content: dict[str, object] = {"title": self.title, **dict(self.details)}
        if self.columns:
            content["rows"] = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return content

    def _as_markdown(self) -> str:
        lines = [f"# {self.title}", ""]
        lines += [f"- **{name}**: {text}" for name, text in self.details]
        if self.rows:
            lines += ["", markdown_table(self.columns, self.rows)]
        return "\n".join([*lines, *(["", self.note] if self.note else [])])

    def _on_terminal(self) -> None:
        from rich.console import Console
        from rich.text import Text

        console = Console(file=sys.stdout, highlight=False)
        console.print(Text(self.title, style="bold"))
        if self.details:
            console.print(_named_lines(self.details))
        if self.rows:
            console.print(self._table())
        if self.reasons:
            console.print(_named_lines(self.reasons))
        if self.note:
            console.print(Text(self.note))

    def _table(self) -> "Table":
        from rich.table import Table
        from rich.text import Text

        shown = [index for index, column in enumerate(self.columns) if column not in self.only_wide]
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for index in shown:
            table.add_column(self.columns[index], no_wrap=index == 0)
        for row in self.rows:
            table.add_row(*(Text(row[index]) for index in shown))
        return table


@dataclass(frozen=True)
class Document:
    """A text in Markdown, shown as it stands on a terminal too."""

    title: str
    text: str

    def show(self, form: Form) -> None:
        """Print the document."""
        content = {"title": self.title, "text": self.text}
        print(json.dumps(content, ensure_ascii=False, indent=2) if form == "json" else self.text.rstrip("\n"))


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write rows under their headings as a table of Markdown."""
    table = (columns, ["---"] * len(columns), *rows)
    escaped = ([cell.replace("|", "\\|") for cell in row] for row in table)
    return "\n".join(f"| {' | '.join(row)} |" for row in escaped)


def _named_lines(pairs: tuple[tuple[str, str], ...]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, text in pairs:
        grid.add_row(Text(name, style="dim"), Text(text))
    return grid
