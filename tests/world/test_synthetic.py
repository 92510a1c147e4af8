"""Synthetic worlds have the answers they are built for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from sim.world.synthetic import SyntheticOptions, synthetic_world
from sim.world.travel import typical_km
from sim.world.world import World


def arrays(world: World) -> list[np.ndarray]:
    return [world.travel_hours, world.expected_need, world.offers.capacity, world.places.imd_score]


@given(st.integers(1, 60), st.integers(1, 4), st.integers(1, 9))
def test_shapes_are_those_asked_for(places: int, services: int, providers: int) -> None:
    world = synthetic_world(places, services, providers, 5_000, {"nation": 1, "region": min(3, places)})
    assert world.travel_hours.shape == (places, providers)
    assert world.expected_need.shape == (places, services)
    assert world.providers.offers.all()
    assert len(world.offers.capacity) == services * providers
    assert world.places.population.sum() == places * 5_000


def test_the_same_call_gives_the_same_world() -> None:
    one, two = synthetic_world(), synthetic_world()
    assert all((a == b).all() for a, b in zip(arrays(one), arrays(two), strict=True))
    assert one.sources_hash == two.sources_hash
    assert one.sources_hash != synthetic_world(options=SyntheticOptions(cost_gbp=1.0)).sources_hash


def test_codes_stand_in_canonical_order() -> None:
    world = synthetic_world(n_places=120, n_providers=30)
    for codes in (world.places.codes, world.providers.ids, world.services.ids):
        assert list(codes) == sorted(set(codes))


@given(st.integers(1, 200), st.data())
def test_every_unit_of_every_level_holds_a_place(places: int, data: st.DataObject) -> None:
    units = {"nation": 1, "part": data.draw(st.integers(1, places))}
    world = synthetic_world(n_places=places, n_services=1, n_providers=1, units=units)
    assert set(world.places.unit_of["part"].tolist()) == set(range(units["part"]))
    assert len(world.places.unit_codes["part"]) == units["part"]


def test_levels_whose_numbers_divide_are_nested() -> None:
    unit_of = synthetic_world(n_places=64, units={"region": 4, "district": 16}).places.unit_of
    assert len(set(zip(unit_of["region"].tolist(), unit_of["district"].tolist(), strict=True))) == 16


def test_neighbours_stand_one_side_apart() -> None:
    places = synthetic_world(n_places=16, options=SyntheticOptions(place_area_km2=100.0)).places
    km = typical_km(places, places.latitude, places.longitude)
    apart = np.sqrt(km[0] ** 2 - km[0, 0] ** 2)
    assert apart[[1, 4, 5]] == pytest.approx([10, 10, 10 * np.sqrt(2)], rel=2e-3)


def test_deprivation_is_spread_evenly_over_people() -> None:
    rank = np.sort(synthetic_world(n_places=100).places.deprivation_rank)
    assert rank == pytest.approx((np.arange(100) + 0.5) / 100)


def test_need_and_capacity_are_as_set() -> None:
    options = SyntheticOptions(need_per_head_per_year=5e-4, capacity_share_of_need=0.9)
    world = synthetic_world(n_places=10, people_per_place=20_000, units={"nation": 1}, options=options)
    assert world.services.need_per_year == pytest.approx([100, 100, 100])
    assert world.services.capacity_per_year == pytest.approx([90, 90, 90])


def test_kinds_take_turns_and_ongoing_places_hold_a_steady_state() -> None:
    options = SyntheticOptions(kinds=(ONGOING, ONE_OFF, EMERGENCY), duration_on_treatment_years=8.0)
    services = synthetic_world(n_services=4, options=options).services
    assert services.kind.tolist() == [ONGOING, ONE_OFF, EMERGENCY, ONGOING]
    assert services.capacity_per_year / services.need_per_year == pytest.approx([8.8, 1.1, 1.1, 8.8])
    assert services.duration_on_treatment_years.tolist() == [8, 0, 0, 8]


def test_options_reach_the_services() -> None:
    options = SyntheticOptions(access_window_days=31.0, treated_annual_hazard=0.02, stock_waiting=7.0)
    services = synthetic_world(options=options).services
    assert services.access_window_days.tolist() == [31] * 3
    assert services.treated_annual_hazard.tolist() == [0.02] * 3
    assert services.stock_waiting(2016).tolist() == [7] * 3


def test_background_mortality_is_even() -> None:
    life = synthetic_world(options=SyntheticOptions(background_annual_hazard=0.01)).life_table
    assert np.diff(life.cumulative_hazard) == pytest.approx(0.01)


@pytest.mark.parametrize(
    "wrong", [{"n_places": 0}, {"n_providers": 0}, {"units": {"region": 17}}, {"units": {"nation": 0}}]
)
def test_a_world_that_cannot_be_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        synthetic_world(**wrong)
