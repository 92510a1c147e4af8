"""Where everything stands on the page of a tile-grid map, worked out before anything is drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.figures.sheet import FIRST_BASELINE_MM, MARGIN_MM, WIDE, Preset, grid_shape
from sim.figures.style import (
    LABEL_PT,
    NOTE_PT,
    SMALL_PT,
    TITLE_PT,
    leading_mm,
    wrapped,
)
from sim.figures.tile_grid import Tile
from sim.figures.tile_words import TileMapContent, heading, message, note_lines, subtitle

LEAST_PANELS_A_ROW = 2
LINES_OF_NUMBERS = 3
PANEL_GAP_MM = 6.0
LEGEND_MM = 13.0
MOST_TILE_MM = 8.4
"""Larger tiles in two rows of panels would not leave room for the words on A4."""
LEAST_TILE_MM = 6.6
"""Smaller tiles would not hold their numbers."""


@dataclass(frozen=True)
class Layout:
    """The broken lines of text and the sizes that follow from them; mm from the top left."""

    title: Sequence[str]
    subtitle: Sequence[str]
    headings: Sequence[Sequence[str]]
    notes: Sequence[str]
    across: int
    panel_mm: float
    tile_mm: float
    tile_rows: int
    preset: Preset

    @property
    def plots_mm(self) -> float:
        """Return the top of the first panel."""
        words = len(self.title) * leading_mm(TITLE_PT) + len(self.subtitle) * leading_mm(LABEL_PT)
        return FIRST_BASELINE_MM + words + 1.0

    @property
    def heading_mm(self) -> float:
        """Return the height of the tallest heading with the lines of numbers below it."""
        return self.numbers_mm + LINES_OF_NUMBERS * leading_mm(SMALL_PT) - 0.6

    @property
    def numbers_mm(self) -> float:
        """Return the first baseline of the numbers, below the top of a panel."""
        return (max(map(len, self.headings)) + 1) * leading_mm(LABEL_PT)

    @property
    def panel_height_mm(self) -> float:
        """Return the height of a panel with its heading and the gap below it."""
        return self.heading_mm + self.tile_rows * self.tile_mm + PANEL_GAP_MM

    @property
    def legend_mm(self) -> float:
        """Return the top of the legend."""
        return self.plots_mm + math.ceil(len(self.headings) / self.across) * self.panel_height_mm

    @property
    def height_mm(self) -> float:
        """Return the height of the page."""
        return max(self.legend_mm + LEGEND_MM + len(self.notes) * leading_mm(NOTE_PT), self.preset.least_height_mm)

    def corner_mm(self, index: int) -> tuple[float, float]:
        """Return left and top of a panel, counted along the rows."""
        row, column = divmod(index, self.across)
        return MARGIN_MM + column * (self.panel_mm + PANEL_GAP_MM), self.plots_mm + row * self.panel_height_mm


def lay_out(content: TileMapContent, tiles: Sequence[Tile], preset: Preset = WIDE) -> Layout:
    """Break the texts and size the tiles; where a page has a height to keep, one row of panels keeps it."""
    text_mm = preset.text_mm
    rows, columns = grid_shape(len(content.panels), preset)
    across = max(columns, LEAST_PANELS_A_ROW)
    panel_mm = (text_mm - (across - 1) * PANEL_GAP_MM) / across
    layout = Layout(
        title=wrapped(message(content), text_mm, TITLE_PT, "bold"),
        subtitle=wrapped(subtitle(content), text_mm, LABEL_PT),
        headings=[wrapped(heading(panel, content), panel_mm, LABEL_PT, "bold") for panel in content.panels],
        notes=[line for note in note_lines(content) for line in wrapped(note, text_mm, NOTE_PT)],
        across=across,
        panel_mm=panel_mm,
        tile_mm=min(panel_mm / (1 + max(tile.column for tile in tiles)), MOST_TILE_MM if rows > 1 else panel_mm),
        tile_rows=1 + max(tile.row for tile in tiles),
        preset=preset,
    )
    excess_mm = layout.height_mm - preset.least_height_mm
    if not preset.least_height_mm or excess_mm <= 0 or len(content.panels) > across:
        return layout
    return replace(layout, tile_mm=max(layout.tile_mm - excess_mm / layout.tile_rows, LEAST_TILE_MM))
