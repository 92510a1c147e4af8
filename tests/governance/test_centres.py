"""Chance decides whether a centre is full: what that costs on average."""

import numpy as np
import pytest

from sim.governance.centres import CASE_SHARES, CASES, above, survival
from tests.builders import finished_model, held_by, spec_of
from tests.governance.projected import STILL, expected, one_service

LIMITED = {**STILL, "waiting.capacity_enabled": True, "budget.cap_enabled": False}


def test_what_a_normal_number_has_above_a_limit() -> None:
    draws = np.random.default_rng(1).normal(5.0, 2.0, 1_000_000)
    over = np.maximum(draws - 6.0, 0.0)
    mean, variance = above(np.array(5.0), np.array(4.0), np.array(6.0))
    assert mean == pytest.approx(over.mean(), rel=0.01)
    assert variance == pytest.approx(over.var(), rel=0.01)
    assert above(np.array(5.0), np.array(0.0), np.array(3.0)) == pytest.approx((2.0, 0.0), abs=1e-5)
    assert above(np.array(5.0), np.array(4.0), np.array(1e9)) == (0.0, 0.0)


def test_the_cases_are_those_of_a_normal_number() -> None:
    assert [CASE_SHARES @ CASES**power for power in range(6)] == pytest.approx([1, 0, 1, 0, 3, 0])


def test_a_month_of_leaving_is_shared_out_over_its_days() -> None:
    days = np.exp(-1.2 * (np.arange(1000) + 0.5) / 12_000)
    assert survival(np.array(1.2)) == pytest.approx((np.exp(-0.1), days.mean()), rel=1e-6)
    assert survival(np.array([0.0, np.inf])).part == pytest.approx([1.0, 0.0])


@pytest.mark.parametrize("wait_weight", [0.0, 0.5])
@pytest.mark.parametrize("unseen", [0.0, 0.6])
def test_centres_that_are_as_large_as_need_spend_what_is_simulated(wait_weight: float, unseen: float) -> None:
    """Six small centres fill up by chance, and where more need lies than a formula sees."""
    options = {"untreated_annual_hazard": 1.0, "capacity_share_of_need": 1.0, "need_unobserved_sd_log": unseen}
    world = one_service(120.0, n_places=60, people_per_place=5_000, n_providers=6, cost_gbp=1.0, **options)
    changes = {**LIMITED, "referral.travel_enabled": True, "referral.wait_weight_per_month": wait_weight}
    models = [
        finished_model(world, spec_of(world, held_by("nation"), changes, years=5, burn_in_years=0, replicate=replicate))
        for replicate in range(40)
    ]
    paid = sum(model.state.ledger.treatment_paid.sum() for model in models)
    need = sum(model.state.population.true_need.sum() for model in models)
    planned = expected(world, 5, changes).spend.sum() / world.expected_need.sum()
    assert paid / need == pytest.approx(planned, rel=0.02)
    assert planned < 0.985 * 5 * 100  # all need at one pound each
