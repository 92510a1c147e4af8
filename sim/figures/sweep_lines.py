"""F11: how the outcomes of each regime move with one parameter, in up to four small panels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from sim.figures.charts import AXIS_PT, LINE_PT, Box, chart, padded, plain_ticks
from sim.figures.identity import identities
from sim.figures.output import Finished, Words
from sim.figures.regime_key import regime_key
from sim.figures.sheet import MARGIN_MM, WIDE, Preset, open_sheet
from sim.figures.style import LINE, QUIET_INK, SMALL_PT, leading_mm, wrapped
from sim.figures.sweep_words import (
    Sweep,
    SweepFacts,
    alt_text,
    axis_label,
    drawn_factor,
    message,
    note_lines,
    subtitle,
    sweep_of,
    value_label,
)

if TYPE_CHECKING:
    import pandas as pd

MOST_PANELS = 4
PLOT_MM = 42.0
LEFT_MM, GAP_MM, BELOW_MM, RIGHT_MM = 12.0, 14.0, 11.0, 3.0
LOG_FROM = 50.0
"""Values that span this factor or more stand on a logarithmic axis."""


def draw(frame: "pd.DataFrame", facts: SweepFacts, preset: Preset = WIDE) -> Finished | None:
    """Draw the first four measures of a sweep; None where nothing was measured; call it inside ``styled()``.

    ``frame`` has one row for each value, regime and measure: parameter, unit, value, regime, measure, label,
    and mean, low, high in the unit of the measure (low and high nan where there is no interval). Raise
    ValueError when the rows are about more than one parameter.
    """
    frame = frame[np.isfinite(frame["mean"].to_numpy(dtype=np.float64))]
    if frame.empty:
        return None
    frame = frame[frame["measure"].isin(sweep_of(frame).measures[:MOST_PANELS])]
    sweep = sweep_of(frame)
    title, notes = message(frame, facts), note_lines(sweep, facts)
    words = Words(title, subtitle(sweep, facts), " ".join(notes), alt_text(frame, facts, title))
    there = [regime for regime in facts.regimes if (frame["regime"] == regime).any()]
    key = regime_key(there, facts.baseline, facts.benchmarks, preset)
    grid = _grid(sweep, preset)
    sheet = open_sheet(words, notes, grid.rows * (grid.head_mm + PLOT_MM + BELOW_MM) + key.height_mm, preset)
    step_mm = (sheet.height_mm - key.height_mm) / grid.rows
    for index, measure in enumerate(sweep.measures):
        row, column = divmod(index, grid.columns)
        left_mm = MARGIN_MM + LEFT_MM + column * (grid.width_mm + GAP_MM)
        top_mm = sheet.top_mm + row * step_mm
        head = grid.heads[index]
        sheet.page.lines(left_mm - LEFT_MM + 1.0, top_mm + 3.0, head, fontsize=SMALL_PT, fontweight="bold")
        box = Box(left_mm, top_mm + grid.head_mm, grid.width_mm, step_mm - grid.head_mm - BELOW_MM)
        _draw_panel(chart(sheet.page, box), frame[frame["measure"] == measure], sweep, facts)
    key.draw(sheet, identities(facts.regimes))
    return Finished("F11", sheet.page, words, _rows(frame), facts.run_keys)


@dataclass(frozen=True)
class _Grid:
    """How the panels stand, and their headings broken into lines."""

    rows: int
    columns: int
    width_mm: float
    heads: Sequence[Sequence[str]]

    @property
    def head_mm(self) -> float:
        return max(map(len, self.heads)) * leading_mm(SMALL_PT) + 3.0


def _grid(sweep: Sweep, preset: Preset) -> _Grid:
    columns = min(2 if preset is WIDE else MOST_PANELS, len(sweep.measures))
    width_mm = (preset.text_mm - LEFT_MM - RIGHT_MM - (columns - 1) * GAP_MM) / columns
    heads = [wrapped(axis_label(sweep, m), width_mm + LEFT_MM - 1.0, SMALL_PT, "bold") for m in sweep.measures]
    return _Grid(-(-len(sweep.measures) // columns), columns, width_mm, heads)


def _positions(sweep: Sweep, values: "pd.Series[Any]") -> list[float]:
    """Return where values stand on the axis: themselves, or their place where they are no numbers."""
    if sweep.numeric:
        return [float(value) for value in values]
    return [float(list(sweep.values).index(value)) for value in values]


def _draw_panel(axes: Axes, rows: "pd.DataFrame", sweep: Sweep, facts: SweepFacts) -> None:
    looks = identities(facts.regimes)
    factor = drawn_factor(str(rows["measure"].iloc[0]))
    heights: list[float] = []
    for regime in (regime for regime in facts.regimes if (rows["regime"] == regime).any()):
        own = rows[rows["regime"] == regime].sort_values("value")
        look, at = looks[regime], _positions(sweep, own["value"])
        low, mean, high = (factor * own[name].to_numpy(dtype=np.float64) for name in ("low", "mean", "high"))
        axes.fill_between(at, low, high, color=look.colour, alpha=0.15, linewidth=0, zorder=2)
        face = "white" if regime in facts.benchmarks else look.colour
        style: dict[str, Any] = {"color": look.colour, "linestyle": look.line, "marker": look.marker}
        axes.plot(at, mean, linewidth=LINE_PT, markersize=4.0, markerfacecolor=face, zorder=3, **style)
        heights += [float(part) for part in np.concatenate([low, mean, high]) if np.isfinite(part)]
    axes.set_ylim(*padded(heights, 0.08, least=1e-3 * max(abs(heights[0]), 1.0)))
    plain_ticks(axes, "y", 5)
    _set_values(axes, sweep)
    if facts.value_in_study is not None and sweep.numeric:
        axes.axvline(facts.value_in_study, color=LINE, linewidth=AXIS_PT, linestyle=":", zorder=1)
    axes.set_xlabel(value_label(sweep), fontsize=SMALL_PT, color=QUIET_INK, labelpad=2)


def _set_values(axes: Axes, sweep: Sweep) -> None:
    """Put the values of the parameter on the axis: by name, by size, or by order of magnitude."""
    if not sweep.numeric:
        axes.set_xticks(range(len(sweep.values)), [str(value) for value in sweep.values])
        axes.set_xlim(-0.4, len(sweep.values) - 0.6)
        return
    least, most = float(min(sweep.values)), float(max(sweep.values))
    if least > 0 and most / least >= LOG_FROM:
        axes.set_xscale("log")
        axes.set_xlim(least / 1.15, most * 1.15)
        axes.minorticks_off()
        ticks = [10.0**power for power in range(int(np.ceil(np.log10(least))), int(np.floor(np.log10(most))) + 1)]
        axes.set_xticks(ticks, [f"{tick:,g}" for tick in ticks])
        return
    axes.set_xlim(*padded([least, most], 0.04))
    plain_ticks(axes, "x", 6)


def _rows(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """List the plotted numbers in the unit of each measure."""
    names = ["parameter", "unit", "value", "regime", "measure", "label", "mean", "low", "high"]
    return [
        {str(name): "" if value != value else value for name, value in row.items()}  # noqa: PLR0124
        for row in frame[names].to_dict("records")
    ]
