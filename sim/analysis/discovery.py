"""Under which inputs is one regime worse than another? Boxes (PRIM) and a tree (CART) over the points of a study.

Where a point counts as worse by its mean, luck blurs that; where it counts by its interval, an undecided point counts
as not worse, though it may be. Either way a box can mark where luck is small, or large. So no box is told as a finding
by how dense it is alone: points that had no part in finding it, half of the points in turn, must be worse inside by
more than matters, and worse inside than outside, in the mean, which luck does not bias whatever its size.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.discovery_boxes import Bools, Box, Counts, counts
from sim.analysis.discovery_contrast import UNDECIDED, Contrast, Sides
from sim.analysis.discovery_prim import MOST_BOXES, boxes
from sim.analysis.discovery_tree import leaves
from sim.analysis.space import CannotAnalyseError, FloatArray, Space
from sim.measures.proportions import wilson_interval

LEAST_POINTS = 30
MOST_UNDECIDED = 0.5
"""With more undecided points than decided ones, whether a point has a verdict tells more of luck than of the regimes.

Boxes by verdicts are then refused, and boxes by means come with a warning.
"""
FEW_REPLICATES = 4
"""With fewer, an interval over luck that all points share misses too often.

Where all luck is shared, simulated 95 % intervals of means miss in 10 to 12 % of cases with two replicates, in 6 to 7 %
with three, in 5 to 6 % with four.
"""
BY_MEAN, BY_INTERVAL = "mean", "interval"
WAYS = (BY_MEAN, BY_INTERVAL)
HOLDS = "worse inside, and more so than outside"
NOT_FOUND = "nothing found"
NOT_EVEN_ITSELF = "not surely worse even in the points it was found in"
NOT_WORSE_INSIDE = "not surely worse inside by more than matters"
NOT_WORSE_THAN_OUTSIDE = "not surely worse inside than outside"
NOT_DENSER = "no denser in worse points than all points, as far as can be told"
Finder = Callable[[FloatArray, Bools], Sequence[Sequence[Box]]]


@dataclass(frozen=True)
class HeldOut:
    """Points in boxes that others had found: how many, how many of them worse, the density with its interval, means."""

    inside: int
    worse: int
    density: float
    low: float
    high: float
    sides: Sides
    verdict: str


@dataclass(frozen=True)
class Finding:
    """A box with what it holds, the quasi-p of each limited input (none for a leaf), and how it held elsewhere.

    ``sides`` compares the points that the box was found in and so flatters it. Outside are the points that neither it
    nor an earlier box holds; of a leaf, those in no leaf. ``held_out`` of a leaf is that of all leaves together.
    """

    method: str
    box: Box
    counts: Counts
    chances: tuple[tuple[int, float], ...]
    sides: Sides
    held_out: HeldOut

    @property
    def verdict(self) -> str:
        """Return that on points that had no part in it, unless its own points, which flatter it, already speak against.

        So a leaf is not borne out by the others, with which it shares what is held out.
        """
        itself = self.sides.harm.low > 0.0 and self.sides.more_harm.low > 0.0
        return self.held_out.verdict if itself else NOT_EVEN_ITSELF

    @property
    def holds(self) -> bool:
        """Tell whether it is a finding."""
        return self.verdict == HOLDS


@dataclass(frozen=True)
class Discovery:
    """All that was found; ``paths`` has the coverage, density and mass after each step of peeling, box by box.

    ``by`` is one of WAYS, and ``worse`` tells which points [P] count as worse by it.
    """

    space: Space
    contrast: Contrast
    by: str
    worse: Bools
    findings: tuple[Finding, ...]
    paths: tuple[tuple[tuple[Box, Counts], ...], ...]

    @property
    def mostly_undecided(self) -> bool:
        """Tell whether more points are undecided than decided."""
        return _mostly_undecided(self.contrast)


def discover(space: Space, points: FloatArray, contrast: Contrast, seed: int, by: str = BY_MEAN) -> Discovery:
    """Find boxes in which the points that are worse are dense; none where no point is, or every one.

    Raise CannotAnalyseError on fewer than 30 points, and by intervals where most points are undecided.
    """
    if len(points) < LEAST_POINTS:
        raise CannotAnalyseError(f"{len(points)} points are too few to look for boxes in; take {LEAST_POINTS} or more")
    if by == BY_INTERVAL and _mostly_undecided(contrast):
        raise CannotAnalyseError(
            f"{contrast.number(UNDECIDED)} of {len(points)} points are undecided, so boxes by interval would mark "
            "where luck is small; class points by their mean (--by mean) or run more replicates"
        )
    worse = contrast.worse_by_mean if by == BY_MEAN else contrast.worse_by_interval
    if not worse.any() or worse.all():
        return Discovery(space, contrast, by, worse, (), ())
    search = _Search(space, points, contrast, worse, seed)
    found = boxes(space, points, worse)
    in_turn = search.held_out(lambda own, hit: [[one.box] for one in boxes(space, own, hit)])
    findings, left = [], np.ones(len(points), dtype=np.bool_)
    for one, held in zip(found, in_turn, strict=False):
        inside = left & one.box.inside(points)
        left &= ~inside
        findings.append(Finding("box", one.box, one.counts, one.chances, contrast.sides(inside, left), held))
    return Discovery(space, contrast, by, worse, (*findings, *search.leaves()), tuple(one.path for one in found))


def _mostly_undecided(contrast: Contrast) -> bool:
    return contrast.number(UNDECIDED) > MOST_UNDECIDED * len(contrast.words)


@dataclass(frozen=True)
class _Search:
    space: Space
    points: FloatArray
    contrast: Contrast
    worse: Bools
    seed: int

    def leaves(self) -> list[Finding]:
        """Return the dense leaves of a tree."""
        dense = leaves(self.space, self.points, self.worse, self.seed)
        together = self.held_out(lambda own, hit: [leaves(self.space, own, hit, self.seed)])[0]
        inside = [box.inside(self.points) for box in dense]
        outside = ~np.any(inside or [np.zeros_like(self.worse)], axis=0)
        return [
            Finding("leaf", box, counts(box, self.points, self.worse), (), self.contrast.sides(own, outside), together)
            for box, own in zip(dense, inside, strict=True)
        ]

    def held_out(self, find: Finder) -> list[HeldOut]:
        """Find boxes in each half and look at the other: the first of both halves together, then the second, the third.

        ``find`` returns groups of boxes; a point belongs to the first group that holds it.
        """
        inside, outside = np.zeros((2, MOST_BOXES, len(self.points)), dtype=np.bool_)
        for half in self._halves():
            left = ~half
            for rank, group in enumerate(find(self.points[half], self.worse[half])):
                if group:
                    held = left & np.any([box.inside(self.points) for box in group], axis=0)
                    left &= ~held
                    inside[rank] |= held
                    outside[rank] |= left
        return [self._told(*pair) for pair in zip(inside, outside, strict=True)]

    def _halves(self) -> list[Bools]:
        """Return two halves of the points with as many worse ones in each, drawn by lot."""
        rng = np.random.default_rng([self.seed, len(self.worse)])
        first = np.zeros(len(self.worse), dtype=np.bool_)
        for members in (np.flatnonzero(self.worse), np.flatnonzero(~self.worse)):
            first[rng.permutation(members)[::2]] = True
        return [first, ~first]

    def _told(self, inside: Bools, outside: Bools) -> HeldOut:
        number, hit = int(inside.sum()), int(self.worse[inside].sum())
        sides = self.contrast.sides(inside, outside)
        if not number:
            return HeldOut(0, 0, math.nan, math.nan, math.nan, sides, NOT_FOUND)
        low, high = (float(limit) for limit in wilson_interval(hit, number))
        return HeldOut(number, hit, hit / number, low, high, sides, _verdict(sides, low > float(self.worse.mean())))


def _verdict(sides: Sides, denser: bool) -> str:
    """Tell whether a box holds, and what speaks against it first if not; limits that are undefined (nan) do."""
    if not sides.harm.low > 0.0:
        return NOT_WORSE_INSIDE
    if not sides.more_harm.low > 0.0:
        return NOT_WORSE_THAN_OUTSIDE
    return HOLDS if denser else NOT_DENSER
