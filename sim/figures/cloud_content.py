"""What a figure of points drawn at random shows: each difference against the input on which it hangs most."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.measures.intervals import Interval

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
MOST_PARTS, FEWEST_IN_PART = 5, 5
CONFIDENCE = 0.95
SHUFFLES = 40
EQUAL = 1e-12
"""Differences that vary by no more than this, as a share of their size, are equal but for rounding."""


@dataclass(frozen=True)
class Input:
    """What is varied: its key and unit, and its value at each point, [points]."""

    key: str
    unit: str
    values: FloatArray


@dataclass(frozen=True)
class Cloud:
    """The differences of one outcome, and the input on which they hang most, of those that are numbers.

    ``by_regime`` has for each regime its paired differences from the baseline, [points, replicates], nan where a run
    is missing, in the unit in which they are drawn. ``share`` is the part of the variance of their means that lies
    between parts of the points, in order of that input, mean over regimes; ``by_chance`` what the best input would
    have if none changed anything; both nan with too few points. ``inputs`` counts those among which it was chosen.
    """

    measure: str
    label: str
    unit: str
    over: Input
    by_regime: Mapping[str, FloatArray]
    share: float
    by_chance: float
    inputs: int

    def means(self, regime: str) -> FloatArray:
        """Return the mean over the replicates that there are at each point, [points], nan where there is none."""
        return means_of(self.by_regime[regime])

    def parts(self, regime: str, confidence: float = CONFIDENCE) -> list[tuple[float, Interval]]:
        """Return for each part the middle of its inputs, and the mean difference with its interval."""
        differences = self.by_regime[regime]
        return [
            (float(np.median(self.over.values[part])), mean_of_part(differences[part], confidence))
            for part in parts_of(self.over.values, differences.mean(axis=1))
        ]

    def ends(self, regime: str) -> tuple[Interval, Interval] | None:
        """Return the differences of the first and the last part; None with too few points.

        Of all regimes and both ends, and of any input that might have been chosen, 95 % of studies in which nothing
        differs have no interval that leaves out zero (Bonferroni).
        """
        chances = 2 * len(self.by_regime) * self.inputs
        parts = self.parts(regime, 1.0 - (1.0 - CONFIDENCE) / chances)
        return (parts[0][1], parts[-1][1]) if parts else None


@dataclass(frozen=True)
class Clouds:
    """All outcomes that are drawn; ``points`` are the numbers of the points, ``inputs`` counts what is varied."""

    clouds: Sequence[Cloud]
    regimes: Sequence[str]
    baseline: str
    design: str
    points: Sequence[int]
    inputs: int
    years: str
    replicates: int
    descriptions: Sequence[tuple[str, str]] = ()
    run_keys: Sequence[str] = ()


def cloud_of(names: tuple[str, str, str], inputs: Sequence[Input], by_regime: Mapping[str, FloatArray]) -> Cloud | None:
    """Choose the input on which the differences of an outcome hang most; None without one that is a number.

    ``names`` are measure, label and unit; ``by_regime`` has differences [points, replicates]. Of inputs that explain
    the same the first is chosen.
    """
    if not inputs:
        return None
    means = [means_of(differences) for differences in by_regime.values()]
    shares = _shares(inputs, means)
    best = shares.index(max(shares))
    told = (shares[best], _by_chance(inputs, means)) if shares[best] > 0.0 else (math.nan, math.nan)
    return Cloud(*names, inputs[best], by_regime, *told, len(inputs))


def means_of(differences: FloatArray) -> FloatArray:
    """Return the mean of each row over what there is of it, nan where there is nothing."""
    there = np.isfinite(differences)
    number = there.sum(axis=1)
    total = np.where(there, differences, 0.0).sum(axis=1)
    return np.where(number > 0, total / np.maximum(number, 1), math.nan)


def mean_of_part(differences: FloatArray, confidence: float) -> Interval:
    """Return the mean of differences [points, replicates] with an interval that holds luck and the draw of the points.

    All points of a study meet the same replicates with the same luck, so the means of points are not independent: the
    half-width is the root of the squares of two, that of Student's t over replicates and that over points. Where luck
    alone, or the draw of points alone, makes the difference, it is that t interval; else it holds a little more.
    One replicate leaves the limits undefined (nan).
    """
    from scipy.special import stdtrit

    sizes, mean = differences.shape, float(differences.mean())
    if min(sizes) < 2:
        return Interval(mean, math.nan, math.nan, sizes[0])
    halves = [
        float(stdtrit(size - 1, 0.5 + confidence / 2) * differences.mean(axis=1 - axis).std(ddof=1)) / math.sqrt(size)
        for axis, size in enumerate(sizes)
    ]
    half = math.hypot(*halves)
    return Interval(mean, mean - half, mean + half, sizes[0])


def parts_of(order: FloatArray, values: FloatArray) -> list[IntArray]:
    """Cut the points that have a value into up to five parts by an input, about equal and of five points or more.

    Points with the same input stay together. There is no part where there would be one alone.

    >>> [part.tolist() for part in parts_of(np.arange(10.0)[::-1], np.zeros(10))]
    [[9, 8, 7, 6, 5], [4, 3, 2, 1, 0]]
    """
    there = np.flatnonzero(np.isfinite(values))
    number = min(MOST_PARTS, there.size // FEWEST_IN_PART)
    if number < 2:
        return []
    there = there[np.argsort(order[there], kind="stable")]
    inputs = order[there]
    cuts = np.searchsorted(inputs, [inputs[place * there.size // number] for place in range(1, number)])
    parts = [part for part in np.split(there, np.unique(cuts)) if part.size]
    return parts if len(parts) > 1 else []


def _shares(inputs: Sequence[Input], means_by_regime: Sequence[FloatArray]) -> list[float]:
    """Return for each input the share of variance between parts (correlation ratio), mean over regimes that have it."""
    told = [means for means in means_by_regime if parts_of(np.arange(means.size, dtype=np.float64), means)]
    if not told:
        return [0.0] * len(inputs)
    return [float(np.mean([_share(parts_of(one.values, means), means) for means in told])) for one in inputs]


def _share(parts: Sequence[IntArray], values: FloatArray) -> float:
    there = values[np.isfinite(values)]
    if not parts or float(np.ptp(there)) <= EQUAL * float(np.abs(there).max()):
        return 0.0
    between = sum(part.size * (values[part].mean() - there.mean()) ** 2 for part in parts)
    return float(between / ((there - there.mean()) ** 2).sum())


def _by_chance(inputs: Sequence[Input], means_by_regime: Sequence[FloatArray]) -> float:
    """Return the share of the best input when differences are dealt out to the points anew, mean over the deals."""
    rng = np.random.default_rng(0)
    deals = [rng.permutation(inputs[0].values.size) for _ in range(SHUFFLES)]
    return float(np.mean([max(_shares(inputs, [means[deal] for means in means_by_regime])) for deal in deals]))
