"""Over-dispersion of area proportions against binomial chance (Spiegelhalter 2005, Stat Med 24:1185)."""

import math

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

TRIM = 0.1
"""Share of the areas that is pulled in at each end before the spread is taken (Spiegelhalter 2005)."""


def winsorise(z: npt.ArrayLike, trim: float = TRIM) -> FloatArray:
    """Pull the lowest and highest ``trim`` share of scores in to its quantiles (type 7), on the last axis."""
    scores = np.asarray(z, dtype=np.float64)
    low, high = np.quantile(scores, [trim, 1 - trim], axis=-1, keepdims=True)
    return np.clip(scores, low, high)


def dispersion(z: npt.ArrayLike) -> FloatArray:
    """Return phi, the mean square of scores [..., areas]: about 1 under chance alone."""
    return np.asarray(np.mean(np.asarray(z, dtype=np.float64) ** 2, axis=-1))


def additive_variance(phi: float, standard_error: npt.ArrayLike) -> float:
    """Return tau squared, the between-area variance that explains phi; 0 when chance explains it.

    ``standard_error`` [areas] and the answer are on the scale of the scores' numerator
    (DerSimonian and Laird's form of the moment estimator).
    """
    weight = 1 / np.asarray(standard_error, dtype=np.float64) ** 2
    areas = weight.size
    total = float(weight.sum())
    spread = total - float((weight**2).sum()) / total
    return max(0.0, (areas * phi - (areas - 1)) / spread)


def arcsine_scores(events: npt.ArrayLike, people: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return z and its denominator s [areas] for proportions against their pooled mean.

    z = (asin sqrt(p) - asin sqrt(target)) / s with s = 1 / (2 sqrt n), which steadies the variance.
    """
    count, n = np.asarray(events, dtype=np.float64), np.asarray(people, dtype=np.float64)
    target = math.asin(math.sqrt(count.sum() / n.sum()))
    standard_error = 1 / (2 * np.sqrt(n))
    return (np.arcsin(np.sqrt(count / n)) - target) / standard_error, standard_error


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
    scored = ~np.isnan(z).reshape(-1, z.shape[-1]).any(axis=0)
    if not scored.any():
        return np.full(z.shape[:-1], np.nan)
    return dispersion(winsorise(z[..., scored]))
