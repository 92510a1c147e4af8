"""Rows of the long results table, and sums over the sets of services that every measure is shown for."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.outcomes import outcome
from sim.model.result import RunResult
from sim.world.months import MONTHS_PER_YEAR, format_month, parse_month

if TYPE_CHECKING:
    from sim.world.world import World

FloatArray = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.float64] | npt.NDArray[np.int64]

ALL = "all"
ALL_PATIENTS = "all_patients"
ALL_SERVICES = "all_services"
NATIONAL = "nation"
NATION = "England"
PLACE = "place"
PAYER = "payer"
"""Accounts by their code: whose money it is under the regime of the run, so not the same in all regimes."""
PROVIDER = "provider"
ALL_YEARS = "all"
"""The period of all measured years together; others are named by their first month."""
AREA_LEVEL = "icb_2022"
"""The fixed grid of larger areas on which every regime is judged, whatever its own units are."""
REGION_LEVEL = "nhs_region_2022"
FIFTH = "deprivation_fifth"


class Row(NamedTuple):
    """One row; ``value`` is numerator / denominator where both are numbers, unless the measure differs.

    ``period`` is ALL_YEARS, or the first month of one year.
    """

    measure: str
    service: str
    numerator: float
    denominator: float
    value: float
    geography: str = NATIONAL
    area: str = NATION
    period: str = ALL_YEARS


@dataclass(frozen=True)
class Grid:
    """The fixed places and areas on which a run is measured."""

    population: FloatArray  # [P]
    area_of_place: npt.NDArray[np.int32]  # [P]
    area_codes: tuple[str, ...]
    region_of_place: npt.NDArray[np.int32]  # [P]
    region_codes: tuple[str, ...]
    fifth_of_place: npt.NDArray[np.int8]  # [P] 1 = the most deprived fifth of people ... 5 = the least

    @staticmethod
    def of(world: "World", result: RunResult) -> "Grid":
        """Take the grid from the world; raise ValueError when the result is about other places.

        A world without regions is one region.
        """
        if world.places.codes != result.place_codes:
            raise ValueError("the result and the world hold different places")
        nowhere = np.zeros(len(result.place_codes), dtype=np.int32)
        return Grid(
            population=world.places.population.astype(np.float64),
            area_of_place=world.places.unit_of[AREA_LEVEL],
            area_codes=world.places.unit_codes[AREA_LEVEL],
            region_of_place=world.places.unit_of.get(REGION_LEVEL, nowhere),
            region_codes=world.places.unit_codes.get(REGION_LEVEL, (NATION,)),
            fifth_of_place=world.places.deprivation_fifth,
        )

    @cached_property
    def residents_of_area(self) -> FloatArray:
        """Return the people who live in each area [area]."""
        found: FloatArray = np.bincount(self.area_of_place, self.population, len(self.area_codes)).astype(np.float64)
        return found

    @cached_property
    def region_of_area(self) -> npt.NDArray[np.intp]:
        """Return the region in which most people of each area live [area]."""
        people = np.zeros((len(self.area_codes), len(self.region_codes)))
        np.add.at(people, (self.area_of_place, self.region_of_place), self.population)
        return np.asarray(people.argmax(axis=1), dtype=np.intp)


Masks = Mapping[str, npt.NDArray[np.bool_]]
"""Services [S] by the name of their set."""


def service_groups(result: RunResult) -> Masks:
    """Return each group's services as a mask [S], groups sorted by id."""
    return _groups(tuple(result.service_groups))


def patient_sets(result: RunResult) -> Masks:
    """Return the sets whose patients are pooled, as masks [S]: everyone, then each group."""
    return _sets(tuple(result.service_groups))


@lru_cache
def _groups(of_service: tuple[str, ...]) -> Masks:
    groups = np.array(of_service)
    return {name: groups == name for name in sorted(set(of_service))}


@lru_cache
def _sets(of_service: tuple[str, ...]) -> Masks:
    return {ALL_PATIENTS: np.ones(len(of_service), dtype=np.bool_), **_groups(of_service)}


def ratio(numerator: float, denominator: float) -> float:
    """Return the quotient, nan when nobody is counted."""
    return numerator / denominator if denominator else math.nan


def service_rows(
    measure: str, numerator: Numbers, denominator: Numbers, result: RunResult, weight: Numbers | None = None
) -> list[Row]:
    """Return a ratio by service, then what ``pooled_rows`` returns of it. Counts are [S]."""
    counts = zip(result.service_ids, numerator.tolist(), denominator.tolist(), strict=True)
    rows = [Row(measure, name, float(n), float(d), ratio(float(n), float(d))) for name, n, d in counts]
    return rows + pooled_rows(measure, numerator, denominator, result, weight)


def pooled_rows(
    measure: str, numerator: Numbers, denominator: Numbers, result: RunResult, weight: Numbers | None = None
) -> list[Row]:
    """Return a ratio by group, over all patients, and as the mean over services.

    Counts are [S]. Pooled sets weight each service's ratio by ``weight`` [S], by default its denominator,
    so that a pooled numerator is then the plain sum. The mean over services leaves out those without anyone.
    """
    # Where nobody is counted the numerator is 0 too, and any divisor will do.
    safe = np.where(denominator > 0, denominator, 1)
    scale = (denominator if weight is None else weight) / safe
    tops, bottoms = numerator * scale, denominator * scale
    rows = []
    for name, mask in patient_sets(result).items():
        top, bottom = float(tops[mask].sum()), float(bottoms[mask].sum())
        rows.append(Row(measure, name, top, bottom, ratio(top, bottom)))
    equal, services = float((numerator / safe).sum()), float((denominator > 0).sum())
    rows.append(Row(measure, ALL_SERVICES, equal, services, ratio(equal, services)))
    return rows


def total_rows(measure: str, amount: Numbers, denominator: float, result: RunResult) -> list[Row]:
    """Return an amount [S] by service, group and altogether, each over one denominator (years, or 1)."""
    everything = np.ones(len(result.service_ids), dtype=np.bool_)
    rows = [
        amount_row(measure, float(a), denominator, name) for name, a in zip(result.service_ids, amount, strict=True)
    ]
    for name, mask in {ALL: everything, **service_groups(result)}.items():
        rows.append(amount_row(measure, float(amount[mask].sum()), denominator, name))
    return rows


def amount_row(measure: str, amount: float, denominator: float, service: str = ALL) -> Row:
    """Return one national amount divided by its denominator."""
    return Row(measure, service, amount, denominator, ratio(amount, denominator))


def index_row(measure: str, service: str, value: float) -> Row:
    """Return a national index that is no quotient of counts."""
    return Row(measure, service, math.nan, math.nan, value)


ROWS_AT_ONCE = 500
AT_START = ("waiting_at_start",)
AT_END = ("waiting_at_end", "balance_at_end_gbp", "committed_at_end_gbp")
"""Measures of one moment: the first or the last month that is measured."""


def months_of(measure: str, period: str, start: str, years: int) -> tuple[str, str]:
    """Return the first and the last month that a row is about, in a run measured from a month for some years."""
    first = parse_month(start)
    last = first + MONTHS_PER_YEAR * years - 1
    if period != ALL_YEARS:
        first = parse_month(period)
        last = first + MONTHS_PER_YEAR - 1
    if measure in AT_START:
        last = first
    if measure in AT_END:
        first = last
    return format_month(first), format_month(last)


def as_columns(
    rows: Iterable[Row], names: Mapping[tuple[str, str], str], start: str, years: int
) -> dict[str, list[str] | FloatArray]:
    """Turn rows into the columns of the results table; an area without a name is called by its code."""
    measure, service, numerator, denominator, value, geography, area, period = _transposed(rows)
    months = {pair: months_of(*pair, start, years) for pair in dict.fromkeys(zip(measure, period, strict=True))}
    units = {name: outcome(name).unit for name, _ in months}
    return {
        "measure": measure,
        "geography": geography,
        "area": area,
        "service": service,
        "period_start": period,
        "numerator": np.array(numerator, dtype=np.float64),
        "denominator": np.array(denominator, dtype=np.float64),
        "value": np.array(value, dtype=np.float64),
        "unit": [units[name] for name in measure],
        "area_name": [names.get(pair, pair[1]) for pair in zip(geography, area, strict=True)],
        "first_month": [months[pair][0] for pair in zip(measure, period, strict=True)],
        "last_month": [months[pair][1] for pair in zip(measure, period, strict=True)],
    }


def _transposed(rows: Iterable[Row]) -> tuple[list[Any], ...]:
    """Return the fields of rows as lists.

    A few rows at a time: thousands of them alive would make Python look through all its objects for cycles, which
    takes longer than the table.
    """
    columns: tuple[list[Any], ...] = tuple([] for _ in Row._fields)
    left = iter(rows)
    while some := list(islice(left, ROWS_AT_ONCE)):
        for column, fields in zip(columns, zip(*some, strict=True), strict=True):
            column.extend(fields)
    return columns
