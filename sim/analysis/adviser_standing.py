"""Where whole assignments stand to each other: on the frontier, dominated, in a tie, or not judged."""

from collections.abc import Sequence

import numpy as np

from sim.analysis.adviser_effects import SIGNS, Effects, FloatArray
from sim.analysis.adviser_scores import CONFIDENCE, BoolArray, limits

FRONTIER, DOMINATED, TIED, NOT_JUDGED = "frontier", "dominated", "tie", "not judged"


def standings(
    runs: Sequence[FloatArray], moves: Sequence[int], effects: Effects, unknown: BoolArray | None = None
) -> list[tuple[str, int]]:
    """Return where each assignment stands, from effects [K, R] each, with the number of its rival or -1.

    One is dominated only where intervals of paired differences say so: another is surely better by more than what
    matters in one outcome, and surely not worse by more than that in any. Two tie whose every difference surely lies
    within what matters; of those the one with fewer moves, or the first, stays. One that is neither, and has no
    interval against the first of all in some outcome, is not judged. ``unknown`` [n, n, K] tells which pairs cannot be
    compared in which outcome; outcomes that no service has are left out, and where none has any nothing is judged.
    """
    dominates, ties, judged = _compared(np.stack(runs), effects, unknown)
    told: list[tuple[str, int]] = []
    for number in range(len(runs)):
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


def _compared(runs: FloatArray, effects: Effects, unknown: BoolArray | None) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Return which of [n, K, R] dominates which and ties with which, both [n, n], and which can be judged, [n]."""
    there, steps = effects.counted, effects.whole_steps
    if not there.any():
        nothing = np.zeros((len(runs), len(runs)), dtype=np.bool_)
        return nothing, nothing, nothing[0]
    gains = (SIGNS[there] / steps[there])[:, None] * (runs[:, None, there] - runs[None, :, there])
    if unknown is not None:
        gains = np.where(unknown[:, :, there, None], np.nan, gains)
    found = limits(gains, CONFIDENCE)
    not_worse = (found.low >= -1.0).all(axis=-1)
    dominates = np.asarray((found.low > 1.0).any(axis=-1) & not_worse)
    ties = np.asarray((found.high <= 1.0).all(axis=-1) & not_worse)
    judged = np.asarray(np.isfinite(found.low[:, 0]).all(axis=-1))
    judged[0] = True
    return dominates, ties, judged
