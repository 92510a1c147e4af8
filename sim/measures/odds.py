"""What the variance of an area effect on the log-odds scale means: odds ratios and shares of variance."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

UPPER_QUARTILE = 0.6744897501960817
"""The 0.75 quantile of the standard normal distribution."""


def median_odds_ratio_from_variance(variance: npt.ArrayLike) -> FloatArray:
    """Return exp(sqrt(2 v) z(0.75)): the median ratio of odds between two random areas (Larsen et al. 2000).

    ``variance`` is tau squared, not tau; 1 means that areas do not differ.
    """
    return np.exp(np.sqrt(2 * np.asarray(variance, dtype=np.float64)) * UPPER_QUARTILE)


def variance_from_median_odds_ratio(median_odds_ratio: npt.ArrayLike) -> FloatArray:
    """Return tau squared from a median odds ratio (>= 1)."""
    ratio = np.asarray(median_odds_ratio, dtype=np.float64)
    return (np.log(ratio) / UPPER_QUARTILE) ** 2 / 2


def intraclass_correlation(variance: npt.ArrayLike) -> FloatArray:
    """Return v / (v + pi^2 / 3): the share of a person's latent variance that lies between areas."""
    between = np.asarray(variance, dtype=np.float64)
    return between / (between + np.pi**2 / 3)
