"""Whole assignments: which to choose at which weights, what they do when they are run, and which are dominated.

Under an additive surrogate the effect of an assignment is the sum of the effects of its moves, so at given weights
the best level of each service is chosen by itself. What moves do only together is the surrogate's error; the best
assignments are run whole to see it.

Where an outcome of a service is not measured, two assignments that place the service apart cannot be compared in it:
neither dominates or ties with the other, and what one forgoes against the other is not known. So it is where one
of them, when it is run whole, does not measure what the other does.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.analysis.adviser import Advice, Assignment, everything_id
from sim.analysis.adviser_effects import JUDGED, SIGNS, Effects, FloatArray
from sim.analysis.adviser_scores import (
    CONFIDENCE,
    EQUAL,
    UNKNOWN,
    BoolArray,
    IntArray,
    OverPoints,
    Weights,
    decide,
    limits,
    over_points,
    together,
    weighted,
    weightings,
)
from sim.analysis.adviser_standing import FRONTIER, NOT_JUDGED, standings
from sim.measures.intervals import Interval, mean_interval


@dataclass(frozen=True)
class Candidate:
    """An assignment, the share of weightings that choose it, and its effect on the whole as the sum of its moves.

    ``predicted`` [K, R] is the mean over points, in the outcomes' units, the reference taken off.
    """

    id: str
    levels: Assignment
    share_of_weightings: float
    predicted: FloatArray

    def moves(self, reference: str) -> int:
        """Count the services that are moved."""
        return sum(level != reference for level in self.levels)


@dataclass(frozen=True)
class Checked:
    """A candidate that was run whole: its effect, the error of the sum of its moves, and where it stands.

    Intervals are [K]; means over services are of those that are measured. ``rival`` is the id that dominates it, or
    with which it ties. ``unmeasured`` holds each outcome and service that it moves unseen, or that it does not measure
    when it is run; it cannot be judged by them, ``hidden`` [S, K] is the same. ``points``
    says how it fares among all that were checked, at the weights given.
    """

    candidate: Candidate
    actual: FloatArray  # [K, R]
    effect: tuple[Interval, ...]
    predicted: tuple[Interval, ...]
    error: tuple[Interval, ...]
    status: str
    rival: str
    unmeasured: tuple[tuple[str, str], ...]
    hidden: BoolArray
    points: OverPoints


def chosen_by_weights(advice: Advice, effects: Effects) -> dict[Assignment, float]:
    """Return the assignments that the sweep of weights chooses, each with the share of weightings that choose it.

    A service is moved only where the gain of the whole surely is above none at those weights, in intervals that
    hold for all services and levels together; where an outcome that weighs something is not measured it stays.
    """
    gains = effects.whole_gains.mean(axis=-1)
    found = limits(weighted(weightings(), gains), together(gains.shape[1] * gains.shape[2]))
    level = np.maximum(decide(found, matters=0.0), 0)
    counted = Counter(tuple(advice.levels[place] for place in row) for row in level.tolist())
    return {levels: number / len(level) for levels, number in sorted(counted.items(), key=lambda e: (-e[1], e[0]))}


def predict(advice: Advice, effects: Effects, levels: Assignment) -> FloatArray:
    """Return the sum of the effects of an assignment's moves on the whole, [K, R], the mean over points.

    Means over services are of those that are measured.
    """
    total = np.zeros((len(JUDGED), effects.whole.shape[3]))
    for number, level in enumerate(levels):
        if level != advice.reference:
            total += effects.whole[:, number, advice.moved.index(level)].mean(axis=-1)
    return total


def candidates(advice: Advice, effects: Effects, named: Mapping[str, Assignment], most: int) -> list[Candidate]:
    """Return the reference, at most so many assignments that the sweep chooses and none of them dominates, those named.

    Of two that tie, the one with fewer moves stays.
    """
    swept = chosen_by_weights(advice, effects)

    def made(name: str, levels: Assignment) -> Candidate:
        return Candidate(name, levels, swept.get(levels, 0.0), predict(advice, effects, levels))

    found = [made("", levels) for levels in dict.fromkeys([advice.as_now, *swept])]
    unknown = _unknown(_places(advice, found), _hidden(advice, effects, found))
    standing = standings([one.predicted for one in found], _moves(found, advice), effects, unknown)
    kept = [one for one, (word, _) in zip(found, standing, strict=True) if word == FRONTIER][: most + 1]
    chosen = [one for one in kept if one.levels != advice.as_now][:most]
    shown = [replace(one, id=f"choice_{number}") for number, one in enumerate(chosen, start=1)]
    first = made(everything_id(advice.reference), advice.as_now)
    return [first, *shown, *(made(name, levels) for name, levels in named.items())]


def everywhere(advice: Advice, effects: Effects) -> list[Candidate]:
    """Return every other level holding all services, to be set against the sum of their moves."""
    swept = chosen_by_weights(advice, effects)
    found = [(level, (level,) * len(advice.services)) for level in advice.moved]
    return [
        Candidate(everything_id(level), levels, swept.get(levels, 0.0), predict(advice, effects, levels))
        for level, levels in found
    ]


def check(
    advice: Advice,
    effects: Effects,
    found: Sequence[Candidate],
    actual: FloatArray,
    lost: BoolArray,
    weights: Weights = EQUAL,
) -> list[Checked]:
    """Set candidates against what they do when they are run, differences from the reference [K, A, R, P].

    The first of them is the reference itself. ``lost`` [K, S, A] tells what is not measured when they are run, though
    it is at the reference.
    """
    runs = [actual[:, number].mean(axis=-1) for number in range(len(found))]
    hidden = _hidden(advice, effects, found) | (lost & effects.counted[:, None, None]).T
    unknown = _unknown(_places(advice, found), hidden)
    standing = standings(runs, _moves(found, advice), effects, unknown)
    points = _over_points(effects, np.where(unknown[0].T[..., None, None], np.nan, actual), weights)
    return [
        Checked(
            candidate=one,
            actual=run,
            effect=_intervals(run),
            predicted=_intervals(one.predicted),
            error=_intervals(run - one.predicted),
            status=status,
            rival=found[rival].id if rival >= 0 else "",
            unmeasured=_named(advice, not_seen),
            hidden=not_seen,
            points=fares,
        )
        for one, run, (status, rival), fares, not_seen in zip(found, runs, standing, points, hidden, strict=True)
    ]


def pareto_choice(checked: Sequence[Checked], effects: Effects, weights: Weights) -> Checked | None:
    """Return the assignment on the frontier whose effect is worth most at these weights, ties to the first.

    Where each is dominated by another, as three can be in a ring, all are looked at. One that is not judged is looked
    at where what is not known of it weighs nothing; outcomes that no service has weigh nothing. None where nothing can
    be told, as of no assignment all that weighs is known.
    """
    worth = np.array([_worth(one, effects, weights) for one in checked])
    on_it = np.array([one.status in (FRONTIER, NOT_JUDGED) for one in checked]) & np.isfinite(worth)
    looked_at = on_it if on_it.any() else np.isfinite(worth)
    return checked[int(np.argmax(np.where(looked_at, worth, -np.inf)))] if looked_at.any() else None


def _worth(one: Checked, effects: Effects, weights: Weights) -> float:
    """Return what an assignment is worth in steps; nan where something that weighs is not known with an interval."""
    unseen = {outcome for outcome, _ in one.unmeasured}
    told = [
        interval.mean if np.isfinite(interval.low) and judged.id not in unseen else np.nan
        for judged, interval in zip(JUDGED, one.effect, strict=True)
    ]
    return float(weighted(of_the_whole(weights, effects), SIGNS * np.array(told) / effects.whole_steps))


def of_the_whole(weights: Weights, effects: Effects) -> Weights:
    """Return the weights of outcomes that any service has, the largest 1, none of the others; nan where none weighs."""
    left = np.where(effects.counted, weights, 0.0)
    return np.asarray(left / left.max() if left.max() > 0.0 else np.full_like(left, np.nan))


def regret(advice: Advice, effects: Effects, choice: Checked, other: Checked) -> tuple[Interval, ...]:
    """Return what an assignment forgoes against the choice in each outcome [K], more is worse, in its own unit.

    Without a value where an outcome is not measured in a service that the two place apart.
    """
    return _intervals(_forgone(advice, effects, choice, other))


def regret_in_steps(advice: Advice, effects: Effects, pair: tuple[Checked, Checked], weights: Weights) -> Interval:
    """Return what the second of a pair forgoes against the first at the weights, in steps of the whole."""
    steps = _forgone(advice, effects, *pair) / effects.whole_steps[:, None]
    return _intervals(weighted(of_the_whole(weights, effects), steps)[None])[0]


def _forgone(advice: Advice, effects: Effects, choice: Checked, other: Checked) -> FloatArray:
    """Return what an assignment forgoes against the choice, [K, R]; nan where the two cannot be compared."""
    places = _places(advice, [choice.candidate, other.candidate])
    apart = _unknown(places, np.stack([choice.hidden, other.hidden]))[0, 1]
    return np.asarray(np.where(apart[:, None], np.nan, SIGNS[:, None] * (choice.actual - other.actual)))


def _places(advice: Advice, found: Sequence[Candidate]) -> IntArray:
    """Return the number of the level of each service in each assignment, [n, S]."""
    return np.array([[advice.levels.index(level) for level in one.levels] for one in found], dtype=np.intp)


def _hidden(advice: Advice, effects: Effects, found: Sequence[Candidate]) -> BoolArray:
    """Tell which outcomes of which services assignments move to where they are not measured, [n, S, K]."""
    untold, at = effects.untold, _places(advice, found)
    seen_at = np.concatenate([np.zeros_like(untold[:, :, :1]), untold], axis=2)  # [K, S, level]
    return np.moveaxis(seen_at[:, np.arange(at.shape[1]), at], 0, -1)


def _unknown(places: IntArray, hidden: BoolArray) -> BoolArray:
    """Tell which assignments cannot be compared in which outcome, [n, n, K], from places [n, S] and hidden [n, S, K].

    A service that they place apart must be seen in both; one that they do not must be seen in both or in neither.
    """
    apart = (places[:, None] != places[None])[..., None]  # [n, n, S, 1]
    one, other = hidden[:, None], hidden[None]
    return np.asarray(np.where(apart, one | other, one ^ other).any(axis=2))


def _named(advice: Advice, hidden: BoolArray) -> tuple[tuple[str, str], ...]:
    """Return each outcome and service of which an assignment is not seen, from [S, K]."""
    return tuple((JUDGED[kind].id, advice.services[number]) for kind, number in np.argwhere(hidden.T).tolist())


def _over_points(effects: Effects, actual: FloatArray, weights: Weights) -> list[OverPoints]:
    """Return how each assignment fares over points among all, from effects [K, A, R, P]; equal runs count once."""
    steps = (SIGNS / effects.whole_steps)[:, None, None, None] * actual
    score = weighted(of_the_whole(weights, effects), steps)  # [A, R, P]
    at_points = limits(np.moveaxis(score, 1, -1), CONFIDENCE).mean.T  # [P, A]
    first = {actual[:, number].tobytes(): number for number in reversed(range(actual.shape[1]))}
    alone = sorted(first.values())
    told = dict(zip(alone, over_points(at_points[:, alone]), strict=True))
    return [told.get(first[actual[:, number].tobytes()], UNKNOWN) for number in range(actual.shape[1])]


def _moves(found: Sequence[Candidate], advice: Advice) -> list[int]:
    return [one.moves(advice.reference) for one in found]


def _intervals(values: FloatArray) -> tuple[Interval, ...]:
    """Return the interval of each outcome of [K, R], over the replicates that have it."""
    return tuple(mean_interval(row[np.isfinite(row)], CONFIDENCE) for row in values)
