"""Designs give the same points everywhere, keep what they promise to keep, and are refused where they do not fit."""

import hashlib
import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.settings.problem import Problem
from sim.specification.axes import Axis, Interval, points_of, value_text
from sim.specification.design import Design, Method
from sim.specification.load import load_study
from sim.specification.run import Study
from sim.specification.sampling import unit_points
from sim.specification.spacing import geometrically_spaced
from tests.specification.written import problems_of, study, write

SHARE, WEIGHT = "common_pool.marginal_share", "referral.travel_weight_per_hour"
WHOLE, SWITCH, WORDS = "policy.topics_per_service", "priority.enabled", "levers.year_end"
ALL = {SHARE: "prior", WEIGHT: {"prior": {"high": 5}}, WHOLE: "prior", SWITCH: "prior", WORDS: "prior"}
DESIGNS: dict[Method, dict[str, Any]] = {
    "lhs": {"method": "lhs", "samples": 30},
    "sobol": {"method": "sobol", "samples": 30},
    "morris": {"method": "morris", "trajectories": 5},
    "saltelli": {"method": "saltelli", "samples": 8},
}
DIGESTS = {
    "lhs": "22b99f60209d1e99",
    "sobol": "3623fca7d7e63dbf",
    "morris": "531ee6dd36cf1164",
    "saltelli": "cfe30de141b83ae0",
}
"""Of all points of the designs above, over the axes above, at seed 1."""


def content(vary: Any, design: Any, **changes: Any) -> dict[str, Any]:
    given = study(vary=vary, design=design, **changes)
    if "parameters" not in changes:
        del given["parameters"]
    return given


def loading(folder: Path, vary: Any, design: Any, overrides: tuple[str, ...] = (), **changes: Any) -> Study:
    return load_study(write(folder / "study.yaml", content(vary, design, **changes)), overrides)


def refused(folder: Path, vary: Any, design: Any, **changes: Any) -> Problem:
    [problem] = problems_of(lambda: loading(folder, vary, design, **changes))
    assert problem.line > 0
    return problem


def values(given: Study, key: str) -> list[Any]:
    return [dict(point.values)[key] for point in given.points]


def digest(given: Study) -> str:
    text = json.dumps([point.values for point in given.points])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize("method", DESIGNS)
def test_the_points_of_a_seed_are_the_same_on_every_machine(tmp_path: Path, method: Method) -> None:
    assert digest(loading(tmp_path, ALL, DESIGNS[method])) == DIGESTS[method]


@pytest.mark.parametrize("method", DESIGNS)
def test_the_points_hang_on_the_seed_of_the_design_which_is_that_of_the_study(tmp_path: Path, method: Method) -> None:
    plain = loading(tmp_path, ALL, DESIGNS[method]).points

    assert loading(tmp_path, ALL, DESIGNS[method], seed=2).points != plain
    assert loading(tmp_path, ALL, DESIGNS[method] | {"seed": 1}, seed=2).points == plain


@pytest.mark.parametrize("method", DESIGNS)
def test_every_value_lies_where_it_is_allowed_and_is_of_its_kind(tmp_path: Path, method: Method) -> None:
    given = loading(tmp_path, ALL, DESIGNS[method])

    assert len(given.points) == {"lhs": 30, "sobol": 30, "morris": 5 * 6, "saltelli": 8 * 7}[method]
    assert all(isinstance(value, float) and 0 <= value <= 0.1 for value in values(given, SHARE))
    assert all(isinstance(value, float) and 0 <= value <= 5 for value in values(given, WEIGHT))
    assert all(isinstance(value, int) and 3 <= value <= 10 for value in values(given, WHOLE))
    assert set(values(given, SWITCH)) == {True, False}
    assert set(values(given, WORDS)) == {"carry", "bail_out", "freeze"}


def test_a_latin_hypercube_has_one_point_in_every_stratum_and_even_bins(tmp_path: Path) -> None:
    given = loading(tmp_path, ALL, {"method": "lhs", "samples": 48})

    assert sorted(int(value / 0.1 * 48) for value in values(given, SHARE)) == list(range(48))
    assert Counter(values(given, SWITCH)) == {True: 24, False: 24}
    assert Counter(values(given, WORDS)) == {"carry": 16, "bail_out": 16, "freeze": 16}
    assert Counter(values(given, WHOLE)) == dict.fromkeys(range(3, 11), 6)


@pytest.mark.parametrize(
    ("method", "size"), [("sobol", "samples"), ("saltelli", "samples"), ("morris", "trajectories")]
)
def test_more_of_a_design_keeps_the_points_there_are(tmp_path: Path, method: Method, size: str) -> None:
    few, many = (loading(tmp_path, ALL, {"method": method, size: number}) for number in (8, 32))

    assert many.points[: len(few.points)] == few.points
    assert len(many.points) == 4 * len(few.points)


def test_a_larger_latin_hypercube_is_another_one(tmp_path: Path) -> None:
    few, many = (loading(tmp_path, ALL, {"method": "lhs", "samples": number}) for number in (8, 32))

    assert not set(values(few, SHARE)) & set(values(many, SHARE))


def test_a_sobol_sequence_may_be_of_any_length(tmp_path: Path) -> None:
    assert len(loading(tmp_path, ALL, {"method": "sobol", "samples": 11}).points) == 11


def test_a_trajectory_changes_one_axis_a_step_and_always_to_another_value(tmp_path: Path) -> None:
    given = loading(tmp_path, ALL, DESIGNS["morris"])

    for number in range(5):
        steps = [point.values for point in given.points[6 * number : 6 * number + 6]]
        changed = [{a[0] for a, b in zip(one, two, strict=True) if a != b} for one, two in pairwise(steps)]
        assert sorted(key for keys in changed for key in keys) == sorted(ALL)
        assert all(len(keys) == 1 for keys in changed)


def test_the_scheme_of_saltelli_swaps_one_axis_of_a_for_that_of_b(tmp_path: Path) -> None:
    given = loading(tmp_path, {SHARE: "prior", WEIGHT: "prior"}, {"method": "saltelli", "samples": 4})

    for first in range(0, 16, 4):
        a, swapped, other, b = (dict(point.values) for point in given.points[first : first + 4])
        assert (swapped[SHARE], swapped[WEIGHT]) == (b[SHARE], a[WEIGHT])
        assert (other[SHARE], other[WEIGHT]) == (a[SHARE], b[WEIGHT])


def test_listed_values_are_drawn_with_equal_chance(tmp_path: Path) -> None:
    given = loading(
        tmp_path, {WEIGHT: [1, 3, 5], SHARE: {"logspace": {"from": 0.001, "to": 0.1, "n": 3}}}, DESIGNS["lhs"]
    )

    assert Counter(values(given, WEIGHT)) == {1.0: 10, 3.0: 10, 5.0: 10}
    assert set(values(given, SHARE)) == {0.001, 0.01, 0.1}


def test_a_drawn_number_is_what_a_table_prints_of_it(tmp_path: Path) -> None:
    given = loading(tmp_path, ALL, DESIGNS["lhs"])
    point = given.points[7]
    typed = [text.replace(" ", "=", 1) for text in point.in_words.split(", ")]

    alone = loading(tmp_path, {}, "grid", tuple(text for text in typed if not text.startswith("levers")))

    assert alone.parameters == given.at(point).parameters


def test_one_at_a_time_begins_with_the_study_and_moves_one_thing(tmp_path: Path) -> None:
    vary = {WEIGHT: [1, 5], SHARE: "prior", WORDS: ["bail_out"]}
    given = loading(tmp_path, vary, "one_at_a_time", parameters={"referral": {"travel_weight_per_hour": 2}})

    assert [dict(point.values) for point in given.points] == [
        {SHARE: 0.05, WEIGHT: 2.0},
        {SHARE: 0.0, WEIGHT: 2.0},
        {SHARE: 0.1, WEIGHT: 2.0},
        {SHARE: 0.05, WEIGHT: 2.0, WORDS: "bail_out"},
        {SHARE: 0.05, WEIGHT: 1.0},
        {SHARE: 0.05, WEIGHT: 5.0},
    ]  # the file is written in the order of the alphabet
    plain = given.at(given.points[0])
    assert (plain.parameters, plain.compare) == (given.parameters, given.compare)


def test_a_list_of_points_is_taken_as_it_stands(tmp_path: Path) -> None:
    vary = [{WEIGHT: 1, WORDS: "carry"}, {WORDS: "bail_out", WEIGHT: 1}]

    given = loading(tmp_path, vary, "list")

    assert [dict(point.values) for point in given.points] == [
        {WEIGHT: 1.0, WORDS: "carry"},
        {WEIGHT: 1.0, WORDS: "bail_out"},
    ]


def test_numbers_that_grow_by_a_factor_end_exactly_and_stay_whole() -> None:
    assert list(geometrically_spaced(0.01, 100, 5)) == [0.01, 0.1, 1, 10, 100]
    assert list(geometrically_spaced(1, 0.3, 2)) == [1, 0.3]
    found = list(geometrically_spaced(0.7, 90.3, 40))
    assert (found[0], found[-1]) == (0.7, 90.3)
    ratios = [b / a for a, b in pairwise(found)]
    assert max(ratios) / min(ratios) == pytest.approx(1, abs=1e-14)


def test_an_interval_of_whole_numbers_has_both_ends() -> None:
    axis = Axis("a.x", "", (2, 5), Interval(2, 5, whole=True))

    assert [axis.at(share) for share in (0.0, 0.2499, 0.25, 0.74, 0.9999, 1.0)] == [2, 2, 3, 4, 5, 5]
    assert axis.in_words == "2 to 5, whole numbers, uniform"


@pytest.mark.parametrize("levels", [2, 4, 6, 8])
@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_step_of_morris_never_leaves_a_listed_value_as_it_was(count: int, levels: int) -> None:
    axis = Axis("a.x", "", tuple("pqrs"[:count]))
    found = [axis.at(level / (levels - 1), levels) for level in range(levels)]

    assert all(found[level] != found[level + levels // 2] for level in range(levels // 2))
    assert levels < count or set(found) == set(axis.values)
    assert levels % count or set(Counter(found).values()) == {levels // count}


def test_the_levels_of_a_listed_axis_are_the_middles_of_its_parts() -> None:
    axis = Axis("a.x", "", ("p", "q", "r"))

    assert [axis.at(level / 3, 4) for level in range(4)] == ["p", "q", "q", "r"]


@pytest.mark.parametrize(
    ("vary", "design", "key", "message", "hint"),
    [
        (ALL, "lhs", "design.samples", "is missing", "{method: lhs, samples: 200}"),
        (ALL, {"method": "morris"}, "design.trajectories", "is missing", "trajectories: 20"),
        ({WEIGHT: [1]}, {"method": "grid", "samples": 8}, "design.samples", "not for grid", "take it out"),
        (ALL, {"method": "lhs", "samples": 8, "levels": 4}, "design.levels", "is for morris, not for lhs", ""),
        (
            ALL,
            {"method": "morris", "samples": 8, "trajectories": 4},
            "design.samples",
            "not for morris",
            "`trajectories`",
        ),
        ({WEIGHT: [1]}, {"method": "zip", "seed": 8}, "design.seed", "not for zip", ""),
        (ALL, {"method": "saltelli", "samples": 100}, "design.samples", "a power of 2", "write `64` or `128`"),
        (ALL, {"method": "morris", "trajectories": 4, "levels": 5}, "design.levels", "an even number, got 5", "`6`"),
        (ALL, {"method": "lhs", "samples": 1}, "design.samples", "wants 2 to 10000", ""),
        (ALL, "gird", "design.method", "wants one of grid, zip", "did you mean `grid`?"),
        (ALL, {"method": "lhs", "sample": 3}, "design.sample", "unknown key", "did you mean `samples`?"),
        ({}, DESIGNS["lhs"], "design", "nothing to draw", "vary: {KEY: prior}"),
        ({SHARE: "prior"}, "grid", f"vary.{SHARE}.prior", "draws nothing", "linspace: {from: 0, to: 0.1, n: 5}"),
        ({SWITCH: "prior"}, "zip", f"vary.{SWITCH}.prior", "draws nothing", "[false, true]"),
        ({WEIGHT: {"uniform": {"from": 1, "to": 2}}}, "grid", f"vary.{WEIGHT}.uniform", "`design: grid`", "lhs"),
        ({WEIGHT: "prioir"}, DESIGNS["lhs"], f"vary.{WEIGHT}", "wants a list of values", "did you mean `prior`?"),
        (
            {WEIGHT: {"prior": {"high": 9}}},
            DESIGNS["lhs"],
            f"vary.{WEIGHT}.prior.high",
            "declared range 0 to 6",
            "uniform",
        ),
        ({WEIGHT: {"prior": {"low": 4, "high": 3}}}, DESIGNS["lhs"], f"vary.{WEIGHT}.prior", "no interval", "smaller"),
        ({WEIGHT: {"uniform": {"from": 0, "to": 60}}}, DESIGNS["lhs"], f"vary.{WEIGHT}.uniform.to", "0 to 50", ""),
        (
            {WHOLE: {"uniform": {"from": 2, "to": 4.5}}},
            DESIGNS["lhs"],
            f"vary.{WHOLE}.uniform.to",
            "whole number",
            "`4`",
        ),
        ({SWITCH: {"prior": {"low": 0}}}, DESIGNS["lhs"], f"vary.{SWITCH}.prior.low", "has no low", "`prior` alone"),
        (
            {WORDS: {"uniform": {"from": 0, "to": 1}}},
            DESIGNS["lhs"],
            f"vary.{WORDS}",
            "got a uniform",
            "[carry, bail_out",
        ),
        (
            {WEIGHT: {"logspace": {"from": 0, "to": 1, "n": 3}}},
            "grid",
            f"vary.{WEIGHT}.logspace.from",
            "more than 0",
            "",
        ),
        ({WEIGHT: [1, 2, 3, 4, 5]}, DESIGNS["morris"], f"vary.{WEIGHT}", "4 levels never reach", "`levels: 6`"),
        (
            ALL,
            {"method": "saltelli", "samples": 2048},
            "vary",
            "2048 x (5 + 2) = 14,336 points, more than 10,000",
            "fewer samples",
        ),
        ([{WEIGHT: 1}], "grid", "vary", "wants a mapping of keys, got a list", "`design: list`"),
        ({WEIGHT: [1]}, "list", "vary", "wants a list of points", "- {key: value"),
        ([{WEIGHT: 1, SHARE: 0}, {WEIGHT: 2}], "list", f"vary[1].{SHARE}", "is missing", f"add `{SHARE}"),
        ([{WEIGHT: 1}, {WEIGHT: -1}], "list", f"vary[1].{WEIGHT}", "wants 0 to 50", ""),
        ([{WEIGHT: 1}, {WEIGHT: 1}], "list", "vary[1]", "point 2 repeats", "keep one"),
        ([{WEIGHT: 1}, 3], "list", "vary[1]", "wants a point", ""),
        ([{"levers.yearend": "carry"}], "list", "vary[0].levers.yearend", "is no parameter", "levers.year_end"),
    ],
)
def test_what_does_not_go_together_is_refused_with_a_hint(
    tmp_path: Path, vary: Any, design: Any, key: str, message: str, hint: str
) -> None:
    problem = refused(tmp_path, vary, design)

    assert problem.key == key
    assert message in problem.message
    assert hint in problem.hint


def test_a_file_that_names_another_method_leaves_the_numbers_of_the_old_one_behind(tmp_path: Path) -> None:
    write(tmp_path / "base.yaml", content(ALL, DESIGNS["lhs"]))
    above = {"schema": "sim/study/1", "id": "above", "extends": "./base.yaml", "design": DESIGNS["morris"]}
    path = write(tmp_path / "above.yaml", above)

    assert load_study(path).design == Design("morris", trajectories=5, levels=4, seed=1)
    assert load_study(path, ["design.method=lhs"]).design == Design("lhs", samples=30, seed=1)
    [problem] = problems_of(lambda: load_study(path, ["design.levels=4", "design.method=sobol"]))
    assert "is for morris, not for sobol" in problem.message


def test_the_old_file_cannot_give_numbers_to_the_new_one_that_came_later(tmp_path: Path) -> None:
    path = write(tmp_path / "study.yaml", content({WEIGHT: [1]}, "grid"))
    [problem] = problems_of(lambda: load_study(path, ["design={samples: 4}"]))

    assert problem.key == "design.samples"


def test_checking_a_file_loads_no_library_of_designs() -> None:
    code = (
        "import sys; from sim.specification.load import load_study; load_study('sweep_travel'); "
        "assert not {'SALib', 'scipy.stats'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_points_are_made_once() -> None:
    design = Design("lhs", samples=4, seed=1)
    axes = [Axis("a.x", "", (0.0, 1.0), Interval(0.0, 1.0))]

    assert unit_points(design, 1) is unit_points(design, 1)
    assert points_of(axes, design) is points_of(axes, design)


@pytest.mark.parametrize("ends", [(100.0, 101.0), (0.9, 1.0), (0.0, 1e-7), (-3.0, 5e6)])
def test_a_point_that_is_typed_in_as_it_is_written_is_the_same_point(ends: tuple[float, float]) -> None:
    interval = Interval(*ends)

    for share in np.random.default_rng(5).random(500).tolist():
        value = interval.at(share)
        assert float(value_text(value)) == value
