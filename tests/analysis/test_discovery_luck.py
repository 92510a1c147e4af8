"""Luck whose size differs over the space is not told as a finding; a box is found under it."""

from collections.abc import Callable

import numpy as np
import pytest

from sim.analysis.discovery import BY_INTERVAL, BY_MEAN, Discovery, discover
from sim.analysis.discovery_contrast import UNDECIDED, contrast_of
from sim.analysis.discovery_held_out import HOLDS, NOT_WORSE_INSIDE, NOT_WORSE_THAN_OUTSIDE
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


@pytest.mark.slow
@pytest.mark.parametrize(("replicates", "most"), [(4, 15), (8, 2)])
def test_luck_that_grows_along_inputs_is_rarely_a_finding(replicates: int, most: int) -> None:
    """All luck is shared by all points and grows along one of four inputs each: the hardest case of no effect.

    With four replicates the points not used have the luck of those used, and more than the nominal 5 % of worlds tell a
    finding; of 60 worlds of which 9 % do, 15 or more come once in 10,000 times. With eight, other replicates are looked
    at.
    """

    def told(seed: int) -> bool:
        points = latin(SPACE, 100, seed)
        rng = np.random.default_rng(seed + 10_000)
        luck = 0.15 * (points - 0.5) @ rng.standard_normal((4, replicates))
        luck += 0.004 * rng.standard_normal(luck.shape)
        other = np.full(luck.shape, 0.7)
        found = discover(SPACE, points, contrast_of(other + luck, other, outcome("access_from_diagnosis")), seed)
        assert found.replicates_held_out == (replicates == 8)
        return any(one.holds for one in found.findings)

    assert sum(map(told, range(60))) <= most


def test_with_eight_replicates_what_half_of_them_show_is_looked_at_in_the_others() -> None:
    """An effect in every other replicate, none in the rest: the mean has a box, which the others do not bear out."""
    points = latin(SPACE, 100, 1)
    luck = 0.002 * np.random.default_rng(1).standard_normal((100, 8))
    luck[:, 1::2] -= 0.1 * (points[:, 1] > 0.7)[:, np.newaxis]
    other = np.full((100, 8), 0.7)

    all_eight, seven = (
        discover(SPACE, points, contrast_of(first, second, outcome("access_from_diagnosis")), 1).findings[0].held_out
        for first, second in ((other + luck, other), ((other + luck)[:, 1:], other[:, 1:]))
    )

    assert all_eight.sides.inside.mean.mean == pytest.approx(0.0, abs=0.002)
    assert all_eight.worse == 0
    # With fewer, the points not used are looked at in all replicates, and have the effect of four in seven.
    assert seven.sides.inside.mean.mean < -0.04
