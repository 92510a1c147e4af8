"""F15: how a paired difference becomes known, replicate by replicate, in up to four small panels."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.figures.charts import AXIS_PT, LINE_PT, padded, plain_ticks
from sim.figures.convergence_words import (
    Convergence,
    Course,
    alt_text,
    asked_words,
    heading,
    message,
    note_lines,
    subtitle,
)
from sim.figures.identity import IDENTITIES
from sim.figures.output import Finished, Words
from sim.figures.panels import MOST_PANELS, panels
from sim.figures.sheet import WIDE, Preset, open_sheet
from sim.figures.style import LINE, QUIET_INK, SEQUENTIAL, SMALL_PT

NAME = "F15"
PLOT_MM = 46.0


def draw(content: Convergence, preset: Preset = WIDE) -> Finished | None:
    """Draw the first four differences; None where no replicate has any; call it inside ``styled()``."""
    courses = [course for course in content.courses if course.counts.size][:MOST_PANELS]
    if not courses:
        return None
    title = message(content)
    notes = note_lines(content)
    words = Words(title, subtitle(content), " ".join(notes), alt_text(content, title))
    grid = panels([heading(course) for course in courses], preset, PLOT_MM)
    sheet = open_sheet(words, notes, grid.height_mm, preset)
    for course, axes in zip(courses, grid.charts(sheet), strict=True):
        _draw_course(axes, course)
    return Finished(NAME, sheet.page, words, list(_rows(courses)), content.run_keys)


def _draw_course(axes: Axes, course: Course) -> None:
    look, end = IDENTITIES[0], course.looks[-1]
    centre = end.mean
    band = (centre - course.asked, centre + course.asked)
    axes.axhspan(*band, color=SEQUENTIAL[0], linewidth=0, zorder=1)
    axes.plot(course.counts, course.running, color=look.colour, linewidth=LINE_PT, zorder=3)
    marks: dict[str, Any] = {"color": look.colour, "marker": look.marker, "markersize": 3.6, "linestyle": "none"}
    for seen in course.looks:
        bar: dict[str, Any] = {"color": look.colour, "linewidth": LINE_PT, "zorder": 4}
        if np.isfinite(seen.low):
            axes.plot([seen.replicates] * 2, [seen.low, seen.high], **bar)
            axes.plot([seen.replicates] * 2, [seen.low, seen.high], color=look.colour, marker="_", linestyle="none")
        axes.plot([seen.replicates], [seen.mean], zorder=5, **marks)
    heights = [float(part) for seen in course.looks for part in (seen.low, seen.high, seen.mean)]
    heights += [*band, *course.running.tolist()]
    known = [height for height in heights if np.isfinite(height)]
    if min(known) < 0.0 < max(known):
        axes.axhline(0.0, color=LINE, linewidth=AXIS_PT, zorder=2)
    axes.set_ylim(*padded(known, 0.08))
    axes.set_xlim(0, 1.04 * max(int(course.counts.max()), end.replicates))
    plain_ticks(axes, "y", 5, signed=True)
    plain_ticks(axes, "x", 6)
    axes.set_xlabel("Replicates", fontsize=SMALL_PT, color=QUIET_INK, labelpad=2)
    _name_band(axes, course, band)


def _name_band(axes: Axes, course: Course, band: tuple[float, float]) -> None:
    """Say what the band is at the right end of the plot, above it where the room is above the data."""
    low, high = axes.get_ylim()
    above = high - band[1] >= band[0] - low
    end = band[1] if above else band[0]
    offset = (0.0, 2.0) if above else (0.0, -2.0)
    text = f"asked for: {asked_words(course)}"
    place: dict[str, Any] = {"xytext": offset, "textcoords": "offset points", "ha": "right"}
    x = axes.get_xlim()[1]
    axes.annotate(text, (x, end), va="bottom" if above else "top", fontsize=SMALL_PT, color=QUIET_INK, **place)


def _rows(courses: Sequence[Course]) -> Iterator[dict[str, Any]]:
    """List the plotted numbers, a row for each count of replicates; limits only where one looked."""
    for course in courses:
        seen = {look.replicates: look for look in course.looks}
        for count, mean in zip(course.counts.tolist(), course.running.tolist(), strict=True):
            look = seen.get(count)
            known = look is not None and bool(np.isfinite(look.low))
            yield {
                "measure": course.measure,
                "contrast": f"{course.first} - {course.second}",
                "unit": course.unit,
                "replicates": count,
                "mean": mean,
                "low": look.low if look and known else "",
                "high": look.high if look and known else "",
                "look": list(seen).index(count) + 1 if look else "",
                "half_width_asked": course.asked,
            }
