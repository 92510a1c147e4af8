"""Plain indices of variation between areas, chance included: report them beside their value under chance."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, divide, events_among, not_negative, number, same_shape, weighted


class Homogeneity(NamedTuple):
    """A chi-square test that all areas share one rate; ``dispersion`` is chi-square per degree of freedom.

    ``likelihood_ratio`` is the other statistic with the same limit, 2 sum O log(O / E), for counts; nan for
    proportions. An area where nothing can happen has no part. One area has no dispersion (nan).
    """

    chi_square: float
    degrees_of_freedom: int
    p_value: float
    dispersion: float
    likelihood_ratio: float = float("nan")


def systematic_component_of_variation(observed: npt.ArrayLike, expected: npt.ArrayLike) -> float:
    """Return the mean of ((O - E) / E)^2 - 1 / E over areas, the usual computing form (Diehr et al. 1990).

    Not multiplied by 10 or 100, and negative when areas differ less than chance makes them. Only to be trusted
    where every area expects 5 or more rare events. An area where nothing was expected or observed has no part.
    Raise ValueError on negative counts, or events where none can be expected.
    """
    count, mean = _where_expected("systematic_component_of_variation", observed, expected)
    return float((((count - mean) / mean) ** 2 - 1 / mean).mean())


def systematic_component_of_variation_log(observed: npt.ArrayLike, expected: npt.ArrayLike) -> float:
    """Return the mean of log(O / E)^2 - 1 / E, the form of McPherson et al. (1982); nan at a count of 0."""
    count, mean = _where_expected("systematic_component_of_variation_log", observed, expected)
    if (count <= 0).any():
        return float("nan")
    return float((np.log(count / mean) ** 2 - 1 / mean).mean())


def extremal_quotient(rate: npt.ArrayLike, trim: float = 0.0) -> float:
    """Return the largest rate over the smallest; nan when the smallest is 0.

    Small areas make it large by chance: ``trim`` 0.05 compares the 95th with the 5th percentile instead (type 7).
    Raise ValueError on a negative rate or a trim outside 0 to 0.5.
    """
    if not 0 <= trim < 0.5:
        raise ValueError("extremal_quotient: the share trimmed at each end is at least 0 and below 0.5")
    low, high = np.quantile(not_negative("extremal_quotient", rate), [trim, 1 - trim])
    return float(divide(high, low))


def coefficient_of_variation(x: npt.ArrayLike, weights: npt.ArrayLike | None = None, ddof: int = 0) -> float:
    """Return the weighted standard deviation over the mean; nan when the mean is 0.

    ``ddof`` 1 divides by the sum of the weights less 1, which is right only for weights that count people; nan
    when nothing is left to divide by.
    """
    value, share = weighted("coefficient_of_variation", x, weights)
    people = float(value.size if weights is None else np.asarray(weights, dtype=np.float64).sum())
    mean = (share * value).sum()
    if people <= number("coefficient_of_variation: ddof", ddof, 0):
        return float("nan")
    variance = (share * (value - mean) ** 2).sum() * people / (people - ddof)
    return float(divide(np.sqrt(variance), mean))


def variance_to_mean(count: npt.ArrayLike, ddof: int = 1) -> float:
    """Return the variance of counts over their mean, 1 for Poisson counts; only for areas of one size.

    Nan when nothing was counted or, with ``ddof`` 1, for a single area. Raise ValueError on a negative count.
    """
    x = not_negative("variance_to_mean", count)
    return (
        float(divide(x.var(ddof=ddof), x.mean()))
        if x.size > number("variance_to_mean: ddof", ddof, 0)
        else float("nan")
    )


def homogeneity_of_counts(observed: npt.ArrayLike, expected: npt.ArrayLike) -> Homogeneity:
    """Test counts against expected counts, which are first rescaled to the same total.

    Nan when nothing was observed. Raise ValueError on negative counts, or events where none can be expected.
    """
    count, mean = _where_expected("homogeneity_of_counts", observed, expected)
    mean = mean * (count.sum() / mean.sum())
    if count.sum() == 0:
        return Homogeneity(np.nan, count.size - 1, np.nan, np.nan)
    ratio = np.where(count > 0, count / mean, 1.0)
    likelihood_ratio = 2 * float((count * np.log(ratio)).sum())
    return _homogeneity(float(((count - mean) ** 2 / mean).sum()), count.size - 1, likelihood_ratio)


def homogeneity_of_proportions(events: npt.ArrayLike, people: npt.ArrayLike) -> Homogeneity:
    """Test areas' proportions against their pooled one, without continuity correction.

    Nan when nobody or everybody had the event. Raise ValueError on negative counts or more events than people.
    """
    count, n = events_among("homogeneity_of_proportions", events, people)
    same_shape("homogeneity_of_proportions", count, n)
    count, n = count[n > 0], n[n > 0]
    pooled = float(divide(count.sum(), n.sum()))
    return _homogeneity(float(divide((count - n * pooled) ** 2, n * pooled * (1 - pooled)).sum()), count.size - 1)


def _where_expected(what: str, observed: npt.ArrayLike, expected: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return counts and expected counts of the areas where something is expected."""
    count, mean = not_negative(f"{what} (observed)", observed), not_negative(f"{what} (expected)", expected)
    same_shape(what, count, mean)
    if ((mean == 0) & (count > 0)).any():
        raise ValueError(f"{what}: an area has events where none can be expected")
    if not (mean > 0).any():
        raise ValueError(f"{what}: nothing is expected in any area")
    return count[mean > 0], mean[mean > 0]


def _homogeneity(chi_square: float, degrees_of_freedom: int, likelihood_ratio: float = float("nan")) -> Homogeneity:
    from scipy.special import chdtrc

    # With no degree of freedom the statistic is 0 for certain, and so at least as large as what was seen.
    p_value = float(chdtrc(degrees_of_freedom, chi_square)) if degrees_of_freedom > 0 else 1.0
    dispersion = float(divide(chi_square, degrees_of_freedom))
    return Homogeneity(chi_square, degrees_of_freedom, p_value, dispersion, likelihood_ratio)
