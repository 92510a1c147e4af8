"""Classes of a map: five at most, of one width in whole percentage points, the same in every panel."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from sim.figures.numbers import number
from sim.figures.style import SEQUENTIAL


@dataclass(frozen=True)
class Classes:
    """Class ``i`` holds the whole percentages from ``start + i * width`` to just below the next class."""

    start: int
    width: int
    count: int

    def index(self, percentage: float) -> int:
        """Return the class of a percentage, rounded as it is printed; raise ValueError outside all classes."""
        index = (round(percentage) - self.start) // self.width
        if not 0 <= index < self.count:
            raise ValueError(f"{percentage} % lies outside the classes {', '.join(self.labels())}")
        return index

    def colour(self, percentage: float) -> str:
        """Return the colour of a percentage."""
        return SEQUENTIAL[self.index(percentage)]

    def labels(self) -> tuple[str, ...]:
        """Name each class by its first and last whole percentage."""
        firsts = [self.start + i * self.width for i in range(self.count)]
        lasts = [min(first + self.width - 1, 100) for first in firsts]
        return tuple(
            number(first) if first == last else f"{number(first)}–{number(last)}"
            for first, last in zip(firsts, lasts, strict=True)
        )


def common_classes(percentages: Iterable[float]) -> Classes:
    """Choose the narrowest classes that hold every finite value, rounded as it is printed.

    No class is narrower than one percentage point, the smallest difference in access that matters.
    """
    whole = [round(value) for value in percentages if math.isfinite(value)] or [0]
    first, span = min(whole), max(whole) - min(whole) + 1
    width = -(-span // len(SEQUENTIAL))
    return Classes(first, width, -(-span // width))
