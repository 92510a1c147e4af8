"""Why: how much of an outcome, and of a difference between regimes, each group of mechanisms accounts for.

A game whose players are groups of mechanisms: its value for a subset is the outcome of a run in which those
mechanisms are at work and the others are switched off. Every run of a replicate has the same people and luck.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.analysis.mechanism_groups import MechanismGroup
from sim.analysis.shapley import IntArray, joining_orders, subsets_on_the_way
from sim.measures.rows import ALL, ALL_PATIENTS, ALL_SERVICES
from sim.specification.axes import Axis
from sim.specification.design import Design
from sim.specification.run import Study
from sim.specification.switches import mechanisms

MOST_EXACT = 8
"""With more groups than this not every subset is run; orders in which groups join are sampled."""
PERMUTATIONS = 16
"""Sampled orders for each replicate, reversed ones included."""
TOPICS: dict[str, tuple[tuple[str, str], ...]] = {
    "variation": (("tau_icb", ALL_PATIENTS),),
    "discordance": (("twin_discordance", ALL_SERVICES),),
    "access": (("access_from_diagnosis", ALL_SERVICES), ("access_from_diagnosis", ALL_PATIENTS)),
    "cost": (("cost_total_gbp", ALL),),
}
"""What can be explained, each by its outcomes (measure and set of services)."""


class NothingToDecomposeError(ValueError):
    """A study in which no mechanism can be switched off, or in which more than mechanisms would vary."""


@dataclass(frozen=True)
class Decomposition:
    """The runs that an explanation needs: a study whose points are subsets of the groups.

    ``subsets`` [point] has bit g set where group g is at work. Where orders are sampled there is one array
    [order, group] for each replicate, and ``orders`` is empty where every subset is run.
    """

    study: Study
    groups: tuple[MechanismGroup, ...]
    subsets: tuple[int, ...]
    orders: tuple[IntArray, ...] = ()

    @property
    def everyone(self) -> int:
        """Return the subset of all groups."""
        return (1 << len(self.groups)) - 1

    @property
    def asked(self) -> Collection[tuple[int, int]] | None:
        """Return the point numbers and replicates that are needed, None where all are."""
        if not self.orders:
            return None
        number = {subset: index for index, subset in enumerate(self.subsets, start=1)}
        return frozenset(
            (number[int(subset)], replicate)
            for replicate, orders in enumerate(self.orders)
            for subset in np.unique(subsets_on_the_way(orders))
        )

    def at_work(self, subset: int) -> list[str]:
        """Name the groups of a subset."""
        return [group.id for place, group in enumerate(self.groups) if subset >> place & 1]


def decompose(study: Study, groups: Sequence[MechanismGroup], permutations: int = PERMUTATIONS) -> Decomposition:
    """Plan the subsets of a study's mechanisms; a mechanism that the study has switched off stays off.

    Benchmarks, in which nothing is at work, are left out unless one is the baseline. The subset of all groups is
    the study itself, so its own runs serve. Each replicate has orders of its own, so that an interval over
    replicates holds the error of sampling as well. Raise NothingToDecomposeError on a study that varies anything
    or has every mechanism off.
    """
    if study.axes:
        names = ", ".join(axis.key for axis in study.axes)
        raise NothingToDecomposeError(f"{study.id} varies {names}; only a study without `vary` can be decomposed")
    on = {entry.key for entry in mechanisms(study.parameters) if entry.value}
    players = tuple(group for group in groups if on.intersection(group.switches))
    if not players:
        raise NothingToDecomposeError(f"{study.id} has every mechanism switched off; there is nothing to decompose")
    compare = tuple(scenario for scenario in study.compare if not scenario.benchmark or scenario.id == study.baseline)
    subsets, orders = _subsets(study, len(players), permutations)
    axes = tuple(
        Axis(key, "true or false", tuple(bool(subset >> place & 1) for subset in subsets))
        for place, group in enumerate(players)
        for key in group.switches
        if key in on
    )
    varied = replace(study, compare=compare, axes=axes, design=Design("zip"))
    return Decomposition(varied, players, subsets, orders)


def _subsets(study: Study, players: int, permutations: int) -> tuple[tuple[int, ...], tuple[IntArray, ...]]:
    """Return the subsets to be run, and the orders of each replicate where not all are."""
    if players <= MOST_EXACT:
        return tuple(range(1 << players)), ()
    pairs = max(permutations // 2, 1)
    orders = tuple(joining_orders(players, pairs, study.seed, number * pairs) for number in range(study.replicates))
    found = np.unique(np.concatenate([subsets_on_the_way(own).ravel() for own in orders]))
    return tuple(int(subset) for subset in found), orders
