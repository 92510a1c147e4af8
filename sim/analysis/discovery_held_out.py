"""Boxes looked at in points that had no part in finding them: those of each half of the points, in the other half.

Evidence belongs to a place. So each box of a half speaks for the told box with which it shares most points, in whatever
order they were found, and for none where it shares no point with any.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.analysis.discovery_boxes import Bools, Box
from sim.analysis.discovery_contrast import Contrast, Sides
from sim.analysis.space import FloatArray
from sim.measures.proportions import wilson_interval

HOLDS = "worse inside, and more so than outside"
NOT_FOUND = "nothing found"
NOT_WORSE_INSIDE = "not surely worse inside by more than matters"
NOT_WORSE_THAN_OUTSIDE = "not surely worse inside than outside"
NOT_DENSER = "no denser in worse points than all points, as far as can be told"
Masks = npt.NDArray[np.bool_]
Finder = Callable[[FloatArray, Bools], Sequence[Box]]


@dataclass(frozen=True)
class HeldOut:
    """Points in boxes that others had found: how many, how many of them worse, the density with its interval, means.

    ``shared`` is the share of points that those boxes have in common with the told one, of all points in either.
    """

    inside: int
    worse: int
    density: float
    low: float
    high: float
    shared: float
    sides: Sides
    verdict: str


@dataclass(frozen=True)
class Search:
    """What boxes are sought by, and what they are looked at with; the same unless replicates are held out too.

    ``sought`` and ``worse`` tell which points [P] count as worse: in the replicates that boxes are found in, and in
    those of ``contrast``.
    """

    points: FloatArray
    sought: Bools
    worse: Bools
    contrast: Contrast
    seed: int

    def held_out(self, find: Finder, told: Sequence[Bools], in_order: bool) -> list[HeldOut]:
        """Find boxes in each half of the points and look at them in the other, for each told region [P] of points.

        Outside are the points of that half in no box that speaks for this region or, if ``in_order``, for an earlier
        one; else those in no box at all.
        """
        if not told:
            return []
        regions: Masks = np.array(told)
        inside, outside = np.zeros((2, *regions.shape), dtype=np.bool_)
        shared = np.zeros((2, len(told)))
        for half in self._halves():
            found = list(parted(box.inside(self.points) for box in find(self.points[half], self.sought[half])))
            mine = _given(found, regions)
            taken = np.logical_or.accumulate(mine) if in_order else np.any([np.zeros_like(half), *found], axis=0)
            speaks = np.any(mine & ~half, axis=1, keepdims=True)
            inside |= mine & ~half
            outside |= speaks & ~taken & ~half
            shared += speaks.T * np.array([(mine & regions).sum(axis=1), (mine | regions).sum(axis=1)])
        return [self._told(*one) for one in zip(inside, outside, *shared.tolist(), strict=True)]

    def _halves(self) -> list[Bools]:
        """Return two halves of the points with as many worse ones in each, drawn by lot."""
        rng = np.random.default_rng([self.seed, len(self.sought)])
        first = np.zeros(len(self.sought), dtype=np.bool_)
        for members in (np.flatnonzero(self.sought), np.flatnonzero(~self.sought)):
            first[rng.permutation(members)[::2]] = True
        return [first, ~first]

    def _told(self, inside: Bools, outside: Bools, common: float, either: float) -> HeldOut:
        number, hit = int(inside.sum()), int(self.worse[inside].sum())
        sides = self.contrast.sides(inside, outside)
        if not number:
            return HeldOut(0, 0, math.nan, math.nan, math.nan, math.nan, sides, NOT_FOUND)
        low, high = (float(limit) for limit in wilson_interval(hit, number))
        verdict = _verdict(sides, low > float(self.worse.mean()))
        return HeldOut(number, hit, hit / number, low, high, common / either, sides, verdict)


def parted(inside: Iterator[Bools]) -> Iterator[Bools]:
    """Yield the points [P] in each box that no earlier box holds."""
    taken: Bools | None = None
    for one in inside:
        yield one if taken is None else one & ~taken
        taken = one if taken is None else taken | one


def _given(found: Sequence[Bools], regions: Masks) -> Masks:
    """Return the points of the boxes that speak for each region [K, P]: of all regions it is the most like theirs.

    Alike is the number of points in both over that in either (Jaccard).
    """
    mine = np.zeros_like(regions)
    for box in found:
        alike = (box & regions).sum(axis=1) / np.maximum((box | regions).sum(axis=1), 1)
        best = int(np.argmax(alike))
        if alike[best] > 0.0:
            mine[best] |= box
    return mine


def _verdict(sides: Sides, denser: bool) -> str:
    """Tell whether a box holds, and what speaks against it first if not; limits that are undefined (nan) do."""
    if not sides.harm.low > 0.0:
        return NOT_WORSE_INSIDE
    if not sides.more_harm.low > 0.0:
        return NOT_WORSE_THAN_OUTSIDE
    return HOLDS if denser else NOT_DENSER
