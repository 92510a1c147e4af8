"""What differs between identical patients: by service, by part of the country, and between whom it lies."""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from sim.measures.access_rows import DIAGNOSIS
from sim.measures.rows import AREA_LEVEL, FIFTH, REGION_LEVEL, Grid, Row, service_rows
from sim.measures.twins import (
    discordance,
    discordance_own_luck,
    discordance_same_place,
    mean_over_sets,
    nested_parts,
    share_reached,
    wait_difference,
    wait_gap,
    wait_mean,
)
from sim.model.result import RunResult

FloatArray = npt.NDArray[np.float64]


def twin_rows(result: RunResult, grid: Grid) -> list[Row]:
    """Return what differs between twins: by service the mean over sets, pooled by people in need."""
    reached, people = result.twin_reached, grid.population
    longest = np.broadcast_to(result.access_window_days[:, None], reached.shape[:2])
    levels = (grid.region_of_place, grid.area_of_place)
    regions, icbs, places = nested_parts(reached, people, levels)
    holders = [nested_parts(sets, people, (who,)) for sets, who in zip(reached, result.budget_holder.T, strict=True)]
    between, within = (np.array(part).reshape(reached.shape[:2]) for part in zip(*holders, strict=True))
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
    return list(_rows(result, values))


def twin_group_rows(result: RunResult, grid: Grid) -> list[Row]:
    """Return access, wait and difference of the twins in one deprivation fifth, region or area.

    Differences are of two random places of that group. For regions and areas services are pooled, with the nation's
    people in need as weights, so that what differs between groups is no case mix.
    """
    rows: list[Row] = []
    fifths = tuple(str(fifth) for fifth in range(1, 6))
    groupings = (
        (FIFTH, fifths, grid.fifth_of_place - 1),
        (REGION_LEVEL, grid.region_codes, grid.region_of_place),
        (AREA_LEVEL, grid.area_codes, grid.area_of_place),
    )
    for geography, codes, group in groupings:
        for number, code in enumerate(codes):
            found = _rows(result, _by_part(result, grid.population, np.flatnonzero(group == number)))
            named = (row._replace(geography=geography, area=code) for row in found)
            rows += [row for row in named if geography == FIFTH or row.service not in result.service_ids]
    return rows


def _by_part(result: RunResult, population: FloatArray, places: npt.NDArray[np.intp]) -> dict[str, FloatArray]:
    """Return what is told of any part of the country, for its places, each [S, sets]."""
    reached, wait, people = result.twin_reached[..., places], result.twin_wait_days[..., places], population[places]
    longest = np.broadcast_to(result.access_window_days[:, None], reached.shape[:2])
    return {
        "twin_access": share_reached(reached, people),
        "twin_discordance": discordance(reached, people),
        "twin_wait_days": wait_mean(wait, reached, people, longest),
        "twin_wait_difference_days": wait_difference(wait, reached, people, longest),
    }


def _rows(result: RunResult, values: Mapping[str, FloatArray]) -> Iterator[Row]:
    people = result.people[DIAGNOSIS].sum(axis=(0, 2, 3))
    for measure, value in values.items():
        total, sets = mean_over_sets(value)
        yield from service_rows(measure, total, sets, result, weight=people)
