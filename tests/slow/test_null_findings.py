"""What published studies found against the easy answers, the model can produce with plausible parameters."""

from pathlib import Path

import numpy as np
import pytest

from sim.measures.intervals import EQUIVALENT, mean_interval, paired_interval
from sim.measures.outcomes import outcome
from sim.measures.rows import ALL_PATIENTS, AREA_LEVEL
from sim.measures.variation import extremal_quotient
from sim.measures.who import access_of_groups, groupings
from sim.specification.load import load_study
from sim.world.world import World, load_england
from tests.slow.finished import Counts, Finished, Floats, beyond_their_ranges, fifths_by_distance, finish

NATION, DEVOLVED = "national_2022", "ics_devolved"
VARIED, NEED, NO_DISTANCE, DISTANCE, NO_WORSE = range(1, 6)
"""The points of the study, in the order in which it lists them."""
MATTERS = outcome("access_from_diagnosis").smallest_difference


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder: Path = tmp_path_factory.mktemp("null")
    return finish("null_findings", folder)


@pytest.fixture(scope="module")
def world() -> World:
    return load_england()


def by_area(world: World, counts: Counts) -> tuple[Floats, Floats]:
    """People in need and people treated in time in each area, per head; all services together."""
    area = world.places.unit_of[AREA_LEVEL]
    heads = np.bincount(area, world.places.population)
    need, reached = (np.bincount(area, part.sum(axis=1)) / heads for part in counts)
    return need, reached


def access_share_of_variance(world: World, counts: Counts) -> float:
    """Which part of the variance of log treatments per head between areas is that of the log share of people in need.

    Log treatments per head are log need per head plus log access, so with little of the latter it was need.
    """
    need, reached = by_area(world, counts)
    return float(np.var(np.log(reached / need)) / np.var(np.log(reached)))


def farthest_less_nearest(done: Finished, world: World, point: int) -> list[float]:
    ends = [fifths_by_distance(world, counts) for counts in done.counts(NATION, point)]
    return [farthest - nearest for nearest, farthest in ends]


def poorest_less_richest(done: Finished, world: World, regime: str) -> list[float]:
    [deprivation] = [found for found in groupings(world) if found.id == "deprivation"]
    fifths = [access_of_groups(*counts, deprivation, ALL_PATIENTS) for counts in done.counts(regime, NO_WORSE)]
    return [float(access[0] - access[-1]) for access in fifths]


def test_every_parameter_lies_in_its_range_at_every_point() -> None:
    assert beyond_their_ranges(load_study("null_findings")) == []


@pytest.mark.slow
def test_places_can_differ_much_under_one_national_commissioner(done: Finished) -> None:
    spread = done.row("mor_icb", ALL_PATIENTS, NATION, VARIED)
    by_chance = done.row("tau_icb_chance_floor", ALL_PATIENTS, NATION, VARIED)

    assert spread.mean_low > 1.25
    assert by_chance.mean_high < 0.05


@pytest.mark.slow
def test_areas_can_differ_much_in_treatment_and_hardly_in_access_among_people_in_need(
    done: Finished, world: World
) -> None:
    counts = done.counts(NATION, NEED)
    largest_over_smallest = [extremal_quotient(by_area(world, one)[1]) for one in counts]
    due_to_access = [access_share_of_variance(world, one) for one in counts]

    assert mean_interval(largest_over_smallest).low > 1.25
    assert mean_interval(due_to_access).high < 0.05
    assert done.row("twin_discordance", ALL_PATIENTS, NATION, NEED).mean_high < 0.02


@pytest.mark.slow
def test_where_access_varies_the_share_due_to_it_is_large(done: Finished, world: World) -> None:
    due_to_access = [access_share_of_variance(world, one) for one in done.counts(NATION, VARIED)]

    assert mean_interval(due_to_access).low > 0.25


@pytest.mark.slow
def test_distance_can_have_no_effect(done: Finished, world: World) -> None:
    difference = mean_interval(farthest_less_nearest(done, world, NO_DISTANCE))

    assert difference.low > -MATTERS
    assert difference.high < MATTERS


@pytest.mark.slow
def test_an_effect_of_distance_would_be_seen(done: Finished, world: World) -> None:
    assert mean_interval(farthest_less_nearest(done, world, DISTANCE)).high < -2 * MATTERS


@pytest.mark.slow
@pytest.mark.parametrize("measure", ["tau_icb", "twin_discordance", "access_from_diagnosis"])
def test_devolution_can_leave_places_as_unequal_as_they_were(done: Finished, measure: str) -> None:
    assert done.row(measure, ALL_PATIENTS, DEVOLVED, NO_WORSE).verdict == EQUIVALENT


@pytest.mark.slow
def test_devolution_can_leave_rich_and_poor_as_unequal_as_they_were(done: Finished, world: World) -> None:
    nation, devolved = (poorest_less_richest(done, world, regime) for regime in (NATION, DEVOLVED))

    difference = paired_interval(devolved, nation)

    assert difference.low > -MATTERS
    assert difference.high < MATTERS
