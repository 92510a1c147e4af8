"""``sim run`` from the command's body to its exit code, with a model that is quick and obedient."""

import csv
import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sim.cli.failure import UsageError
from sim.cli.run import run_study
from sim.settings.problem import ConfigError
from sim.study import england
from sim.study.bench import Bench
from sim.study.store import Store
from tests.study import fakes, tables

SMALL = ["replicates=3"]


@pytest.fixture(autouse=True)
def fake_model(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Use the quick model, and draw figures only where a test is about them."""
    use(monkeypatch, fakes.simulate)
    if request.node.name != "test_everything_is_written_and_shown":
        monkeypatch.setattr("sim.report.publish.draw_figures", lambda *_: SimpleNamespace(paths=[], empty=[]))


def use(monkeypatch: pytest.MonkeyPatch, simulate: Any) -> None:
    bench = Bench(fakes.small_world, simulate, tables.tabulate_all, "0" * 64)
    monkeypatch.setattr(england, "england_bench", lambda: bench)


def run(out: Path, overrides: list[str] = SMALL, **options: Any) -> int:
    given: dict[str, Any] = {"workers": "1", "dry_run": False, "as_json": False, "quiet": True} | options
    return run_study("regional_2013", overrides=overrides, out=str(out), **given)


def breaking(scenario: str, replicates: tuple[int, ...]) -> Any:
    """Make a model that fails for some replicates of one scenario."""

    def simulate(specs: Any, world: Any) -> Any:
        for spec in specs:
            if spec.scenario_id == scenario and spec.replicate in replicates:
                raise ArithmeticError("the books do not balance")
            yield spec, fakes.result(spec)

    return simulate


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_everything_is_written_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path) == 0

    out = capsys.readouterr().out
    for name in ("comparison.csv", "comparison.txt", "runs.csv", "study.yaml", "figures/F3.png"):
        assert (tmp_path / name).stat().st_size > 0
    assert "Simulated, not observed" in out
    assert str(tmp_path / "comparison.csv") in out
    assert str(tmp_path / "figures" / "F3.png") in out
    assert {row["status"] for row in rows_of(tmp_path / "runs.csv")} == {"done"}
    assert len(rows_of(tmp_path / "runs.csv")) == 9
    assert {row["regime"] for row in rows_of(tmp_path / "comparison.csv")} == {
        "national_2013",
        "scg_2006",
        "equal_access",
    }


def test_a_second_call_makes_nothing_and_says_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path)
    first, stored = capsys.readouterr().out, {path: path.stat().st_mtime_ns for path in tmp_path.glob("store/??/*")}

    assert run(tmp_path) == 0

    assert capsys.readouterr().out == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("store/??/*")} == stored


def test_json_is_one_object_and_the_text_goes_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, as_json=True)

    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert (answer["ok"], answer["exit_code"], answer["study"], answer["runs"]) == (
        True,
        0,
        "regional_2013",
        9,
    )
    assert set(answer["digests"]) == {f"{regime}/{n}" for regime in answer_regimes() for n in range(3)}
    assert answer["failed"] == []
    assert answer["comparison"] == str(tmp_path / "comparison.csv")
    assert "Simulated, not observed" in err


def answer_regimes() -> tuple[str, ...]:
    return ("national_2013", "scg_2006", "equal_access")


def test_workers_change_no_digest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = []
    for workers in ("1", "2"):
        run(tmp_path / workers, workers=workers, as_json=True)
        answers.append(json.loads(capsys.readouterr().out)["digests"])

    assert answers[0] == answers[1]


def test_a_dry_run_writes_nothing_and_names_the_price(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "out", dry_run=True, workers="2") == 0

    out = capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
    assert "3 regimes x 3 replicates = 9 runs" in out
    assert "to be made             9" in out
    assert f"sim run regional_2013 --set replicates=3 --out {tmp_path / 'out'}" in out


def test_a_dry_run_says_what_is_compared_with_what_and_over_which_years(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, dry_run=True)
    text = " ".join(capsys.readouterr().out.split())
    run(tmp_path, dry_run=True, as_json=True)
    answer = json.loads(capsys.readouterr().out)
    run_study("pct_2002", overrides=[], out=None, workers="1", dry_run=True, as_json=False, quiet=True)
    alone = " ".join(capsys.readouterr().out.split())

    assert "compared each with national_2013, the baseline: scg_2006, equal_access (benchmark)" in text
    assert f"years simulated {answer['simulated_from']} to " in text
    assert f"measured {answer['measured_from']} to " in text
    assert f"({answer['measured_years']} year" in text
    assert (answer["baseline"], answer["compares"][0]) == ("national_2013", "national_2013")
    assert "compared nothing; pct_2002 alone" in alone


def test_a_dry_run_notes_what_is_implausible(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, ["budget.plan_share_of_expected=97"], dry_run=True)

    words = " ".join(capsys.readouterr().out.split())
    assert "note budget.plan_share_of_expected = 97 is outside its plausible range 0.95 to 1.05" in words


def test_a_dry_run_counts_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path)
    capsys.readouterr()

    run(tmp_path, ["replicates=5"], dry_run=True, as_json=True)

    answer = json.loads(capsys.readouterr().out)
    assert (answer["runs"], answer["in_store"], answer["new"]) == (15, 9, 6)


def test_many_failures_end_with_5_and_tell_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(monkeypatch, breaking("scg_2006", (1,)))

    assert run(tmp_path) == 5

    out = capsys.readouterr().out
    failed = next(row for row in rows_of(tmp_path / "runs.csv") if row["status"] == "failed")
    assert failed["error"] == "ArithmeticError: the books do not balance"
    assert f"sim run regional_2013 --set replicates=3 --out {tmp_path}" in out
    assert failed["key"] in out
    assert "some outcomes above rest on 2 of 3 replicates" in " ".join(out.split())


def test_few_failures_end_with_4_and_vanish_once_they_succeed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, breaking("scg_2006", (7,)))
    many = ["replicates=12"]

    assert run(tmp_path, many) == 4

    use(monkeypatch, fakes.simulate)
    assert run(tmp_path, many) == 0
    assert not list((tmp_path / "store" / "failed").iterdir())


def test_without_a_baseline_there_is_no_table_but_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(monkeypatch, breaking("national_2013", (0, 1, 2)))

    assert run(tmp_path) == 5

    assert "no run of the baseline national_2013 finished" in capsys.readouterr().out
    assert not (tmp_path / "comparison.csv").exists()


@pytest.mark.parametrize("damage", ["cut", pytest.param("flipped", marks=pytest.mark.slow)])
def test_a_damaged_run_is_set_aside_and_made_again(
    tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path)
    path = sorted(tmp_path.glob("store/??/*.parquet"))[4]
    whole = path.read_bytes()
    path.write_bytes(whole[:-9] if damage == "cut" else whole[:60] + b"\x00" * 60 + whole[120:])

    assert run(tmp_path) == 0

    store = Store(tmp_path / "store")
    assert f"{path}: " in capsys.readouterr().err
    assert store.read(path.stem).manifest["key"] == path.stem
    assert len(list((tmp_path / "store" / "damaged").iterdir())) == 1


def test_an_interrupted_study_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(specs: Any, world: Any) -> Any:
        if specs[0].replicate == 1:
            raise KeyboardInterrupt
        yield from fakes.simulate(specs, world)

    use(monkeypatch, stop)

    assert run(tmp_path) == 130

    err = capsys.readouterr().err
    assert "3 of 9 runs done" in err
    assert f"sim run regional_2013 --set replicates=3 --out {tmp_path}" in err


def test_wrong_use_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--workers wants"):
        run(tmp_path / "out", workers="several")
    with pytest.raises(ConfigError):
        run(tmp_path / "out", ["replicate=3"])
    assert list(tmp_path.iterdir()) == []


def test_results_go_to_a_folder_named_after_the_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    run_study("regional_2013", overrides=SMALL, out=None, workers="1", dry_run=False, as_json=False, quiet=True)

    assert (tmp_path / "results" / "regional_2013" / "comparison.csv").exists()


def test_the_fake_bench_is_the_real_one_in_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    real = england.england_bench()

    assert isinstance(real, Bench)
    assert replace(real, code_hash="x").data_hash == real.data_hash
    assert len(real.data_hash) == 64


def test_an_empty_folder_name_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="--out wants the name of a folder"):
        run_study("regional_2013", overrides=[], out="", workers="1", dry_run=True, as_json=False, quiet=True)


def test_rules_are_compiled_before_the_first_run_is_timed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def prepare() -> None:
        assert not list(tmp_path.glob("store/??/*"))
        done.append("compiled")

    bench = Bench(fakes.small_world, fakes.simulate, tables.tabulate_all, "0" * 64, prepare=prepare)
    monkeypatch.setattr(england, "england_bench", lambda: bench)
    monkeypatch.setattr("sim.study.make.compiled", lambda: bool(done))

    run(tmp_path)

    assert done == ["compiled"]


def test_a_large_study_says_beforehand_how_long_it_will_take(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.study.make.MANY_RUNS", 8)

    run(tmp_path, quiet=False)

    assert re.search(r"9 runs: .* to .* on 1 workers, \d+ MB in ", capsys.readouterr().err)


def test_of_a_sweep_a_failed_run_is_named_with_its_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(monkeypatch, breaking("scg_2006", (1,)))

    assert run(tmp_path, [*SMALL, "vary.levers.year_end=[carry, bail_out]"], as_json=False) == 5

    assert "point 2, scg_2006, replicate 1, seed" in capsys.readouterr().out
    assert {row["point"] for row in rows_of(tmp_path / "runs.csv") if row["status"] == "failed"} == {"1", "2"}
