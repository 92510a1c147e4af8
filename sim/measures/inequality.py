"""Indices of inequality between areas, weighted by population, on values above 0 unless said otherwise."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


class Decomposition(NamedTuple):
    """A total split exactly into the part within groups and the part between them."""

    total: float
    within: float
    between: float


def gini(x: npt.ArrayLike, weights: npt.ArrayLike | None = None, aversion: float = 2.0) -> float:
    """Return the population form of the Gini index, without a factor n / (n - 1).

    ``aversion`` other than 2 gives the extended index (Yitzhaki 1983), which minds the worst-off more.
    """
    value, weight = _shares(x, weights)
    order = np.argsort(value, kind="stable")
    above = 1 - np.concatenate([[0.0], np.cumsum(weight[order])])
    lot = above[:-1] ** aversion - np.maximum(above[1:], 0.0) ** aversion
    return 1 - float((value[order] * lot).sum() / (value * weight).sum())


def theil_t(x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """Return Theil's T, the mean of y log y with y = x / mean; an area at 0 stays in and adds 0."""
    y, weight = _relative(x, weights)
    return float((weight * y * np.log(np.where(y > 0, y, 1.0))).sum())


def theil_l(x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """Return Theil's L, the mean log deviation; nan when an area is at 0."""
    y, weight = _relative(x, weights)
    return float("nan") if (y <= 0).any() else -float((weight * np.log(y)).sum())


def generalised_entropy_2(x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """Return half the squared coefficient of variation."""
    y, weight = _relative(x, weights)
    return float((weight * (y - 1) ** 2).sum()) / 2


def hoover(x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """Return the share of the whole that would have to move to make every area equal."""
    y, weight = _relative(x, weights)
    return float((weight * np.abs(y - 1)).sum()) / 2


def equally_distributed_equivalent(x: npt.ArrayLike, aversion: float, weights: npt.ArrayLike | None = None) -> float:
    """Return the level that, shared by all, is worth as much (Atkinson 1970, ``aversion`` epsilon >= 0).

    0 when an area is at 0 and the aversion is 1 or more.
    """
    value, weight = _shares(x, weights)
    if (value <= 0).any() and aversion >= 1:
        return 0.0
    if aversion == 1:
        return float(np.exp((weight * np.log(value)).sum()))
    top = float(value.max())
    # Relative to the largest value, so that a high aversion cannot overflow.
    return float(top * (weight * (value / top) ** (1 - aversion)).sum() ** (1 / (1 - aversion)))


def atkinson(x: npt.ArrayLike, aversion: float, weights: npt.ArrayLike | None = None) -> float:
    """Return Atkinson's index, the share of the mean that equality would be worth."""
    value, weight = _shares(x, weights)
    return 1 - equally_distributed_equivalent(value, aversion, weight) / float((value * weight).sum())


def kolm(x: npt.ArrayLike, aversion: float, weights: npt.ArrayLike | None = None) -> float:
    """Return Kolm's index in the unit of x; ``aversion`` is per that unit."""
    value, weight = _shares(x, weights)
    below = aversion * (float((value * weight).sum()) - value)
    top = float(below.max())
    return (top + float(np.log((weight * np.exp(below - top)).sum()))) / aversion


def decompose_theil_t(x: npt.ArrayLike, weights: npt.ArrayLike, group: npt.ArrayLike) -> Decomposition:
    """Split Theil's T: groups' own indices weigh by their share of the whole amount."""
    value, weight = _shares(x, weights)
    means, people, parts = _groups(value, weight, group)
    within = sum(people[g] * means[g] * theil_t(value[part], weight[part]) for g, part in enumerate(parts)) / float(
        (value * weight).sum()
    )
    return Decomposition(theil_t(value, weight), float(within), theil_t(means, people))


def decompose_theil_l(x: npt.ArrayLike, weights: npt.ArrayLike, group: npt.ArrayLike) -> Decomposition:
    """Split Theil's L: groups' own indices weigh by their share of the people."""
    value, weight = _shares(x, weights)
    means, people, parts = _groups(value, weight, group)
    within = sum(people[g] * theil_l(value[part], weight[part]) for g, part in enumerate(parts))
    return Decomposition(theil_l(value, weight), float(within), theil_l(means, people))


def _shares(x: npt.ArrayLike, weights: npt.ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    """Return values and weights that sum to 1; equal weights by default."""
    value = np.asarray(x, dtype=np.float64)
    weight = np.ones_like(value) if weights is None else np.asarray(weights, dtype=np.float64)
    return value, weight / weight.sum()


def _relative(x: npt.ArrayLike, weights: npt.ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    """Return values over their weighted mean, and the weights."""
    value, weight = _shares(x, weights)
    return value / (value * weight).sum(), weight


def _groups(
    value: FloatArray, weight: FloatArray, group: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, list[npt.NDArray[np.bool_]]]:
    """Return each group's mean and share of the people, and who is in it."""
    names = np.asarray(group)
    parts = [names == name for name in np.unique(names)]
    people = np.array([weight[part].sum() for part in parts])
    means = np.array([(value[part] * weight[part]).sum() for part in parts]) / people
    return means, people, parts
