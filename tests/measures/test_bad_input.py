"""Bad input is refused with one clear sentence, and never answered with a number."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim import measures as m

REFUSED: tuple[tuple[Callable[[], Any], str], ...] = (
    (lambda: m.wilson_interval([-1], [5]), "no value may be negative"),
    (lambda: m.wilson_interval([6], [5]), "more events than people"),
    (lambda: m.wilson_interval([1, 2], [5, 6, 7]), "do not match"),
    (lambda: m.wilson_interval([1], [5], 95), "strictly between 0 and 1"),
    (lambda: m.crude_rate([1], [5, 6]), "do not match"),
    (lambda: m.byar_limits([-1]), "no value may be negative"),
    (lambda: m.poisson_limits([]), "there is no value"),
    (lambda: m.poisson_limits([np.nan]), "must be a finite number"),
    (lambda: m.direct_standardised_rate([1], [0], [5]), "events in a band without people"),
    (lambda: m.direct_standardised_rate([1], [2], [0]), "the weights sum to 0"),
    (lambda: m.indirect_standardised_ratio([1], [2], [1], [0]), "reference has events in a band without people"),
    (lambda: m.reference_rate([0], [0]), "has no people"),
    (lambda: m.exact_limit([-1], 0.5, 0.025), "no value may be negative"),
    (lambda: m.normal_limit([1], 1.5, 0.025), "a proportion from 0 to 1"),
    (lambda: m.pooled_rate([1], [0.0]), "events at a rate of 0"),
    (lambda: m.pooled_rate([0], [0.0]), "there are no events"),
    (lambda: m.additive_variance(2.0, [0.0, 1.0]), "above 0"),
    (lambda: m.winsorise([-np.inf, 0.0, 1.0]), "a score is infinite"),
    (lambda: m.systematic_component_of_variation([1, 1], [1, 0]), "where none can be expected"),
    (lambda: m.systematic_component_of_variation([0], [0]), "nothing is expected in any area"),
    (lambda: m.extremal_quotient([1, 2], 0.5), "below 0.5"),
    (lambda: m.coefficient_of_variation([1, 2], [0, 0]), "the weights sum to 0"),
    (lambda: m.marshall_shrinkage([1, 1], [1, 0]), "where none can be expected"),
    (lambda: m.gamma_moments_shrinkage([0], [0]), "nothing is expected"),
    (lambda: m.gini([1, -2]), "no value may be negative"),
    (lambda: m.gini([1, 2], [1, 2, 3]), "do not match"),
    (lambda: m.gini([[1, 2]]), "must be one list"),
    (lambda: m.gini([1, 2], aversion=0.5), "at least 1"),
    (lambda: m.kolm([1, 2], 0.0), "above 0"),
    (lambda: m.atkinson([1, 2], -1.0), "at least 0"),
    (lambda: m.decompose_theil_t([1, 2], [1, 1], ["a"]), "each level names the group"),
    (lambda: m.decompose_theil_t_nested([1, 2], None, []), "there is no level"),
    (lambda: m.decompose_theil_t_nested([1, 2], None, [["a", "b"], ["c", "c"]]), "lies in several of the level above"),
    (lambda: m.concentration_index([1, 2], [1]), "do not match"),
    (lambda: m.erreygers_index([0.5, 2.0], [1, 2], (0, 1)), "within the bounds"),
    (lambda: m.extended_concentration_index([1, 2], [1, 2], 0.5), "at least 1"),
    (lambda: m.slope_index([1, 2], [1, 2, 3]), "do not match"),
    (lambda: m.slope_ends([0, 2], [1, 2], "log"), "no place on the log scale"),
    (lambda: m.median_odds_ratio_from_variance(-0.1), "no value may be negative"),
    (lambda: m.variance_from_median_odds_ratio(0.5), "at least 1"),
    (lambda: m.fit_random_intercept([[3]], [[2]], [0.0]), "more events than people"),
    (lambda: m.fit_random_intercept([3], [4], [0.0]), "areas by strata"),
    (lambda: m.tally([1, 2], [1, 2]), "either happened"),
    (lambda: m.kaplan_meier([2, 1], [1, 1], [0, 0]), "the times must increase"),
    (lambda: m.restricted_mean(m.kaplan_meier([1, 2], [1, 0], [0, 1]), 5.0), "nobody was followed for 5"),
    (lambda: m.competing_incidences([], [1, 2]), "there is no ending"),
    (lambda: m.floating_catchment([1], [1, 2], [[1.0]]), "are not areas by the 2 providers"),
    (lambda: m.two_step_floating_catchment([1], [1], [[-1.0]], 5.0), "no cost of travel may be negative"),
    (lambda: m.floating_catchment([1, 2], [1], [[1.0]]), "are not the 2 areas"),
    (lambda: m.gaussian_weights([[1.0]], 0.0), "above 0"),
    (lambda: m.incremental_ratios([1, 2], [1, 2], ["a"]), "1 names for 2 options"),
    (lambda: m.net_health_benefit([1], [1], 0.0), "a threshold of 0"),
    (lambda: m.uncertainty_of_choice([1], [1], [1]), "simulations by options"),
    (lambda: m.welfare_change([60], [61, 62], [1], m.gini), "do not match"),
    (lambda: m.erlang_c(1, 1.0), "no steady state"),
    (lambda: m.erlang_b(-1, 1.0), "may be negative"),
    (lambda: m.FiniteQueue(1.0, 1.0, 2, 1), "room for everybody in service"),
)


@pytest.mark.parametrize(("call", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_bad_input_is_refused_in_one_sentence(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(ValueError, match=said) as refusal:
        call()

    assert "\n" not in str(refusal.value)
