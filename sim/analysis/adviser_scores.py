"""Arithmetic of advice: weighed steps, intervals over replicates, choices, and regret over points.

A value that is not measured (nan) is never none: it leaves undefined every sum, interval and choice that rests on it.
"""

from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.analysis.adviser_effects import JUDGED, FloatArray
from sim.measures.intervals import TIE

CONFIDENCE = 0.95
MATTERS = 1.0
"""A sum of steps within this of none is a tie: no outcome moves by what matters."""
ROUNDING = 1e-6
"""A mean of fewer steps is rounding of equal numbers."""
WEIGHT_STEPS = (0.0, 1.0, 4.0, 16.0)
"""What one outcome may weigh over another, in the sweep of weights."""
STAYS, OPEN_CHOICE, NO_CHOICE = 0, -1, -2
"""Choices that are no level: to stay, a toss-up, and that nothing can be said."""
Weights = FloatArray
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]
EQUAL: Weights = np.ones(len(JUDGED))


class Limits(NamedTuple):
    """Means over replicates and the limits of their t intervals, all of one shape; nan where they are not defined."""

    mean: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True)
class OverPoints:
    """How one of several options fares where inputs vary; nan where it, or all of them, cannot be compared.

    Regrets are in steps against the best option at the same point, the mean and the largest over points;
    ``share_best`` is the share of points.
    """

    share_best: float
    mean_regret: float
    largest_regret: float


UNKNOWN = OverPoints(float("nan"), float("nan"), float("nan"))


def weighted(weights: FloatArray, values: FloatArray) -> FloatArray:
    """Return the weighed sums of values [K, ...] at weights [..., K]; nan where one that weighs something is nan."""
    known = np.isfinite(values)
    total = np.tensordot(weights, np.where(known, values, 0.0), 1)
    return np.asarray(np.where(np.tensordot(weights, ~known, 1) > 0.0, np.nan, total))


def limits(values: FloatArray, confidence: float) -> Limits:
    """Return the mean over the last axis and its t interval; undefined values are left out."""
    from scipy.special import stdtrit

    known = np.isfinite(values)
    n = known.sum(axis=-1)
    mean = np.where(known, values, 0.0).sum(axis=-1) / np.where(n > 0, n, np.nan)
    square = np.where(known, (values - mean[..., None]) ** 2, 0.0).sum(axis=-1)
    degrees = np.where(n > 1, n - 1, np.nan)
    half = stdtrit(degrees, 0.5 + confidence / 2) * np.sqrt(square / degrees / np.where(n > 0, n, np.nan))
    return Limits(mean, mean - half, mean + half)


def limits_unless_tied(values: FloatArray, confidence: float, by_shares: BoolArray) -> Limits:
    """Return the mean over the last axis and its t interval, without limits where equality tells nothing.

    Scores that hang on shares of few people (``by_shares``) tie by luck, those on a sum of pounds do not. The rule is
    that of ``of_shares``: n scores that are all the same, and not 0, have limits only where the sign test would be sure
    of as many equal signs.
    """
    found, n = limits(values, confidence), np.isfinite(values).sum(axis=-1)
    alike = (found.high - found.low <= TIE * np.abs(found.mean)) & (np.abs(found.mean) > ROUNDING)
    by_luck = alike & by_shares & (np.exp2(1.0 - n) > 1.0 - confidence)
    return Limits(found.mean, *(np.where(by_luck, np.nan, part) for part in found[1:]))


def together(comparisons: int) -> float:
    """Return the confidence of each of many intervals that hold together with that of one (Bonferroni)."""
    return 1.0 - (1.0 - CONFIDENCE) / max(comparisons, 1)


def weightings() -> FloatArray:
    """Return every weighting of the sweep once, [n, K], the largest weight of each 1."""
    found = {tuple(w / max(given) for w in given) for given in product(WEIGHT_STEPS, repeat=len(JUDGED)) if max(given)}
    return np.array(sorted(found))


def decide(found: Limits, ruled_out: BoolArray | None = None, matters: float = MATTERS) -> IntArray:
    """Return the choice of each service from the limits of its levels' scores [..., S, M], a level being 1 to M.

    A level is moved to when its whole interval lies beyond what matters and it is not ruled out [S, M], the best of
    several by its mean; a service stays of which every level is surely worse by more than what matters. Otherwise the
    choice is open, or none where a level has no interval.
    """
    better = (found.low > matters) if ruled_out is None else (found.low > matters) & ~ruled_out
    best = np.where(better, found.mean, -np.inf).argmax(axis=-1) + 1
    kept = (found.high < -matters).all(axis=-1)
    blind = np.isnan(found.low).any(axis=-1)
    left = np.where(kept, STAYS, np.where(blind, NO_CHOICE, OPEN_CHOICE))
    return np.asarray(np.where(better.any(axis=-1), best, left))


def share_alike(choices: IntArray, chosen: int) -> float:
    """Return the share of choices that are the same as one, among those that could be made; nan where none could."""
    made = choices[choices != NO_CHOICE]
    return float((made == chosen).mean()) if made.size and chosen != NO_CHOICE else float("nan")


def over_points(scores: FloatArray) -> list[OverPoints]:
    """Return how every option fares over points, from scores [P, options], the first of them the reference.

    An option without a score at any point is left out, and so is a point at which another has none. A lead over the
    reference within a tie is none, and of equals the first is best.
    """
    there = np.asarray(np.isfinite(scores).any(axis=0))
    known = scores[:, there][np.isfinite(scores[:, there]).all(axis=1)]
    if not known.size or not there[0]:
        return [UNKNOWN] * scores.shape[1]
    top = known.max(axis=1)
    best, regret = np.where(top > known[:, 0] + MATTERS, known.argmax(axis=1), 0), top[:, None] - known
    place = np.cumsum(there) - 1
    return [
        OverPoints(float((best == at).mean()), float(regret[:, at].mean()), float(regret[:, at].max()))
        if is_there
        else UNKNOWN
        for is_there, at in zip(there.tolist(), place.tolist(), strict=True)
    ]
