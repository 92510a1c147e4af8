from pathlib import Path

import pytest

from sim.specification.load import load_scenario, load_study
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
