"""Capacity: shared out in full, where the patients go."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.capacity import CapacityParameters, Offers, capacity_share, expected_flow, whole_shares
from sim.world.services import ONE_OFF, ONGOING
from sim.world.synthetic import SyntheticOptions, synthetic_world
from sim.world.world import World, load_england


def shared(world: World, weight: float) -> Offers:
    parameters = CapacityParameters(travel_weight_per_hour=weight)
    return capacity_share(world.services, world.providers, world.travel_hours, world.expected_need, parameters)


def test_offers_are_the_pairs_that_exist_in_order(england: World) -> None:
    offers = england.offers
    pairs = list(zip(offers.service.tolist(), offers.provider.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert len(pairs) == england.providers.offers.sum()
    assert england.providers.offers[offers.provider, offers.service].all()


def test_rows_of_a_service_stand_together(england: World) -> None:
    offers = england.offers
    assert (offers.first[0], offers.first[-1]) == (0, len(offers.service))
    for s in range(len(england.services.ids)):
        assert (offers.service[offers.first[s] : offers.first[s + 1]] == s).all()


def test_all_capacity_is_given_out(england: World) -> None:
    sums = np.add.reduceat(england.offers.capacity, england.offers.first[:-1])
    assert sums == pytest.approx(england.services.capacity_per_year)
    assert (england.offers.capacity > 0).all()


def test_places_are_whole_and_starts_need_not_be(england: World) -> None:
    ongoing = england.services.kind[england.offers.service] == ONGOING
    capacity = england.offers.capacity
    assert (capacity[ongoing] == np.floor(capacity[ongoing])).all()
    assert (capacity[~ongoing] != np.floor(capacity[~ongoing])).any()


def test_without_travel_all_providers_are_alike() -> None:
    offers = shared(synthetic_world(n_providers=5), weight=0.0)
    assert offers.capacity == pytest.approx(np.full(len(offers.capacity), offers.capacity[0]))


def test_with_much_travel_everybody_goes_to_the_nearest() -> None:
    world = synthetic_world(n_places=64, n_providers=3, n_services=1)
    nearest = np.bincount(world.travel_hours.argmin(axis=1), minlength=3)
    assert shared(world, weight=50.0).capacity / world.services.capacity_per_year[0] == pytest.approx(
        nearest / 64, abs=0.02
    )


def test_two_places_and_two_providers_share_by_the_logit() -> None:
    hours = np.array([[0.5, 1.5], [1.0, 1.0]])
    flow = expected_flow(hours, np.array([100.0, 40.0]), weight_per_hour=2.0)
    near = 100 / (1 + np.exp(-2.0))
    assert flow == pytest.approx([near + 20, 100 - near + 20])


def test_very_far_providers_do_no_harm() -> None:
    flow = expected_flow(np.array([[900.0, 901.0]]), np.array([10.0]), weight_per_hour=50.0)
    assert flow.sum() == pytest.approx(10)


def test_a_larger_weight_favours_the_nearer_provider_of_the_larger_place() -> None:
    hours, need = np.array([[0.2, 2.0], [2.0, 0.2]]), np.array([90.0, 10.0])
    shares = [expected_flow(hours, need, weight)[0] / 100 for weight in (0.0, 1.0, 3.0)]
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(0.5)


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=30), st.integers(0, 5000))
def test_whole_shares_lie_within_one_of_the_exact_and_add_up(parts: list[float], total: int) -> None:
    share = np.array(parts) / sum(parts)
    whole = whole_shares(share, total)
    assert whole.sum() == total
    assert (np.abs(whole - share * total) < 1 + 1e-9).all()


def test_what_is_left_goes_to_the_largest_remainder() -> None:
    assert whole_shares(np.array([0.5, 0.3, 0.2]), 4).tolist() == [2, 1, 1]
    assert whole_shares(np.array([0.45, 0.35, 0.2]), 3).tolist() == [1, 1, 1]


def test_equal_remainders_go_to_the_first() -> None:
    assert whole_shares(np.full(4, 0.25), 6).tolist() == [2, 2, 1, 1]


def test_a_broken_total_of_places_is_rounded() -> None:
    options = SyntheticOptions(kinds=(ONGOING, ONE_OFF), capacity_share_of_need=1.0003, need_per_head_per_year=1e-4)
    world = synthetic_world(n_services=2, options=options)
    sums = np.add.reduceat(world.offers.capacity, world.offers.first[:-1])
    assert sums == pytest.approx([1600, 160.048])


def test_capacity_does_not_depend_on_the_order_of_providers() -> None:
    world = synthetic_world(n_services=1)
    back = replace(world.providers, offers=world.providers.offers[::-1])
    turned = replace(world, providers=back, travel_hours=world.travel_hours[:, ::-1])
    assert shared(turned, 3.0).capacity == pytest.approx(shared(world, 3.0).capacity[::-1])


def test_the_weight_can_be_set_when_england_is_loaded(england: World) -> None:
    other = load_england(capacity=CapacityParameters(travel_weight_per_hour=0.0))
    first = england.offers.first[england.services.ids.index("chemotherapy")]
    assert other.offers.capacity[first] == pytest.approx(190_000 / 130)
    assert england.offers.capacity[first] != pytest.approx(190_000 / 130)
