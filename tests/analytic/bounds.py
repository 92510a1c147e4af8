"""Bounds that a true law crosses once in ten thousand tests, and what queues are expected to be."""

import numpy as np
from scipy.stats import chi2, norm, poisson

ALPHA = 1e-4
Z = float(norm.isf(ALPHA / 2))


def agrees(found: np.ndarray, expected: float) -> bool:
    """Say whether the mean of independent values is compatible with an expectation."""
    standard_error = found.std(ddof=1) / np.sqrt(found.size)
    return bool(abs(found.mean() - expected) <= Z * standard_error)


def share_agrees(hits: np.ndarray, trials: np.ndarray, expected: np.ndarray) -> bool:
    """Say whether binomial counts are compatible with their probabilities, all together (chi-squared)."""
    variance = trials * expected * (1.0 - expected)
    return bool(((hits - trials * expected) ** 2 / variance).sum() <= chi2.isf(ALPHA, hits.size))


def count_agrees(events: int, expected: float) -> bool:
    """Say whether a count is compatible with a Poisson expectation."""
    return bool(abs(events - expected) <= Z * np.sqrt(expected))


def slope(x: np.ndarray, y: np.ndarray, standard_error: np.ndarray) -> tuple[float, float]:
    """Return the weighted least-squares slope of y on x, and its standard error."""
    weight = standard_error**-2.0
    centred = x - np.average(x, weights=weight)
    spread = (weight * centred**2).sum()
    return float((weight * centred * y).sum() / spread), float(spread**-0.5)


def expected_excess(mean: float, served: float) -> float:
    """Return E[(N − served)⁺] of a Poisson count N; ``served`` is whole."""
    return float(mean * poisson.sf(served - 1, mean) - served * poisson.sf(served, mean))


def expected_queue(mean: float, served: float, steps: int) -> float:
    """Return the expected queue after some steps of Q → (Q + Poisson(mean) − served)⁺ from nobody.

    Σ E[(S_n)⁺]/n over the partial sums S_n of the walk (Spitzer 1956).
    """
    return sum(expected_excess(n * mean, n * served) / n for n in range(1, steps + 1))
