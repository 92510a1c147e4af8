"""Under which inputs is one regime worse than another? Boxes (PRIM) and a tree (CART) over the points of a study.

A point counts as worse only where the paired interval over its replicates says so, by more than the smallest
difference that matters. A box is chosen for its density, so its density flatters it: beside it stands the density in
points that had no part in finding it, half of the points in turn.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.chance import numbers_in_words
from sim.analysis.discovery_boxes import Bools, Box, Counts, counts
from sim.analysis.discovery_prim import MOST_BOXES, boxes
from sim.analysis.discovery_tree import leaves
from sim.analysis.space import CannotAnalyseError, FloatArray, Space
from sim.measures.intervals import (
    CANNOT_BE_TOLD,
    EQUIVALENT,
    LARGER,
    NO_VERDICT,
    NOT_DISTINGUISHABLE,
    SMALLER,
    of_shares,
    paired_interval,
    verdict,
)
from sim.measures.outcome import Outcome
from sim.measures.proportions import wilson_interval

LEAST_POINTS = 30
WORSE, BETTER, UNDECIDED = "worse", "better", "undecided"
HOLDS = "holds in points not used to find it"
DOES_NOT_HOLD = "not distinguishable from chance"
Finder = Callable[[FloatArray, Bools], Sequence[Sequence[Box]]]


@dataclass(frozen=True)
class Labels:
    """What each point says, one of WORSE, BETTER, EQUIVALENT or UNDECIDED."""

    words: tuple[str, ...]

    @property
    def worse(self) -> Bools:
        """Return which points are worse."""
        return np.array([word == WORSE for word in self.words])

    def number(self, word: str) -> int:
        """Count the points of one word."""
        return Counter(self.words)[word]


@dataclass(frozen=True)
class HeldOut:
    """Points in boxes that others had found: how many, how many of them worse, and the density with its interval."""

    inside: int
    worse: int
    density: float
    low: float
    high: float
    verdict: str


@dataclass(frozen=True)
class Finding:
    """A box with what it holds, the quasi-p of each limited input (none for a leaf), and how it held elsewhere.

    ``held_out`` of a leaf is that of all leaves of the tree together.
    """

    method: str
    box: Box
    counts: Counts
    chances: tuple[tuple[int, float], ...]
    held_out: HeldOut


@dataclass(frozen=True)
class Discovery:
    """All that was found; ``paths`` has the coverage, density and mass after each step of peeling, box by box."""

    space: Space
    labels: Labels
    findings: tuple[Finding, ...]
    paths: tuple[tuple[tuple[Box, Counts], ...], ...]


def labels_of(first: FloatArray, second: FloatArray, known: Outcome) -> Labels:
    """Tell at each point whether the first regime is worse than the second, from outputs [P, R] of both.

    Raise CannotAnalyseError with one replicate, on values that are not finite, or where neither direction is better.
    """
    if known.better == "neither":
        raise CannotAnalyseError(f"{known.id} has no better direction, so no regime can be worse in it")
    if first.shape[1] < 2:
        raise CannotAnalyseError("one replicate has no interval, so no point can be told to be worse; run more")
    bad = np.flatnonzero(~(np.isfinite(first) & np.isfinite(second)).all(axis=1)) + 1
    if bad.size:
        raise CannotAnalyseError(f"{bad.size} of {len(first)} points lack a finite output: {numbers_in_words(bad)}")
    worse, better = (SMALLER, LARGER) if known.better == "higher" else (LARGER, SMALLER)
    meaning = {worse: WORSE, better: BETTER, EQUIVALENT: EQUIVALENT}
    meaning |= dict.fromkeys((NOT_DISTINGUISHABLE, CANNOT_BE_TOLD, NO_VERDICT), UNDECIDED)
    words = []
    for ours, theirs in zip(first, second, strict=True):
        smallest = known.smallest_difference_from(float(theirs.mean()))
        apart = paired_interval(ours, theirs)
        words.append(meaning[verdict(of_shares(apart) if known.is_share else apart, smallest)])
    return Labels(tuple(words))


def discover(space: Space, points: FloatArray, labels: Labels, seed: int) -> Discovery:
    """Find boxes in which the points that are worse are dense; none where no point is, or every one.

    Raise CannotAnalyseError on fewer than 30 points.
    """
    if len(points) < LEAST_POINTS:
        raise CannotAnalyseError(f"{len(points)} points are too few to look for boxes in; take {LEAST_POINTS} or more")
    worse = labels.worse
    if not worse.any() or worse.all():
        return Discovery(space, labels, (), ())
    found, dense = boxes(space, points, worse), leaves(space, points, worse, seed)
    halves = _halves(worse, seed)
    in_turn = _held_out(points, worse, halves, lambda own, hit: [[one.box] for one in boxes(space, own, hit)])
    together = _held_out(points, worse, halves, lambda own, hit: [leaves(space, own, hit, seed)])[0]
    findings = [
        Finding("box", one.box, one.counts, one.chances, held) for one, held in zip(found, in_turn, strict=False)
    ]
    findings += [Finding("leaf", box, counts(box, points, worse), (), together) for box in dense]
    return Discovery(space, labels, tuple(findings), tuple(one.path for one in found))


def _halves(worse: Bools, seed: int) -> list[Bools]:
    """Return two halves of the points with as many worse ones in each, drawn by lot."""
    rng = np.random.default_rng([seed, len(worse)])
    first = np.zeros(len(worse), dtype=np.bool_)
    for members in (np.flatnonzero(worse), np.flatnonzero(~worse)):
        first[rng.permutation(members)[::2]] = True
    return [first, ~first]


def _held_out(points: FloatArray, worse: Bools, halves: Sequence[Bools], find: Finder) -> list[HeldOut]:
    """Find boxes in each half and count in the other: the first of both halves together, then the second, the third.

    ``find`` returns groups of boxes; a point belongs to the first group that holds it.
    """
    inside, hit = np.zeros(MOST_BOXES, dtype=np.int64), np.zeros(MOST_BOXES, dtype=np.int64)
    for half in halves:
        left = ~half
        for rank, group in enumerate(find(points[half], worse[half])):
            held = left & np.any([box.inside(points) for box in group] or [np.zeros_like(left)], axis=0)
            inside[rank] += held.sum()
            hit[rank] += worse[held].sum()
            left &= ~held
    return [_told(*pair, float(worse.mean())) for pair in zip(inside.tolist(), hit.tolist(), strict=True)]


def _told(inside: int, hit: int, everywhere: float) -> HeldOut:
    if not inside:
        return HeldOut(0, 0, math.nan, math.nan, math.nan, DOES_NOT_HOLD)
    low, high = (float(limit) for limit in wilson_interval(hit, inside))
    return HeldOut(inside, hit, hit / inside, low, high, HOLDS if low > everywhere else DOES_NOT_HOLD)
