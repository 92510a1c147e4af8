"""Whatever the world and the regime: nobody is lost, and no life runs backwards."""

import itertools

import numpy as np
from hypothesis import given

from sim.agents.columns import (
    AWAITING_FUNDS,
    AWAITING_SLOT,
    DEAD,
    DIAGNOSED,
    DIVERTED,
    NO_BED,
    NO_POLICY,
    NO_ROW,
    NOT_REFERRED,
    ON_TREATMENT,
    STATE_NAMES,
    TOO_FAR,
    TREATED,
    UNBORN,
    UNDIAGNOSED,
)
from sim.agents.state import State
from sim.model.result import REASONS
from sim.world.people import NEVER
from sim.world.services import EMERGENCY, ONGOING
from sim.world.time import first_day
from tests.builders import few, finished_model, model_of, result_of
from tests.invariants.cases import Case, cases

EXAMPLES = 25


def gone_untreated(state: State) -> np.ndarray:
    """Tell who left the pathway; whoever was diverted to a further bed was treated there."""
    return ~np.isin(state.roster.patients["lost"], [0, DIVERTED])


def state_by_its_days(state: State) -> np.ndarray:
    """Work out where everybody stands at the end from the days of their lives alone."""
    people, patients = state.roster.people, state.roster.patients
    end = first_day(state.population.plan.months)
    kind = state.world.services.kind[people["service"]]
    begun = patients["start_day"] < end
    waiting = [
        (patients["approval_day"] < end, AWAITING_SLOT),
        (patients["policy_day"] < end, AWAITING_FUNDS),
        (patients["diagnosis_day"] < end, NO_POLICY),
        (np.full(people.size, True), UNDIAGNOSED),
    ]
    known = [
        (patients["death_day"] < end, DEAD),
        (gone_untreated(state), patients["lost"]),
        (begun & (kind == ONGOING) & (patients["stop_day"] >= end), ON_TREATMENT),
        (begun, TREATED),
        *waiting,
    ]
    return np.select([where for where, _ in known], [code for _, code in known])


@given(cases())
@few(EXAMPLES)
def test_everybody_who_came_in_stands_in_the_state_that_their_days_tell(case: Case) -> None:
    state = finished_model(*case).state
    counts = np.bincount(state.roster.patients["state"], minlength=len(STATE_NAMES))
    assert counts.sum() == state.population.people.size
    assert counts[[UNBORN, DIAGNOSED]].sum() == 0
    assert state.roster.patients["state"].tolist() == state_by_its_days(state).tolist()


@given(cases())
@few(EXAMPLES)
def test_no_life_runs_backwards(case: Case) -> None:
    state = finished_model(*case).state
    people, patients = state.roster.people, state.roster.patients
    assert (patients["death_day"] >= np.maximum(people["onset_day"], 0)).all()
    assert (people["onset_day"] <= patients["diagnosis_day"]).all()

    treated = patients["start_day"] != NEVER
    days = [
        patients[name][treated] for name in ("diagnosis_day", "policy_day", "approval_day", "start_day", "death_day")
    ]
    assert all((before <= after).all() for before, after in itertools.pairwise(days))
    assert (patients["wait_minutes"] >= 0).all()
    ended = treated & (patients["stop_day"] != NEVER)
    assert (patients["stop_day"][ended] >= patients["start_day"][ended]).all()


@given(cases())
@few(EXAMPLES)
def test_whoever_is_treated_was_referred_to_a_centre_that_offers_the_service(case: Case) -> None:
    state = finished_model(*case).state
    people, patients = state.roster.people, state.roster.patients
    treated = patients["start_day"] != NEVER
    cell = patients["cell"][treated]
    assert (cell != NO_ROW).all()
    assert (state.cells["service"][cell] == people["service"][treated]).all()
    emergency = state.world.services.kind[people["service"]] == EMERGENCY
    queued = np.isin(patients["state"], [AWAITING_FUNDS, AWAITING_SLOT, NO_POLICY])
    assert not (queued & emergency).any()
    assert not ((patients["lost"] == NO_BED) & ~emergency).any()
    assert not (np.isin(patients["lost"], [NOT_REFERRED, TOO_FAR]) & emergency).any()
    assert not (treated & gone_untreated(state)).any()
    assert not ((patients["lost"] == DIVERTED) & ~(treated & emergency)).any()


@given(cases())
@few(EXAMPLES)
def test_reasons_sum_to_the_people_in_need(case: Case) -> None:
    result = result_of(*case)
    assert (result.reasons.sum(axis=3) == result.people.sum(axis=(3, 4))).all()
    assert (result.reasons[..., REASONS.index("treated_in_time")] == result.reached.sum(axis=(3, 4))).all()
    assert (result.reached <= result.people).all()
    assert (result.reasons >= 0).all()


@given(cases())
@few(EXAMPLES)
def test_no_wait_that_is_counted_is_negative_and_every_count_is_of_whole_rows(case: Case) -> None:
    result = result_of(*case)
    assert (result.time_to_treatment >= 0).all()
    for table, axis in (
        (result.people, 2),
        (result.starts, 1),
        (result.deaths_waiting, 1),
        (result.time_to_treatment, 0),
    ):
        by_service = np.moveaxis(table, axis, -1)
        assert (by_service % result.weight == 0).all()
    diagnosed = result.time_to_treatment.sum(axis=(1, 2))
    assert (result.people[0].sum(axis=(0, 2, 3)) <= diagnosed).all()


@given(cases(twin_sets=1))
@few(10)
def test_a_run_changes_nobody_as_given(case: Case) -> None:
    model = model_of(*case)
    before = model.state.roster.people.copy()
    while model.running:
        model.step()
    assert (model.state.roster.people == before).all()


@given(cases())
@few(10)
def test_queues_are_written_down_as_they_are(case: Case) -> None:
    model = finished_model(*case)
    state = model.state
    people, patients = state.roster.people, state.roster.patients
    waiting = np.isin(patients["state"], [AWAITING_FUNDS, AWAITING_SLOT, NO_POLICY])
    weighted = people["weight"] * waiting
    by_service = np.bincount(people["service"], weighted, minlength=len(state.world.services.ids))
    assert state.queue_length[state.population.plan.months - 1].tolist() == by_service.tolist()
