"""Over-dispersion of area proportions against binomial chance (Spiegelhalter 2005, Stat Med 24:1185)."""

import math

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, divide, events_among, not_negative, number, positive, same_shape, some

TRIM = 0.1
"""Share of the areas that is pulled in at each end before the spread is taken (Spiegelhalter 2005)."""


def winsorise(z: npt.ArrayLike, trim: float = TRIM) -> FloatArray:
    """Pull the lowest and highest ``trim`` share of scores in to its quantiles (type 7), on the last axis.

    An area without a score (nan) stays without. Raise ValueError on an infinite score, which has no quantile.
    """
    scores = some("winsorise", z)
    _check_trim("winsorise", trim)
    if np.isinf(scores).any():
        raise ValueError("winsorise: a score is infinite, as the logarithm of a count of 0 is; truncate instead")
    if np.isnan(scores).all():
        return scores
    quantile = np.nanquantile if np.isnan(scores).any() else np.quantile
    low, high = quantile(scores, [trim, 1 - trim], axis=-1, keepdims=True)
    return np.clip(scores, low, high)


def dispersion(z: npt.ArrayLike) -> FloatArray:
    """Return phi, the mean square of scores [..., areas]: about 1 under chance alone; nan when an area has no score.

    Raise ValueError when there is no area.
    """
    return np.asarray(np.mean(some("dispersion", z) ** 2, axis=-1))


def additive_variance(phi: float, standard_error: npt.ArrayLike) -> float:
    """Return tau squared, the between-area variance that explains phi; 0 when chance explains it.

    ``standard_error`` [areas] and the answer are on the scale of the scores' numerator
    (DerSimonian and Laird's form of the moment estimator). One area shows no variance between areas: 0.
    Raise ValueError on a standard error of 0 or below, or on a phi that is negative or unknown.
    """
    number("additive_variance: phi", phi, 0)
    weight = 1 / positive("additive_variance", standard_error) ** 2
    areas = weight.size
    total = float(weight.sum())
    spread = total - float((weight**2).sum()) / total
    return max(0.0, (areas * phi - (areas - 1)) / spread) if areas > 1 else 0.0


def multiplicative_factor(phi: float) -> float:
    """Return sqrt(phi), by which multiplicative over-dispersion stretches limits; 1 when chance explains phi.

    Raise ValueError on a phi that is negative or unknown.
    """
    return math.sqrt(max(1.0, number("multiplicative_factor: phi", phi, 0)))


def truncate(z: npt.ArrayLike, trim: float = TRIM) -> FloatArray:
    """Drop the lowest and highest ``trim`` share of scores [areas] by rank, leaving nan in their place.

    The rule of the NHS summary hospital-level mortality indicator: of n areas, rank r stays when
    floor(r / trim / (n + 1)) is neither 0 nor the last class. Ties share their mean rank. It forgets the
    outliers where ``winsorise`` pulls them in. An area without a score (nan) is none of the n.
    """
    from scipy.stats import rankdata

    scores = some("truncate", z)
    _check_trim("truncate", trim, 1e-9)
    classes = 1 / trim
    areas = np.count_nonzero(~np.isnan(scores))
    place = np.floor(rankdata(scores, nan_policy="omit") * classes / (areas + 1))
    return np.where((place > 0) & (place < classes - 1), scores, np.nan)


def arcsine_scores(events: npt.ArrayLike, people: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return z and its denominator s [areas] for proportions against their pooled mean.

    z = (asin sqrt(p) - asin sqrt(target)) / s with s = 1 / (2 sqrt n), which steadies the variance. Both are
    nan for an area without people. Raise ValueError on negative counts or more events than people.
    """
    count, n = events_among("arcsine_scores", events, people)
    target = math.asin(math.sqrt(divide(count.sum(), n.sum())))
    standard_error = divide(1, 2 * np.sqrt(n))
    return (np.arcsin(np.sqrt(divide(count, n))) - target) / standard_error, standard_error


def log_ratio_scores(observed: npt.ArrayLike, expected: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return z = log(O / E) sqrt(E) and s = 1 / sqrt(E) [areas], against a ratio of 1.

    Minus infinity where nothing was observed, nan where nothing was expected.
    """
    count, mean = _observed_expected("log_ratio_scores", observed, expected)
    ratio = divide(count, mean)
    log = np.where(ratio > 0, np.log(np.where(ratio > 0, ratio, 1.0)), np.where(np.isnan(ratio), np.nan, -np.inf))
    return log * np.sqrt(mean), divide(1, np.sqrt(mean))


def root_ratio_scores(observed: npt.ArrayLike, expected: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return z = (sqrt(O / E) - 1) / s and s = 1 / (2 sqrt E) [areas]; a count of 0 is no trouble here.

    Nan where nothing was expected.
    """
    count, mean = _observed_expected("root_ratio_scores", observed, expected)
    standard_error = divide(1, 2 * np.sqrt(mean))
    return (np.sqrt(divide(count, mean)) - 1) / standard_error, standard_error


def count_ratio_scores(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return z and s [areas] for the ratio of two counts against the pooled ratio, on the log scale.

    Each count is raised by a half, so that 0 has a logarithm; s^2 = x / (x + 1/2)^2 + y / (y + 1/2)^2.
    Nan where both counts are 0, since s is 0 there.
    """
    x, y = _observed_expected("count_ratio_scores", numerator, denominator)
    standard_error = np.sqrt(x / (x + 0.5) ** 2 + y / (y + 0.5) ** 2)
    away = np.log((x + 0.5) / (y + 0.5)) - math.log(x.sum() / y.sum())
    return divide(away, standard_error), np.where(standard_error > 0, standard_error, np.nan)


def log_ratio_limit(expected: npt.ArrayLike, z: float, additive_variance: float = 0.0) -> FloatArray:
    """Return the limit of O / E that lies z standard errors from 1 on the log scale, widened by over-dispersion."""
    mean = positive("log_ratio_limit", expected)
    extra = number("log_ratio_limit: the additive variance", additive_variance, 0)
    return np.exp(number("log_ratio_limit: z", z) * np.sqrt(1 / mean + extra))


def root_ratio_limit(
    expected: npt.ArrayLike, z: float, additive_variance: float = 0.0, squared: bool = True
) -> FloatArray:
    """Return the limit of O / E that lies z standard errors from 1 on the square-root scale.

    Squared back to the scale of O / E, where it is at least 0, or left on the root's scale on request.
    """
    mean = positive("root_ratio_limit", expected)
    extra = number("root_ratio_limit: the additive variance", additive_variance, 0)
    root = 1 + number("root_ratio_limit: z", z) * np.sqrt(1 / (4 * mean) + extra)
    return np.maximum(root, 0.0) ** 2 if squared else root


def _check_trim(what: str, trim: float, least: float = 0.0) -> None:
    if not least <= trim < 0.5:
        raise ValueError(f"{what}: the share trimmed at each end is {'above' if least else 'at least'} 0 and below 0.5")


def _observed_expected(what: str, observed: npt.ArrayLike, expected: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    count, mean = not_negative(f"{what} (observed)", observed), not_negative(f"{what} (expected)", expected)
    same_shape(what, count, mean)
    return count, mean


def standardised_scores(events: FloatArray, people: FloatArray, probability: FloatArray) -> FloatArray:
    """Return z = (O - E) / sd of each area under indirect standardisation, sd from the binomial.

    ``events`` [..., areas] counts every stratum of an area together, ``people`` is [areas, strata] and
    ``probability`` [..., strata] the national one. An area without people in any stratum whose outcome
    is open (0 < p < 1) has no score and comes back as nan.
    """
    expected = np.einsum("as,...s->...a", people, probability)
    variance = np.einsum("as,...s->...a", people, probability * (1 - probability))
    scored = variance > 0
    return np.where(scored, (events - expected) / np.sqrt(np.where(scored, variance, 1.0)), np.nan)


def winsorised_dispersion(z: FloatArray) -> FloatArray:
    """Return phi of winsorised scores, [..., areas] to [...]; nan when no area has a score.

    An area without a score must lack it in every row (the same people are redrawn), and is left out.
    """
    z = np.asarray(z, dtype=np.float64)
    scored = ~np.isnan(z).reshape(-1, z.shape[-1]).any(axis=0)
    if not scored.any():
        return np.full(z.shape[:-1], np.nan)
    return dispersion(winsorise(z[..., scored]))
