"""Where everything stands on the page of a tile-grid map, worked out before anything is drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.figures.style import (
    LABEL_PT,
    NOTE_PT,
    SMALL_PT,
    TITLE_PT,
    WIDE_MM,
    leading_mm,
    wrapped,
)
from sim.figures.tile_grid import Tile
from sim.figures.tile_words import TileMapContent, heading, message, note_lines, subtitle

MARGIN_MM = 3.0
FIRST_BASELINE_MM = 6.0
MOST_PANELS_A_ROW = 3
LEAST_PANELS_A_ROW = 2
LINES_OF_NUMBERS = 3
PANEL_GAP_MM = 6.0
LEGEND_MM = 13.0
TEXT_MM = WIDE_MM - 2 * MARGIN_MM


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
        return self.legend_mm + LEGEND_MM + len(self.notes) * leading_mm(NOTE_PT)

    def corner_mm(self, index: int) -> tuple[float, float]:
        """Return left and top of a panel, counted along the rows."""
        row, column = divmod(index, self.across)
        return MARGIN_MM + column * (self.panel_mm + PANEL_GAP_MM), self.plots_mm + row * self.panel_height_mm


def lay_out(content: TileMapContent, tiles: Sequence[Tile]) -> Layout:
    """Break the texts and size the tiles for a page of 174 mm with at most three panels a row."""
    across = min(max(len(content.panels), LEAST_PANELS_A_ROW), MOST_PANELS_A_ROW)
    panel_mm = (TEXT_MM - (across - 1) * PANEL_GAP_MM) / across
    return Layout(
        title=wrapped(message(content), TEXT_MM, TITLE_PT, "bold"),
        subtitle=wrapped(subtitle(content), TEXT_MM, LABEL_PT),
        headings=[wrapped(heading(panel, content), panel_mm, LABEL_PT, "bold") for panel in content.panels],
        notes=[line for note in note_lines(content) for line in wrapped(note, TEXT_MM, NOTE_PT)],
        across=across,
        panel_mm=panel_mm,
        tile_mm=panel_mm / (1 + max(tile.column for tile in tiles)),
        tile_rows=1 + max(tile.row for tile in tiles),
    )
