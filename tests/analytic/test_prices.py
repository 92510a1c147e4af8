"""Mechanism 12: with the same money, whoever bargains alone with a shared provider can treat fewer."""

from typing import Any

import numpy as np
import pytest

from sim.model.model import CommissioningModel
from tests.analytic.worlds import Lives, after, count_by, world_of

RHO, ETA, PLACES = 1.8, 0.2, 8
SHORT: dict[str, Any] = {
    "budget.cap_enabled": True,
    "budget.plan_share_of_expected": 0.5,
    "prices.enabled": True,
    "prices.ceiling_ratio": RHO,
    "prices.bargaining_half_share": ETA,
    "prices.history_sd_log": 0.0,
}


def short_of_money(price_rule: str, changes: dict[str, Any] | None = None) -> CommissioningModel:
    """Run two years of eight places, each with money of its own for half of its people, and one provider for all."""
    world = world_of(PLACES, need=200.0)
    levers = {"price_rule": price_rule, "year_end": "bail_out"}
    return after(world, 2, {**SHORT, **(changes or {})}, "place", **levers)


def agreed_by_year(model: CommissioningModel) -> np.ndarray:
    """Count the people of each place to whom their payer agreed in each year, int[P, years]."""
    lives = Lives(model)
    agreed = np.isfinite(lives.approval)
    year = (lives.approval[agreed] / 365.25).astype(np.int64)
    return count_by(lives.place[agreed], year, shape=(PLACES, 2))


def affordable(model: CommissioningModel, ratio: float) -> np.ndarray:
    """Return how many each place's plan pays for at a multiple of the catalogue price, int[P, years]."""
    catalogue = int(model.state.roster.facts.price_pence[0])
    plan = model.government.books.plan[model.state.ledger.account_of[:, 0]]
    return plan // round(catalogue * ratio)


def bargained(holders: int) -> float:
    """Return the price of a holder with one part in so many of a provider's business, over that of a single buyer."""
    below = ETA / (1.0 / holders + ETA), ETA / (1.0 + ETA)
    alone, together = (1.0 + room * (RHO - 1.0) for room in below)
    return alone / together


@pytest.mark.parametrize(("price_rule", "ratio"), [("national_tariff", 1.0), ("local", bargained(PLACES))])
def test_a_plan_treats_as_many_as_its_prices_let_it(price_rule: str, ratio: float) -> None:
    model = short_of_money(price_rule)
    np.testing.assert_array_equal(agreed_by_year(model), affordable(model, ratio))
    for wrong in {1.0, bargained(PLACES), bargained(2), RHO} - {ratio}:
        assert (agreed_by_year(model) != affordable(model, wrong)).all()


def test_the_premium_is_the_part_of_what_is_paid_that_lies_above_the_catalogue() -> None:
    ledger = short_of_money("local").state.ledger
    paid, premium = ledger.treatment_paid.sum(), ledger.price_premium.sum()
    assert premium / paid == pytest.approx(1.0 - 1.0 / bargained(PLACES), abs=1e-6)
    assert (short_of_money("national_tariff").state.ledger.price_premium == 0).all()


@pytest.mark.parametrize(
    "changes", [{"prices.enabled": False}, {"prices.ceiling_ratio": 1.0}, {"prices.bargaining_half_share": 1e-9}]
)
def test_without_bargaining_or_anything_to_bargain_over_local_prices_are_the_tariff(changes: dict[str, Any]) -> None:
    plain, local = short_of_money("national_tariff"), short_of_money("local", changes)
    assert (plain.state.roster.patients == local.state.roster.patients).all()
    assert (plain.government.books.spend == local.government.books.spend).all()
