"""A page of reference: rows under headings, shown on a terminal, as Markdown or as JSON."""

import json
import sys
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.report.markdown import markdown_table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Form = Literal["text", "markdown", "json"]
GUTTER = 2
"""Characters between two columns, and by how much what hangs below a heading is set in."""


@dataclass(frozen=True)
class Block:
    """A heading and the lines that hang below it, each wrapped below its own text."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """Rows of text under column headings, ``details`` above them, some of them lists, and a ``note`` below.

    A terminal is too narrow for ``only_wide`` columns. It shows ``blocks`` in place of the rows where there are any,
    and rows whose words do not fit beside one another as blocks.
    """

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    details: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    note: str = ""
    only_wide: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()

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
        lines += [f"- **{name}**: {text}" for name, text in self._named()]
        if self.rows:
            lines += ["", markdown_table(self.columns, self.rows)]
        return "\n".join([*lines, *(["", self.note] if self.note else [])])

    def _on_terminal(self) -> None:
        from rich.console import Console
        from rich.text import Text

        console = Console(file=sys.stdout, highlight=False)
        console.print(Text(self.title, style="bold"))
        if self.details:
            console.print(_named_lines(self._named()))
            console.print()
        if self.blocks or not self._fits(console.width):
            _print_blocks(self.blocks or tuple(self._rows_as_blocks()), console)
        elif self.rows:
            console.print(self._table(console.width))
        if self.note:
            console.print(Text(self.note))

    def _named(self) -> list[tuple[str, str]]:
        """Return the details with each entry of a list by itself."""
        listed = [(name, (told,) if isinstance(told, str) else told) for name, told in self.details]
        return [(name, text) for name, texts in listed for text in texts]

    def _shown(self) -> list[int]:
        """Return the numbers of the columns that a terminal shows."""
        return [index for index, column in enumerate(self.columns) if column not in self.only_wide]

    def _least_widths(self) -> dict[int, int]:
        """Return how wide each shown column must be for no word to be cut; the first is not wrapped."""
        widths = {}
        for index in self._shown():
            cells = [self.columns[index], *(row[index] for row in self.rows)]
            words = cells if index == 0 else [word for cell in cells for word in cell.split()]
            widths[index] = max(map(len, words), default=0)
        return widths

    def _fits(self, width: int) -> bool:
        """Tell whether the columns can stand beside one another without a word being cut."""
        least = self._least_widths().values()
        return sum(least) + GUTTER * (len(least) - 1) <= width

    def _widths(self, width: int) -> dict[int, int]:
        """Return how wide each shown column is: as its longest cell, or the widest ones less until they fit."""
        least = self._least_widths()
        widths = {index: max(len(row[index]) for row in (self.columns, *self.rows)) for index in least}
        room = width - GUTTER * (len(least) - 1)
        while sum(widths.values()) > room:
            widest = max((index for index in least if widths[index] > least[index]), key=lambda index: widths[index])
            widths[widest] -= 1
        return widths

    def _rows_as_blocks(self) -> Iterator[Block]:
        """Yield a block for each row, headed by its first cell; empty cells are left out."""
        first, *others = self._shown()
        for row in self.rows:
            told = "; ".join(f"{self.columns[index]}: {row[index]}" for index in others if row[index])
            yield Block(row[first], (told,))

    def _table(self, width: int) -> "Table":
        from rich.table import Table
        from rich.text import Text

        widths = self._widths(width)
        table = Table(box=None, padding=(0, GUTTER, 0, 0), pad_edge=False, header_style="dim")
        for index, room in widths.items():
            table.add_column(self.columns[index], width=room)
        for row in self.rows:
            table.add_row(*(Text(row[index]) for index in widths))
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


def as_text(value: object) -> str:
    """Write a value as a configuration file does."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _print_blocks(blocks: Iterable[Block], console: "Console") -> None:
    """Print headings with their lines below, as wide as the console."""
    from rich.text import Text

    margin = " " * GUTTER
    for number, block in enumerate(blocks):
        if number and len(block.lines) > 1:
            console.print()
        for part in _hanging(block.heading, console.width, "", margin):
            console.print(Text(part, style="bold"), soft_wrap=True)
        for line in block.lines:
            for part in _hanging(line, console.width, margin, 2 * margin):
                console.print(Text(part), soft_wrap=True)


def _hanging(line: str, width: int, first: str, others: str) -> list[str]:
    """Wrap a line, the first part and the others set in; no word is cut."""
    return textwrap.wrap(
        line, width, initial_indent=first, subsequent_indent=others, break_long_words=False, break_on_hyphens=False
    )


def _named_lines(pairs: Iterable[tuple[str, str]]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, text in pairs:
        grid.add_row(Text(name, style="dim"), Text(text))
    return grid
