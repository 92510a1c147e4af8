"""One style for every figure: sizes in millimetres, fonts, colours, and a page to place things on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

STYLE_VERSION = "1"
MM_PER_INCH = 25.4
WIDE_MM = 174.0
SINGLE_MM = 85.0

TITLE_PT, LABEL_PT, SMALL_PT, NOTE_PT = 10.5, 8.0, 7.0, 6.5
INK, QUIET_INK, LINE = "#1A1A1A", "#505050", "#6B6B6B"
SEQUENTIAL = ("#DCEBF7", "#A6CBE6", "#6AA5D2", "#2F6CA3", "#0B2C4A")
"""Five classes from light to dark; each step is at least 1.4 times the contrast of the one before in grey."""
NO_DATA = "#F4F4F4"

FONTS = ("Arial", "Liberation Sans", "DejaVu Sans")
"""The first that is installed is used; the last comes with matplotlib."""

LEADING = 1.3
"""Distance between baselines, in font sizes."""


@lru_cache(maxsize=1)
def installed_font() -> str:
    """Return the first of the wanted fonts that this machine has."""
    known = set(font_manager.get_font_names())
    return next(font for font in FONTS if font in known)


@contextmanager
def styled(font: str | None = None) -> Iterator[None]:
    """Draw in the house style; the same data gives the same bytes with the same font."""
    settings: Any = {
        "font.family": font or installed_font(),
        "text.color": INK,
        "hatch.linewidth": 0.5,
        "svg.fonttype": "none",
        "svg.hashsalt": "commissioning-simulator",
        "pdf.fonttype": 42,
        "path.simplify": False,
        "axes.unicode_minus": True,
    }
    with matplotlib.rc_context(settings):
        yield


class Page:
    """A figure made at its final size, on which everything is placed in millimetres from the top left."""

    def __init__(self, width_mm: float, height_mm: float) -> None:
        self.width_mm, self.height_mm = width_mm, height_mm
        self.figure = Figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH), dpi=300)
        self.figure.patch.set_facecolor("white")
        FigureCanvasAgg(self.figure)

    def text(self, x_mm: float, y_mm: float, text: str, **style: Any) -> Text:
        """Write one line with its baseline ``y_mm`` below the top."""
        style.setdefault("fontsize", LABEL_PT)
        style.setdefault("va", "baseline")
        return self.figure.text(x_mm / self.width_mm, 1 - y_mm / self.height_mm, text, **style)

    def lines(self, x_mm: float, y_mm: float, lines: Sequence[str], **style: Any) -> float:
        """Write lines one below the other; return the baseline that would come next, in mm."""
        for line in lines:
            self.text(x_mm, y_mm, line, **style)
            y_mm += leading_mm(style.get("fontsize", LABEL_PT))
        return y_mm

    def panel(self, left_mm: float, top_mm: float, width_mm: float, height_mm: float) -> Axes:
        """Add axes without frame or ticks whose units are millimetres, y pointing down."""
        axes = self.figure.add_axes(
            (
                left_mm / self.width_mm,
                1 - (top_mm + height_mm) / self.height_mm,
                width_mm / self.width_mm,
                height_mm / self.height_mm,
            )
        )
        axes.set_xlim(0, width_mm)
        axes.set_ylim(height_mm, 0)
        axes.set_axis_off()
        return axes


def leading_mm(fontsize: float) -> float:
    """Return the distance between two baselines of this font size (pt), in mm."""
    return fontsize * LEADING * MM_PER_INCH / 72


def wrapped(text: str, width_mm: float, fontsize: float, weight: str = "normal") -> list[str]:
    """Break a text into lines that measure no more than the width in the current font, never before a %."""
    lines: list[str] = []
    for word in text.replace(" %", "\u00a0%").split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width_mm(longer, fontsize, weight) <= width_mm:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def text_width_mm(text: str, fontsize: float, weight: str = "normal") -> float:
    """Measure a text in the current font, in mm."""
    page = _ruler()
    sample = page.figure.text(0, 0, text, fontsize=fontsize, fontweight=weight)
    width = sample.get_window_extent().width
    sample.remove()
    return float(width) / page.figure.dpi * MM_PER_INCH


def fitting(text: str, width_mm: float, fontsize: float) -> float:
    """Return the font size, or as much less as makes the text fit into the width."""
    return min(fontsize, fontsize * width_mm / text_width_mm(text, fontsize))


@lru_cache(maxsize=1)
def _ruler() -> Page:
    return Page(SINGLE_MM, SINGLE_MM)


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2 relative luminance)."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of a #RRGGBB colour, 0 black to 1 white (WCAG 2.2)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(background: str) -> str:
    """Choose the text colour that reads best on a background."""
    return max((INK, "#FFFFFF"), key=lambda ink: contrast(ink, background))
