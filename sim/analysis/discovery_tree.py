"""A classification tree (CART, by scikit-learn) over the points of a study, its dense leaves told as boxes."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.analysis.discovery_boxes import Bools, Box, whole_space
from sim.analysis.space import FloatArray, Space

DEPTH = 3
LEAST_SHARE, LEAST_INSIDE = 0.05, 6
HALF = 0.5


def leaves(space: Space, points: FloatArray, interesting: Bools, seed: int) -> list[Box]:
    """Return the leaves in which more than half of the points are of interest, by falling number of those."""
    from sklearn.tree import DecisionTreeClassifier

    if interesting.all() or not interesting.any():
        return []
    columns, source = _columns(space, points)
    smallest = max(LEAST_INSIDE, int(LEAST_SHARE * len(points)))
    tree = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=smallest, random_state=seed % 2**32)
    tree.fit(columns, interesting.astype(np.int64))
    dense = []
    for box, _ in _walk(tree.tree_, 0, whole_space(space), source):
        inside = box.inside(points)
        if interesting[inside].mean() > HALF and box.restricted(space):
            dense.append((int(interesting[inside].sum()), box))
    return [box for _, box in sorted(dense, key=lambda entry: -entry[0])]


def _columns(space: Space, points: FloatArray) -> tuple[FloatArray, list[tuple[int, int | None]]]:
    """Return what the tree splits, and for each column its input and, of a choice, the option that it tells."""
    source: list[tuple[int, int | None]] = []
    columns = []
    for place, options in enumerate(space.options):
        for option in range(len(options)):
            source.append((place, option))
            columns.append((points[:, place] == option).astype(np.float64))
        if not options:
            source.append((place, None))
            columns.append(points[:, place])
    return np.column_stack(columns), source


def _walk(tree: Any, node: int, box: Box, source: list[tuple[int, int | None]]) -> Iterator[tuple[Box, int]]:
    """Yield the box of each leaf below a node; the left branch holds what is not above the threshold."""
    left, right = int(tree.children_left[node]), int(tree.children_right[node])
    if left == right:
        yield box, node
        return
    place, option = source[int(tree.feature[node])]
    threshold = float(tree.threshold[node])
    if option is None:
        sides = (
            box.below(place, min(threshold, box.high[place])),
            box.above(place, max(float(np.nextafter(threshold, np.inf)), box.low[place])),
        )
    else:
        allowed = box.allowed[place] or ()
        sides = (
            box.allowing(place, tuple(one for one in allowed if one != option)),
            box.allowing(place, tuple(one for one in allowed if one == option)),
        )
    for child, side in zip((left, right), sides, strict=True):
        yield from _walk(tree, child, side, source)
