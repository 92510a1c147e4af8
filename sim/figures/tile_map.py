"""F3: where access is good and where it is not, one tile-grid map for each regime, one scale for all."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.figures.classes import Classes, common_classes
from sim.figures.numbers import number
from sim.figures.output import Finished, Words
from sim.figures.sheet import FIRST_BASELINE_MM, MARGIN_MM, WIDE, Preset
from sim.figures.style import (
    LABEL_PT,
    LINE,
    NO_DATA,
    NOTE_PT,
    QUIET_INK,
    SEQUENTIAL,
    SMALL_PT,
    TITLE_PT,
    Page,
    fitting,
    ink_on,
    leading_mm,
)
from sim.figures.tile_grid import Tile
from sim.figures.tile_layout import LEGEND_MM, Layout, lay_out
from sim.figures.tile_words import Panel, TileMapContent, alt_text, message, note_lines, panel_lines, subtitle

NAME_PT, VALUE_PT = 5.5, 7.5
TILE_GAP_MM = 0.4
SWATCH_MM = (15.0, 3.2)


@dataclass(frozen=True)
class Scale:
    """The tiles and the classes that all panels share."""

    tiles: Sequence[Tile]
    classes: Classes


def draw_tile_map(content: TileMapContent, tiles: Sequence[Tile], preset: Preset = WIDE) -> Finished:
    """Draw one panel for each regime; call it inside ``styled()``."""
    layout = lay_out(content, tiles, preset)
    page = Page(preset.width_mm, layout.height_mm)
    baseline_mm = page.lines(MARGIN_MM, FIRST_BASELINE_MM, layout.title, fontsize=TITLE_PT, fontweight="bold")
    page.lines(MARGIN_MM, baseline_mm, layout.subtitle, fontsize=LABEL_PT, color=QUIET_INK)
    shares = (share for panel in content.panels for share in panel.share.values())
    scale = Scale(tiles, common_classes(100 * share for share in shares))
    for index, panel in enumerate(content.panels):
        _draw_panel(page, layout, index, panel, scale)
    _draw_legend(page, scale.classes, layout.legend_mm)
    notes_mm = layout.legend_mm + LEGEND_MM
    page.lines(MARGIN_MM, notes_mm, layout.notes, fontsize=NOTE_PT, color=QUIET_INK)
    title = message(content)
    words = Words(title, subtitle(content), " ".join(note_lines(content)), alt_text(content, tiles, title))
    return Finished("F3", page, words, _rows(content, scale), content.run_keys)


def _draw_panel(page: Page, layout: Layout, index: int, panel: Panel, scale: Scale) -> None:
    left_mm, top_mm = layout.corner_mm(index)
    title_mm = top_mm + leading_mm(LABEL_PT)
    page.lines(left_mm, title_mm, layout.headings[index], fontsize=LABEL_PT, fontweight="bold")
    numbers_mm = top_mm + layout.numbers_mm
    page.lines(left_mm, numbers_mm, panel_lines(panel), fontsize=SMALL_PT, color=QUIET_INK)
    axes = page.panel(left_mm, top_mm + layout.heading_mm, layout.panel_mm, layout.tile_rows * layout.tile_mm)
    for tile in scale.tiles:
        share = panel.share.get(tile.code, math.nan)
        _draw_tile(axes, tile, layout.tile_mm, 100 * share, scale.classes)


def _draw_tile(axes: Axes, tile: Tile, size_mm: float, percentage: float, classes: Classes) -> None:
    known = math.isfinite(percentage)
    colour = classes.colour(percentage) if known else NO_DATA
    left, top, side = tile.column * size_mm, tile.row * size_mm, size_mm - TILE_GAP_MM
    edge: dict[str, Any] = {"edgecolor": LINE, "linewidth": 0.3, "linestyle": "-" if known else ":"}
    axes.add_patch(Rectangle((left, top), side, side, facecolor=colour, **edge))
    ink, middle = ink_on(colour), left + side / 2
    style: dict[str, Any] = {"ha": "center", "va": "center", "color": ink}
    name_pt = fitting(tile.short_name, side - 2 * TILE_GAP_MM, NAME_PT)
    axes.text(middle, top + 0.30 * side, tile.short_name, fontsize=name_pt, **style)
    axes.text(middle, top + 0.68 * side, number(percentage), fontsize=VALUE_PT, **style)


def _draw_legend(page: Page, classes: Classes, top_mm: float) -> None:
    """Draw the classes as a row of swatches, each above the percentages it stands for."""
    page.text(MARGIN_MM, top_mm + 2.6, "% treated in time", fontsize=SMALL_PT)
    width, height = SWATCH_MM
    labels = classes.labels()
    left_mm = MARGIN_MM + 26.0
    axes = page.panel(left_mm, top_mm, len(labels) * width, height)
    for index, label in enumerate(labels):
        colour = SEQUENTIAL[index]
        swatch = Rectangle((index * width, 0), width, height, facecolor=colour)
        swatch.set(edgecolor=LINE, linewidth=0.3)
        axes.add_patch(swatch)
        middle_mm = left_mm + (index + 0.5) * width
        page.text(middle_mm, top_mm + height + 3.0, label, fontsize=SMALL_PT, ha="center")


def _rows(content: TileMapContent, scale: Scale) -> list[dict[str, Any]]:
    """List the plotted numbers, one row for each regime and tile."""
    return [
        {
            "regime": panel.regime,
            "area": tile.code,
            "short_name": tile.short_name,
            "people_in_need_per_year": round(panel.people.get(tile.code, 0.0), 3),
            "reached_pct": _rounded(100 * panel.share.get(tile.code, math.nan)),
        }
        for panel in content.panels
        for tile in scale.tiles
    ]


def _rounded(percentage: float) -> float | str:
    return round(percentage, 3) if math.isfinite(percentage) else ""
