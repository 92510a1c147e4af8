"""Queues give back whoever stands first: by key, then by identity, never by row."""

import heapq

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.columns import Patients, new_patients
from sim.agents.queue import (
    comes_before,
    first_of,
    joined,
    key_by_own_date,
    new_queues,
    pop,
    queue_key,
    stand_earlier,
)
from sim.world.people import People, empty_people

FEW_KEYS = st.integers(0, 3)
ANY_KEYS = st.integers(0, 2**63 - 1)
IDENTITY = st.integers(0, 2**64 - 1)
STANDING = st.one_of(
    st.lists(st.tuples(FEW_KEYS, IDENTITY), max_size=40, unique_by=lambda one: one[1]),
    st.lists(st.tuples(ANY_KEYS, IDENTITY), max_size=40, unique_by=lambda one: one[1]),
)
TIE = st.integers(0, 2**40 - 1)
PLACE = st.tuples(st.integers(0, 2), st.integers(-(2**19), 2**20), TIE)


def tables(standing: list[tuple[int, int]]) -> tuple[People, Patients]:
    people = empty_people(len(standing))
    patients = new_patients(people, 12)
    people["identity"] = np.array([identity for _, identity in standing], dtype=np.uint64)
    patients["queue_key"] = np.array([key for key, _ in standing], dtype=np.int64)
    return people, patients


@given(STANDING)
def test_everyone_comes_out_once_and_in_order(standing: list[tuple[int, int]]) -> None:
    people, patients = tables(standing)
    rows = np.arange(len(standing), dtype=np.int32)
    queues = joined(people, patients, new_queues(np.zeros(1, dtype=np.int64)), rows, np.zeros_like(rows))

    out = []
    while queues.size[0] > 0:
        first = first_of(queues, 0)
        assert pop(people, queues, 0) == first
        out.append(standing[first])

    assert out == sorted(standing)


@given(STANDING, st.lists(st.tuples(st.booleans(), st.integers(0, 2)), max_size=80))
def test_queues_that_people_join_and_leave_keep_their_order(
    standing: list[tuple[int, int]], moves: list[tuple[bool, int]]
) -> None:
    people, patients = tables(standing)
    queues, next_row = new_queues(np.zeros(3, dtype=np.int64)), 0
    oracle: list[list[tuple[tuple[int, int], int]]] = [[], [], []]
    for joins, queue in moves:
        if joins and next_row < len(standing):
            one = np.array([next_row], dtype=np.int32)
            queues = joined(people, patients, queues, one, np.array([queue], dtype=np.int32))
            heapq.heappush(oracle[queue], (standing[next_row], next_row))
            next_row += 1
        elif not joins and oracle[queue]:
            assert pop(people, queues, queue) == heapq.heappop(oracle[queue])[1]
        assert queues.size.tolist() == [len(waiting) for waiting in oracle]


def test_queues_grow_as_they_need_and_nobody_loses_a_place() -> None:
    luck, count = np.random.default_rng(1), 3_000
    people, patients = tables([(int(key), row) for row, key in enumerate(luck.integers(0, 50, count))])
    of = (np.sqrt(luck.random(count)) * 4).astype(np.int32)
    queues = new_queues(np.array([2, 0, 1, 0]))
    for some in np.split(np.arange(count, dtype=np.int32), [1, 2, 40, 50, 1_000]):
        queues = joined(people, patients, queues, some, of[some])
        assert (queues.size <= np.diff(queues.first)).all()
        assert queues.first[-1] == queues.places.size
    for queue in range(4):
        rows = np.flatnonzero(of == queue)
        expected = rows[np.lexsort((rows, patients["queue_key"][rows]))]
        assert [pop(people, queues, queue) for _ in rows] == expected.tolist()


def test_nobody_is_moved_while_there_is_room() -> None:
    people, patients = tables([(key, key) for key in range(4)])
    queues, rows = new_queues(np.array([2, 1])), np.arange(4, dtype=np.int32)
    assert joined(people, patients, queues, rows[:3], np.array([0, 1, 0], dtype=np.int32)) is queues
    larger = joined(people, patients, queues, rows[3:], np.zeros(1, dtype=np.int32))
    assert (np.diff(larger.first) >= [3, 1]).all()


@given(PLACE, PLACE)
def test_the_key_orders_by_urgency_then_day_then_tie(one: tuple[int, int, int], two: tuple[int, int, int]) -> None:
    assert (queue_key(*one) < queue_key(*two)) == (one < two)


@given(PLACE)
def test_a_key_is_a_whole_number_that_is_not_negative(place: tuple[int, int, int]) -> None:
    assert 0 <= queue_key(*place) < 2**63


def test_equal_keys_are_ordered_by_all_64_bits_of_the_identity() -> None:
    low, high = np.uint64(5), np.uint64(2**63 + 1)
    assert comes_before(7, low, 7, high)
    assert not comes_before(7, high, 7, low)
    assert not comes_before(7, low, 7, low)
    assert comes_before(6, high, 7, low)


@given(st.tuples(st.integers(0, 2), st.integers(-(2**18), 2**20), TIE), st.integers(-(2**18), 2**18))
def test_who_stands_earlier_passes_those_of_the_same_urgency_only_and_can_be_put_back(
    place: tuple[int, int, int], days: int
) -> None:
    people, patients = tables([(queue_key(*place), 1)])
    stand_earlier(people, patients, np.zeros(1, dtype=np.int32), np.full((1, 1), days, dtype=np.int32))
    moved = int(patients["queue_key"][0])
    assert moved == queue_key(place[0], place[1] - days, place[2])
    assert key_by_own_date(moved, days) == queue_key(*place)
