"""Empirical-Bayes shrinkage: each area's rate pulled towards the mean, the more the less it tells.

Arrays are [areas]. An area without people (or with nothing expected) says nothing: it has no part in the
prior and gets the prior's mean. Every function raises ValueError on negative counts or shapes that differ.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, divide, events_among, not_negative, same_shape

MOST_STEPS = 20_000


class ShrunkRates(NamedTuple):
    """Raw and shrunk rates [areas] with the prior's mean and variance (of the true rates, or as named)."""

    raw: FloatArray
    shrunk: FloatArray
    prior_mean: float
    prior_variance: float


class ShrunkRatios(NamedTuple):
    """Shrunk ratios [areas] under a gamma prior of that shape and rate; both infinite when areas do not differ."""

    shrunk: FloatArray
    shape: float
    rate: float
    prior_mean: float

    @property
    def between_area_variance(self) -> float:
        """Return shape / rate^2, the variance of the areas' true ratios: a model-based systematic component."""
        return self.shape / self.rate**2 if np.isfinite(self.rate) else 0.0


def marshall_shrinkage(count: npt.ArrayLike, population: npt.ArrayLike) -> ShrunkRates:
    """Return rates shrunk to the global mean by moments (Marshall 1991, Appl Stat 40:283).

    A = s^2 - b / mean(n), floored at 0 (without a floor low variation would push rates apart), and
    shrunk = b + A (r - b) / (A + b / n).
    """
    x, n, some = _areas("marshall_shrinkage", count, population)
    raw, mean, spread = divide(x, n), float(x.sum() / n.sum()), _spread(x[some], n[some])
    variance = max(0.0, spread - mean / float(n[some].mean()))
    chance = divide(mean, n)
    pull = np.where(some & (chance + variance > 0), divide(variance, variance + chance), 0.0)
    return ShrunkRates(raw, mean + pull * np.where(some, np.nan_to_num(raw) - mean, 0.0), mean, variance)


def binomial_shrinkage(count: npt.ArrayLike, population: npt.ArrayLike) -> ShrunkRates:
    """Return proportions shrunk by the moments of a beta prior (Martuzzi and Elliott 1996).

    ``prior_variance`` is s^2, the weighted variance of the raw proportions, chance included. There is no floor:
    with less variation than chance makes, proportions are pushed apart. Raise ValueError when there are more
    events than people.
    """
    x, n, some = _areas("binomial_shrinkage", count, population)
    events_among("binomial_shrinkage", x, n)
    raw, mean, spread = divide(x, n), float(x.sum() / n.sum()), _spread(x[some], n[some])
    size, chance = float(n[some].mean()), mean * (1 - mean)
    between = spread - chance / size
    whole = (n - 1) * spread + (size - n) / size * chance
    pull = np.where(some, np.nan_to_num(divide(n * between, whole)), 0.0)
    return ShrunkRates(raw, mean + pull * np.where(some, np.nan_to_num(raw) - mean, 0.0), mean, spread)


def gamma_moments_shrinkage(observed: npt.ArrayLike, expected: npt.ArrayLike) -> ShrunkRatios:
    """Return ratios O / E shrunk under a gamma prior fitted by moments (Clayton and Kaldor 1987), to convergence.

    Where areas differ no more than chance makes them, chi-square of the pooled ratio at most its degrees of
    freedom, the iteration would run on to an infinite prior: all get the pooled ratio.
    """
    count, mean, some = _areas("gamma_moments_shrinkage", observed, expected)
    x, e = count[some], mean[some]
    pooled = float(x.sum() / e.sum())
    if float(((x - pooled * e) ** 2 / e).sum()) <= pooled * (x.size - 1):
        return _pooled(count, mean)
    middle, variance = float((x / e).mean()), float((x / e).var(ddof=1))
    for _ in range(MOST_STEPS):
        rate = middle / variance
        posterior = (x + middle * rate) / (e + rate)
        next_middle = float(posterior.mean())
        next_variance = float(((1 + rate / e) * (posterior - next_middle) ** 2).sum()) / (x.size - 1)
        moved = abs(next_middle - middle) + abs(next_variance - variance)
        middle, variance = next_middle, next_variance
        if moved < 1e-15:
            break
    return _shrunk(count, mean, middle**2 / variance, middle / variance)


def gamma_likelihood_shrinkage(observed: npt.ArrayLike, expected: npt.ArrayLike) -> ShrunkRatios:
    """Return ratios O / E shrunk under a gamma prior fitted by negative-binomial maximum likelihood.

    Every area gets the pooled ratio where counts vary no more than Poisson chance makes them.
    """
    from scipy.optimize import minimize_scalar

    count, mean, some = _areas("gamma_likelihood_shrinkage", observed, expected)
    x, e = count[some], mean[some]
    pooled = float(x.sum() / e.sum())
    if x.sum() <= 0 or float(((x - pooled * e) ** 2 - x).sum()) <= 0:
        return _pooled(count, mean)
    fit = minimize_scalar(
        lambda log_shape: -_profile(float(np.exp(log_shape)), x, e)[1],
        bounds=(-15.0, 20.0),
        method="bounded",
        options={"xatol": 1e-10},
    )
    shape = float(np.exp(fit.x))
    return _shrunk(count, mean, shape, shape / _profile(shape, x, e)[0])


def posterior_median(shrunk: ShrunkRatios, observed: npt.ArrayLike, expected: npt.ArrayLike) -> FloatArray:
    """Return the median of each area's ratio under the fitted prior and its own count."""
    from scipy.special import gammaincinv

    count, mean, _ = _areas("posterior_median", observed, expected)
    if not np.isfinite(shrunk.rate):
        return shrunk.shrunk
    return np.asarray(gammaincinv(count + shrunk.shape, 0.5) / (mean + shrunk.rate), dtype=np.float64)


def _profile(shape: float, count: FloatArray, expected: FloatArray) -> tuple[float, float]:
    """Return the mean ratio that fits best with that shape, and the log likelihood (without constants) there."""
    from scipy.special import gammaln

    ratio = float(count.sum() / expected.sum())
    for _ in range(100):
        whole = shape + ratio * expected
        slope = float((count / ratio - expected * (count + shape) / whole).sum())
        curvature = float((count / ratio**2 - expected**2 * (count + shape) / whole**2).sum())
        step = slope / curvature if curvature > 0 else slope * ratio**2 / float(count.sum())
        ratio = min(max(ratio + step, ratio / 4), ratio * 4)
        if abs(step) < 1e-13 * ratio:
            break
    whole = shape + ratio * expected
    fit = gammaln(count + shape) - gammaln(shape) + shape * np.log(shape / whole) + count * np.log(ratio / whole)
    return ratio, float(fit.sum())


def _shrunk(count: FloatArray, expected: FloatArray, shape: float, rate: float) -> ShrunkRatios:
    return ShrunkRatios((count + shape) / (expected + rate), shape, rate, shape / rate)


def _pooled(count: FloatArray, expected: FloatArray) -> ShrunkRatios:
    ratio = float(count.sum() / expected.sum())
    return ShrunkRatios(np.full(count.shape, ratio), np.inf, np.inf, ratio)


def _spread(count: FloatArray, population: FloatArray) -> float:
    """Return the population-weighted variance of the raw rates."""
    mean = count.sum() / population.sum()
    return float((population * (count / population - mean) ** 2).sum() / population.sum())


def _areas(
    what: str, count: npt.ArrayLike, population: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.bool_]]:
    """Return counts, people or expected counts, and which areas have any."""
    x, n = not_negative(what, count), not_negative(what, population)
    same_shape(what, x, n)
    if n.sum() <= 0:
        raise ValueError(f"{what}: nobody lives in any area, or nothing is expected")
    if ((n == 0) & (x > 0)).any():
        raise ValueError(f"{what}: an area has events where none can be expected")
    return x, n, n > 0
