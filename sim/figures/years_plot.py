"""F16: the share of people treated in time, year by year, when hands change on the way."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.figures.charts import AXIS_PT, LINE_PT, padded, plain_ticks
from sim.figures.identity import identities
from sim.figures.output import Finished, Words
from sim.figures.panels import panels
from sim.figures.regime_key import regime_key
from sim.figures.sheet import WIDE, Preset, open_sheet
from sim.figures.style import LINE, QUIET_INK, SMALL_PT
from sim.figures.words import capital
from sim.figures.years_words import PER_CENT, Panel, YearsContent, alt_text, message, note_lines, subtitle
from sim.world.months import MONTHS_PER_YEAR, parse_month

NAME = "F16"
PLOT_MM = 52.0
YEAR_MM = 14.0
"""The room that the name of a year takes below an axis."""


def draw_years(content: YearsContent, preset: Preset = WIDE) -> Finished:
    """Draw one panel for each set of services, side by side; call it inside ``styled()``."""
    title, notes = message(content), note_lines(content)
    words = Words(title, subtitle(content), " ".join(notes), alt_text(content, title))
    key = regime_key(content.regimes, content.baseline, content.benchmarks, preset)
    grid = panels([f"{capital(panel.label)}, %" for panel in content.panels], preset, PLOT_MM)
    sheet = open_sheet(words, notes, grid.height_mm + key.height_mm, preset)
    for panel, axes in zip(content.panels, grid.charts(sheet, key.height_mm), strict=True):
        _draw_panel(axes, panel, content)
        _set_years(axes, content, int(grid.width_mm / YEAR_MM))
    key.draw(sheet, identities(content.regimes))
    return Finished(NAME, sheet.page, words, list(_rows(content)), content.run_keys)


def _draw_panel(axes: Axes, panel: Panel, content: YearsContent) -> None:
    looks = identities(content.regimes)
    heights: list[float] = []
    for regime in content.regimes:
        years = [year for year in content.years if (regime, year) in panel.points]
        if not years:
            continue
        own = [panel.points[(regime, year)].own for year in years]
        at, look = [_middle(year) for year in years], looks[regime]
        low, mean, high = (
            PER_CENT * np.array([getattr(one, name) for one in own]) for name in ("low", "value", "high")
        )
        axes.fill_between(at, low, high, color=look.colour, alpha=0.15, linewidth=0, zorder=2)
        face = "white" if regime in content.benchmarks else look.colour
        style: dict[str, Any] = {"color": look.colour, "linestyle": look.line, "marker": look.marker}
        axes.plot(at, mean, linewidth=LINE_PT, markersize=4.0, markerfacecolor=face, zorder=3, **style)
        heights += [float(part) for part in np.concatenate([low, mean, high]) if np.isfinite(part)]
    axes.set_ylim(*padded(heights, 0.08, least=1.0))
    plain_ticks(axes, "y", 5)


def _set_years(axes: Axes, content: YearsContent, most: int) -> None:
    """Name at most so many years below the axis, and mark the months in which hands change."""
    start, end = _position(content.years[0]), _position(content.years[-1]) + 1.0
    shown = content.years[:: -(-len(content.years) // most)]
    axes.set_xticks([_middle(year) for year in shown], [_name(year) for year in shown])
    axes.set_xlim(start - 0.1, end + 0.1)
    for month in sorted({month for months in content.changes.values() for month in months}):
        if start - 0.1 <= _position(month) <= end:
            axes.axvline(_position(month), color=LINE, linewidth=2 * AXIS_PT, linestyle=":", zorder=1)
    axes.set_xlabel("Year of diagnosis", fontsize=SMALL_PT, color=QUIET_INK, labelpad=2)


def _position(month: str) -> float:
    return parse_month(month) / MONTHS_PER_YEAR


def _middle(year: str) -> float:
    return _position(year) + 0.5


def _name(year: str) -> str:
    """Name a year by its first calendar year, and by both where it begins in another month than January."""
    first = int(year[:4])
    return year[:4] if year.endswith("-01") else f"{first}-{(first + 1) % 100:02d}"


def _rows(content: YearsContent) -> Iterator[dict[str, Any]]:
    for panel in content.panels:
        for (regime, year), point in panel.points.items():
            own, less = point.own, point.less_baseline
            numbers = {"mean_pct": own.value, "low_pct": own.low, "high_pct": own.high}
            numbers |= {"difference": less.value, "difference_low": less.low, "difference_high": less.high}
            written = {name: PER_CENT * value if value == value else "" for name, value in numbers.items()}  # noqa: PLR0124
            yield {"services": panel.label, "regime": regime, "year": year} | written
