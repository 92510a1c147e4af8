"""Delegated money changes nothing by itself: not without risk, discretion, or anything that follows numbers."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.governance.levers import Levers
from sim.governance.matrix import GROUPS, Cell, Regime
from tests.builders import SHORT_OF_MONEY, differing, few, result_of, small_world, spec_of
from tests.invariants.cases import PARAMETERS, WORLDS

NATION = Cell("nation")
LEVERS = {"specification_binding_share": 1.0}
ALIKE = {"pooling.enabled": False, "administration.enabled": False}
"""Risk is fully shared, and the number of bodies costs nothing."""


def delegated(budget: str, contracting: str = "nation", policy: str = "nation", **levers: Any) -> Regime:
    row = {"policy": Cell(policy), "budget": Cell(budget), "contracting": Cell(contracting), "cases": NATION}
    return Regime(f"{budget}_{contracting}", dict.fromkeys(GROUPS, row), Levers(**{**LEVERS, **levers}))


SOME_LEVERS = [Levers(), Levers(allocation="historic"), Levers(year_end="bail_out"), Levers(price_rule="local")]


@given(WORLDS, PARAMETERS, st.sampled_from(SOME_LEVERS))
@few(15)
def test_boards_that_only_hold_the_money_are_the_nation(options: Any, parameters: Any, levers: Levers) -> None:
    world = small_world(**options)
    one, two = (
        result_of(world, spec_of(world, replace(delegated(level), levers=levers), {**parameters, **ALIKE}, twin_sets=1))
        for level in ("nation", "district")
    )
    assert differing(one, two) == []


BORDERS = {
    **ALIKE,
    **dict.fromkeys(("referral.in_footprint_enabled", "experiments.enabled", "local_fit.enabled"), False),
}
"""Nor is a pathway designed, or a centre chosen, for a holder's own area."""


@given(WORLDS, PARAMETERS)
@few(10)
def test_nor_do_contracts_matter_while_policy_binds_and_nobody_minds_borders(options: Any, parameters: Any) -> None:
    world = small_world(**options)
    one, two = (
        result_of(world, spec_of(world, delegated("district", level), {**parameters, **BORDERS}, twin_sets=1))
        for level in ("nation", "district")
    )
    assert differing(one, two) == []


DIVERGING = {"policy.divergence_enabled": True, "appraisal.enabled": True, "appraisal.national_error_log": 0.6}


@pytest.mark.parametrize(
    ("changes", "levers"),
    [
        ({"pooling.enabled": True}, {}),
        ({"administration.enabled": True, "administration.body_gbp": 20_000.0}, {}),
        ({"referral.in_footprint_enabled": True}, {}),
        ({"experiments.enabled": True, "experiments.effect_log_odds": 2.0}, {}),
        ({"local_fit.enabled": True, "local_fit.need_sd": 1.5}, {}),
        (DIVERGING, {"specification_binding_share": 0.5}),
        ({"prices.enabled": True}, {"price_rule": "local"}),
    ],
)
def test_each_of_these_alone_tells_boards_from_the_nation(changes: dict[str, Any], levers: dict[str, Any]) -> None:
    world = small_world(people_per_place=200_000, place_area_km2=2_500.0, capacity_share_of_need=1.3)
    parameters = {**SHORT_OF_MONEY, **BORDERS, **changes}
    regimes = (delegated("nation", **levers), delegated("district", "district", **levers))
    one, two = (result_of(world, spec_of(world, regime, parameters, years=3)) for regime in regimes)
    assert one.lives_checksum != two.lives_checksum
