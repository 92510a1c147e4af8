"""Access and the reasons for its absence, for the nation, the areas and the places."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sim.measures.ledger_rows import years_of
from sim.measures.rows import (
    ALL_SERVICES,
    AREA_LEVEL,
    Grid,
    Numbers,
    Row,
    index_row,
    patient_sets,
    ratio,
    service_groups,
    service_rows,
)
from sim.measures.survival import cumulative_incidence, median_days
from sim.model.result import BASES, ENDINGS, REASONS, RunResult

IntArray = npt.NDArray[np.int64]

DIAGNOSIS = BASES.index("from_diagnosis")
ONSET = BASES.index("from_onset")


def national_access_rows(result: RunResult) -> list[Row]:
    """Return the share of people in need who were treated inside their service's window, on both clocks."""
    rows = []
    for index, basis in enumerate(BASES):
        people = result.people[index].sum(axis=(0, 2, 3))
        reached = result.reached[index].sum(axis=(0, 2, 3))
        rows += service_rows(f"access_{basis}", reached, people, result)
    return rows


def yearly_access_rows(result: RunResult) -> list[Row]:
    """Return the same by the year in which an illness began, or was diagnosed; none of a year without anyone."""
    rows = []
    for index, basis in enumerate(BASES):
        people, reached = (count[index].sum(axis=(0, 2)) for count in (result.people, result.reached))  # [S, Y]
        for at, year in enumerate(years_of(result)):
            found = service_rows(f"access_{basis}", reached[:, at], people[:, at], result)
            rows += [row._replace(period=year) for row in found if row.denominator > 0]
    return rows


def reason_rows(result: RunResult) -> list[Row]:
    """Return how people in need fared, on both clocks, as shares that sum to one.

    Only the clock from onset sees the undiagnosed; from diagnosis the other reasons can be told apart better.
    """
    rows = []
    for basis, prefix in ((ONSET, "reason"), (DIAGNOSIS, "reason_from_diagnosis")):
        count = result.reasons[basis].sum(axis=0)
        everyone = count.sum(axis=1)
        for index, name in enumerate(REASONS):
            rows += service_rows(f"{prefix}_{name}", count[:, index], everyone, result)
    return rows


def median_rows(result: RunResult) -> list[Row]:
    """Return the median days from diagnosis to treatment, with censoring; death and refusal compete.

    The first day by which half of the people started, nan when that never comes. "all_services" is the
    day on which the mean of the services' own curves reaches a half; services without anyone are left out.
    """
    measure = "median_days_to_treatment"
    counts = result.time_to_treatment
    rows = [index_row(measure, name, median_days(_incidence(counts[s]))) for s, name in enumerate(result.service_ids)]
    for name, mask in patient_sets(result).items():
        rows.append(index_row(measure, name, median_days(_incidence(counts[mask].sum(axis=0)))))
    occupied = counts.sum(axis=(1, 2)) > 0
    mean = _incidence(counts).sum(axis=0) / max(int(occupied.sum()), 1)
    rows.append(index_row(measure, ALL_SERVICES, median_days(mean)))
    return rows


def area_access_rows(result: RunResult, grid: Grid) -> list[Row]:
    """Return access from diagnosis as counts by area: all patients, each group, each service."""
    shape = (len(grid.area_codes), len(result.service_ids))
    people, reached = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    np.add.at(people, grid.area_of_place, result.people[DIAGNOSIS].sum(axis=(2, 3)))
    np.add.at(reached, grid.area_of_place, result.reached[DIAGNOSIS].sum(axis=(2, 3)))
    measure = "access_from_diagnosis"
    rows = []
    for name, mask in patient_sets(result).items():
        hits, all_people = reached[:, mask].sum(axis=1), people[:, mask].sum(axis=1)
        rows += _by_area(measure, name, (hits, all_people), (AREA_LEVEL, grid.area_codes))
    for s, name in enumerate(result.service_ids):
        rows += _by_area(measure, name, (reached[:, s], people[:, s]), (AREA_LEVEL, grid.area_codes))
    return rows


def place_rows(result: RunResult) -> Iterator[Row]:
    """Yield, where anyone was in need, each place's access by service and reasons by group, as counts."""
    people = result.people[DIAGNOSIS].sum(axis=(2, 3))
    reached = result.reached[DIAGNOSIS].sum(axis=(2, 3))
    where = ("place", result.place_codes)
    for s, name in enumerate(result.service_ids):
        yield from _somebody("access_from_diagnosis", name, (reached[:, s], people[:, s]), where)
    for name, mask in service_groups(result).items():
        count = result.reasons[ONSET][:, mask].sum(axis=1)
        for index, reason in enumerate(REASONS):
            yield from _somebody(f"reason_{reason}", name, (count[:, index], count.sum(axis=1)), where)


def _incidence(counts: IntArray) -> npt.NDArray[np.float64]:
    """Return the cumulative incidence of starting from counts [..., ending, day]."""
    started, died, refused, waiting = (counts[..., ENDINGS.index(name), :] for name in ENDINGS)
    return cumulative_incidence(started, died + refused, waiting)


def _somebody(
    measure: str, service: str, counts: tuple[IntArray, IntArray], where: tuple[str, tuple[str, ...]]
) -> list[Row]:
    """Return the rows of those areas in which anyone was in need."""
    geography, codes = where
    needed = np.flatnonzero(counts[1] > 0)
    named = (geography, tuple(codes[number] for number in needed.tolist()))
    return _by_area(measure, service, (counts[0][needed], counts[1][needed]), named)


def _by_area(
    measure: str, service: str, counts: tuple[Numbers, Numbers], where: tuple[str, tuple[str, ...]]
) -> list[Row]:
    geography, codes = where
    tops, bottoms = (part.astype(np.float64).tolist() for part in counts)
    return [
        Row(measure, service, top, bottom, ratio(top, bottom), geography, code)
        for top, bottom, code in zip(tops, bottoms, codes, strict=True)
    ]
