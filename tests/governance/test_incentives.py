"""Mechanism 15 by itself: what is saved, who keeps it, and what that makes a payer do."""

from dataclasses import replace

import numpy as np
import pytest

from sim.governance.accounts import accounts_of
from sim.governance.incentives import (
    GBP_PER_UNIT_OF_EFFORT,
    IncentiveParameters,
    donor_share,
    effort,
    kept_share,
    saving_gbp,
)
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime
from sim.specification.parameters import ParameterSet
from sim.world.links import PathwayLink, relieved_by
from sim.world.services import ONE_OFF, ONGOING
from sim.world.world import World
from tests.builders import held_by, small_world

LINKED = small_world(n_services=3, kinds=(ONE_OFF, ONGOING), linked=True)
DEFAULTS = IncentiveParameters()


def with_costs(world: World, costs: list[float], upkeep: float) -> World:
    """Return the world with the costs of its services and the upkeep of its one link."""
    link = replace(world.links[0], upkeep_gbp=upkeep)
    return replace(world, services=replace(world.services, cost_gbp=np.array(costs)), links=(link,))


def budgets(first: str, second: str) -> Regime:
    """Return a regime in which one level pays for the first group and another for the second."""
    row = {function: Cell("nation") for function in FUNCTIONS}
    paid = {group: {**row, "budget": Cell(level)} for group, level in zip(GROUPS, (first, second), strict=False)}
    return Regime("split", {**dict.fromkeys(GROUPS, row), **paid})


def kept(regime: Regime, pooling: bool = True) -> np.ndarray:
    parameters = ParameterSet().pooling.model_copy(update={"enabled": pooling})
    payers = accounts_of(LINKED.places, LINKED.services, [regime], parameters)
    relieved = relieved_by(LINKED.links, LINKED.services)
    return kept_share(payers.payer[0], relieved, payers.purses[0], regime.levers.risk_share)


def test_the_saving_is_that_of_the_factsheet_in_its_prices() -> None:
    world = with_costs(LINKED, [17_000.0, 30_800.0, 17_000.0], upkeep=5_000.0)
    assert saving_gbp(world.services, world.links, 10.0).tolist() == [241_000.0, 0.0, 0.0]


def test_what_costs_more_than_it_spares_saves_nothing() -> None:
    world = with_costs(LINKED, [17_000.0, 30_800.0, 17_000.0], upkeep=30_000.0)
    assert saving_gbp(world.services, world.links, 10.0).tolist() == [0.0, 0.0, 0.0]


def test_where_prices_are_local_a_saving_is_reckoned_at_them() -> None:
    world = with_costs(LINKED, [17_000.0, 30_800.0, 17_000.0], upkeep=5_000.0)
    ratio = np.array([[1.0, 1.0, 1.0], [2.0, 1.0, 1.0], [1.0, 1.5, 9.0]])
    saved = saving_gbp(world.services, world.links, 10.0, ratio)[:, 0].tolist()
    assert saved == [241_000.0, 241_000.0 - 17_000.0, 10.0 * (46_200.0 - 5_000.0) - 17_000.0]


def test_without_links_nothing_is_saved() -> None:
    assert not saving_gbp(LINKED.services, (), 10.0).any()
    payers = accounts_of(LINKED.places, LINKED.services, [budgets("nation", "nation")], ParameterSet().pooling)
    assert not kept_share(payers.payer[0], relieved_by((), LINKED.services), payers.purses[0], 0.0).any()


@pytest.mark.parametrize(
    ("regime", "share"),
    [
        (held_by("nation"), 1.0),
        (held_by("district"), 1.0),
        (budgets("nation", "nation"), 1.0),
        (budgets("district", "district"), 1.0),
        (budgets("nation", "district"), 0.0),
        (budgets("district", "nation"), 0.0),
    ],
)
def test_the_saving_is_kept_by_whoever_pays_for_both(regime: Regime, share: float) -> None:
    assert kept(regime)[:, 0].tolist() == [share] * len(LINKED.places.codes)
    assert not kept(regime)[:, 1:].any()


def test_money_in_one_pool_keeps_every_saving() -> None:
    assert (kept(budgets("nation", "district"), pooling=False)[:, 0] == 1.0).all()


def test_all_of_the_saving_against_none_of_it_is_worth_the_saving_over_the_cost_of_effort() -> None:
    saving = np.array([241_000.0, 0.0])
    shares = np.array([[1.0, 1.0], [0.0, 0.0], [0.5, 0.5]])
    whole, none, half = effort(shares, saving, DEFAULTS)
    k = GBP_PER_UNIT_OF_EFFORT / DEFAULTS.log_odds_per_100_000_gbp
    assert (whole - none).tolist() == pytest.approx((saving / k).tolist())
    assert half.tolist() == pytest.approx((0.5 * saving / k).tolist())
    assert not none.any()


def test_effort_moves_the_log_odds_of_a_donor() -> None:
    share = donor_share(np.array([0.0, 0.5, 20.0]), DEFAULTS)
    odds = share / (1.0 - share)
    assert share[0] == DEFAULTS.living_donor_share
    assert odds[1] / odds[0] == pytest.approx(np.exp(0.5))
    assert share[2] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("changes", [{"enabled": False}, {"log_odds_per_100_000_gbp": 0.0}, {"saving_years": 0.0}])
def test_off_without_response_or_without_a_view_ahead_nobody_makes_an_effort(changes: dict[str, object]) -> None:
    parameters = DEFAULTS.model_copy(update=changes)
    saving = saving_gbp(LINKED.services, LINKED.links, parameters.saving_years)
    assert not effort(np.ones((2, 3)), saving, parameters).any()


def test_a_link_is_between_names() -> None:
    assert LINKED.links == (PathwayLink("service_00000", "service_00001", 0.0),)
