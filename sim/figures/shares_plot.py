"""F14: why: what each group of mechanisms adds to an outcome, one panel for each outcome."""

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from sim.analysis.shares import Account, Share
from sim.figures.charts import AXIS_PT, GRID, GRID_PT, Box, chart, padded, plain_ticks
from sim.figures.identity import Identity, identities
from sim.figures.numbers import factor_of
from sim.figures.output import Finished, Words
from sim.figures.shares_words import SharesContent, alt_text, heading, message, note_lines, subtitle, unit_words
from sim.figures.sheet import MARGIN_MM, WIDE, Preset, Sheet, open_sheet
from sim.figures.style import INK, LABEL_PT, LINE, QUIET_INK, SMALL_PT, leading_mm, text_width_mm, wrapped
from sim.figures.words import capital, spoken
from sim.measures.outcomes import outcome

NAME = "F14"
LABEL_MM, GAP_MM, BELOW_MM = 42.0, 5.0, 8.0
BAR_MM, BETWEEN_MM = 2.5, 2.2
FEW_PANELS = 3
"""With more panels than this each has room for few numbers below it."""
KEY_MM, KEY_MARK_MM, KEY_GAP_MM = 5.0, 6.0, 6.0


def draw_shares(content: SharesContent, preset: Preset = WIDE) -> Finished:
    """Draw the shares; call it inside ``styled()``."""
    title = message(content)
    words = Words(title, subtitle(content), " ".join(note_lines(content)), alt_text(content, title))
    width_mm = (preset.text_mm - LABEL_MM - GAP_MM * len(content.outcomes)) / len(content.outcomes)
    heads = [wrapped(heading(wanted), width_mm, SMALL_PT, "bold") for wanted in content.outcomes]
    head_mm = max(map(len, heads)) * leading_mm(SMALL_PT) + 2.5
    labels = [wrapped(part.title, LABEL_MM - 2.0, SMALL_PT) for part in _rows_of(content.accounts[0], content)]
    step_mm = max(
        len(content.drawn) * BAR_MM + BETWEEN_MM, max(map(len, labels)) * leading_mm(SMALL_PT) + BETWEEN_MM / 2
    )
    key_mm = KEY_MM if content.accounts[0].baseline else 0.0
    needed_mm = head_mm + step_mm * len(labels) + BELOW_MM + key_mm
    sheet = open_sheet(words, note_lines(content), needed_mm, preset)
    step_mm += (sheet.height_mm - needed_mm) / len(labels)
    top_mm = sheet.top_mm + head_mm
    _draw_labels(sheet, labels, top_mm, step_mm)
    for place, wanted in enumerate(content.outcomes):
        left_mm = MARGIN_MM + LABEL_MM + GAP_MM / 2 + place * (width_mm + GAP_MM)
        sheet.page.lines(left_mm, sheet.top_mm + 3.0, heads[place], fontsize=SMALL_PT, fontweight="bold")
        axes = chart(sheet.page, Box(left_mm, top_mm, width_mm, step_mm * len(labels)))
        _draw_panel(axes, content.of(wanted), content, step_mm)
    if key_mm:
        _draw_key(sheet, content)
    return Finished(NAME, sheet.page, words, _rows(content), content.run_keys)


def _rows_of(account: Account, content: SharesContent) -> list[Share]:
    """Return the parts with a row: the groups by the size of their shares in the first outcome, then the sum."""
    sizes: dict[str, float] = {}
    for one in content.of(content.outcomes[0]):
        for part in one.groups:
            sizes[part.part] = sizes.get(part.part, 0.0) + abs(part.mean)
    return [*sorted(account.groups, key=lambda part: -sizes[part.part]), account.together]


def _draw_labels(sheet: Sheet, labels: Sequence[Sequence[str]], top_mm: float, step_mm: float) -> None:
    """Name the rows on the left, the sum in bold."""
    for row, lines in enumerate(labels):
        first_mm = top_mm + (row + 0.5) * step_mm - (len(lines) - 1) * leading_mm(SMALL_PT) / 2 + 0.9
        weight = "bold" if row == len(labels) - 1 else "normal"
        sheet.page.lines(MARGIN_MM, first_mm, lines, fontsize=SMALL_PT, fontweight=weight, color=INK)


def _draw_panel(axes: Axes, accounts: Sequence[Account], content: SharesContent, step_mm: float) -> None:
    """Draw one outcome: a bar with its interval for each row and regime; y counts rows from the top."""
    looks, factor = identities(content.regimes), factor_of(outcome(accounts[0].measure))
    drawn = [0.0]
    for account in accounts:
        parts = _rows_of(account, content)
        shift = (content.drawn.index(account.regime) - (len(content.drawn) - 1) / 2) * BAR_MM / step_mm
        for row, part in enumerate(parts):
            _draw_bar(axes, part, looks[account.regime], (factor, row + 0.5 + shift, 0.8 * BAR_MM / step_mm))
            drawn += [factor * value for value in (part.low, part.mean, part.high) if math.isfinite(value)]
    rows = len(accounts[0].groups) + 1
    axes.set_ylim(rows, 0)
    axes.set_xlim(*padded(drawn, 0.08))
    axes.grid(visible=False)
    axes.grid(axis="x", color=GRID, linewidth=GRID_PT)
    axes.axvline(0.0, color=LINE, linewidth=AXIS_PT, zorder=1)
    axes.axhline(rows - 1, color=LINE, linewidth=AXIS_PT, linestyle=":", zorder=1)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    plain_ticks(axes, "x", 2 if len(content.outcomes) > FEW_PANELS else 4, signed=True)
    axes.set_xlabel(unit_words(accounts[0].measure), fontsize=SMALL_PT, color=QUIET_INK, labelpad=2)


def _draw_bar(axes: Axes, part: Share, look: Identity, at: tuple[float, float, float]) -> None:
    """Draw one share (factor, height, thickness): filled where it can be told from zero, with marker and interval."""
    factor, y, thickness = at
    face = look.colour if part.distinguishable else "white"
    axes.barh(y, factor * part.mean, thickness, color=face, edgecolor=look.colour, linewidth=0.6, zorder=2)
    if math.isfinite(part.low):
        axes.plot([factor * part.low, factor * part.high], [y, y], color=INK, linewidth=0.7, zorder=3)
    mark: dict[str, Any] = {"marker": look.marker, "markersize": 2.8, "markeredgewidth": 0.5, "zorder": 4}
    axes.plot([factor * part.mean], [y], color=INK, markerfacecolor=face, linestyle="none", **mark)


def _draw_key(sheet: Sheet, content: SharesContent) -> None:
    """Name the regimes below the panels, each with the mark of its bars."""
    at_mm, left_mm = sheet.top_mm + sheet.height_mm - 1.5, MARGIN_MM
    for regime in content.drawn:
        look = identities(content.regimes)[regime]
        axes = sheet.page.panel(left_mm, at_mm - 2.4, KEY_MARK_MM - 1.5, 2.8)
        axes.barh(1.4, KEY_MARK_MM - 1.5, 2.0, color=look.colour)
        axes.plot([2.2], [1.4], marker=look.marker, color=INK, markerfacecolor=look.colour, markersize=2.8)
        name = f"{capital(spoken(regime))} less {spoken(content.baseline)}"
        sheet.page.text(left_mm + KEY_MARK_MM, at_mm, name, fontsize=LABEL_PT, color=look.ink)
        left_mm += KEY_MARK_MM + text_width_mm(name, LABEL_PT) + KEY_GAP_MM


def _rows(content: SharesContent) -> list[dict[str, Any]]:
    """List the plotted numbers in the unit of each measure."""
    return [
        {
            "measure": part.measure,
            "service": part.service,
            "unit": part.unit,
            "regime": part.regime,
            "baseline": part.baseline,
            "group": part.part,
            "title": part.title,
            "mean": part.mean,
            "low": part.low if math.isfinite(part.low) else "",
            "high": part.high if math.isfinite(part.high) else "",
            "verdict": part.verdict,
        }
        for account in content.accounts
        for part in _rows_of(account, content)
    ]
