"""Network plans: who opens a centre, with what supply, and what it takes away elsewhere."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.governance.network import (
    NetworkParameters,
    Openings,
    known_need,
    open_sites,
    smallest_volume,
    with_possible_sites,
)
from sim.luck.draws import luck_of
from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from sim.world.world import World
from tests.builders import small_world, without_offer

SERVICES = 4
ALWAYS = 1.0


def half_served(**options: Any) -> World:
    """Build two places with a hospital each; the second one offers all services but the first."""
    world = small_world(2, SERVICES, 2, 500_000, {"nation": 1, "place": 2}, place_area_km2=900.0, **options)
    return without_offer(world, provider=1, service=0)


def opened(world: World, units: list[int], share: float = ALWAYS, smallest: float = 0.5, in_use: float = 0.0) -> Any:
    """Return the world with its possible sites, and capacity after one April; ``units`` hold the two places."""
    wider = with_possible_sites(world, NetworkParameters())
    contracting = np.repeat(np.array(units, dtype=np.uint64)[:, None], SERVICES, axis=1)
    least = smallest_volume(wider, NetworkParameters(minimum_volume_share=smallest), binding=1.0)
    plan = Openings(contracting, wider.expected_need, least, wider.home)
    capacity = wider.offers.capacity.copy()
    open_sites(wider, plan, (capacity, in_use * wider.offers.capacity), share, (luck_of(1, 0), 2022))
    return wider, capacity


@pytest.mark.parametrize("kind", [ONE_OFF, ONGOING])
def test_an_area_without_a_centre_opens_one_and_supply_is_only_moved(kind: int) -> None:
    wider, capacity = opened(half_served(kinds=(kind,)), [1, 2])
    assert wider.offers.capacity[:2].tolist() == [wider.offers.capacity[0], 0.0]
    assert capacity[1] == pytest.approx(capacity[0], abs=1.0)  # half of the people live there
    assert capacity.sum() == pytest.approx(wider.offers.capacity.sum())
    assert (capacity[2:] == wider.offers.capacity[2:]).all()


@pytest.mark.parametrize(
    ("units", "options"),
    [
        ([1, 1], {}),  # one holder of both places has a centre
        ([1, 2], {"share": 0.0}),
        ([1, 2], {"smallest": 1.1}),  # too few people
    ],
)
def test_otherwise_nothing_is_opened(units: list[int], options: dict[str, float]) -> None:
    wider, capacity = opened(half_served(), units, **options)
    assert (capacity == wider.offers.capacity).all()


def test_places_in_use_are_not_moved() -> None:
    wider, capacity = opened(half_served(kinds=(ONGOING,)), [1, 2], in_use=0.9)
    assert 0 < capacity[1] <= 0.1 * wider.offers.capacity[0]
    assert capacity[1] == np.floor(capacity[1])


def test_emergencies_and_generated_or_small_providers_are_no_possible_sites() -> None:
    world = half_served()
    assert with_possible_sites(half_served(kinds=(EMERGENCY,)), NetworkParameters()).offers.service.size == 7
    for generated, offers in ((True, world.providers.offers), (False, np.eye(2, SERVICES, dtype=np.bool_))):
        providers = replace(world.providers, generated=np.full(2, generated), offers=offers)
        assert with_possible_sites(replace(world, providers=providers), NetworkParameters()).offers.service.size == 7


def test_nothing_is_prepared_while_the_mechanism_is_off() -> None:
    world = half_served()
    assert with_possible_sites(world, NetworkParameters(planning_enabled=False)) is world
    assert with_possible_sites(world, NetworkParameters(opening_share_per_year=0.0)) is world


def test_the_nation_goes_by_the_formula_and_a_small_area_sees_its_own_need() -> None:
    world = half_served()
    true = world.expected_need * np.array([[2.0], [0.5]])
    nation, area = (known_need(world, true, np.full(true.shape, share)) for share in (1.0, 0.02))
    assert (nation == world.expected_need).all()
    assert area == pytest.approx(0.98 * true + 0.02 * world.expected_need)
