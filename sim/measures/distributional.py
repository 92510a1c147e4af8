"""Distributional cost-effectiveness: health, and how evenly it is spread over groups of people.

``health`` [groups] is healthy life expectancy (QALYs per person), the groups weigh by ``population``. Every
function raises ValueError on shapes that differ, people that are negative or sum to 0, or negative health.
Multiply by the population for the worth to everyone.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.inequality import equally_distributed_equivalent, gini, kolm, shares

Equivalent = Callable[[npt.ArrayLike, npt.ArrayLike], float]


class Welfare(NamedTuple):
    """The change in equally distributed equivalent health per person, split into health gained and evenness."""

    before: float
    after: float
    change: float
    efficiency: float  # change in mean health
    equity: float  # what is left: positive when the worse-off gain more


def atkinson_equivalent(health: npt.ArrayLike, aversion: float, population: npt.ArrayLike | None = None) -> float:
    """Return Atkinson's equally distributed equivalent, which minds relative differences (epsilon >= 0)."""
    return equally_distributed_equivalent(health, aversion, population)


def kolm_equivalent(health: npt.ArrayLike, aversion: float, population: npt.ArrayLike | None = None) -> float:
    """Return Kolm's equivalent, mean less index, which minds absolute differences; alpha > 0 per unit of health."""
    value, weight = shares("kolm_equivalent", health, population)
    return float((value * weight).sum()) - kolm(value, aversion, weight)


def gini_equivalent(health: npt.ArrayLike, aversion: float, population: npt.ArrayLike | None = None) -> float:
    """Return the extended Gini's equivalent, mean x (1 - index), which minds ranks (eta >= 1)."""
    value, weight = shares("gini_equivalent", health, population)
    mean = float((value * weight).sum())
    return mean * (1 - gini(value, weight, aversion)) if mean > 0 else 0.0


def welfare_change(
    before: npt.ArrayLike, after: npt.ArrayLike, population: npt.ArrayLike, equivalent: Equivalent
) -> Welfare:
    """Return the change in welfare from health ``before`` to ``after`` [groups] (Asaria, Griffin, Cookson 2016).

    ``equivalent`` maps health and population to the equivalent level, for instance
    ``lambda h, n: atkinson_equivalent(h, 10.0, n)``.
    """
    means = [float(np.multiply(*shares("welfare_change", health, population)).sum()) for health in (before, after)]
    levels = [equivalent(health, population) for health in (before, after)]
    change, efficiency = levels[1] - levels[0], means[1] - means[0]
    return Welfare(levels[0], levels[1], change, efficiency, change - efficiency)
