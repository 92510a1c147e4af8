"""Slots go by urgency, then date; what is not used is lost; whoever dies first leaves the slot to the next."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.phases.waiting import day_of_start, slots
from sim.world.people import ENTRY_DIAGNOSED
from sim.world.services import EMERGENCY, ONGOING
from sim.world.time import first_day, month_of
from tests.builders import few, held_by, lively_world, model_of, small_world, spec_of, step_watched
from tests.phases.by_hand import day_in, ill, model_by_hand, months_of_start, one_centre, run_by_hand, states

SEVERE, MILD = {"severity": 1}, {"severity": 0}


def test_the_severe_come_first_then_those_who_were_diagnosed_first() -> None:
    persons = [ill(5, **MILD), ill(3, **MILD), ill(9, **SEVERE), ill(day_in(1), **SEVERE)]
    assert months_of_start(run_by_hand(one_centre(), persons)) == [3, 2, 0, 1]


def test_equal_patients_are_told_apart_by_luck_and_not_by_their_row() -> None:
    one = months_of_start(run_by_hand(one_centre(), [ill(5), ill(5), ill(5)]))
    owners = [{"luck_owner": owner, "identity": owner} for owner in (3, 2, 1)]
    two = months_of_start(run_by_hand(one_centre(), [ill(5, **owner) for owner in owners]))
    assert sorted(one) == [0, 1, 2]
    assert two == one[::-1]


def test_an_unused_slot_is_lost() -> None:
    late = [ill(day_in(6)), ill(day_in(6, 4)), ill(day_in(6, 5))]
    assert months_of_start(run_by_hand(one_centre(), late)) == [6, 7, 8]


@pytest.mark.parametrize(("starts_a_year", "expected"), [(6.0, [1, 3, 5]), (4.0, [2, 5, 8]), (36.0, [0, 0, 0])])
def test_starts_accrue_through_the_year(starts_a_year: float, expected: list[int]) -> None:
    assert months_of_start(run_by_hand(one_centre(starts_a_year), [ill(0), ill(1), ill(2)])) == expected


def test_whoever_dies_before_the_slot_leaves_it_to_the_next() -> None:
    persons = [ill(0), ill(1, background_death_day=day_in(1, 0)), ill(2)]
    model = run_by_hand(one_centre(), persons)
    assert months_of_start(model) == [0, None, 1]
    assert states(model)[1] == "dead"


def test_the_slot_of_a_month_is_not_given_to_someone_who_dies_earlier_in_it() -> None:
    """Let the second die on the very day before and on the very day of the start that luck draws."""
    survivor = run_by_hand(one_centre(), [ill(0), ill(1), ill(2)])
    day = int(survivor.state.roster.patients["start_day"][1])
    before, on = (
        run_by_hand(one_centre(), [ill(0), ill(1, background_death_day=last), ill(2)]) for last in (day - 1, day)
    )
    assert months_of_start(before) == [0, None, 1]
    assert months_of_start(on) == [0, 1, 2]


def test_whoever_is_agreed_to_and_finds_a_slot_starts_that_day() -> None:
    model = run_by_hand(one_centre(), [ill(17)])
    assert model.state.roster.patients["start_day"].tolist() == [17]


def test_whoever_queued_starts_at_the_same_point_of_whichever_month_it_is() -> None:
    first, later = (run_by_hand(one_centre(), [ill(day) for day in range(ahead + 1)]) for ahead in (1, 5))
    rows = [1, 1]
    days = [int(model.state.roster.patients["start_day"][row]) for model, row in zip((first, later), rows, strict=True)]
    assert [month_of(day) for day in days] == [1, 1]
    model = model_by_hand(one_centre(), [ill(0)])
    model.step()
    within = [day_of_start(model.state.roster, 0, month) - first_day(month) for month in (7, 8, 20)]
    assert max(within) - min(within) <= 1  # months are 30 or 31 days long


def test_the_starting_queue_is_served_from_the_first_day() -> None:
    waiting = [{"onset_day": -90, "given_day": -60 + day, "entry": ENTRY_DIAGNOSED} for day in range(3)]
    assert months_of_start(run_by_hand(one_centre(), waiting)) == [0, 1, 2]


def test_one_place_holds_one_patient_until_treatment_stops() -> None:
    world = one_centre(1.0, kinds=(ONGOING,), duration_on_treatment_years=1.0, stop_rate_per_year=6.0)
    model = run_by_hand(world, [ill(0), ill(1), ill(2)], months=60)
    patients = model.state.roster.patients
    starts, stops = months_of_start(model), [int(month_of(int(day))) for day in patients["stop_day"]]
    assert starts == [0, stops[0] + 1, stops[1] + 1]
    assert states(model) == ["treated"] * 3


def test_a_place_is_free_again_after_a_death() -> None:
    world = one_centre(1.0, kinds=(ONGOING,), duration_on_treatment_years=1.0)
    model = run_by_hand(world, [ill(0, background_death_day=day_in(4)), ill(1)])
    assert months_of_start(model) == [0, 5]
    assert model.state.cells["occupied"].tolist() == [1]


def test_without_capacity_limits_everyone_starts_on_the_day_of_diagnosis() -> None:
    model = run_by_hand(one_centre(0.0), [ill(day) for day in range(20)], {"waiting.capacity_enabled": False})
    assert model.state.roster.patients["start_day"].tolist() == list(range(20))


@given(st.floats(0.0, 60.0), st.integers(1, 5))
@few(15)
def test_the_slots_of_the_years_add_up_to_the_capacity(starts_a_year: float, weight: int) -> None:
    world = small_world(n_services=1, capacity_share_of_need=starts_a_year / 60.0)
    spec = spec_of(world, held_by("nation"), weights=((world.services.ids[0], weight),))
    model = model_of(world, spec)
    given_out = np.zeros(model.state.cells.size)
    for month in range(24):
        model.state.month = month
        given_out += slots(model.state, spec.parameters.waiting)
    assert given_out == pytest.approx(2 * world.offers.capacity / weight, abs=1.0 + 1e-3)


def test_capacity_can_be_scaled() -> None:
    scaled = {"waiting.capacity_scale": 0.5}
    assert months_of_start(run_by_hand(one_centre(), [ill(0), ill(1)], scaled)) == [1, 3]


def test_each_emergency_takes_the_nearest_free_bed_in_order_of_urgency_and_date() -> None:
    world = lively_world(kinds=(EMERGENCY,), n_places=8, n_providers=4, capacity_share_of_need=0.9)
    model = model_of(world, spec_of(world, held_by("nation")))
    state, reach = model.state, model.state.reach
    people, patients = state.roster.people, state.roster.patients
    parameters = model.situation.parameters.waiting
    seen = {"elsewhere": 0, "no bed": 0}

    def watch(phase: str) -> None:
        if phase == "funding":
            state.expected = expected_beds()
        elif phase == "waiting":
            for row, cell in state.expected.items():
                assert patients["cell"][row] == cell
                assert (cell >= 0) == (patients["start_day"][row] == patients["diagnosis_day"][row])

    def expected_beds() -> dict[int, int]:
        free = slots(state, parameters)
        rows = state.lists.emergencies
        beds = {}
        for row in sorted(rows, key=lambda one: (patients["queue_key"][one], people["identity"][one])):
            service = int(people["service"][row])
            cells = range(int(reach.first[service]), int(reach.first[service + 1]))
            hours = [(reach.hours[people["place"][row], cell], cell) for cell in cells]
            open_cells = [cell for _, cell in sorted(hours) if free[cell] > 0]
            beds[int(row)] = open_cells[0] if open_cells else -1
            seen["no bed"] += not open_cells
            if open_cells:
                free[open_cells[0]] -= 1
                seen["elsewhere"] += open_cells[0] != sorted(hours)[0][1]
        return beds

    while model.running:
        step_watched(model, watch)
    assert min(seen.values()) > 20


def test_an_emergency_waits_as_long_as_the_journey_takes() -> None:
    world = one_centre(kinds=(EMERGENCY,))
    model = run_by_hand(world, [ill(3)], {"referral.travel_enabled": True})
    assert model.state.roster.patients["wait_minutes"].tolist() == [int(world.travel_hours[0, 0] * 60)]
