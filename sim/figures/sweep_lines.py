"""F11: how the outcomes of each regime move with one parameter, in up to four small panels."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from sim.figures.charts import AXIS_PT, LINE_PT, padded, plain_ticks
from sim.figures.identity import identities
from sim.figures.output import Finished, Words
from sim.figures.panels import MOST_PANELS, panels
from sim.figures.regime_key import regime_key
from sim.figures.sheet import WIDE, Preset, open_sheet
from sim.figures.style import LINE, QUIET_INK, SMALL_PT
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

PLOT_MM = 42.0
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
    grid = panels([axis_label(sweep, measure) for measure in sweep.measures], preset, PLOT_MM)
    sheet = open_sheet(words, notes, grid.height_mm + key.height_mm, preset)
    for measure, axes in zip(sweep.measures, grid.charts(sheet, key.height_mm), strict=True):
        _draw_panel(axes, frame[frame["measure"] == measure], sweep, facts)
    key.draw(sheet, identities(facts.regimes))
    return Finished("F11", sheet.page, words, _rows(frame), facts.run_keys)


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
