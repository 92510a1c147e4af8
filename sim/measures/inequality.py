"""Indices of inequality between areas, weighted by population.

``x`` and ``weights`` are [areas]; weights are people (equal by default), and an area without people has no
part. Every function raises ValueError when the shapes differ, weights are negative or sum to 0, and, Kolm's
index apart, when a value is negative. Relative indices are nan when the mean is 0.
"""

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, divide, number, weighted


def gini(x: npt.ArrayLike, weights: npt.ArrayLike | None = None, aversion: float = 2.0) -> float:
    """Return the population form of the Gini index, without a factor n / (n - 1).

    ``aversion`` other than 2 gives the extended index (Yitzhaki 1983), which minds the worst-off more; raise
    ValueError when it is below 1.
    """
    number("gini: the aversion", aversion, 1)
    value, weight = shares("gini", x, weights)
    order = np.argsort(value, kind="stable")
    above = 1 - np.concatenate([[0.0], np.cumsum(weight[order])])
    lot = above[:-1] ** aversion - np.maximum(above[1:], 0.0) ** aversion
    return 1 - float(divide((value[order] * lot).sum(), (value * weight).sum()))


def gini_of_sample(x: npt.ArrayLike) -> float:
    """Return the unweighted Gini index times n / (n - 1), for a sample of areas from many; nan for one area."""
    n = np.size(x)
    return gini(x) * float(divide(n, n - 1))


def theil_t(x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """Return Theil's T, the mean of y log y with y = x / mean; an area at 0 stays in and adds 0."""
    y, weight = _relative("theil_t", x, weights)
    return float((weight * y * np.log(np.where(y > 0, y, 1.0))).sum())


def theil_l(x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """Return Theil's L, the mean log deviation; nan when an area is at 0."""
    y, weight = _relative("theil_l", x, weights)
    return 0.0 - float((weight * np.log(y)).sum()) if (y > 0).all() else float("nan")


def generalised_entropy_2(x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """Return half the squared coefficient of variation."""
    y, weight = _relative("generalised_entropy_2", x, weights)
    return float((weight * (y - 1) ** 2).sum()) / 2


def hoover(x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """Return the share of the whole that would have to move to make every area equal."""
    y, weight = _relative("hoover", x, weights)
    return float((weight * np.abs(y - 1)).sum()) / 2


def equally_distributed_equivalent(x: npt.ArrayLike, aversion: float, weights: npt.ArrayLike | None = None) -> float:
    """Return the level that, shared by all, is worth as much (Atkinson 1970, ``aversion`` epsilon >= 0).

    Nan when an area is at 0 and the aversion is 1 or more, for which 0 has no finite worth. Worked out in
    logarithms, so that no aversion overflows. Raise ValueError when the aversion is negative.
    """
    from scipy.special import logsumexp

    number("equally_distributed_equivalent: the aversion", aversion, 0)
    value, weight = shares("equally_distributed_equivalent", x, weights)
    if aversion == 0:
        return float((weight * value).sum())
    if (value == 0).any() and aversion >= 1:
        return float("nan")
    some, top = value > 0, float(value.max())
    if top == 0:
        return 0.0
    log, power = np.log(value[some] / top), 1 - aversion
    if power == 0:
        return top * float(np.exp((weight * log).sum()))
    return top * float(np.exp(logsumexp(power * log, b=weight[some]) / power))


def atkinson(x: npt.ArrayLike, aversion: float, weights: npt.ArrayLike | None = None) -> float:
    """Return Atkinson's index, the share of the mean that equality would be worth; nan as the equivalent is."""
    value, weight = shares("atkinson", x, weights)
    return 1 - float(divide(equally_distributed_equivalent(value, aversion, weight), (value * weight).sum()))


def kolm(x: npt.ArrayLike, aversion: float, weights: npt.ArrayLike | None = None) -> float:
    """Return Kolm's index in the unit of x; ``aversion`` > 0 is per that unit, so it must be told with it."""
    if not 0 < aversion < np.inf:
        raise ValueError("kolm: the aversion must be a finite number above 0")
    value, weight = weighted("kolm", x, weights)
    below = aversion * (float((value * weight).sum()) - value)
    top = float(below[weight > 0].max())
    return (top + float(np.log((weight * np.exp(np.minimum(below - top, 0.0))).sum()))) / aversion


def shares(what: str, x: npt.ArrayLike, weights: npt.ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    """Return the values of areas with people, none negative, and their weights, which sum to 1."""
    value, weight = weighted(what, x, weights)
    if (value < 0).any():
        raise ValueError(f"{what}: no value may be negative")
    return value[weight > 0], weight[weight > 0]


def _relative(what: str, x: npt.ArrayLike, weights: npt.ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    """Return values over their weighted mean, and the weights."""
    value, weight = shares(what, x, weights)
    return divide(value, (value * weight).sum()), weight
