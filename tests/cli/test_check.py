from pathlib import Path

import pytest

from sim.world.tables import DataError, Problem
from tests.cli.command import sim
from tests.specification.written import regime, scenario, study, write


def test_a_right_study_says_what_it_would_run() -> None:
    ended = sim("check", "demo")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("ok: study demo - ")
    assert "national_2022 (baseline)" in ended.out
    assert ended.out.endswith("Run it with:  sim run demo\n")


def test_a_path_is_as_good_as_a_name(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)

    assert sim("check", "configs/studies/demo.yaml").code == 0


@pytest.mark.parametrize(("kind", "content"), [("regime", regime()), ("scenario", scenario()), ("study", study())])
def test_files_of_every_kind_are_checked(tmp_path: Path, kind: str, content: dict[str, object]) -> None:
    ended = sim("check", write(tmp_path / "file.yaml", content), "--json")

    assert (ended.code, ended.json["ok"], ended.json["kind"], ended.json["problems"]) == (0, True, kind, [])


def test_everything_wrong_is_shown_where_it_stands_and_the_exit_code_is_3(tmp_path: Path) -> None:
    horizon = {"start": "2013-04", "yaers": 3, "burn_in_years": "1 year"}
    path = write(tmp_path / "study.yaml", study(horizon=horizon))

    ended = sim("check", path)

    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith(f"error[config]: 2 problems in {path}\n")
    assert "horizon.yaers: unknown key" in ended.err
    assert "did you mean `years`?" in ended.err
    assert 'horizon.burn_in_years: wants a whole number (years), got "1 year"' in ended.err
    assert "the unit is in the key; write `1`" in ended.err
    assert ended.err.endswith(f"Nothing was run. Check again with:  sim check {path}\n")
    assert "Traceback" not in ended.err


def test_the_same_stands_in_json(tmp_path: Path) -> None:
    path = write(tmp_path / "study.yaml", study(baseline="nobody"))

    ended = sim("check", path, "--json")

    assert ended.code == 3
    assert (ended.json["ok"], ended.json["exit_code"]) == (False, 3)
    [problem] = ended.json["problems"]
    assert (problem["path"], problem["pointer"], problem["column"]) == (path, "/baseline", 11)
    assert ended.json["next_command"] == f"sim check {path}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("schema: sim/study/1\nseed: 1\nseed: 2", "duplicate key"),
        ("schema: sim/study/1\nid: [", "not YAML"),
        ("schema: sim/study/1\nextends: study.yaml", "in a circle: "),
        ("schema: sim/study/1\nextends: deom", "did you mean `demo`?"),
        ("", "wants a mapping of keys"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_users_error(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "study.yaml").write_text(text)

    ended = sim("check", str(tmp_path / "study.yaml"))

    assert ended.code == 3
    assert words in ended.err


def test_a_file_that_is_not_there_suggests_its_neighbour(tmp_path: Path) -> None:
    write(tmp_path / "study.yaml", study())

    ended = sim("check", str(tmp_path / "sutdy.yaml"))

    assert ended.code == 3
    assert "did you mean `study.yaml`?" in ended.err


def test_overrides_are_checked_too() -> None:
    assert sim("check", "demo", "--set", "replicates=2", "--set", "referral.travel_enabled=false").code == 0

    ended = sim("check", "demo", "--set", "replicates=two", "--set", "referal.travel_enabled=false")

    assert ended.code == 3
    assert "--set:1:12  replicates: wants a whole number" in ended.err
    assert "--set:2:1  referal: unknown key" in ended.err
    assert "sim check demo --set replicates=two --set referal.travel_enabled=false" in ended.err


def test_an_implausible_parameter_is_noted() -> None:
    ended = sim("check", "demo", "--set", "referral.travel_weight_per_hour=40")

    assert ended.code == 0
    assert "note: referral.travel_weight_per_hour = 40 is outside its plausible range" in ended.out


def test_of_a_sweep_the_values_and_the_runs_are_told() -> None:
    ended = sim("check", "sweep_travel")

    assert "varies levers.year_end: carry, bail_out" in ended.out
    assert "6 points (grid) x 3 scenarios x 2 replicates = 36 runs" in ended.out


def test_of_a_sweep_implausible_values_and_lonely_ones_are_noted() -> None:
    ended = sim("check", "sweep_travel", "--set", "vary.budget.plan_share_of_expected=[0.5]")

    assert "note: budget.plan_share_of_expected = 0.5 is outside its plausible range 0.95 to 1.05" in ended.out
    assert "note: budget.plan_share_of_expected has one value and is not varied" in ended.out


def test_a_study_is_checked_with_its_data(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise DataError((Problem("places.csv", 3, "population", "x", "a number"),))

    monkeypatch.setattr("sim.world.world.load_england", broken)

    ended = sim("check", "demo")

    assert (ended.code, "places.csv:3" in ended.err) == (3, True)
    assert sim("check", "national_2013").code == 0
