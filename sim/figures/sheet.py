"""The frame that the figures share: a title and subtitle above, notes below, room for plots between."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.figures.output import Words
from sim.figures.style import (
    LABEL_PT,
    NOTE_PT,
    QUIET_INK,
    TITLE_PT,
    WIDE_MM,
    Page,
    leading_mm,
    wrapped,
)

MARGIN_MM = 3.0
FIRST_BASELINE_MM = 6.0
GAP_MM = 3.0


@dataclass(frozen=True)
class Preset:
    """The size of a page: its width, the least height, and how many panels stand side by side at most."""

    name: str
    width_mm: float
    least_height_mm: float
    panels_a_row: int

    @property
    def text_mm(self) -> float:
        """Return the width between the margins."""
        return self.width_mm - 2 * MARGIN_MM


WIDE = Preset("wide", WIDE_MM, 0.0, 3)
SLIDE = Preset("slide", 240.0, 135.0, 4)
PRESETS = {preset.name: preset for preset in (WIDE, SLIDE)}


@dataclass(frozen=True)
class Sheet:
    """A page whose words are written, and the room left for plots: from ``top_mm``, ``height_mm`` tall."""

    page: Page
    preset: Preset
    top_mm: float
    height_mm: float


def open_sheet(words: Words, notes: Sequence[str], plots_mm: float, preset: Preset) -> Sheet:
    """Write title, subtitle and notes around room for plots at least ``plots_mm`` tall."""
    text_mm = preset.text_mm
    title = wrapped(words.title, text_mm, TITLE_PT, "bold")
    subtitle = wrapped(words.subtitle, text_mm, LABEL_PT)
    small = [line for note in notes for line in wrapped(note, text_mm, NOTE_PT)]
    top_mm = FIRST_BASELINE_MM + len(title) * leading_mm(TITLE_PT) + len(subtitle) * leading_mm(LABEL_PT) + 1.0
    below_mm = GAP_MM + len(small) * leading_mm(NOTE_PT) + MARGIN_MM / 2
    height_mm = max(top_mm + plots_mm + below_mm, preset.least_height_mm)
    page = Page(preset.width_mm, height_mm)
    at_mm = page.lines(MARGIN_MM, FIRST_BASELINE_MM, title, fontsize=TITLE_PT, fontweight="bold")
    page.lines(MARGIN_MM, at_mm, subtitle, fontsize=LABEL_PT, color=QUIET_INK)
    page.lines(MARGIN_MM, height_mm - below_mm + GAP_MM + 2.0, small, fontsize=NOTE_PT, color=QUIET_INK)
    return Sheet(page, preset, top_mm, height_mm - top_mm - below_mm)


def grid_shape(panels: int, preset: Preset) -> tuple[int, int]:
    """Return how many rows and columns of panels fill a page evenly.

    >>> grid_shape(4, WIDE), grid_shape(3, WIDE), grid_shape(4, SLIDE)
    ((2, 2), (1, 3), (1, 4))
    """
    rows = max(math.ceil(panels / preset.panels_a_row), 1)
    return rows, max(math.ceil(panels / rows), 1)
