from pathlib import Path

import pytest

from sim.specification.load import load_scenario, load_study
from tests.cli.command import sim
from tests.specification.written import problems_of, regime, scenario, study, write


def test_a_scenario_is_a_timeline_of_regimes(tmp_path: Path) -> None:
    loaded = load_scenario(write(tmp_path / "branch.yaml", scenario()))

    assert [(month, regime.id) for month, regime in loaded.timeline] == [
        ("2013-04", "national_2013"),
        ("2016-04", "scg_2006"),
    ]


def test_a_regime_is_a_scenario_of_one_line() -> None:
    loaded = load_scenario("national_2013")

    assert (loaded.id, len(loaded.timeline)) == ("national_2013", 1)


def test_a_timeline_may_name_files(tmp_path: Path) -> None:
    write(tmp_path / "own.yaml", regime(id="own"))
    content = scenario(timeline={"2016-04": "./own.yaml", "2013-04": "scg_2006"})

    loaded = load_scenario(write(tmp_path / "branch.yaml", content))

    assert [regime.id for _, regime in loaded.timeline] == ["scg_2006", "own"]


@pytest.mark.parametrize(
    ("month", "message"),
    [
        ("2013", "wants a month"),
        ("2013-4", "wants a month"),
        ("2013-13", "wants a month"),
        ("2013-07", "an April"),
    ],
)
def test_dates_are_aprils(tmp_path: Path, month: str, message: str) -> None:
    path = write(tmp_path / "branch.yaml", scenario(timeline={month: "scg_2006"}))

    [problem] = problems_of(lambda: load_scenario(path))

    assert message in problem.message
    assert problem.span.text[problem.column - 1 :].strip("'").startswith(month)


def text(tmp_path: Path, *lines: str) -> str:
    """Write a scenario as a person would, line by line, and return its path."""
    path = tmp_path / "branch.yaml"
    path.write_text("\n".join(["schema: sim/scenario/1", "id: branch", "timeline:", *lines, ""]))
    return str(path)


@pytest.mark.parametrize(
    ("lines", "where", "message", "hint"),
    [
        (("  2013-04: scg_2006", "  2013-04: national_2013"), (5, 3), "duplicate key", "on line 4; keep one"),
        (("  2016-04: scg_2006", "  2013-04: national_2013"), (5, 3), "stands after 2016-04", "in order"),
        (("  2013-04: scg_2006", "  2016-04: null"), (5, 12), "leaves a gap", "the one before it stays"),
    ],
)
def test_a_timeline_is_in_order_and_without_gaps(
    tmp_path: Path, lines: tuple[str, ...], where: tuple[int, int], message: str, hint: str
) -> None:
    ended = sim("check", text(tmp_path, *lines), "--json")

    [problem] = ended.json["problems"]
    assert (ended.code, problem["line"], problem["column"]) == (3, *where)
    assert message in problem["message"]
    assert hint in problem["hint"]


def test_a_lever_out_of_range_is_refused_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("extends: national_2013\nid: own\nlevers:\n  risk_share: 1.5\n")

    ended = sim("check", str(path), "--json")

    [problem] = ended.json["problems"]
    assert (ended.code, problem["line"], problem["column"]) == (3, 4, 15)
    assert "wants 0 to 1 share" in problem["message"]


def test_a_misspelt_mechanism_is_told_the_right_name(tmp_path: Path) -> None:
    ended = sim("check", write(tmp_path / "study.yaml", study(parameters={"handver": {"enabled": False}})), "--json")

    [problem] = ended.json["problems"]
    assert (ended.code, problem["pointer"]) == (3, "/parameters/handver")
    assert problem["line"] > 1
    assert "did you mean `handover`?" in problem["hint"]


def test_an_unknown_regime_is_refused_where_it_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "branch.yaml", scenario(timeline={"2013-04": "national_2012"}))

    [problem] = problems_of(lambda: load_scenario(path))

    assert "did you mean `national_2013`?" in problem.hint
    assert problem.key == "timeline.2013-04"


def test_a_benchmark_stands_alone(tmp_path: Path) -> None:
    timeline = {"2013-04": "scg_2006", "2016-04": "equal_access"}

    [problem] = problems_of(lambda: load_scenario(write(tmp_path / "b.yaml", scenario(timeline=timeline))))

    assert "is a benchmark" in problem.message


def test_a_scenario_of_scenarios_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "inner.yaml", scenario(id="inner"))
    path = write(tmp_path / "outer.yaml", scenario(timeline={"2013-04": "inner.yaml"}))

    assert "wants sim/regime/1, got `sim/scenario/1`" in problems_of(lambda: load_scenario(path))[0].message


def within(tmp_path: Path, timeline: dict[str, str], years: int) -> list[tuple[str, str]]:
    write(tmp_path / "branch.yaml", scenario(timeline=timeline))
    horizon = {"start": "2014-04", "years": years, "burn_in_years": 1}
    content = study(compare=["./branch.yaml"], baseline="branch", horizon=horizon)
    spec = load_study(write(tmp_path / "study.yaml", content)).run_specs()[0]
    return [(month, regime.id) for month, regime in spec.timeline]


def test_a_run_begins_with_the_regime_then_in_force(tmp_path: Path) -> None:
    timeline = {"2010-04": "equal_access", "2013-04": "national_2013", "2016-04": "scg_2006"}
    write(tmp_path / "x.yaml", regime())
    timeline["2010-04"] = "./x.yaml"

    assert within(tmp_path, timeline, 4) == [("2014-04", "national_2013"), ("2016-04", "scg_2006")]


def test_a_branch_on_the_first_day_is_the_beginning(tmp_path: Path) -> None:
    assert within(tmp_path, {"2013-04": "national_2013", "2014-04": "scg_2006"}, 4) == [("2014-04", "scg_2006")]


@pytest.mark.parametrize(
    ("timeline", "message"),
    [
        ({"2015-04": "scg_2006"}, "begins in 2015-04, after the study's start in 2014-04"),
        (
            {"2013-04": "scg_2006", "2019-04": "national_2013"},
            "changes in 2019-04, but the study ends before 2019-04",
        ),
    ],
)
def test_dates_that_do_nothing_are_refused(tmp_path: Path, timeline: dict[str, str], message: str) -> None:
    [problem] = problems_of(lambda: within(tmp_path, timeline, 4))

    assert message in problem.message
