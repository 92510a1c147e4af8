"""What changes hands in a reorganisation: staff, baselines, money that moves or stays, and what the change costs."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.governance.accounts import Payers, PoolingParameters, accounts_of
from sim.governance.baseline import Errors, errors_now, plans_of
from sim.governance.handover import (
    HandoverParameters,
    Handovers,
    hand_over_money,
    hand_over_office,
    handover_pence,
    nothing_handed_over,
)
from sim.governance.levers import Levers
from sim.governance.matrix import GROUPS, Cell, Regime
from sim.governance.seats import unit_identities
from sim.governance.units import Holders, find_holders
from sim.luck.draws import luck_of
from tests.builders import held_by, small_world

ALPHA = 1e-4
WORLD = small_world()
SHAPE = WORLD.expected_need.shape
ODD = HandoverParameters(staff_lost_share=0.3, staff_recovery_years=1.5)
NO_ERROR = HandoverParameters(baseline_error_mean_share=0.0, baseline_error_sd_share=0.0)


def of(regime: Regime) -> Holders:
    return find_holders(WORLD, unit_identities(WORLD.places), regime)


def handed_over(parameters: HandoverParameters = ODD, month: int = 24, **levers: Any) -> Handovers:
    """Return what is noted when the nation hands everything to districts."""
    handed = nothing_handed_over(*SHAPE, len(GROUPS))
    hand_over_office(handed, of(held_by("nation")), of(held_by("district")), month, (Levers(**levers), parameters))
    return handed


# --- staff ---------------------------------------------------------------------------------------------


def test_what_staff_is_lacking_is_down_to_1_over_e_after_the_time_of_recovery() -> None:
    handed = handed_over()
    for month, left in ((24, 1.0), (24 + 18, np.exp(-1.0)), (24 + 36, np.exp(-2.0))):
        assert handed.staff("policy", month, ODD) == pytest.approx(np.full(SHAPE, 1.0 - 0.3 * left))


def test_staff_who_are_not_transferred_are_lacking_too() -> None:
    handed = handed_over(staff_transferred_share=0.6)
    assert handed.staff("contracting", 24, ODD) == pytest.approx(np.full(SHAPE, 0.6 * 0.7))


def test_who_goes_on_as_before_is_not_disturbed() -> None:
    nation, district = Cell("nation"), Cell("district")
    row = {"policy": nation, "budget": district, "contracting": district, "cases": nation}
    handed = nothing_handed_over(*SHAPE, len(GROUPS))
    delegated = Regime("delegated", dict.fromkeys(GROUPS, row), Levers())
    hand_over_office(handed, of(held_by("nation")), of(delegated), 12, (Levers(), ODD))
    assert (handed.staff("policy", 12, ODD) == 1.0).all()
    assert (handed.staff("cases", 12, ODD) == 1.0).all()
    assert handed.staff("contracting", 12, ODD) == pytest.approx(np.full(SHAPE, 0.7))


def test_off_means_that_nobody_lacks_anything_and_nothing_is_paid() -> None:
    off = HandoverParameters(enabled=False, staff_lost_share=0.3)
    assert (handed_over(off).staff("policy", 24, off) == 1.0).all()
    nation, district = of(held_by("nation")), of(held_by("district"))
    assert handover_pence(nation, district, WORLD.places.population, (Levers(), off)) == 0


def test_taking_back_is_as_hard_as_giving_away() -> None:
    nation, district = of(held_by("nation")), of(held_by("district"))
    there, back = nothing_handed_over(*SHAPE, 3), nothing_handed_over(*SHAPE, 3)
    terms = (Levers(staff_transferred_share=0.5), ODD)
    hand_over_office(there, nation, district, 12, terms)
    hand_over_office(back, district, nation, 12, terms)
    people = WORLD.places.population
    assert (there.staff("policy", 20, ODD) == back.staff("policy", 20, ODD)).all()
    assert handover_pence(nation, district, people, terms) == handover_pence(district, nation, people, terms) > 0


def test_a_change_costs_by_the_offices_and_by_the_posts_that_end() -> None:
    parameters = HandoverParameters(body_gbp=1_000.0, redundancy_gbp=10.0, staff_posts=60.0)
    nation, district = of(held_by("nation")), of(held_by("district"))
    cost = handover_pence(nation, district, WORLD.places.population, (Levers(staff_transferred_share=0.75), parameters))
    assert cost == (7 * 1_000 + 0.25 * 60 * 10) * 100


# --- baselines -----------------------------------------------------------------------------------------

MANY = tuple(range(1, 3001))


def own_errors(sd: float, taken: np.ndarray, year: int = 0) -> np.ndarray:
    parameters = HandoverParameters(baseline_error_sd_share=sd, correction_years=2.0)
    return errors_now(taken, MANY, 0, Errors(parameters, luck_of(1, 0), year, 1359))[1]


def test_errors_have_the_spread_that_is_stated_and_cancel() -> None:
    taken = np.ones(len(MANY))
    own = own_errors(0.05, taken)
    low, high = stats.chi2.ppf([ALPHA / 2, 1 - ALPHA / 2], own.size - 1)
    squares = float((own**2).sum())
    assert own.mean() == pytest.approx(0.0, abs=1e-12)
    assert low < squares / 0.05**2 < high
    assert not low < squares / 0.057**2 < high  # a wrong spread is told from the right one


def test_what_one_lacks_another_has_by_plan() -> None:
    taken = np.random.default_rng(1).uniform(0.0, 1e9, len(MANY))
    taken[::7] = 0.0
    own = own_errors(0.05, taken)
    assert abs(own @ taken) < 1e-6 * taken.sum()
    assert (own[taken == 0] == 0).all()
    assert (own[taken > 0] != 0).all()


def test_an_error_is_down_to_1_over_e_after_the_time_of_correction() -> None:
    taken = np.ones(len(MANY))
    assert own_errors(0.05, taken, year=2) == pytest.approx(own_errors(0.05, taken) / np.e)


def test_the_error_of_a_unit_follows_it_and_not_its_row() -> None:
    taken = np.ones(len(MANY))
    errors = Errors(HandoverParameters(), luck_of(1, 0), 0, 1359)
    mean, own = errors_now(taken, MANY, 0, errors)
    _, turned = errors_now(taken, MANY[::-1], 0, errors)
    assert own == pytest.approx(turned[::-1])
    assert mean == HandoverParameters().baseline_error_mean_share


# --- money ---------------------------------------------------------------------------------------------


def payers_of(*regimes: Regime) -> Payers:
    return accounts_of(WORLD.places, WORLD.services, regimes, PoolingParameters())


AMOUNTS = (np.full(SHAPE, 1e6), np.full((SHAPE[0], len(GROUPS)), 3e6))
TOTAL = sum(float(part.sum()) for part in AMOUNTS)


def errors_with(parameters: HandoverParameters, year: int = 1) -> Errors:
    return Errors(parameters, luck_of(1, 0), year, 1359)


def test_no_pound_is_made_or_lost_by_a_wrong_baseline() -> None:
    payers = payers_of(held_by("nation"), held_by("district"))
    handed = nothing_handed_over(*SHAPE, len(GROUPS))
    hand_over_money(handed, payers, (0, 1), 1, Levers())
    found = plans_of(payers, 1, AMOUNTS, handed, errors_with(HandoverParameters()))
    assert found.plan.sum() - found.outside.sum() == pytest.approx(TOTAL)
    assert found.outside.sum() == pytest.approx(-0.048 * TOTAL)
    assert np.unique(found.plan[found.plan > 0]).size == 6
    assert found.rest_error.sum() == pytest.approx(-0.048 * AMOUNTS[1].sum())


def test_one_who_takes_everything_has_the_mean_error_alone() -> None:
    payers = payers_of(held_by("district"), held_by("nation"))
    handed = nothing_handed_over(*SHAPE, len(GROUPS))
    hand_over_money(handed, payers, (0, 1), 1, Levers())
    found = plans_of(payers, 1, AMOUNTS, handed, errors_with(HandoverParameters()))
    assert found.plan.max() == pytest.approx(0.952 * TOTAL)


def test_money_that_does_not_move_stays_with_the_old_holder_and_comes_back() -> None:
    nation, district = held_by("nation"), held_by("district")
    keeping = Regime("keeping", {**district.matrix, GROUPS[0]: nation.matrix[GROUPS[0]]}, nation.levers)
    payers = payers_of(nation, keeping, nation)
    handed = nothing_handed_over(*SHAPE, len(GROUPS))
    plain = errors_with(NO_ERROR)
    whole = plans_of(payers, 1, AMOUNTS, handed, plain).plan
    hand_over_money(handed, payers, (0, 1), 1, Levers(resource_shift_share=0.8))
    short = plans_of(payers, 1, AMOUNTS, handed, plain)
    the_nation = int(payers.payer[0][0, 0])
    moved = np.delete(whole, the_nation)
    assert np.delete(short.plan, the_nation) == pytest.approx(0.8 * moved)
    assert short.plan[the_nation] == pytest.approx(whole[the_nation] + 0.2 * moved.sum())
    assert (short.outside == 0).all()
    hand_over_money(handed, payers, (1, 2), 2, Levers())
    assert plans_of(payers, 2, AMOUNTS, handed, plain).plan[the_nation] == pytest.approx(TOTAL)


def test_what_stays_with_one_who_pays_for_nothing_any_more_is_outside() -> None:
    payers = payers_of(held_by("district"), held_by("nation"))
    handed = nothing_handed_over(*SHAPE, len(GROUPS))
    hand_over_money(handed, payers, (0, 1), 1, Levers(resource_shift_share=0.7))
    found = plans_of(payers, 1, AMOUNTS, handed, errors_with(NO_ERROR))
    assert found.plan.sum() == pytest.approx(0.7 * TOTAL)
    assert found.outside.sum() == pytest.approx(-0.3 * TOTAL)
    assert (found.plan[found.outside < 0] == 0).all()


def test_a_new_name_moves_nothing() -> None:
    regime = held_by("region")
    payers = payers_of(regime, replace(regime, id="other"))
    handed = nothing_handed_over(*SHAPE, len(GROUPS))
    hand_over_money(handed, payers, (0, 1), 1, Levers(resource_shift_share=0.5))
    found = plans_of(payers, 1, AMOUNTS, handed, errors_with(HandoverParameters()))
    assert found.plan.sum() == pytest.approx(TOTAL)
    assert (found.outside == 0).all()
    assert (handed.held == 1).all()
