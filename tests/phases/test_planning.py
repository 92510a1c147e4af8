"""Each April: plans from one national envelope; and when regimes change, everything open is handed over."""

from dataclasses import replace

import numpy as np
import pytest

from sim.agents.columns import AWAITING_SLOT
from sim.governance.allocation import BudgetParameters
from sim.phases import PHASES
from sim.phases.plans import planned_amounts
from sim.phases.settlement import displaced_qalys
from sim.world.people import ENTRY_DIAGNOSED
from sim.world.services import EMERGENCY, ONE_OFF
from sim.world.world import World
from tests.builders import (
    SHORT_OF_MONEY,
    finished_model,
    held_by,
    lively_world,
    model_of,
    result_of,
    small_world,
    spec_of,
)

LEVELS = ("nation", "region", "district")
NO_REST = {"portfolio.specialised_spend_gbp_m": 0.0}


def small(**changes: object) -> World:
    return lively_world(capacity_share_of_need=0.6, **changes)


@pytest.mark.parametrize("allocation", ["weighted_capitation", "capitation", "historic"])
def test_every_regime_has_the_same_money(allocation: str) -> None:
    world = small()
    first = [
        result_of(world, spec_of(world, held_by(level, allocation=allocation, year_end="bail_out"), burn_in_years=0))
        for level in LEVELS
    ]
    totals = [result.plan_pence.sum(axis=0) for result in first]
    assert all(total == pytest.approx(totals[0], abs=3) for total in totals)
    assert [result.plan_pence.shape[0] for result in first] == [1, 3, 6]


def test_the_plan_can_be_a_share_of_what_is_expected() -> None:
    world = small()
    whole, part = (
        model_of(world, spec_of(world, held_by("nation"), {"budget.plan_share_of_expected": share, **NO_REST}))
        for share in (1.0, 0.7)
    )
    whole.step()
    part.step()
    assert part.government.books.plan[0, 0] == pytest.approx(0.7 * whole.government.books.plan[0, 0], abs=2)


def test_a_plan_divides_the_envelope_by_place() -> None:
    world = small()
    model = model_of(world, spec_of(world, held_by("district")))
    modelled, rest = planned_amounts(model.government, 0)
    assert modelled.sum(axis=0) == pytest.approx(model.government.envelope.services[:, 0])
    assert rest.sum(axis=0) == pytest.approx(model.government.envelope.rest[:, 0])
    assert (modelled >= 0).all()
    assert (rest >= 0).all()


def test_what_the_rest_of_the_portfolio_costs_does_not_depend_on_who_pays_or_how_it_was_planned() -> None:
    world = small()
    bills = [
        finished_model(world, spec_of(world, held_by(level, allocation=allocation))).government.books.rest_paid.tolist()
        for level, allocation in (("nation", "capitation"), ("district", "historic"))
    ]
    assert bills[0] == bills[1]
    assert min(bills[0]) > 0


def test_a_hand_over_moves_queues_promises_and_payments_to_who_now_pays() -> None:
    world = small()
    timeline = (("2013-04", held_by("district")), ("2014-04", held_by("nation")))
    model = model_of(world, spec_of(world, timeline, SHORT_OF_MONEY, years=2))
    while model.state.month < 12:
        model.step()
    accounts, books = model.state.accounts, model.government.books
    before = {name: int(accounts[name].sum()) for name in ("queued", "committed", "running")}
    carried = int(books.carried.sum())

    planning = PHASES[0]
    planning.run(model.situation)

    (nation,) = np.unique(model.state.ledger.account_of)
    others = np.arange(accounts.size) != nation
    assert min(before.values()) > 0
    assert {name: int(accounts[name][nation]) for name in before} == before
    assert all((accounts[name][others] == 0).all() for name in before)
    assert (model.state.for_funds.size[others] == 0).all()
    assert books.carried[nation] == pytest.approx(carried, abs=2)
    assert (books.carried[others] == 0).all()


def test_a_promise_that_a_hand_over_makes_dearer_is_charged_with_the_difference() -> None:
    world = small(kinds=(ONE_OFF,))
    dear = {"prices.enabled": True, "budget.cap_enabled": False}
    timeline = (("2013-04", held_by("nation")), ("2014-04", held_by("district", price_rule="local")))
    model = model_of(world, spec_of(world, timeline, dear, years=2))
    while model.state.month < 12:
        model.step()
    people, patients = model.state.roster.people, model.state.roster.patients
    promised = (patients["state"] == AWAITING_SLOT) & (people["weight"] > 0)
    before_the_first_day = (people["entry"] == ENTRY_DIAGNOSED) & (people["given_day"] < 0)
    committed = int(model.state.accounts["committed"].sum())

    PHASES[0].run(model.situation)

    prices, catalogue = model.state.ledger.local_price, model.state.roster.facts.price_pence
    now = prices[people["place"], patients["cell"]]
    more = (now - catalogue[people["service"]])[promised & ~before_the_first_day].sum()
    assert int(model.state.accounts["charged"].sum()) == more > 0
    assert int(model.state.accounts["committed"].sum()) == now[promised].sum() != committed


def test_a_balance_is_divided_as_the_plan_was() -> None:
    world = small(deprivation_gradient=3.0)
    timeline = (("2013-04", held_by("nation")), ("2014-04", held_by("district")))
    model = model_of(world, spec_of(world, timeline, SHORT_OF_MONEY, years=2))
    while model.state.month < 12:
        model.step()
    carried = int(model.government.books.carried.sum())
    modelled, rest = planned_amounts(model.government, 0)
    share = (modelled.sum(axis=1) + rest.sum(axis=1)) / (modelled.sum() + rest.sum())
    model.step()
    inherited = model.government.books.carried[model.state.ledger.account_of[:, 0]]
    assert carried != 0
    assert inherited == pytest.approx(share * carried, abs=2)


def test_a_balance_of_a_holder_without_a_plan_is_divided_by_heads() -> None:
    """Let beds be used, and paid for, in a year for which nothing was planned."""
    world = small_world(n_services=1, kinds=(EMERGENCY,), available_from_month=(2014 - 1900) * 12 + 3)
    timeline = (("2013-04", held_by("nation")), ("2014-04", held_by("district")))
    model = model_of(world, spec_of(world, timeline, NO_REST))
    while model.state.month < 12:
        model.step()
    deficit = int(model.government.books.carried.sum())
    assert model.government.books.plan[:, 0].sum() == 0 > deficit
    model.step()
    assert model.government.books.carried[model.state.ledger.account_of[:, 0]] == pytest.approx(deficit / 6, abs=1)


def test_a_regime_of_the_future_has_no_say_before_its_time() -> None:
    world = small()
    spec = spec_of(world, held_by("nation"), SHORT_OF_MONEY, years=2)
    later = replace(spec, timeline=(("2013-04", held_by("nation")), ("2015-04", held_by("district"))))
    plain, branched = (model_of(world, one) for one in (spec, later))
    for _ in range(24):
        plain.step()
        branched.step()
        assert (plain.state.roster.patients == branched.state.roster.patients).all()
    for _ in range(12):
        plain.step()
        branched.step()
    assert (plain.state.roster.patients["start_day"] != branched.state.roster.patients["start_day"]).any()


def test_levers_come_into_force_with_their_regime() -> None:
    world = small()
    timeline = (("2013-04", held_by("nation")), ("2014-04", held_by("nation", year_end="bail_out")))
    model = finished_model(world, spec_of(world, timeline, SHORT_OF_MONEY, years=2))
    crossed = model.government.books.crossed
    assert crossed[0, 0] == 0
    assert (crossed[0, 1:] != 0).all()
    assert model.government.levers == held_by("district", year_end="bail_out").levers


def test_money_that_crosses_costs_health_elsewhere() -> None:
    crossed = np.array([[13_000_00, -26_000_00], [13_000_00, 0]])
    nothing = np.zeros(2, dtype=np.int64)
    parameters = BudgetParameters(general_gbp_per_qaly=13_000.0)
    assert displaced_qalys(crossed, nothing, parameters).tolist() == [2.0, -2.0]
    assert displaced_qalys(crossed, np.array([0, 13_000_00]), parameters).tolist() == [2.0, -1.0]


def test_bills_that_nobody_decides_on_are_foreseen_at_local_prices() -> None:
    world = small()
    on: dict[str, object] = {"prices.enabled": True, "common_pool.enabled": True, "common_pool.marginal_share": 0.1}
    on["common_pool.gatekeeper_people"] = 10_000.0
    plain, local = (
        model_of(world, spec_of(world, held_by("district", price_rule=rule), on))
        for rule in ("national_tariff", "local")
    )
    plain.step()
    local.step()
    government = local.government
    ratio = np.asarray(government.price_ratio[0])
    assert ratio.shape == (len(world.places.codes), len(world.services.ids))
    assert plain.government.price_ratio[0] == 1.0
    emergency, payer = world.services.kind == EMERGENCY, government.payers.payer[0]
    modelled = planned_amounts(government, 0)[0]
    expected = np.bincount(payer.ravel(), (modelled * emergency * ratio).ravel()) / 12
    assert government.books.expected_emergencies == pytest.approx(expected, abs=2)
    assert government.books.expected_emergencies.tolist() != plain.government.books.expected_emergencies.tolist()
    assert (government.books.low_value_bill != plain.government.books.low_value_bill).all()
    assert government.books.low_value_worth[0] == plain.government.books.low_value_worth[0]
