"""A little more of what is scarce helps where it is scarce, and nowhere else."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.analysis import shadow_prices as module
from sim.analysis.shadow_prices import CHANGES, NO_EFFECT, NO_INTERVAL, NOTHING, Outcome, outcome_of, shadow_prices
from sim.measures.intervals import NOT_DISTINGUISHABLE
from sim.specification.run import RunSpec
from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from sim.world.world import World
from tests.builders import SHORT_OF_MONEY, held_by, lively_world, population_of, spec_of

CHANGE = {change.name: change for change in CHANGES}
WORLD = lively_world(need_per_head_per_year=4e-4, capacity_share_of_need=0.7)
FEW_SLOTS = {"budget.cap_enabled": False}
FEW_POUNDS = {**SHORT_OF_MONEY, "waiting.capacity_enabled": False, "budget.plan_share_of_expected": 0.5}


def gained(world: World, spec: RunSpec, name: str, step: float, services: Any = None) -> tuple[Outcome, Outcome]:
    """Run with and without a change of a given size."""
    population = population_of(world, spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "STEP", step)
        return outcome_of(spec, world, population), outcome_of(spec, world, population, CHANGE[name], services)


def spec(changes: dict[str, Any], **of: Any) -> RunSpec:
    return spec_of(WORLD, held_by("nation"), changes, years=2, **of)


@pytest.mark.parametrize(("scarce", "helps", "idle"), [(FEW_SLOTS, "slots", "money"), (FEW_POUNDS, "money", "slots")])
def test_more_of_what_is_scarce_helps_and_of_what_is_not_does_nothing(
    scarce: dict[str, Any], helps: str, idle: str
) -> None:
    before, after = gained(WORLD, spec(scarce), helps, 0.3)
    assert after.in_time > before.in_time
    assert after.qalys > before.qalys
    assert CHANGE[helps].units(before, after) > 0.0

    before, after = gained(WORLD, spec(scarce), idle, 0.3)
    assert np.array_equal(after.reasons, before.reasons)


def test_the_unit_is_how_much_more_there_was() -> None:
    before, after = gained(WORLD, spec({}), "money", 0.1)
    assert after.plan_pence > before.plan_pence
    assert CHANGE["money"].units(before, after) == (after.plan_pence - before.plan_pence) / 1e7

    before, after = gained(WORLD, spec({}), "slots", 0.1)
    assert after.plan_pence == before.plan_pence  # slots bring no money with them
    starts = WORLD.services.kind != ONGOING
    more = 0.1 * WORLD.services.capacity_per_year[starts].sum()
    places = [max(round(0.1 * total), 1) for total in WORLD.services.capacity_per_year[~starts]]
    assert CHANGE["slots"].units(before, after) == pytest.approx((more + sum(places)) * 2 / 100.0)


@pytest.mark.parametrize("kind", [ONE_OFF, ONGOING, EMERGENCY])
def test_one_service_alone_can_be_given_more(kind: int) -> None:
    one = WORLD.services.kind == kind
    before, after = gained(WORLD, spec({}, weights=((WORLD.services.ids[0], 2),)), "slots", 0.01, one)
    assert after.slots - before.slots >= min(0.01 * WORLD.services.capacity_per_year[one].sum(), 1.0)


def test_a_change_is_made_once_when_the_measured_years_begin() -> None:
    whole = spec(FEW_SLOTS)
    population, months = population_of(WORLD, whole), []

    outcome_of(
        whole, WORLD, population, replace(CHANGE["slots"], make=lambda now: months.append(now.model.state.month))
    )

    assert months == [population.plan.first_measured_month] == [12]


def test_panels_that_answer_at_once_cannot_be_faster() -> None:
    panels = CHANGE["panels"]
    assert panels.possible(spec({"panels.enabled": True}))
    assert not panels.possible(spec({"panels.enabled": True, "panels.decision_months": 0}))
    assert not panels.possible(spec({"panels.enabled": False}))


def test_a_faster_panel_treats_people_sooner() -> None:
    arrival = {"available_from_month": (2013 - 1900) * 12 + 4, "gbp_per_qaly": (9e5,)}
    world = lively_world(need_per_head_per_year=4e-4, kinds=(ONE_OFF,), **arrival)
    slow = {"panels.enabled": True, "panels.decision_months": 3, "policy.divergence_enabled": True}
    money = {"budget.cap_enabled": False, "waiting.capacity_enabled": False, "appraisal.enabled": True}
    long = spec_of(world, held_by("nation"), {**slow, **money}, years=3, burn_in_years=2)
    before, after = gained(world, long, "panels", 0.01)
    assert after.qalys != before.qalys
    assert after.in_time >= before.in_time


def made(in_time: int, plan: int = 10**7, slots: float = 100.0) -> Outcome:
    return Outcome(in_time, float(in_time), np.zeros(0, dtype=np.int64), plan, slots, 1)


def test_effects_are_told_per_unit_with_a_paired_interval() -> None:
    runs = [(made(100, 0), {"money": made(100 + gain, 2 * 10**7)}) for gain in (4, 6, 5)]

    in_time, qalys = shadow_prices({"this": runs})

    assert (in_time.measure, qalys.measure) == ("in_time", "qalys")
    assert in_time.per_unit == pytest.approx(2.5)
    assert in_time.low == pytest.approx(2.5 - 4.302653 * 0.5 / np.sqrt(3))
    assert (in_time.units, in_time.pairs, in_time.verdict) == (2.0, 3, "more")


@pytest.mark.parametrize(
    ("gains", "verdict"),
    [((1, -1, 0), NOT_DISTINGUISHABLE), ((0, 0, 0), NO_EFFECT), ((-4, -5, -4), "fewer"), ((5,), NO_INTERVAL)],
)
def test_what_is_within_the_scatter_is_not_distinguishable(gains: tuple[int, ...], verdict: str) -> None:
    runs = [(made(100, 0), {"money": made(100 + gain)}) for gain in gains]
    assert {price.verdict for price in shadow_prices({"this": runs})} == {verdict}


def test_where_there_is_no_more_of_it_there_is_no_price() -> None:
    [price, _] = shadow_prices({"this": [(made(1), {"slots": made(5)})]})
    assert (price.verdict, np.isnan(price.per_unit)) == (NOTHING, True)
