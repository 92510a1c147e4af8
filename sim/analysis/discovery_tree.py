"""A classification tree (CART, by scikit-learn) over the points of a study, its dense leaves told as boxes."""

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
    found, _ = _dense(tree.tree_, 0, whole_space(space), source)
    told = [(int(interesting[box.inside(points)].sum()), box) for box in found if box.restricted(space)]
    return [box for _, box in sorted(told, key=lambda entry: -entry[0])]


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


def _dense(tree: Any, node: int, box: Box, source: list[tuple[int, int | None]]) -> tuple[list[Box], bool]:
    """Return the dense boxes below a node, and whether all is dense there: then the node is told, not its leaves.

    The left branch holds what is not above the threshold.
    """
    left, right = int(tree.children_left[node]), int(tree.children_right[node])
    if left == right:
        dense = float(tree.value[node][0][1]) > HALF * float(tree.value[node][0].sum())
        return [box] * dense, dense
    place, option = source[int(tree.feature[node])]
    threshold = float(tree.threshold[node])
    if option is None:
        above = max(float(np.nextafter(threshold, np.inf)), box.low[place])
        sides = (box.below(place, min(threshold, box.high[place])), box.above(place, above))
    else:
        allowed = box.allowed[place] or ()
        sides = (
            box.allowing(place, tuple(one for one in allowed if one != option)),
            box.allowing(place, tuple(one for one in allowed if one == option)),
        )
    (first, all_first), (second, all_second) = (
        _dense(tree, child, side, source) for child, side in zip((left, right), sides, strict=True)
    )
    return ([box], True) if all_first and all_second else ([*first, *second], False)
