"""The gradient of a value over ranked groups, from worst-off to best-off: slope and relative index of inequality.

Arrays run over groups in the order of their rank, the worst-off first. A group stands at the mid-point of the
share of people that it covers, from 0 to 1, and weighs by its people; a group without people is left out.
"""

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, divide, level, not_negative, number, same_shape, weighted

Scale = Literal["as is", "log", "logit"]

DRAWS = 100_000
"""Draws behind simulated limits, as many as the English public-health software makes."""


class SlopeIndex(NamedTuple):
    """A weighted line through the groups; both relative indices have the name RII in the literature.

    ``slope_index`` is the line's rise from the worst-off (rank 0) to the best-off (rank 1), in the value's unit.
    Errors treat each group as one observation (n - 2 degrees of freedom); nan for fewer than three groups.
    """

    slope_index: float
    intercept: float
    ratio_of_ends: float  # line at rank 1 over line at rank 0: the English public-health form
    relative_to_mean: float  # slope index over the weighted mean
    standard_error: float
    robust_standard_error: float  # HC1
    low: float
    high: float
    p_value: float
    r_squared: float


class Ends(NamedTuple):
    """The fitted line's ends: their difference, their ratio, and its value at the worst-off end."""

    slope_index: float
    ratio_of_ends: float
    intercept: float


def midpoint_ranks(population: npt.ArrayLike) -> FloatArray:
    """Return each group's mid-point in the cumulative share of people, in the order given.

    Raise ValueError on negative numbers of people or when there is nobody.
    """
    _, share = weighted("midpoint_ranks", np.zeros(np.shape(population)), population)
    return np.asarray(np.cumsum(share) - share / 2)


def slope_index(value: npt.ArrayLike, population: npt.ArrayLike, confidence: float = 0.95) -> SlopeIndex:
    """Return the slope index with both relative indices and t limits, by weighted least squares.

    Raise ValueError when shapes differ, people are negative or there are none. Nan for a single group.
    """
    y, rank, weight = _groups("slope_index", value, population)
    # From the first value on, so that equal groups have a slope of exactly 0.
    mean, centred = float(y[0] + (weight * (y - y[0])).sum()), rank - 0.5
    spread = float((weight * centred**2).sum())
    slope = float(divide((weight * centred * (y - y[0])).sum(), spread)) if y.size > 1 else np.nan
    intercept = mean - slope / 2
    residual = y - intercept - slope * rank
    error, robust = _errors(residual, centred, weight)
    half, p_value = _by_t(slope, error, y.size - 2, confidence)
    left, whole = float((weight * residual**2).sum()), float((weight * (y - mean) ** 2).sum())
    return SlopeIndex(
        slope_index=slope,
        intercept=intercept,
        ratio_of_ends=float(divide(intercept + slope, intercept)),
        relative_to_mean=float(divide(slope, mean)),
        standard_error=error,
        robust_standard_error=robust,
        low=slope - half,
        high=slope + half,
        p_value=p_value,
        r_squared=float(1 - divide(left, whole)),
    )


def slope_ends(value: npt.ArrayLike, population: npt.ArrayLike, scale: Scale = "as is") -> Ends:
    """Return the ends of a line fitted on a scale (log for rates, logit for proportions) and turned back.

    Raise ValueError when a value has no place on the scale.
    """
    y, rank, weight = _groups("slope_ends", value, population)
    ends = _fitted_ends(_to(scale, y)[None], rank, weight, scale)
    return Ends(*(float(part[0]) for part in ends))


def multiplied_ends(ends: Ends, multiplier: float) -> Ends:
    """Return slope and ratio as shown for values times ``multiplier``; a negative one turns the gradient round.

    Used where a high value is bad: the slope changes its sign and the ratio is inverted.
    """
    number("multiplied_ends: the multiplier", multiplier)
    ratio = ends.ratio_of_ends if multiplier > 0 else float(divide(1.0, ends.ratio_of_ends))
    return Ends(ends.slope_index * multiplier, ratio, ends.intercept)


def simulated_ends(
    value: npt.ArrayLike,
    standard_error: npt.ArrayLike,
    population: npt.ArrayLike,
    generator: np.random.Generator,
    drawn_on: Scale = "as is",
    fitted_on: Scale = "as is",
) -> tuple[FloatArray, FloatArray]:
    """Return slope index and ratio of ends [DRAWS] when each group's value is drawn anew around what was seen.

    Normal draws on the scale ``drawn_on`` with that scale's ``standard_error``; limits are quantiles of the
    answer. Raise ValueError on shapes that differ or negative errors.
    """
    y, rank, weight = _groups("simulated_ends", value, population)
    error = not_negative("simulated_ends (standard error)", standard_error)
    same_shape("simulated_ends", np.asarray(population, dtype=np.float64), error)
    error = error[np.asarray(population, dtype=np.float64) > 0]
    drawn = _back(drawn_on, generator.normal(_to(drawn_on, y), error, size=(DRAWS, y.size)))
    slope, ratio, _ = _fitted_ends(_to(fitted_on, drawn), rank, weight, fitted_on)
    return slope, ratio


def _groups(what: str, value: npt.ArrayLike, population: npt.ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    y, weight = weighted(what, value, population)
    some = weight > 0
    y, weight = y[some], weight[some]
    return y, np.asarray(np.cumsum(weight) - weight / 2), weight


def _errors(residual: FloatArray, centred: FloatArray, weight: FloatArray) -> tuple[float, float]:
    """Return the classical and the robust (HC1) standard error of the slope; nan for fewer than three groups."""
    free, spread = residual.size - 2, float((weight * centred**2).sum())
    if free < 1:
        return float("nan"), float("nan")
    robust = ((weight * centred * residual) ** 2).sum() * residual.size / free
    return float(np.sqrt((weight * residual**2).sum() / free / spread)), float(np.sqrt(robust)) / spread


def _by_t(slope: float, error: float, free: int, confidence: float) -> tuple[float, float]:
    """Return half the width of the t interval and the two-sided p value; nan without an error."""
    from scipy.special import stdtr, stdtrit

    share = 0.5 + float(level(confidence)) / 2
    if free < 1:
        return float("nan"), float("nan")
    score = abs(slope) / error if error > 0 else (np.inf if slope else np.nan)
    return float(stdtrit(free, share)) * error, float(2 * stdtr(free, -score))


def _fitted_ends(y: FloatArray, rank: FloatArray, weight: FloatArray, scale: Scale) -> tuple[FloatArray, ...]:
    """Fit lines to rows of values [..., groups] and return slope, ratio of ends and intercept of each."""
    centred = rank - 0.5
    slope = divide((y * weight * centred).sum(axis=-1), (weight * centred**2).sum() if rank.size > 1 else 0.0)
    mean = (y * weight).sum(axis=-1)
    start, end = (_back(scale, mean + side * slope) for side in (-0.5, 0.5))
    return end - start, divide(end, start), start


def _to(scale: Scale, value: FloatArray) -> FloatArray:
    if scale == "as is":
        return value
    if (value <= 0).any() or (scale == "logit" and (value >= 1).any()):
        raise ValueError(f"slope: a value has no place on the {scale} scale")
    return np.log(value) if scale == "log" else np.log(value) - np.log1p(-value)


def _back(scale: Scale, value: FloatArray) -> FloatArray:
    from scipy.special import expit

    if scale == "as is":
        return value
    return np.exp(value) if scale == "log" else np.asarray(expit(value), dtype=np.float64)
