import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.odds import (
    intraclass_correlation,
    median_odds_ratio_from_variance,
    variance_from_median_odds_ratio,
)


def test_areas_that_do_not_differ_have_ratio_one_and_no_share() -> None:
    assert median_odds_ratio_from_variance(0.0) == 1.0
    assert intraclass_correlation(0.0) == 0.0


@given(st.floats(0, 9))
def test_variance_survives_the_way_there_and_back(variance: float) -> None:
    there = median_odds_ratio_from_variance(variance)

    assert variance_from_median_odds_ratio(there) == pytest.approx(variance, rel=1e-9, abs=1e-12)
