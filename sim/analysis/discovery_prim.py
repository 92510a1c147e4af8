"""The patient rule induction method (Friedman and Fisher 1999): find boxes in which points of interest are dense.

Peel a thin slice off the box, the one that raises the density most for each point it costs, again and again; take the
box of that path with the best balance of coverage and density (harmonic mean); widen what was peeled too far; free
what chance explains. The next box is looked for among the points that are left (covering).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sim.analysis.discovery_boxes import (
    Bools,
    Box,
    Counts,
    counts,
    quasi_p,
    steps_inward,
    steps_outward,
    whole_space,
)
from sim.analysis.space import FloatArray, Space

PEEL = 0.05
LEAST_INSIDE = 6
MOST_BOXES = 3
CHANCE = 0.05
"""A limit that chance gives as often as this, by its quasi-p, is freed."""


@dataclass(frozen=True)
class Found:
    """A box, what it holds of the points that earlier boxes left, and the path of peeling that led to it.

    ``chances`` gives the quasi-p of each limited input.
    """

    box: Box
    counts: Counts
    chances: tuple[tuple[int, float], ...]
    path: tuple[tuple[Box, Counts], ...]


def boxes(space: Space, points: FloatArray, interesting: Bools, peel: float = PEEL) -> list[Found]:
    """Return up to three boxes, each denser than the points among which it was found.

    ``counts`` of a later box leave out the points of earlier ones, but for the number of points of interest in all,
    so that coverages add up.
    """
    left: Bools = np.ones(len(points), dtype=np.bool_)
    found: list[Found] = []
    everything = int(interesting.sum())
    while len(found) < MOST_BOXES and interesting[left].any() and not interesting[left].all():
        one = _box(space, points[left], interesting[left], peel)
        own = counts(one.box, points[left], interesting[left])
        if not one.box.restricted(space):
            break
        whole = Counts(own.inside, own.interesting, len(points), everything)
        found.append(replace(one, counts=whole))
        left &= ~one.box.inside(points)
    return found


def _box(space: Space, points: FloatArray, interesting: Bools, peel: float) -> Found:
    path = tuple(peeled(space, points, interesting, peel))
    box, _ = max(path, key=lambda step: (balance(step[1]), step[1].inside))
    box = _without_chance(space, points, interesting, box)
    box = _pasted(space, points, interesting, box, peel)
    chances = tuple((place, quasi_p(box, place, space, points, interesting)) for place in box.restricted(space))
    return Found(box, counts(box, points, interesting), chances, path)


def balance(found: Counts) -> float:
    """Return the harmonic mean of coverage and density."""
    return 2 * found.interesting / (found.inside + found.all_interesting)


def peeled(space: Space, points: FloatArray, interesting: Bools, peel: float) -> Iterator[tuple[Box, Counts]]:
    """Yield the box after each step of peeling with its counts, from the whole space on."""
    box = whole_space(space)
    least = max(LEAST_INSIDE, int(peel * len(points)))
    now = counts(box, points, interesting)
    yield box, now
    while now.interesting < now.inside:
        inside = box.inside(points)
        tried = [
            (one, counts(one, points, interesting))
            for place in range(space.inputs)
            for one in steps_inward(box, place, space, points[inside, place], peel)
        ]
        fitting = [step for step in tried if step[1].inside >= least]
        if not fitting:
            return
        box, now = max(fitting, key=partial(_gain, now))
        yield box, now


def _gain(was: Counts, step: tuple[Box, Counts]) -> float:
    """Return the rise in density for each point that a step costs, so that big options have no lead."""
    now = step[1]
    return (now.density - was.density) / (was.inside - now.inside)


def _without_chance(space: Space, points: FloatArray, interesting: Bools, box: Box) -> Box:
    """Free the input whose limit chance explains best, until none is left that it explains."""
    while limited := box.restricted(space):
        chances = {place: quasi_p(box, place, space, points, interesting) for place in limited}
        worst = max(limited, key=lambda place: chances[place])
        if chances[worst] <= CHANCE:
            break
        box = box.without(worst, space)
    return box


def _pasted(space: Space, points: FloatArray, interesting: Bools, box: Box, peel: float) -> Box:
    """Widen the box while that does not thin it out."""
    while True:
        now = counts(box, points, interesting)
        number = max(int(peel * now.inside), 1)
        wider = [
            (one, counts(one, points, interesting))
            for place in box.restricted(space)
            for one in steps_outward(box, place, space, points, number)
        ]
        better = [step for step in wider if step[1].inside > now.inside and step[1].density >= now.density]
        if not better:
            return box
        box = max(better, key=lambda step: (step[1].density, step[1].inside))[0]
