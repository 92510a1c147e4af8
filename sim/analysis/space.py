"""The space of uncertain inputs that a design samples: what may vary, from where to where, and of which kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Kind = Literal["continuous", "whole", "choice"]


class CannotAnalyseError(ValueError):
    """A design or its outputs do not allow the analysis; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Space:
    """Inputs in the order of the design, each with its limits and its kind.

    Points are arrays [P, inputs] in the inputs' own units. A choice is written as the place of its option, 0 to
    n - 1, with these as limits; ``options`` are its words, empty for numbers. ``unit`` is what each counts in.
    ``listed`` are the only numbers that an input takes, by rising size, each as likely as the others; empty for inputs
    that take all between their limits, and left out where no input has any.
    """

    names: tuple[str, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    kind: tuple[Kind, ...]
    options: tuple[tuple[str, ...], ...]
    unit: tuple[str, ...]
    listed: tuple[tuple[float, ...], ...] = ()

    @staticmethod
    def of_numbers(names: Sequence[str], low: Sequence[float], high: Sequence[float]) -> "Space":
        """Return a space of continuous inputs without units."""
        k = len(names)
        kind: list[Kind] = ["continuous" for _ in names]
        return Space(tuple(names), tuple(low), tuple(high), tuple(kind), ((),) * k, ("",) * k)

    @property
    def inputs(self) -> int:
        """Return the number of inputs."""
        return len(self.names)

    def scaled(self, points: FloatArray) -> FloatArray:
        """Return points with every input on 0 to 1, a choice by the place of its option."""
        low, high = np.array(self.low), np.array(self.high)
        return np.asarray((points - low) / np.where(high > low, high - low, 1.0), dtype=np.float64)

    def spread(self, unit_points: FloatArray) -> FloatArray:
        """Return points from numbers evenly spread on 0 to 1: each whole or listed number and option equally likely."""
        columns = []
        for place, kind in enumerate(self.kind):
            low, high, u = self.low[place], self.high[place], unit_points[:, place]
            if self.listed and self.listed[place]:
                numbers = np.array(self.listed[place])
                columns.append(numbers[np.minimum((u * numbers.size).astype(np.int64), numbers.size - 1)])
                continue
            even = low + u * (high - low)
            steps = np.minimum(np.floor(low + u * (high - low + 1.0)), high)
            columns.append(even if kind == "continuous" else steps)
        return np.column_stack(columns)

    def features(self, points: FloatArray) -> FloatArray:
        """Return what an emulator learns from: numbers scaled, a choice among more than two as one column an option."""
        scaled, columns = self.scaled(points), []
        for place, kind in enumerate(self.kind):
            count = len(self.options[place])
            if kind == "choice" and count > 2:
                columns += [(points[:, place] == option).astype(np.float64) for option in range(count)]
            else:
                columns.append(scaled[:, place])
        return np.column_stack(columns)
