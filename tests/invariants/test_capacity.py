"""No centre gives what it has not got, and every counter says what the patients say."""

from dataclasses import replace

import numpy as np
from hypothesis import given

from sim.agents.columns import AWAITING_FUNDS, AWAITING_SLOT, DONOR_GAVE, NO_ROW, STATE_NAMES
from sim.agents.queue import Queues
from sim.agents.state import State
from sim.world.services import ONGOING
from sim.world.time import first_day
from tests.builders import few, model_of, run_to_end
from tests.invariants.cases import Case, cases


def count(holder: np.ndarray, which: np.ndarray, size: int) -> list[int]:
    return np.bincount(holder[which], minlength=size).tolist()


def starts_of(state: State, month: int, with_donors: bool = True) -> np.ndarray:
    """Count the real patients of each centre who start in a month, at will without those who needed no slot."""
    patients, real = state.roster.patients, state.roster.people["weight"] > 0
    day = patients["start_day"]
    begun = real & (day >= first_day(month)) & (day < first_day(month + 1)) & (patients["cell"] != NO_ROW)
    begun &= with_donors | (patients["donor"] != DONOR_GAVE)
    return np.bincount(patients["cell"][begun], minlength=state.cells.size)


@given(cases())
@few(30)
def test_no_centre_starts_or_holds_more_than_it_can(case: Case) -> None:
    model = model_of(*case)
    state, waiting = model.state, model.situation.parameters.waiting
    if not waiting.capacity_enabled:
        return
    ongoing = state.world.services.kind[state.cells["service"]] == ONGOING
    capacity = state.world.offers.capacity * waiting.capacity_scale
    yearly = capacity / state.population.weight[state.cells["service"]]
    started = np.zeros(state.cells.size)
    while model.running:
        model.step()
        begun = starts_of(state, state.month - 1, with_donors=False)
        started += begun
        assert (state.cells["occupied"][ongoing] <= yearly[ongoing] + 1e-6).all()
        assert (begun[~ongoing] <= np.ceil(yearly[~ongoing] / 12 + 1e-4)).all()
        assert (started[~ongoing] <= state.month * yearly[~ongoing] / 12 + 1e-3).all()


@given(cases())
@few(25)
def test_queues_and_places_count_the_patients_in_them(case: Case) -> None:
    model = model_of(*case)
    state, patients, people = model.state, model.state.roster.patients, model.state.roster.people
    real = people["weight"] > 0
    cells, accounts = state.cells.size, state.accounts.size
    while model.running:
        model.step()
        stands = {name: real & (patients["state"] == STATE_NAMES.index(name)) for name in STATE_NAMES}
        account = state.ledger.account_of[people["place"], people["service"]]
        assert state.cells["queued"].tolist() == count(patients["cell"], stands["awaiting a slot"], cells)
        assert state.cells["occupied"].tolist() == count(patients["cell"], stands["on treatment"], cells)
        assert state.accounts["queued"].tolist() == count(account, stands["awaiting funds"], accounts)


def standing(queues: Queues) -> list[tuple[int, int]]:
    """List the key and the row of every place that is taken."""
    taken = [queues.places[begin : begin + size] for begin, size in zip(queues.first, queues.size, strict=False)]
    return [(int(place["key"]), int(place["row"])) for part in taken for place in part]


@given(cases())
@few(10)
def test_everyone_who_waits_stands_in_exactly_one_queue(case: Case) -> None:
    model = model_of(*case)
    state, patients, people = model.state, model.state.roster.patients, model.state.roster.people
    while model.running:
        model.step()
        for queues, waits in ((state.for_slots, AWAITING_SLOT), (state.for_funds, AWAITING_FUNDS)):
            places = standing(queues)
            rows = [row for _, row in places]
            waiting = [row for row in rows if patients["state"][row] == waits]  # the dead are dropped when met
            expected = np.flatnonzero((people["weight"] > 0) & (patients["state"] == waits))
            assert len(rows) == len(set(rows))
            assert all(patients["queue_key"][row] == key for key, row in places if patients["state"][row] == waits)
            assert sorted(waiting) == expected.tolist()


@given(cases())
@few(15)
def test_a_slot_stands_empty_only_when_nobody_waits_for_it(case: Case) -> None:
    model = model_of(*case)
    state, patients = model.state, model.state.roster.patients
    real = state.roster.people["weight"] > 0
    while model.running:
        model.step()
        waiting = real & (patients["state"] == AWAITING_SLOT)
        queued = np.bincount(patients["cell"][waiting], minlength=state.cells.size)
        assert not ((state.cells["free"] > 0) & (queued > 0)).any()


@given(cases())
@few(10)
def test_what_a_centre_did_in_the_year_is_its_expertise_when_nothing_older_is_remembered(case: Case) -> None:
    world, spec = case
    forgetful = {"learning_enabled": False, "outcome_enabled": False}
    expertise = spec.parameters.expertise.model_copy(update=forgetful)
    model = model_of(world, replace(spec, parameters=spec.parameters.model_copy(update={"expertise": expertise})))
    state = run_to_end(model).state
    of_last_year = sum(starts_of(state, month) for month in range(state.month - 12, state.month))
    service = state.cells["service"]
    done = np.where(world.services.kind[service] == ONGOING, state.cells["occupied"], of_last_year)
    assert state.expertise.tolist() == (done * state.population.weight[service]).tolist()
    assert (state.cells["cases"] == 0).all()
