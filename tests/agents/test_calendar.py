"""The calendar holds at most one event a person, and finds everyone who is due."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.calendar import cancel, reschedule, schedule
from sim.agents.columns import NO_ROW, Patients, new_patients
from sim.world.people import empty_people

ROWS, MONTHS = 6, 5
MOVES = st.lists(
    st.tuples(st.sampled_from(["put", "take back"]), st.integers(0, ROWS - 1), st.integers(0, MONTHS + 3)), max_size=60
)


def empty() -> tuple[Patients, np.ndarray]:
    return new_patients(empty_people(ROWS), MONTHS), np.full(MONTHS, NO_ROW, dtype=np.int32)


def due(patients: Patients, heads: np.ndarray, month: int) -> list[int]:
    """List who is due in a month, and check the way back."""
    rows, before, row = [], NO_ROW, int(heads[month])
    while row != NO_ROW:
        assert patients[row].calendar_previous == before
        rows.append(row)
        before, row = row, int(patients[row].calendar_next)
    return rows


@given(MOVES)
def test_each_month_holds_those_whose_last_event_it_is(moves: list[tuple[str, int, int]]) -> None:
    patients, heads = empty()
    month_of: dict[int, int] = {}

    for what, row, month in moves:
        if what == "put":
            reschedule(patients, heads, row, month)
            month_of[row] = month
        else:
            cancel(patients, heads, row)
            month_of.pop(row, None)

        for each in range(MONTHS):
            assert sorted(due(patients, heads, each)) == sorted(one for one, at in month_of.items() if at == each)


def test_an_event_beyond_the_horizon_is_not_kept() -> None:
    patients, heads = empty()
    schedule(patients, heads, 2, MONTHS)
    assert [due(patients, heads, month) for month in range(MONTHS)] == [[]] * MONTHS
    assert patients[2].event_month == MONTHS


def test_moving_an_event_beyond_the_horizon_takes_it_out() -> None:
    patients, heads = empty()
    schedule(patients, heads, 2, 1)
    reschedule(patients, heads, 2, MONTHS + 20)
    assert due(patients, heads, 1) == []


def test_one_in_the_middle_of_a_month_can_be_taken_back() -> None:
    patients, heads = empty()
    for row in (0, 1, 2):
        schedule(patients, heads, row, 3)
    cancel(patients, heads, 1)
    assert sorted(due(patients, heads, 3)) == [0, 2]
    cancel(patients, heads, 1)  # twice does no harm
    assert sorted(due(patients, heads, 3)) == [0, 2]
