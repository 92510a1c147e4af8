"""The key below panels of lines: how each regime looks, and its name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.figures.charts import LINE_PT
from sim.figures.identity import Identity
from sim.figures.sheet import MARGIN_MM, Preset, Sheet
from sim.figures.style import LABEL_PT, text_width_mm
from sim.figures.words import capital, spoken

ROW_MM, MARK_MM, GAP_MM = 5.0, 9.0, 6.0


@dataclass(frozen=True)
class RegimeKey:
    """Regimes and their names, broken into lines that fit; a benchmark has open marks."""

    rows: Sequence[Sequence[tuple[str, str]]]
    benchmarks: Collection[str]

    @property
    def height_mm(self) -> float:
        """Return the room that the key takes at the foot of a sheet."""
        return len(self.rows) * ROW_MM + 1.0

    def draw(self, sheet: Sheet, looks: Mapping[str, Identity]) -> None:
        """Name the lines at the foot of a sheet."""
        at_mm = sheet.top_mm + sheet.height_mm - len(self.rows) * ROW_MM + 2.0
        for row in self.rows:
            left_mm = MARGIN_MM
            for regime, name in row:
                look = looks[regime]
                axes = sheet.page.panel(left_mm, at_mm - 2.6, MARK_MM - 1.5, 3.2)
                style: dict[str, Any] = {"color": look.colour, "linestyle": look.line, "marker": look.marker}
                axes.plot([0.2, 3.6, 7.0], [1.6] * 3, linewidth=LINE_PT, markersize=4.0, markevery=[1], **style)
                axes.lines[-1].set_markerfacecolor("white" if regime in self.benchmarks else look.colour)
                sheet.page.text(left_mm + MARK_MM, at_mm, name, fontsize=LABEL_PT, color=look.ink)
                left_mm += _width_mm(name)
            at_mm += ROW_MM


def regime_key(regimes: Sequence[str], baseline: str, benchmarks: Collection[str], preset: Preset) -> RegimeKey:
    """Break the names of regimes into lines that fit the page."""
    rows: list[list[tuple[str, str]]] = [[]]
    used_mm = 0.0
    for regime in regimes:
        role = " (baseline)" if regime == baseline else " (benchmark)" if regime in benchmarks else ""
        name = capital(spoken(regime)) + role
        if rows[-1] and used_mm + _width_mm(name) > preset.text_mm:
            rows.append([])
            used_mm = 0.0
        rows[-1].append((regime, name))
        used_mm += _width_mm(name)
    return RegimeKey(rows, benchmarks)


def _width_mm(name: str) -> float:
    return MARK_MM + text_width_mm(name, LABEL_PT) + GAP_MM
