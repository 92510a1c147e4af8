"""F4: fairer or less fair, cheaper or dearer: each regime against the baseline."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from sim.figures.charts import AXIS_PT, LINE_PT, Box, Label, chart, label_directly, padded, plain_ticks
from sim.figures.identity import Identity, identities
from sim.figures.output import Finished, Words
from sim.figures.plane_content import FloatArray, Move, PlaneContent, outline
from sim.figures.plane_words import alt_text, message, move_lines, note_lines, role, subtitle
from sim.figures.sheet import MARGIN_MM, WIDE, Preset, Sheet, open_sheet
from sim.figures.style import LABEL_PT, LINE, QUIET_INK, SMALL_PT, leading_mm, wrapped
from sim.figures.words import capital, spoken

PLOT_MM = 84.0
LEFT_MM, BELOW_MM, KEY_MM, GAP_MM = 15.0, 11.0, 52.0, 6.0
MARK_MM = 5.0
CORNERS = {
    (0.0, 1.0): "less fair, dearer",
    (1.0, 1.0): "fairer, dearer",
    (0.0, 0.0): "less fair, cheaper",
    (1.0, 0.0): "fairer, cheaper",
}
LEAST_HALF_WIDTH, LEAST_HALF_HEIGHT = 0.005, 0.01
"""Axes never show less than this on either side of the baseline (units of inequity, % of cost)."""


def draw_plane(content: PlaneContent, preset: Preset = WIDE) -> Finished:
    """Draw the plane with its key on the right; call it inside ``styled()``."""
    title = message(content)
    words = Words(title, subtitle(content), " ".join(note_lines(content)), alt_text(content, title))
    key_mm = len(content.moves) * _entry_mm(2) + leading_mm(LABEL_PT) * 2
    sheet = open_sheet(words, note_lines(content), max(PLOT_MM + BELOW_MM, key_mm), preset)
    width_mm = preset.text_mm - LEFT_MM - KEY_MM - GAP_MM
    box = Box(MARGIN_MM + LEFT_MM, sheet.top_mm + 1.0, width_mm, sheet.height_mm - BELOW_MM - 1.0)
    axes = chart(sheet.page, box)
    looks = identities(content.regimes)
    for move in content.moves:
        _draw_move(axes, move, looks[move.regime])
    _set_ranges(axes, content.moves)
    _draw_frame(axes, content)
    labels = [Label(capital(spoken(m.regime)), looks[m.regime].ink, _anchors(m)) for m in content.moves]
    label_directly(axes, labels, _drawn_points(content.moves))
    _draw_key(sheet, content.moves, looks, box.left + width_mm + GAP_MM)
    return Finished("F4", sheet.page, words, _rows(content), content.run_keys)


def _draw_move(axes: Axes, move: Move, look: Identity) -> None:
    """Draw the replicates, their ellipse, the ellipse of the mean, and the mean."""
    spread, of_mean = outline(move.points, of_mean=False), outline(move.points, of_mean=True)
    if len(spread):
        axes.add_patch(Polygon(spread, facecolor=look.colour, alpha=0.10, edgecolor="none", zorder=2))
        axes.add_patch(Polygon(spread, facecolor="none", edgecolor=look.colour, linewidth=0.5, alpha=0.6, zorder=2))
        outer: dict[str, Any] = {"edgecolor": look.colour, "linewidth": LINE_PT, "linestyle": look.line}
        axes.add_patch(Polygon(of_mean, facecolor="none", zorder=4, **outer))
    elif np.isfinite([move.inequity.low, move.cost.low]).all():
        bars: dict[str, Any] = {"color": look.colour, "linewidth": LINE_PT, "zorder": 4}
        axes.plot([move.inequity.low, move.inequity.high], [move.cost.value] * 2, **bars)
        axes.plot([move.inequity.value] * 2, [move.cost.low, move.cost.high], **bars)
    small: dict[str, Any] = {"marker": look.marker, "color": look.colour, "linestyle": "none"}
    axes.plot(*move.points.T, markersize=2.6, markeredgewidth=0.0, alpha=0.65, zorder=3, **small)
    face = "white" if move.benchmark else look.colour
    mean = ([move.inequity.value], [move.cost.value])
    edge = look.colour if move.benchmark else "white"
    axes.plot(
        *mean,
        marker=look.marker,
        linestyle="none",
        markersize=6.0,
        markerfacecolor=face,
        markeredgecolor=edge,
        markeredgewidth=0.9,
        zorder=5,
    )


def _drawn_points(moves: Sequence[Move]) -> FloatArray:
    """Return the replicates, the outlines of all ellipses and the ends of all intervals [n, 2]."""
    parts = [part for m in moves for part in (m.points, outline(m.points, False), outline(m.points, True))]
    ends = [(m.inequity.low, m.cost.low) for m in moves] + [(m.inequity.high, m.cost.high) for m in moves]
    known = [end for end in ends if np.isfinite(end).all()]
    return np.vstack([*parts, np.reshape(known, (-1, 2))])


def _anchors(move: Move) -> list[tuple[float, float]]:
    """Return the top, bottom and sides of the ellipse of replicates, or the mean where there is none."""
    edge = outline(move.points, of_mean=False)
    if not len(edge):
        return [(move.inequity.value, move.cost.value)]
    ends = (edge[:, 1].argmax(), edge[:, 1].argmin(), edge[:, 0].argmax(), edge[:, 0].argmin())
    return [(float(edge[end, 0]), float(edge[end, 1])) for end in ends]


def _set_ranges(axes: Axes, moves: Sequence[Move]) -> None:
    """Show the baseline, every replicate and every ellipse, with room for the words in the corners."""
    drawn = _drawn_points(moves)
    xs = _around_zero(padded([*drawn[:, 0].tolist(), -LEAST_HALF_WIDTH, LEAST_HALF_WIDTH], 0.08), 0.28)
    ys = _around_zero(padded([*drawn[:, 1].tolist(), -LEAST_HALF_HEIGHT, LEAST_HALF_HEIGHT], 0.12), 0.12)
    axes.set_xlim(xs[1], xs[0])  # less inequity to the right
    axes.set_ylim(*ys)
    plain_ticks(axes, "x", 8, signed=True)
    plain_ticks(axes, "y", 6, signed=True)


def _around_zero(limits: tuple[float, float], share: float) -> tuple[float, float]:
    """Give either side of the baseline at least this share of the axis, so that the quadrants hold their words."""
    low, high = limits
    ratio = share / (1 - share)
    return min(low, -ratio * high), max(high, -ratio * low)


def _draw_frame(axes: Axes, content: PlaneContent) -> None:
    """Cross the plane at the baseline, name the quadrants and the axes."""
    axes.axhline(0.0, color=LINE, linewidth=AXIS_PT, zorder=1)
    axes.axvline(0.0, color=LINE, linewidth=AXIS_PT, zorder=1)
    for (x, y), text in CORNERS.items():
        axes.annotate(
            text,
            (x, y),
            xycoords="axes fraction",
            xytext=(3 - 6 * x, 3 - 6 * y),
            textcoords="offset points",
            ha="right" if x else "left",
            va="top" if y else "bottom",
            fontsize=LABEL_PT,
            fontstyle="italic",
            color=QUIET_INK,
            zorder=6,
        )
    label: dict[str, Any] = {"fontsize": SMALL_PT, "color": QUIET_INK, "labelpad": 2}
    axes.set_xlabel(f"Change in {content.inequity.label}; to the right is fairer", **label)
    axes.set_ylabel("Change in total cost, %", **label)


def _entry_mm(lines: int) -> float:
    return leading_mm(LABEL_PT) + lines * leading_mm(SMALL_PT) + 2.0


def _draw_key(sheet: Sheet, moves: Sequence[Move], looks: dict[str, Identity], left_mm: float) -> None:
    """Name each regime beside its mark, with the numbers of its mean."""
    at_mm = sheet.top_mm + 4.0
    for move in moves:
        look = looks[move.regime]
        axes = sheet.page.panel(left_mm, at_mm - 2.6, MARK_MM, 3.2)
        face = "white" if move.benchmark else look.colour
        style: dict[str, Any] = {"marker": look.marker, "linestyle": look.line, "color": look.colour}
        axes.plot([0.2, 1.9, 3.8], [1.6, 1.6, 1.6], linewidth=LINE_PT, markevery=[1], markerfacecolor=face, **style)
        axes.lines[-1].set_markersize(5.0)
        head = wrapped(role(move), KEY_MM - MARK_MM, LABEL_PT, "bold")
        at_mm = sheet.page.lines(left_mm + MARK_MM, at_mm, head, fontsize=LABEL_PT, fontweight="bold", color=look.ink)
        lines = [line for text in move_lines(move) for line in wrapped(text, KEY_MM - MARK_MM, SMALL_PT)]
        at_mm = sheet.page.lines(left_mm + MARK_MM, at_mm, lines, fontsize=SMALL_PT, color=QUIET_INK) + 2.0


def _rows(content: PlaneContent) -> list[dict[str, Any]]:
    """List the plotted numbers: each paired replicate, then the mean with its intervals."""
    rows: list[dict[str, Any]] = []
    for move in content.moves:
        for replicate, point in zip(move.replicates, move.points, strict=True):
            rows.append(_row(move, str(replicate), (float(point[0]), float(point[1]))))
        limits = {
            f"{name}_{end}": _text(getattr(estimate, end))
            for name, estimate in (("inequity", move.inequity), ("cost_pct", move.cost))
            for end in ("low", "high")
        }
        rows.append(_row(move, "mean", (move.inequity.value, move.cost.value)) | limits)
    return rows


def _row(move: Move, replicate: str, point: tuple[float, float]) -> dict[str, Any]:
    empty = dict.fromkeys(("inequity_low", "inequity_high", "cost_pct_low", "cost_pct_high"), "")
    changes = {"inequity_change": round(point[0], 6), "cost_change_pct": round(point[1], 6)}
    return {"regime": move.regime, "replicate": replicate, **changes, **empty}


def _text(value: float) -> float | str:
    return round(value, 6) if np.isfinite(value) else ""
