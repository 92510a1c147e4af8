"""What differs between identical patients: by service, by part of the country, and between whom it lies."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from sim.measures.access_rows import DIAGNOSIS
from sim.measures.rows import AREA_LEVEL, FIFTH, REGION_LEVEL, Grid, Row, pooled_rows, service_rows
from sim.measures.twins import (
    discordance,
    discordance_of_share,
    discordance_own_luck,
    discordance_same_place,
    mean_over_sets,
    nested_parts,
    share_reached,
    wait_gap,
    wait_mean_and_difference,
)
from sim.model.result import RunResult

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def twin_rows(result: RunResult, grid: Grid) -> list[Row]:
    """Return what differs between twins: by service the mean over sets, pooled by people in need."""
    reached, people = result.twin_reached, grid.population
    longest = np.broadcast_to(result.access_window_days[:, None], reached.shape[:2])
    levels = (grid.region_of_place, grid.area_of_place)
    regions, icbs, places = nested_parts(reached, people, levels)
    between, within = _holder_parts(result, people)
    values = {
        "twin_discordance": discordance(reached, people),
        "twin_discordance_own_luck": discordance_own_luck(reached, people),
        "twin_discordance_same_place": discordance_same_place(reached, people),
        "twin_discordance_between_holders": between,
        "twin_discordance_within_holders": within,
        "twin_discordance_between_regions": regions,
        "twin_discordance_between_icbs": icbs,
        "twin_discordance_between_places": places,
        "twin_wait_gap_days": wait_gap(result.twin_wait_days, reached, people, longest),
        **_by_part(result, people, np.arange(people.size)),
    }
    return list(_rows(result, values, _in_need(result), service_rows))


def _holder_parts(result: RunResult, people: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Split discordance [S, sets] into what lies between and within holders; services held alike go together."""
    reached = result.twin_reached
    between, within = np.empty(reached.shape[:2]), np.empty(reached.shape[:2])
    holders, kind = np.unique(result.budget_holder, axis=1, return_inverse=True)
    for number, who in enumerate(holders.T):
        alike = kind.ravel() == number
        between[alike], within[alike] = nested_parts(reached[alike], people, (who,))
    return between, within


def twin_group_rows(result: RunResult, grid: Grid) -> list[Row]:
    """Return access, wait and difference of the twins in one deprivation fifth, region or area.

    Differences are of two random places of that group. For regions and areas services are pooled, with the nation's
    people in need as weights, so that what differs between groups is no case mix.
    """
    rows: list[Row] = []
    weight = _in_need(result)
    fifths = tuple(str(fifth) for fifth in range(1, 6))
    groupings = (
        (FIFTH, fifths, grid.fifth_of_place - 1),
        (REGION_LEVEL, grid.region_codes, grid.region_of_place),
        (AREA_LEVEL, grid.area_codes, grid.area_of_place),
    )
    for geography, codes, group in groupings:
        for number, code in enumerate(codes):
            values = _by_part(result, grid.population, np.flatnonzero(group == number))
            found = _rows(result, values, weight, service_rows if geography == FIFTH else pooled_rows)
            rows += [row._replace(geography=geography, area=code) for row in found]
    return rows


def _by_part(result: RunResult, population: FloatArray, places: npt.NDArray[np.intp]) -> dict[str, FloatArray]:
    """Return what is told of any part of the country, for its places, each [S, sets]."""
    reached, wait, people = result.twin_reached[..., places], result.twin_wait_days[..., places], population[places]
    longest = np.broadcast_to(result.access_window_days[:, None], reached.shape[:2])
    share = share_reached(reached, people)
    mean, difference = wait_mean_and_difference(wait, reached, people, longest)
    return {
        "twin_access": share,
        "twin_discordance": discordance_of_share(share),
        "twin_wait_days": mean,
        "twin_wait_difference_days": difference,
    }


def _in_need(result: RunResult) -> IntArray:
    """Return the nation's people in need from diagnosis [S]."""
    need: IntArray = result.people[DIAGNOSIS].sum(axis=(0, 2, 3))
    return need


def _rows(
    result: RunResult, values: Mapping[str, FloatArray], weight: IntArray, told: Callable[..., list[Row]]
) -> Iterator[Row]:
    """Yield the rows of values [S, sets] by measure, told by ``service_rows`` or ``pooled_rows``."""
    for measure, value in values.items():
        total, sets = mean_over_sets(value)
        yield from told(measure, total, sets, result, weight=weight)
