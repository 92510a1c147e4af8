"""Delegate, keep, or toss-up: one verdict for each service from its own effects, with intervals over replicates.

Each outcome is counted in smallest differences that matter (steps) and the steps are weighed and added. A verdict
rests on intervals that hold for all services and levels together, so that of many services hardly one is told apart
by luck alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.analysis.adviser import Advice
from sim.analysis.adviser_effects import JUDGED, SIGNS, Effects, FloatArray
from sim.measures.intervals import Interval, mean_interval, verdict

CONFIDENCE = 0.95
MATTERS = 1.0
"""A sum of steps within this of none is a tie: no outcome moves by what matters."""
MOVE, KEEP, TOSS_UP = "move", "keep", "toss-up"
WEIGHT_STEPS = (0.0, 1.0, 4.0, 16.0)
"""What one outcome may weigh over another, in the sweep of weights."""
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
class Effect:
    """One outcome of one service at one level less the reference; ``scope`` is own, elsewhere or whole."""

    service: str
    level: str
    outcome: str
    scope: str
    point: int  # 0 = the mean over all points
    reference: float
    difference: Interval
    smallest: float
    verdict: str

    @property
    def gain(self) -> int:
        """Return 1 where the interval says that it is better, -1 where it is worse, 0 where it spans zero."""
        sign = int(SIGNS[[judged.id for judged in JUDGED].index(self.outcome)])
        return sign * (int(self.difference.low > 0.0) - int(self.difference.high < 0.0))


@dataclass(frozen=True)
class Option:
    """One level for a service: its score in steps over the reference, and what it risks where inputs vary.

    ``score`` has the interval that holds for all services and levels together. Regrets are in steps, against the
    best level at the same point, the mean and the largest over points; ``share_best`` is the share of points.
    """

    level: str
    score: Interval
    share_best: float
    mean_regret: float
    largest_regret: float


@dataclass(frozen=True)
class ServiceAdvice:
    """What is advised for a service; ``options`` begin with the reference.

    ``level`` is where it is to move, otherwise the best of the levels to which it is not moved; ``score`` is that
    level's.

    ``share_of_weightings`` and ``share_of_points`` say how often the verdict is the same at other weights, and at
    single points. At a single point the same is asked of the means alone.
    """

    service: str
    group: str
    verdict: str
    level: str
    score: Interval
    options: tuple[Option, ...]
    share_of_weightings: float
    share_of_points: float


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


def together(comparisons: int) -> float:
    """Return the confidence of each of many intervals that hold together with that of one (Bonferroni)."""
    return 1.0 - (1.0 - CONFIDENCE) / max(comparisons, 1)


def weightings() -> FloatArray:
    """Return every weighting of the sweep once, [n, K], the largest weight of each 1."""
    found = {tuple(w / max(given) for w in given) for given in product(WEIGHT_STEPS, repeat=len(JUDGED)) if max(given)}
    return np.array(sorted(found))


def judge(advice: Advice, effects: Effects, groups: Mapping[str, str], weights: Weights = EQUAL) -> list[ServiceAdvice]:
    """Advise on every service, the best scores first, ties by id; ``groups`` by service."""
    gains = effects.own_gains
    by_replicate = gains.mean(axis=-1)
    comparisons = by_replicate.shape[1] * by_replicate.shape[2]
    scaled = weights / weights.max()
    score = np.tensordot(scaled, gains, 1)  # [S, M, R, P]
    at_points = np.moveaxis(_mean_of_known(score), -1, 0)  # [P, S, M]
    harmed = harms_others(effects)
    found = limits(np.tensordot(scaled, by_replicate, 1), together(comparisons))
    choice = decide(found, harmed)
    swept = decide(limits(np.tensordot(weightings(), by_replicate, 1), together(comparisons)), harmed)
    by_means = decide(Limits(at_points, at_points, at_points), harmed)
    replicates = np.isfinite(score.mean(axis=-1)).sum(axis=-1)
    told = []
    for number, service in enumerate(advice.services):
        options = _options(advice, found, replicates, at_points, number)
        chosen = int(choice[number])
        best = options[chosen] if chosen > 0 else max(options[1:], key=lambda option: option.score.mean)
        told.append(
            ServiceAdvice(
                service=service,
                group=groups[service],
                verdict=MOVE if chosen > 0 else KEEP if chosen == 0 else TOSS_UP,
                level=best.level,
                score=best.score,
                options=tuple(options),
                share_of_weightings=float((swept[:, number] == chosen).mean()),
                share_of_points=float((by_means[:, number] == chosen).mean()),
            )
        )
    return sorted(told, key=lambda entry: (-np.nan_to_num(entry.score.mean, nan=-np.inf), entry.service))


def harms_others(effects: Effects) -> BoolArray:
    """Tell at which levels of which service the others are surely worse off by what matters in the whole, [S, M]."""
    gains = (SIGNS / effects.whole_steps)[:, None, None, None] * effects.elsewhere.mean(axis=-1)
    worse = limits(gains, together(gains[..., 0].size)).high < -1.0
    return np.asarray(np.any(worse, axis=0))


def decide(found: Limits, ruled_out: BoolArray | None = None, matters: float = MATTERS) -> IntArray:
    """Return the choice of each service from the limits of its levels' scores [..., S, M]: -1 toss-up, 0 keep, m move.

    A level is moved to when its whole interval lies beyond what matters and it is not ruled out [S, M], the best of
    several by its mean; kept is a service of which every level is surely worse by more than what matters.
    """
    better = (found.low > matters) if ruled_out is None else (found.low > matters) & ~ruled_out
    best = np.where(better, found.mean, -np.inf).argmax(axis=-1) + 1
    kept = (found.high < -matters).all(axis=-1)
    return np.asarray(np.where(better.any(axis=-1), best, np.where(kept, 0, -1)))


def _options(advice: Advice, found: Limits, replicates: IntArray, at_points: FloatArray, number: int) -> list[Option]:
    """Return the options of one service, the reference first."""
    scores = np.concatenate([np.zeros((at_points.shape[0], 1)), at_points[:, number]], axis=1)
    known = scores[np.isfinite(scores).all(axis=1)]
    best = _best(known)
    regret = known.max(axis=1, keepdims=True, initial=0.0) - known
    nothing = Interval(0.0, 0.0, 0.0, int(replicates[number].max(initial=0)))
    intervals = [
        Interval(
            float(found.mean[number, m]),
            float(found.low[number, m]),
            float(found.high[number, m]),
            int(replicates[number, m]),
        )
        for m in range(len(advice.moved))
    ]
    return [
        Option(
            level,
            interval,
            share_best=float((best == place).mean()) if known.size else float("nan"),
            mean_regret=float(regret[:, place].mean()) if known.size else float("nan"),
            largest_regret=float(regret[:, place].max()) if known.size else float("nan"),
        )
        for place, (level, interval) in enumerate(zip(advice.levels, [nothing, *intervals], strict=True))
    ]


def _best(scores: FloatArray) -> IntArray:
    """Return the best option at each point from scores [P, L]; a lead over the reference within a tie is none."""
    found = scores.argmax(axis=1) if scores.size else np.zeros(0, dtype=np.intp)
    return np.asarray(np.where(scores.max(axis=1, initial=0.0) > MATTERS, found, 0))


def _mean_of_known(score: FloatArray) -> FloatArray:
    """Return the mean over replicates of scores [S, M, R, P] that are defined, [S, M, P]."""
    return limits(np.moveaxis(score, 2, -1), CONFIDENCE).mean


def effect_rows(advice: Advice, effects: Effects, point: int = 0) -> list[Effect]:
    """Return every effect with its own 95 % interval, at one point or (0) as the mean over all."""
    scopes: Sequence[tuple[str, FloatArray, FloatArray, FloatArray]] = (
        ("own", effects.own, effects.own_steps, effects.own_level),
        ("elsewhere", effects.elsewhere, _wide(effects.whole_steps, effects), _wide(effects.whole_level, effects)),
        ("whole", effects.whole, _wide(effects.whole_steps, effects), _wide(effects.whole_level, effects)),
    )
    rows = []
    for s, service in enumerate(advice.services):
        for m, level in enumerate(advice.moved):
            for name, values, steps, levels in scopes:
                for k, judged in enumerate(JUDGED):
                    draws = values[k, s, m, :, point - 1] if point else values[k, s, m].mean(axis=-1)
                    interval = mean_interval(draws[np.isfinite(draws)], CONFIDENCE)
                    step, level_of = float(steps[k, s]), float(levels[k, s])
                    word = verdict(interval, step if np.isfinite(step) else 0.0)
                    rows.append(Effect(service, level, judged.id, name, point, level_of, interval, step, word))
    return rows


def _wide(values: FloatArray, effects: Effects) -> FloatArray:
    """Repeat values [K] for every service, [K, S]."""
    return np.repeat(values[:, None], effects.own.shape[1], axis=1)
