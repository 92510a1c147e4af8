"""Values are the numbers that were written, points are all there once, and only what is named changes."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.specification.axes import (
    Axis,
    Point,
    parameters_at,
    points_of,
    regime_at,
    value_text,
)
from sim.specification.design import Design, Method
from sim.specification.parameters import ParameterSet
from sim.specification.spacing import evenly_spaced, evenly_stepped, steps_between
from tests.builders import held_by

SMALL = Axis("a.x", "", (1.0, 2.0))
WORDS = Axis("levers.y", "", ("p", "q", "r"))


@given(st.integers(-50, 50), st.integers(1, 40), st.sampled_from(["0.1", "0.02", "0.05", "0.003", "7"]))
def test_steps_are_the_decimal_numbers_that_a_reader_expects(first: int, count: int, step: str) -> None:
    wanted = [float(Decimal(first) + index * Decimal(step)) for index in range(count + 1)]

    assert list(evenly_stepped(float(first), wanted[-1], float(step))) == wanted
    assert steps_between(float(first), wanted[-1], float(step)) == count


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3), st.integers(2, 30))
def test_spaced_numbers_end_exactly_where_they_should(start: float, stop: float, count: int) -> None:
    found = list(evenly_spaced(start, stop, count))

    assert (len(found), found[0], found[-1]) == (count, start, stop)
    assert found in (sorted(found), sorted(found, reverse=True))


def test_whole_numbers_stay_whole() -> None:
    assert [repr(value) for value in evenly_stepped(1, 5, 2)] == ["1", "3", "5"]
    assert [repr(value) for value in evenly_spaced(0, 4, 3)] == ["0", "2", "4"]
    assert list(evenly_spaced(0, 1, 3)) == [0.0, 0.5, 1.0]


def test_a_grid_has_every_combination_once_and_the_last_axis_runs_fastest() -> None:
    points = points_of([SMALL, WORDS], Design())

    assert [point.number for point in points] == [1, 2, 3, 4, 5, 6]
    assert len({point.values for point in points}) == 6
    assert points[1].values == (("a.x", 1.0), ("levers.y", "q"))
    assert Design().number_of_points([2, 3]) == 6


def test_zipped_axes_go_side_by_side() -> None:
    points = points_of([SMALL, replace(WORDS, values=("p", "q"))], Design("zip"))

    assert [dict(point.values) for point in points] == [{"a.x": 1.0, "levers.y": "p"}, {"a.x": 2.0, "levers.y": "q"}]
    assert Design("zip").number_of_points([2, 2]) == 2


@pytest.mark.parametrize("method", ["grid", "zip", "lhs", "morris"])
def test_without_axes_there_is_one_point_that_changes_nothing(method: Method) -> None:
    assert points_of([], Design(method)) == (Point(1),)
    assert parameters_at(ParameterSet(), Point(1)) == ParameterSet()


def test_a_point_changes_only_the_parameters_it_names() -> None:
    found = parameters_at(ParameterSet(), Point(1, (("referral.travel_weight_per_hour", 7.0),)))

    assert found.referral.travel_weight_per_hour == 7.0
    assert found.model_dump(exclude={"referral"}) == ParameterSet().model_dump(exclude={"referral"})
    assert found.referral.not_referred_share == ParameterSet().referral.not_referred_share


def test_a_lever_reaches_a_regime_but_not_a_benchmark() -> None:
    regime = held_by("nation", ring_fence=False)
    point = Point(1, (("levers.year_end", "bail_out"),))

    assert regime_at(regime, point).levers == regime.levers.model_copy(update={"year_end": "bail_out"})
    assert regime_at(replace(regime, benchmark=True), point).levers == regime.levers


def test_many_values_are_told_by_their_ends() -> None:
    assert WORDS.in_words == "p, q, r"
    assert replace(SMALL, values=tuple(range(40))).in_words == "0, 1, 2, …, 39 (40 values)"


def test_values_are_told_as_a_file_would_write_them() -> None:
    values = (False, 3, 3.0, 0.1 + 0.2, 2 / 3, 1e12, "carry")

    assert [value_text(value) for value in values] == ["false", "3", "3", "0.3", "0.666667", "1e+12", "carry"]
