"""Theil's indices split exactly into what lies within groups and what lies between them, over any nesting.

``x``, ``weights`` and each grouping are [areas]. The sum of the parts is the total. Every function raises
ValueError as the indices do, and when a grouping has another length.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, divide
from sim.measures.inequality import shares, theil_l, theil_t


class Decomposition(NamedTuple):
    """A total split exactly into the part within groups and the part between them."""

    total: float
    within: float
    between: float


class NestedDecomposition(NamedTuple):
    """A total split exactly over levels: between the groups of each level inside those of the one above.

    ``between`` has one part per level, the widest first; ``within`` is what is left inside the finest groups.
    """

    total: float
    between: tuple[float, ...]
    within: float


def decompose_theil_t(x: npt.ArrayLike, weights: npt.ArrayLike | None, group: npt.ArrayLike) -> Decomposition:
    """Split Theil's T: groups' own indices weigh by their share of the whole amount."""
    total, (between,), within = decompose_theil_t_nested(x, weights, [group])
    return Decomposition(total, within, between)


def decompose_theil_l(x: npt.ArrayLike, weights: npt.ArrayLike | None, group: npt.ArrayLike) -> Decomposition:
    """Split Theil's L: groups' own indices weigh by their share of the people; nan when an area is at 0."""
    total, (between,), within = decompose_theil_l_nested(x, weights, [group])
    return Decomposition(total, within, between)


def decompose_theil_t_nested(
    x: npt.ArrayLike, weights: npt.ArrayLike | None, levels: Sequence[npt.ArrayLike]
) -> NestedDecomposition:
    """Split Theil's T over levels (regions, then ICBs ...), the widest first.

    Raise ValueError when a level is not nested in the one above, or there is none.
    """
    value, weight, codes = _levels("decompose_theil_t", x, weights, levels)
    return _split(theil_t, value, weight, codes)


def decompose_theil_l_nested(
    x: npt.ArrayLike, weights: npt.ArrayLike | None, levels: Sequence[npt.ArrayLike]
) -> NestedDecomposition:
    """Split Theil's L over levels, the widest first; nan throughout when an area is at 0.

    Raise ValueError when a level is not nested in the one above, or there is none.
    """
    value, weight, codes = _levels("decompose_theil_l", x, weights, levels)
    return _split(theil_l, value, weight, codes)


Index = Callable[[FloatArray, FloatArray], float]
Codes = npt.NDArray[np.intp]


def _split(index: Index, value: FloatArray, weight: FloatArray, levels: list[Codes]) -> NestedDecomposition:
    """Take each level's index of group means less that of the level above; what is left lies within.

    The index of group means is the part between those groups, so the differences are the exact parts.
    """
    reached = [0.0, *(index(*_means(value, weight, group)) for group in levels)]
    total = index(value, weight)
    return NestedDecomposition(total, tuple(np.diff(reached).tolist()), total - reached[-1])


def _means(value: FloatArray, weight: FloatArray, group: Codes) -> tuple[FloatArray, FloatArray]:
    people = np.bincount(group, weight).astype(np.float64)
    return divide(np.bincount(group, weight * value), people), people


def _levels(
    what: str, x: npt.ArrayLike, weights: npt.ArrayLike | None, levels: Sequence[npt.ArrayLike]
) -> tuple[FloatArray, FloatArray, list[Codes]]:
    if not levels:
        raise ValueError(f"{what}: there is no level to split by")
    names = [np.asarray(level) for level in levels]
    if any(level.shape != np.shape(x) for level in names):
        raise ValueError(f"{what}: each level names the group of each of the {np.size(x)} areas")
    value, weight = shares(what, x, weights)
    some = np.ones(np.size(x), dtype=np.bool_) if weights is None else np.asarray(weights, dtype=np.float64) > 0
    codes = [np.unique(level[some], return_inverse=True)[1] for level in names]
    for wide, fine in pairwise(codes):
        if len(np.unique(np.stack([wide, fine]), axis=1).T) != len(np.unique(fine)):
            raise ValueError(f"{what}: a group of one level lies in several of the level above")
    return value, weight, codes
