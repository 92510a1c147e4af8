"""What a study varies is checked like everything else: each value, where it was written, all at once."""

from pathlib import Path
from typing import Any

import pytest

from sim.settings.problem import Problem
from sim.specification.load import load_study
from sim.specification.run import Study
from tests.specification.written import problems_of, study, write

STEPS = "funding.months_between_applications"
WEIGHT, PLAN, YEAR_END = "referral.travel_weight_per_hour", "budget.plan_share_of_expected", "levers.year_end"


def content(vary: Any, **changes: Any) -> dict[str, Any]:
    given = study(vary=vary, **changes)
    if "parameters" not in changes:
        del given["parameters"]
    return given


def loading(folder: Path, vary: Any, overrides: tuple[str, ...] = (), **changes: Any) -> Study:
    return load_study(write(folder / "study.yaml", content(vary, **changes)), overrides)


def refused(folder: Path, vary: Any, **changes: Any) -> Problem:
    [problem] = problems_of(lambda: loading(folder, vary, **changes))
    return problem


def test_a_list_and_its_long_form_are_the_same(tmp_path: Path) -> None:
    short, long = loading(tmp_path, {WEIGHT: [1, 3]}), loading(tmp_path, {WEIGHT: {"values": [1, 3]}})

    assert short.axes == long.axes
    assert short.axes[0].values == (1.0, 3.0)
    assert short.axes[0].unit == "log odds per hour"


def test_a_range_hits_its_end_and_spaced_numbers_both(tmp_path: Path) -> None:
    stepped = loading(tmp_path, {PLAN: {"range": {"from": 0.96, "to": 1.04, "step": 0.02}}})
    spaced = loading(tmp_path, {PLAN: {"linspace": {"from": 0.7, "to": 1, "n": 4}}})

    assert stepped.axes[0].values == (0.96, 0.98, 1.0, 1.02, 1.04)
    assert spaced.axes[0].values == (0.7, 0.8, 0.9, 1.0)


def test_parameters_and_levers_reach_every_regime_of_every_date(tmp_path: Path) -> None:
    compare = ["scg_to_national", "scg_2006", "equal_access"]
    loaded = loading(tmp_path, {YEAR_END: ["bail_out"], WEIGHT: [7]}, compare=compare, baseline="scg_2006")

    alone = loaded.at(loaded.points[0])

    by_id = alone.scenarios
    assert [regime.levers.year_end for _, regime in by_id["scg_to_national"].timeline] == ["bail_out", "bail_out"]
    assert by_id["scg_2006"].timeline[0][1].levers.year_end == "bail_out"
    assert by_id["equal_access"].timeline[0][1].levers.year_end == "carry"
    assert {spec.parameters.referral.travel_weight_per_hour for spec in alone.run_specs()} == {7.0}


def test_nothing_varied_is_one_point_and_the_same_study(tmp_path: Path) -> None:
    loaded = loading(tmp_path, {})

    assert loaded.at(loaded.points[0]) == loaded
    assert len(loaded.points) == 1


@pytest.mark.parametrize(
    ("vary", "key", "message", "hint"),
    [
        ({WEIGHT: [1, "3 hours"]}, f"vary.{WEIGHT}[1]", "wants a number (log odds per hour)", "write `3`"),
        ({WEIGHT: {"values": [1, -1]}}, f"vary.{WEIGHT}.values[1]", "wants 0 to 50", ""),
        ({WEIGHT: [3, 1, 3.0]}, f"vary.{WEIGHT}[2]", "3 is given twice", "keep one"),
        ({WEIGHT: []}, f"vary.{WEIGHT}.values", "wants at least one entry", ""),
        ({WEIGHT: 3}, f"vary.{WEIGHT}", "wants a list of values, got 3", "write `[3]`"),
        ({WEIGHT: [[1]]}, f"vary.{WEIGHT}[0]", "wants a number", ""),
        ({WEIGHT: {"values": [1], "range": {"from": 0, "to": 1, "step": 1}}}, f"vary.{WEIGHT}", "wants one of", "keep"),
        ({WEIGHT: {"range": {"from": 0, "to": 1, "step": 0.3}}}, f"vary.{WEIGHT}.range", "do not arrive", "to: 0.9"),
        ({WEIGHT: {"range": {"from": 3, "to": 1, "step": 1}}}, f"vary.{WEIGHT}.range", "down to 1", "smaller"),
        ({WEIGHT: {"range": {"from": 0, "to": 1, "step": 0}}}, f"vary.{WEIGHT}.range.step", "more than 0", ""),
        ({WEIGHT: {"range": {"from": 0, "to": 50, "step": 1e-4}}}, f"vary.{WEIGHT}.range", "more than 10,000", "step"),
        ({WEIGHT: {"range": {"from": 40, "to": 60, "step": 5}}}, f"vary.{WEIGHT}.range", "got 55", ""),
        ({WEIGHT: {"linspace": {"from": 0, "to": 1, "n": 1}}}, f"vary.{WEIGHT}.linspace.n", "wants 2 to 10000", ""),
        ({WEIGHT: {"linspace": {"from": 1, "to": 1, "n": 3}}}, f"vary.{WEIGHT}.linspace", "1 is given twice", ""),
        ({WEIGHT: [0] * 10_001}, f"vary.{WEIGHT}.values", "wants at most 10000 entries", ""),
        (
            {STEPS: {"range": {"from": 1, "to": 4, "step": 1.5}}},
            f"vary.{STEPS}.range",
            "whole number (months), got 2.5",
            "",
        ),
        ({YEAR_END: None}, f"vary.{YEAR_END}", "wants a list of values, got nothing", "write `[…]`"),
        ({YEAR_END: ["carry", "bailout"]}, f"vary.{YEAR_END}[1]", "wants one of carry", "did you mean `bail_out`?"),
        ({YEAR_END: {"range": {"from": 0, "to": 1, "step": 1}}}, f"vary.{YEAR_END}", "a list", "[carry, bail_out, "),
        ({"budget.cap_enabled": ["yes"]}, "vary.budget.cap_enabled[0]", "wants true or false", "write `true`"),
        ({PLAN: ["97%"]}, f"vary.{PLAN}[0]", "wants a number", "write `0.97`"),
        ({f"parameters.{WEIGHT}": [1]}, f"vary.parameters.{WEIGHT}", "is no parameter", f"write `{WEIGHT}`"),
        ({"year_end": ["carry"]}, "vary.year_end", "no lever", "write `levers.year_end`"),
        ({"travel_weight_per_hour": [1]}, "vary.travel_weight_per_hour", "is no parameter", f"or `{WEIGHT}`"),
        ({"referral.travel_wieght_per_hour": [1]}, "vary.referral.travel_wieght_per_hour", "is no", f"mean `{WEIGHT}`"),
        ({"levers.yearend": ["carry"]}, "vary.levers.yearend", "is no", "did you mean `levers.year_end`?"),
        ({"economics": [1]}, "vary.economics", "is no", "write one of economics.discount_rate_share_per_year"),
        (3, "vary", "wants a mapping of keys, got 3", ""),
        (["a"], "vary", "wants a mapping of keys, got a list", ""),
        (None, "vary", "wants a mapping of keys, got nothing", ""),
        ({"seed": [1, 2]}, "vary.seed", "is no parameter and no lever", ""),
    ],
)
def test_what_does_not_fit_is_refused_with_a_hint(tmp_path: Path, vary: Any, key: str, message: str, hint: str) -> None:
    problem = refused(tmp_path, vary)

    assert problem.key == key
    assert message in problem.message
    assert hint in problem.hint


def test_everything_wrong_is_told_at_once_where_it_stands(tmp_path: Path) -> None:
    vary = {WEIGHT: [1, "x"], "levers.yearend": ["carry"], PLAN: {"range": {"from": 0, "to": 1}}}

    problems = problems_of(lambda: loading(tmp_path, vary, replicates=0))

    assert {problem.key for problem in problems} == {
        "replicates",
        f"vary.{WEIGHT}[1]",
        "vary.levers.yearend",
        f"vary.{PLAN}.range.step",
    }
    lines = (tmp_path / "study.yaml").read_text().splitlines()
    wrong = next(problem for problem in problems if problem.key.endswith("[1]"))
    assert lines[wrong.line - 1][wrong.column - 1 :].startswith("x")


def test_side_by_side_a_value_may_come_again_and_a_point_may_not(tmp_path: Path) -> None:
    axes = {WEIGHT: [1, 1, 1], YEAR_END: ["carry", "bail_out", "carry"]}
    assert "point 3 repeats an earlier one" in refused(tmp_path, axes, design="zip").message


def test_zip_wants_equal_lengths_and_names_the_odd_one(tmp_path: Path) -> None:
    problem = refused(tmp_path, {WEIGHT: [1, 2], YEAR_END: ["carry"]}, design="zip")

    assert problem.key == f"vary.{WEIGHT}"  # the file is written in the order of the alphabet
    assert problem.message == f"is a list of length 2, that of `{YEAR_END}` has length 1"


def test_a_grid_beyond_reason_is_refused(tmp_path: Path) -> None:
    many = {"linspace": {"from": 0, "to": 1, "n": 101}}

    problem = refused(tmp_path, {WEIGHT: many, PLAN: many})

    assert (problem.key, problem.message) == ("vary", "101 x 101 = 10,201 points, more than 10,000")


def test_a_parameter_is_set_or_varied_not_both(tmp_path: Path) -> None:
    problem = refused(tmp_path, {WEIGHT: [1, 2]}, parameters={"referral": {"travel_weight_per_hour": 3}})
    [typed] = problems_of(lambda: loading(tmp_path, {WEIGHT: [1, 2]}, (f"{WEIGHT}=3",)))

    assert (problem.key, problem.message) == (f"parameters.{WEIGHT}", "is varied too")
    assert (typed.path, typed.message) == ("--set", "is varied too")


def test_a_study_may_vary_what_the_one_it_extends_sets(tmp_path: Path) -> None:
    write(tmp_path / "base.yaml", study())
    extending = {"schema": "sim/study/1", "id": "wider", "extends": "./base.yaml", "vary": {WEIGHT: [1, 2]}}

    assert load_study(write(tmp_path / "wider.yaml", extending)).axes[0].values == (1.0, 2.0)


def test_axes_can_be_set_on_the_command_line(tmp_path: Path) -> None:
    loaded = loading(tmp_path, {WEIGHT: [1, 2]}, (f"vary.{WEIGHT}=[5]", f"vary.{YEAR_END}=[carry, bail_out]"))

    assert [(axis.key, axis.values) for axis in loaded.axes] == [(WEIGHT, (5.0,)), (YEAR_END, ("carry", "bail_out"))]
