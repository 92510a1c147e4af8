"""Classes of a map: five at most, of one round width, the same in every panel."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from sim.figures.numbers import number
from sim.figures.style import SEQUENTIAL

LEAST_WIDTH_PCT = 1.0
"""No class is narrower than the smallest difference in access that matters, 1 percentage point."""
ROUND_WIDTHS = (1.0, 2.0, 3.0, 4.0, 5.0, 10.0, 15.0, 20.0)


@dataclass(frozen=True)
class Classes:
    """Class ``i`` holds the values from ``start + i * width`` to just below the next, in per cent."""

    start: float
    width: float

    @property
    def edges(self) -> tuple[float, ...]:
        """Return the edges of the classes that can hold a percentage, in per cent."""
        edges = [self.start + i * self.width for i in range(len(SEQUENTIAL) + 1)]
        return tuple(edge for edge in edges if edge < 100) + ((100.0,) if edges[-1] >= 100 else ())

    def colour(self, percentage: float) -> str:
        """Return the colour of a value in per cent; 100 belongs to the last class."""
        last = len(self.edges) - 2
        return SEQUENTIAL[min(max(int((percentage - self.start) // self.width), 0), last)]

    def labels(self) -> tuple[str, ...]:
        """Name each class for whole percentages, as they are printed in the tiles."""
        below = [edge if edge == 100 else edge - 1 for edge in self.edges[1:]]
        pairs = zip(self.edges, below, strict=False)
        return tuple(number(low) if low == high else f"{number(low)}–{number(high)}" for low, high in pairs)


def common_classes(percentages: Iterable[float]) -> Classes:
    """Choose the narrowest round classes that hold every finite value, rounded as it is printed."""
    whole = [round(value) for value in percentages if math.isfinite(value)] or [0]
    for width in ROUND_WIDTHS:
        start = math.floor(min(whole) / width) * width
        if start + len(SEQUENTIAL) * width > max(whole) or start + len(SEQUENTIAL) * width >= 100:
            return Classes(start, width)
    raise ValueError(f"percentages reach from {min(whole)} to {max(whole)}; they must lie in 0 to 100")
