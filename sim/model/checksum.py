"""One number over all lives: equal lives give an equal number, whatever the order of the rows."""

import numpy as np

from sim.agents.columns import Roster
from sim.luck.compiled import rule
from sim.luck.philox import LOW_32, SHIFT_32, philox


@rule
def word(value: int) -> np.uint64:
    """Fold a whole number into 32 bits."""
    return np.uint64(value & 0xFFFFFFFF)


@rule
def sum_of_lives(roster: Roster, first: int, last: int) -> tuple[int, int]:
    """Add up two 32-bit words for every row; each mixes the identity with every day of the life."""
    people, patients = roster.people, roster.patients
    low_sum, high_sum = 0, 0
    for row in range(first, last):
        identity = people[row].identity
        a, b, c, d = philox(
            identity & LOW_32,
            identity >> SHIFT_32,
            word(int(patients[row].diagnosis_day)),
            word(int(patients[row].policy_day)),
            word(int(patients[row].approval_day)),
            word(int(patients[row].start_day)),
        )
        state = int(patients[row].state) * 65536 + int(patients[row].cell) + 1
        e, f, _, _ = philox(
            a ^ c,
            b ^ d,
            word(int(patients[row].stop_day)),
            word(int(patients[row].death_day)),
            word(state),
            word(int(patients[row].wait_minutes)),
        )
        low_sum += int(e)
        high_sum += int(f)
    return low_sum, high_sum


def lives_checksum(roster: Roster, first: int, last: int) -> int:
    """Return 64 bits over the lives of the rows from ``first`` up to ``last``."""
    low, high = sum_of_lives(roster, first, last)
    return (int(high) % 2**32) << 32 | int(low) % 2**32
