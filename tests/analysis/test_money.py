"""Lines of money over replicates and points: what the limits are of, and which draws are compared."""

import numpy as np
import pytest

from sim.analysis.money import _large_block, _value

PLAN = "overspend_share_of_plan"


def test_the_limits_of_a_share_of_plans_are_those_of_the_number_beside_them() -> None:
    rng = np.random.default_rng(4)
    bottoms = np.append(rng.uniform(90, 110, 9), 10_000.0)
    pairs = np.column_stack([np.append(rng.uniform(9, 11, 9), 5_000.0), bottoms])

    found = _value(PLAN, pairs)

    assert found.mean == pytest.approx(pairs[:, 0].sum() / bottoms.sum())
    assert found.low < found.mean < found.high
    assert (found.low + found.high) / 2 == pytest.approx(found.mean)


def test_equal_plans_give_the_interval_of_the_mean_of_shares() -> None:
    tops = np.array([1.0, 2.0, 4.0])

    share, line = (_value(measure, np.column_stack([tops, np.full(3, 10.0)])) for measure in (PLAN, "cost_total_gbp"))

    assert [share.mean, share.low, share.high] == pytest.approx([line.mean, line.low, line.high])


@pytest.mark.parametrize(
    ("there", "replicates", "points"),
    [
        ({0: 200, 1: 1}, [0], 200),  # stopped early in its second replicate
        ({0: 200, 1: 199}, [0, 1], 199),
        ({0: 3, 1: 3, 2: 3}, [0, 1, 2], 3),
        ({}, [], 0),
    ],
)
def test_an_unfinished_study_is_compared_over_its_largest_block(
    there: dict[int, int], replicates: list[int], points: int
) -> None:
    draws = {(point, replicate) for replicate, many in there.items() for point in range(many)}

    found = _large_block(draws)

    assert found == (replicates, list(range(points)))
