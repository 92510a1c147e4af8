"""Queues: binary heaps of keys, which lie beside each other so that serving one queue stays in a small piece of memory.

The order is the queue key (urgency, date, keyed tie), then identity; rows never decide. Whoever dies or is served
elsewhere stays until met, and is passed over then. Room is made before patients join. Williams 1964.
"""

from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.agents.columns import Patients
from sim.luck.compiled import copied, rule
from sim.luck.records import Int32, Int64, Table, record_type, records
from sim.world.people import People

Rows = npt.NDArray[np.int32]

DAY_OFFSET = 1 << 19
TIE_BITS = 40
URGENCY_SHIFT = 61
LEAST_ROOM = 16


class Place:
    """A place in a queue."""

    key: Annotated[Int64, "number", "of the patient who stands there"]
    row: Annotated[Int32, "row", "of that patient"]


class Queues(NamedTuple):
    """Who stands in each of Q queues: the first place of each is its first patient, the others are ordered as heaps."""

    first: npt.NDArray[np.int64]  # [Q + 1] where the room of each queue begins among the places
    size: npt.NDArray[np.int64]  # [Q] how many stand in each, with those who will be passed over
    places: Table[Place]


@copied
def queue_key(urgency: int, day: int, tie: int) -> int:
    """Return the 64-bit place in a queue: by urgency (0 to 2, 0 first), then by day, then by keyed tie (40 bits)."""
    return (urgency << URGENCY_SHIFT) | ((day + DAY_OFFSET) << TIE_BITS) | tie


@copied
def key_by_own_date(key: int, days: int) -> int:
    """Return the key of someone who stood so many days earlier than asked, as it is without that."""
    return key + days * (1 << TIE_BITS)


@rule
def stand_earlier(people: People, patients: Patients, rows: Rows, days: Rows) -> None:
    """Let some people, in no queue yet, stand as if they had asked some days earlier, int32[P, S] by place and service.

    Urgency stays: nobody passes those who are more urgent.
    """
    for row in rows:
        moved = int(days[int(people[row].place), int(people[row].service)])
        patients[row].queue_key -= moved * (1 << TIE_BITS)


@copied
def comes_before(key_a: int, identity_a: np.uint64, key_b: int, identity_b: np.uint64) -> bool:
    """Say whether a stands before b."""
    return bool(key_a < key_b or (key_a == key_b and identity_a < identity_b))


def new_queues(room: npt.NDArray[np.int64]) -> Queues:
    """Return empty queues, each with room for so many, int64[Q]."""
    first = np.zeros(room.size + 1, dtype=np.int64)
    np.cumsum(room, out=first[1:])
    places = records(np.empty(int(first[-1]), dtype=record_type(Place)))
    return Queues(first, np.zeros(room.size, dtype=np.int64), places)


def with_room(queues: Queues, joining: npt.NDArray[np.int64]) -> Queues:
    """Return the same queues with room for so many more in each, int64[Q].

    All are given twice what they need, so that this is seldom asked for.
    """
    need, room = queues.size + joining, np.diff(queues.first)
    larger = new_queues(np.maximum(room, 2 * need + LEAST_ROOM))
    move_over(queues, larger)
    return larger


@rule
def move_over(queues: Queues, larger: Queues) -> None:
    """Let everyone stand in larger queues as they stood."""
    for queue in range(queues.size.size):
        begin, to = int(queues.first[queue]), int(larger.first[queue])
        larger.size[queue] = queues.size[queue]
        for at in range(int(queues.size[queue])):
            larger.places[to + at].key = queues.places[begin + at].key
            larger.places[to + at].row = queues.places[begin + at].row


def joined(people: People, patients: Patients, queues: Queues, rows: Rows, of: Rows) -> Queues:
    """Put patients into the queues that ``of`` names, int32[n], and return the queues, which may have grown."""
    stand = push_all(people, patients, queues, rows, of, 0)
    if stand < rows.size:
        queues = with_room(queues, np.bincount(of[stand:], minlength=queues.size.size))
        push_all(people, patients, queues, rows, of, stand)
    return queues


@rule
def push_all(people: People, patients: Patients, queues: Queues, rows: Rows, of: Rows, begin: int) -> int:
    """Put each row from ``begin`` on into its queue, by its key, until one is full; return how many stand then."""
    for position in range(begin, rows.size):
        row, queue = int(rows[position]), int(of[position])
        if queues.size[queue] == queues.first[queue + 1] - queues.first[queue]:
            return position
        push(people, queues, queue, int(patients[row].queue_key), row)
    return int(rows.size)


@copied
def push(people: People, queues: Queues, queue: int, key: int, row: int) -> None:
    """Put a patient into a queue that has room: those who stand behind, on the way to the first, move back."""
    places, first, at = queues.places, int(queues.first[queue]), int(queues.size[queue])
    queues.size[queue] = at + 1
    while at > 0:
        above = first + ((at - 1) >> 1)
        if not stands_before(people, key, row, int(places[above].key), int(places[above].row)):
            break
        move(places, above, first + at)
        at = (at - 1) >> 1
    places[first + at].key = key
    places[first + at].row = row


@copied
def first_of(queues: Queues, queue: int) -> int:
    """Return the first patient of a queue that is not empty."""
    return int(queues.places[int(queues.first[queue])].row)


@copied
def pop(people: People, queues: Queues, queue: int) -> int:
    """Take the first patient out of a queue that is not empty, and return the row.

    Of the two below a gap the one who stands before the other moves up, until the last of all fits in.
    """
    places, first, left = queues.places, int(queues.first[queue]), int(queues.size[queue]) - 1
    queues.size[queue] = left
    top, key, row = int(places[first].row), int(places[first + left].key), int(places[first + left].row)
    at, below = 0, 1
    while below < left:
        if below + 1 < left and stands_before(
            people,
            int(places[first + below + 1].key),
            int(places[first + below + 1].row),
            int(places[first + below].key),
            int(places[first + below].row),
        ):
            below += 1
        if not stands_before(people, int(places[first + below].key), int(places[first + below].row), key, row):
            break
        move(places, first + below, first + at)
        at, below = below, 2 * below + 1
    places[first + at].key = key
    places[first + at].row = row
    return top


@copied
def stands_before(people: People, key_a: int, a: int, key_b: int, b: int) -> bool:
    """Say whether row a stands before row b; who they are is looked up only when their keys are one."""
    if key_a != key_b:
        return key_a < key_b
    return bool(people[a].identity < people[b].identity)


@copied
def move(places: Table[Place], place: int, to: int) -> None:
    """Copy who stands at a place to another."""
    places[to].key = places[place].key
    places[to].row = places[place].row
