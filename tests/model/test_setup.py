"""Setting up: who pays for whom, and what the nation plans, follow from the world and never from the regime."""

from dataclasses import replace

import numpy as np
import pytest

from sim.model.choosing import Choosing, whole_capacity
from sim.model.envelope import expected_referrals, known_stock, past_spending, stock_in_all, survival_to_diagnosis
from sim.phases.referral import DeprivationParameters, ReferralParameters
from sim.phases.waiting import WaitingParameters
from sim.specification.parameters import ParameterSet
from sim.specification.switches import all_mechanisms_off
from sim.world.facts import PopulationParameters, service_facts
from sim.world.people import ENTRY_DIAGNOSED
from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from tests.builders import finished_model, held_by, lively_world, model_of, small_world, spec_of

ALIKE = DeprivationParameters(enabled=False)


def test_the_envelope_does_not_depend_on_the_regime() -> None:
    world = lively_world()
    envelopes = [
        model_of(world, spec_of(world, held_by(level))).government.envelope for level in ("nation", "district")
    ]
    assert (envelopes[0].services == envelopes[1].services).all()
    assert (envelopes[0].rest == envelopes[1].rest).all()


def test_services_that_are_not_simulated_are_not_planned_for_and_leave_the_rest_alone() -> None:
    world = lively_world()
    every, one = (
        model_of(world, spec_of(world, held_by("nation"), services=services)).government.envelope
        for services in (world.services.ids, world.services.ids[:1])
    )
    assert (one.services[0] == every.services[0]).all()
    assert (one.services[1:] == 0).all()
    assert (every.services[1:] > 0).all()
    assert (one.rest == every.rest).all()


def test_planned_referrals_are_those_that_come() -> None:
    """Compare what the plan expects with what happens in a large world where both can be counted."""
    options = {"diagnosis_delay_years": 0.2, "untreated_annual_hazard": 0.8, "place_area_km2": 3_000.0}
    world = small_world(9, 1, 3, 3_000_000, {"nation": 1}, capacity_share_of_need=20.0, **options)
    changes = {"referral.wait_weight_per_month": 0.0, "population.severe_hazard_ratio": 1.0}
    spec = spec_of(world, held_by("nation"), {**changes, "budget.cap_enabled": False}, years=3)
    model = finished_model(world, spec)
    patients = model.state.roster.patients
    referred = (patients["start_day"] >= 365) & (patients["start_day"] < 1461)
    choosing = Choosing(world, spec.parameters.referral, spec.parameters.deprivation)
    expected = expected_referrals(model.state.population, choosing).sum() * (1461 - 365) / 365.25
    assert referred.sum() == pytest.approx(expected, abs=4 * np.sqrt(expected))


@pytest.mark.parametrize(("hazard", "delay", "expected"), [(0.0, 3.0, 1.0), (2.0, 0.5, 0.5), (1.0, 3.0, 0.25)])
def test_some_do_not_live_to_be_diagnosed(hazard: float, delay: float, expected: float) -> None:
    world = small_world(n_services=1, untreated_annual_hazard=hazard, diagnosis_delay_years=delay)
    alike = service_facts(world.services, PopulationParameters(severe_hazard_ratio=1.0))
    assert survival_to_diagnosis(alike) == pytest.approx([expected])


def test_the_severe_live_to_be_diagnosed_less_often() -> None:
    world = small_world(n_services=1, untreated_annual_hazard=1.2, diagnosis_delay_years=1.0)
    facts = service_facts(world.services, PopulationParameters(severe_share=0.5, severe_hazard_ratio=3.0))
    assert survival_to_diagnosis(facts) == pytest.approx([(1 / 1.6 + 1 / 2.8) / 2])


def test_the_share_referred_is_the_mean_over_the_centres_that_are_chosen() -> None:
    world = small_world(n_services=2, kinds=(ONE_OFF, EMERGENCY), place_area_km2=4_000.0)
    parameters = ReferralParameters(not_referred_share=0.2, non_referral_log_odds_per_hour=0.5)
    share = Choosing(world, parameters, ALIKE).share_referred()
    hours = world.travel_hours
    odds = np.exp(-parameters.travel_weight_per_hour * hours)
    attends = 1 / (1 + np.exp(-(np.log(4.0) - 0.5 * hours)))
    assert share[:, 0] == pytest.approx((attends * odds).sum(axis=1) / odds.sum(axis=1))
    assert share[:, 1] == pytest.approx(np.ones(6))


def test_without_travel_the_share_referred_is_the_same_everywhere() -> None:
    world = small_world(n_services=1, place_area_km2=4_000.0)
    parameters = ReferralParameters(travel_enabled=False, not_referred_share=0.2)
    assert Choosing(world, parameters, ALIKE).share_referred() == pytest.approx(np.full((6, 1), 0.8))


def test_money_meant_for_one_place_goes_to_no_other() -> None:
    world = lively_world()
    government = model_of(world, spec_of(world, held_by("district"))).government
    assert government.payers.count == 6
    assert sorted(np.unique(government.payers.payer[0])) == list(range(6))


def test_the_country_is_referred_as_its_places_are() -> None:
    world = small_world(n_services=2, kinds=(ONE_OFF, EMERGENCY), place_area_km2=4_000.0)
    choosing = Choosing(world, ReferralParameters(), ALIKE)
    choice = choosing.by_centre(np.zeros(6))
    share = (choosing.share_referred() * world.expected_need).sum(axis=0) / world.expected_need.sum(axis=0)
    assert choice.shares[:3].sum() == pytest.approx(share[0])
    assert choice.shares[3:].tolist() == [1.0, 0.0, 0.0]  # emergencies have all beds in one


def test_whoever_sees_a_queue_goes_elsewhere() -> None:
    world = small_world(n_services=1, place_area_km2=4_000.0)
    choosing = Choosing(world, ReferralParameters(wait_weight_per_month=1.0, not_referred_share=0.0), ALIKE)
    month = world.offers.capacity / 12
    alone, queueing = (choosing.by_centre(queue * month).shares for queue in (np.zeros(3), np.array([1.0, 0, 0])))
    assert queueing[0] < alone[0]
    assert (queueing[1:] > alone[1:]).all()
    assert choosing.by_centre(month).shares == pytest.approx(alone)  # who waits as long everywhere does not care


def test_capacity_is_planned_as_it_is_given() -> None:
    world = small_world(n_services=3, n_providers=2, kinds=(ONGOING, ONE_OFF, EMERGENCY))
    given, beds = 1.01 * world.offers.capacity, 1.01 * world.offers.capacity[4:].sum()
    capacity = whole_capacity(world, WaitingParameters(capacity_scale=1.01))
    assert capacity == pytest.approx([*np.floor(given[:2]), *given[2:4], beds, beds])
    assert (whole_capacity(world, WaitingParameters(capacity_enabled=False)) > 1e6).all()


def test_the_envelope_pays_for_the_starting_queue_and_the_first_plan_for_new_agreements_alone() -> None:
    """Those who wait on the first day were agreed to, and charged, before it."""
    changes = {"referral.not_referred_share": 0.0, "portfolio.specialised_spend_gbp_m": 0.0}
    world = small_world(n_services=1, kinds=(ONE_OFF,), stock_waiting=30.0, capacity_share_of_need=50.0)
    model = model_of(world, spec_of(world, held_by("district"), {**changes, "referral.travel_enabled": False}))
    model.step()
    books, price = model.government.books, int(model.state.roster.facts.price_pence[0])
    people = model.state.population.people
    waiting = int((people.entry[: model.state.population.real] == ENTRY_DIAGNOSED).sum())
    assert waiting > 15
    assert books.allocation[:, 0].sum() == pytest.approx((60 + waiting) * price, abs=6)
    assert books.plan[:, 0].sum() == pytest.approx(60 * price, abs=6)


def test_what_is_not_modelled_stays_what_it_is_when_a_benchmark_lifts_every_limit() -> None:
    world = lively_world(place_area_km2=2_500.0, capacity_share_of_need=0.5, cost_gbp=100.0)
    spec = spec_of(world, held_by("nation"), {"referral.travel_weight_per_hour": 1.0, "waiting.capacity_scale": 0.9})
    limited = replace(spec, parameters=limits_on(spec.parameters))
    lifted = replace(spec, parameters=all_mechanisms_off(spec.parameters))
    one, two = (model_of(world, each).government.envelope for each in (limited, lifted))
    assert one.rest.sum() > 0
    assert (one.rest == two.rest).all()
    assert (one.services != two.services).any()


def limits_on(parameters: ParameterSet) -> ParameterSet:
    on = {"waiting": "capacity_enabled", "referral": "travel_enabled", "deprivation": "enabled"}
    groups = {group: getattr(parameters, group).model_copy(update={name: True}) for group, name in on.items()}
    return parameters.model_copy(update=groups)


def test_past_spending_lies_where_those_on_treatment_live_and_where_people_are_referred_from() -> None:
    referrals = np.array([[3.0], [1.0]])
    stock = np.array([[[0.0], [8.0]], [[5.0], [5.0]]])  # all who wait live in the second place
    spent = past_spending(referrals, stock, np.array([[100.0], [60.0], [40.0]]))
    assert spent.tolist() == [[0.75 * 40 + 0.0 + 0.5 * 40], [0.25 * 40 + 20 + 0.5 * 40]]


def test_without_a_stock_past_spending_follows_referrals() -> None:
    spent = past_spending(np.array([[3.0], [1.0]]), np.zeros((2, 2, 1)), np.array([[100.0], [60.0], [40.0]]))
    assert spent.tolist() == [[75.0], [25.0]]


def test_the_historic_basis_gives_each_place_what_its_patients_cost_on_the_first_day() -> None:
    """Where treatment goes on for years, a place with twice the stock has twice the plan, whatever its need."""
    world = lively_world()
    model = model_of(world, spec_of(world, held_by("nation"), {}))
    stock = known_stock(world, model.state.population)
    assert (
        stock.sum(axis=1) == stock_in_all(world, model.state.population, stock, model.government.start_month)[1:]
    ).all()
