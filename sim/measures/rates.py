"""Confidence limits of counts and of crude rates."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Limits = tuple[FloatArray, FloatArray]

EXACT_BELOW = 10
"""Byar's approximation is good from ten events on; below, public-health practice takes the exact limits."""


def byar_limits(count: npt.ArrayLike, confidence: npt.ArrayLike = 0.95) -> Limits:
    """Return Byar's limits of a Poisson count (Breslow and Day 1987); the lower can be negative at 1."""
    from scipy.special import ndtri

    x = np.asarray(count, dtype=np.float64)
    z = ndtri(0.5 + np.asarray(confidence, dtype=np.float64) / 2)
    next_up = x + 1
    low = x * (1 - 1 / (9 * x) - z / (3 * np.sqrt(x))) ** 3
    high = next_up * (1 - 1 / (9 * next_up) + z / (3 * np.sqrt(next_up))) ** 3
    return np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)


def poisson_limits(count: npt.ArrayLike, confidence: npt.ArrayLike = 0.95) -> Limits:
    """Return the exact limits of a Poisson count (Garwood 1936); the lower is 0 at 0 events."""
    from scipy.special import gammaincinv

    x = np.asarray(count, dtype=np.float64)
    tail = (1 - np.asarray(confidence, dtype=np.float64)) / 2
    low = np.where(x > 0, gammaincinv(np.maximum(x, 1e-300), tail), 0.0)
    return low, np.asarray(gammaincinv(x + 1, 1 - tail), dtype=np.float64)


def count_limits(count: npt.ArrayLike, confidence: float = 0.95) -> Limits:
    """Return exact limits below ten events and Byar's from ten on, the rule of English public health."""
    x = np.asarray(count, dtype=np.float64)
    few = x < EXACT_BELOW
    exact = poisson_limits(np.where(few, x, 0.0), confidence)
    byar = byar_limits(np.where(few, EXACT_BELOW, x), confidence)
    return np.where(few, exact[0], byar[0]), np.where(few, exact[1], byar[1])
