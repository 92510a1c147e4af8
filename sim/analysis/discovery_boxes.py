"""Boxes in the space of inputs: limits for numbers, allowed options for choices; and what is inside one."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from sim.analysis.space import FloatArray, Space

Bools = npt.NDArray[np.bool_]
Item = TypeVar("Item")


@dataclass(frozen=True)
class Box:
    """Limits of each input, both within the box, infinite where there is none; ``allowed`` is None for a number."""

    low: tuple[float, ...]
    high: tuple[float, ...]
    allowed: tuple[tuple[int, ...] | None, ...]

    def inside(self, points: FloatArray) -> Bools:
        """Tell which points [P, inputs] lie in the box."""
        found = np.ones(len(points), dtype=np.bool_)
        for place, options in enumerate(self.allowed):
            column = points[:, place]
            found &= (column >= self.low[place]) & (column <= self.high[place])
            if options is not None:
                found &= np.isin(column, options)
        return found

    def without(self, place: int, space: Space) -> "Box":
        """Return the box that leaves one input free."""
        free = whole_space(space)
        return replace(
            self,
            low=_with(self.low, place, -math.inf),
            high=_with(self.high, place, math.inf),
            allowed=_with(self.allowed, place, free.allowed[place]),
        )

    def above(self, place: int, low: float) -> "Box":
        """Return the box with another low limit."""
        return replace(self, low=_with(self.low, place, low))

    def below(self, place: int, high: float) -> "Box":
        """Return the box with another high limit."""
        return replace(self, high=_with(self.high, place, high))

    def allowing(self, place: int, options: tuple[int, ...]) -> "Box":
        """Return the box with other allowed options."""
        return replace(self, allowed=_with(self.allowed, place, options))

    def restricted(self, space: Space) -> list[int]:
        """Return the inputs that the box limits."""
        free = whole_space(space)
        return [
            place
            for place in range(space.inputs)
            if (self.low[place], self.high[place], self.allowed[place]) != (-math.inf, math.inf, free.allowed[place])
        ]


@dataclass(frozen=True)
class Counts:
    """Of all points: how many lie in a box, how many of those are of interest, and the same of all points."""

    inside: int
    interesting: int
    points: int
    all_interesting: int

    @property
    def density(self) -> float:
        """Return the share of the points inside that are of interest, nan of an empty box."""
        return self.interesting / self.inside if self.inside else math.nan

    @property
    def coverage(self) -> float:
        """Return the share of the points of interest that lie inside, nan where there is none."""
        return self.interesting / self.all_interesting if self.all_interesting else math.nan

    @property
    def mass(self) -> float:
        """Return the share of the points that lie inside."""
        return self.inside / self.points


def whole_space(space: Space) -> Box:
    """Return the box that holds everything."""
    free = tuple(tuple(range(len(options))) if options else None for options in space.options)
    return Box((-math.inf,) * space.inputs, (math.inf,) * space.inputs, free)


def counts(box: Box, points: FloatArray, interesting: Bools) -> Counts:
    """Count points in a box."""
    inside = box.inside(points)
    return Counts(int(inside.sum()), int(interesting[inside].sum()), len(points), int(interesting.sum()))


def quasi_p(box: Box, place: int, space: Space, points: FloatArray, interesting: Bools) -> float:
    """Return how likely chance alone gives so dense a box if the limit of one input did nothing (Bryant, Lempert 2010).

    Binomial: as many points of interest or more among those inside, at the density without that limit. It is called
    quasi, as the limit was chosen for its density.
    """
    from scipy.special import bdtrc

    own, without = (counts(one, points, interesting) for one in (box, box.without(place, space)))
    return float(bdtrc(own.interesting - 1, own.inside, without.density)) if own.interesting else 1.0


def steps_inward(box: Box, place: int, space: Space, column: FloatArray, share: float) -> Iterator[Box]:
    """Yield the box less its lowest and its highest points of one input, or less one of the options it has.

    ``column`` are the input's values of the points inside, of which ``share`` is cut, and always one at least.
    """
    options = box.allowed[place]
    if options is not None:
        there = [option for option in options if (column == option).any()]
        for option in there if len(there) > 1 else []:
            yield box.allowing(place, tuple(other for other in options if other != option))
        return
    values = np.sort(column)
    cut = max(int(share * len(values)), 1)
    kept = values[values >= values[min(cut, len(values) - 1)]]
    kept = kept if len(kept) < len(values) else values[values > values[0]]
    if len(kept):
        yield box.above(place, _between(values[values < kept[0]][-1], kept[0], space.kind[place] == "whole", up=True))
    kept = values[values <= values[max(len(values) - 1 - cut, 0)]]
    kept = kept if len(kept) < len(values) else values[values < values[-1]]
    if len(kept):
        yield box.below(place, _between(kept[-1], values[values > kept[-1]][0], space.kind[place] == "whole", up=False))


def steps_outward(box: Box, place: int, space: Space, points: FloatArray, number: int) -> Iterator[Box]:
    """Yield the box wider by the next ``number`` points beyond each limit of one input, or by one option."""
    free = box.without(place, space)
    column = points[free.inside(points), place]
    options, all_options = box.allowed[place], free.allowed[place]
    if options is not None and all_options is not None:
        for option in all_options:
            if option not in options:
                yield box.allowing(place, tuple(sorted((*options, option))))
        return
    beneath, beyond = np.sort(column[column < box.low[place]])[::-1], np.sort(column[column > box.high[place]])
    if len(beneath):
        last = beneath[min(number, len(beneath)) - 1]
        more = beneath[beneath < last]
        whole = space.kind[place] == "whole"
        yield box.above(place, _between(more[0], last, whole, up=True) if len(more) else -math.inf)
    if len(beyond):
        last = beyond[min(number, len(beyond)) - 1]
        more = beyond[beyond > last]
        whole = space.kind[place] == "whole"
        yield box.below(place, _between(last, more[0], whole, up=False) if len(more) else math.inf)


def _between(left: float, right: float, whole: bool, up: bool) -> float:
    """Return the limit between two neighbours: half-way, or the whole number that is still inside."""
    return float(right if up else left) if whole else float(left + right) / 2


def _with(items: tuple[Item, ...], place: int, item: Item) -> tuple[Item, ...]:
    return (*items[:place], item, *items[place + 1 :])
