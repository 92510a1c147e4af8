"""Administration: contracts grow with holders, and one envelope pays for it (mechanism 11, rule 9)."""

import numpy as np
import pytest

from sim.governance.administration import (
    AdministrationParameters,
    Running,
    count_contracts,
    left_for_care,
    requests_pence,
)
from sim.governance.seats import unit_identities
from tests.builders import small_world

WORLD = small_world(n_places=6, n_services=3, n_providers=3, place_area_km2=1.0)
FLOW = np.full((6, WORLD.offers.service.size), 10.0)
IDENTITY = unit_identities(WORLD.places)


def contracts(level: str, least: float = 1.0) -> int:
    holder = np.repeat(IDENTITY[level][:, np.newaxis], 3, axis=1)
    return count_contracts(holder, WORLD.offers, FLOW, least)


def test_with_the_same_providers_contracts_are_in_proportion_to_the_holders() -> None:
    assert [contracts(level) for level in ("nation", "region", "district")] == [3, 9, 18]


def test_a_flow_below_the_minimum_needs_no_contract() -> None:
    assert contracts("district", least=30.0) == 18  # ten people for each of three services
    assert contracts("district", least=30.1) == 0
    assert contracts("nation", least=180.0) == 3


def test_bodies_and_contracts_cost_what_is_declared() -> None:
    parameters = AdministrationParameters(body_gbp=1_000.0, contract_gbp=10.0)
    assert Running(bodies=3, contracts=7).pence_a_year(parameters) == 307_000
    assert Running(3, 7).pence_a_year(AdministrationParameters(enabled=False)) == 0
    assert requests_pence(4, AdministrationParameters(request_gbp=2.5)) == 1_000


@pytest.mark.parametrize(("cost", "factor"), [(0.0, 1.02), (0.02, 1.0), (0.05, 0.97), (9.0, 0.0)])
def test_under_one_envelope_what_administration_takes_is_missing_from_care(cost: float, factor: float) -> None:
    parameters = AdministrationParameters(allowance_share_of_plan=0.02)
    assert left_for_care(cost, parameters) == pytest.approx(factor)
    assert left_for_care(cost, parameters.model_copy(update={"same_money": "care"})) == 1.0
    assert left_for_care(cost, parameters.model_copy(update={"enabled": False})) == 1.0
