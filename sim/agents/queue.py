"""Queues: a pairing heap threaded through the patients' own columns, so a queue needs no memory of its own.

The order is the queue key (urgency, date, keyed tie), then identity; rows never decide.
Fredman, Sedgewick, Sleator and Tarjan 1986.
"""

from sim.agents.columns import NO_ROW, Int32, PatientColumns, UInt64
from sim.luck.compiled import rule, step

DAY_OFFSET = 1 << 19
TIE_BITS = 40
URGENCY_SHIFT = 61


@rule
def queue_key(urgency: int, day: int, tie: int) -> int:
    """Return the 64-bit place in a queue: by urgency (0 to 2, 0 first), then by day, then by keyed tie (40 bits)."""
    return (urgency << URGENCY_SHIFT) | ((day + DAY_OFFSET) << TIE_BITS) | tie


@rule
def comes_before(key_a: int, identity_a: int, key_b: int, identity_b: int) -> bool:
    """Say whether a stands before b."""
    return key_a < key_b or (key_a == key_b and identity_a < identity_b)


@step
def meld(patients: PatientColumns, identity: UInt64, a: int, b: int) -> int:
    """Join two heaps and return the root of the whole."""
    if a == NO_ROW:
        return b
    if b == NO_ROW:
        return a
    if comes_before(patients.queue_key[b], identity[b], patients.queue_key[a], identity[a]):
        a, b = b, a
    patients.queue_sibling[b] = patients.queue_child[a]
    patients.queue_child[a] = b
    return a


@step
def push(patients: PatientColumns, identity: UInt64, roots: Int32, queue: int, row: int) -> None:
    """Put a patient into a queue."""
    patients.queue_child[row] = NO_ROW
    patients.queue_sibling[row] = NO_ROW
    roots[queue] = meld(patients, identity, int(roots[queue]), row)


@step
def pop(patients: PatientColumns, identity: UInt64, roots: Int32, queue: int) -> int:
    """Take the first patient out of a queue that is not empty and return the row."""
    row = int(roots[queue])
    paired = NO_ROW
    child = int(patients.queue_child[row])
    while child != NO_ROW:
        second = int(patients.queue_sibling[child])
        after = NO_ROW if second == NO_ROW else int(patients.queue_sibling[second])
        patients.queue_sibling[child] = NO_ROW
        if second != NO_ROW:
            patients.queue_sibling[second] = NO_ROW
        pair = meld(patients, identity, child, second)
        patients.queue_sibling[pair] = paired
        paired = pair
        child = after
    root = NO_ROW
    while paired != NO_ROW:
        after = int(patients.queue_sibling[paired])
        patients.queue_sibling[paired] = NO_ROW
        root = meld(patients, identity, root, paired)
        paired = after
    roots[queue] = root
    return row
