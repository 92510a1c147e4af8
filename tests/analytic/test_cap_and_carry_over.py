"""Mechanism 2: a cap on spending leaves people waiting, and they carry over.

One service, one account a place, no limit of places: what is left undone at the end of a year is known.
Under "bail_out" unused money is gone in March and the cases stay, the law of a hard cap (mechanism 2):
Q → (Q + D − ⌊B/c⌋)⁺. Under "carry" unused money stays as well, so nothing is reflected: Q = (ΣD − Σ⌊B/c⌋)⁺.
Within a year money is released by the month and what one month leaves is there in the next.
"""

from typing import Any

import numpy as np
import pytest

from sim.agents.columns import AWAITING_FUNDS
from sim.model.model import CommissioningModel
from sim.world.services import EMERGENCY, ONGOING
from sim.world.time import first_day
from tests.analytic.bounds import Z, agrees, expected_excess, expected_queue, slope
from tests.analytic.worlds import Lives, after, count_by, world_of

CAPPED: dict[str, Any] = {"budget.cap_enabled": True}
MEAN_EXCESS = 0.399  # of a standard normal number above 0: 1/√(2π)
REFLECTION = 0.58  # −ζ(1/2)/√(2π): what steps of a year take off the queue of a continuous walk


def capped(n_places: int, need: float, years: int, slack: float = 0.0, **levers: Any) -> CommissioningModel:
    """Let every place hold its own budget: money for ``need`` + ``slack`` people a year."""
    share = {"budget.plan_share_of_expected": 1.0 + slack / need}
    return after(world_of(n_places, need=need), years, CAPPED | share, level="place", **levers)


def by_month(model: CommissioningModel) -> tuple[np.ndarray, np.ndarray]:
    """Return those diagnosed and those agreed to, cumulated, int[P, months]."""
    lives, months = Lives(model), model.state.population.plan.months
    ends = np.array([first_day(month + 1) for month in range(months)])
    shape = (len(model.state.world.places.codes), months + 1)

    def cumulated(day: np.ndarray) -> np.ndarray:
        month = np.searchsorted(ends, day, side="right")
        return count_by(lives.place, month, shape=shape)[:, :-1].cumsum(axis=1)

    return cumulated(lives.diagnosis), cumulated(lives.approval)


def queues(model: CommissioningModel) -> np.ndarray:
    """Return those who wait for money at the end of each year, int[P, years]."""
    diagnosed, agreed = by_month(model)
    return (diagnosed - agreed)[:, 11::12]


@pytest.fixture(scope="module")
def one_year() -> dict[float, np.ndarray]:
    """Unmet share at the end of one year when the plan is what was expected, by expected cases."""
    return {need: queues(capped(4000, need, 1))[:, 0] / need for need in (16.0, 64.0, 256.0)}


def test_one_year_leaves_the_mean_excess_of_a_poisson_count(one_year: dict[float, np.ndarray]) -> None:
    for need, share in one_year.items():
        assert agrees(share, expected_excess(need, need) / need)
        assert expected_excess(need, need) / need == pytest.approx(MEAN_EXCESS / np.sqrt(need), rel=0.01)
        assert not agrees(share, 1.2 * MEAN_EXCESS / np.sqrt(need))


def test_the_unmet_share_falls_with_the_square_root_of_the_pool(one_year: dict[float, np.ndarray]) -> None:
    means = np.array([share.mean() for share in one_year.values()])
    errors = np.array([share.std(ddof=1) / np.sqrt(share.size) for share in one_year.values()])

    fitted, error = slope(np.log(list(one_year)), np.log(means), errors / means)

    assert abs(fitted + 0.5) <= Z * error
    assert abs(fitted + 0.4) > Z * error
    assert abs(fitted + 0.6) > Z * error


def test_one_national_account_leaves_less_undone_than_its_places_apart() -> None:
    apart = capped(50, 100.0, 1)
    together = after(world_of(50, need=100.0), 1, CAPPED)

    assert queues(apart).sum() > 0
    assert queues(together).sum() == max(by_month(apart)[0][:, -1].sum() - 5000, 0) < queues(apart).sum()


@pytest.mark.parametrize(("ring_fence", "ahead"), [(True, 0), (False, 1)])
def test_money_is_released_by_the_month_and_unused_money_stays_until_march(ring_fence: bool, ahead: int) -> None:
    model = capped(200, 100.0, 1, ring_fence=ring_fence)
    diagnosed, agreed = by_month(model)
    released = np.array([100 * (month + 1) // 12 + ahead for month in range(12)])  # one in a hundred may cross

    np.testing.assert_array_equal(agreed, np.minimum(diagnosed, released))


def test_ongoing_treatment_takes_its_monthly_price_from_what_may_be_agreed_to() -> None:
    world = world_of(30, need=60.0, kinds=(ONGOING,))
    model = after(world, 3, CAPPED | {"budget.plan_share_of_expected": 0.8}, level="place", year_end="bail_out")
    diagnosed, agreed = by_month(model)
    plan, price = model.government.books.plan, int(model.state.roster.facts.price_pence[0])

    account = model.state.ledger.account_of[:, 0]
    on_treatment, charged = np.zeros(30, dtype=np.int64), np.zeros(30, dtype=np.int64)
    for month in range(36):
        charged *= month % 12 > 0
        released = plan[account, month // 12] * (month % 12 + 1) // 12
        affordable = np.maximum((released - charged - on_treatment * price) // price, 0)
        on_treatment += np.minimum(diagnosed[:, month] - on_treatment, affordable)
        charged += on_treatment * price
        np.testing.assert_array_equal(agreed[:, month], on_treatment)
    assert (diagnosed[:, -1] > on_treatment).any()


@pytest.mark.parametrize("slack", [-2.0, 0.0, 3.0])
def test_cases_carry_over_and_unused_money_does_not(slack: float) -> None:
    model = capped(100, 50.0, 6, slack, year_end="bail_out")
    yearly = np.diff(by_month(model)[0][:, 11::12], axis=1, prepend=0)

    found = queues(model)

    expected = np.zeros(100, dtype=np.int64)
    for year in range(6):
        expected = np.maximum(expected + yearly[:, year] - int(50 + slack), 0)
        np.testing.assert_array_equal(found[:, year], expected)


@pytest.fixture(scope="module")
def without_slack() -> np.ndarray:
    return queues(capped(1500, 25.0, 16, year_end="bail_out"))


@pytest.mark.parametrize("year", [1, 4, 16])
def test_without_slack_the_queue_grows_as_a_reflected_walk(without_slack: np.ndarray, year: int) -> None:
    assert agrees(without_slack[:, year - 1], expected_queue(25.0, 25.0, year))


def test_without_slack_the_queue_grows_with_the_square_root_of_time(without_slack: np.ndarray) -> None:
    last = without_slack[:, 15]

    assert agrees(last, np.sqrt(2 * 25.0 * 16 / np.pi) - REFLECTION * np.sqrt(25.0))
    assert not agrees(last, np.sqrt(2 * 25.0 / np.pi) * 16**0.6 - REFLECTION * np.sqrt(25.0))
    assert not agrees(last, np.sqrt(2 * 25.0 * 16 / np.pi))  # the steps of a year matter
    assert not agrees(last, np.sqrt(25.0 * 16 / (2 * np.pi)))  # so does losing unused money


def test_little_slack_settles_at_the_heavy_traffic_queue() -> None:
    need, slack, years = 25.0, 1.0, 60
    settled = queues(capped(1500, need, years, slack, year_end="bail_out"))[:, -1]

    limit = need / (2 * slack) - REFLECTION * np.sqrt(need)

    assert agrees(settled, expected_queue(need, need + slack, years))
    assert agrees(settled, limit)
    assert expected_queue(need, need + slack, 1000) == pytest.approx(limit, rel=0.04)  # where slack ≪ √need
    assert not agrees(settled, need / (2 * slack))  # without the correction for yearly steps
    assert not agrees(settled, need / (2 * 1.2 * slack) - REFLECTION * np.sqrt(need))


def test_money_that_is_carried_over_halves_the_queue() -> None:
    model = capped(1500, 25.0, 9, year_end="carry")
    diagnosed, last = by_month(model)[0], queues(model)[:, -1]

    np.testing.assert_array_equal(last, np.maximum(diagnosed[:, -1] - 9 * 25, 0))
    assert agrees(last, expected_excess(9 * 25.0, 9 * 25.0))
    assert not agrees(last, expected_queue(25.0, 25.0, 9))


def test_nobody_is_lost_on_the_way() -> None:
    model = capped(40, 50.0, 3, -5.0, year_end="bail_out")
    lives = Lives(model)
    waiting = np.isinf(lives.approval)

    assert waiting.sum() > 0
    assert (lives.state[waiting] == AWAITING_FUNDS).all()
    assert (lives.start[~waiting] == lives.approval[~waiting]).all()
    assert model.state.accounts.queued.sum() == waiting.sum() == queues(model)[:, -1].sum()


def test_a_deficit_lowers_the_plan_of_the_next_year_only_where_it_is_carried() -> None:
    def books(year_end: str) -> Any:
        world = world_of(20, need=30.0, kinds=(EMERGENCY,))
        return after(world, 3, CAPPED, level="place", year_end=year_end).government.books

    carried, settled = books("carry"), books("bail_out")
    balance = settled.plan - settled.spend

    assert (balance[:, 0] < 0).any()
    assert (settled.plan == settled.plan[:, :1]).all()
    np.testing.assert_array_equal(settled.crossed, -balance)
    np.testing.assert_array_equal(carried.plan[:, 1:] - settled.plan[:, 1:], balance.cumsum(axis=1)[:, :-1])
    assert (carried.crossed == 0).all()


def test_without_the_cap_nobody_waits_for_money() -> None:
    model = after(world_of(40, need=50.0), 3, {"budget.plan_share_of_expected": 0.1}, level="place")
    lives = Lives(model)

    np.testing.assert_array_equal(lives.approval, lives.diagnosis)
