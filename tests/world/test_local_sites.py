"""Generated local sites: as many as are missing, where they shorten the way most."""

from dataclasses import replace

import numpy as np
import pytest

from sim.world.local_sites import add_local_sites, greedy_sites
from sim.world.providers import load_providers
from sim.world.services import load_catalogue
from sim.world.synthetic import synthetic_world
from sim.world.travel import typical_km
from sim.world.world import World
from tests.world.editable import Tables


def people_km(to_sites: np.ndarray, population: np.ndarray) -> float:
    return float((population * to_sites.min(axis=1)).sum())


def test_each_service_has_its_published_centres(packaged: Tables, england: World) -> None:
    parents = load_catalogue(packaged.directory / "services.csv").parents
    listed = load_providers(packaged.directory / "providers.csv", england.services, parents)
    expected = np.maximum(listed.offers.sum(axis=0), england.services.centres)
    assert (england.providers.offers.sum(axis=0) == expected).all()


def test_a_complete_list_is_left_alone(england: World) -> None:
    generated = england.providers.offers[england.providers.generated]
    complete = ("pnh", "proton_beam", "kidney_transplant", "paediatric_cardiac", "ert_other_mps")
    assert not generated[:, [england.services.ids.index(service) for service in complete]].any()


def test_generated_sites_are_marked_named_and_stand_in_their_place(england: World) -> None:
    providers, places = england.providers, england.places
    assert list(providers.ids) == sorted(set(providers.ids))
    assert [i.startswith("zz_local_") for i in providers.ids] == providers.generated.tolist()
    for k in np.flatnonzero(providers.generated):
        place = places.codes.index(providers.ids[k].removeprefix("zz_local_"))
        assert providers.names[k] == f"Local site, {places.names[place]} (generated)"
        assert (providers.latitude[k], providers.longitude[k]) == (
            places.latitude[place],
            places.longitude[place],
        )
        assert providers.offers[k].any()


def test_the_first_site_is_the_best_single_one() -> None:
    places = synthetic_world(n_places=49).places
    people = np.random.default_rng(1).integers(1_000, 500_000, 49)
    km = typical_km(places, places.latitude, places.longitude)
    listed = km[:, [0]]
    totals = [people_km(np.column_stack([listed, km[:, q]]), people) for q in range(49)]
    assert greedy_sites(listed, km, people, 1) == [int(np.argmin(totals))]


def test_each_next_site_is_the_best_given_those_before() -> None:
    places = synthetic_world(n_places=36).places
    people = np.random.default_rng(2).integers(1_000, 500_000, 36)
    km = typical_km(places, places.latitude, places.longitude)
    sites = greedy_sites(km[:, [7]], km, people, 5)
    for n in range(5):
        totals = [people_km(km[:, [7, *sites[:n], q]], people) for q in range(36)]
        assert sites[n] == int(np.argmin(totals))


def test_without_a_listed_provider_the_first_site_is_the_middle() -> None:
    places = synthetic_world(n_places=25).places
    km = typical_km(places, places.latitude, places.longitude)
    assert greedy_sites(km[:, []], km, places.population, 1) == [12]


def test_ties_go_to_the_first_place() -> None:
    km = np.array([[1.0, 9.0], [9.0, 1.0]])
    assert greedy_sites(np.full((2, 1), 5.0), km, np.array([10, 10]), 2) == [0, 1]


def test_a_place_is_chosen_once_even_when_nothing_is_gained() -> None:
    km = np.full((4, 4), 3.0)
    assert greedy_sites(np.zeros((4, 1)), km, np.ones(4, dtype=np.int64), 4) == [0, 1, 2, 3]


def test_one_site_may_offer_several_services() -> None:
    world = synthetic_world(n_places=25, n_services=3, n_providers=1)
    services = replace(world.services, centres=np.array([3, 2, 1]))
    providers = add_local_sites(world.providers, world.places, services)
    assert providers.offers.sum(axis=0).tolist() == [3, 2, 1]
    assert len(providers.ids) == 3
    assert providers.offers[providers.ids.index("provider_00000")].all()


def test_there_are_no_more_sites_than_places() -> None:
    world = synthetic_world(n_places=4, n_services=1, n_providers=1, units={"nation": 1})
    services = replace(world.services, centres=np.array([100]))
    assert len(add_local_sites(world.providers, world.places, services).ids) == 5


def test_sites_do_not_depend_on_speed_or_detour(england: World) -> None:
    """Hours grow in a straight line with km, so the choice by hours is the choice by km."""
    places = england.places
    km = typical_km(places, places.latitude, places.longitude)
    listed = km[:, [5, 80, 200]]
    chosen = greedy_sites(listed, km, places.population, 6)
    assert chosen == greedy_sites(0.3 + 1.5 * listed / 40, 0.3 + 1.5 * km / 40, places.population, 6)


def test_more_sites_bring_care_nearer(england: World) -> None:
    hours, people = england.travel_hours, england.places.population
    dialysis = england.providers.offers[:, england.services.ids.index("renal_dialysis")]
    listed = dialysis & ~england.providers.generated
    assert people_km(hours[:, dialysis], people) < 0.9 * people_km(hours[:, listed], people)
    assert hours[:, dialysis].min(axis=1).max() == pytest.approx(1.53, abs=0.1)
