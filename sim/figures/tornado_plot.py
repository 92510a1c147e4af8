"""F10: tornado: what drives an output, one bar for each input, with intervals and what chance gives."""

import math
from typing import Any

from matplotlib.axes import Axes

from sim.analysis.chance import ABOVE_CHANCE
from sim.analysis.sensitivity import Index
from sim.figures.charts import AXIS_PT, GRID, GRID_PT, Box, chart, plain_ticks
from sim.figures.identity import IDENTITIES
from sim.figures.output import Finished, Words
from sim.figures.sheet import MARGIN_MM, WIDE, Preset, Sheet, open_sheet
from sim.figures.style import INK, LINE, QUIET_INK, SMALL_PT, leading_mm, wrapped
from sim.figures.tornado_words import TornadoContent, alt_text, message, note_lines, subtitle

NAME = "F10"
LABEL_MM, GAP_MM, BELOW_MM, ABOVE_MM = 58.0, 2.0, 9.0, 2.0
STEP_MM, BAR = 6.2, 0.55
RIGHT_MM = 3.0
CHANCE_COLOUR = "#8793A0"
LOOK = IDENTITIES[0]


def draw_tornado(content: TornadoContent, preset: Preset = WIDE) -> Finished:
    """Draw the indices; call it inside ``styled()``."""
    title = message(content)
    words = Words(title, subtitle(content), " ".join(note_lines(content)), alt_text(content, title))
    rows = content.drawn
    labels = [wrapped(one.input.replace(".", ". "), LABEL_MM - GAP_MM, SMALL_PT) for one in rows]
    step_mm = max(STEP_MM, max(map(len, labels)) * leading_mm(SMALL_PT) + 1.0)
    needed_mm = ABOVE_MM + step_mm * len(rows) + BELOW_MM
    sheet = open_sheet(words, note_lines(content), needed_mm, preset)
    step_mm += (sheet.height_mm - needed_mm) / len(rows)
    _draw_labels(sheet, [[line.replace(". ", ".") for line in lines] for lines in labels], step_mm)
    left_mm = MARGIN_MM + LABEL_MM
    width_mm = preset.width_mm - left_mm - MARGIN_MM - RIGHT_MM
    axes = chart(sheet.page, Box(left_mm, sheet.top_mm + ABOVE_MM, width_mm, step_mm * len(rows)))
    _draw_bars(axes, content)
    return Finished(NAME, sheet.page, words, _rows(content), content.run_keys)


def _draw_labels(sheet: Sheet, labels: list[list[str]], step_mm: float) -> None:
    for row, lines in enumerate(labels):
        middle_mm = sheet.top_mm + ABOVE_MM + (row + 0.5) * step_mm
        first_mm = middle_mm - (len(lines) - 1) * leading_mm(SMALL_PT) / 2 + 0.9
        sheet.page.lines(MARGIN_MM, first_mm, lines, fontsize=SMALL_PT, color=INK)


def _draw_bars(axes: Axes, content: TornadoContent) -> None:
    """Draw a bar with its interval for each input, the first-order index as a diamond; y counts rows from the top."""
    factor, first, rows = content.factor, content.alone, content.drawn
    ends = [0.0]
    for row, one in enumerate(rows):
        filled = one.verdict == ABOVE_CHANCE
        face = LOOK.colour if filled else "white"
        axes.barh(row + 0.5, factor * one.value, BAR, color=face, edgecolor=LOOK.colour, linewidth=0.6, zorder=2)
        _draw_interval(axes, one, factor, row + (0.4 if first else 0.5), filled)
        ends += [factor * one.low, factor * one.high]
        if one.input in first:
            alone = first[one.input]
            _draw_interval(axes, alone, factor, row + 0.64, filled)
            mark: dict[str, Any] = {"marker": "D", "markersize": 3.0, "markeredgewidth": 0.6, "zorder": 5}
            axes.plot([factor * alone.value], [row + 0.64], color=INK, markerfacecolor="white", **mark)
            ends += [factor * alone.low, factor * alone.high]
    floor = factor * rows[0].chance
    if math.isfinite(floor):
        axes.axvline(floor, color=CHANCE_COLOUR, linewidth=1.0, linestyle="--", zorder=4)
        ends.append(floor)
    spread = max(ends) - min(ends)
    axes.set_ylim(len(rows), 0)
    axes.set_xlim(min(min(ends) - 0.03 * spread, 0.0) if min(ends) < 0.0 else 0.0, max(ends) + 0.05 * spread or 1.0)
    axes.grid(visible=False)
    axes.grid(axis="x", color=GRID, linewidth=GRID_PT)
    axes.axvline(0.0, color=LINE, linewidth=AXIS_PT, zorder=1)
    axes.set_yticks([])
    plain_ticks(axes, "x", 6)
    axes.set_xlabel(content.unit, fontsize=SMALL_PT, color=QUIET_INK, labelpad=2)


def _draw_interval(axes: Axes, one: Index, factor: float, y: float, on_bar: bool) -> None:
    """Draw an interval, with a white edge where it lies on a filled bar."""
    ends = [factor * one.low, factor * one.high]
    if on_bar:
        axes.plot(ends, [y, y], color="white", linewidth=1.8, zorder=3)
    axes.plot(ends, [y, y], color=INK, linewidth=0.8, zorder=3)


def _rows(content: TornadoContent) -> list[dict[str, Any]]:
    """List the plotted numbers, effects in the unit of the measure."""
    return [
        {
            "measure": content.measure,
            "service": content.service,
            "regime": content.regime,
            "baseline": content.baseline,
            "input": one.input,
            "index": one.index,
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "chance": "" if math.isnan(one.chance) else one.chance,
            "verdict": one.verdict,
        }
        for leading in content.drawn
        for one in (leading, *([content.alone[leading.input]] if leading.input in content.alone else []))
    ]
