"""Whole assignments: which to choose at which weights, what they do when they are run, and which are dominated.

Under an additive surrogate the effect of an assignment is the sum of the effects of its moves, so at given weights
the best level of each service is chosen by itself. What moves do only together is the surrogate's error; the best
assignments are run whole to see it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.analysis.adviser import Advice, Assignment, everything_id
from sim.analysis.adviser_effects import JUDGED, SIGNS, Effects, FloatArray
from sim.analysis.adviser_verdicts import CONFIDENCE, Weights, decide, limits, together, weightings
from sim.measures.intervals import Interval, mean_interval

FRONTIER, DOMINATED, TIED = "frontier", "dominated", "tie"


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

    Intervals are [K]; ``rival`` is the id that dominates it, or with which it ties.
    """

    candidate: Candidate
    actual: FloatArray  # [K, R]
    effect: tuple[Interval, ...]
    predicted: tuple[Interval, ...]
    error: tuple[Interval, ...]
    status: str
    rival: str


def chosen_by_weights(advice: Advice, effects: Effects) -> dict[Assignment, float]:
    """Return the assignments that the sweep of weights chooses, each with the share of weightings that choose it.

    A service is moved only where the gain of the whole surely is above none at those weights, in intervals that
    hold for all services and levels together.
    """
    gains = effects.whole_gains.mean(axis=-1)
    weighted = np.tensordot(weightings(), gains, 1)  # [n, S, M, R]
    found = limits(weighted, together(gains.shape[1] * gains.shape[2]))
    level = np.maximum(decide(found, matters=0.0), 0)
    counted = Counter(tuple(advice.levels[place] for place in row) for row in level.tolist())
    return {levels: number / len(level) for levels, number in sorted(counted.items(), key=lambda e: (-e[1], e[0]))}


def predict(advice: Advice, effects: Effects, levels: Assignment) -> FloatArray:
    """Return the sum of the effects of an assignment's moves on the whole, [K, R], the mean over points."""
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
    standing = standings([one.predicted for one in found], _moves(found, advice), effects)
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


def check(advice: Advice, effects: Effects, found: Sequence[Candidate], actual: FloatArray) -> list[Checked]:
    """Set candidates against what they do when they are run, differences from the reference [K, A, R, P]."""
    runs = [actual[:, number].mean(axis=-1) for number in range(len(found))]
    standing = standings(runs, _moves(found, advice), effects)
    return [
        Checked(
            candidate=one,
            actual=run,
            effect=_intervals(run),
            predicted=_intervals(one.predicted),
            error=_intervals(run - one.predicted),
            status=status,
            rival=found[rival].id if rival >= 0 else "",
        )
        for one, run, (status, rival) in zip(found, runs, standing, strict=True)
    ]


def standings(runs: Sequence[FloatArray], moves: Sequence[int], effects: Effects) -> list[tuple[str, int]]:
    """Return where each assignment stands, from effects [K, R] each, with the number of its rival or -1.

    One is dominated only where intervals of paired differences say so: another is surely better by more than what
    matters in one outcome, and surely not worse by more than that in any. Two tie whose every difference surely lies
    within what matters; of those the one with fewer moves, or the first, stays.
    """
    count = len(runs)
    dominates, ties = np.zeros((count, count), dtype=np.bool_), np.zeros((count, count), dtype=np.bool_)
    scale = SIGNS / effects.whole_steps
    for one in range(count):
        for other in range(count):
            found = limits((runs[one] - runs[other]) * scale[:, None], CONFIDENCE)
            worse = ~(found.low >= -1.0)
            dominates[one, other] = bool((found.low > 1.0).any() and not worse.any())
            ties[one, other] = bool(((found.low >= -1.0) & (found.high <= 1.0)).all())
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
        else:
            told.append((TIED, simpler[0]) if simpler else (FRONTIER, -1))
    return told


def pareto_choice(checked: Sequence[Checked], effects: Effects, weights: Weights) -> Checked:
    """Return the assignment on the frontier whose effect is worth most at these weights, ties to the first.

    Where each is dominated by another, as three can be in a ring, all are looked at.
    """
    scale = weights * SIGNS / effects.whole_steps
    on_it = [one for one in checked if one.status == FRONTIER] or list(checked)
    worth = [float(scale @ np.nan_to_num([interval.mean for interval in one.effect])) for one in on_it]
    return on_it[int(np.argmax(worth))]


def regret(choice: Checked, other: Checked) -> tuple[Interval, ...]:
    """Return what an assignment forgoes against the choice in each outcome [K], more is worse, in its own unit."""
    return _intervals(SIGNS[:, None] * (choice.actual - other.actual))


def _moves(found: Sequence[Candidate], advice: Advice) -> list[int]:
    return [one.moves(advice.reference) for one in found]


def _intervals(values: FloatArray) -> tuple[Interval, ...]:
    """Return the interval of each outcome of [K, R], over the replicates that have it."""
    return tuple(mean_interval(row[np.isfinite(row)], CONFIDENCE) for row in values)
