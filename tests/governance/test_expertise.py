"""Expertise: outcomes follow volume, and the stock behind them is built up and forgotten (9 and 10)."""

import numpy as np
import pytest

from sim.governance.expertise import (
    SMALLEST_VOLUME,
    ExpertiseParameters,
    exponents,
    learn,
    risk_ratios,
    steady_stock,
    usual_volume,
)
from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from tests.builders import small_world

KEEPS = ExpertiseParameters(kept_share_per_year=0.8, volume_exponent=0.26)


def test_a_steady_volume_has_a_stock_of_volume_over_one_less_what_is_kept() -> None:
    stock = np.array([0.0, 500.0])
    for _ in range(200):
        stock = learn(stock, np.full(2, 40.0), KEEPS)
    assert stock == pytest.approx(40.0 / (1 - 0.8))
    assert steady_stock(np.full(2, 40.0), KEEPS) == pytest.approx(stock)


def test_without_cases_a_power_of_what_is_kept_remains() -> None:
    stock = np.array([100.0])
    for _ in range(5):
        stock = learn(stock, np.zeros(1), KEEPS)
    assert stock == pytest.approx(100.0 * 0.8**5)


def test_without_learning_last_year_is_all_there_is() -> None:
    forgets = ExpertiseParameters(learning_enabled=False)
    assert learn(np.array([100.0]), np.array([7.0]), forgets) == 7.0
    assert steady_stock(np.array([7.0]), forgets) == 7.0


@pytest.mark.parametrize(("beta", "ratio"), [(0.26, 0.835), (0.38, 0.768)])
def test_twice_the_volume_multiplies_risk_by_two_to_the_power_of_minus_beta(beta: float, ratio: float) -> None:
    world = small_world(n_services=1)
    parameters = ExpertiseParameters(volume_exponent=beta)
    usual = usual_volume(world, 2022.25)
    once, twice = (risk_ratios(world, steady_stock(n * usual, parameters), usual, parameters) for n in (1, 2))
    assert twice / once == pytest.approx(2**-beta)
    assert twice / once == pytest.approx(ratio, abs=5e-4)


def test_cases_split_between_n_sites_multiply_risk_by_n_to_the_power_of_beta() -> None:
    def risk(sites: int) -> float:
        world = small_world(1, 1, sites, 500_000, {"nation": 1})
        volume = np.full(sites, 100.0 / sites)
        reference = np.full(sites, 100.0)
        return float(risk_ratios(world, steady_stock(volume, KEEPS), reference, KEEPS).mean())

    assert risk(4) / risk(1) == pytest.approx(4**0.26)


def test_with_an_exponent_of_0_or_the_mechanism_off_volume_does_not_matter() -> None:
    world = small_world(n_services=2)
    stock, usual = np.geomspace(1, 1e4, world.offers.service.size), usual_volume(world, 2022.25)
    for parameters in (ExpertiseParameters(volume_exponent=0.0), ExpertiseParameters(outcome_enabled=False)):
        assert (risk_ratios(world, stock, usual, parameters) == 1.0).all()


def test_the_usual_pattern_of_centres_has_the_risk_of_the_service_table_on_average() -> None:
    world = small_world(n_services=3, n_providers=4, place_area_km2=2_500.0)
    usual = usual_volume(world, 2022.25)
    ratio = risk_ratios(world, steady_stock(usual, KEEPS), usual, KEEPS)
    assert np.ptp(ratio) > 0.001
    for service in range(3):
        here = world.offers.service == service
        assert np.average(ratio[here], weights=usual[here]) == pytest.approx(1.0)


def test_a_centre_without_cases_is_no_worse_than_one_with_a_single_one() -> None:
    world = small_world(n_services=1)
    usual = usual_volume(world, 2022.25)
    none, one = (
        risk_ratios(world, steady_stock(np.full(usual.size, v), KEEPS), usual, KEEPS) for v in (0.0, SMALLEST_VOLUME)
    )
    assert np.isfinite(none).all()
    assert none.tolist() == one.tolist()


def test_the_exponent_is_smaller_where_the_evidence_is() -> None:
    parameters = ExpertiseParameters(volume_exponent=0.2, weak_evidence_share=0.5, no_evidence_share=0.25)
    found = [exponents(small_world(n_services=1, volume_evidence=e).services, parameters)[0] for e in (0, 1, 2)]
    assert found == pytest.approx([0.05, 0.1, 0.2])


def test_the_usual_volume_is_the_use_of_capacity_or_the_people_in_care() -> None:
    world = small_world(
        n_services=3, kinds=(ONE_OFF, ONGOING, EMERGENCY), capacity_share_of_need=2.0, stock_treated=100.0
    )
    usual = usual_volume(world, 2013.25)
    total = [usual[world.offers.service == service].sum() for service in range(3)]
    assert total == pytest.approx([world.services.need_per_year[0], 100.0, world.services.need_per_year[2]])
