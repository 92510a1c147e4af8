"""Indices of spread between areas for many data sets at once; ``sim.measures.inequality`` has them one by one.

Values are [..., areas], weights [..., areas] of any scale. A value that is nan is left out with its weight;
an index of which no value is known, or whose mean is 0, is nan.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


class TheilParts(NamedTuple):
    """Theil's T between groups of areas and within them, each [...]; they sum to the whole."""

    between: FloatArray
    within: FloatArray


def coefficients_of_variation(x: FloatArray, weight: FloatArray) -> FloatArray:
    """Return the weighted standard deviation over the mean, [..., areas] to [...]."""
    y, w = _relative(x, weight)
    return np.asarray(np.sqrt((w * (y - 1) ** 2).sum(axis=-1)))


def theils(x: FloatArray, weight: FloatArray) -> FloatArray:
    """Return Theil's T, [..., areas] to [...]; an area at 0 stays in and adds 0."""
    y, w = _relative(x, weight)
    return np.asarray((w * y * _log(y)).sum(axis=-1))


def theil_parts(x: FloatArray, weight: FloatArray, group: npt.ArrayLike) -> TheilParts:
    """Split Theil's T by groups of areas (``group`` [areas], numbers from 0).

    With shares W_g of the people and means M_g of the groups: between = sum W_g (M_g/m) log(M_g/m), and
    within = sum over areas of w_j (x_j/m) log(x_j/M_g).
    """
    y, w = _relative(x, weight)
    of_area = np.asarray(group, dtype=np.intp)
    belongs = (of_area[:, None] == np.arange(of_area.max(initial=-1) + 1)).astype(np.float64)
    people = np.einsum("...a,ag->...g", w, belongs)
    amount = np.einsum("...a,ag->...g", w * y, belongs)
    mean = amount / np.where(people > 0, people, 1.0)
    of_group = mean[..., of_area]
    inside = y / np.where(of_group > 0, of_group, 1.0)
    within = (w * y * _log(inside)).sum(axis=-1)
    return TheilParts(np.asarray((amount * _log(mean)).sum(axis=-1)), np.asarray(within))


def ginis(x: FloatArray, weight: FloatArray) -> FloatArray:
    """Return the population form of the Gini index, [..., areas] to [...]."""
    y, w = _relative(x, weight)
    order = np.argsort(y, axis=-1, kind="stable")
    y, w = np.take_along_axis(y, order, axis=-1), np.take_along_axis(w, order, axis=-1)
    above = 1 - np.cumsum(w, axis=-1)
    # The lot of the area at this place: the squared share above its lower edge less that above its upper edge.
    lot = (above + w) ** 2 - above**2
    return np.asarray(1 - (y * lot).sum(axis=-1))


def systematic_components(observed: FloatArray, expected: FloatArray) -> FloatArray:
    """Return the mean of ((O - E) / E)^2 - 1 / E over areas, [..., areas] to [...] (Diehr et al. 1990).

    It takes off the chance of rare events. Among people in need access is no rare event, and chance brings
    less than 1 / E; that is why the index has a chance floor below 0 there.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((((observed - expected) / expected) ** 2 - 1 / expected).mean(axis=-1))


def extremal_quotients(x: FloatArray) -> FloatArray:
    """Return the largest value over the smallest, [..., areas] to [...]; nan when the smallest is 0."""
    low = x.min(axis=-1)
    return np.asarray(np.where(low > 0, x.max(axis=-1) / np.where(low > 0, low, 1.0), np.nan))


def _relative(x: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return values over their weighted mean, and weights that sum to 1; what is unknown has weight and value 0."""
    known = np.isfinite(x)
    w = np.where(known, weight, 0.0)
    total = w.sum(axis=-1, keepdims=True)
    w = w / np.where(total > 0, total, np.nan)
    value = np.where(known, x, 0.0)
    mean = (w * value).sum(axis=-1, keepdims=True)
    return value / np.where(mean > 0, mean, np.nan), w


def _log(y: FloatArray) -> FloatArray:
    return np.asarray(np.log(np.where(y > 0, y, 1.0)))
