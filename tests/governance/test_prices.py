"""Mechanism 12: a tariff has one price; local prices follow the share of a provider's business, and history."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.governance.prices import (
    PriceParameters,
    bargained_ratio,
    business_shares,
    history,
    local_prices,
    usual_ratio,
)
from sim.governance.seats import unit_identities
from sim.governance.units import Holders, find_holders
from sim.luck.draws import luck_of
from sim.model.choosing import Choosing
from sim.model.setup import expected_flow
from sim.specification.parameters import ParameterSet
from sim.world.world import World
from tests.analytic.bounds import agrees
from tests.builders import ALL_ON, held_by, lively_world, model_of, small_world, spec_of, without_offer

LUCK = luck_of(1, 0)
BARGAINED = PriceParameters(history_sd_log=0.0, ceiling_ratio=1.8, bargaining_half_share=0.2)
CATALOGUE = np.array([1_000_000, 123_457, 88_888], dtype=np.int64)
LOCAL: dict[str, Any] = {"prices.enabled": True, "prices.history_sd_log": 0.0}


def world_of_places(places: int = 6, providers: int = 3) -> World:
    return small_world(places, 3, providers, units={"nation": 1, "region": 3, "place": places})


def held_at(world: World, level: str) -> Holders:
    return find_holders(world, unit_identities(world.places), held_by(level))


def priced(
    world: World, level: str, parameters: PriceParameters = BARGAINED, flow: np.ndarray | None = None
) -> np.ndarray:
    """Return local prices over the catalogue's, where as many go from every place to every centre unless told."""
    flow = np.full((len(world.places.codes), world.offers.service.size), 10.0) if flow is None else flow
    prices = local_prices(world, held_at(world, level), flow, CATALOGUE, parameters, LUCK)
    assert prices.dtype == np.int64
    return prices / CATALOGUE[world.offers.service]


def uneven(world: World) -> np.ndarray:
    """Return flows of very different size, all above nothing."""
    shape = (len(world.places.codes), world.offers.service.size)
    return np.geomspace(1.0, 500.0, shape[0] * shape[1]).reshape(shape)[::-1]


@pytest.mark.parametrize("flow", ["even", "uneven"])
def test_one_holder_of_all_contracts_pays_the_catalogue_price(flow: str) -> None:
    world = world_of_places()
    ratio = priced(world, "nation", flow=uneven(world) if flow == "uneven" else None)
    assert (ratio == 1.0).all()


@pytest.mark.parametrize("holders", [2, 5, 10])
def test_equal_holders_at_one_provider_pay_what_the_formula_says(holders: int) -> None:
    ratio = priced(world_of_places(holders, 1), "place")
    rho, eta = 1.8, 0.2
    room = 1.0 - 1.0 / (1.0 + holders * eta)  # 1 − b of a holder with one part in so many
    expected = (1.0 + room * (rho - 1.0)) / (1.0 + eta / (1.0 + eta) * (rho - 1.0))
    assert ratio == pytest.approx(expected, abs=1e-5)
    assert ratio != pytest.approx(1.0 + room * (rho - 1.0), abs=0.05)  # were the catalogue the cost
    assert ratio != pytest.approx(rho - (rho - 1.0) / holders, abs=0.05)  # were b the share itself


def test_a_smaller_holder_pays_more_and_nobody_pays_more_than_the_ceiling() -> None:
    world = world_of_places(4, 1)
    share = business_shares(held_at(world, "place").contracting, np.ones((4, 3)) / 4, world.offers, uneven(world))
    ratio = priced(world, "place", flow=uneven(world))
    order = np.argsort(share, axis=0)
    assert (np.diff(np.take_along_axis(share, order, 0), axis=0) > 0).all()
    assert (np.diff(np.take_along_axis(ratio, order, 0), axis=0) < 0).all()
    assert share.sum(axis=0) == pytest.approx(np.ones(3))
    assert 1.0 < ratio.min() < ratio.max() < 1.8


@pytest.mark.parametrize("changes", [{"bargaining_half_share": 1e-9}, {"ceiling_ratio": 1.0}])
def test_with_all_bargaining_power_or_nothing_to_bargain_over_all_prices_are_one(changes: dict[str, float]) -> None:
    world = world_of_places()
    ratio = priced(world, "place", BARGAINED.model_copy(update=changes), uneven(world))
    assert (ratio == 1.0).all()
    assert ratio.std() == 0.0 < priced(world, "place", flow=uneven(world)).std()


def test_holders_with_a_provider_each_pay_what_the_nation_pays() -> None:
    """Show that it is the share of the provider's business that tells, not how many people a holder has."""
    world = world_of_places(3, 3)
    own = np.equal.outer(np.arange(3), world.offers.provider) * 7.0
    ratio = priced(world, "place", flow=own)
    assert (ratio[own > 0.0] == 1.0).all()
    assert ratio[own == 0.0] == pytest.approx(1.8 / (1.0 + 0.8 / 6.0), abs=1e-5)  # a stranger to the provider


def test_where_nobody_is_expected_a_holders_part_of_the_people_tells() -> None:
    world = world_of_places()
    nobody = np.zeros((6, world.offers.service.size))
    assert (priced(world, "nation", flow=nobody) == 1.0).all()
    expected = bargained_ratio(np.array(1 / 6), BARGAINED)
    assert priced(world, "place", flow=nobody) == pytest.approx(float(expected), abs=1e-5)


def test_history_has_a_mean_of_one_and_the_spread_that_is_declared() -> None:
    world, sd = small_world(60, 8, 40, units={"nation": 1, "place": 60}), 0.4
    holder = np.repeat(unit_identities(world.places)["place"][:, np.newaxis], 8, axis=1)
    factor = history(world, holder, sd, LUCK).ravel()
    assert factor.size > 10_000
    assert agrees(factor, 1.0)
    assert not agrees(factor * np.exp(sd**2 / 2.0), 1.0)  # were it the median that is 1
    assert agrees((np.log(factor) + sd**2 / 2.0) ** 2, sd**2)
    assert not agrees((np.log(factor) + sd**2 / 2.0) ** 2, (0.9 * sd) ** 2)


def test_history_is_that_of_a_holder_a_provider_and_a_service() -> None:
    world = world_of_places()
    holder = held_at(world, "region").contracting
    factor = history(world, holder, 0.3, LUCK)
    assert np.unique(factor).size == 3 * world.offers.service.size
    for unit in np.unique(holder):
        own = factor[holder[:, 0] == unit]
        assert (own == own[0]).all()
    assert (history(world, holder, 0.3, luck_of(1, 1)) != factor).all()
    assert (priced(world, "place", BARGAINED.model_copy(update={"history_sd_log": 0.3})).std(axis=0) > 0.05).all()


def test_of_centres_that_are_open_the_chances_are_those_of_people_who_choose() -> None:
    world = lively_world()
    closed = world.offers.provider == 2
    parameters = ParameterSet()

    def choosing(some: World) -> Choosing:
        return Choosing(some, parameters.referral, parameters.deprivation)

    everything = np.ones(closed.size, dtype=bool)
    whole = choosing(world).chosen(np.zeros(closed.size))
    np.testing.assert_array_equal(choosing(world).chosen_if_open(everything), whole)
    chance = choosing(world).chosen_if_open(~closed)
    for service in range(3):
        own = world.offers.service == service
        assert chance[own & ~closed].sum(axis=0) == pytest.approx(np.ones(6))
        assert chance[own & closed] == pytest.approx(whole[own & closed])  # were it open, all would be


def test_what_people_are_expected_to_cost_weighs_centres_by_who_goes_there() -> None:
    world = world_of_places(2, 2)
    flow = np.tile([1.0, 3.0], (2, 3))
    prices = np.rint(CATALOGUE[world.offers.service] * np.tile([1.0, 2.0], 3)).astype(np.int64) * np.ones((2, 1), int)
    assert usual_ratio(prices, CATALOGUE, world.offers, flow) == pytest.approx(np.full((2, 3), 1.75))
    shut = replace(world.offers, capacity=world.offers.capacity * (world.offers.provider == 0))
    assert usual_ratio(prices, CATALOGUE, shut, flow) == pytest.approx(np.ones((2, 3)))
    assert (usual_ratio(prices, CATALOGUE, world.offers, 0.0 * flow) == 1.0).all()


@pytest.mark.parametrize(
    ("level", "price_rule", "enabled", "dear"),
    [
        ("district", "local", True, True),
        ("district", "national_tariff", True, False),
        ("district", "local", False, False),
    ],
)
def test_prices_are_local_where_the_lever_and_the_switch_say_so(
    level: str, price_rule: str, enabled: bool, dear: bool
) -> None:
    world = lively_world()
    model = model_of(world, spec_of(world, held_by(level, price_rule=price_rule), {"prices.enabled": enabled}))
    owed = int(model.government.books.carried.sum())
    tariff = model_of(world, spec_of(world, held_by(level), {}))
    model.step()
    assert (model.state.ledger.local_price.size > 0) is dear
    assert bool(owed < tariff.government.books.carried.sum()) is dear  # the starting queue is owed for at local prices


def test_centres_that_may_be_opened_have_a_price_before_they_open() -> None:
    world = without_offer(lively_world(n_services=4), provider=2, service=0)
    spec = spec_of(world, held_by("region", price_rule="local"), {**ALL_ON, **LOCAL})
    model = model_of(world, spec)
    model.step()
    state, holders = model.state, model.government.holders[0]
    assert state.ledger.local_price.shape == (6, world.offers.service.size + 1)
    assert (state.ledger.local_price > 0).all()
    flow, of_open = (expected_flow(one, holders, spec.parameters) for one in (state.world, world))
    closed = state.world.offers.capacity == 0.0
    assert closed.sum() == 1
    np.testing.assert_array_equal(flow[:, ~closed], of_open)
    assert (flow[:, closed] > 0.0).all()
