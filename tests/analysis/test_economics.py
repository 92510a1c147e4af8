"""Costs and effects of paired draws: quotients only where they mean something, dominance, net benefit, EVPI by hand."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.analysis.economics import (
    STATUS,
    THRESHOLDS,
    Increment,
    economics,
)
from sim.measures.intervals import EQUIVALENT, LARGER

ON_FRONTIER, DOMINATED, EXTENDEDLY_DOMINATED = (STATUS[status] for status in ("ND", "D", "ED"))
REGIMES = ("base", "other")
ZERO = np.zeros(4)


def increment(cost: list[float], qalys: list[float], base: float = 1e6) -> Increment:
    costs = np.array([[base] * len(cost), base + np.array(cost)])
    effects = np.array([[0.0] * len(qalys), qalys])
    return economics(REGIMES, costs, effects).increments[1]


@pytest.mark.parametrize(
    ("cost", "qalys", "words"),
    [
        ([90.0, 100.0, 110.0], [9.0, 10.0, 11.0], "more QALYs at more cost"),
        ([-90.0, -100.0, -110.0], [9.0, 10.0, 11.0], "dominates the baseline"),
        ([90.0, 100.0, 110.0], [-9.0, -10.0, -11.0], "dominated by the baseline"),
        ([-90.0, -100.0, -110.0], [-9.0, -10.0, -11.0], "fewer QALYs at less cost"),
        ([90.0, 100.0, 110.0], [-9.0, 1.0, 8.0], "QALYs not distinguishable, costs more"),
        ([-90.0, 10.0, 80.0], [9.0, 10.0, 11.0], "more QALYs, costs not distinguishable"),
        ([-90.0, 10.0, 80.0], [-9.0, 1.0, 8.0], "not distinguishable"),
        ([100.0], [10.0], "no verdict"),
    ],
)
def test_each_quarter_of_the_plane_has_its_words(cost: list[float], qalys: list[float], words: str) -> None:
    assert increment(cost, qalys).words == words


def test_there_is_no_quotient_over_a_difference_that_may_be_none() -> None:
    unsure = increment([90.0, 100.0, 110.0], [-9.0, 1.0, 8.0])
    assert all(math.isnan(value) for value in (unsure.icer, unsure.icer_low, unsure.icer_high))
    assert math.isnan(increment([100.0], [10.0]).icer)


def test_fieller_limits_hold_the_quotient_and_are_the_roots_of_their_equation() -> None:
    cost, qalys = np.array([80.0, 130.0, 100.0, 95.0]), np.array([9.0, 11.0, 10.5, 9.5])
    found = increment(cost.tolist(), qalys.tolist())
    t = 3.182446305284263  # Student's t, 3 degrees of freedom, 97.5 %
    for limit in (found.icer_low, found.icer_high):
        apart = cost - limit * qalys
        assert abs(apart.mean()) == pytest.approx(t * apart.std(ddof=1) / 2.0, rel=1e-9)
    assert found.icer == pytest.approx(cost.mean() / qalys.mean())
    assert found.icer_low < found.icer < found.icer_high


def test_an_effect_without_spread_gives_the_interval_of_the_cost() -> None:
    cost = np.array([80.0, 130.0, 100.0, 95.0])
    found = increment(cost.tolist(), [10.0] * 4)
    assert (found.icer_low, found.icer_high) == pytest.approx((found.cost.low / 10, found.cost.high / 10))


def test_dominance_is_told_from_extended_dominance() -> None:
    costs, effects = np.array([0.0, 10.0, 8.0, 20.0, 30.0]), np.array([0.0, 1.0, 0.5, 0.9, 10.0])
    found = economics(tuple("abcde"), costs[:, np.newaxis], effects[:, np.newaxis])
    places = [entry.frontier for entry in found.increments]
    assert places == [ON_FRONTIER, EXTENDEDLY_DOMINATED, EXTENDEDLY_DOMINATED, DOMINATED, ON_FRONTIER]


def test_equals_do_not_dominate_one_another() -> None:
    found = economics(REGIMES, np.ones((2, 3)), np.ones((2, 3)))
    assert [entry.frontier for entry in found.increments] == [ON_FRONTIER, ON_FRONTIER]


def test_net_benefit_acceptability_and_the_value_of_information_by_hand() -> None:
    """In half of the draws the other gains 1 QALY, in half it loses 1, at no cost: knowing is worth half a QALY."""
    costs = np.full((2, 4), 1000.0)
    effects = np.array([ZERO, [1.0, -1.0, 1.0, -1.0]])
    found = economics(REGIMES, costs, effects)
    assert found.evpi == pytest.approx([threshold / 2 for threshold in THRESHOLDS])
    assert {(one.regime, one.share_best) for one in found.benefits} == {("base", 0.5), ("other", 0.5)}
    assert (found.replicates, found.points) == (4, 1)


def test_of_equals_the_first_is_best_and_information_is_worth_nothing() -> None:
    found = economics(REGIMES, np.ones((2, 3)), np.ones((2, 3)))
    assert [one.share_best for one in found.benefits if one.regime == "base"] == [1.0] * len(THRESHOLDS)
    assert found.evpi == [0.0] * len(THRESHOLDS)


def test_a_net_benefit_is_judged_by_half_a_per_cent_of_the_cost() -> None:
    base = 1e9
    costs = np.array([[base] * 4, [base - 1e6, base - 1.1e6, base - 0.9e6, base - 1e6]])
    small = economics(REGIMES, costs, np.zeros((2, 4)))
    large = economics(REGIMES, np.array([costs[0], costs[1] - 2e7]), np.zeros((2, 4)))
    assert {one.verdict for one in small.benefits if one.regime == "other"} == {EQUIVALENT}
    assert {one.verdict for one in large.benefits if one.regime == "other"} == {LARGER}


def test_points_that_share_their_luck_do_not_count_as_independent() -> None:
    """Two equal regimes: of 300 studies no more leave out the true difference of 0 than 95 % intervals may."""
    rng, missed, pooled = np.random.default_rng(11), 0, 0
    for _ in range(300):
        inputs, luck = rng.normal(0, 0.3, 20), rng.normal(0, 1.0, 4)[:, np.newaxis]
        apart = inputs - inputs.mean() + luck + rng.normal(0, 0.3, (4, 20))
        effects = np.stack([np.zeros((4, 20)), apart])
        missed += economics(REGIMES, np.zeros((2, 4, 20)), effects).increments[1].qalys.excludes_zero
        pooled += economics(REGIMES, np.zeros((2, 80)), effects.reshape(2, 80)).increments[1].qalys.excludes_zero
    assert missed <= 33  # the 1e-4 limit of a binomial of 300 at 0.05
    assert pooled > 100


def test_how_often_a_regime_is_best_is_told_over_all_draws() -> None:
    effects = np.array([np.zeros((2, 2)), [[1.0, -1.0], [1.0, 1.0]]])
    found = economics(REGIMES, np.zeros((2, 2, 2)), effects)
    assert {one.share_best for one in found.benefits if one.regime == "other"} == {0.75}
    assert (found.replicates, found.points, found.increments[1].qalys.n) == (2, 2, 2)


def test_without_a_draw_there_is_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match="no draw"):
        economics(REGIMES, np.zeros((2, 0)), np.zeros((2, 0)))


VECTORS = json.loads(
    (Path(__file__).parents[1] / "reference/metrics/cost_effectiveness.json").read_text(encoding="utf-8")
)
WORDS = {words: status for status, words in STATUS.items()}


def cases(metric: str) -> list[Any]:
    return [case for case in VECTORS["cases"] if case["metric"] == metric]


@pytest.mark.parametrize("case", cases("incremental_cost_effectiveness"), ids=lambda case: case["id"])
def test_dominance_is_as_published(case: Any) -> None:
    given, wanted = case["inputs"], case["expected"]
    costs, effects = (np.array(given[name], dtype=float)[:, np.newaxis] for name in ("cost", "effect"))
    found = {entry.regime: WORDS[entry.frontier] for entry in economics(given["strategy"], costs, effects).increments}
    assert found == dict(zip(wanted["strategy_order"], wanted["status"], strict=True))
