"""The lottery: variation between areas beside what luck alone would make of it, and what it takes to see it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.access_rows import DIAGNOSIS
from sim.measures.area_indices import INDICES, Areas, enough_expected, indices_of
from sim.measures.chance import Floor, floor_of, redraw_events
from sim.measures.common_tau import common_tau
from sim.measures.funnel_rows import standardise, standardised_rows
from sim.measures.power import Yearly, years_to_see_each
from sim.measures.rows import ALL_PATIENTS, Grid, Row, index_row, patient_sets
from sim.measures.strata import AreaStrata, area_strata, national_probability
from sim.model.result import RunResult

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

FLOOR_NODES = 9
"""Quadrature points for the redraws; tests show that tau then agrees with 25 points far beyond 1e-3."""
COMMON_NODES = 5
COMMON_REDRAWS = 8
"""Points and redraws behind the floor of the common tau, the dearest of all: it fits every service anew."""
DAYS_PER_YEAR = 365.25
COMMON = "tau_services_icb"


def area_variation_rows(result: RunResult, grid: Grid, redraws: int) -> list[Row]:
    """Return every index of variation of access from diagnosis with its chance floor and its excess over that.

    Counted in agents, not in people: an agent that stands for ten people brings one stroke of luck, and
    ten of it would pass for variation. All indices of a set are of the same redraws.
    """
    weight = result.weight[:, None, None]
    agents, reached = (counts[DIAGNOSIS] // weight for counts in (result.people, result.reached))
    strata = area_strata(agents, reached, grid.area_of_place, len(grid.area_codes))
    redrawn = redraw_events(strata.people, strata.events, result.seed, result.replicate, redraws)
    of_sets: list[list[Row]] = []
    spreads: list[Spread] = []
    within: dict[str, float] = {}
    for name, mask in patient_sets(result).items():
        used = strata.of_services(mask)
        areas = Areas(strata.part(used), grid.residents_of_area, grid.region_of_area)
        found, seen = _index_rows(name, areas, redrawn[:, :, used])
        common, within[name] = _common_rows(name, areas.strata, redrawn[:COMMON_REDRAWS, :, used])
        of_sets.append([*found, *common, *standardised_rows(name, areas.strata, grid)])
        spreads.append(Spread(name, used, seen))
    for number, name in enumerate(result.service_ids):
        spreads.append(Spread(name, strata.service == number, within[ALL_PATIENTS]))
    years = _years_rows(result, strata, grid, spreads)
    rows = [row for of_set, last in zip(of_sets, years, strict=False) for row in (*of_set, last)]
    return rows + years[len(of_sets) :]


def _index_rows(service: str, areas: Areas, redrawn: IntArray) -> tuple[list[Row], float]:
    """Return the rows of all indices of one set of services, and tau where it is beyond chance."""
    own = {name: float(value[0]) for name, value in indices_of(areas, areas.strata.events[None]).items()}
    drawn = indices_of(areas, redrawn, FLOOR_NODES)
    rows = [row for name in INDICES for row in excess_rows(name, service, own[name], floor_of(drawn[name]))]
    enough = enough_expected(standardise(areas.strata.people, areas.strata.events))
    measure, count = "areas_with_5_expected_icb", enough.size
    rows.append(Row(measure, service, float(enough.sum()), float(count), float(enough.mean())))
    return rows, beyond_chance(own["tau_icb"], floor_of(drawn["tau_icb"]))


def _common_rows(service: str, strata: AreaStrata, redrawn: IntArray) -> tuple[list[Row], float]:
    """Return the rows of the tau that all services share, and that tau where it is beyond chance."""
    own = float(common_tau(strata, strata.events[None], FLOOR_NODES)[0])
    floor = floor_of(common_tau(strata, redrawn, COMMON_NODES))
    return list(excess_rows(COMMON, service, own, floor)), beyond_chance(own, floor)


def beyond_chance(tau: float, floor: Floor) -> float:
    """Return tau where luck alone would seldom give as much, else 0; nan where tau or the floor is not known.

    Not its excess: the likelihood has taken the luck of counts out of tau already, and the floor is only what is left
    of it because no spread is negative.
    """
    low = floor.excess(tau).low
    if math.isnan(low):
        return math.nan
    return tau if low > 0.0 else 0.0


def excess_rows(measure: str, service: str, value: float, floor: Floor) -> Iterator[Row]:
    """Yield an index, its chance floor, its excess over the floor, and the interval that luck leaves around that."""
    excess = floor.excess(value)
    told: Mapping[str, float] = {
        "": value,
        "_chance_floor": floor.mean,
        "_excess": excess.mean,
        "_excess_low": excess.low,
        "_excess_high": excess.high,
    }
    yield from (index_row(measure + end, service, number) for end, number in told.items())


class Spread(NamedTuple):
    """A spread ``tau`` of a service or set in the strata marked in ``used`` [stratum].

    It is 0 where not beyond chance, nan where nothing is known.
    """

    service: str
    used: npt.NDArray[np.bool_]
    tau: float


def _years_rows(result: RunResult, strata: AreaStrata, grid: Grid, spreads: Sequence[Spread]) -> list[Row]:
    """Return the years of real data after which each spread would show."""
    cases = [yearly_of(result, strata.part(one.used), grid) for one in spreads]
    years = years_to_see_each(cases, [one.tau for one in spreads])
    return [index_row("years_to_see_icb", one.service, number) for one, number in zip(spreads, years, strict=True)]


def yearly_of(result: RunResult, strata: AreaStrata, grid: Grid) -> Yearly:
    """Return what a year of real data holds: people, not agents, by service and severity, shared out by residents.

    Patients count who can be followed for their whole access window, so a window shortens the years they come from.
    """
    residents = grid.residents_of_area
    if not strata.service.size:
        return Yearly(np.zeros(0), np.zeros(0), residents / residents.sum())
    first = strata.pooled_years()
    people, events = (np.add.reduceat(counts, first, axis=1) for counts in (strata.people, strata.events))
    service = strata.service[first]
    years = np.maximum(result.measured_years - result.access_window_days[service] / DAYS_PER_YEAR, 1 / DAYS_PER_YEAR)
    a_year = people.sum(axis=0) * result.weight[service] / years
    return Yearly(a_year, national_probability(events, people), residents / residents.sum())
