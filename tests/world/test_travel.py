"""Travel time (mechanism 8) against known distances and its limit case."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.places import Places
from sim.world.providers import Providers
from sim.world.synthetic import KM_PER_DEGREE, square_places, synthetic_world
from sim.world.travel import (
    MEAN_DISTANCE_TO_CENTRE,
    TravelParameters,
    great_circle_km,
    travel_hours,
    typical_km,
)
from sim.world.world import World

degrees = st.floats(-80, 80)


def one_place(area_km2: float) -> Places:
    return square_places(1, 1000, {"nation": 1}, area_km2)


def at(latitude: list[float], longitude: list[float]) -> Providers:
    one = synthetic_world(n_places=1, n_services=1, n_providers=1, units={"nation": 1}).providers
    return replace(one, latitude=np.array(latitude), longitude=np.array(longitude))


def test_one_degree_north_is_a_ninetieth_of_a_quarter_of_the_globe() -> None:
    km = great_circle_km(np.array(52.0), np.array(0.0), np.array(53.0), np.array(0.0))
    assert float(km) == pytest.approx(2 * np.pi * 6371.0088 / 360)


def test_london_to_newcastle_is_about_four_hundred_km() -> None:
    km = great_circle_km(np.array(51.51), np.array(-0.13), np.array(54.98), np.array(-1.61))
    assert float(km) == pytest.approx(398, abs=3)


@given(degrees, degrees, degrees, degrees)
def test_distance_is_symmetric_and_never_negative(a: float, b: float, c: float, d: float) -> None:
    a, b, c, d = np.array(a), np.array(b), np.array(c), np.array(d)
    assert great_circle_km(a, b, c, d) == pytest.approx(great_circle_km(c, d, a, b), abs=1e-6)
    assert great_circle_km(a, b, c, d) >= 0


def test_the_mean_way_to_the_centre_of_a_disc() -> None:
    radius = np.sqrt(1 / np.pi)
    r = np.linspace(0, radius, 20_001)
    assert np.trapezoid(r * 2 * np.pi * r, r) == pytest.approx(MEAN_DISTANCE_TO_CENTRE, rel=1e-6)
    assert pytest.approx(0.376, abs=5e-4) == MEAN_DISTANCE_TO_CENTRE


def test_residents_travel_within_their_own_place() -> None:
    place = one_place(area_km2=400.0)
    km = typical_km(place, place.latitude, place.longitude)
    assert float(km[0, 0]) == pytest.approx(MEAN_DISTANCE_TO_CENTRE * 20)


def test_hours_are_fixed_minutes_and_road_over_speed() -> None:
    place = one_place(area_km2=0.0)
    north = at([place.latitude[0] + 110 / KM_PER_DEGREE], [place.longitude[0]])
    parameters = TravelParameters(detour_factor=1.2, speed_km_per_hour=60.0, fixed_minutes=15.0)
    assert float(travel_hours(place, north, parameters)[0, 0]) == pytest.approx(0.25 + 1.2 * 110 / 60)


def test_every_journey_in_england_takes_a_sane_time(england: World) -> None:
    nearest = england.travel_hours.min(axis=1)
    assert england.travel_hours.shape == (len(england.places.codes), len(england.providers.ids))
    assert england.travel_hours.min() > TravelParameters().fixed_minutes / 60
    assert england.travel_hours.max() < 20
    assert np.average(nearest, weights=england.places.population) < 1


SITES, TRIALS, SIDE_KM = 400, 4000, 20.0


def mean_way_to_the_nearest_of_random_sites(seed: int) -> float:
    """Return mean km from the middle of a square to the nearest of random sites, over many squares."""
    place = one_place(area_km2=0.0)
    north, east = np.random.default_rng(seed).uniform(-SIDE_KM / 2, SIDE_KM / 2, (2, TRIALS * SITES))
    latitude = place.latitude[0] + north / KM_PER_DEGREE
    longitude = place.longitude[0] + east / KM_PER_DEGREE / np.cos(np.radians(place.latitude[0]))
    return float(typical_km(place, latitude, longitude).reshape(TRIALS, SITES).min(axis=1).mean())


def test_random_sites_stand_half_the_root_of_their_area_away() -> None:
    """Mechanism 8: the nearest of N sites at random lies 0.5 sqrt(area / N) away on average."""
    theory = 0.5 * SIDE_KM / np.sqrt(SITES)
    spread = np.sqrt((4 - np.pi) / (4 * np.pi)) * SIDE_KM / np.sqrt(SITES)  # of a Rayleigh distance
    bound = 3.9 * spread / np.sqrt(TRIALS)  # two-sided 1e-4
    seen = mean_way_to_the_nearest_of_random_sites(seed=20130401)
    assert abs(seen - theory) < bound
    wrong = 0.5 * SIDE_KM / SITES**0.6  # the exponent off by 20 per cent
    assert abs(seen - wrong) > bound
