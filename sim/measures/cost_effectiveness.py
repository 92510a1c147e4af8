"""Which option is worth its cost: incremental ratios on the frontier, and net benefit at a threshold."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, finite, not_negative, same_shape

ON_FRONTIER, DOMINATED, EXTENDEDLY_DOMINATED = "ND", "D", "ED"


class Incremental(NamedTuple):
    """Options as they are told: the frontier by rising cost, then the extendedly, then the strictly dominated.

    Increments are over the option before on the frontier, nan for the first of it and for dominated options.
    ``ratio`` is cost per unit of effect.
    """

    option: tuple[str, ...]
    cost: FloatArray
    effect: FloatArray
    extra_cost: FloatArray
    extra_effect: FloatArray
    ratio: FloatArray
    status: tuple[str, ...]


def incremental_ratios(cost: npt.ArrayLike, effect: npt.ArrayLike, options: Sequence[str] | None = None) -> Incremental:
    """Return incremental cost-effectiveness ratios of options [n] after removing dominated ones.

    Dominated (D): another option costs no more and does at least as much; of options alike in both the first
    given stays. Extendedly dominated (ED): its ratio is above that of the next dearer option on the frontier.
    Raise ValueError when shapes or the number of names differ.
    """
    price, gain = finite("incremental_ratios (cost)", cost), finite("incremental_ratios (effect)", effect)
    same_shape("incremental_ratios", price, gain)
    names = list(options) if options is not None else [str(n + 1) for n in range(price.size)]
    if price.ndim != 1 or len(names) != price.size:
        raise ValueError(f"incremental_ratios: {len(names)} names for {price.size} options")
    order = np.lexsort((-gain, price))
    best = np.concatenate([[-np.inf], np.maximum.accumulate(gain[order])[:-1]])
    candidates = order[gain[order] > best]
    frontier = _frontier(price, gain, candidates.tolist())
    status = {int(n): DOMINATED for n in order} | {int(n): EXTENDEDLY_DOMINATED for n in candidates}
    status |= dict.fromkeys(frontier, ON_FRONTIER)
    rank = {ON_FRONTIER: 0, EXTENDEDLY_DOMINATED: 1, DOMINATED: 2}
    told = sorted(order.tolist(), key=lambda n: rank[status[n]])
    extra_cost, extra_effect = (_steps(values, frontier, price.size) for values in (price, gain))
    return Incremental(
        option=tuple(names[n] for n in told),
        cost=price[told],
        effect=gain[told],
        extra_cost=extra_cost,
        extra_effect=extra_effect,
        ratio=extra_cost / extra_effect,
        status=tuple(status[n] for n in told),
    )


def net_monetary_benefit(cost: npt.ArrayLike, effect: npt.ArrayLike, threshold: float) -> FloatArray:
    """Return effect x threshold - cost, in money; ``threshold`` is what a unit of effect is worth."""
    price, gain, worth = _prices("net_monetary_benefit", cost, effect, threshold)
    return np.asarray(gain * worth - price)


def net_health_benefit(cost: npt.ArrayLike, effect: npt.ArrayLike, threshold: float) -> FloatArray:
    """Return effect - cost / threshold, in units of effect; raise ValueError at a threshold of 0."""
    price, gain, worth = _prices("net_health_benefit", cost, effect, threshold)
    if worth == 0:
        raise ValueError("net_health_benefit: a cost has no worth in health at a threshold of 0")
    return np.asarray(gain - price / worth)


def _steps(values: FloatArray, frontier: list[int], options: int) -> FloatArray:
    """Return how much each option on the frontier adds to the one before, and nan for all others."""
    step = np.full(options, np.nan)
    step[1 : len(frontier)] = np.diff(values[frontier])
    return step


def _frontier(cost: FloatArray, effect: FloatArray, candidates: list[int]) -> list[int]:
    """Take out, until there is none, every option whose ratio is above the next one's."""
    left = candidates
    while True:
        ratio = np.diff(cost[left]) / np.diff(effect[left])
        dropped = np.flatnonzero(ratio[:-1] > ratio[1:]) + 1
        if not dropped.size:
            return left
        left = [n for at, n in enumerate(left) if at not in dropped]


def _prices(
    what: str, cost: npt.ArrayLike, effect: npt.ArrayLike, threshold: float
) -> tuple[FloatArray, FloatArray, float]:
    price, gain = finite(f"{what} (cost)", cost), finite(f"{what} (effect)", effect)
    same_shape(what, price, gain)
    return price, gain, float(not_negative(f"{what} (threshold)", threshold))
