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
    days = np.unique(draw(world, twin_sets=4_000).people["given_day"][-4_000:].reshape(-1, 2), axis=1)
    assert days.shape == (2_000, 1)  # each two sets have one profile
    days = days[:, 0]
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


def test_each_two_sets_have_one_profile_and_separate_luck() -> None:
    world = lively_world(n_places=1, units={"nation": 1})
    population = draw(world, twin_sets=400)
    twins = population.people[population.twin_row[:, :, 0].ravel()].reshape(3, 200, 2)
    alike = {name: (twins[name][..., 0] == twins[name][..., 1]).mean() for name in GIVEN if name != "weight"}
    first = twins[..., 0]

    assert [alike[name] for name in ("given_day", "onset_day", "severity", "entry")] == [1.0] * 4
    assert [alike[name] for name in ("luck_owner", "excess_budget")] == [0.0] * 2
    assert alike["background_death_day"] < 0.15  # both may outlive everything
    # The next profile is another: days differ, and severe cases are as frequent as the table says.
    assert (first["given_day"][:, 1:] == first["given_day"][:, :-1]).mean() < 0.05
    share = population.facts.severe_share
    found = first["severity"].mean(axis=1)
    assert (np.abs(found - share) <= stats.norm.isf(ALPHA / 6) * np.sqrt(share * (1 - share) / 200)).all()


def test_the_first_of_each_two_sets_is_what_it_was_without_a_second() -> None:
    world = lively_world()
    one, two = (draw(world, twin_sets=sets) for sets in (1, 2))
    lone, paired = (p.people[p.twin_row[:, 0].ravel()] for p in (one, two))

    assert all((lone[name] == paired[name]).all() for name in GIVEN)
