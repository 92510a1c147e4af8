"""Luck whose size differs over the space is not told as a finding; a box is found under it."""

from collections.abc import Callable

import numpy as np
import pytest

from sim.analysis.discovery import (
    BY_INTERVAL,
    BY_MEAN,
    HOLDS,
    NOT_WORSE_INSIDE,
    NOT_WORSE_THAN_OUTSIDE,
    Discovery,
    discover,
)
from sim.analysis.discovery_contrast import UNDECIDED, contrast_of
from sim.analysis.space import FloatArray, Space
from sim.measures.outcomes import outcome
from tests.analysis.sampled import latin

SPACE = Space.of_numbers(tuple("abcd"), (0.0,) * 4, (1.0,) * 4)
QUIET, LOUD = 0.002, 0.04
"""The luck of a run where ``a`` is below a limit, and above it; a hundredth is the smallest difference that matters."""
WORLDS = 30
MOST = 7
"""Of 30 worlds of which each has a chance of 5 % to have a finding, 8 or more would have one once in 10,000."""

World = Callable[[FloatArray], FloatArray]


def found_in(effect: World, seed: int, by: str, quiet_below: float, replicates: int = 4) -> Discovery:
    """Discover in a world where a regime differs from another by an effect and luck."""
    points = latin(SPACE, 100, seed)
    spread = np.where(points[:, 0] < quiet_below, QUIET, LOUD)
    luck = spread[:, np.newaxis] * np.random.default_rng(seed).standard_normal((100, replicates))
    other = np.full((100, replicates), 0.7)
    apart = contrast_of(other + effect(points)[:, np.newaxis] + luck, other, outcome("access_from_diagnosis"))
    return discover(SPACE, points, apart, seed, by)


def dense(found: Discovery) -> bool:
    """Tell what the rule of density alone would: that a box holds as points not used are denser in worse ones."""
    return any(one.held_out.low > found.worse.mean() for one in found.findings)


def nothing(points: FloatArray) -> FloatArray:
    return np.zeros(len(points))


def alike(points: FloatArray) -> FloatArray:
    return np.full(len(points), -0.02)


def box(points: FloatArray) -> FloatArray:
    return np.where((points[:, 1] > 0.5) & (points[:, 2] < 0.6), -0.04, 0.0)


@pytest.mark.parametrize(
    ("effect", "by", "quiet_below", "reason"),
    [
        # Nowhere worse: the mean passes what matters by luck alone where luck is large.
        (nothing, BY_MEAN, 0.4, NOT_WORSE_INSIDE),
        # Worse alike everywhere: an interval is sure of it only where luck is small.
        (alike, BY_INTERVAL, 0.6, NOT_WORSE_THAN_OUTSIDE),
    ],
    ids=["no effect", "the same effect everywhere"],
)
def test_where_luck_is_small_or_large_is_no_finding(effect: World, by: str, quiet_below: float, reason: str) -> None:
    worlds = [found_in(effect, seed, by, quiet_below) for seed in range(WORLDS)]

    reasons = [{one.held_out.verdict for one in found.findings} for found in worlds]

    assert sum(HOLDS in told for told in reasons) <= MOST
    assert sum(any(one.holds for one in found.findings) for found in worlds) <= MOST
    assert sum(reason in told for told in reasons) > 2 * MOST
    # Density alone tells the edge between small and large luck, as good as always.
    assert sum(map(dense, worlds)) > 2 * MOST


def test_by_interval_is_blind_where_by_mean_is_not() -> None:
    """The share of points that are worse by mean hardly hangs on luck where all are; that by interval does."""
    points = latin(SPACE, 100, 1)
    quiet = points[:, 0] < 0.6
    by_mean, by_interval = (found_in(alike, 1, by, 0.6).worse for by in (BY_MEAN, BY_INTERVAL))

    assert by_interval[quiet].mean() == 1.0
    assert by_interval[~quiet].mean() < 0.3
    assert by_mean[~quiet].mean() > 0.6


def test_a_box_is_found_among_many_undecided_points() -> None:
    worlds = [found_in(box, seed, BY_MEAN, 0.3, replicates=6) for seed in range(8)]

    assert all(found.contrast.number(UNDECIDED) > 50 for found in worlds)
    for found in worlds:
        held = [one for one in found.findings if one.holds]
        assert held
        for one in held:
            assert one.held_out.sides.inside.mean.high < -0.01
            assert one.held_out.sides.apart.high < 0.0
        # What is told as worse is: no finding lies outside the box but for its edges.
        assert all({1, 2} & set(one.box.restricted(SPACE)) for one in held)


def test_two_replicates_are_enough_for_a_plain_box() -> None:
    found = found_in(lambda points: 2 * box(points), 2, BY_MEAN, 0.3, replicates=2)

    assert found.mostly_undecided
    assert any(one.holds for one in found.findings)
