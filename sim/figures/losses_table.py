"""F12: where patients are lost, as a table whose cells are shaded by the number of people."""

from typing import Any

from matplotlib.patches import Rectangle

from sim.figures.charts import LINE_PT
from sim.figures.identity import identities
from sim.figures.losses_content import OF_PEOPLE, TREATED, Loss, LossesContent, LossRow
from sim.figures.losses_words import (
    alt_text,
    message,
    note_lines,
    people_text,
    reason_words,
    row_name,
    subtitle,
)
from sim.figures.output import Finished, Words
from sim.figures.sheet import MARGIN_MM, WIDE, Preset, Sheet, open_sheet
from sim.figures.style import LABEL_PT, QUIET_INK, SEQUENTIAL, SMALL_PT, fitting, ink_on, leading_mm, wrapped
from sim.figures.words import capital, with_interval

NAME_MM, TREATED_MM, MARK_MM, GAP_MM = 46.0, 30.0, 5.0, 2.0
ROW_MM, GROUP_MM, LEGEND_MM, CELL_GAP_MM = 5.2, 6.5, 9.0, 0.5
SWATCH_MM = (15.0, 3.2)
EDGES = (0.5, 10.0, 50.0, 100.0, 200.0)
"""A cell is white below the first edge (people of 1,000), then one class darker at each."""
EDGE_NAMES = ("1–9", "10–49", "50–99", "100–199", "200 and more")


def draw_losses(content: LossesContent, preset: Preset = WIDE) -> Finished:
    """Draw one block for each group of services; call it inside ``styled()``."""
    title = message(content)
    words = Words(title, subtitle(content), " ".join(note_lines(content)), alt_text(content, title))
    heads = _heads(content, preset)
    head_mm = max(len(lines) for lines in heads) * leading_mm(SMALL_PT) + 1.0
    needed_mm = head_mm + len(content.rows) * ROW_MM + len(content.groups) * GROUP_MM + LEGEND_MM
    sheet = open_sheet(words, note_lines(content), needed_mm, preset)
    for column, lines in enumerate(heads):
        left_mm, width_mm = _column(column, content, preset)
        lowest_mm = sheet.top_mm + head_mm - 1.0 - (len(lines) - 1) * leading_mm(SMALL_PT)
        sheet.page.lines(left_mm + width_mm / 2, lowest_mm, lines, fontsize=SMALL_PT, color=QUIET_INK, ha="center")
    at_mm = sheet.top_mm + head_mm
    row_mm = ROW_MM + max(sheet.height_mm - needed_mm, 0.0) / len(content.rows)
    for group in content.groups:
        name = capital(group.replace("_", " "))
        sheet.page.text(MARGIN_MM, at_mm + GROUP_MM - 2.0, name, fontsize=LABEL_PT, fontweight="bold")
        at_mm += GROUP_MM
        for row in (row for row in content.rows if row.group == group):
            _draw_row(sheet, content, row, (at_mm, row_mm))
            at_mm += row_mm
    _draw_legend(sheet, at_mm + 2.5)
    return Finished("F12", sheet.page, words, _rows(content), content.run_keys)


def _heads(content: LossesContent, preset: Preset) -> list[list[str]]:
    names = [TREATED, *content.reasons]
    widths = [_column(column, content, preset)[1] for column in range(len(names))]
    return [wrapped(reason_words(name), width, SMALL_PT) for name, width in zip(names, widths, strict=True)]


def _column(column: int, content: LossesContent, preset: Preset) -> tuple[float, float]:
    """Return left and width of a column in mm; the first holds those treated in time."""
    first_mm = MARGIN_MM + NAME_MM
    if column == 0:
        return first_mm, TREATED_MM
    width_mm = (preset.text_mm - NAME_MM - TREATED_MM - GAP_MM) / max(len(content.reasons), 1)
    return first_mm + TREATED_MM + GAP_MM + (column - 1) * width_mm, width_mm


def _draw_row(sheet: Sheet, content: LossesContent, row: LossRow, place: tuple[float, float]) -> None:
    top_mm, height_mm = place
    look = identities(content.regimes)[row.regime]
    line = sheet.page.panel(0.0, top_mm, sheet.preset.width_mm, height_mm)
    face = "white" if row.benchmark else look.colour
    style: dict[str, Any] = {"color": look.colour, "linestyle": look.line, "marker": look.marker}
    middle = (height_mm - CELL_GAP_MM) / 2
    at = [MARGIN_MM + 0.2, MARGIN_MM + 1.9, MARGIN_MM + 3.6]
    line.plot(at, [middle] * 3, linewidth=LINE_PT, markersize=4.5, markevery=[1], **style)
    line.lines[-1].set_markerfacecolor(face)
    name, baseline_mm = row_name(row, content), top_mm + middle + 0.9
    size = fitting(name, NAME_MM - MARK_MM - 1.0, SMALL_PT)
    sheet.page.text(MARGIN_MM + MARK_MM, baseline_mm, name, fontsize=size, color=look.ink)
    for column, ending in enumerate((TREATED, *content.reasons)):
        left_mm, width_mm = _column(column, content, sheet.preset)
        loss = row.losses[ending]
        colour = "#FFFFFF" if ending == TREATED else shade(loss.people.value)
        size_mm = (width_mm - CELL_GAP_MM, height_mm - CELL_GAP_MM)
        line.add_patch(Rectangle((left_mm, 0), *size_mm, facecolor=colour, edgecolor="#D0D0D0", linewidth=0.3))
        text = _treated_text(loss) if ending == TREATED else people_text(loss)
        pt = fitting(text, size_mm[0] - 0.6, SMALL_PT)
        centre = (left_mm + size_mm[0] / 2, size_mm[1] / 2)
        line.text(*centre, text, ha="center", va="center", fontsize=pt, color=ink_on(colour))


def _treated_text(loss: Loss) -> str:
    """Write those treated in time with their interval, and the mark of a clear change."""
    mark = people_text(loss).partition(" ")[2]
    return with_interval(loss.people, 1, most_decimals=1) + (f" {mark}" if mark else "")


def shade(people: float) -> str:
    """Return the colour of a cell: white for nobody or next to nobody, darker for more."""
    above = sum(people >= edge for edge in EDGES)
    return SEQUENTIAL[above - 1] if above else "#FFFFFF"


def _draw_legend(sheet: Sheet, top_mm: float) -> None:
    sheet.page.text(MARGIN_MM, top_mm + 2.6, f"people of {OF_PEOPLE:,.0f}", fontsize=SMALL_PT)
    left_mm = MARGIN_MM + 26.0
    width, height = SWATCH_MM
    axes = sheet.page.panel(left_mm, top_mm, len(EDGES) * width, height)
    for index, name in enumerate(EDGE_NAMES):
        swatch = Rectangle((index * width, 0), width, height, facecolor=SEQUENTIAL[index])
        swatch.set(edgecolor="#D0D0D0", linewidth=0.3)
        axes.add_patch(swatch)
        colour = ink_on(SEQUENTIAL[index])
        middle = ((index + 0.5) * width, height / 2)
        pt = fitting(name, width - 1.0, SMALL_PT)
        axes.text(*middle, name, fontsize=pt, color=colour, ha="center", va="center")


def _rows(content: LossesContent) -> list[dict[str, Any]]:
    """List the plotted numbers, one row for each group, regime and ending."""
    return [
        {
            "group": row.group,
            "regime": row.regime,
            "ending": name,
            **{f"people_of_1000{end}": _cell(part) for end, part in _parts(row.losses[name].people)},
            **{f"difference{end}": _cell(part) for end, part in _parts(row.losses[name].difference)},
            "verdict": row.losses[name].verdict,
        }
        for row in content.rows
        for name in (TREATED, *content.reasons)
    ]


def _parts(estimate: Any) -> list[tuple[str, float]]:
    return [("", estimate.value), ("_low", estimate.low), ("_high", estimate.high)]


def _cell(value: float) -> float | str:
    return round(value, 3) if value == value else ""  # noqa: PLR0124 - only nan differs
