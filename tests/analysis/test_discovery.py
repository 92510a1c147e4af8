"""A planted box is found and counted right; noise is not told as a finding."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from sim.analysis.discovery import BY_INTERVAL, NOT_EVEN_ITSELF, NOT_EVEN_THAN_OUTSIDE, discover
from sim.analysis.discovery_boxes import counts, whole_space
from sim.analysis.discovery_contrast import UNDECIDED, Contrast, contrast_of
from sim.analysis.discovery_held_out import HOLDS, NOT_FOUND
from sim.analysis.discovery_prim import PEEL, boxes
from sim.analysis.discovery_tree import leaves
from sim.analysis.space import CannotAnalyseError, Space
from sim.measures.intervals import Interval
from sim.measures.outcomes import outcome
from tests.analysis.sampled import latin

MIXED = Space(
    ("a", "b", "c", "d", "lever", "number"),
    (0.0,) * 6,
    (1.0, 1.0, 1.0, 1.0, 2.0, 5.0),
    ("continuous",) * 4 + ("choice", "whole"),
    ((),) * 4 + (("x", "y", "z"), ()),
    ("",) * 6,
)
POINTS = latin(MIXED, 400)
ACCESS = outcome("access_from_diagnosis")
PLANTED = (POINTS[:, 0] > 0.4) & (POINTS[:, 1] < 0.55) & (POINTS[:, 4] != 1)


def contrast(worse: "np.typing.NDArray[np.bool_]", by: float = 0.05) -> Contrast:
    """Return that of a regime with less access at the points given, and hardly any luck."""
    luck = 1e-4 * np.array([1.0, -1.0, 0.5, -0.5])
    return contrast_of(0.7 - by * worse[:, np.newaxis] + luck, np.full((len(worse), 4), 0.7), ACCESS)


def test_a_planted_box_is_found_within_one_step_of_peeling_and_counted_right() -> None:
    found = boxes(MIXED, POINTS, PLANTED)[0]
    inside = found.box.inside(POINTS)

    assert found.box.restricted(MIXED) == [0, 1, 4]
    assert found.box.low[0] == pytest.approx(0.4, abs=PEEL)
    assert found.box.high[1] == pytest.approx(0.55, abs=PEEL)
    assert found.box.allowed[4] == (0, 2)
    assert found.counts.coverage == (inside & PLANTED).sum() / PLANTED.sum() > 0.95
    assert found.counts.density == PLANTED[inside].mean() > 0.95
    assert all(p < 1e-4 for _, p in found.chances)


def test_peeling_only_ever_takes_away() -> None:
    [path] = [one.path for one in boxes(MIXED, POINTS, PLANTED)[:1]]

    assert path[0][0] == whole_space(MIXED)
    assert all(later.inside < earlier.inside for (_, earlier), (_, later) in pairwise(path))
    assert path[-1][1].density > path[0][1].density


def test_a_second_box_is_found_among_the_points_that_are_left() -> None:
    both = ((POINTS[:, 4] == 1) & (POINTS[:, 5] >= 3)) | ((POINTS[:, 2] > 0.7) & (POINTS[:, 3] > 0.6))

    first, second = boxes(MIXED, POINTS, both)[:2]

    rest = ~first.box.inside(POINTS)
    assert second.counts.interesting == (both & rest & second.box.inside(POINTS)).sum()
    assert second.counts.coverage == second.counts.interesting / both.sum()
    assert first.counts.coverage + second.counts.coverage > 0.85
    assert min(first.counts.density, second.counts.density) > 0.8


def test_the_tree_finds_the_planted_box_too() -> None:
    [leaf] = leaves(MIXED, POINTS, PLANTED, seed=1)

    assert leaf.restricted(MIXED) == [0, 1, 4]
    assert counts(leaf, POINTS, PLANTED).density > 0.95
    assert counts(leaf, POINTS, PLANTED).coverage > 0.95


def test_a_finding_holds_in_points_that_had_no_part_in_it() -> None:
    found = discover(MIXED, POINTS, contrast(PLANTED), seed=1)

    assert {one.method: one.verdict for one in found.findings} == {"box": HOLDS, "leaf": HOLDS}
    assert found.findings[0].held_out.density > 0.8


def test_noise_is_not_told_as_a_finding() -> None:
    told, inside, worse = [], 0, 0
    for seed in range(60):
        lot = np.random.default_rng(seed).random(150) < 0.1
        for finding in discover(MIXED, POINTS[:150], contrast(lot, by=0.3), seed).findings:
            told.append(finding.holds)
            if finding.method == "box":
                inside, worse = inside + finding.held_out.inside, worse + finding.held_out.worse

    # Each has a chance of 2.5 % to be told; more than 5 of 25 would come once in 10,000.
    assert 15 < len(told) < 40
    assert sum(told) <= 5
    # The density that a box is chosen for is inflated; that in points not used is that of all points.
    assert worse / inside == pytest.approx(0.1, abs=4 * math.sqrt(0.1 * 0.9 / inside))


@pytest.mark.parametrize("everywhere", [False, True])
def test_without_a_contrast_there_is_no_box(everywhere: bool) -> None:
    assert discover(MIXED, POINTS, contrast(np.full(400, everywhere)), seed=1).findings == ()


def test_what_cannot_be_told_is_refused() -> None:
    two = np.ones((40, 2))
    with pytest.raises(CannotAnalyseError, match="one replicate"):
        contrast_of(two[:, :1], two[:, :1], outcome("qalys"))
    with pytest.raises(CannotAnalyseError, match="no better direction"):
        contrast_of(two, two, outcome("waiting_at_start"))
    holed = two.copy()
    holed[2, 1] = np.nan
    with pytest.raises(CannotAnalyseError, match="1 of 40 points lack a finite output: 3"):
        contrast_of(two, holed, outcome("qalys"))
    with pytest.raises(CannotAnalyseError, match="too few"):
        discover(MIXED, POINTS[:20], contrast(PLANTED[:20]), seed=1)


def test_a_box_found_nowhere_else_does_not_hold() -> None:
    """Six of a hundred points in a corner are too few for half of them to show it."""
    few = np.isin(np.arange(100), np.argsort(POINTS[:100, 2])[:6])

    findings = discover(MIXED, POINTS[:100], contrast(few), seed=3).findings

    assert [finding.method for finding in findings] == ["box", "leaf"]
    assert [finding.verdict for finding in findings] == [NOT_FOUND, NOT_FOUND]


def test_a_leaf_is_not_borne_out_by_the_leaves_beside_it() -> None:
    [leaf] = [one for one in discover(MIXED, POINTS, contrast(PLANTED), seed=1).findings if one.method == "leaf"]
    spanning_zero = Interval(-0.3, -2.0, 1.4, 4)

    assert leaf.verdict == HOLDS
    assert replace(leaf, sides=replace(leaf.sides, harm=spanning_zero)).verdict == NOT_EVEN_ITSELF
    assert replace(leaf, sides=replace(leaf.sides, more_harm=spanning_zero)).verdict == NOT_EVEN_THAN_OUTSIDE


def test_boxes_by_interval_are_refused_where_most_points_are_undecided() -> None:
    found = contrast(PLANTED)
    most = replace(found, words=(UNDECIDED,) * 201 + found.words[201:])
    half = replace(found, words=(UNDECIDED,) * 200 + found.words[200:])

    with pytest.raises(CannotAnalyseError, match=r"201 of 400 points are undecided.*--by mean"):
        discover(MIXED, POINTS, most, seed=1, by=BY_INTERVAL)
    assert discover(MIXED, POINTS, most, seed=1).mostly_undecided
    assert not discover(MIXED, POINTS, half, seed=1, by=BY_INTERVAL).mostly_undecided
