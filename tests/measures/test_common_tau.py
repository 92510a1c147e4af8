"""The tau that services share comes back from made-up areas, and summing counts of services would not give it."""

import math

import numpy as np
import pytest

from sim.measures.area_variation import area_tau
from sim.measures.common_tau import common_tau
from sim.measures.random_intercept import fit_random_intercept
from sim.measures.strata import AreaStrata, log_odds, national_probability

Z_AT_1E4 = 3.8906
AREAS, SERVICES, YEARS = 42, 12, 3


def made(tau: float, people: float, seed: int, services: int = SERVICES) -> AreaStrata:
    """Draw services whose areas differ independently by tau; strata are service, severity and year."""
    rng = np.random.default_rng(seed)
    shape = (AREAS, services, 2, YEARS)
    odds = rng.normal(0.3, 0.8, (services, 2, 1)) + tau * rng.standard_normal((AREAS, services, 1, 1))
    need = rng.poisson(people, shape)
    events = rng.binomial(need, np.broadcast_to(1 / (1 + np.exp(-odds)), shape))
    service, severity, _ = (axis.ravel() for axis in np.indices(shape[1:]))
    return AreaStrata(need.reshape(AREAS, -1), events.reshape(AREAS, -1), service, severity)


def standardised_error(truth: float, claimed: float, people: float) -> float:
    found = [common_tau(one, one.events[None])[0] for one in (made(truth, people, seed) for seed in range(30))]
    return abs(float(np.mean(found)) - claimed) / (float(np.std(found, ddof=1)) / math.sqrt(len(found)))


@pytest.mark.parametrize("people", [2.0, 20.0])
def test_the_common_spread_comes_back_and_another_is_rejected(people: float) -> None:
    # Maximum likelihood is a little low: SERVICES levels are estimated from as many times 42 areas (1 - 1 / 84).
    assert standardised_error(0.5, 0.5 * (1 - 1 / (2 * AREAS)), people) < Z_AT_1E4
    assert standardised_error(0.5, 0.4, people) > Z_AT_1E4


def test_one_area_effect_for_all_services_is_another_question() -> None:
    strata = made(0.5, 20.0, seed=3)

    # Effects of services are independent, so that a sum over them has a twelfth of their variance.
    assert area_tau(strata.people, strata.events[None])[0] == pytest.approx(0.5 / math.sqrt(SERVICES), abs=0.06)
    assert common_tau(strata, strata.events[None])[0] == pytest.approx(0.5, abs=0.06)


def test_one_service_alone_is_the_plain_model_of_pooled_years() -> None:
    strata = made(0.5, 6.0, seed=5, services=1)
    people, events = (counts.reshape(AREAS, 2, YEARS).sum(axis=2) for counts in (strata.people, strata.events))

    plain = fit_random_intercept(events, people, log_odds(national_probability(events, people)))

    assert common_tau(strata, strata.events[None])[0] == pytest.approx(plain.tau, abs=1e-4)


def test_few_nodes_agree_with_many_and_data_sets_do_not_meet() -> None:
    strata, other = made(0.3, 4.0, seed=6), made(0.0, 4.0, seed=7)
    both = np.stack([strata.events, np.minimum(other.events, strata.people)])

    many, few = common_tau(strata, both), common_tau(strata, both, nodes=5)

    assert few == pytest.approx(many, abs=2e-3)
    assert common_tau(strata, both[:1])[0] == pytest.approx(many[0], abs=1e-4)


def test_nobody_or_everybody_treated_says_nothing() -> None:
    strata = made(0.3, 4.0, seed=8, services=2)

    assert np.isnan(common_tau(strata, np.zeros_like(strata.events)[None])[0])
    one = np.where(strata.service == 0, strata.people, strata.events)
    rest = strata.part(strata.service == 1)
    assert common_tau(strata, one[None])[0] == pytest.approx(common_tau(rest, rest.events[None])[0], abs=1e-4)
    empty = strata.part(strata.service == 9)
    assert np.isnan(common_tau(empty, empty.events[None])[0])
