"""Empty areas, no events, one area, nothing expected: what is defined is right there, what is not is missing."""

import math

import numpy as np
import pytest

from sim import measures as m


def test_an_empty_area_has_no_rate_and_no_limits() -> None:
    for part in (*m.crude_rate([0, 12], [0, 100]), *m.wilson_interval([0, 12], [0, 100])):
        assert np.isnan(part[0])
        assert np.isfinite(part[1])
    for interval in (m.clopper_pearson_interval, m.agresti_coull_interval, m.jeffreys_interval):
        assert np.isnan(interval([0], [0])).all()


def test_wilson_touches_0_and_1_exactly() -> None:
    low, high = m.wilson_interval([0, 7], [9, 7])

    assert (low[0], high[1]) == (0.0, 1.0)
    assert 0 < high[0] < 1
    assert 0 < low[1] < 1


def test_byars_lower_limit_is_missing_where_it_would_be_negative() -> None:
    assert np.isnan(m.byar_limits([0, 1], 0.998)[0]).all()
    assert m.byar_limits(1, 0.95)[0] > 0


def test_a_directly_standardised_rate_of_few_events_is_missing_but_for_gamma_limits() -> None:
    bands = [4, 5], [100, 200], [1, 1]

    assert math.isnan(m.direct_standardised_rate(*bands).value)
    assert m.direct_standardised_rate(*bands, limits="fay_feuer").value == pytest.approx((0.04 + 0.025) / 2)
    assert m.direct_standardised_rate([0, 0], *bands[1:], limits="fay_feuer").low == 0.0


def test_nothing_expected_is_no_ratio() -> None:
    assert math.isnan(m.indirect_standardised_ratio([0], [5], [0], [10]).value)
    assert np.isnan(m.ratio_limits_at_expected([0.0])).all()
    assert m.label_ratios([0], [0]) == ["Not significant"]


def test_a_funnel_has_no_limit_where_nobody_is_and_one_where_the_outcome_is_certain() -> None:
    for limit in (m.exact_limit, m.quantile_limit, m.normal_limit):
        assert np.isnan(limit([0], 0.3, 0.025)).all()
    assert m.quantile_limit([5], 1.0, 0.025) == 1.0
    assert m.quantile_limit([5], 0.0, 0.975) == 0.0
    assert np.isnan(m.ratio_limits_at_observed([0]).high).all()


def test_areas_without_a_score_are_left_out_of_over_dispersion() -> None:
    z, _ = m.arcsine_scores([0, 3, 5, 4], [0, 10, 9, 8])
    pulled, kept = m.winsorise(z), m.truncate(np.append(z, [9.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]))

    assert np.isnan(pulled[0])
    assert np.isfinite(pulled[1:]).all()
    assert np.isnan(kept[[0, 4]]).all()
    assert m.log_ratio_scores([0], [2.0])[0] == -np.inf
    assert m.additive_variance(9.0, [0.1]) == 0.0
    assert (m.multiplicative_factor(4.0), m.multiplicative_factor(0.5)) == (2.0, 1.0)


def test_variation_without_anything_to_vary() -> None:
    assert m.systematic_component_of_variation([0, 5], [0, 4]) == m.systematic_component_of_variation([5], [4])
    assert math.isnan(m.homogeneity_of_counts([0, 0], [1, 2]).chi_square)
    assert math.isnan(m.homogeneity_of_proportions([0, 0], [1, 2]).p_value)
    assert m.homogeneity_of_counts([5], [4])[:3] == (0.0, 0, 1.0)
    assert m.homogeneity_of_proportions([1, 2, 0], [4, 5, 0]).degrees_of_freedom == 1
    assert math.isnan(m.coefficient_of_variation([0.0, 0.0]))
    assert math.isnan(m.variance_to_mean([4]))
    assert m.extremal_quotient([1, 2, 3, 40], trim=0.25) < m.extremal_quotient([1, 2, 3, 40])


def test_an_empty_area_is_shrunk_to_the_mean_and_changes_nobody_else() -> None:
    for shrink, denominator in (
        (m.marshall_shrinkage, [1000, 3000, 1500]),
        (m.binomial_shrinkage, [1000, 3000, 1500]),
        (m.gamma_moments_shrinkage, [10.0, 12.0, 20.0]),
        (m.gamma_likelihood_shrinkage, [10.0, 12.0, 20.0]),
    ):
        alone = shrink([2, 30, 20], denominator)
        joined = shrink([2, 30, 20, 0], [*denominator, 0])
        assert joined.shrunk[:3] == pytest.approx(alone.shrunk)
        assert joined.shrunk[3] == pytest.approx(alone.prior_mean)


def test_without_excess_variation_everybody_gets_the_pooled_ratio() -> None:
    for shrink in (m.gamma_moments_shrinkage, m.gamma_likelihood_shrinkage):
        got = shrink([10, 21, 29], [10.0, 20.0, 30.0])
        assert got.shrunk == pytest.approx(np.full(3, 1.0))
        assert got.between_area_variance == 0.0
    assert m.marshall_shrinkage([10, 21, 29], [100, 200, 300]).prior_variance == 0.0
    assert m.marshall_shrinkage([0, 0], [5, 7]).shrunk.tolist() == [0.0, 0.0]


def test_zeros_in_inequality() -> None:
    assert math.isnan(m.theil_l([0.0, 1.0]))
    assert math.isnan(m.atkinson([0.0, 1.0], 2.0))
    assert math.isnan(m.gini([0.0, 0.0]))
    assert m.theil_l([0.0, 1.0, 3.0], [0, 1, 1]) == m.theil_l([1.0, 3.0])
    assert m.equally_distributed_equivalent([0.0, 0.0], 0.5) == 0.0


def test_no_aversion_overflows() -> None:
    assert m.equally_distributed_equivalent([1e-3, 70.0], 5000.0) == pytest.approx(1e-3, rel=1e-2)
    assert m.atkinson_equivalent([60.0, 70.0], 1000.0, [1, 1]) == pytest.approx(60.0, rel=1e-2)
    assert m.kolm_equivalent([60.0, 70.0], 500.0, [1, 1]) == pytest.approx(60.0, rel=1e-3)


def test_a_gradient_needs_groups() -> None:
    assert math.isnan(m.slope_index([3.0], [10]).slope_index)
    assert math.isnan(m.slope_index([3.0, 4.0], [10, 10]).standard_error)
    flat = m.slope_index([5.0, 5.0, 5.0], [1, 2, 3])
    assert (flat.slope_index, flat.ratio_of_ends) == (0.0, 1.0)
    steep = m.slope_index([1.0, 2.0, 3.0], [1, 1, 1])
    assert steep.p_value == pytest.approx(0.0, abs=1e-12)
    assert m.slope_index([1.0, 9.0, 3.0], [1, 0, 1])[:2] == pytest.approx(m.slope_index([1.0, 3.0], [1, 1])[:2])


def test_an_area_out_of_reach_has_no_access_and_a_provider_next_door_counts() -> None:
    cost = [[0.0, np.nan], [5.0, 50.0], [np.inf, np.nan]]
    access = m.two_step_floating_catchment([10, 0, 5], [2, 3], cost, 10.0)

    assert access == pytest.approx([0.2, 0.2, 0.0])
    assert m.gravity_access([2, 3], m.power_weights(cost))[2] == 0.0
    assert m.three_step_floating_catchment([10, 0, 5], [2, 3], m.inside_catchment(cost, 10.0))[2] == 0.0


def test_choices_with_ties_and_without_alternatives() -> None:
    assert m.incremental_ratios([5], [1], ["only"]).status == ("ND",)
    tied = m.incremental_ratios([1, 1], [1, 1], ["first", "second"])
    assert (tied.option, tied.status) == (("first", "second"), ("ND", "D"))
    assert m.incremental_ratios([0, 1, 2], [0, 1, 2]).status == ("ND", "ND", "ND")
    even = m.uncertainty_of_choice([[1, 1], [2, 2]], [[1, 1], [1, 1]], [0, 10])
    assert even.acceptability.tolist() == [[1, 0], [1, 0]]
    assert even.value_of_information.tolist() == [0, 0]


def test_a_curve_flat_at_a_half() -> None:
    curve = m.kaplan_meier([1, 2, 3, 6], [1, 1, 0, 1], [0, 0, 1, 0])

    assert m.quantile_time(curve) == 2.0
    assert m.quantile_time(curve, middle_of_flat=True) == 4.0
    assert m.quantile_time(m.kaplan_meier([1, 2, 4], [1, 1, 0], [0, 0, 2]), middle_of_flat=True) == 3.0
    assert np.isnan(m.log_limits(curve).low[-1])


def test_a_load_of_one_server_less_is_no_exception() -> None:
    at, beside = m.Queue(2.0, 1.0, 3), m.Queue(2.0 + 1e-7, 1.0, 3)

    assert at.probability_time_in_system_at_most(1.5) == pytest.approx(
        beside.probability_time_in_system_at_most(1.5), abs=1e-6
    )
    assert m.Queue(0.0, 1.0, 3).probability_empty == 1.0
    assert m.FiniteQueue(2.0, 1.0, 2, 2).probability_full == pytest.approx(m.erlang_b(2, 2.0))
    assert m.FiniteQueue(1.0, 1.0, 2, 400).mean_wait == pytest.approx(m.Queue(1.0, 1.0, 2).mean_wait)


def test_an_unlimited_variance_has_an_unknown_ratio() -> None:
    assert np.isnan(m.median_odds_ratio_from_variance(np.nan))
    assert np.isnan(m.median_odds_ratio_limits(0.0, 0.1)).all()
    assert m.median_odds_ratio_from_variance(0.0) == 1.0


def test_what_is_unknown_stays_unknown() -> None:
    assert np.isnan(m.quantile_limit([5], np.nan, 0.025)).all()
    assert np.isnan(m.exact_limit([5], np.nan, 0.025)).all()
    assert np.isnan(m.winsorise([np.nan, np.nan])).all()
    assert np.isnan(m.dispersion([1.0, np.nan]))
    assert np.isnan(m.national_probability(np.array([[0, 1]]), np.array([[0, 2]])))[0]
    assert m.floor_of(np.array([np.nan]))[2] == 0
