"""Control limits of a funnel plot of proportions (Spiegelhalter 2005, Stat Med 24:1185)."""

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, divide, not_negative


def exact_limit(people: npt.ArrayLike, target: npt.ArrayLike, probability: float) -> FloatArray:
    """Return the proportion below which a share ``probability`` of areas of that size falls by chance.

    The exact binomial quantile, interpolated so that it does not move in steps (appendix A.1.1):
    r = smallest count with F(r) >= probability, limit = (r - (F(r) - probability) / f(r)) / n.
    Not clipped: below 0 for small areas; nan for an area without people. ``target`` is from 0 to 1, and
    may be an array that broadcasts against the people. Raise ValueError on a negative number of people.
    """
    from scipy.special import bdtr

    n, target = _sizes("exact_limit", people), np.asarray(target, dtype=np.float64)
    count = _quantile(n, target, probability)
    below = np.where(count > 0, bdtr(np.maximum(count - 1, 0), n, target), 0.0)
    reached = np.asarray(bdtr(count, n, target), dtype=np.float64)
    return divide(count - (reached - probability) / (reached - below), n)


def quantile_limit(people: npt.ArrayLike, target: npt.ArrayLike, probability: float) -> FloatArray:
    """Return the bare binomial quantile over the people, a staircase; the interpolated limit is smoother."""
    n, target = _sizes("quantile_limit", people), np.asarray(target, dtype=np.float64)
    return divide(_quantile(n, target, probability), n)


def normal_limit(people: npt.ArrayLike, target: float, probability: float) -> FloatArray:
    """Return the limit of the normal curve, which is Wilson's score interval turned round; not clipped.

    Nan for an area without people. Raise ValueError on a target outside 0 to 1 or a negative number of people.
    """
    from scipy.special import ndtri

    n = not_negative("normal_limit", people)
    if not 0 <= target <= 1:
        raise ValueError("normal_limit: the target is a proportion from 0 to 1")
    return target + float(ndtri(probability)) * np.sqrt(divide(target * (1 - target), n))


def arcsine_limit(people: npt.ArrayLike, target: float, z: float, additive_variance: float = 0.0) -> FloatArray:
    """Return the limit z standard errors from the target on the arcsine scale, widened by over-dispersion.

    Nan for an area without people. Raise ValueError on a negative number of people or variance.
    """
    n, extra = not_negative("arcsine_limit", people), float(not_negative("arcsine_limit", additive_variance))
    angle = np.arcsin(np.sqrt(target)) + z * np.sqrt(divide(1, 4 * n) + extra)
    return np.asarray(np.sin(np.clip(angle, 0.0, np.pi / 2)) ** 2)


def _quantile(people: npt.NDArray[np.int64], target: FloatArray, probability: float) -> npt.NDArray[np.int64]:
    """Find the smallest count whose cumulative binomial probability is at least ``probability``."""
    from scipy.special import bdtr, bdtrik

    inside = (target > 0) & (target < 1)
    guess = np.where(people > 0, np.nan_to_num(bdtrik(probability, np.maximum(people, 1), target)), 0.0)
    count = np.asarray(np.clip(np.ceil(guess).astype(np.int64), 0, people), dtype=np.int64)
    lower = np.maximum(count - 1, 0)
    found = np.where((count > 0) & (bdtr(lower, people, target) >= probability), lower, count)
    # Nobody, or everybody, has the event for certain.
    return np.asarray(np.where(inside, found, np.where(target <= 0, 0, people)), dtype=np.int64)


def _sizes(what: str, people: npt.ArrayLike) -> npt.NDArray[np.int64]:
    return np.asarray(not_negative(what, people), dtype=np.int64)
