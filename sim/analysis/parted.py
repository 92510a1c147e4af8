"""Which lives part between two runs of the same people, and which few of them to tell."""

from dataclasses import dataclass
from itertools import chain, zip_longest

import numpy as np
import numpy.typing as npt

from sim.analysis.courses import Run, apart, given, in_time, qalys_lived

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Shares:
    """How many people fell ill, and how many of their lives are not the same under both runs; people, not rows."""

    people: int
    parted: int
    in_time_differs: int  # treated in time under one of the two only
    better_first: int  # more QALYs lived under the first
    better_second: int


@dataclass(frozen=True)
class Differences:
    """Two runs set against each other: the rows that fell ill, and how their lives differ."""

    rows: Ints
    weight: Ints
    parted: Bools
    in_time_differs: Bools
    gain: npt.NDArray[np.float64]  # QALYs lived, first less second; a tie goes by the earlier start

    @property
    def shares(self) -> Shares:
        """Count people."""
        counted = (self.parted, self.in_time_differs, self.gain > 0, self.gain < 0)
        return Shares(int(self.weight.sum()), *(int(self.weight[mask].sum()) for mask in counted))


def differences(first: Run, second: Run, service: str = "", place: str = "") -> Differences:
    """Set two runs of one population against each other, for everyone or one service or place (by id, by code)."""
    world = first.world
    wanted = given(first, "onset_day") < first.end_day
    if service:
        wanted &= given(first, "service") == world.services.ids.index(service)
    if place:
        wanted &= given(first, "place") == world.places.codes.index(place)
    gain = qalys_lived(first) - qalys_lived(second)
    starts = (first.courses.start_day, second.courses.start_day)
    sooner = np.sign(starts[1] - starts[0]) * 1e-12
    gain = np.where(np.abs(gain) > 1e-9, gain, sooner)
    parted = apart(first.courses, second.courses)
    return Differences(
        rows=first.rows[wanted],
        weight=given(first, "weight")[wanted].astype(np.int64),
        parted=parted[wanted],
        in_time_differs=(in_time(first) != in_time(second))[wanted],
        gain=np.where(parted, gain, 0.0)[wanted],
    )


def worth_telling(found: Differences, identity: npt.NDArray[np.uint64], kind: str, each: int) -> list[int]:
    """Pick rows: the first by identity who fare better under the first run and under the second, in turn.

    ``kind`` is "parted" for all lives that differ, "in_time" for those treated in time under one run only;
    ``identity`` is that of every row of the population. Identities are as good as drawn by lot, so nothing
    about a life decides whether it is told.
    """
    among = found.parted if kind == "parted" else found.in_time_differs
    sides = []
    for better in (found.gain > 0, found.gain < 0):
        rows = found.rows[among & better]
        sides.append(rows[np.argsort(identity[rows])][:each].tolist())
    in_turn = chain.from_iterable(zip_longest(*sides))
    return [row for row in in_turn if row is not None]
