"""Queues: a pairing heap threaded through the patients' own columns, so a queue needs no memory of its own.

The order is the queue key (urgency, date, keyed tie), then identity; rows never decide.
Fredman, Sedgewick, Sleator and Tarjan 1986.
"""

import numpy as np
import numpy.typing as npt

from sim.agents.columns import NO_ROW, Patients
from sim.luck.compiled import rule
from sim.world.people import People

Rows = npt.NDArray[np.int32]

DAY_OFFSET = 1 << 19
TIE_BITS = 40
URGENCY_SHIFT = 61


@rule
def queue_key(urgency: int, day: int, tie: int) -> int:
    """Return the 64-bit place in a queue: by urgency (0 to 2, 0 first), then by day, then by keyed tie (40 bits)."""
    return (urgency << URGENCY_SHIFT) | ((day + DAY_OFFSET) << TIE_BITS) | tie


@rule
def key_by_own_date(key: int, days: int) -> int:
    """Return the key of someone who stood so many days earlier than asked, as it is without that."""
    return key + days * (1 << TIE_BITS)


def stand_earlier(people: People, patients: Patients, rows: Rows, days: Rows) -> None:
    """Let some people, in no queue yet, stand as if they had asked some days earlier, int32[P, S] by place and service.

    Urgency stays: nobody passes those who are more urgent.
    """
    moved = days[people.place[rows], people.service[rows]].astype(np.int64)
    patients.queue_key[rows] -= moved * (1 << TIE_BITS)


@rule
def comes_before(key_a: int, identity_a: np.uint64, key_b: int, identity_b: np.uint64) -> bool:
    """Say whether a stands before b."""
    return bool(key_a < key_b or (key_a == key_b and identity_a < identity_b))


@rule
def meld(people: People, patients: Patients, a: int, b: int) -> int:
    """Join two heaps and return the root of the whole."""
    if a == NO_ROW:
        return b
    if b == NO_ROW:
        return a
    if comes_before(patients[b].queue_key, people[b].identity, patients[a].queue_key, people[a].identity):
        a, b = b, a
    patients[b].queue_sibling = patients[a].queue_child
    patients[a].queue_child = b
    return a


@rule
def push(people: People, patients: Patients, root: int, row: int) -> int:
    """Put a patient into a queue and return the new root."""
    patients[row].queue_child = NO_ROW
    patients[row].queue_sibling = NO_ROW
    return meld(people, patients, root, row)


@rule
def pop(people: People, patients: Patients, root: int) -> int:
    """Take the first patient, who is the root, out of a queue and return the new root."""
    paired = NO_ROW
    child = int(patients[root].queue_child)
    while child != NO_ROW:
        second = int(patients[child].queue_sibling)
        after = NO_ROW if second == NO_ROW else int(patients[second].queue_sibling)
        patients[child].queue_sibling = NO_ROW
        if second != NO_ROW:
            patients[second].queue_sibling = NO_ROW
        pair = meld(people, patients, child, second)
        patients[pair].queue_sibling = paired
        paired = pair
        child = after
    whole = NO_ROW
    while paired != NO_ROW:
        after = int(patients[paired].queue_sibling)
        patients[paired].queue_sibling = NO_ROW
        whole = meld(people, patients, whole, paired)
        paired = after
    return whole
