"""Write a figure in every form a reader may want: drawing, numbers, words."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from sim.figures.overlap import layout_problems
from sim.figures.style import STYLE_VERSION, Page

PNG_DPI = 300


@dataclass(frozen=True)
class Words:
    """All that a figure says outside the drawing."""

    title: str
    subtitle: str
    note: str
    alt_text: str


@dataclass(frozen=True)
class Finished:
    """A figure ready to be written: the page, its words, its numbers and the runs behind them."""

    name: str
    page: Page
    words: Words
    rows: Sequence[Mapping[str, Any]]
    run_keys: Sequence[str]


def write_figure(figure: Finished, folder: Path) -> list[Path]:
    """Write svg, pdf, png (300 dpi), csv, alt.txt and json into the folder; return their paths.

    The same figure always gives the same bytes: no file carries a date.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        "svg": _svg(figure),
        "pdf": _drawing(figure, "pdf", {"CreationDate": None, "Title": figure.words.title}),
        "png": _drawing(figure, "png", {"Title": figure.words.title}),
        "csv": _csv(figure.rows).encode(),
        "alt.txt": f"{figure.words.alt_text}\n".encode(),
        "json": _description(figure).encode(),
    }
    paths = []
    for ending, content in contents.items():
        path = folder / f"{figure.name}.{ending}"
        path.write_bytes(content)
        paths.append(path)
    return paths


def _drawing(figure: Finished, kind: str, metadata: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    figure.page.figure.savefig(buffer, format=kind, dpi=PNG_DPI, metadata=metadata)
    return buffer.getvalue()


def _svg(figure: Finished) -> bytes:
    """Add the title and description that a screen reader speaks."""
    text = _drawing(figure, "svg", {"Date": None}).decode()
    spoken = f"<title>{escape(figure.words.title)}</title><desc>{escape(figure.words.alt_text)}</desc>"
    return re.sub(r"(<svg\b[^>]*>)", lambda tag: tag.group(1) + spoken, text, count=1).encode()


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def _description(figure: Finished) -> str:
    description = {
        "title": figure.words.title,
        "subtitle": figure.words.subtitle,
        "note": figure.words.note,
        "run_keys": list(figure.run_keys),
        "style_version": STYLE_VERSION,
        "layout_problems": layout_problems(figure.page.figure),
    }
    return json.dumps(description, indent=1, ensure_ascii=False) + "\n"
