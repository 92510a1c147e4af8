from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.proportions import (
    agresti_coull_interval,
    clopper_pearson_interval,
    jeffreys_interval,
    wilson_interval,
)

INTERVALS = (wilson_interval, clopper_pearson_interval, agresti_coull_interval, jeffreys_interval)
COUNTS = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize("interval", INTERVALS)
@given(counts=COUNTS)
def test_limits_stay_inside_zero_and_one_and_in_order(interval: Callable[..., Any], counts: Any) -> None:
    low, high = interval(*counts)

    assert -1e-12 <= low < high <= 1 + 1e-12


@given(COUNTS)
def test_wilson_limits_hold_the_proportion_and_mirror_for_the_complement(counts: tuple[int, int]) -> None:
    events, people = counts
    low, high = wilson_interval(events, people)
    other_low, other_high = wilson_interval(people - events, people)

    assert low - 1e-12 <= events / people <= high + 1e-12
    assert (1 - other_high, 1 - other_low) == (pytest.approx(low, abs=1e-12), pytest.approx(high, abs=1e-12))


def test_exact_limits_reach_the_ends() -> None:
    low, high = clopper_pearson_interval([0, 8], [8, 8])

    assert low[0] == 0.0
    assert high[1] == 1.0


def test_more_people_narrow_the_interval() -> None:
    low, high = wilson_interval(np.array([3, 30, 300]), np.array([10, 100, 1000]))

    assert np.all(np.diff(high - low) < 0)
