"""Many data sets at once give what the indices give one by one, and a missing area is as if it were not there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.decomposition import decompose_theil_t
from sim.measures.inequality import gini, theil_t
from sim.measures.spread import (
    coefficients_of_variation,
    extremal_quotients,
    ginis,
    systematic_components,
    theil_parts,
    theils,
)
from sim.measures.variation import coefficient_of_variation, extremal_quotient, systematic_component_of_variation

AREAS = st.lists(st.tuples(st.floats(0.01, 1.0), st.integers(1, 900), st.integers(0, 2)), min_size=2, max_size=20).map(
    lambda rows: tuple(np.array(column) for column in zip(*rows, strict=True))
)


@given(AREAS)
def test_each_index_is_that_of_its_plain_form(areas: tuple[np.ndarray, ...]) -> None:
    x, weight, group = areas
    both = np.stack([x, x[::-1]])

    assert coefficients_of_variation(both, weight)[0] == pytest.approx(coefficient_of_variation(x, weight), abs=1e-12)
    assert theils(both, weight)[0] == pytest.approx(theil_t(x, weight), abs=1e-12)
    assert ginis(both, weight)[1] == pytest.approx(gini(x[::-1], weight), abs=1e-12)
    assert extremal_quotients(both) == pytest.approx(extremal_quotient(x))
    parts, whole = theil_parts(both, weight, group), decompose_theil_t(x, weight, group)
    assert parts.between[0] == pytest.approx(whole.between, abs=1e-12)
    assert parts.within[0] == pytest.approx(whole.within, abs=1e-12)


@given(AREAS)
def test_between_and_within_are_the_whole(areas: tuple[np.ndarray, ...]) -> None:
    x, weight, group = areas
    parts = theil_parts(x, weight, group)

    assert abs(float(parts.between + parts.within - theils(x, weight))) < 1e-12


@given(AREAS)
def test_an_unknown_area_is_left_out(areas: tuple[np.ndarray, ...]) -> None:
    x, weight, group = areas
    hole = np.concatenate([x, [np.nan]]), np.concatenate([weight, [500]]), np.concatenate([group, [0]])

    for index in (coefficients_of_variation, theils, ginis):
        assert index(*hole[:2]) == pytest.approx(index(x, weight), abs=1e-12)
    assert np.array(theil_parts(*hole)) == pytest.approx(np.array(theil_parts(x, weight, group)), abs=1e-12)


def test_nothing_known_or_nobody_treated_has_no_index() -> None:
    for x in (np.full(3, np.nan), np.zeros(3)):
        assert all(np.isnan(index(x, np.ones(3))) for index in (coefficients_of_variation, theils, ginis))
    assert np.isnan(extremal_quotients(np.array([0.0, 1.0])))


def test_the_systematic_component_is_that_of_counts() -> None:
    observed, expected = np.array([[8.0, 12.0, 9.0], [10.0, 10.0, 10.0]]), np.full((2, 3), 10.0)

    assert systematic_components(observed, expected)[0] == pytest.approx(
        systematic_component_of_variation(observed[0], expected[0])
    )
    assert systematic_components(observed, expected)[1] == pytest.approx(-0.1)
