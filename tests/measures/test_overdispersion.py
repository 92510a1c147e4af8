import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.overdispersion import (
    additive_variance,
    arcsine_scores,
    dispersion,
    standardised_scores,
    winsorise,
    winsorised_dispersion,
)

Z_AT_1E4 = 3.8906
SCORES = st.lists(st.floats(-50, 50), min_size=3, max_size=60)


def test_winsorising_pulls_a_tenth_of_each_tail_in() -> None:
    scores = np.arange(11.0)

    assert winsorise(scores).tolist() == [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9]


@given(SCORES, st.randoms(use_true_random=False))
def test_order_of_areas_does_not_matter(scores: list[float], random: object) -> None:
    shuffled = scores[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    one, other = (winsorised_dispersion(np.array(s)) for s in (scores, shuffled))

    assert float(one) == pytest.approx(float(other), rel=1e-12)


@given(st.floats(10, 1e6))
def test_how_wild_one_area_is_does_not_matter(wild: float) -> None:
    others = np.linspace(-2, 2, 30)

    assert winsorised_dispersion(np.append(others, wild)) == winsorised_dispersion(np.append(others, 10.0))


def test_areas_that_match_what_is_expected_have_no_dispersion() -> None:
    people = np.array([[10.0, 20.0], [40.0, 60.0]])
    probability = np.array([0.5, 0.25])

    z = standardised_scores(people @ probability, people, probability)

    assert winsorised_dispersion(z) == 0.0


def test_an_area_without_open_outcomes_is_left_out() -> None:
    people = np.array([[0.0, 7.0], [40.0, 60.0], [30.0, 1.0]])
    probability = np.array([0.5, 1.0])

    z = standardised_scores(np.array([7.0, 84.0, 12.0]), people, probability)

    assert math.isnan(z[0])
    assert z[1] == pytest.approx((84 - 80) / math.sqrt(10))
    assert np.isfinite(winsorised_dispersion(z))


def test_no_scored_area_gives_no_dispersion() -> None:
    assert np.isnan(winsorised_dispersion(np.full((2, 4), np.nan))).all()


def test_binomial_areas_show_dispersion_one_and_areas_that_differ_do_not() -> None:
    rng = np.random.default_rng(5)
    people = rng.integers(200, 2000, 4000).astype(float)
    probability = np.array([0.4])
    bound = Z_AT_1E4 * math.sqrt(2 / people.size)

    def phi(p: float | np.ndarray) -> float:
        events = rng.binomial(people.astype(int), p).astype(float)
        return float(dispersion(standardised_scores(events, people[:, None], probability)))

    assert abs(phi(0.4) - 1) < bound
    assert abs(phi(0.4 + 0.01 * rng.standard_normal(people.size)) - 1) > bound


def test_additive_variance_finds_the_spread_that_was_put_in() -> None:
    rng = np.random.default_rng(6)
    s = rng.uniform(0.01, 0.04, 20_000)
    z = (0.03 * rng.standard_normal(s.size) + s * rng.standard_normal(s.size)) / s

    tau2 = additive_variance(float(dispersion(z)), s)

    assert tau2 == pytest.approx(0.03**2, rel=0.05)


@given(st.floats(0, 0.99))
def test_additive_variance_is_zero_when_chance_explains_more(phi: float) -> None:
    assert additive_variance(phi * 9 / 10, np.full(10, 0.2)) == 0.0


def test_arcsine_scores_of_equal_proportions_are_zero() -> None:
    z, s = arcsine_scores([10, 20, 40], [100, 200, 400])

    assert z == pytest.approx(0.0, abs=1e-12)
    assert s == pytest.approx(1 / (2 * np.sqrt([100, 200, 400])))
