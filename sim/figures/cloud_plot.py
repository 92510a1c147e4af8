"""F17: what points drawn at random say: each difference against the input on which it hangs most."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.figures.charts import AXIS_PT, LINE_PT, padded, plain_ticks
from sim.figures.cloud_content import Cloud, Clouds
from sim.figures.cloud_words import (
    alt_text,
    heading,
    input_label,
    message,
    note_lines,
    regimes_drawn,
    subtitle,
)
from sim.figures.identity import Identity, identities
from sim.figures.output import Finished, Words
from sim.figures.panels import BELOW_MM, MOST_PANELS, panels
from sim.figures.regime_key import regime_key
from sim.figures.sheet import WIDE, Preset, open_sheet
from sim.figures.style import LINE, QUIET_INK, SMALL_PT, leading_mm, wrapped

NAME = "F17"
PLOT_MM = 46.0
OVER_MM = 4.0
MOST_DOTS = 500
"""Of more points every second, third, … has a dot; means are of all."""


def draw(content: Clouds, preset: Preset = WIDE) -> Finished:
    """Draw the first four outcomes, of one at least; call it inside ``styled()``."""
    clouds = content.clouds[:MOST_PANELS]
    title, notes = message(content), note_lines(content)
    words = Words(title, subtitle(content), " ".join(notes), alt_text(content, title))
    key = regime_key(regimes_drawn(content), content.baseline, (), preset)
    grid = panels([heading(cloud, content.baseline) for cloud in clouds], preset, PLOT_MM)
    below = [_broken(cloud, grid.width_mm) for cloud in clouds]
    grid = replace(grid, below_mm=BELOW_MM + (max(map(len, below)) - 1) * leading_mm(SMALL_PT))
    sheet = open_sheet(words, notes, grid.height_mm + key.height_mm, preset)
    looks = identities(content.regimes)
    for cloud, lines, axes in zip(clouds, below, grid.charts(sheet, key.height_mm), strict=True):
        _draw_cloud(axes, cloud, looks)
        axes.set_xlabel("\n".join(lines), fontsize=SMALL_PT, color=QUIET_INK, labelpad=2)
    key.draw(sheet, looks)
    return Finished(NAME, sheet.page, words, list(_rows(content)), content.run_keys)


def _broken(cloud: Cloud, width_mm: float) -> list[str]:
    """Break what stands below a panel into lines that reach over its plot by a little at most."""
    return [line for text in input_label(cloud) for line in wrapped(text, width_mm + OVER_MM, SMALL_PT)]


def _draw_cloud(axes: Axes, cloud: Cloud, looks: dict[str, Identity]) -> None:
    values = cloud.over.values
    step = -(-values.size // MOST_DOTS)
    heights = [0.0]
    for regime, differences in cloud.by_regime.items():
        look = looks[regime]
        style: dict[str, Any] = {"color": look.colour, "marker": look.marker}
        dots: dict[str, Any] = {"markersize": 2.2, "markeredgewidth": 0.0, "linestyle": "none", "alpha": 0.35}
        axes.plot(values[::step], differences.values[::step], zorder=2, **style, **dots)
        heights += differences.values[np.isfinite(differences.values)].tolist()
        parts = cloud.parts(regime)
        for where, mean in parts:
            axes.plot([where] * 2, [mean.low, mean.high], color=look.colour, linewidth=LINE_PT, zorder=4)
        means = [mean.mean for _, mean in parts]
        line: dict[str, Any] = {"linestyle": look.line, "linewidth": LINE_PT, "markersize": 4.0, "zorder": 5}
        axes.plot([where for where, _ in parts], means, markeredgecolor="white", markeredgewidth=0.4, **style, **line)
    axes.axhline(0.0, color=LINE, linewidth=AXIS_PT, zorder=3)
    axes.set_ylim(*padded(heights, 0.06))
    axes.set_xlim(*padded(values.tolist(), 0.03))
    plain_ticks(axes, "y", 5, signed=True)
    plain_ticks(axes, "x", 5)


def _rows(content: Clouds) -> Iterator[dict[str, Any]]:
    """List the plotted numbers as they are drawn: every point, then the mean of every part."""
    for cloud in content.clouds[:MOST_PANELS]:
        common = {"measure": cloud.measure, "label": cloud.label, "unit": cloud.unit, "parameter": cloud.over.key}
        for regime, differences in cloud.by_regime.items():
            pairs = zip(content.points, cloud.over.values.tolist(), differences.values.tolist(), strict=True)
            for place, value, difference in pairs:
                if np.isfinite(difference):
                    numbers = {"difference": difference, "low": "", "high": ""}
                    yield {**common, "regime": regime, "drawn": "point", "place": place, "value": value, **numbers}
            for place, (value, mean) in enumerate(cloud.parts(regime), start=1):
                numbers = {"difference": mean.mean, "low": mean.low, "high": mean.high}
                yield {**common, "regime": regime, "drawn": "mean", "place": place, "value": value, **numbers}
