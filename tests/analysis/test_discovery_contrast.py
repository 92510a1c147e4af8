"""A point has the verdict that its interval gives it, and the interval of a mean over points covers the truth."""

import numpy as np
import pytest

from sim.analysis.discovery_contrast import (
    BETTER,
    DECIDED_NOT_WORSE,
    NOT_WORSE,
    UNDECIDED,
    WORSE,
    contrast_of,
    interval_of_means,
)
from sim.analysis.space import FloatArray
from sim.measures.intervals import EQUIVALENT
from sim.measures.outcomes import outcome

ACCESS = outcome("access_from_diagnosis")


def test_a_point_has_a_verdict_only_where_its_interval_lies_on_one_side() -> None:
    luck = 0.001 * np.array([1.0, -1.0, 0.5, -0.5])
    apart = [-0.05, 0.05, 0.0, -0.02, 0.01, -0.005]
    noise = [1.0, 1.0, 1.0, 20.0, 5.0, 20.0]
    second = np.full((6, 4), 0.7)
    first = second + np.array(apart)[:, np.newaxis] + np.array(noise)[:, np.newaxis] * luck

    found = contrast_of(first, second, ACCESS)

    # The fifth is not surely better, nor surely alike, but surely not worse by more than a hundredth.
    assert found.words == (WORSE, BETTER, EQUIVALENT, UNDECIDED, NOT_WORSE, UNDECIDED)
    assert found.worse_by_interval.tolist() == [True, False, False, False, False, False]
    assert found.worse_by_mean.tolist() == [True, False, False, True, False, False]
    assert (found.number(*DECIDED_NOT_WORSE), found.number(UNDECIDED)) == (3, 2)


def test_where_less_is_better_the_signs_turn() -> None:
    luck = np.array([0.1, -0.1])
    deaths = np.full((2, 2), 100.0)
    found = contrast_of(deaths + np.array([[20.0], [-20.0]]) + luck, deaths, outcome("deaths_waiting"))

    assert found.words == (WORSE, BETTER)
    assert found.of_level
    assert found.apart.mean(axis=1) == pytest.approx([20.0, -20.0])
    assert found.level.mean(axis=1) == pytest.approx([110.0, 90.0])
    assert found.smallest == 0.01


def test_relative_differences_are_sums_over_sums() -> None:
    """A point without any cases, and one with hardly any, weigh what they have, and the unit stays the same."""
    second = np.repeat([[100.0], [0.0], [0.001]], 4, axis=1)
    first = second + np.array([[10.0], [0.0], [0.01]]) + 0.001 * np.array([1.0, -1.0, 0.5, -0.5])
    found = contrast_of(first, second, outcome("deaths_waiting"))
    everywhere = np.ones(3, dtype=np.bool_)

    sides = found.sides(everywhere, ~everywhere)

    assert found.of_level
    assert sides.inside.mean.mean == pytest.approx(10.01 / (105.0 + 0.006), rel=1e-4)
    assert sides.harm.mean == pytest.approx(sides.inside.mean.mean - 0.01)


def test_luck_in_few_cases_makes_no_difference_of_two_regimes_that_are_alike() -> None:
    """Both have two deaths a run in the mean. A mean of quotients less 1 would lie near 0.1: 50 standard errors off."""
    rng = np.random.default_rng(5)
    first, second = rng.poisson(2.0, (2, 4000, 4)).astype(np.float64)
    inside = np.arange(4000) < 2000

    sides = contrast_of(first, second, outcome("deaths_waiting")).sides(inside, ~inside)

    quotients = (first - second).mean(axis=1) / second.mean(axis=1).clip(0.25)
    assert quotients.mean() > 0.1
    # Standard error of the quotient of sums: the root of 2 x 2 deaths a run over 8,000 runs, of a level of 2.
    error = np.sqrt(2 * 2 / 8000) / 2
    assert abs(sides.inside.mean.mean) < 3.9 * error
    assert abs(sides.outside.mean.mean) < 3.9 * error
    assert abs(sides.apart.mean) < 3.9 * np.sqrt(2) * error


def test_the_interval_of_a_quotient_of_sums_covers_the_truth() -> None:
    """Levels from 1 to 9 cases and deaths a fifth more often; bounds that a true 5 % passes at 1e-4 (n = 1,000)."""
    rng = np.random.default_rng(6)
    everywhere = np.ones(60, dtype=np.bool_)

    def missed() -> bool:
        level = rng.uniform(1.0, 9.0, (60, 1)) * np.ones(4)
        first, second = rng.poisson(1.1 * level), rng.poisson(0.9 * level)
        sides = contrast_of(first.astype(float), second.astype(float), outcome("deaths_waiting")).sides(
            everywhere, ~everywhere
        )
        return not sides.inside.mean.low <= 0.2 <= sides.inside.mean.high

    # All luck is that of single runs, which is in both variances: fewer misses than 5 %.
    assert np.mean([missed() for _ in range(1000)]) <= 0.03


def test_a_share_that_ties_at_many_points_keeps_its_limits() -> None:
    """Four replicates that tie may do so by luck; a hundred runs on each side do not."""
    inside = np.arange(100) < 50
    first = np.where(inside, 0.0, 1.0)[:, np.newaxis] * np.ones(4)

    found = contrast_of(first, np.ones((100, 4)), ACCESS)
    sides = found.sides(inside, ~inside)

    assert found.words[0] == UNDECIDED
    assert (sides.inside.mean.low, sides.inside.mean.high) == (-1.0, -1.0)
    assert sides.harm.low == pytest.approx(0.99)
    assert sides.more_harm.low == 1.0


def test_a_share_that_ties_at_few_points_has_no_limits() -> None:
    inside = np.arange(4) < 2
    first = np.where(inside, 0.0, 1.0)[:, np.newaxis] * np.ones(2)

    sides = contrast_of(first, np.ones((4, 2)), ACCESS).sides(inside, ~inside)

    assert sides.inside.mean.mean == -1.0
    assert np.isnan(sides.harm.low)
    assert np.isnan(sides.more_harm.low)


def test_the_sides_of_a_box_count_verdicts_and_compare_means() -> None:
    luck = 0.001 * np.array([1.0, -1.0, 0.5, -0.5])
    second = np.full((6, 4), 0.7)
    first = second + np.array([-0.05, -0.04, -0.03, 0.0, 0.001, 0.03])[:, np.newaxis] + luck
    inside = np.array([True, True, True, False, False, False])

    sides = contrast_of(first, second, ACCESS).sides(inside, ~inside)

    assert (sides.inside.points, sides.inside.worse, sides.inside.not_worse, sides.inside.undecided) == (3, 3, 0, 0)
    assert (sides.outside.points, sides.outside.worse, sides.outside.not_worse) == (3, 0, 3)
    assert sides.inside.mean.mean == pytest.approx(-0.04)
    assert sides.outside.mean.mean == pytest.approx(0.031 / 3)
    assert sides.apart.mean == pytest.approx(-sides.more_harm.mean) == pytest.approx(-0.04 - 0.031 / 3)
    assert sides.harm.mean == pytest.approx(0.04 - 0.01)
    # The luck is the same at all points, so between replicates inside less outside does not vary.
    points = np.sqrt(np.array([-5, -4, -3.0]).var(ddof=1) / 3 + np.array([0, 0.1, 3.0]).var(ddof=1) / 3) / 100
    assert sides.apart.high - sides.apart.low > 2 * 1.96 * points


@pytest.mark.parametrize(
    ("of_points", "shared", "own", "bound"),
    # With all luck that of single runs it is in both variances, and the interval is wider than it need be.
    [(0.0, 0.0, 1.0, (0.0, 0.03)), (1.0, 0.0, 0.1, (0.03, 0.08)), (0.1, 1.0, 0.1, (0.03, 0.08))],
    ids=["luck of runs", "points", "shared luck"],
)
def test_an_interval_of_means_misses_as_often_as_it_says(
    of_points: float, shared: float, own: float, bound: tuple[float, float]
) -> None:
    """Bounds that a true 5 % passes at 1e-4 each (n = 2,000: 0.05 ± 0.02), wider for the degrees of freedom."""
    rng = np.random.default_rng(8)
    inside = np.arange(36) < 12
    spread = np.where(inside, 5.0, 1.0)[:, np.newaxis] * own

    def missed() -> bool:
        values = (
            of_points * rng.standard_normal((36, 1))
            + shared * np.where(inside[:, np.newaxis], rng.standard_normal(4), rng.standard_normal(4))
            + spread * rng.standard_normal((36, 4))
        )
        told = interval_of_means(values, [(inside, 1), (~inside, -1)])
        return not told.low <= 0.0 <= told.high

    assert bound[0] <= np.mean([missed() for _ in range(2000)]) <= bound[1]


def test_an_interval_over_points_alone_would_miss_shared_luck() -> None:
    values: FloatArray = np.array([0.3, -0.1]) + np.zeros((40, 1))
    told = interval_of_means(values, [(np.ones(40, dtype=np.bool_), 1)])

    assert values.mean(axis=1).std() == 0.0
    assert told.low < 0.0 < told.high


def test_too_few_points_have_no_limits_and_none_no_mean() -> None:
    values = np.array([[1.0, 2.0], [3.0, 4.0]])
    one, none = np.array([True, False]), np.array([False, False])

    assert interval_of_means(values, [(one, 1)]).mean == 1.5
    assert np.isnan(interval_of_means(values, [(one, 1)]).low)
    assert np.isnan(interval_of_means(values, [(none, 1)]).mean)
    same = interval_of_means(np.ones((2, 2)), [(np.array([True, True]), 1)])
    assert (same.low, same.high) == (1.0, 1.0)
