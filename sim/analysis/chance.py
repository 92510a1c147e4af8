"""How much of what an output shows over the points of a design is mere chance, from the replicates at each point."""

import math
from dataclasses import dataclass

import numpy as np

from sim.analysis.space import CannotAnalyseError, FloatArray

ABOVE_CHANCE = "above chance"
NOT_ABOVE_CHANCE = "not distinguishable from chance"
CHANCE_UNKNOWN = "chance not known"
"""Verdicts on an index; the last where there is one replicate, so that nothing tells luck from effect."""


@dataclass(frozen=True)
class Chance:
    """The part of an output's variance that is luck, nan with one replicate.

    ``of_runs``: between-replicate variance at a point over the variance of single runs over points and luck.
    ``of_means``: the same of what is analysed, the means over replicates; luck that moves every point alike
    (the same replicates have the same luck everywhere) is no part of it. ``variance`` is what luck adds to the
    variance of a mean, in the output's unit squared.
    """

    replicates: int
    of_runs: float
    of_means: float
    variance: float


def chance_of(outputs: FloatArray) -> Chance:
    """Split the variance of outputs [P, R] by the two-way layout of points and replicates (one-way within points).

    Raise CannotAnalyseError on fewer than two points.
    """
    points, replicates = outputs.shape
    if points < 2:
        raise CannotAnalyseError("one point tells nothing about inputs")
    if replicates < 2:
        return Chance(replicates, math.nan, math.nan, math.nan)
    means = outputs.mean(axis=1)
    rest = outputs - means[:, np.newaxis] - outputs.mean(axis=0) + outputs.mean()
    noise = float((rest**2).sum()) / ((points - 1) * (replicates - 1)) / replicates
    of_points = float(means.var(ddof=1))
    luck = float(outputs.var(axis=1, ddof=1).mean())
    signal = max(of_points - noise, 0.0)
    return Chance(
        replicates=replicates,
        of_runs=luck / (luck + signal) if luck + signal > 0.0 else math.nan,
        of_means=min(noise / of_points, 1.0) if of_points > 0.0 else math.nan,
        variance=noise,
    )


def verdict_on(low: float, floor: float) -> str:
    """Tell an index from the low limit of its interval and what chance alone would give (nan where not known)."""
    if low <= 0.0:
        return NOT_ABOVE_CHANCE
    if math.isnan(floor):
        return CHANCE_UNKNOWN
    return ABOVE_CHANCE if low > floor else NOT_ABOVE_CHANCE


def check_outputs(points: FloatArray, outputs: FloatArray) -> None:
    """Raise CannotAnalyseError on outputs [P, R] that are not finite, do not fit the points, or never differ."""
    if outputs.ndim != 2 or len(points) != len(outputs):
        raise CannotAnalyseError(f"{len(points)} points have outputs of shape {outputs.shape}")
    bad = np.flatnonzero(~np.isfinite(outputs).all(axis=1)) + 1
    if bad.size:
        raise CannotAnalyseError(f"{bad.size} of {len(points)} points lack a finite output: {numbers_in_words(bad)}")
    if np.ptp(outputs.mean(axis=1)) == 0.0:
        raise CannotAnalyseError("the output is the same at every point; there is nothing to share out among inputs")


def numbers_in_words(numbers: "np.typing.NDArray[np.int64]", most: int = 10) -> str:
    """List point numbers, of many only the first.

    >>> numbers_in_words(np.array([1, 2, 5])), numbers_in_words(np.arange(1, 30), 3)
    ('1, 2, 5', '1, 2, 3, …')
    """
    return ", ".join(str(n) for n in numbers[:most].tolist()) + (", …" if len(numbers) > most else "")
