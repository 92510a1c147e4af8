"""What the paired difference of two regimes says: of one point, and of the points in a box against those outside.

A point alone may be undecided. The mean over many points is not biased by how large luck is at each of them, so it
tells whether a regime really is worse in a box where verdicts on points tell only where luck is small.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.analysis.chance import numbers_in_words
from sim.analysis.discovery_boxes import Bools
from sim.analysis.space import CannotAnalyseError, FloatArray
from sim.measures.intervals import EQUIVALENT, LARGER, SMALLER, Interval, mean_interval, of_shares, verdict
from sim.measures.outcome import Outcome

WORSE, BETTER, NOT_WORSE, UNDECIDED = "worse", "better", "not worse", "undecided"
DECIDED_NOT_WORSE = (BETTER, EQUIVALENT, NOT_WORSE)


@dataclass(frozen=True)
class Side:
    """Points on one side of a box: how many, their verdicts, and the mean difference with its interval."""

    points: int
    worse: int
    not_worse: int
    undecided: int
    mean: Interval


@dataclass(frozen=True)
class Sides:
    """Inside and outside of a box, and how far apart they are.

    ``harm`` is the mean difference inside in the worse direction, less the smallest difference that matters;
    ``more_harm`` the mean difference inside less that outside, in the worse direction. Differences are in the
    outcome's unit or, where ``of_level``, shares of the level: the sum of the differences over the sum of the levels.
    """

    inside: Side
    outside: Side
    apart: Interval
    harm: Interval
    more_harm: Interval
    of_level: bool


@dataclass(frozen=True)
class Contrast:
    """A regime less another at each point and replicate [P, R], in the outcome's unit.

    ``smallest`` is the smallest difference that matters, in that unit or, where ``of_level``, as a share of the level.
    ``level`` [P, R] is the mean of both regimes, so it is the same whichever of them is the other; 1 where differences
    are not told as shares of it. ``worse_is`` is 1 where more is worse, -1 where less is. ``words`` are the verdicts on
    points: WORSE or one of DECIDED_NOT_WORSE where the 95 % paired interval over replicates lies whole on one side of
    the smallest difference in the worse direction, else UNDECIDED.
    """

    apart: FloatArray
    level: FloatArray
    smallest: float
    worse_is: int
    shares: bool
    of_level: bool
    words: tuple[str, ...]

    @property
    def replicates(self) -> int:
        """Return the number of replicates."""
        return int(self.apart.shape[1])

    @property
    def worse_by_mean(self) -> Bools:
        """Tell at which points the mean over replicates is worse by more than the smallest difference."""
        mean = self.worse_is * self.apart.mean(axis=1)
        return np.asarray(mean > self.smallest * self.level.mean(axis=1), dtype=np.bool_)

    @property
    def worse_by_interval(self) -> Bools:
        """Tell which points are worse by their verdict."""
        return np.array([word == WORSE for word in self.words], dtype=np.bool_)

    def number(self, *words: str) -> int:
        """Count the points that have one of some verdicts."""
        counted = Counter(self.words)
        return sum(counted[word] for word in words)

    def of_replicates(self, chosen: slice) -> "Contrast":
        """Return what some of the replicates, two or more, say alone."""
        return _contrast(replace(self, apart=self.apart[:, chosen], level=self.level[:, chosen]))

    def sides(self, inside: Bools, outside: Bools) -> Sides:
        """Compare two groups of points [P] that share none."""
        within, apart = self._side(inside), self._told([(inside, 1), (outside, -1)])
        harm = self._in_worse_direction(within.mean)
        return Sides(
            within,
            self._side(outside),
            apart,
            replace(harm, mean=harm.mean - self.smallest, low=harm.low - self.smallest, high=harm.high - self.smallest),
            self._in_worse_direction(apart),
            self.of_level,
        )

    def _side(self, group: Bools) -> Side:
        found = Counter(word for word, held in zip(self.words, group.tolist(), strict=True) if held)
        not_worse = sum(found[word] for word in DECIDED_NOT_WORSE)
        return Side(int(group.sum()), found[WORSE], not_worse, found[UNDECIDED], self._told([(group, 1)]))

    def _in_worse_direction(self, told: Interval) -> Interval:
        return told if self.worse_is > 0 else replace(told, mean=-told.mean, low=-told.high, high=-told.low)

    def _told(self, groups: Sequence[tuple[Bools, int]]) -> Interval:
        told = interval_of_means(self._in_levels([group for group, _ in groups]), groups)
        return of_shares(told) if self.shares else told

    def _in_levels(self, groups: Sequence[Bools]) -> FloatArray:
        """Return values [P, R] whose mean over each group is the sum of its differences over the sum of its levels.

        A mean of quotients would be biased by luck in few cases, and be that of the point with the smallest level. What
        varies about this quotient of sums is what a difference has beyond its level's share of it (the linearised
        ratio estimate: Cochran 1977, Sampling Techniques, chapter 6). Nobody differs where all levels are 0.
        """
        if not self.of_level:
            return self.apart
        values = np.zeros_like(self.apart)
        for group in groups:
            level = float(self.level[group].sum())
            if level > 0.0:
                share, each = float(self.apart[group].sum()) / level, level / self.level[group].size
                values[group] = share + (self.apart[group] - share * self.level[group]) / each
        return values


def contrast_of(first: FloatArray, second: FloatArray, known: Outcome) -> Contrast:
    """Return the contrast of two regimes from the outputs [P, R] of both.

    Raise CannotAnalyseError with one replicate, on values that are not finite, or where neither direction is better.
    """
    if known.better == "neither":
        raise CannotAnalyseError(f"{known.id} has no better direction, so no regime can be worse in it")
    if first.shape[1] < 2:
        raise CannotAnalyseError("one replicate has no interval, so no point can be told to be worse; run more")
    bad = np.flatnonzero(~(np.isfinite(first) & np.isfinite(second)).all(axis=1)) + 1
    if bad.size:
        raise CannotAnalyseError(f"{bad.size} of {len(first)} points lack a finite output: {numbers_in_words(bad)}")
    level = (np.abs(first) + np.abs(second)) / 2 if known.relative else np.ones_like(first)
    worse_is = -1 if known.better == "higher" else 1
    return _contrast(
        Contrast(first - second, level, known.smallest_difference, worse_is, known.is_share, known.relative, ())
    )


def _contrast(one: Contrast) -> Contrast:
    """Return it with the verdicts that its replicates give."""
    smallest = one.smallest * one.level.mean(axis=1)
    words = tuple(
        _word(of_shares(harm) if one.shares else harm, least)
        for harm, least in zip(map(mean_interval, one.worse_is * one.apart), smallest.tolist(), strict=True)
    )
    return replace(one, words=words)


def _word(harm: Interval, smallest: float) -> str:
    """Return the verdict on a point from the interval of what it is worse by."""
    known = {LARGER: WORSE, SMALLER: BETTER, EQUIVALENT: EQUIVALENT}.get(verdict(harm, smallest))
    return known or (NOT_WORSE if harm.high <= smallest else UNDECIDED)


def interval_of_means(values: FloatArray, groups: Sequence[tuple[Bools, int]], confidence: float = 0.95) -> Interval:
    """Return the weighted sum of the means of groups of points, with an interval, from values [P, R].

    Points and replicates are both samples, and all points share the luck of a replicate. So two variances are added:
    that of the mean over points, from the points' own means, and that over replicates, from the replicates' sums.
    Luck of one run alone is in both, which errs on the wide side (Owen 2007, The pigeonhole bootstrap). Degrees of
    freedom by Satterthwaite (1946). A group of one point has no limits, one of none no mean either. The
    number of values told is that in the smallest group, points times replicates.
    """
    from scipy.special import stdtrit

    replicates = values.shape[1]
    sizes = [int(group.sum()) for group, _ in groups]
    number = min(sizes) * replicates
    if not number:
        return Interval(math.nan, math.nan, math.nan, number)
    sums = np.sum([weight * values[group].mean(axis=0) for group, weight in groups], axis=0)
    mean = float(sums.mean())
    if min(*sizes, replicates) < 2:
        return Interval(mean, math.nan, math.nan, number)
    parts = [
        (float(values[group].mean(axis=1).var(ddof=1)) * weight**2 / size, size - 1)
        for (group, weight), size in zip(groups, sizes, strict=True)
    ]
    parts.append((float(sums.var(ddof=1)) / replicates, replicates - 1))
    variance, spread = sum(part for part, _ in parts), sum(part**2 / free for part, free in parts)
    half = float(stdtrit(variance**2 / spread, 0.5 + confidence / 2)) * math.sqrt(variance) if spread > 0.0 else 0.0
    return Interval(mean, mean - half, mean + half, number)
