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
OVER_MM, NARROW_MM = 4.0, 60.0
APART = 0.012
"""Marks of regimes stand beside one another by this share of the range of the input, so that no bar hides another."""
MOST_DOTS = 500
"""Of more points so many, taken at random, have a dot; means are of all."""


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
        _draw_cloud(axes, cloud, looks, 5 if grid.width_mm > NARROW_MM else 3)
        axes.set_xlabel("\n".join(lines), fontsize=SMALL_PT, color=QUIET_INK, labelpad=2)
    key.draw(sheet, looks)
    return Finished(NAME, sheet.page, words, list(_rows(content)), content.run_keys)


def _broken(cloud: Cloud, width_mm: float) -> list[str]:
    """Break what stands below a panel into lines that reach over its plot by a little at most."""
    return [line for text in input_label(cloud) for line in wrapped(text, width_mm + OVER_MM, SMALL_PT)]


def _draw_cloud(axes: Axes, cloud: Cloud, looks: dict[str, Identity], most_ticks: int) -> None:
    values = cloud.over.values
    shown = np.sort(np.random.default_rng(0).permutation(values.size)[:MOST_DOTS])
    heights, apart = [0.0], APART * float(np.ptp(values))
    for place, regime in enumerate(cloud.by_regime):
        aside = apart * (place - (len(cloud.by_regime) - 1) / 2)
        look, means, parts = looks[regime], cloud.means(regime), cloud.parts(regime)
        style: dict[str, Any] = {"color": look.colour, "marker": look.marker}
        dots: dict[str, Any] = {"markersize": 2.2, "markeredgewidth": 0.0, "linestyle": "none", "alpha": 0.35}
        axes.plot(values[shown], means[shown], zorder=2, **style, **dots)
        for where, mean in parts:
            if np.isfinite(mean.low):
                axes.plot([where + aside] * 2, [mean.low, mean.high], color=look.colour, linewidth=LINE_PT, zorder=4)
        line: dict[str, Any] = {"linestyle": look.line, "linewidth": LINE_PT, "markersize": 4.0, "zorder": 5}
        middles = [where + aside for where, _ in parts]
        axes.plot(
            middles, [mean.mean for _, mean in parts], markeredgecolor="white", markeredgewidth=0.4, **style, **line
        )
        heights += means[np.isfinite(means)].tolist()
    axes.axhline(0.0, color=LINE, linewidth=AXIS_PT, zorder=3)
    low, high = padded(heights, 0.06)
    axes.set_ylim(low, high) if max(map(abs, heights)) > 0.0 else axes.set_ylim(-1.0, 1.0)
    axes.set_xlim(*padded(values.tolist(), 0.03))
    plain_ticks(axes, "y", 5, signed=True)
    plain_ticks(axes, "x", most_ticks)


def _rows(content: Clouds) -> Iterator[dict[str, Any]]:
    """List the plotted numbers as they are drawn: every point, then the mean of every part."""
    for cloud in content.clouds[:MOST_PANELS]:
        common = {"measure": cloud.measure, "label": cloud.label, "unit": cloud.unit, "parameter": cloud.over.key}
        for regime in cloud.by_regime:
            own = {**common, "regime": regime}
            pairs = zip(content.points, cloud.over.values.tolist(), cloud.means(regime).tolist(), strict=True)
            for place, value, difference in pairs:
                if np.isfinite(difference):
                    numbers = {"difference": difference, "low": "", "high": ""}
                    yield {**own, "drawn": "point", "place": place, "value": value, **numbers}
            for place, (value, mean) in enumerate(cloud.parts(regime), start=1):
                limits = (mean.low, mean.high) if np.isfinite(mean.low) else ("", "")
                numbers = {"difference": mean.mean, "low": limits[0], "high": limits[1]}
                yield {**own, "drawn": "mean", "place": place, "value": value, **numbers}
