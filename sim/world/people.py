"""People as given, before any regime acts: who falls ill, where, when, how severely and with what luck."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

NEVER = 2_000_000_000
"""The day of what does not happen."""

ENTRY_ILL = 0  # enters undiagnosed, on the day of onset or, for the starting stock, on the first day
ENTRY_DIAGNOSED = 1  # enters with a given day of diagnosis: those waiting at the start, and twins
ENTRY_TREATED = 2  # enters on ongoing treatment


class People(NamedTuple):
    """One row a person: real people sorted by month of entry, then the twins likewise. N rows.

    ``luck_owner`` is the identity, except that the twins of a set share one. ``weight`` is the number
    of people a row stands for, 0 for a twin. Days count from the first simulated day and are negative
    before it.
    """

    identity: npt.NDArray[np.uint64]
    luck_owner: npt.NDArray[np.uint64]
    place: npt.NDArray[np.int16]
    service: npt.NDArray[np.int8]
    severity: npt.NDArray[np.int8]  # 1 = severe
    weight: npt.NDArray[np.int16]
    entry: npt.NDArray[np.int8]
    onset_day: npt.NDArray[np.int32]
    given_day: npt.NDArray[np.int32]  # of diagnosis or start of treatment, for entries other than ill
    background_death_day: npt.NDArray[np.int32]
    excess_budget: npt.NDArray[np.float64]  # cumulative excess hazard at which the illness kills


def empty_people(count: int) -> People:
    """Allocate the columns of ``count`` people."""
    return People(
        identity=np.zeros(count, dtype=np.uint64),
        luck_owner=np.zeros(count, dtype=np.uint64),
        place=np.zeros(count, dtype=np.int16),
        service=np.zeros(count, dtype=np.int8),
        severity=np.zeros(count, dtype=np.int8),
        weight=np.ones(count, dtype=np.int16),
        entry=np.zeros(count, dtype=np.int8),
        onset_day=np.zeros(count, dtype=np.int32),
        given_day=np.full(count, NEVER, dtype=np.int32),
        background_death_day=np.full(count, NEVER, dtype=np.int32),
        excess_budget=np.zeros(count, dtype=np.float64),
    )
