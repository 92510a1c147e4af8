"""Whole assignments: which to choose at which weights, what they do when they are run, and which are dominated.

Under an additive surrogate the effect of an assignment is the sum of the effects of its moves, so at given weights
the best level of each service is chosen by itself. What moves do only together is the surrogate's error; the best
assignments are run whole to see it.

Where an outcome of a service is not measured, two assignments that place the service apart cannot be compared in it:
neither dominates or ties with the other, and what one forgoes against the other is not known.
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
    OverPoints,
    Weights,
    decide,
    limits,
    over_points,
    together,
    weighted,
    weightings,
)
from sim.measures.intervals import Interval, mean_interval

FRONTIER, DOMINATED, TIED, NOT_JUDGED = "frontier", "dominated", "tie", "not judged"


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
    with which it ties. ``unmeasured`` holds each outcome and service that it moves unseen; it cannot be judged by them.
    ``points`` says how it fares among all that were checked, at the weights given.
    """

    candidate: Candidate
    actual: FloatArray  # [K, R]
    effect: tuple[Interval, ...]
    predicted: tuple[Interval, ...]
    error: tuple[Interval, ...]
    status: str
    rival: str
    unmeasured: tuple[tuple[str, str], ...]
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
    standing = standings(
        [one.predicted for one in found], _moves(found, advice), effects, _unknown(advice, effects, found)
    )
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
    advice: Advice, effects: Effects, found: Sequence[Candidate], actual: FloatArray, weights: Weights = EQUAL
) -> list[Checked]:
    """Set candidates against what they do when they are run, differences from the reference [K, A, R, P].

    The first of them is the reference itself.
    """
    runs = [actual[:, number].mean(axis=-1) for number in range(len(found))]
    unknown = _unknown(advice, effects, found)
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
            unmeasured=_moved_unseen(advice, effects, one.levels),
            points=fares,
        )
        for one, run, (status, rival), fares in zip(found, runs, standing, points, strict=True)
    ]


def standings(
    runs: Sequence[FloatArray], moves: Sequence[int], effects: Effects, unknown: BoolArray | None = None
) -> list[tuple[str, int]]:
    """Return where each assignment stands, from effects [K, R] each, with the number of its rival or -1.

    One is dominated only where intervals of paired differences say so: another is surely better by more than what
    matters in one outcome, and surely not worse by more than that in any. Two tie whose every difference surely lies
    within what matters; of those the one with fewer moves, or the first, stays. One that is neither, and has no
    interval against the first of all in some outcome, is not judged. ``unknown`` [n, n, K] tells which pairs cannot be
    compared in which outcome; outcomes that no service has are left out.
    """
    count = len(runs)
    dominates, ties = np.zeros((count, count), dtype=np.bool_), np.zeros((count, count), dtype=np.bool_)
    judged = np.zeros(count, dtype=np.bool_)
    hidden = np.zeros((count, count, len(JUDGED)), dtype=np.bool_) if unknown is None else unknown
    for one in range(count):
        for other in range(count):
            gains = (SIGNS / effects.whole_steps)[:, None] * (runs[one] - runs[other])
            found = limits(np.where(hidden[one, other][:, None], np.nan, gains)[effects.counted], CONFIDENCE)
            dominates[one, other] = bool((found.low > 1.0).any() and (found.low >= -1.0).all())
            ties[one, other] = bool(((found.low >= -1.0) & (found.high <= 1.0)).all())
            judged[one] |= other == 0 and (one == 0 or bool(np.isfinite(found.low).all()))
    told: list[tuple[str, int]] = []
    for number in range(count):
        better = np.flatnonzero(dominates[:, number])
        simpler = [
            other
            for other in np.flatnonzero(ties[:, number]).tolist()
            if (moves[other], other) < (moves[number], number)
        ]
        if better.size:
            told.append((DOMINATED, int(better[0])))
        elif simpler:
            told.append((TIED, simpler[0]))
        else:
            told.append((FRONTIER if judged[number] else NOT_JUDGED, -1))
    return told


def pareto_choice(checked: Sequence[Checked], effects: Effects, weights: Weights) -> Checked:
    """Return the assignment on the frontier whose effect is worth most at these weights, ties to the first.

    Where each is dominated by another, as three can be in a ring, all are looked at. One that is not judged is looked
    at where what is not known of it weighs nothing; outcomes that no service has weigh nothing. Where nothing can be
    told the first, which is the reference, stays.
    """
    worth = np.array([_worth(one, effects, weights) for one in checked])
    on_it = np.array([one.status in (FRONTIER, NOT_JUDGED) for one in checked]) & np.isfinite(worth)
    looked_at = on_it if on_it.any() else np.isfinite(worth)
    return checked[int(np.argmax(np.where(looked_at, worth, -np.inf)))]


def _worth(one: Checked, effects: Effects, weights: Weights) -> float:
    """Return what an assignment is worth in steps; nan where something that weighs is not known with an interval."""
    unseen = {outcome for outcome, _ in one.unmeasured}
    told = [
        interval.mean if np.isfinite(interval.low) and judged.id not in unseen else np.nan
        for judged, interval in zip(JUDGED, one.effect, strict=True)
    ]
    return float(weighted(weights * effects.counted, SIGNS * np.array(told) / effects.whole_steps))


def regret(advice: Advice, effects: Effects, choice: Checked, other: Checked) -> tuple[Interval, ...]:
    """Return what an assignment forgoes against the choice in each outcome [K], more is worse, in its own unit.

    Without a value where an outcome is not measured in a service that the two place apart.
    """
    return _intervals(_forgone(advice, effects, choice, other))


def regret_in_steps(advice: Advice, effects: Effects, pair: tuple[Checked, Checked], weights: Weights) -> Interval:
    """Return what the second of a pair forgoes against the first at the weights, in steps of the whole."""
    steps = _forgone(advice, effects, *pair) / effects.whole_steps[:, None]
    return _intervals(weighted(weights * effects.counted / weights.max(), steps)[None])[0]


def _forgone(advice: Advice, effects: Effects, choice: Checked, other: Checked) -> FloatArray:
    """Return what an assignment forgoes against the choice, [K, R]; nan where the two cannot be compared."""
    apart = _unknown(advice, effects, [choice.candidate, other.candidate])[0, 1]
    return np.asarray(np.where(apart[:, None], np.nan, SIGNS[:, None] * (choice.actual - other.actual)))


def _unknown(advice: Advice, effects: Effects, found: Sequence[Candidate]) -> BoolArray:
    """Tell which assignments place a service apart of which an outcome is not measured, [n, n, K]."""
    untold = effects.untold
    seen_at = np.concatenate([np.zeros_like(untold[:, :, :1]), untold], axis=2)  # [K, S, level]
    at = np.array([[advice.levels.index(level) for level in one.levels] for one in found])  # [n, S]
    hidden = np.moveaxis(seen_at[:, np.arange(at.shape[1]), at], 0, -1)  # [n, S, K]
    apart = at[:, None] != at[None]  # [n, n, S]
    return np.asarray((apart[..., None] & (hidden[:, None] | hidden[None])).any(axis=2))


def _moved_unseen(advice: Advice, effects: Effects, levels: Assignment) -> tuple[tuple[str, str], ...]:
    """Return each outcome and service that an assignment moves and of which that outcome is not measured."""
    return tuple(
        (judged.id, service)
        for kind, judged in enumerate(JUDGED)
        for number, (service, level) in enumerate(zip(advice.services, levels, strict=True))
        if level != advice.reference and effects.untold[kind, number, advice.moved.index(level)]
    )


def _over_points(effects: Effects, actual: FloatArray, weights: Weights) -> list[OverPoints]:
    """Return how each assignment fares over points among all, from effects [K, A, R, P]; equal runs count once."""
    steps = (SIGNS / effects.whole_steps)[:, None, None, None] * actual
    score = weighted(weights * effects.counted / weights.max(), steps)  # [A, R, P]
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
