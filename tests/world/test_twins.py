"""The twins of a set differ in their postcode and in nothing else."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.world.time import first_day
from tests.builders import few, lively_world, small_world
from tests.world.drawn import GIVEN, draw, lives

ALPHA = 1e-4


@given(st.integers(1, 5), st.integers(0, 3))
@few(10)
def test_the_twins_of_a_set_share_everything_but_place_and_identity(sets: int, replicate: int) -> None:
    world = lively_world()
    population = draw(world, twin_sets=sets, replicate=replicate)
    people = population.people
    for service in range(3):
        for number in range(sets):
            rows = population.twin_row[service, number]
            assert people["place"][rows].tolist() == list(range(6))
            assert np.unique(people["identity"][rows]).size == 6
            assert (people["service"][rows] == service).all()
            assert all(np.unique(people[name][rows]).size == 1 for name in GIVEN)


def test_twins_weigh_nothing_and_sets_have_luck_of_their_own() -> None:
    population = draw(lively_world(), twin_sets=4)
    people = population.people
    assert (people["weight"][population.real :] == 0).all()
    assert (people["weight"][: population.real] > 0).all()
    assert np.unique(people["luck_owner"][population.twin_row[:, :, 0]]).size == 3 * 4
    assert not np.isin(people["luck_owner"][population.real :], people["luck_owner"][: population.real]).any()


def test_every_twin_stands_behind_the_real_people_exactly_once() -> None:
    population = draw(lively_world(), twin_sets=4)
    assert np.sort(population.twin_row.ravel()).tolist() == list(range(population.real, population.people.size))


def test_more_sets_move_none_of_the_first_ones() -> None:
    world = lively_world()
    few = lives(world, draw(world, twin_sets=2), twins=True)
    many = lives(world, draw(world, twin_sets=5), twins=True)
    assert few.items() <= many.items()


def test_twins_are_diagnosed_evenly_over_the_days_that_leave_a_whole_window() -> None:
    world = small_world(n_places=1, n_services=1, units={"nation": 1})
    days = draw(world, twin_sets=2_000).people["given_day"][-2_000:]
    first, last = first_day(12), first_day(24) - 1 - 126
    assert days.min() >= first
    assert days.max() <= last
    spread = stats.uniform(first, last + 1 - first)
    assert stats.kstest(days + 0.5, spread.cdf).pvalue > ALPHA
    assert stats.kstest(days + 0.5, stats.uniform(0, first_day(24)).cdf).pvalue < ALPHA


@pytest.mark.parametrize(("window", "followed"), [(364.0, True), (365.0, False), (2_000.0, False)])
def test_a_window_that_does_not_fit_into_the_measured_days_has_no_twins(window: float, followed: bool) -> None:
    world = small_world(n_services=2)
    services = replace(world.services, access_window_days=np.array([window, 30.0]))
    population = draw(replace(world, services=services), twin_sets=2)
    assert (population.twin_row[0] >= 0).all() == followed
    assert (population.twin_row[0] == -1).all() != followed
    assert (population.twin_row[1] >= 0).all()


def test_services_that_are_not_drawn_have_no_twins() -> None:
    world = small_world()
    population = draw(world, twin_sets=2, services=world.services.ids[:1])
    assert (population.twin_row[0] >= 0).all()
    assert (population.twin_row[1:] == -1).all()
