"""A payer may put services first; everywhere else people stand by urgency and date."""

from dataclasses import replace

import numpy as np
from hypothesis import given

from sim.agents.columns import AWAITING_FUNDS, AWAITING_SLOT, ON_TREATMENT, TREATED
from sim.agents.queue import DAY_OFFSET, TIE_BITS, URGENCY_SHIFT
from sim.model.model import CommissioningModel
from tests.builders import few, held_by, lively_world, model_of, spec_of
from tests.invariants.cases import Case, cases

DAY_BITS = URGENCY_SHIFT - TIE_BITS


def check_keys(model: CommissioningModel) -> int:
    """Compare the day in everyone's key with the day of diagnosis; return how many stand elsewhere than by that."""
    state = model.state
    people, patients = state.roster.people, state.roster.patients
    day = ((patients["queue_key"] >> TIE_BITS) & ((1 << DAY_BITS) - 1)) - DAY_OFFSET
    ahead = state.ledger.days_ahead[people["place"], people["service"]]
    asking = patients["state"] == AWAITING_FUNDS
    beyond = np.isin(patients["state"], (AWAITING_SLOT, ON_TREATMENT, TREATED))
    assert (day[asking] == (patients["diagnosis_day"] - ahead)[asking]).all()
    assert (day[beyond] == patients["diagnosis_day"][beyond]).all()
    return int((ahead[asking] != 0).sum())


@given(cases())
@few(15)
def test_only_who_asks_a_payer_stands_elsewhere_than_by_date(case: Case) -> None:
    model = model_of(*case)
    while model.running:
        model.step()
        check_keys(model)


def test_a_hand_over_ranks_requests_as_their_new_payer_does() -> None:
    """Let some services be paid for apart at first and all from one purse later, twins among those who wait."""
    world = lively_world(n_services=6, need_ratio=0.5, capacity_share_of_need=0.6)
    whole, district = held_by("nation"), held_by("district")
    split = replace(whole, matrix={**whole.matrix, "specialised_delegable": district.matrix["specialised_delegable"]})
    changes = {
        "priority.enabled": True,
        "priority.volume_exponent": 0.5,
        "budget.plan_share_of_expected": 0.6,
    }
    timeline = (("2013-04", split), ("2014-04", whole))
    model = model_of(world, spec_of(world, timeline, changes, years=2, twin_sets=3))
    before, seen = model.government.days_ahead, []
    while model.running:
        model.step()
        seen.append(check_keys(model))
        patients, twins = model.state.roster.patients, slice(model.state.population.real, None)
        asking = (patients["state"] == AWAITING_FUNDS)[twins].sum()
    assert (before[0] != before[1]).any()
    assert seen[12] > 0
    assert asking > 0
