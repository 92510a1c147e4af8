"""Queues give back whoever stands first: by key, then by identity, never by row."""

import heapq

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.columns import NO_ROW, Patients, new_patients
from sim.agents.queue import comes_before, key_by_own_date, pop, push, queue_key, stand_earlier
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
    root = NO_ROW
    for row in range(len(standing)):
        root = push(people, patients, root, row)

    out = []
    while root != NO_ROW:
        out.append(standing[root])
        root = pop(people, patients, root)

    assert out == sorted(standing)


@given(STANDING, st.lists(st.booleans(), max_size=80))
def test_a_queue_that_people_join_and_leave_keeps_its_order(standing: list[tuple[int, int]], moves: list[bool]) -> None:
    people, patients = tables(standing)
    root, joined, oracle = NO_ROW, 0, []
    for joins in moves:
        if joins and joined < len(standing):
            root = push(people, patients, root, joined)
            heapq.heappush(oracle, (standing[joined], joined))
            joined += 1
        elif not joins and oracle:
            assert root == heapq.heappop(oracle)[1]
            root = pop(people, patients, root)
    assert (root == NO_ROW) == (not oracle)


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
