"""Levers of money: risk shared between accounts, the year-end rule that freezes, and the pace of change."""

from typing import Any

import numpy as np
import pytest

from sim.model.model import CommissioningModel
from sim.phases import settlement
from sim.phases.settlement import shared
from tests.builders import (
    SHORT_OF_MONEY,
    differing,
    finished_model,
    held_by,
    lively_world,
    model_of,
    result_of,
    spec_of,
)


def test_what_is_put_together_is_divided_and_adds_up() -> None:
    amounts, weights = np.array([100, -40, 7, 0]), np.array([1, 2, 1, 0])
    assert shared(amounts, weights, 0.0).tolist() == amounts.tolist()
    whole = shared(amounts, weights, 1.0)
    assert whole.sum() == amounts.sum() == 67
    assert whole == pytest.approx(np.array([67 / 4, 67 / 2, 67 / 4, 0]), abs=1)
    half = shared(amounts, weights, 0.5)
    assert half == pytest.approx((amounts + whole) / 2, abs=1)
    assert half.sum() == 67
    assert shared(amounts, 0 * weights, 1.0).tolist() == amounts.tolist()


def queue_and_balances(level: str, **levers: Any) -> tuple[int, int]:
    """Return who waits for money after three years of too little of it, and how far balances are apart in pounds."""
    world = lively_world(people_per_place=100_000, need_unobserved_sd_log=0.6, capacity_share_of_need=2.0)
    tight = {"budget.plan_share_of_expected": 0.8, "portfolio.specialised_spend_gbp_m": 0.0}
    model = finished_model(world, spec_of(world, held_by(level, **levers), tight, years=2))
    return int(model.state.accounts["queued"].sum()), int(np.ptp(model.government.books.carried)) // 100


def test_sharing_all_risk_between_accounts_of_equal_plans_is_close_to_one_pool() -> None:
    """Need differs between districts and their plans do not, so alone some are short while others have too much."""
    pool, _ = queue_and_balances("nation")
    alone, apart = queue_and_balances("district")
    sharing, close = queue_and_balances("district", risk_share=1.0)
    assert abs(sharing - pool) < 0.15 * pool
    assert alone > 1.5 * pool
    assert close <= 1
    assert apart > 100_000


def with_levers(years: int = 2, **levers: Any) -> CommissioningModel:
    world = lively_world(capacity_share_of_need=0.6)
    return model_of(world, spec_of(world, held_by("district", **levers), SHORT_OF_MONEY, years=years))


def room_to_date(model: CommissioningModel) -> np.ndarray:
    """Return what each account may have spent by the end of this month, whatever it has."""
    books, accounts = model.government.books, model.state.accounts
    government = model.government
    settlement.release(model.state, books, government.purses, model.situation.parameters.budget, government.levers)
    unavoidable = accounts["running"] + books.expected_emergencies + books.expected_rest // 12
    return np.asarray(accounts["available"] + accounts["charged"] + unavoidable)


def test_who_freezes_gives_surpluses_up_and_keeps_deficits() -> None:
    model = with_levers(year_end="freeze")
    books = model.government.books
    while model.state.month < 12:
        model.step()
    assert (books.carried <= 0).all()
    assert (books.crossed[:, 0] <= 0).all()
    assert ((books.carried == 0) | (books.crossed[:, 0] == 0)).all()
    assert books.crossed[:, 0].any() or books.carried.any()


@pytest.mark.parametrize(("rule", "repaid"), [("freeze", [2 / 3, 1, 1]), ("carry", [2 / 12, 3 / 12, 4 / 12])])
def test_a_deficit_is_repaid_in_the_first_quarter_or_over_the_year(rule: str, repaid: list[float]) -> None:
    model = with_levers(year_end=rule)
    while model.state.month < 12:
        model.step()
    books, owed = model.government.books, 600_000_00
    books.carried[:] = -owed
    for months, part in zip((2, 3, 4), repaid, strict=True):
        model.step()
        assert room_to_date(model) == pytest.approx(books.allocation[:, 1] * months / 12 - owed * part, abs=2)


def test_what_was_agreed_to_before_the_first_day_is_no_deficit() -> None:
    freeze, carry = (with_levers(year_end=rule) for rule in ("freeze", "carry"))
    for model in (freeze, carry):
        model.step()
    assert freeze.government.books.plan.sum() != freeze.government.books.allocation.sum()
    assert room_to_date(freeze).tolist() == room_to_date(carry).tolist()


def test_allocations_close_a_part_of_the_distance_each_year() -> None:
    paces = {
        pace: with_levers(allocation="capitation", pace_of_change_share_per_year=pace) for pace in (1.0, 0.25, 0.0)
    }
    start = paces[1.0].government.shares.services.copy()
    heads = np.full_like(start, 1 / 6)
    for year in range(1, 4):
        for pace, model in paces.items():
            while model.state.month <= 12 * (year - 1):
                model.step()
            left = (1 - pace) ** year
            assert model.government.shares.services == pytest.approx(left * start + (1 - left) * heads)
            assert model.government.shares.rest.sum() == pytest.approx(1.0)


def test_the_pace_does_not_start_anew_with_a_new_name() -> None:
    world = lively_world(capacity_share_of_need=0.6)
    slow = held_by("district", pace_of_change_share_per_year=0.3, risk_share=0.5, year_end="freeze")
    renamed = held_by("district", "other", pace_of_change_share_per_year=0.3, risk_share=0.5, year_end="freeze")
    timelines = ((("2013-04", slow),), (("2013-04", slow), ("2014-04", renamed)))
    one, two = (result_of(world, spec_of(world, timeline, SHORT_OF_MONEY, years=2)) for timeline in timelines)
    assert differing(one, two) == []


@pytest.mark.parametrize("lever", [{"risk_share": 0.5}, {"year_end": "freeze"}, {"pace_of_change_share_per_year": 0.2}])
def test_each_lever_changes_lives(lever: dict[str, Any]) -> None:
    world = lively_world(capacity_share_of_need=0.6, need_unobserved_sd_log=0.6)
    one, two = (
        result_of(world, spec_of(world, held_by("district", **levers), SHORT_OF_MONEY, years=2))
        for levers in ({}, lever)
    )
    assert one.lives_checksum != two.lives_checksum


@pytest.mark.parametrize(
    ("lever", "switched_on"), [({"resource_shift_share": 0.8}, False), ({"staff_transferred_share": 0.5}, True)]
)
def test_levers_of_a_change_act_when_it_comes(lever: dict[str, float], switched_on: bool) -> None:
    world = lively_world(capacity_share_of_need=0.6)
    changes = {**SHORT_OF_MONEY, "handover.enabled": switched_on, "handover.staff_posts": 3.0, "handover.body_gbp": 0.0}
    timelines = [(("2013-04", held_by("nation")), ("2014-04", held_by("district", **levers))) for levers in ({}, lever)]
    one, two = (result_of(world, spec_of(world, timeline, changes, years=2)) for timeline in timelines)
    assert one.lives_checksum != two.lives_checksum
