"""Small charts side by side and below one another, each under its heading."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.figures.charts import Box, chart
from sim.figures.sheet import MARGIN_MM, WIDE, Preset, Sheet
from sim.figures.style import SMALL_PT, leading_mm, wrapped

MOST_PANELS = 4
LEFT_MM, GAP_MM, BELOW_MM, RIGHT_MM = 12.0, 14.0, 11.0, 3.0


@dataclass(frozen=True)
class Panels:
    """How panels stand, and their headings broken into lines; ``width_mm`` and ``plot_mm`` are those of one plot.

    ``below_mm`` is the room for ticks and a label below it: enough for one line of it.
    """

    rows: int
    columns: int
    width_mm: float
    plot_mm: float
    heads: Sequence[Sequence[str]]
    below_mm: float = BELOW_MM

    @property
    def head_mm(self) -> float:
        """Return the room above a plot."""
        return max(map(len, self.heads)) * leading_mm(SMALL_PT) + 3.0

    @property
    def height_mm(self) -> float:
        """Return the room that all panels want."""
        return self.rows * (self.head_mm + self.plot_mm + self.below_mm)

    def charts(self, sheet: Sheet, foot_mm: float = 0.0) -> Iterator[Axes]:
        """Write each heading and yield the axes below it; the foot of the sheet stays free."""
        step_mm = (sheet.height_mm - foot_mm) / self.rows
        for index, head in enumerate(self.heads):
            row, column = divmod(index, self.columns)
            left_mm = MARGIN_MM + LEFT_MM + column * (self.width_mm + GAP_MM)
            top_mm = sheet.top_mm + row * step_mm
            sheet.page.lines(left_mm - LEFT_MM + 1.0, top_mm + 3.0, head, fontsize=SMALL_PT, fontweight="bold")
            yield chart(
                sheet.page, Box(left_mm, top_mm + self.head_mm, self.width_mm, step_mm - self.head_mm - self.below_mm)
            )


def panels(headings: Sequence[str], preset: Preset, plot_mm: float) -> Panels:
    """Lay out a panel for each heading: two beside one another on a page, all of them on a slide."""
    columns = min(2 if preset is WIDE else MOST_PANELS, len(headings))
    width_mm = (preset.text_mm - LEFT_MM - RIGHT_MM - (columns - 1) * GAP_MM) / columns
    heads = [wrapped(heading, width_mm + LEFT_MM - 1.0, SMALL_PT, "bold") for heading in headings]
    return Panels(-(-len(headings) // columns), columns, width_mm, plot_mm, heads)
