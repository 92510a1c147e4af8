"""A box is borne out by evidence from its own place alone, whatever was found before it elsewhere."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from sim.analysis import discovery
from sim.analysis.discovery import Finding, discover
from sim.analysis.discovery_boxes import Bools, Box, counts, whole_space
from sim.analysis.discovery_contrast import contrast_of
from sim.analysis.discovery_held_out import HOLDS, NOT_FOUND, parted
from sim.analysis.discovery_prim import Found
from sim.analysis.space import FloatArray, Space
from sim.measures.outcomes import outcome
from tests.analysis.sampled import latin

SPACE = Space.of_numbers(("a", "b"), (0.0, 0.0), (1.0, 1.0))
POINTS = latin(SPACE, 240)
TRUE = whole_space(SPACE).above(0, 0.75)
LUCKY = whole_space(SPACE).below(0, 0.75).above(1, 0.8)
"""Half of the points find this elsewhere: mostly where nothing is worse."""
BESIDE = LUCKY.above(1, 0.5).below(1, 0.85)
FAR = LUCKY.above(1, 0.0).below(1, 0.3)
WORSE = TRUE.inside(POINTS) | LUCKY.inside(POINTS)
Halves = tuple[Sequence[Box], Sequence[Box]]


def findings(monkeypatch: pytest.MonkeyPatch, halves: Halves) -> dict[str, list[Finding]]:
    """Return what is told where all points find the true and the lucky region, and each half boxes that are given."""
    drawn = {"boxes": iter(halves), "leaves": iter(halves)}

    def find(name: str, points: FloatArray) -> Sequence[Box]:
        return (TRUE, LUCKY) if len(points) == len(POINTS) else next(drawn[name])

    def boxes(_: Space, points: FloatArray, worse: Bools) -> list[Found]:
        return [Found(box, counts(box, points, worse), (), ()) for box in find("boxes", points)]

    def leaves(_: Space, points: FloatArray, *__: object) -> list[Box]:
        return list(find("leaves", points))

    monkeypatch.setattr(discovery, "boxes", boxes)
    monkeypatch.setattr(discovery, "leaves", leaves)
    luck = 0.002 * np.random.default_rng(2).standard_normal((len(POINTS), 4))
    first = 0.7 - 0.05 * WORSE[:, np.newaxis] + luck
    told = discover(SPACE, POINTS, contrast_of(first, np.full_like(first, 0.7), outcome("access_from_diagnosis")), 1)
    return {method: [one for one in told.findings if one.method == method] for method in ("box", "leaf")}


@pytest.mark.parametrize("method", ["box", "leaf"])
def test_a_lucky_region_is_not_borne_out_by_a_true_one(monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    """One half finds the true region first, the other last."""
    true, lucky = findings(monkeypatch, ((TRUE, BESIDE), (BESIDE, TRUE)))[method]

    assert (true.box, lucky.box) == (TRUE, LUCKY)
    assert true.holds
    assert not lucky.holds
    assert true.held_out.inside == TRUE.inside(POINTS).sum()
    assert lucky.held_out.inside == BESIDE.inside(POINTS).sum()
    assert true.held_out.shared == 1.0
    both, either = (BESIDE.inside(POINTS) & LUCKY.inside(POINTS), BESIDE.inside(POINTS) | LUCKY.inside(POINTS))
    assert lucky.held_out.shared == pytest.approx(both.sum() / either.sum())


@pytest.mark.parametrize("method", ["box", "leaf"])
def test_a_region_that_no_half_finds_is_not_found(monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    true, lucky = findings(monkeypatch, ((TRUE, FAR), (FAR, TRUE)))[method]

    assert true.verdict == HOLDS
    assert lucky.verdict == NOT_FOUND
    assert (lucky.held_out.inside, math.isnan(lucky.held_out.density)) == (0, True)


@pytest.mark.parametrize("method", ["box", "leaf"])
def test_true_regions_hold_in_whatever_order_they_are_found(monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    true, also = findings(monkeypatch, ((TRUE, LUCKY), (LUCKY, TRUE)))[method]

    assert true.holds
    assert also.holds
    # Outside of the first box is the second, of a leaf no leaf.
    assert true.held_out.sides.outside.worse == (LUCKY.inside(POINTS).sum() if method == "box" else 0)
    assert also.held_out.sides.outside.worse == 0


def test_a_point_is_that_of_the_first_box_that_holds_it() -> None:
    first, second, third = (np.array(one, dtype=bool) for one in ((1, 1, 0, 0), (0, 1, 1, 0), (1, 1, 1, 1)))

    told = [one.tolist() for one in parted(iter((first, second, third)))]

    assert told == [[True, True, False, False], [False, False, True, False], [False, False, False, True]]
