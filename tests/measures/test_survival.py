import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.survival import (
    cumulative_incidence,
    kaplan_meier,
    log_log_limits,
    median_days,
    quantile_time,
    restricted_mean,
)

COUNTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=40).filter(
    lambda days: any(sum(day) for day in days)
)
Days = list[tuple[int, int, int]]


def test_incidence_of_a_worked_example() -> None:
    # Ten people: day 1 two start; day 2 one dies, two are no longer followed; day 3 one starts of five.
    started, died, lost = [0, 2, 0, 1], [0, 0, 1, 0], [0, 0, 2, 4]

    # Day 3: 8/10 free after day 1, 7/8 of them after day 2, then 1 of 5 starts.
    assert cumulative_incidence(started, died, lost) == pytest.approx([0, 0.2, 0.2, 0.2 + 0.7 * 0.2])


@given(COUNTS)
def test_started_died_and_neither_make_everybody(days: Days) -> None:
    started, died, lost = np.array(days).T
    free = kaplan_meier(np.arange(len(days)), started + died, lost).survival

    whole = cumulative_incidence(started, died, lost) + cumulative_incidence(died, started, lost) + free

    assert whole == pytest.approx(np.ones(len(days)))


@given(COUNTS)
def test_incidence_only_rises_and_stays_a_share(days: Days) -> None:
    incidence = cumulative_incidence(*np.array(days).T)

    assert np.all(np.diff(incidence) >= 0)
    assert incidence[0] >= 0
    assert incidence[-1] <= 1 + 1e-12


@given(COUNTS)
def test_without_competition_incidence_is_one_less_kaplan_meier(days: Days) -> None:
    started, _, lost = np.array(days).T
    curve = kaplan_meier(np.arange(len(days)), started, lost)

    assert cumulative_incidence(started, np.zeros_like(started), lost) == pytest.approx(1 - curve.survival)


@given(COUNTS)
def test_without_censoring_incidence_is_a_plain_share(days: Days) -> None:
    started, died, _ = np.array(days).T
    everybody = max((started + died).sum(), 1)

    assert cumulative_incidence(started, died, 0 * died) == pytest.approx(np.cumsum(started) / everybody)


def test_incidence_meets_the_truth_and_taking_death_for_censoring_does_not() -> None:
    rng = np.random.default_rng(12)
    n, days = 40_000, 400
    start, death, end = (rng.exponential(mean, n) for mean in (100.0, 200.0, 300.0))
    day = np.minimum(np.minimum(start, death), np.minimum(end, days - 1)).astype(int)
    kind = np.where(start <= np.minimum(death, end), 0, np.where(death <= end, 1, 2))
    kind[np.minimum(np.minimum(start, death), end) >= days - 1] = 2
    counts = np.array([np.bincount(day[kind == k], minlength=days) for k in range(3)])
    # Cause-specific hazards 1/100 and 1/200: two thirds of those who leave start, at rate 0.015.
    truth = 2 / 3 * (1 - math.exp(-0.015 * 100))
    # Days are whole, and censoring cuts the people followed to about e^(-1/3): a generous SE.
    bound = 3.8906 * math.sqrt(truth * (1 - truth) / (n * math.exp(-1 / 3))) + 1e-3

    right = cumulative_incidence(*counts)[99]
    wrong = cumulative_incidence(counts[0], 0 * counts[1], counts[1] + counts[2])[99]

    assert abs(right - truth) < bound
    assert abs(wrong - truth) > bound


def test_median_is_the_first_day_at_a_half() -> None:
    assert median_days(cumulative_incidence([0, 1, 1, 0, 2, 0], [0] * 6, [0] * 6)) == 2.0


def test_median_never_comes_when_most_die_first() -> None:
    assert math.isnan(median_days(cumulative_incidence([0, 1, 0, 0], [0, 0, 3, 0], [0] * 4)))


def test_a_half_reached_only_in_the_open_last_bin_has_no_date() -> None:
    assert math.isnan(median_days(cumulative_incidence([0, 1, 0, 3], [0] * 4, [0] * 4)))


def test_nobody_followed_gives_a_flat_curve_and_no_median() -> None:
    nobody = np.zeros(5)
    incidence = cumulative_incidence(nobody, nobody, nobody)

    assert incidence.tolist() == [0.0] * 5
    assert math.isnan(median_days(incidence))


def test_restricted_mean_is_the_area_under_the_curve() -> None:
    curve = kaplan_meier([2.0, 4.0], [1, 1], [0, 0])

    assert restricted_mean(curve, 3.0).mean == pytest.approx(2 + 0.5)
    assert restricted_mean(curve, 10.0).mean == pytest.approx(3.0)


def test_quantiles_and_limits_of_a_short_curve() -> None:
    curve = kaplan_meier([1.0, 2.0, 3.0], [1, 1, 1], [0, 0, 1])
    limits = log_log_limits(curve)

    assert quantile_time(curve) == 2.0
    assert math.isnan(quantile_time(curve, 0.9))
    assert np.all((limits.low < curve.survival) & (curve.survival < limits.high))
