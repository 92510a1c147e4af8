"""The calendar holds at most one event a person, and finds everyone who is due, once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.calendar import BLOCK, clear_away, everyone_due, new_calendar, schedule
from sim.agents.columns import NO_BLOCK, Calendar, Patients, new_patients
from sim.model.model import CommissioningModel
from sim.phases import Phase
from sim.world.people import NEVER, empty_people
from tests.builders import SHORT_OF_MONEY, held_by, lively_world, model_of, spec_of

ROWS, MONTHS = 6, 5
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["put", "take back", "look", "clear away"]),
        st.integers(0, ROWS - 1),
        st.integers(0, MONTHS + 3),
    ),
    max_size=80,
)


def empty(people: int = ROWS) -> tuple[Patients, Calendar]:
    return new_patients(empty_people(people), MONTHS), new_calendar(MONTHS, people)


def chain(calendar: Calendar, block: int) -> list[int]:
    """List the blocks that hang together from one on."""
    blocks = []
    while block != NO_BLOCK:
        blocks.append(block)
        block = int(calendar.after[block])
    return blocks


def move_everyone(patients: Patients, calendar: Calendar, *months: int) -> None:
    """Let everyone stand in each of some months in turn, and stay in the last."""
    for month in months:
        for row in range(patients.size):
            schedule(patients, calendar, row, month)


def test_what_is_in_no_month_is_free() -> None:
    _, calendar = empty()
    assert sorted(chain(calendar, int(calendar.first[MONTHS]))) == list(range(calendar.after.size))


@given(MOVES)
def test_each_month_gives_those_whose_last_event_it_is(moves: list[tuple[str, int, int]]) -> None:
    patients, calendar = empty()
    month_of: dict[int, int] = {}

    for what, row, month in moves:
        if what == "put":
            schedule(patients, calendar, row, month)
            month_of[row] = month
        elif what == "take back":
            schedule(patients, calendar, row, MONTHS)
            month_of.pop(row, None)
        elif what == "clear away":
            clear_away(patients, calendar)
        elif month < MONTHS:
            expected = [one for one, at in month_of.items() if at == month]
            assert sorted(everyone_due(patients, calendar, month)) == sorted(expected)
            month_of = {one: at for one, at in month_of.items() if at != month}

        assert {row: int(patients[row].event_month) for row in range(ROWS)} == {
            row: min(month_of.get(row, MONTHS), MONTHS) for row in range(ROWS)
        }
    for each in range(MONTHS):
        expected = [one for one, at in month_of.items() if at == each]
        assert sorted(everyone_due(patients, calendar, each)) == sorted(expected)
    assert sorted(chain(calendar, int(calendar.first[MONTHS]))) == list(range(calendar.after.size))


def test_an_event_beyond_the_horizon_is_not_kept() -> None:
    patients, calendar = empty()
    schedule(patients, calendar, 2, MONTHS)
    assert [everyone_due(patients, calendar, month).tolist() for month in range(MONTHS)] == [[]] * MONTHS
    assert patients[2].event_month == MONTHS


def test_moving_an_event_beyond_the_horizon_takes_it_out() -> None:
    patients, calendar = empty()
    schedule(patients, calendar, 2, 1)
    schedule(patients, calendar, 2, MONTHS + 20)
    assert everyone_due(patients, calendar, 1).tolist() == []


def test_whoever_leaves_a_month_and_comes_back_acts_once() -> None:
    patients, calendar = empty()
    for month in (3, 1, 3, 1, 3):
        schedule(patients, calendar, 2, month)
    schedule(patients, calendar, 2, MONTHS)
    schedule(patients, calendar, 2, 3)
    assert everyone_due(patients, calendar, 1).tolist() == []
    assert everyone_due(patients, calendar, 3).tolist() == [2]
    assert everyone_due(patients, calendar, 3).tolist() == []


def test_whoever_acts_may_be_due_again_in_the_same_month() -> None:
    patients, calendar = empty()
    schedule(patients, calendar, 2, 3)
    assert everyone_due(patients, calendar, 3).tolist() == [2]
    schedule(patients, calendar, 2, 3)
    assert everyone_due(patients, calendar, 3).tolist() == [2]


def test_a_calendar_never_runs_out_however_often_events_move() -> None:
    """Four months take turns, with far more moves than there is room for; a fifth holds what nobody touches."""
    people = 3 * BLOCK + 7
    patients, calendar = empty(people)
    luck = np.random.default_rng(1)
    moves = 6 * calendar.rows.size
    still = range(0, people, 5)
    for row in still:
        schedule(patients, calendar, row, 4)
    for row, month in zip(luck.integers(0, people, moves), luck.integers(0, 4, moves), strict=True):
        if row % 5:
            schedule(patients, calendar, int(row), int(month))
    stands = patients["event_month"].copy()
    for month in range(MONTHS):
        assert sorted(everyone_due(patients, calendar, month)) == np.flatnonzero(stands == month).tolist()
    assert sorted(chain(calendar, int(calendar.first[MONTHS]))) == list(range(calendar.after.size))


def test_everyone_can_stand_in_one_month() -> None:
    people = 4 * BLOCK
    patients, calendar = empty(people)
    move_everyone(patients, calendar, 0, 1, 0)
    assert everyone_due(patients, calendar, 0).size == people


def test_clearing_away_leaves_everyone_once_and_the_blocks_behind_the_first_full() -> None:
    people = 3 * BLOCK
    patients, calendar = empty(people)
    move_everyone(patients, calendar, 2, 1, 2)
    for row in range(0, people, 2):
        schedule(patients, calendar, row, MONTHS)
    clear_away(patients, calendar)
    blocks = chain(calendar, int(calendar.first[2]))
    assert (len(blocks) - 1) * BLOCK + int(calendar.filled[2]) == people // 2
    assert chain(calendar, int(calendar.first[1])) == []
    assert sorted(everyone_due(patients, calendar, 2)) == list(range(1, people, 2))


def turn_round(calendar: Calendar) -> None:
    """Let the rows of each month stand in the opposite order."""
    for month in range(calendar.filled.size):
        blocks, end = chain(calendar, int(calendar.first[month])), int(calendar.filled[month])
        if blocks:
            ranges = [np.arange(block * BLOCK, (block + 1) * BLOCK) for block in blocks]
            places = np.concatenate([ranges[0][:end], *ranges[1:]])
            calendar.rows[places] = calendar.rows[places[::-1]]


def test_nothing_depends_on_the_order_within_a_month() -> None:
    def run(turned: bool) -> CommissioningModel:
        world = lively_world(capacity_share_of_need=0.6)
        model = model_of(world, spec_of(world, held_by("region"), SHORT_OF_MONEY, years=2, twin_sets=1))
        act = model.act

        def act_turned(phase: Phase) -> None:
            turn_round(model.state.roster.calendar)
            act(phase)

        if turned:
            model.act = act_turned  # type: ignore[method-assign]
        while model.running:
            model.step()
        return model

    one, two = run(turned=False).state, run(turned=True).state
    assert (one.roster.patients["start_day"] < NEVER).sum() > 100
    for name in one.roster.patients.dtype.names:
        assert one.roster.patients[name].tolist() == two.roster.patients[name].tolist(), name
    for name in one.accounts.dtype.names:
        assert one.accounts[name].tolist() == two.accounts[name].tolist(), name
