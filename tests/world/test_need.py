"""Expected need: what age and deprivation say, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.need import age_factor, deprivation_factor, expected_need, onset_shares
from sim.world.synthetic import SyntheticOptions, synthetic_world
from sim.world.world import World


def test_every_service_has_all_of_its_need(england: World) -> None:
    assert england.expected_need.sum(axis=0) == pytest.approx(england.services.need_per_year)
    assert (england.expected_need > 0).all()


def test_like_places_have_like_need() -> None:
    need = synthetic_world(options=SyntheticOptions(need_per_head_per_year=2e-3)).expected_need
    assert need == pytest.approx(np.full(need.shape, 2e-3 * 100_000))


def test_need_goes_with_population() -> None:
    world = synthetic_world()
    people = world.places.population.copy()
    people[3] *= 5
    need = expected_need(replace(world.places, population=people), world.services)
    assert need[3] == pytest.approx(5 * need[0])


@given(st.floats(0.3, 4.0))
def test_the_gradient_stands_between_the_middles_of_the_outer_fifths(gradient: float) -> None:
    world = synthetic_world(n_places=10, units={"nation": 1}, options=SyntheticOptions(deprivation_gradient=gradient))
    places = replace(world.places, deprivation_rank=np.linspace(0.05, 0.95, 10))
    factor = deprivation_factor(places, world.services)[:, 0]
    most, least = np.sqrt(factor[8] * factor[9]), np.sqrt(factor[0] * factor[1])
    assert most / least == pytest.approx(gradient)


def test_the_gradient_shows_in_england(england: World) -> None:
    """Where ages work neither way, the rates of the outer fifths differ by the gradient."""
    services, places = england.services, england.places
    need = places.population[:, None] * deprivation_factor(places, services)
    outer = [
        need[places.deprivation_fifth == fifth].sum(axis=0) / places.population[places.deprivation_fifth == fifth].sum()
        for fifth in (1, 5)
    ]
    assert outer[0] / outer[1] == pytest.approx(services.deprivation_gradient, rel=0.03)


def test_onsets_fall_where_their_ages_lie(england: World) -> None:
    shares = dict(zip(england.services.ids, onset_shares(england.services), strict=True))
    assert shares["paediatric_intensive_care"][0] > 0.99
    assert shares["sma_gene_therapy"] == pytest.approx([1, 0, 0])
    assert shares["adult_cardiac_surgery"][2] > 0.5
    assert np.stack(list(shares.values())).sum(axis=1) == pytest.approx(1)


def test_onset_shares_are_those_of_a_normal_cut_off_at_birth() -> None:
    services = synthetic_world(n_services=1).services  # onset at 40, standard deviation 10
    ages = np.random.default_rng(7).normal(40, 10, 400_000)
    ages = ages[ages >= 0]
    drawn = [(ages < 16).mean(), ((ages >= 16) & (ages < 65)).mean(), (ages >= 65).mean()]
    assert onset_shares(services)[0] == pytest.approx(drawn, abs=3.9 * 0.5 / np.sqrt(len(ages)))


def test_onset_at_one_age_falls_in_its_band() -> None:
    services = synthetic_world(n_services=1).services
    services = replace(services, onset_age_mean=np.array([70.0]), onset_age_sd=np.array([0.0]))
    assert onset_shares(services)[0].tolist() == [0, 0, 1]


@given(st.lists(st.tuples(st.floats(0, 0.5), st.floats(0, 0.5)), min_size=4, max_size=4))
def test_age_moves_need_between_places_and_not_its_total(shares: list[tuple[float, float]]) -> None:
    world = synthetic_world(n_places=4, units={"nation": 1})
    young, old = (np.array(column) for column in zip(*shares, strict=True))
    places = replace(world.places, share_0_15=young, share_65_plus=old)
    services = replace(world.services, onset_age_mean=np.full(3, 10.0))
    present = young.sum() > 0 and (1 - young - old).sum() > 0 and old.sum() > 0
    if present:
        assert age_factor(places, services).mean(axis=0) == pytest.approx(1)


def test_a_young_place_has_more_need_for_childrens_care(england: World) -> None:
    young, old = np.argmax(england.places.share_0_15), np.argmax(england.places.share_65_plus)
    factor = age_factor(england.places, england.services)
    children, hearts = (england.services.ids.index(s) for s in ("paediatric_cardiac", "adult_cardiac_surgery"))
    assert factor[young, children] > 1.2
    assert factor[old, children] < 0.8
    assert factor[old, hearts] > 1.2
    assert factor[young, hearts] < 0.8


def test_the_order_of_services_does_not_matter() -> None:
    world = synthetic_world(options=SyntheticOptions(deprivation_gradient=1.7))
    one = expected_need(
        world.places,
        synthetic_world(n_services=1, options=SyntheticOptions(deprivation_gradient=1.7)).services,
    )
    assert world.expected_need[:, 2] == pytest.approx(one[:, 0])
