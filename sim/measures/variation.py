"""Plain indices of variation between areas, chance included: report them beside their value under chance."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Homogeneity(NamedTuple):
    """A chi-square test that all areas share one rate; ``dispersion`` is chi-square per degree of freedom."""

    chi_square: float
    degrees_of_freedom: int
    p_value: float
    dispersion: float


def systematic_component_of_variation(observed: npt.ArrayLike, expected: npt.ArrayLike) -> float:
    """Return the mean of ((O - E) / E)^2 - 1 / E over areas, the usual computing form (Diehr et al. 1990).

    Not multiplied by 10 or 100, and negative when areas differ less than chance makes them.
    """
    count, mean = np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    return float((((count - mean) / mean) ** 2 - 1 / mean).mean())


def systematic_component_of_variation_log(observed: npt.ArrayLike, expected: npt.ArrayLike) -> float:
    """Return the mean of log(O / E)^2 - 1 / E, the form of McPherson et al. (1982); nan at a count of 0."""
    count, mean = np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if (count <= 0).any():
        return float("nan")
    return float((np.log(count / mean) ** 2 - 1 / mean).mean())


def extremal_quotient(rate: npt.ArrayLike) -> float:
    """Return the largest rate over the smallest; nan when the smallest is 0."""
    value = np.asarray(rate, dtype=np.float64)
    return float(value.max() / value.min()) if value.min() > 0 else float("nan")


def coefficient_of_variation(x: npt.ArrayLike, weights: npt.ArrayLike | None = None, ddof: int = 0) -> float:
    """Return the weighted standard deviation over the mean.

    ``ddof`` 1 divides by the sum of the weights less 1, which is right only for weights that count people.
    """
    value = np.asarray(x, dtype=np.float64)
    weight = np.ones_like(value) if weights is None else np.asarray(weights, dtype=np.float64)
    mean = (weight * value).sum() / weight.sum()
    variance = (weight * (value - mean) ** 2).sum() / (weight.sum() - ddof)
    return float(np.sqrt(variance) / mean)


def homogeneity_of_counts(observed: npt.ArrayLike, expected: npt.ArrayLike) -> Homogeneity:
    """Test counts against expected counts, which are first rescaled to the same total."""
    count, mean = np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    mean = mean * (count.sum() / mean.sum())
    return _homogeneity(float(((count - mean) ** 2 / mean).sum()), count.size - 1)


def homogeneity_of_proportions(events: npt.ArrayLike, people: npt.ArrayLike) -> Homogeneity:
    """Test areas' proportions against their pooled one, without continuity correction."""
    count, n = np.asarray(events, dtype=np.float64), np.asarray(people, dtype=np.float64)
    pooled = count.sum() / n.sum()
    return _homogeneity(float(((count - n * pooled) ** 2 / (n * pooled * (1 - pooled))).sum()), count.size - 1)


def _homogeneity(chi_square: float, degrees_of_freedom: int) -> Homogeneity:
    from scipy.special import chdtrc

    p_value = float(chdtrc(degrees_of_freedom, chi_square))
    return Homogeneity(chi_square, degrees_of_freedom, p_value, chi_square / degrees_of_freedom)
