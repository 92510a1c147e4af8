"""Axes with numbers on them, in the house style."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.figures.numbers import number
from sim.figures.style import LINE, QUIET_INK, SMALL_PT, Page

GRID = "#E3E3E3"
LINE_PT, AXIS_PT, GRID_PT, TICK_PT = 1.2, 0.6, 0.5, 2.5

LABEL_PLACES = (
    ((4.0, 6.0), "left"),
    ((-4.0, 6.0), "right"),
    ((4.0, -6.0), "left"),
    ((-4.0, -6.0), "right"),
    ((7.0, 0.0), "left"),
    ((-7.0, 0.0), "right"),
    ((0.0, 7.0), "center"),
    ((0.0, -7.0), "center"),
)
"""Where a label may stand, in points from what it names, the best first."""


@dataclass(frozen=True)
class Box:
    """A rectangle on the page, in mm from its top left."""

    left: float
    top: float
    width: float
    height: float


def chart(page: Page, box: Box) -> Axes:
    """Add axes with two spines, thin ticks and a horizontal grid below the data."""
    axes = page.figure.add_axes(
        (
            box.left / page.width_mm,
            1 - (box.top + box.height) / page.height_mm,
            box.width / page.width_mm,
            box.height / page.height_mm,
        )
    )
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=GRID, linewidth=GRID_PT)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set(color=LINE, linewidth=AXIS_PT)
    axes.tick_params(width=AXIS_PT, length=TICK_PT, color=LINE, labelsize=SMALL_PT, labelcolor=QUIET_INK, pad=1.5)
    return axes


def plain_ticks(axes: Axes, which: str, most: int = 5, signed: bool = False) -> None:
    """Put at most so many round numbers on an axis, "x" or "y", each with the digits it needs."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    low, high = sorted(axis.get_view_interval())
    found = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    ticks = [float(tick) for tick in found if low <= tick <= high]
    decimals = _decimals(ticks)
    axis.set_ticks(ticks, [number(tick, decimals, signed) for tick in ticks])


def _decimals(ticks: Sequence[float]) -> int:
    """Return the decimals in which the ticks differ."""
    step = min((abs(b - a) for a, b in pairwise(ticks)), default=1.0)
    decimals = 0
    while decimals < 5 and abs(round(step, decimals) - step) > 1e-9:
        decimals += 1
    return decimals


@dataclass(frozen=True)
class Label:
    """A text and the points (data coordinates) beside one of which it may stand, the best first."""

    text: str
    colour: str
    anchors: Sequence[tuple[float, float]]


def label_directly(axes: Axes, labels: Sequence[Label], avoid: npt.NDArray[np.float64]) -> None:
    """Write each label where it meets no other text and none of the points [n, 2]; leave out what finds no place.

    Call it when everything else is drawn and the ranges are set.
    """
    axes.get_figure(root=True).draw_without_rendering()  # type: ignore[union-attr]
    taken = [text.get_window_extent() for text in axes.texts]
    inside, busy = axes.get_window_extent(), axes.transData.transform(avoid)
    for label in labels:
        for anchor, (offset, side) in product(label.anchors, LABEL_PLACES):
            place: dict[str, Any] = {"xytext": offset, "textcoords": "offset points", "ha": side, "va": "center"}
            text = axes.annotate(label.text, anchor, fontsize=SMALL_PT, color=label.colour, zorder=6, **place)
            box = text.get_window_extent()
            corners_fit = inside.contains(box.x0, box.y0) and inside.contains(box.x1, box.y1)
            if corners_fit and not box.count_contains(busy) and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                break
            text.remove()


def padded(values: Sequence[float], share: float = 0.06, least: float = 1e-9) -> tuple[float, float]:
    """Return the range of the values, wider by a share of itself on both sides."""
    low, high = min(values), max(values)
    more = max((high - low) * share, least)
    return low - more, high + more
