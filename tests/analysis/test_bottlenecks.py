"""Everyone in need is either treated in time or has one reason, place by place."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from sim.analysis.bottlenecks import (
    FROM_DIAGNOSIS,
    Where,
    bottleneck_table,
    largest_bottlenecks,
    reason_shares,
    summed_reasons,
)
from sim.measures.rows import AREA_LEVEL
from sim.model.result import BASES, REASONS
from tests.analysis.conftest import Pair
from tests.builders import few, result_of
from tests.invariants.cases import Case, cases


@given(cases(twin_sets=0))
@few(15)
def test_the_reasons_of_every_place_and_service_sum_to_its_people_in_need(case: Case) -> None:
    world, spec = case
    result = result_of(world, spec)

    table = bottleneck_table({"this": summed_reasons([result.reasons])}, world)

    sums = table.groupby(["clock", "place", "service"])["people"].sum()
    assert (sums == table.groupby(["clock", "place", "service"])["in_need"].first()).all()
    for index, clock in enumerate(BASES):
        assert table.loc[table["clock"] == clock, "people"].sum() == result.people[index].sum()
        of = table[(table["clock"] == clock) & (table["reason"] == "treated_in_time")]
        assert of["people"].sum() == result.reached[index].sum()


def test_several_replicates_are_counted_together(pair: Pair) -> None:
    reasons = pair.results[0].reasons

    assert np.array_equal(summed_reasons([reasons, reasons]), 2 * reasons)
    shares = reason_shares({"this": 2 * reasons}, 2)["this"]
    assert list(shares) == list(REASONS)
    assert sum(shares.values()) == pair.results[0].people[FROM_DIAGNOSIS].sum()


def test_a_part_is_what_is_asked_for(pair: Pair) -> None:
    reasons = pair.results[1].reasons
    part = summed_reasons([reasons], Where(service=1, place=2))

    assert part.sum() == reasons[:, 2, 1].sum() > 0
    assert np.array_equal(part[:, 2, 1], reasons[:, 2, 1])
    assert set(bottleneck_table({"this": part}, pair.world)["place"]) == {pair.world.places.codes[2]}


def test_the_largest_come_first_with_the_area_in_which_most_are_stopped(pair: Pair) -> None:
    places = pair.world.places
    level = {AREA_LEVEL: places.unit_of["district"]}
    names = {AREA_LEVEL: places.unit_names["district"]}
    codes = {AREA_LEVEL: places.unit_codes["district"]}
    world = replace(pair.world, places=replace(places, unit_of=level, unit_names=names, unit_codes=codes))
    counts = pair.results[0].reasons

    found = largest_bottlenecks({"this": counts}, world, 1, 3)

    assert [one.people for one in found] == sorted((one.people for one in found), reverse=True)
    assert all(one.reason != "treated_in_time" for one in found)
    service = world.services.ids.index(found[0].service)
    by_place = counts[FROM_DIAGNOSIS, :, service, REASONS.index(found[0].reason)]
    assert found[0].people == by_place.sum()
    assert found[0].worst_people == np.bincount(places.unit_of["district"], by_place).max()
    assert AREA_LEVEL in bottleneck_table({"this": counts}, world)


def test_without_areas_none_is_named(pair: Pair) -> None:
    found = largest_bottlenecks({"this": pair.results[0].reasons}, pair.world, 1, 1)

    assert found[0].worst_area == ""
    assert found[0].worst_share != pytest.approx(0.5)
