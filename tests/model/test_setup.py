"""Setting up: who pays for whom, and what the nation plans, follow from the world and never from the regime."""

import numpy as np
import pytest

from sim.model.setup import referral_share, survival_to_diagnosis
from sim.phases.referral import DeprivationParameters, ReferralParameters
from sim.world.services import EMERGENCY, ONE_OFF
from tests.builders import finished_model, held_by, lively_world, model_of, small_world, spec_of


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
    expected = model.government.true_referrals.sum() * (1461 - 365) / 365.25
    assert referred.sum() == pytest.approx(expected, abs=4 * np.sqrt(expected))


@pytest.mark.parametrize(("hazard", "delay", "expected"), [(0.0, 3.0, 1.0), (2.0, 0.5, 0.5), (1.0, 3.0, 0.25)])
def test_some_do_not_live_to_be_diagnosed(hazard: float, delay: float, expected: float) -> None:
    world = small_world(n_services=1, untreated_annual_hazard=hazard, diagnosis_delay_years=delay)
    assert survival_to_diagnosis(world) == pytest.approx([expected])


def test_the_share_referred_is_the_mean_over_the_centres_that_are_chosen() -> None:
    world = small_world(n_services=2, kinds=(ONE_OFF, EMERGENCY), place_area_km2=4_000.0)
    parameters = ReferralParameters(not_referred_share=0.2, non_referral_log_odds_per_hour=0.5)
    share = referral_share(world, parameters, DeprivationParameters(enabled=False))
    hours = world.travel_hours
    odds = np.exp(-parameters.travel_weight_per_hour * hours)
    attends = 1 / (1 + np.exp(-(np.log(4.0) - 0.5 * hours)))
    assert share[:, 0] == pytest.approx((attends * odds).sum(axis=1) / odds.sum(axis=1))
    assert share[:, 1].tolist() == [1.0] * 6


def test_without_travel_the_share_referred_is_the_same_everywhere() -> None:
    world = small_world(n_services=1, place_area_km2=4_000.0)
    parameters = ReferralParameters(travel_enabled=False, not_referred_share=0.2)
    assert referral_share(world, parameters, DeprivationParameters(enabled=False)) == pytest.approx(
        np.full((6, 1), 0.8)
    )


def test_money_meant_for_one_place_goes_to_no_other() -> None:
    world = lively_world()
    government = model_of(world, spec_of(world, held_by("district"))).government
    assert government.payers.count == 6
    assert sorted(np.unique(government.payers.payer[0])) == list(range(6))
