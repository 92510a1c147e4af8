"""Administration: contracts grow with holders, and one envelope pays for it (mechanism 11, rule 9)."""

import numpy as np
import pytest

from sim.governance.administration import (
    AdministrationParameters,
    Charge,
    Running,
    count_contracts,
    left_for_care,
    one_each,
    requests_pence,
)
from sim.governance.seats import unit_identities
from tests.builders import small_world

WORLD = small_world(n_places=6, n_services=3, n_providers=3, place_area_km2=1.0)
FLOW = np.full((6, WORLD.offers.service.size), 10.0)
IDENTITY = unit_identities(WORLD.places)


def keys(level: str) -> np.ndarray:
    return np.repeat(IDENTITY[level][:, np.newaxis], 3, axis=1)


def contracts(level: str, least: float = 1.0) -> float:
    return count_contracts(keys(level), WORLD.offers, FLOW, least).total


def office(level: str, number: float = 1.0) -> Charge:
    units = np.unique(IDENTITY[level])
    return Charge(units, np.full(units.size, number), (keys(level),))


NOBODY = one_each(np.array([], dtype=np.uint64), ())
PLAN = np.arange(1.0, 19.0).reshape(6, 3) * 1e6


def test_with_the_same_providers_contracts_are_in_proportion_to_the_holders() -> None:
    assert [contracts(level) for level in ("nation", "region", "district")] == [3, 9, 18]


def test_a_flow_below_the_minimum_needs_no_contract() -> None:
    assert contracts("district", least=30.0) == 18  # ten people for each of three services
    assert contracts("district", least=30.1) == 0
    assert contracts("nation", least=180.0) == 3


def test_bodies_and_contracts_cost_what_is_declared() -> None:
    parameters = AdministrationParameters(body_gbp=1_000.0, contract_gbp=10.0)
    running = Running(office("region"), office("nation", 7.0), NOBODY)
    assert running.pence_a_year(parameters) == 307_000
    assert running.pence_a_year(AdministrationParameters(enabled=False)) == 0
    assert requests_pence(4, AdministrationParameters(request_gbp=2.5)) == 1_000


def test_what_administration_takes_adds_up_to_what_it_costs() -> None:
    parameters = AdministrationParameters(body_gbp=1_000.0, contract_gbp=10.0)
    partners = one_each(np.unique(IDENTITY["district"]), (keys("district"),))
    running = Running(office("region"), office("nation", 7.0), partners, coordination_gbp=500.0)
    taken = (running.shares_of_plan(PLAN, parameters) * PLAN).sum(axis=(1, 2))
    assert taken == pytest.approx([3 * 100_000, 7 * 1_000, 6 * 50_000])
    assert (running.shares_of_plan(PLAN, AdministrationParameters(enabled=False)) == 0.0).all()


def test_a_body_is_paid_for_by_those_it_acts_for_and_by_nobody_else() -> None:
    held = keys("nation")
    held[:, 2] = keys("district")[:, 2]  # the third service alone is held in the districts
    districts = one_each(np.setdiff1d(held, IDENTITY["nation"]), (held,))
    shares = districts.shares_of_plan(PLAN, 1_000.0)
    assert (shares[:, :2] == 0.0).all()
    assert shares[:, 2] * PLAN[:, 2] == pytest.approx(np.full(6, 1_000.0))  # each its own


def test_a_body_with_two_functions_is_paid_for_once() -> None:
    both = one_each(np.unique(IDENTITY["region"]), (keys("region"), keys("region")))
    assert both.shares_of_plan(PLAN, 5.0) == pytest.approx(office("region").shares_of_plan(PLAN, 5.0))


def test_who_holds_no_plan_takes_nothing() -> None:
    plan = PLAN * (IDENTITY["region"] != IDENTITY["region"][0])[:, np.newaxis]
    assert (office("region").shares_of_plan(plan, 9.0) * plan).sum() == pytest.approx(2 * 9.0)


@pytest.mark.parametrize(("cost", "factor"), [(0.0, 1.02), (0.02, 1.0), (0.05, 0.97), (9.0, 0.0)])
def test_under_one_envelope_what_administration_takes_is_missing_from_care(cost: float, factor: float) -> None:
    parameters, share = AdministrationParameters(allowance_share_of_plan=0.02), np.array([cost])
    assert left_for_care(share, parameters) == pytest.approx(factor)
    assert left_for_care(share, parameters.model_copy(update={"same_money": "care"})) == 1.0
    assert left_for_care(share, parameters.model_copy(update={"enabled": False})) == 1.0
