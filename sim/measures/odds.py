"""What the variance of an area effect on the log-odds scale means: odds ratios and shares of variance."""

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, divide, level, same_shape, some

UPPER_QUARTILE = 0.6744897501960817
"""The 0.75 quantile of the standard normal distribution."""


def median_odds_ratio_from_variance(variance: npt.ArrayLike) -> FloatArray:
    """Return exp(sqrt(2 v) z(0.75)): the median ratio of odds between two random areas (Larsen et al. 2000).

    ``variance`` is tau squared, not tau; 1 means that areas do not differ, nan that it is
    unknown. Raise ValueError when the variance is negative.
    """
    return np.exp(np.sqrt(2 * _variance("median_odds_ratio_from_variance", variance)) * UPPER_QUARTILE)


def median_odds_ratio_limits(
    variance: npt.ArrayLike, standard_error: npt.ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return limits of the median odds ratio from the standard error of tau squared, by the delta method.

    On the log scale: log MOR -+ z (0.75 quantile) SE / sqrt(2 v). Poor for a variance near 0, where it can
    fall below 1 and at 0 is nan: there say how large the ratio is by chance instead.
    """
    from scipy.special import ndtri

    v = _variance("median_odds_ratio_limits", variance)
    error = _variance("median_odds_ratio_limits", standard_error)
    if v.ndim and error.ndim:
        same_shape("median_odds_ratio_limits", v, error)
    half = float(ndtri(0.5 + level(confidence) / 2)) * divide(UPPER_QUARTILE * error, np.sqrt(2 * v))
    middle = np.sqrt(2 * v) * UPPER_QUARTILE
    return np.exp(middle - half), np.exp(middle + half)


def variance_from_median_odds_ratio(median_odds_ratio: npt.ArrayLike) -> FloatArray:
    """Return tau squared from a median odds ratio; raise ValueError when one is below 1."""
    ratio = _variance("variance_from_median_odds_ratio", median_odds_ratio)
    if (ratio < 1).any():
        raise ValueError("variance_from_median_odds_ratio: a median odds ratio is at least 1")
    return (np.log(ratio) / UPPER_QUARTILE) ** 2 / 2


def intraclass_correlation(variance: npt.ArrayLike) -> FloatArray:
    """Return v / (v + pi^2 / 3): the share of a person's latent variance that lies between areas.

    Raise ValueError when the variance is negative.
    """
    between = _variance("intraclass_correlation", variance)
    if np.isinf(between).any():
        raise ValueError("intraclass_correlation: no value may be infinite")
    return between / (between + np.pi**2 / 3)


def _variance(what: str, values: npt.ArrayLike) -> FloatArray:
    """Return numbers of which none is negative; what is undefined (nan) stays so."""
    array = some(what, values)
    if (array < 0).any():
        raise ValueError(f"{what}: no value may be negative")
    return array
