import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.inequality import generalised_entropy_2
from sim.measures.variation import (
    coefficient_of_variation,
    extremal_quotient,
    homogeneity_of_counts,
    homogeneity_of_proportions,
    systematic_component_of_variation,
    systematic_component_of_variation_log,
)

RATES = st.lists(st.floats(0.1, 100), min_size=2, max_size=30)


def test_systematic_component_is_zero_by_chance_and_finds_the_variance_put_in() -> None:
    rng = np.random.default_rng(8)
    expected = rng.uniform(20, 200, 40_000)
    effect = rng.gamma(25, 1 / 25, expected.size)  # mean 1, variance 0.04
    # SE of the mean of ((O-E)/E)^2 - 1/E over areas, from the data themselves.
    chance, real = rng.poisson(expected), rng.poisson(expected * effect)

    for counts, truth in ((chance, 0.0), (real, 0.04)):
        terms = ((counts - expected) / expected) ** 2 - 1 / expected
        bound = 3.8906 * terms.std() / math.sqrt(terms.size)
        got = systematic_component_of_variation(counts, expected)
        assert abs(got - truth) < bound
        assert abs(got - 0.04 * 1.2) > bound


def test_the_log_form_needs_every_count() -> None:
    assert math.isnan(systematic_component_of_variation_log([0, 4], [2.0, 4.0]))


@given(RATES, st.floats(0.1, 10))
def test_quotient_and_coefficient_do_not_mind_unit_or_order(rates: list[float], scale: float) -> None:
    other = np.array(rates[::-1]) * scale

    assert extremal_quotient(other) == pytest.approx(extremal_quotient(rates))
    assert coefficient_of_variation(other) == pytest.approx(coefficient_of_variation(rates), abs=1e-9)


@given(RATES)
def test_squared_coefficient_is_twice_the_generalised_entropy(rates: list[float]) -> None:
    assert coefficient_of_variation(rates) ** 2 == pytest.approx(2 * generalised_entropy_2(rates), abs=1e-12)


def test_quotient_is_undefined_when_an_area_has_nothing() -> None:
    assert math.isnan(extremal_quotient([0.0, 3.0]))


def test_homogeneous_areas_have_no_chi_square() -> None:
    assert homogeneity_of_counts([10, 20, 30], [1, 2, 3]).chi_square == pytest.approx(0.0)
    assert homogeneity_of_proportions([10, 20], [100, 200]).p_value == pytest.approx(1.0)
