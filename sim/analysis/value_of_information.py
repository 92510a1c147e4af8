"""What it would be worth to know uncertain inputs before choosing a regime: EVPI and, for each input, EVPPI.

EVPPI by regression (Strong, Oakley and Brennan 2014): the expected net benefit given one input is a smooth curve
through the points, a cubic regression spline whose degrees of freedom are those that foretell points best (leave one
out); of a choice it is the mean of each option. Net benefits are means over replicates, in pounds a year.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.analysis.chance import ABOVE_CHANCE, CHANCE_UNKNOWN, NOT_ABOVE_CHANCE, numbers_in_words
from sim.analysis.space import CannotAnalyseError, FloatArray, Space

Rows = npt.NDArray[np.int64]
EVERYTHING = "everything varied"
RESAMPLES = 400
SHUFFLES = 400
LUCK_DRAWS = 200
FREEDOM = (2, 4, 6, 8)
"""Degrees of freedom of a curve: a line, a cubic, and cubics with two and four knots."""
LEAST_POINTS = 30
NORMAL_95 = 1.959963984540054
CHANCE_QUANTILE = 0.95


@dataclass(frozen=True)
class Worth:
    """The value of knowing one input, or everything varied, beforehand: pounds a year, interval bootstrapped by points.

    ``chance`` is what 95 of 100 shuffles stay below, the largest value of any input counting in each, so that among
    many inputs hardly one is told apart by luck; of everything varied it is how much the luck that is left in the
    means adds (its upward bias), nan with one replicate.
    """

    input: str
    value: float
    low: float
    high: float
    chance: float
    verdict: str


class Orders(NamedTuple):
    """Points drawn again with replacement, and in shuffled order, [draws, P] each."""

    resampled: Rows
    shuffled: Rows


@dataclass(frozen=True)
class Choice:
    """The choice at one worth of a QALY: mean net benefit of each regime less the first's, how often it is best."""

    worth: float
    regimes: tuple[str, ...]
    benefits: tuple[float, ...]
    share_best: tuple[float, ...]
    best: str
    everything: Worth
    inputs: tuple[Worth, ...]
    points: int
    replicates: int


def value_of_information(
    space: Space, points: FloatArray, benefits: FloatArray, regimes: Sequence[str], worth: float, seed: int
) -> Choice:
    """Return what knowing would be worth, from net benefits [P, R, regimes] at points drawn from the uncertainty.

    Raise CannotAnalyseError on fewer than 30 points or two regimes, and on benefits that are not finite.
    """
    _check(points, benefits)
    more = benefits - benefits[:, :, :1]  # only differences count, and most luck is not in them
    means = more.mean(axis=1)
    rng = np.random.default_rng([seed, len(points)])
    resampled = rng.integers(len(points), size=(RESAMPLES, len(points)))
    drawn = Orders(resampled, rng.permuted(np.tile(np.arange(len(points)), (SHUFFLES, 1)), axis=1))
    best = means.argmax(axis=1)
    return Choice(
        worth=worth,
        regimes=tuple(regimes),
        benefits=tuple(means.mean(axis=0).tolist()),
        share_best=tuple((best == number).mean().item() for number in range(len(regimes))),
        best=regimes[int(means.mean(axis=0).argmax())],
        everything=_everything(more, means, resampled, rng),
        inputs=_of_inputs(space.names, [_curves(space, place, points) for place in range(space.inputs)], means, drawn),
        points=len(points),
        replicates=benefits.shape[1],
    )


def gain(expected: FloatArray) -> float:
    """Return the mean of the best less the best of the means of benefits [P, regimes]: what choosing by point adds."""
    return max(float(expected.max(axis=1).mean() - expected.mean(axis=0).max()), 0.0)


def _check(points: FloatArray, benefits: FloatArray) -> None:
    if len(points) < LEAST_POINTS:
        raise CannotAnalyseError(f"{len(points)} points are too few to learn from; take {LEAST_POINTS} or more")
    if benefits.shape[2] < 2:
        raise CannotAnalyseError("there is nothing to choose between with less than two regimes")
    bad = np.flatnonzero(~np.isfinite(benefits).all(axis=(1, 2))) + 1
    if bad.size:
        raise CannotAnalyseError(f"{bad.size} of {len(points)} points lack a net benefit: {numbers_in_words(bad)}")


def _everything(more: FloatArray, means: FloatArray, resampled: Rows, rng: np.random.Generator) -> Worth:
    value = gain(means)
    low, high = _interval(value, [gain(means[rows]) for rows in resampled])
    luck = _luck(more, rng)
    if luck is None:
        return Worth(EVERYTHING, value, low, high, math.nan, CHANCE_UNKNOWN if value > 0.0 else NOT_ABOVE_CHANCE)
    bias = float(np.mean([gain(means + one) for one in luck])) - value
    # Where no input changes a benefit, points differ by luck alone, which the bias tells less than half of.
    alone = float(np.quantile([gain(means.mean(axis=0) + one) for one in luck], CHANCE_QUANTILE))
    told = ABOVE_CHANCE if low > 0.0 and value > max(bias, alone) else NOT_ABOVE_CHANCE
    return Worth(EVERYTHING, value, low, high, bias, told)


def _luck(more: FloatArray, rng: np.random.Generator) -> FloatArray | None:
    """Draw the luck that is left in the means, [draws, P, regimes], with the covariance that the replicates show.

    None with one replicate. What the same luck once more adds to a value is its bias, as in simulation extrapolation
    (Cook and Stefanski 1994).
    """
    points, replicates, regimes = more.shape
    if replicates < 2:
        return None
    rest = (more - more.mean(axis=1, keepdims=True) - more.mean(axis=0) + more.mean(axis=(0, 1)))[:, :, 1:]
    flat = rest.reshape(-1, regimes - 1)
    covariance = flat.T @ flat / ((points - 1) * (replicates - 1)) / replicates
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    luck = rng.standard_normal((LUCK_DRAWS, points, regimes - 1)) @ root.T
    return np.concatenate([np.zeros((LUCK_DRAWS, points, 1)), luck], axis=2)


def _interval(value: float, again: Sequence[float]) -> tuple[float, float]:
    """Return the value with the spread of its bootstrap, not below 0: knowing never costs."""
    half = NORMAL_95 * float(np.std(again, ddof=1))
    return max(value - half, 0.0), value + half


def _of_inputs(
    names: Sequence[str], curves: Sequence[Sequence[FloatArray]], means: FloatArray, drawn: Orders
) -> tuple[Worth, ...]:
    bases = [[np.linalg.qr(curve)[0] for curve in of_one] for of_one in curves]
    by_luck = [max(gain(_fitted(of_one, means[order])) for of_one in bases) for order in drawn.shuffled]
    chance = float(np.quantile(by_luck, CHANCE_QUANTILE))
    found = []
    for name, of_one, own in zip(names, curves, bases, strict=True):
        value = gain(_fitted(own, means))
        chosen = of_one[_foretelling_best(own, means)]
        again = [gain(_fitted([_orthonormal(chosen[rows])], means[rows])) for rows in drawn.resampled]
        low, high = _interval(value, again)
        told = ABOVE_CHANCE if low > 0.0 and value > chance else NOT_ABOVE_CHANCE
        found.append(Worth(name, value, low, high, chance, told))
    return tuple(found)


def _fitted(bases: Sequence[FloatArray], means: FloatArray) -> FloatArray:
    """Return expected benefits given the input: the projection on the basis that foretells best."""
    basis = bases[_foretelling_best(bases, means)] if len(bases) > 1 else bases[0]
    return np.asarray(basis @ (basis.T @ means), dtype=np.float64)


def _foretelling_best(bases: Sequence[FloatArray], means: FloatArray) -> int:
    """Return the basis with the smallest leave-one-out error, all regimes together."""
    errors = []
    for basis in bases:
        leverage = np.minimum((basis**2).sum(axis=1), 1.0 - 1e-9)
        rest = means - basis @ (basis.T @ means)
        errors.append(float(((rest / (1.0 - leverage)[:, np.newaxis]) ** 2).sum()))
    return int(np.argmin(errors))


def _orthonormal(curve: FloatArray) -> FloatArray:
    """Return an orthonormal basis of the columns; a resample may lack an option or a stretch of the input."""
    left, sizes, _ = np.linalg.svd(curve, full_matrices=False)
    return np.asarray(left[:, sizes > 1e-9 * sizes[0]], dtype=np.float64)


def _curves(space: Space, place: int, points: FloatArray) -> list[FloatArray]:
    """Return the bases among which a curve over one input is chosen, each with the constants in its span."""
    from scipy.interpolate import BSpline

    column = space.scaled(points)[:, place]
    different = np.unique(column)
    if space.kind[place] == "choice" or len(different) < 2 * FREEDOM[1]:
        return [(column[:, np.newaxis] == different).astype(np.float64)]
    bases = [np.column_stack([np.ones_like(column), column])]
    for freedom in FREEDOM[1:]:
        if freedom * 4 > len(different):
            break
        inner = np.quantile(different, np.linspace(0, 1, freedom - 2)[1:-1])
        knots = np.concatenate([np.repeat(column.min(), 4), inner, np.repeat(column.max(), 4)])
        bases.append(np.asarray(BSpline.design_matrix(column, knots, 3).toarray(), dtype=np.float64))
    return bases
