"""The four statutory factors of a service, a simple rule on them, and how it fares against the simulation.

Which services are commissioned nationally is to be decided by four factors: how many people need the service, what
it costs, how many can provide it, and what it would mean for the money of local commissioners.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.analysis.adviser import Advice, Assignment
from sim.analysis.adviser_population import Safe, safe_populations
from sim.analysis.adviser_verdicts import KEEP, MOVE, ServiceAdvice
from sim.measures.intervals import NO_VERDICT
from sim.specification.levels import unit_counts
from sim.specification.run import Study
from sim.world.months import MONTHS_PER_YEAR, parse_month
from sim.world.services import FIRST_YEAR, ONGOING
from sim.world.world import World

FloatArray = npt.NDArray[np.float64]
DELEGABLE = "specialised_delegable"
FOR_DELEGATION = 3
"""So many of the four factors must speak for delegation."""
FEWEST = 3
"""Services of which a median tells anything: of two each is at least or at most as much as their middle."""
AGREES, DISAGREES, OPEN, NOT_TOLD = "agrees", "disagrees", "open", "not told"


@dataclass(frozen=True)
class Factors:
    """The four factors of one service, how many speak for delegation, and what they and the real list say.

    ``patients`` a year are people on treatment where it is ongoing, otherwise cases; ``cost_gbp`` is a patient's;
    ``centres`` is 0 where unknown; ``risk_gbp_a_head`` is the standard deviation of a year's cost in the average unit
    of the most local level, in pounds for each of its residents. ``of_four`` counts the factors that speak for
    delegation; ``picked`` is None where it hangs on one that is unknown.
    """

    service: str
    group: str
    patients: float
    cost_gbp: float
    centres: int
    risk_gbp_a_head: float
    of_four: int
    picked: bool | None
    on_the_list: bool
    safe: Safe

    @property
    def budget_gbp(self) -> float:
        """Return what the patients of a year cost, pounds."""
        return self.patients * self.cost_gbp


def factors_of(advice: Advice, world: World, terms: tuple[float, float]) -> list[Factors]:
    """Return the factors of every service of the study, and its safe population at a tolerance and a loss (terms).

    The rule: patients and centres at least, cost of a patient and risk at most the median of the study's services
    speak for delegation; three of four pick a service. A factor that is unknown speaks for nothing and is in no median,
    and one that is the same in all services is unknown; of fewer than three services the rule knows nothing.
    Risk is that of a compound Poisson sum, √((1 + CV²) n) times
    the cost of a patient with n patients in a unit: a coefficient of variation would say no more than n does. Spread
    of cost between cases and the curve of expertise are those of the study's parameters.
    """
    study, services = advice.origin, world.services
    year = year_of(study)
    cases = np.where(services.kind == ONGOING, services.stock_treated(year), services.need_per_year)
    spread = float(study.parameters.portfolio.case_cost_cv)
    safe = safe_populations(world, year, cases, spread, terms, study.parameters.expertise)
    at = [services.ids.index(name) for name in study.services]
    units = unit_counts()[advice.local]
    patients, cost = cases[at] / units, services.cost_gbp[at]
    risk = cost * np.sqrt((1.0 + spread**2) * patients) / (world.places.population.sum() / units)
    centres = services.centres[at].astype(np.float64)
    table = np.stack([cases[at], -cost, np.where(centres > 0, centres, np.nan), -risk])
    count, picks = _rule(table)
    return [
        Factors(
            service=services.ids[number],
            group=services.groups[number],
            patients=float(cases[number]),
            cost_gbp=float(services.cost_gbp[number]),
            centres=int(services.centres[number]),
            risk_gbp_a_head=float(risk[place]),
            of_four=int(count[place]),
            picked=picks[place],
            on_the_list=services.groups[number] == DELEGABLE,
            safe=safe[number],
        )
        for place, number in enumerate(at)
    ]


def _rule(table: FloatArray) -> tuple[npt.NDArray[np.intp], list[bool | None]]:
    """Return how many of the factors [4, S] speak for delegation, more of each doing so, and what the rule picks."""
    known = np.isfinite(table) & (table.shape[1] >= FEWEST)
    known &= np.array([np.unique(row[there]).size > 1 for row, there in zip(table, known, strict=True)])[:, None]
    middle = np.array(
        [np.median(row[there]) if there.any() else np.nan for row, there in zip(table, known, strict=True)]
    )
    count = (known & (table >= middle[:, None])).sum(axis=0)
    most = count + (~known).sum(axis=0)
    hangs = (count < FOR_DELEGATION) & (most >= FOR_DELEGATION)
    pairs = zip(count.tolist(), hangs.tolist(), strict=True)
    return count, [None if open_ else number >= FOR_DELEGATION for number, open_ in pairs]


def year_of(study: Study) -> float:
    """Return the date at which a study is first measured, as a year with its fraction."""
    return FIRST_YEAR + parse_month(study.horizon.measured_from) / MONTHS_PER_YEAR


def agreement(advice: Advice, picked: bool | None, told: ServiceAdvice) -> str:
    """Tell whether a rule that delegates or keeps a service agrees with its verdict; a toss-up leaves it open.

    It agrees only where it sends the service to the very level of the verdict. Nothing is told where there is no
    verdict, or where the rule itself hangs on what is unknown.
    """
    if told.verdict == NO_VERDICT or picked is None:
        return NOT_TOLD
    if told.verdict not in (MOVE, KEEP):
        return OPEN
    level = told.level if told.verdict == MOVE else advice.reference
    return AGREES if level == (advice.local if picked else advice.central) else DISAGREES


def delegated_by(
    advice: Advice, factors: Sequence[Factors], untold: Iterable[str], by_list: bool = False
) -> Assignment:
    """Return the assignment of the rule, or of the real list, to the most and the least local level.

    A service stays at the reference of which an outcome is not measured (``untold``), so that what the assignment does
    can be compared, and one of which the rule does not know what to say.
    """
    unknown = [] if by_list else [one.service for one in factors if one.picked is None]
    return advice.delegated(picked(factors, by_list), [*untold, *unknown])


def picked(factors: Sequence[Factors], by_list: bool = False) -> list[str]:
    """Return the services that the rule picks, or those of the real list."""
    return [one.service for one in factors if (one.on_the_list if by_list else one.picked)]
