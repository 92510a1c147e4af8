"""Control limits of a funnel plot of proportions (Spiegelhalter 2005, Stat Med 24:1185)."""

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, divide, not_negative, number, some
from sim.measures.checks import probability as checked_probability

CLEAR = 1e-9
"""A probability this far from the one asked for is beyond the rounding of the cumulative binomial."""


def exact_limit(people: npt.ArrayLike, target: npt.ArrayLike, probability: float) -> FloatArray:
    """Return the proportion below which a share ``probability`` of areas of that size falls by chance.

    The exact binomial quantile, interpolated so that it does not move in steps (appendix A.1.1):
    r = smallest count with F(r) >= probability, limit = (r - (F(r) - probability) / f(r)) / n.
    Not clipped: below 0 for small areas; nan for an area without people. ``target`` is from 0 to 1, and
    may be an array that broadcasts against the people; nan where it is unknown. Raise ValueError on a negative
    number of people, another target, or a probability that is not strictly between 0 and 1.
    """
    n, target = _sizes("exact_limit", people), _proportions("exact_limit", target)
    checked_probability("exact_limit: the probability", probability)
    count, below, reached = _quantile(n, target, probability)
    return divide(count - (reached - probability) / (reached - below), n)


def quantile_limit(people: npt.ArrayLike, target: npt.ArrayLike, probability: float) -> FloatArray:
    """Return the bare binomial quantile over the people, a staircase; the interpolated limit is smoother.

    Nan for an area without people or with an unknown target. Raise ValueError as ``exact_limit`` does.
    """
    n, target = _sizes("quantile_limit", people), _proportions("quantile_limit", target)
    checked_probability("quantile_limit: the probability", probability)
    return np.where(np.isnan(target), np.nan, divide(_quantile(n, target, probability)[0], n))


def normal_limit(people: npt.ArrayLike, target: float, probability: float) -> FloatArray:
    """Return the limit of the normal curve, which is Wilson's score interval turned round; not clipped.

    Nan for an area without people. Raise ValueError on a target outside 0 to 1 or a negative number of people.
    """
    from scipy.special import ndtri

    n = not_negative("normal_limit", people)
    if not 0 <= target <= 1:
        raise ValueError("normal_limit: the target is a proportion from 0 to 1")
    checked_probability("normal_limit: the probability", probability)
    return target + float(ndtri(probability)) * np.sqrt(divide(target * (1 - target), n))


def arcsine_limit(people: npt.ArrayLike, target: float, z: float, additive_variance: float = 0.0) -> FloatArray:
    """Return the limit z standard errors from the target on the arcsine scale, widened by over-dispersion.

    Nan for an area without people. Raise ValueError on a negative number of people or variance.
    """
    n, extra = not_negative("arcsine_limit", people), float(not_negative("arcsine_limit", additive_variance))
    if not 0 <= target <= 1:
        raise ValueError("arcsine_limit: the target is a proportion from 0 to 1")
    angle = np.arcsin(np.sqrt(target)) + number("arcsine_limit: z", z) * np.sqrt(divide(1, 4 * n) + extra)
    return np.asarray(np.sin(np.clip(angle, 0.0, np.pi / 2)) ** 2)


def _quantile(
    people: npt.NDArray[np.int64], target: FloatArray, probability: float
) -> tuple[npt.NDArray[np.int64], FloatArray, FloatArray]:
    """Find the smallest count r with F(r) >= ``probability``, F the cumulative binomial; return it, F(r - 1) and F(r).

    A count near the normal curve's is tried first, with its neighbours; what is then not clearly found is searched for.
    """
    inside = (target > 0) & (target < 1)
    n, p = (np.array(part) for part in np.broadcast_arrays(people, target))
    # Nobody, or everybody, has the event for certain.
    count = np.where(inside, _near_normal(n, np.where(inside, p, 0.5), probability), np.where(target <= 0, 0, n))
    below, reached = _cumulative(count, n, p)
    for _ in range(2):
        step = np.where(inside, (reached < probability) * 1 - (below >= probability), 0)
        if step.any():
            count = np.array(np.clip(count + step, 0, n))
            below, reached = _cumulative(count, n, p)
    clear = (below < probability - CLEAR) & (reached > probability + CLEAR)
    unsure = inside & ~clear
    if unsure.any():
        count[unsure] = _searched(n[unsure], p[unsure], probability)
        below[unsure], reached[unsure] = _cumulative(count[unsure], n[unsure], p[unsure])
    return count, below, reached


def _near_normal(people: npt.NDArray[np.int64], target: FloatArray, probability: float) -> npt.NDArray[np.int64]:
    """Guess the binomial quantile: the normal one, corrected for the skew (Cornish and Fisher 1938)."""
    from scipy.special import ndtri

    z = float(ndtri(probability))
    guess = people * target + z * np.sqrt(people * target * (1 - target)) + (z**2 - 1) * (1 - 2 * target) / 6 - 0.5
    return np.asarray(np.clip(np.ceil(guess), 0, people), dtype=np.int64)


def _cumulative(
    count: npt.NDArray[np.int64], people: npt.NDArray[np.int64], target: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the binomial probability of fewer events than ``count``, and of no more."""
    from scipy.special import bdtr

    below = np.where(count > 0, bdtr(np.maximum(count - 1, 0), people, target), 0.0)
    return below, np.asarray(bdtr(count, people, target), dtype=np.float64)


def _searched(people: npt.NDArray[np.int64], target: FloatArray, probability: float) -> npt.NDArray[np.int64]:
    """Find the binomial quantile by inverting the continuous curve; every target is between 0 and 1."""
    from scipy.special import bdtr, bdtrik

    guess = np.where(people > 0, np.nan_to_num(bdtrik(probability, np.maximum(people, 1), target)), 0.0)
    count = np.clip(np.ceil(guess).astype(np.int64), 0, people)
    lower = np.maximum(count - 1, 0)
    return np.where((count > 0) & (bdtr(lower, people, target) >= probability), lower, count)


def _sizes(what: str, people: npt.ArrayLike) -> npt.NDArray[np.int64]:
    return np.asarray(not_negative(what, people), dtype=np.int64)


def _proportions(what: str, target: npt.ArrayLike) -> FloatArray:
    array = some(f"{what} (target)", target)
    if ((array < 0) | (array > 1)).any():
        raise ValueError(f"{what}: the target is a proportion from 0 to 1")
    return array
