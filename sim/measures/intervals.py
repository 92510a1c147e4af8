"""Intervals over replicates, and the words in which a difference is told."""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.measures.checks import level

FloatArray = npt.NDArray[np.float64]

LARGER = "larger"
SMALLER = "smaller"
EQUIVALENT = "equivalent"
NOT_DISTINGUISHABLE = "not distinguishable"
CANNOT_BE_TOLD = "cannot be told"
NO_VERDICT = "no verdict"
TIE = 1e-12
"""Of a mean: an interval narrower than this is that of equal values."""
VERDICTS = (LARGER, EQUIVALENT, SMALLER, NOT_DISTINGUISHABLE, CANNOT_BE_TOLD, NO_VERDICT)


@dataclass(frozen=True)
class Interval:
    """A mean over n values with the two limits of its confidence interval, in the unit of the values."""

    mean: float
    low: float
    high: float
    n: int

    @property
    def excludes_zero(self) -> bool:
        """Say whether zero lies outside the limits; never when the limits are undefined."""
        return self.low > 0.0 or self.high < 0.0

    def within(self, lowest: float, highest: float) -> "Interval":
        """Return the interval cut where no value can lie; a limit on the bound itself is no estimate of it."""
        if math.isnan(self.low):
            return self
        return replace(self, low=max(self.low, lowest), high=min(self.high, highest))


def mean_interval(values: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """Return the mean of independent values with Student's t interval on n - 1 degrees of freedom.

    One value leaves the limits undefined (nan). Raise ValueError on a value that is not finite:
    a hole must be taken out by whoever knows what it means.
    """
    sample = np.asarray(values, dtype=np.float64)
    if not np.isfinite(sample).all():
        raise ValueError("mean_interval: every value must be finite")
    n = int(sample.size)
    mean = float(sample.mean()) if n else math.nan
    half = _half_width(sample, float(level(confidence))) if n > 1 else math.nan
    return Interval(mean, mean - half, mean + half, n)


def mean_intervals(values: FloatArray, confidence: float = 0.95) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the means of many samples [..., n] with their limits, [...] each: the numbers of ``mean_interval``.

    Every value is finite. One value a sample leaves the limits undefined (nan).
    """
    from scipy.special import stdtrit

    n = values.shape[-1]
    mean = np.asarray(values.mean(axis=-1))
    if n < 2:
        nothing = np.full(mean.shape, np.nan)
        return mean, nothing, nothing
    half = stdtrit(n - 1, 0.5 + float(level(confidence)) / 2) * values.std(axis=-1, ddof=1) / math.sqrt(n)
    return mean, mean - half, mean + half


def paired_interval(values: npt.ArrayLike, baseline: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """Return the mean difference of pairs, values minus baseline, with its t interval.

    Entry i of both belongs to replicate i, under the same luck. Raise ValueError when the lengths differ.
    """
    left, right = np.asarray(values, dtype=np.float64), np.asarray(baseline, dtype=np.float64)
    if left.shape != right.shape:
        raise ValueError(f"paired_interval: {left.size} values against {right.size} of the baseline")
    return mean_interval(left - right, confidence)


def of_shares(difference: Interval, confidence: float = 0.95) -> Interval:
    """Return an interval of differences between shares of people, without limits where their equality tells nothing.

    The shares of few people tie by luck. So n differences that are all the same, and not 0, have limits only where the
    sign test would be sure of as many equal signs: 2^(1 - n) must not exceed 1 - ``confidence``.
    """
    tied = difference.n > 1 and difference.high - difference.low <= TIE * abs(difference.mean)
    if tied and difference.mean != 0.0 and 2.0 ** (1 - difference.n) > 1.0 - confidence:
        return replace(difference, low=math.nan, high=math.nan)
    return difference


def _half_width(sample: FloatArray, confidence: float) -> float:
    from scipy.special import stdtrit

    n = sample.size
    return float(stdtrit(n - 1, 0.5 + confidence / 2) * sample.std(ddof=1) / math.sqrt(n))


def verdict(difference: Interval, smallest_difference: float) -> str:
    """Tell a difference in words against the smallest difference that matters (>= 0, same unit).

    "larger" and "smaller": the whole interval lies beyond it; "equivalent": the whole interval lies
    within it on both sides, limits included. Of what is left, "not distinguishable": the interval spans
    zero; "cannot be told": there is a difference, but not surely one that matters. Undefined limits, as of
    one replicate, give "no verdict". Raise ValueError when the smallest difference is negative.
    """
    if smallest_difference < 0:
        raise ValueError("verdict: the smallest difference that matters is a number of at least 0")
    if not (math.isfinite(difference.low) and math.isfinite(difference.high)):
        return NO_VERDICT
    if difference.low > smallest_difference:
        return LARGER
    if difference.high < -smallest_difference:
        return SMALLER
    if -smallest_difference <= difference.low and difference.high <= smallest_difference:
        return EQUIVALENT
    return CANNOT_BE_TOLD if difference.excludes_zero else NOT_DISTINGUISHABLE
