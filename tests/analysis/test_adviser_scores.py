"""Arithmetic of advice: intervals, weighed sums, and regret over points, none of which takes nan for none."""

import numpy as np
import pytest

from sim.analysis.adviser_scores import UNKNOWN, limits, over_points, together, weighted, weightings
from sim.measures.intervals import mean_interval


def test_limits_are_those_of_the_mean_interval_without_what_is_undefined() -> None:
    values = np.array([[1.0, 2.0, np.nan, 4.0], [3.0, np.nan, np.nan, np.nan]])
    found, known = limits(values, 0.9), mean_interval([1.0, 2.0, 4.0], 0.9)

    assert (found.mean[0], found.low[0], found.high[0]) == pytest.approx((known.mean, known.low, known.high))
    assert found.mean[1] == 3.0
    assert np.isnan(found.low[1])


def test_intervals_that_hold_together_are_wider_with_their_number() -> None:
    assert together(1) == pytest.approx(0.95)
    assert together(50) == pytest.approx(0.999)


def test_the_sweep_holds_each_weighting_once() -> None:
    found = weightings()

    assert len({tuple(row) for row in found.tolist()}) == len(found) > 100
    assert (found.max(axis=1) == 1.0).all()
    assert all(tuple(row) in {tuple(w) for w in found.tolist()} for row in np.eye(4))


def test_options_are_compared_at_the_points_that_all_of_them_have() -> None:
    scores = np.array([[0.0, 3.0, np.nan], [0.0, np.nan, np.nan], [0.0, -5.0, np.nan]])
    nothing, one, gone = over_points(scores)

    assert gone == UNKNOWN
    assert (nothing.share_best, one.share_best) == (0.5, 0.5)
    assert (nothing.mean_regret, one.largest_regret) == (1.5, 5.0)


def test_a_weighed_sum_rests_on_all_that_weighs_and_on_nothing_else() -> None:
    values = np.array([[1.0, np.nan], [np.nan, 2.0]])
    found = weighted(np.array([[1.0, 0.0], [1.0, 1.0]]), values)

    np.testing.assert_array_equal(found, [[1.0, np.nan], [np.nan, np.nan]])
