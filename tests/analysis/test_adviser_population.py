"""Safe populations: closed forms against a simulated compound Poisson, and against the model's own expertise."""

import math

import numpy as np
import pytest

from sim.analysis.adviser_population import (
    population_for_cost,
    population_for_expertise,
    safe_populations,
)
from sim.governance.expertise import ExpertiseParameters, risk_ratios, steady_stock, usual_volume
from tests.builders import small_world

ENGLAND = 56_489_608.0
YEARS = 40_000


def cost_cv(cases: float, case_cv: float) -> float:
    """Return the coefficient of variation of a compound Poisson sum."""
    return math.sqrt((1.0 + case_cv**2) / cases)


def yearly_costs(mean_cases: float, case_cv: float, seed: int) -> np.ndarray:
    """Draw the cost of so many years: a Poisson number of log-normal cases of mean 1."""
    rng = np.random.default_rng(seed)
    cases = rng.poisson(mean_cases, YEARS)
    sigma2 = math.log(1.0 + case_cv**2)
    costs = rng.lognormal(-sigma2 / 2, math.sqrt(sigma2), int(cases.sum())) if case_cv else np.ones(int(cases.sum()))
    return np.bincount(np.repeat(np.arange(YEARS), cases), costs, YEARS)


@pytest.mark.parametrize(("mean_cases", "case_cv"), [(0.5, 0.0), (4.0, 1.0), (30.0, 1.5), (81.25, 1.5)])
def test_the_variation_of_a_years_cost_is_that_of_a_compound_poisson(mean_cases: float, case_cv: float) -> None:
    costs = yearly_costs(mean_cases, case_cv, seed=11)

    # 40,000 years: the standard error of a CV is about 1 %; heavy tails of log-normal cases add to it
    assert costs.std() / costs.mean() == pytest.approx(cost_cv(mean_cases, case_cv), rel=0.04)


@pytest.mark.parametrize("cases", [6.0, 840.0, 180_000.0])
def test_a_commissioner_of_that_size_has_just_the_tolerated_variation(cases: float) -> None:
    people = population_for_cost(cases, ENGLAND, 1.5, 0.2)
    expected = cases * people / ENGLAND

    assert cost_cv(expected, 1.5) == pytest.approx(0.2)
    assert expected == pytest.approx(81.25)
    costs = yearly_costs(expected, 1.5, seed=12)
    assert costs.std() / costs.mean() == pytest.approx(0.2, rel=0.04)


def test_safety_asks_for_four_times_the_people_where_half_the_variation_is_tolerated() -> None:
    assert population_for_cost(100.0, 1e6, 1.0, 0.1) == pytest.approx(4 * population_for_cost(100.0, 1e6, 1.0, 0.2))
    assert math.isinf(population_for_cost(0.0, 1e6, 1.0, 0.1))


def test_centres_alike_need_the_share_of_their_people_that_the_curve_says() -> None:
    """Four centres of 100 cases: risk at most 10 % more asks for 1.1^(-1/β) of 100 cases."""
    found = population_for_expertise(np.full(4, 100.0), 4e6, 0.26, 0.1)

    assert found == pytest.approx(1e6 * 1.1 ** (-1 / 0.26))
    assert population_for_expertise(np.full(4, 100.0), 4e6, 0.26, 0.0) == pytest.approx(1e6)


def test_where_volume_does_not_matter_any_population_is_safe() -> None:
    assert population_for_expertise(np.full(4, 100.0), 4e6, 0.0, 0.1) == 0.0
    assert population_for_expertise(np.full(4, 1.0), 4e6, 0.3, 0.1) == 0.0  # centres of one case a year
    assert math.isinf(population_for_expertise(np.zeros(4), 4e6, 0.3, 0.1))


def test_the_models_own_expertise_gives_a_centre_of_that_size_just_that_risk() -> None:
    world = small_world(n_places=6, n_services=2, n_providers=3, need_per_head_per_year=1e-3)
    curve = ExpertiseParameters()
    cases = world.services.need_per_year
    safe = safe_populations(world, 2013.25, cases, 1.5, (0.2, 0.02), curve)
    usual = usual_volume(world, 2013.25)
    people = float(world.places.population.sum())
    for number, one in enumerate(safe):
        mine = world.offers.service == number
        volume = usual[mine].sum() * one.for_expertise / people
        stock = steady_stock(np.where(mine, volume, usual), curve)
        assert 0.0 < one.for_expertise < people
        np.testing.assert_allclose(risk_ratios(world, stock, usual, curve)[mine], 1.02, rtol=1e-9)


def test_with_the_mechanism_off_only_cost_counts() -> None:
    world = small_world(need_per_head_per_year=1e-3)
    curve = ExpertiseParameters(outcome_enabled=False)
    safe = safe_populations(world, 2013.25, world.services.need_per_year, 1.5, (0.2, 0.1), curve)

    assert {one.for_expertise for one in safe} == {0.0}
    assert all(one.people == one.for_cost > 0.0 for one in safe)
