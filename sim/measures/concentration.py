"""Concentration indices: whether health or care gathers among the better-off (above 0) or the worse-off (below 0).

``outcome``, ``rank_by`` and ``weights`` are [people or areas]; ``rank_by`` rises from worst-off to best-off.
Everyone with the same standing shares one fractional rank, so the order of rows does not matter. Every
function raises ValueError on shapes that differ or weights that are negative or sum to 0.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, divide, finite, number, same_shape, weighted


class Concentration(NamedTuple):
    """The standard index, and the generalised one in the unit of the outcome."""

    standard: float
    generalised: float


class _Ranked(NamedTuple):
    outcome: FloatArray
    weight: FloatArray
    below: FloatArray  # share of people with a lower standing
    tied: FloatArray  # share of people with the same standing

    @property
    def rank(self) -> FloatArray:
        return self.below + self.tied / 2


def concentration_index(
    outcome: npt.ArrayLike, rank_by: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> Concentration:
    """Return C = 2 cov(h, rank) / mean and C x mean (O'Donnell et al. 2016); C is nan when the mean is 0."""
    ranked = _ranked("concentration_index", outcome, rank_by, weights)
    generalised = 2 * float((ranked.weight * ranked.outcome * (ranked.rank - 0.5)).sum())
    return Concentration(float(divide(generalised, (ranked.weight * ranked.outcome).sum())), generalised)


def erreygers_index(
    outcome: npt.ArrayLike,
    rank_by: npt.ArrayLike,
    bounds: tuple[float, float],
    weights: npt.ArrayLike | None = None,
) -> float:
    """Return Erreygers' corrected index, 4 x generalised / (b - a), of an outcome between the bounds a and b.

    The bounds are what the outcome could be (0 and 1 for a share), not its smallest and largest value. Raise
    ValueError when an outcome lies outside them.
    """
    a, b = _bounds("erreygers_index", outcome, bounds)
    return 4 * concentration_index(outcome, rank_by, weights).generalised / (b - a)


def wagstaff_index(
    outcome: npt.ArrayLike,
    rank_by: npt.ArrayLike,
    bounds: tuple[float, float],
    weights: npt.ArrayLike | None = None,
) -> float:
    """Return Wagstaff's index, C / (1 - mean) of the outcome moved to [0, 1]; nan when that mean is 0 or 1."""
    a, b = _bounds("wagstaff_index", outcome, bounds)
    scaled, weight = weighted("wagstaff_index", (np.asarray(outcome, dtype=np.float64) - a) / (b - a), weights)
    mean = float((scaled * weight).sum())
    return float(divide(concentration_index(scaled, rank_by, weights).generalised, mean * (1 - mean)))


def extended_concentration_index(
    outcome: npt.ArrayLike, rank_by: npt.ArrayLike, aversion: float, weights: npt.ArrayLike | None = None
) -> float:
    """Return the index with inequality aversion v (Wagstaff 2002): 1 - v mean(h (1 - rank)^(v - 1)) / mean(h).

    The power is averaged over the ranks that a group of equals spans, so grouping them changes nothing; v = 2
    is the standard index. Nan when the mean is 0; raise ValueError for an aversion below 1.
    """
    number("extended_concentration_index: the aversion", aversion, 1)
    ranked = _ranked("extended_concentration_index", outcome, rank_by, weights)
    above = 1 - ranked.below
    lot = (above**aversion - np.maximum(above - ranked.tied, 0.0) ** aversion) / ranked.tied
    whole = ranked.weight * ranked.outcome
    return float(1 - divide((whole * lot).sum(), whole.sum()))


def concentration_standard_error(
    outcome: npt.ArrayLike, rank_by: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> float:
    """Return the standard error of the standard index from the convenience regression, n - 2 degrees of freedom.

    2 var(rank) h / mean is regressed on the rank by weighted least squares (Kakwani et al. 1997). It takes the
    ranks as known and each row as one observation. Nan for fewer than three rows or a mean of 0.
    """
    ranked = _ranked("concentration_standard_error", outcome, rank_by, weights)
    weight, centred = ranked.weight, ranked.rank - 0.5
    spread, free = float((weight * centred**2).sum()), weight.size - 2
    left = 2 * spread * divide(ranked.outcome, (weight * ranked.outcome).sum())
    left = left - (weight * left).sum()
    slope = divide((weight * centred * left).sum(), spread)
    residual = float((weight * (left - slope * centred) ** 2).sum())
    return float(np.sqrt(divide(residual / free, spread))) if free > 0 else float("nan")


def _ranked(what: str, outcome: npt.ArrayLike, rank_by: npt.ArrayLike, weights: npt.ArrayLike | None) -> _Ranked:
    value, weight = weighted(what, outcome, weights)
    standing = finite(f"{what} (rank)", rank_by)
    same_shape(what, value, standing)
    some = weight > 0
    value, weight, standing = value[some], weight[some], standing[some]
    _, group = np.unique(standing, return_inverse=True)
    tied = np.bincount(group, weight).astype(np.float64)
    below = np.asarray(np.cumsum(tied) - tied, dtype=np.float64)
    return _Ranked(value, weight, below[group], tied[group])


def _bounds(what: str, outcome: npt.ArrayLike, bounds: tuple[float, float]) -> tuple[float, float]:
    if len(bounds) != 2:
        raise ValueError(f"{what}: the bounds are two numbers")
    a, b = (float(bound) for bound in bounds)
    value = finite(what, outcome)
    if not a < b or (value < a).any() or (value > b).any():
        raise ValueError(f"{what}: every outcome must lie within the bounds, the lower below the upper")
    return a, b
