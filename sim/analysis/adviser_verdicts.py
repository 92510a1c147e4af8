"""Delegate, keep, toss-up, or no verdict: one for each service from its own effects, with intervals over replicates.

Each outcome is counted in smallest differences that matter (steps) and the steps are weighed and added. A verdict
rests on intervals that hold for all services and levels together, so that of many services hardly one is told apart
by luck alone. There is none where an outcome that weighs something is not measured: the others do not stand for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.adviser import Advice
from sim.analysis.adviser_effects import JUDGED, MEANS, SIGNS, Effects, FloatArray, never_whole
from sim.analysis.adviser_scores import (
    CONFIDENCE,
    EQUAL,
    NO_CHOICE,
    ROUNDING,
    STAYS,
    BoolArray,
    IntArray,
    Limits,
    OverPoints,
    Weights,
    decide,
    limits,
    limits_unless_tied,
    over_points,
    share_alike,
    together,
    weighted,
    weightings,
)
from sim.measures.intervals import EQUIVALENT, NO_VERDICT, Interval, mean_interval, of_shares, verdict
from sim.measures.outcomes import outcome

MOVE, KEEP, TOSS_UP = "move", "keep", "toss-up"
VERDICTS = (MOVE, KEEP, TOSS_UP, NO_VERDICT)
NOT_MEASURED = "not measured"
NOTHING_THERE = "none at the reference"
"""Why an outcome has no steps: no run has it, or the smallest difference that matters is a share of none."""


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
    """One level for a service: its score in steps over the reference, and how it fares where inputs vary.

    ``score`` has the interval that holds for all services and levels together; a level at which the other services are
    surely worse off is ``ruled_out``.
    """

    level: str
    score: Interval
    points: OverPoints
    ruled_out: bool


@dataclass(frozen=True)
class Missing:
    """An outcome of a service at a level that weighs something and has no steps, and why."""

    outcome: str
    level: str
    why: str


@dataclass(frozen=True)
class ServiceAdvice:
    """What is advised for a service; ``options`` begin with the reference.

    ``level`` is where it is to move, otherwise the best of the levels to which it is not moved; ``score`` is that
    level's.

    ``share_of_weightings`` and ``share_of_points`` say how often the verdict is the same at other weights, and at
    single points, of those at which there is one; nan without a verdict. At a single point the same is asked of the
    means alone. ``missing`` is what could not be judged.
    """

    service: str
    group: str
    verdict: str
    level: str
    score: Interval
    options: tuple[Option, ...]
    share_of_weightings: float
    share_of_points: float
    missing: tuple[Missing, ...]


def judge(advice: Advice, effects: Effects, groups: Mapping[str, str], weights: Weights = EQUAL) -> list[ServiceAdvice]:
    """Advise on every service, the best scores first, ties by id, without a verdict last; ``groups`` by service."""
    gains = effects.own_gains
    by_replicate = gains.mean(axis=-1)
    confidence = together(by_replicate[0, ..., 0].size)
    scaled = weights / weights.max()
    score = weighted(scaled, gains)  # [S, M, R, P]
    at_points = np.moveaxis(_mean_of_known(score), -1, 0)  # [P, S, M]
    harmed = harms_others(effects)
    found = _limits_of_scores(scaled, by_replicate, confidence)
    choice = decide(found, harmed)
    swept = decide(_limits_of_scores(weightings(), by_replicate, confidence), harmed)
    by_means = decide(Limits(at_points, at_points, at_points), harmed)
    replicates = np.isfinite(score.mean(axis=-1)).sum(axis=-1)
    told = []
    for number, service in enumerate(advice.services):
        options = _options(
            advice, Limits(*(part[number] for part in found)), replicates[number], at_points[:, number], harmed[number]
        )
        chosen = int(choice[number])
        best = options[chosen] if chosen > 0 else min(options[1:], key=lambda option: _last_nan(option.score.mean))
        told.append(
            ServiceAdvice(
                service=service,
                group=groups[service],
                verdict=MOVE if chosen > 0 else {STAYS: KEEP, NO_CHOICE: NO_VERDICT}.get(chosen, TOSS_UP),
                level=best.level,
                score=best.score,
                options=tuple(options),
                share_of_weightings=share_alike(swept[:, number], chosen),
                share_of_points=share_alike(by_means[:, number], chosen),
                missing=tuple(_missing(advice, effects, number, weights)),
            )
        )
    return sorted(told, key=lambda one: (one.verdict == NO_VERDICT, _last_nan(one.score.mean), one.service))


def _limits_of_scores(weights: FloatArray, gains: FloatArray, confidence: float) -> Limits:
    """Return the limits of scores [..., S, M] at weights [..., K] from gains [K, S, M, R]."""
    moved = (np.abs(gains) > ROUNDING).any(axis=-1)
    by_shares = np.tensordot(weights * np.array(MEANS), moved, 1) > 0.0
    return limits_unless_tied(weighted(weights, gains), confidence, by_shares)


def _last_nan(score: float) -> float:
    """Return a key by which the highest score comes first and none last."""
    return -score if np.isfinite(score) else np.inf


def _missing(advice: Advice, effects: Effects, number: int, weights: Weights) -> list[Missing]:
    """Return what of one service has no steps among the outcomes that weigh something."""
    never = never_whole(effects.own)
    return [
        Missing(JUDGED[kind].id, advice.moved[m], NOT_MEASURED if never[kind, number, m] else NOTHING_THERE)
        for kind, m in np.argwhere(effects.unmeasured[:, number]).tolist()
        if weights[kind] > 0.0
    ]


def harms_others(effects: Effects) -> BoolArray:
    """Tell at which levels of which service the others are surely worse off by what matters in the whole, [S, M].

    Harm that is not measured rules nothing out, nor do shares that tie by luck; the rows of effects say where.
    """
    gains = (SIGNS / effects.whole_steps)[:, None, None, None] * effects.elsewhere.mean(axis=-1)
    confidence = together(gains[..., 0].size)
    found = limits_unless_tied(gains, confidence, np.array(MEANS)[:, None, None])
    return np.asarray((found.high < -1.0).any(axis=0))


def _options(
    advice: Advice, found: Limits, replicates: IntArray, at_points: FloatArray, harmed: BoolArray
) -> list[Option]:
    """Return the options of one service, the reference first, from what is told of its levels [M], at points [P, M]."""
    scores = np.concatenate([np.zeros((at_points.shape[0], 1)), at_points], axis=1)
    numbers = zip(*(part.tolist() for part in found), replicates.tolist(), strict=True)
    nothing = Interval(0.0, 0.0, 0.0, int(replicates.max(initial=0)))
    intervals = [nothing, *(Interval(*one) for one in numbers)]
    told = zip(advice.levels, intervals, over_points(scores), [False, *harmed.tolist()], strict=True)
    return [Option(*one) for one in told]


def _mean_of_known(score: FloatArray) -> FloatArray:
    """Return the mean over replicates of scores [S, M, R, P] that are defined, [S, M, P]."""
    return limits(np.moveaxis(score, 2, -1), CONFIDENCE).mean


def effect_rows(advice: Advice, effects: Effects, point: int = 0) -> list[Effect]:
    """Return every effect with its own 95 % interval, at one point or (0) as the mean over all.

    The whole of an outcome that is not measured in the service that moves is not measured either.
    """
    whole = effects.whole_seen
    scopes: Sequence[tuple[str, FloatArray, FloatArray, FloatArray]] = (
        ("own", effects.own, effects.own_steps, effects.own_level),
        ("elsewhere", effects.elsewhere, _wide(effects.whole_steps, effects), _wide(effects.whole_level, effects)),
        ("whole", whole, _wide(effects.whole_steps, effects), _wide(effects.whole_level, effects)),
    )
    rows = []
    for s, service in enumerate(advice.services):
        for m, level in enumerate(advice.moved):
            for name, values, steps, levels in scopes:
                for k, judged in enumerate(JUDGED):
                    draws = values[k, s, m, :, point - 1] if point else values[k, s, m].mean(axis=-1)
                    interval = _interval(judged.own, draws)
                    step, level_of = float(steps[k, s]), float(levels[k, s])
                    word = _word(interval, step)
                    rows.append(Effect(service, level, judged.id, name, point, level_of, interval, step, word))
    return rows


def _interval(measure: str, draws: FloatArray) -> Interval:
    """Return the interval of the draws that are defined; shares that tie by luck have no limits."""
    found = mean_interval(draws[np.isfinite(draws)], CONFIDENCE)
    return of_shares(found, CONFIDENCE) if outcome(measure).is_share else found


def _word(difference: Interval, step: float) -> str:
    """Tell a difference in words; none where no run has it, or where it is one from none and has no step."""
    if not difference.n:
        return NOT_MEASURED
    if not np.isfinite(step):
        return EQUIVALENT if difference.low == difference.high == 0.0 else NO_VERDICT
    return verdict(difference, step)


def _wide(values: FloatArray, effects: Effects) -> FloatArray:
    """Repeat values [K] for every service, [K, S]."""
    return np.repeat(values[:, None], effects.own.shape[1], axis=1)
