"""Confidence intervals of a proportion."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Limits = tuple[FloatArray, FloatArray]


def wilson_interval(numerator: npt.ArrayLike, denominator: npt.ArrayLike, confidence: npt.ArrayLike = 0.95) -> Limits:
    """Return Wilson's score limits, without continuity correction (Wilson 1927, Newcombe 1998)."""
    x, n, z = _prepare(numerator, denominator, confidence)
    centre = 2 * x + z**2
    half = z * np.sqrt(z**2 + 4 * x * (1 - x / n))
    return (centre - half) / (2 * (n + z**2)), (centre + half) / (2 * (n + z**2))


def clopper_pearson_interval(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, confidence: npt.ArrayLike = 0.95
) -> Limits:
    """Return the exact binomial limits (Clopper and Pearson 1934); 0 for no event, 1 for all."""
    from scipy.special import betaincinv

    x, n, _ = _prepare(numerator, denominator, confidence)
    tail = (1 - np.asarray(confidence, dtype=np.float64)) / 2
    low = np.where(x > 0, betaincinv(np.maximum(x, 1e-300), n - x + 1, tail), 0.0)
    high = np.where(x < n, betaincinv(x + 1, np.maximum(n - x, 1e-300), 1 - tail), 1.0)
    return low, high


def agresti_coull_interval(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, confidence: npt.ArrayLike = 0.95
) -> Limits:
    """Return the limits of Agresti and Coull (1998), clipped to [0, 1]."""
    x, n, z = _prepare(numerator, denominator, confidence)
    trials = n + z**2
    centre = (x + z**2 / 2) / trials
    half = z * np.sqrt(centre * (1 - centre) / trials)
    return np.clip(centre - half, 0.0, 1.0), np.clip(centre + half, 0.0, 1.0)


def jeffreys_interval(numerator: npt.ArrayLike, denominator: npt.ArrayLike, confidence: npt.ArrayLike = 0.95) -> Limits:
    """Return the equal-tailed limits under Jeffreys' prior, Beta(1/2, 1/2)."""
    from scipy.special import betaincinv

    x, n, _ = _prepare(numerator, denominator, confidence)
    tail = (1 - np.asarray(confidence, dtype=np.float64)) / 2
    low, high = (betaincinv(x + 0.5, n - x + 0.5, share) for share in (tail, 1 - tail))
    return np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)


def _prepare(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, confidence: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    from scipy.special import ndtri

    level = np.asarray(confidence, dtype=np.float64)
    return (
        np.asarray(numerator, dtype=np.float64),
        np.asarray(denominator, dtype=np.float64),
        np.asarray(ndtri(0.5 + level / 2), dtype=np.float64),
    )
