"""Counts and crude rates with their confidence limits.

Counts may be sums that are not whole. Every function raises ValueError on a negative count or a level
outside 0 to 1.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, divide, level, not_negative, positive, same_shape

Limits = tuple[FloatArray, FloatArray]

EXACT_BELOW = 10
"""Byar's approximation is good from ten events on; below, public-health practice takes the exact limits."""


class Rate(NamedTuple):
    """A rate or ratio with its limits, in the same unit."""

    value: FloatArray
    low: FloatArray
    high: FloatArray


def byar_limits(count: npt.ArrayLike, confidence: npt.ArrayLike = 0.95) -> Limits:
    """Return Byar's limits of a Poisson count (Breslow and Day 1987).

    The formula's lower limit falls below 0 for a count of 1 at 99.8 %, and has no value at 0: nan there.
    """
    from scipy.special import ndtri

    x = not_negative("byar_limits", count)
    z = ndtri(0.5 + level(confidence) / 2)
    some, next_up = np.where(x > 0, x, 1.0), x + 1
    low = some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3
    high = next_up * (1 - 1 / (9 * next_up) + z / (3 * np.sqrt(next_up))) ** 3
    return np.where((x > 0) & (low >= 0), low, np.nan), np.asarray(high, dtype=np.float64)


def poisson_limits(count: npt.ArrayLike, confidence: npt.ArrayLike = 0.95) -> Limits:
    """Return the exact limits of a Poisson count (Garwood 1936); the lower is 0 at 0 events."""
    from scipy.special import gammaincinv

    x = not_negative("poisson_limits", count)
    tail = (1 - level(confidence)) / 2
    low = np.where(x > 0, gammaincinv(np.maximum(x, 1e-300), tail), 0.0)
    return low, np.asarray(gammaincinv(x + 1, 1 - tail), dtype=np.float64)


def count_limits(count: npt.ArrayLike, confidence: float = 0.95) -> Limits:
    """Return exact limits below ten events and Byar's from ten on, the rule of English public health."""
    x = not_negative("count_limits", count)
    few = x < EXACT_BELOW
    exact = poisson_limits(np.where(few, x, 0.0), confidence)
    byar = byar_limits(np.where(few, EXACT_BELOW, x), confidence)
    return np.where(few, exact[0], byar[0]), np.where(few, exact[1], byar[1])


def crude_rate(count: npt.ArrayLike, population: npt.ArrayLike, confidence: float = 0.95, per: float = 100_000) -> Rate:
    """Return events per ``per`` people (or person-years) of each area, with the limits of ``count_limits``.

    Count and population are [areas]; nan where an area has nobody. Raise ValueError when the shapes differ.
    """
    x, people = not_negative("crude_rate (count)", count), not_negative("crude_rate (population)", population)
    same_shape("crude_rate", x, people)
    positive("crude_rate (per)", per)
    low, high = count_limits(x, confidence)
    return Rate(*(divide(part * per, people) for part in (x, low, high)))
