import numpy as np
import pytest

from sim.measures.rates import byar_limits, count_limits, poisson_limits


def test_limits_switch_from_exact_to_byar_at_ten_events() -> None:
    low, high = count_limits([0, 9, 10])

    assert low[:2] == pytest.approx(poisson_limits([0, 9])[0])
    assert high[2] == byar_limits(10)[1]
    assert low[0] == 0.0


def test_byar_is_close_to_exact_for_many_events() -> None:
    count = np.array([50, 500])

    assert byar_limits(count)[0] == pytest.approx(poisson_limits(count)[0], rel=1e-3)
    assert byar_limits(count)[1] == pytest.approx(poisson_limits(count)[1], rel=1e-3)
