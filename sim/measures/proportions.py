"""Confidence intervals of a proportion; nan where nobody was counted.

Every function takes events and people of the same shape (or one of them a single number) and levels that
broadcast, and raises ValueError on negative counts, more events than people, or a level outside 0 to 1.
"""

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, divide, events_among, level

Limits = tuple[FloatArray, FloatArray]


def wilson_interval(numerator: npt.ArrayLike, denominator: npt.ArrayLike, confidence: npt.ArrayLike = 0.95) -> Limits:
    """Return Wilson's score limits, without continuity correction (Wilson 1927, Newcombe 1998)."""
    x, n, z = _prepare("wilson_interval", numerator, denominator, confidence)
    centre = 2 * x + z**2
    half = z * np.sqrt(z**2 + 4 * x * (1 - divide(x, n)))
    low, high = ((centre + side) / (2 * (n + z**2)) for side in (-half, half))
    return np.where(x == 0, low * 0, low), np.where(x == n, high * 0 + 1, high)


def clopper_pearson_interval(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, confidence: npt.ArrayLike = 0.95
) -> Limits:
    """Return the exact binomial limits (Clopper and Pearson 1934); 0 for no event, 1 for all."""
    from scipy.special import betaincinv

    x, n, _ = _prepare("clopper_pearson_interval", numerator, denominator, confidence)
    tail = (1 - np.asarray(confidence, dtype=np.float64)) / 2
    low = np.where(x > 0, betaincinv(np.maximum(x, 1e-300), n - x + 1, tail), 0.0)
    high = np.where(x < n, betaincinv(x + 1, np.maximum(n - x, 1e-300), 1 - tail), 1.0)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def agresti_coull_interval(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, confidence: npt.ArrayLike = 0.95
) -> Limits:
    """Return the limits of Agresti and Coull (1998), clipped to [0, 1]."""
    x, n, z = _prepare("agresti_coull_interval", numerator, denominator, confidence)
    trials = n + z**2
    centre = (x + z**2 / 2) / trials
    half = z * np.sqrt(centre * (1 - centre) / trials)
    low, high = (np.clip(side, 0.0, 1.0) for side in (centre - half, centre + half))
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def jeffreys_interval(numerator: npt.ArrayLike, denominator: npt.ArrayLike, confidence: npt.ArrayLike = 0.95) -> Limits:
    """Return the equal-tailed limits under Jeffreys' prior, Beta(1/2, 1/2)."""
    from scipy.special import betaincinv

    x, n, _ = _prepare("jeffreys_interval", numerator, denominator, confidence)
    tail = (1 - np.asarray(confidence, dtype=np.float64)) / 2
    low, high = (np.where(n > 0, betaincinv(x + 0.5, n - x + 0.5, share), np.nan) for share in (tail, 1 - tail))
    return low, high


def _prepare(
    what: str, numerator: npt.ArrayLike, denominator: npt.ArrayLike, confidence: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    from scipy.special import ndtri

    x, n = events_among(what, numerator, denominator)
    return x, n, np.asarray(ndtri(0.5 + level(confidence) / 2), dtype=np.float64)
