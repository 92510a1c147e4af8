"""Policy first, then money: agreed in strict order while spending keeps to the plan to date."""

from typing import Any

import pytest

from sim.agents.columns import Patients
from sim.model.model import CommissioningModel
from sim.world.people import ENTRY_DIAGNOSED, NEVER
from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from sim.world.time import first_day, month_of
from tests.builders import held_by, step_watched
from tests.phases.by_hand import day_in, ill, model_by_hand, months_of_start, one_centre, run_by_hand, states

PRICE = 1_000_000  # pence, of one start in these worlds
UNCAPPED, CAPPED = {"budget.cap_enabled": False}, {"budget.cap_enabled": True}


def capped_at(starts_a_month: float, **also: Any) -> dict[str, Any]:
    """Return parameters under which the plan pays for that many starts a month, and slots do not matter."""
    return {
        **CAPPED,
        "budget.plan_share_of_expected": starts_a_month * 12 / 10.0,
        "waiting.capacity_enabled": False,
        **also,
    }


def months_of_agreement(model: CommissioningModel) -> list[int | None]:
    return months_of_agreement_of(model.state.roster.patients)


def months_of_agreement_of(patients: Patients) -> list[int | None]:
    days = patients["approval_day"]
    return [None if day == NEVER else int(month_of(int(day))) for day in days]


# --- policy -----------------------------------------------------------------------------------------

APRIL_2013 = (2013 - 1900) * 12 + 3


@pytest.mark.parametrize(("every", "expected"), [(6, 12), (4, 12), (5, 10), (7, 14), (1, 10)])
def test_a_technology_reaches_those_who_wait_when_they_next_apply(every: int, expected: int) -> None:
    world = one_centre(available_from_month=APRIL_2013 + 10)
    applying = {"funding.months_between_applications": every}
    model = model_by_hand(world, [ill(3)], applying)
    before = []
    while model.running:
        model.step()
        before.append(states(model)[0])
    assert before[:expected] == ["no policy"] * expected
    assert months_of_start(model) == [expected]
    assert model.state.roster.patients["policy_day"].tolist() == [first_day(expected)]


def test_whoever_is_diagnosed_after_the_arrival_is_treated_at_once() -> None:
    world = one_centre(available_from_month=APRIL_2013 + 10)
    persons = [ill(day_in(9)), ill(day_in(10))]
    model = run_by_hand(world, persons)
    assert months_of_start(model) == [15, 10]
    assert model.state.roster.patients["policy_day"][1] == day_in(10)


def test_an_established_treatment_is_funded_from_the_first_month() -> None:
    assert months_of_start(run_by_hand(one_centre(available_from_month=-1), [ill(0)])) == [0]


def test_whoever_dies_before_the_next_application_never_gets_it() -> None:
    world = one_centre(available_from_month=APRIL_2013 + 5)
    model = run_by_hand(world, [ill(3, background_death_day=day_in(6)), ill(4)])
    assert months_of_start(model) == [None, 6]
    assert states(model)[0] == "dead"


# --- money ------------------------------------------------------------------------------------------


def test_the_payer_agrees_to_what_the_plan_to_date_allows() -> None:
    model = run_by_hand(one_centre(), [ill(day) for day in range(6)], capped_at(2.0))
    assert months_of_agreement(model) == [0, 0, 1, 1, 2, 2]


def test_money_that_was_not_needed_stays_for_later_months() -> None:
    model = run_by_hand(one_centre(), [ill(day_in(3, day)) for day in range(6)], capped_at(1.0))
    assert months_of_agreement(model) == [3, 3, 3, 3, 4, 5]


def test_requests_are_served_by_urgency_then_date_across_months() -> None:
    persons = [ill(0), ill(1), ill(2), ill(day_in(1), severity=1), ill(day_in(2), severity=1)]
    model = run_by_hand(one_centre(), persons, capped_at(1.0))
    assert months_of_agreement(model) == [0, 3, 4, 1, 2]


def test_a_dear_request_at_the_head_holds_up_the_cheap_ones_behind_it() -> None:
    world = one_centre(n_services=2, kinds=(ONE_OFF, ONGOING), capacity_share_of_need=100.0)
    dear, cheap = {"service": 0}, {"service": 1}
    model = run_by_hand(world, [ill(0, **cheap), ill(1, **dear), ill(2, **cheap)], capped_at(0.25))
    agreed = months_of_agreement(model)
    assert agreed[0] == 0
    assert agreed[1] == agreed[2] > 0


def test_a_twin_behind_a_dear_request_waits_as_a_cheap_patient_there_would() -> None:
    world = one_centre(n_services=2, kinds=(ONE_OFF, ONGOING), capacity_share_of_need=100.0)
    dear, cheap = {"service": 0}, {"service": 1}
    persons = [ill(0, **cheap), ill(1, **dear), ill(2, **cheap), ill(3, **cheap, weight=0)]
    agreed = months_of_agreement(run_by_hand(world, persons, capped_at(0.25)))
    assert agreed[3] == agreed[2] == agreed[1] > 0


def test_a_twin_takes_neither_money_nor_slot() -> None:
    persons = [ill(0, weight=0), ill(1), ill(2, weight=0), ill(3)]
    model = run_by_hand(one_centre(), persons, capped_at(1.0, **{"waiting.capacity_enabled": True}))
    assert months_of_start(model) == [0, 0, 1, 1]
    assert model.government.books.spend.sum() == 2 * PRICE


def test_whoever_waits_for_money_is_agreed_to_and_starts_on_the_same_point_of_whichever_month() -> None:
    crowd = [ill(day) for day in range(6)]
    one, two = (run_by_hand(one_centre(), crowd, capped_at(rate)).state.roster.patients for rate in (1.0, 0.5))
    assert months_of_agreement_of(one)[1:4] == [1, 2, 3]
    assert months_of_agreement_of(two)[1:4] == [3, 5, 7]
    for patients in (one, two):
        assert (patients["start_day"] == patients["approval_day"]).all()
    within = [patients["approval_day"][3] - first_day(month) for patients, month in ((one, 3), (two, 7))]
    assert abs(within[0] - within[1]) <= 1
    assert within[0] > 0


def test_without_the_cap_all_are_agreed_to_at_once() -> None:
    model = run_by_hand(one_centre(), [ill(day) for day in range(20)], {**capped_at(0.0), **UNCAPPED})
    assert months_of_agreement(model) == [0] * 20
    assert model.government.books.spend[0, 0] == 20 * PRICE


def test_with_no_plan_nobody_is_agreed_to_and_the_reason_is_money() -> None:
    model = run_by_hand(one_centre(), [ill(0)], capped_at(0.0))
    assert states(model) == ["awaiting funds"]


def test_a_promise_is_given_back_when_its_patient_dies_waiting_for_a_slot() -> None:
    """Two can be paid for in the first month; the one who dies in the queue leaves money for a third."""
    only_money = capped_at(1.0, **{"waiting.capacity_enabled": True, "waiting.capacity_scale": 0.0})
    persons = [ill(0, background_death_day=day_in(1)), ill(1), ill(2)]
    alive = run_by_hand(one_centre(), [ill(0), *persons[1:]], only_money)
    dying = run_by_hand(one_centre(), persons, only_money)
    assert months_of_agreement(alive) == [0, 1, 2]
    assert months_of_agreement(dying) == [0, 1, 2]
    assert alive.state.accounts["committed"].tolist() == [3 * PRICE]
    assert dying.state.accounts["committed"].tolist() == [2 * PRICE]


def test_money_given_back_in_a_year_can_be_agreed_to_again() -> None:
    only_money = capped_at(1.0, **{"waiting.capacity_enabled": True, "waiting.capacity_scale": 0.0})
    persons = [ill(0, background_death_day=day_in(10)), *[ill(day) for day in range(1, 14)]]
    model = run_by_hand(one_centre(), persons, only_money, months=12)
    assert months_of_agreement(model).count(11) == 2  # December's own, and what came back in November
    assert months_of_agreement(model)[-2:] == [11, None]


def test_the_starting_queue_was_agreed_to_before_the_first_day() -> None:
    waiting = [{"onset_day": -90, "given_day": -60, "entry": ENTRY_DIAGNOSED}] * 3
    model = model_by_hand(one_centre(36.0), [*waiting, ill(4)], capped_at(1.0, **{"waiting.capacity_enabled": True}))
    model.step()
    assert months_of_start(model) == [0, 0, 0, None]
    assert months_of_agreement(model) == [0, 0, 0, 0]
    assert model.state.accounts["spent"].tolist() == [3 * PRICE]
    assert model.state.accounts["charged"].tolist() == [1 * PRICE]


def test_whoever_waited_for_an_unfunded_treatment_is_charged_when_agreed_to() -> None:
    world = one_centre(36.0, available_from_month=APRIL_2013 + 6)
    waiting = [{"onset_day": -90, "given_day": -60, "entry": ENTRY_DIAGNOSED}] * 2
    model = model_by_hand(world, waiting, UNCAPPED, months=12)
    charged = []
    while model.state.month < 11:
        model.step()
        charged.append(int(model.state.accounts["charged"][0]))
    assert charged == [0] * 6 + [2 * PRICE] * 5
    assert months_of_start(model) == [6, 6]


def test_ongoing_treatment_is_charged_by_the_month_from_its_start() -> None:
    world = one_centre(kinds=(ONGOING,), capacity_share_of_need=100.0, cost_gbp=1_200.0)
    model = run_by_hand(world, [ill(day_in(3), background_death_day=day_in(7))], months=12)
    assert model.government.books.spend.tolist() == [[4 * 10_000]]  # April to July; none in the month of death


def test_emergencies_are_paid_for_whatever_the_plan_says() -> None:
    model = run_by_hand(one_centre(kinds=(EMERGENCY,)), [ill(3), ill(day_in(1))], capped_at(0.0))
    assert months_of_start(model) == [0, 1]
    assert model.government.books.spend[0, 0] == 2 * PRICE


def test_treatment_that_has_begun_is_never_interrupted_and_comes_first() -> None:
    world = one_centre(kinds=(ONGOING,), capacity_share_of_need=100.0, duration_on_treatment_years=1.0)
    scarce = {**CAPPED, "budget.plan_share_of_expected": 0.2}
    model = run_by_hand(world, [ill(day) for day in range(8)], scarce, months=36)
    begun = [month for month in months_of_start(model) if month is not None]
    assert 0 < len(begun) < 8
    assert states(model).count("on treatment") == len(begun)


def test_without_a_ring_fence_spending_may_run_ahead_by_the_crossing_share() -> None:
    persons = [ill(day) for day in range(8)]
    crossing = capped_at(1.0, **{"budget.crossing_share_of_plan": 0.25})
    kept, open_fence = (
        run_by_hand(one_centre(), persons, crossing, held_by("nation", ring_fence=fence), months=12)
        for fence in (True, False)
    )
    assert months_of_agreement(kept) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert months_of_agreement(open_fence) == [0, 0, 0, 0, 1, 2, 3, 4]  # a quarter of twelve more


def test_spending_may_run_ahead_by_what_is_tolerated_and_the_deficit_is_carried() -> None:
    persons = [ill(day) for day in range(20)]
    model = run_by_hand(one_centre(), persons, capped_at(1.0, **{"budget.tolerated_share_of_plan": 0.25}))
    months = months_of_agreement(model)
    assert months[:4] == [0, 0, 0, 0]  # one of this month, and a quarter of the year's twelve
    assert [month < 12 for month in months].count(True) == 15
    assert model.government.books.carried[0] == model.government.books.plan[0, 1] - 5 * PRICE
    assert model.government.books.plan[0].tolist() == [12 * PRICE, 9 * PRICE]


def test_low_value_referrals_are_paid_before_anyone_is_agreed_to() -> None:
    """Let the plan pay for two starts a month, allowance included, and such referrals cost as much as one."""
    referred = {
        "common_pool.enabled": True,
        "common_pool.marginal_share": 1.2,
        "common_pool.gatekeeper_people": 1.0,
    }
    model = run_by_hand(one_centre(), [ill(day) for day in range(6)], capped_at(2.0 / 1.6, **referred))
    assert months_of_agreement(model) == [0, 1, 2, 3, 4, 5]
    assert model.government.books.low_value_paid == pytest.approx([12 * PRICE] * 2, rel=1e-4)


def test_a_surplus_is_carried_and_agreed_to_in_the_next_year() -> None:
    persons = [ill(day_in(12, 0), identity=row + 1) for row in range(20)]
    carried, settled = (
        run_by_hand(one_centre(), persons, capped_at(1.0), held_by("nation", year_end=rule))
        for rule in ("carry", "bail_out")
    )
    assert months_of_agreement(carried).count(12) == 2  # a twelfth of the plan, which has doubled
    assert months_of_agreement(settled).count(12) == 1
    assert carried.government.books.plan[0].tolist() == [12 * PRICE, 24 * PRICE]
    assert settled.government.books.plan[0].tolist() == [12 * PRICE, 12 * PRICE]
    assert settled.government.books.crossed[0, 0] == -12 * PRICE


def test_money_is_asked_for_once_a_month_in_one_order_for_old_and_new_requests() -> None:
    """Let a new request that stands before the old ones be served first, and one behind them last."""
    persons = [ill(0), ill(5), ill(day_in(1), severity=1), ill(day_in(1, 9))]
    order: list[list[int]] = []
    model = model_by_hand(one_centre(), persons, capped_at(1.0))

    def watch(phase: str) -> None:
        if phase == "funding":
            order.append([row for row, month in enumerate(months_of_agreement(model)) if month == model.state.month])

    while model.running:
        step_watched(model, watch)
    assert order[:4] == [[0], [2], [1], [3]]
