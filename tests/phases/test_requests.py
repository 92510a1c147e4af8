"""What happens to patients whose treatment is not routinely funded: they ask a panel, wait, or ask again."""

from typing import Any

import numpy as np
import pytest

from sim.model.model import CommissioningModel
from sim.world.people import NEVER
from sim.world.services import ONE_OFF, ONGOING
from sim.world.time import first_day, month_of
from tests.analytic.bounds import count_agrees
from tests.phases.by_hand import day_in, ill, model_by_hand, one_centre

ASKS: dict[str, Any] = {
    "panels.enabled": True,
    "panels.request_share": 1.0,
    "panels.decision_months": 1,
    "funding.months_until_too_late": 100,
}
PEOPLE = 4_000


def refused_by_policy(
    persons: list[Any], changes: dict[str, Any], approval: float, requestable: bool = True, kind: int = ONE_OFF
) -> CommissioningModel:
    """Run people whose treatment no topic of policy covers, before a panel of one's choice."""
    world = one_centre(capacity_share_of_need=1e4, kinds=(kind,))
    model = model_by_hand(world, persons, {**ASKS, **changes})
    while model.running:
        model.step()
        model.state.coverage.topics[:] = 1 << 16  # decided, and nothing funded
        model.state.coverage.approval[:] = approval
        if not requestable:
            model.government.appraisal.licensed[:] = 10_000
    return model


def days(model: CommissioningModel, name: str) -> list[int | None]:
    return [None if day == NEVER else int(month_of(int(day))) for day in model.state.roster.patients[name]]


def test_a_panel_that_agrees_opens_the_way_when_it_has_answered() -> None:
    model = refused_by_policy([ill(day_in(3)), ill(day_in(5))], {}, approval=1.0)
    assert days(model, "policy_day") == days(model, "start_day") == [4, 6]
    assert days(model, "refused_day") == [None, None]
    assert model.state.ledger.requests.tolist() == [[0, 0], [2, 0]]


def test_an_answer_can_come_at_once() -> None:
    model = refused_by_policy([ill(day_in(3))], {"panels.decision_months": 0}, approval=1.0)
    assert days(model, "policy_day") == [3]


def test_who_is_refused_asks_again_after_the_stated_months() -> None:
    model = refused_by_policy([ill(day_in(3))], {"funding.months_between_applications": 6}, approval=0.0)
    patients = model.state.roster.patients
    assert patients["refusals"].tolist() == [3]  # in months 4, 11 and 18
    assert days(model, "refused_day") == [18]
    assert days(model, "policy_day") == [None]
    assert model.state.ledger.requests.tolist() == [[2, 1], [0, 0]]


@pytest.mark.parametrize(("kind", "refusals"), [(ONE_OFF, 2), (ONGOING, 4)])
def test_a_one_off_treatment_comes_too_late_at_last_and_an_ongoing_one_never(kind: int, refusals: int) -> None:
    changes = {"funding.months_until_too_late": 9, "funding.months_between_applications": 4}
    model = refused_by_policy([ill(day_in(3))], changes, approval=0.0, kind=kind)
    assert model.state.roster.patients["refusals"].tolist() == [refusals]  # asked for 3, 8, 13 and 18 months in


def test_what_nobody_has_decided_on_is_waited_for_however_long_it_takes() -> None:
    late = model_by_hand(
        one_centre(available_from_month=1359 + 14), [ill(day_in(1))], {"funding.months_until_too_late": 3}
    )
    while late.running:
        late.step()
    assert days(late, "policy_day") == [19]  # asks every six months from the first on


@pytest.mark.parametrize("changes", [{"panels.enabled": False}, {"panels.request_share": 0.0}])
def test_without_requests_nobody_is_refused_and_nobody_treated(changes: dict[str, Any]) -> None:
    model = refused_by_policy([ill(day_in(3))], changes, approval=1.0)
    assert days(model, "policy_day") == days(model, "refused_day") == [None]
    assert model.state.ledger.requests.sum() == 0


def test_what_does_not_exist_yet_cannot_be_asked_for() -> None:
    model = refused_by_policy([ill(day_in(3))], {}, approval=1.0, requestable=False)
    assert days(model, "policy_day") == [None]


def test_requests_are_made_for_their_share_and_agreed_to_as_often_as_the_panel_does() -> None:
    crowd = [ill(day_in(2)) for _ in range(PEOPLE)]
    changes = {"panels.request_share": 0.6, "funding.months_between_applications": 100}
    refused, agreed = refused_by_policy(crowd, changes, approval=0.3).state.ledger.requests.sum(axis=1)
    assert count_agrees(refused + agreed, 0.6 * PEOPLE)
    assert count_agrees(agreed, 0.3 * 0.6 * PEOPLE)
    assert not count_agrees(agreed, 0.3 * 0.6 * PEOPLE * 1.2)


def test_a_twin_costs_no_panel_anything_and_is_answered_as_a_patient_with_its_luck_would_be() -> None:
    persons = [ill(day_in(2), luck_owner=7), ill(day_in(2), luck_owner=7, weight=0)]
    for approval in (0.2, 0.5, 0.8):
        model = refused_by_policy(persons, {}, approval)
        one, twin = model.state.roster.patients["policy_day"]
        assert one == twin
        assert model.state.ledger.requests.sum() == 1 + model.state.roster.patients["refusals"][0] - (one == NEVER)


def test_whoever_dies_while_a_panel_sits_is_not_answered() -> None:
    dying = ill(day_in(3), background_death_day=int(first_day(4)) + 1)
    model = refused_by_policy([dying], {}, approval=1.0)
    assert days(model, "policy_day") == [None]
    assert np.array_equal(model.state.ledger.requests, np.zeros((2, 2)))
