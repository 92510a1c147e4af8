"""F1: is variation between areas beyond chance? One funnel plot for each regime, on one scale."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.figures.charts import LINE_PT, Box, chart, padded, plain_ticks
from sim.figures.funnel_content import FunnelContent, FunnelPanel, Point
from sim.figures.funnel_words import (
    LEAST_DRAWN,
    MOST_DRAWN,
    OUTSIDE_HEAD,
    alt_text,
    heading,
    message,
    note_lines,
    outside_lines,
    subtitle,
)
from sim.figures.identity import Identity, identities
from sim.figures.output import Finished, Words
from sim.figures.sheet import MARGIN_MM, WIDE, Preset, Sheet, grid_shape, open_sheet
from sim.figures.style import LABEL_PT, LINE, QUIET_INK, SMALL_PT, leading_mm, wrapped
from sim.figures.tile_grid import load_tile_grid
from sim.measures.funnel import exact_limit
from sim.measures.funnel_rows import LIMITS

PLOT_MM = 52.0
LEFT_MM, RIGHT_MM, GAP_MM, BELOW_MM = 11.0, 3.0, 5.0, 12.0
LEGEND_MM = 7.0
INSIDE = "#8793A0"
LIMIT_LINES = {"95": (0.8, "-"), "998": (0.8, (0.0, (4.0, 2.0)))}
LEAST_HALF_HEIGHT = 0.05
TICKS_PERCENT = (0.2, 0.5, 1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99, 99.5, 99.8)
LEAST_TICK_GAP = 0.09
"""Ticks that would stand closer than this share of the axis are left out."""


@dataclass(frozen=True)
class _Frame:
    """What all panels share: the ranges of both axes (people, log odds), and how each regime looks."""

    people: tuple[float, float]
    heights: tuple[float, float]
    looks: dict[str, Identity]


def draw_funnels(content: FunnelContent, preset: Preset = WIDE) -> Finished:
    """Draw one funnel for each regime; call it inside ``styled()``."""
    title = message(content)
    words = Words(title, subtitle(content), " ".join(note_lines(content)), alt_text(content, title))
    rows, columns = grid_shape(len(content.panels), preset)
    width_mm = (preset.text_mm - LEFT_MM - RIGHT_MM - (columns - 1) * GAP_MM) / columns
    headings = [_heading_lines(panel, content, width_mm) for panel in content.panels]
    head_mm = max(len(bold) * leading_mm(LABEL_PT) + len(small) * leading_mm(SMALL_PT) for bold, small in headings) + 2
    sheet = open_sheet(words, note_lines(content), rows * (head_mm + PLOT_MM + BELOW_MM) + LEGEND_MM, preset)
    plot_mm = (sheet.height_mm - LEGEND_MM) / rows - head_mm - BELOW_MM
    shared = _frame(content)
    for index, panel in enumerate(content.panels):
        row, column = divmod(index, columns)
        left_mm = MARGIN_MM + LEFT_MM + column * (width_mm + GAP_MM)
        top_mm = sheet.top_mm + row * (head_mm + plot_mm + BELOW_MM)
        _write_heading(sheet, headings[index], left_mm, top_mm)
        axes = chart(sheet.page, Box(left_mm, top_mm + head_mm, width_mm, plot_mm))
        _draw_panel(axes, panel, shared)
        axes.set_xlabel("People in need in the ICB", fontsize=SMALL_PT, color=QUIET_INK, labelpad=2)
        if column == 0:
            axes.set_ylabel("Treated in time, % (scale of odds)", fontsize=SMALL_PT, color=QUIET_INK, labelpad=2)
        else:
            axes.tick_params(labelleft=False)
    _draw_legend(sheet)
    return Finished("F1", sheet.page, words, _rows(content), content.run_keys)


def _heading_lines(panel: FunnelPanel, content: FunnelContent, width_mm: float) -> tuple[list[str], list[str]]:
    bold = wrapped(heading(panel, content), width_mm, LABEL_PT, "bold")
    return bold, [line for text in (OUTSIDE_HEAD, *outside_lines(panel)) for line in wrapped(text, width_mm, SMALL_PT)]


def _write_heading(sheet: Sheet, lines: tuple[list[str], list[str]], left_mm: float, top_mm: float) -> None:
    next_mm = sheet.page.lines(left_mm, top_mm + 2.0, lines[0], fontsize=LABEL_PT, fontweight="bold")
    sheet.page.lines(left_mm, next_mm, lines[1], fontsize=SMALL_PT, color=QUIET_INK)


def _frame(content: FunnelContent) -> _Frame:
    points = [point for panel in content.panels for point in panel.points]
    people = max(point.people for point in points)
    shares = [point.share for point in points]
    least = min(point.people for point in points)
    for panel in content.panels:
        shares += [float(limit[0]) for limit in _limits(np.array([least]), panel.national).values()]
    heights = padded([float(_height(share)) for share in shares], least=LEAST_HALF_HEIGHT)
    return _Frame((0.0, 1.06 * people), heights, identities(content.regimes))


def _height(share: Any) -> Any:
    """Return the log odds of a share, which is its height in the plot."""
    drawn = np.clip(share, LEAST_DRAWN, MOST_DRAWN)
    return np.log(drawn) - np.log1p(-drawn)


def _limits(people: Any, national: float) -> dict[tuple[str, int], Any]:
    """Return the four limits (0 to 1, cut there) by name and side, the national share where all are alike."""
    if not 0 < national < 1:
        return {(name, side): np.full(len(people), national) for name in LIMITS for side in (0, 1)}
    return {
        (name, side): np.clip(exact_limit(people, national, probability), 0.0, 1.0)
        for name, pair in LIMITS.items()
        for side, probability in enumerate(pair)
    }


def _draw_panel(axes: Axes, panel: FunnelPanel, shared: _Frame) -> None:
    smallest = max(int(0.5 * min(point.people for point in panel.points)), 1)
    people = np.unique(np.linspace(smallest, shared.people[1], 200).astype(np.int64))
    for (name, _), limit in _limits(people, panel.national).items():
        width, dashes = LIMIT_LINES[name]
        axes.plot(people, _height(limit), color=LINE, linewidth=width, linestyle=dashes, zorder=2)
    axes.axhline(_height(panel.national), color=LINE, linewidth=LINE_PT, zorder=2)
    look = shared.looks[panel.regime]
    for name in ("", *LIMITS):
        _draw_points(axes, [point for point in panel.points if point.outside == name], name, look)
    axes.set_xlim(*shared.people)
    axes.set_ylim(*shared.heights)
    plain_ticks(axes, "x", 5)
    ticks = _ticks(shared.heights)
    axes.set_yticks([float(_height(tick / 100)) for tick in ticks], [f"{tick:g}" for tick in ticks])


def _ticks(heights: tuple[float, float]) -> list[float]:
    """Choose percentages far enough apart on the scale of the odds, from above, where most shares lie."""
    low, high = heights
    chosen: list[float] = []
    for tick in reversed(TICKS_PERCENT):
        at = float(_height(tick / 100))
        apart = all(abs(at - float(_height(other / 100))) > LEAST_TICK_GAP * (high - low) for other in chosen)
        if low <= at <= high and apart:
            chosen.append(tick)
    return chosen or [round(100 / (1 + math.exp(-(low + high) / 2)), 1)]


def _draw_points(axes: Axes, points: Sequence[Point], outside: str, look: Identity) -> None:
    """Draw points inside grey and small, outside 95 % hollow, outside 99.8 % filled."""
    styles: dict[str, dict[str, Any]] = {
        "": {"marker": ".", "color": INSIDE, "markersize": 4.0},
        "95": {"marker": look.marker, "markerfacecolor": "white", "markeredgecolor": look.colour, "markersize": 3.6},
        "998": {"marker": look.marker, "color": look.colour, "markersize": 4.2, "markeredgecolor": "white"},
    }
    edge = 0.3 if outside == "998" else 0.9 if outside else 0.0
    axes.plot(
        [point.people for point in points],
        [float(_height(point.share)) for point in points],
        linestyle="none",
        markeredgewidth=edge,
        zorder=3,
        clip_on=False,
        **styles[outside],
    )


def _draw_legend(sheet: Sheet) -> None:
    """Name lines and points in one row below the plots."""
    top_mm = sheet.top_mm + sheet.height_mm - LEGEND_MM + 1.0
    axes = sheet.page.panel(MARGIN_MM, top_mm, sheet.preset.text_mm, 4.0)
    left_mm = 0.0
    marks: list[tuple[str, dict[str, Any]]] = [
        ("national share", {"linewidth": LINE_PT, "color": LINE}),
        ("95 % limits", {"linewidth": 0.8, "color": LINE}),
        ("99.8 % limits", {"linewidth": 0.8, "color": LINE, "linestyle": LIMIT_LINES["998"][1]}),
        ("area inside", {"marker": ".", "color": INSIDE, "markersize": 4.0, "markeredgewidth": 0.0}),
        ("outside 95 %", {"marker": "o", "markerfacecolor": "white", "markeredgecolor": LINE, "markersize": 3.6}),
        ("outside 99.8 %", {"marker": "o", "color": LINE, "markersize": 4.2, "markeredgewidth": 0.3}),
    ]
    step_mm = sheet.preset.text_mm / len(marks)
    for label, style in marks:
        xs = [left_mm + 3.5] if "marker" in style else [left_mm, left_mm + 6.0]
        axes.plot(xs, [1.6] * len(xs), **(_no_line(style)), **style)
        axes.text(left_mm + 7.5, 1.6, label, fontsize=SMALL_PT, color=QUIET_INK, va="center")
        left_mm += step_mm


def _no_line(style: dict[str, Any]) -> dict[str, Any]:
    return {"linestyle": "none"} if "marker" in style else {}


def _rows(content: FunnelContent) -> list[dict[str, Any]]:
    """List the plotted numbers, one row for each regime and area."""
    names = {tile.code: tile.short_name for tile in load_tile_grid()}
    rows = []
    for panel in content.panels:
        for point in panel.points:
            limits = _limits(np.array([point.people]), panel.national)
            rows.append(
                {
                    "regime": panel.regime,
                    "replicate": content.replicate,
                    "area": point.area,
                    "short_name": names.get(point.area, ""),
                    "people_in_need": point.people,
                    "standardised_pct": round(100 * point.share, 3),
                    "national_pct": round(100 * panel.national, 3),
                    **{
                        f"{'upper' if side else 'lower'}_{name}_pct": round(100 * float(limit[0]), 3)
                        for (name, side), limit in limits.items()
                    },
                    "outside": {"": "", "95": "95 %", "998": "99.8 %"}[point.outside],
                }
            )
    return rows
