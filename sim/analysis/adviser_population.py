"""How many people a commissioner must have: risk of cost as a compound Poisson sum, and expertise by the curve.

A year's cost is X = Σ c over N cases, N Poisson with mean μ and cases of spread CV_c alike and apart; then
CV(X) = √((1 + CV_c²)/μ). With λ cases a head a year, n people have μ = λn, so CV(X) ≤ τ asks for
n ≥ (1 + CV_c²)/(λτ²).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.governance.expertise import SMALLEST_VOLUME, ExpertiseParameters, exponents, usual_volume
from sim.world.world import World

FloatArray = npt.NDArray[np.float64]
TOLERANCE, LOSS = 0.20, 0.10
"""By default: a coefficient of variation of a year's cost, and a rise of the risk of treatment, both shares."""


@dataclass(frozen=True)
class Safe:
    """The smallest population of a commissioner for one service, people.

    ``for_cost`` keeps a year's cost within the tolerance; with ``for_expertise`` a centre that sees nobody else loses
    no more than the stated share, 0 where volume does not matter. Infinite where no population is large enough.
    """

    for_cost: float
    for_expertise: float

    @property
    def people(self) -> float:
        """Return the population that is safe in both."""
        return max(self.for_cost, self.for_expertise)


def population_for_cost(cases: float, people: float, case_cv: float, tolerance: float) -> float:
    """Return the smallest population in which the coefficient of variation of a year's cost is at most ``tolerance``.

    ``cases`` a year are expected among ``people``.
    """
    return (1.0 + case_cv**2) / tolerance**2 * people / cases if cases > 0.0 else math.inf


def population_for_expertise(
    usual: FloatArray, people: float, power: float, loss: float, smallest: float = SMALLEST_VOLUME
) -> float:
    """Return the smallest population whose own centre treats at a risk at most ``loss`` (share) above the present one.

    ``usual`` are the cases a year of the present centres, which serve ``people``; risk goes with cases a year to the
    power -``power``, and with no fewer than ``smallest``. In a steady state the stock of expertise is cases a year
    over a constant, so the constant leaves the ratio.
    """
    total = float(usual.sum())
    if total <= 0.0:
        return math.inf
    present = float((usual * np.maximum(usual, smallest) ** -power).sum()) / total
    if float(smallest**-power) <= present * (1.0 + loss):  # even the smallest centre is good enough
        return 0.0
    volume = math.pow(present * (1.0 + loss), -1.0 / power)
    return volume / total * people


def safe_populations(
    world: World, year: float, cases: FloatArray, case_cv: float, terms: tuple[float, float], curve: ExpertiseParameters
) -> list[Safe]:
    """Return the safe population of each service of a world, from cases a year in it [S].

    ``terms`` are the tolerance and the loss; ``year`` is that of which the centres' usual volumes are taken.
    """
    tolerance, loss = terms
    people = float(world.places.population.sum())
    usual, power = usual_volume(world, year), exponents(world.services, curve)
    if not curve.outcome_enabled:
        power = np.zeros_like(power)
    return [
        Safe(
            population_for_cost(float(cases[number]), people, case_cv, tolerance),
            population_for_expertise(usual[world.offers.service == number], people, float(power[number]), loss),
        )
        for number in range(len(world.services.ids))
    ]


def people_of_units(world: World, levels: Sequence[str]) -> Mapping[str, FloatArray]:
    """Return the people of every unit of some levels."""
    places = world.places
    people = places.population.astype(np.float64)
    found = {level: np.bincount(places.unit_of[level], people, len(places.unit_codes[level])) for level in levels}
    return {level: units.astype(np.float64) for level, units in found.items()}
