"""Control limits of a funnel plot of proportions (Spiegelhalter 2005, Stat Med 24:1185)."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def exact_limit(people: npt.ArrayLike, target: npt.ArrayLike, probability: float) -> FloatArray:
    """Return the proportion below which a share ``probability`` of areas of that size falls by chance.

    The exact binomial quantile, interpolated so that it does not move in steps (appendix A.1.1):
    r = smallest count with F(r) >= probability, limit = (r - (F(r) - probability) / f(r)) / n.
    Not clipped: below 0 for small areas. ``target`` must lie strictly between 0 and 1, and may be an array
    that broadcasts against the people.
    """
    from scipy.special import bdtr

    n, target = np.asarray(people, dtype=np.int64), np.asarray(target, dtype=np.float64)
    count = _quantile(n, target, probability)
    below = np.where(count > 0, bdtr(np.maximum(count - 1, 0), n, target), 0.0)
    reached = np.asarray(bdtr(count, n, target), dtype=np.float64)
    return np.asarray((count - (reached - probability) / (reached - below)) / n, dtype=np.float64)


def normal_limit(people: npt.ArrayLike, target: float, probability: float) -> FloatArray:
    """Return the limit of the normal curve, which is Wilson's score interval turned round; not clipped."""
    from scipy.special import ndtri

    n = np.asarray(people, dtype=np.float64)
    return target + float(ndtri(probability)) * np.sqrt(target * (1 - target) / n)


def arcsine_limit(people: npt.ArrayLike, target: float, z: float, additive_variance: float = 0.0) -> FloatArray:
    """Return the limit z standard errors from the target on the arcsine scale, widened by over-dispersion."""
    n = np.asarray(people, dtype=np.float64)
    angle = np.arcsin(np.sqrt(target)) + z * np.sqrt(1 / (4 * n) + additive_variance)
    return np.asarray(np.sin(np.clip(angle, 0.0, np.pi / 2)) ** 2)


def _quantile(people: npt.NDArray[np.int64], target: FloatArray, probability: float) -> npt.NDArray[np.int64]:
    """Find the smallest count whose cumulative binomial probability is at least ``probability``."""
    from scipy.special import bdtr, bdtrik

    guess = np.nan_to_num(bdtrik(probability, people, target))
    count = np.asarray(np.clip(np.ceil(guess).astype(np.int64), 0, people), dtype=np.int64)
    lower = np.maximum(count - 1, 0)
    return np.asarray(np.where((count > 0) & (bdtr(lower, people, target) >= probability), lower, count))
