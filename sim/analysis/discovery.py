"""Under which inputs is one regime worse than another? Boxes (PRIM) and a tree (CART) over the points of a study.

Where a point counts as worse by its mean, luck blurs that; where it counts by its interval, an undecided point counts
as not worse, though it may be. Either way a box can mark where luck is small, or large. So no box is told as a finding
by how dense it is alone: points that had no part in finding it, half of the points in turn, must be worse inside by
more than matters, and worse inside than outside, in the mean, which luck does not bias whatever its size. Luck that all
points share is the same in both halves; with enough replicates, half of those are held out as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.discovery_boxes import Bools, Box, Counts, counts
from sim.analysis.discovery_contrast import UNDECIDED, Contrast, Sides
from sim.analysis.discovery_held_out import HOLDS, HeldOut, Search, parted
from sim.analysis.discovery_prim import Found, boxes
from sim.analysis.discovery_tree import leaves
from sim.analysis.space import CannotAnalyseError, FloatArray, Space

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
REPLICATES_TO_HOLD_OUT = 2 * FEW_REPLICATES
"""From here on boxes are found in half of the replicates and looked at in the other half, neither being too few.

With four, halves of two would tell less: a box that 93 % of simulated studies found, 62 % did.
"""
BY_MEAN, BY_INTERVAL = "mean", "interval"
WAYS = (BY_MEAN, BY_INTERVAL)
NOT_EVEN_ITSELF = "not surely worse by more than matters even in the points it was found in"
NOT_EVEN_THAN_OUTSIDE = "not surely worse than outside even in the points it was found in"


@dataclass(frozen=True)
class Finding:
    """A box with what it holds, the quasi-p of each limited input (none for a leaf), and how it held elsewhere.

    ``sides`` compares the points that the box was found in and so flatters it. Outside are the points that neither it
    nor an earlier box holds; of a leaf, those in no leaf.
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

        Boxes found in halves of the points may have other edges; its own points are those inside its own.
        """
        if not self.sides.harm.low > 0.0:
            return NOT_EVEN_ITSELF
        return self.held_out.verdict if self.sides.more_harm.low > 0.0 else NOT_EVEN_THAN_OUTSIDE

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
    def replicates_held_out(self) -> bool:
        """Tell whether boxes are looked at in other replicates, too, than they were found in."""
        return _hold_out(self.contrast)

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
    worse = _worse(contrast, by)
    if not worse.any() or worse.all():
        return Discovery(space, contrast, by, worse, (), ())
    finding, looking = contrast, contrast
    if _hold_out(contrast):
        finding, looking = contrast.of_replicates(slice(1, None, 2)), contrast.of_replicates(slice(0, None, 2))
    search = Search(points, _worse(finding, by), _worse(looking, by), looking, seed)
    found = boxes(space, points, worse)
    findings = [*_boxes(found, contrast, search, space), *_leaves(worse, contrast, search, space)]
    return Discovery(space, contrast, by, worse, tuple(findings), tuple(one.path for one in found))


def _worse(contrast: Contrast, by: str) -> Bools:
    return contrast.worse_by_mean if by == BY_MEAN else contrast.worse_by_interval


def _hold_out(contrast: Contrast) -> bool:
    return contrast.replicates >= REPLICATES_TO_HOLD_OUT


def _mostly_undecided(contrast: Contrast) -> bool:
    return contrast.number(UNDECIDED) > MOST_UNDECIDED * len(contrast.words)


def _boxes(found: Sequence[Found], contrast: Contrast, search: Search, space: Space) -> Iterator[Finding]:
    """Yield boxes, each of the points that earlier ones left."""
    regions = list(parted(one.box.inside(search.points) for one in found))
    held_out = search.held_out(lambda own, hit: [one.box for one in boxes(space, own, hit)], regions, in_order=True)
    left = np.ones(len(search.points), dtype=np.bool_)
    for one, inside, held in zip(found, regions, held_out, strict=True):
        left = left & ~inside
        yield Finding("box", one.box, one.counts, one.chances, contrast.sides(inside, left), held)


def _leaves(worse: Bools, contrast: Contrast, search: Search, space: Space) -> Iterator[Finding]:
    """Yield the dense leaves of a tree."""
    points = search.points
    dense = leaves(space, points, worse, search.seed)
    regions = [box.inside(points) for box in dense]
    outside = ~np.any([np.zeros_like(worse), *regions], axis=0)
    held_out = search.held_out(lambda own, hit: leaves(space, own, hit, search.seed), regions, in_order=False)
    for box, inside, held in zip(dense, regions, held_out, strict=True):
        yield Finding("leaf", box, counts(box, points, worse), (), contrast.sides(inside, outside), held)
