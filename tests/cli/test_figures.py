"""``sim figures`` draws what ``sim run`` drew, from the store alone."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sim.cli.failure import UsageError
from sim.cli.figures import redraw
from sim.cli.run import run_study
from sim.settings.problem import ConfigError
from sim.study import england
from sim.study.bench import Bench
from tests.study import fakes, tables


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run a study once with a model that is quick, and return its results folder."""
    bench = Bench(fakes.small_world, fakes.simulate, tables.tabulate_all, "0" * 64)
    folder = tmp_path_factory.mktemp("made") / "regional_2013"
    options: dict[str, Any] = {"workers": "1", "dry_run": False, "as_json": False, "quiet": True}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(england, "england_bench", lambda: bench)
        run_study("regional_2013", overrides=["replicates=2"], out=str(folder), **options)
    return folder


@pytest.fixture
def results(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return a copy of the results folder, as a test may change it."""
    bench = Bench(fakes.small_world, fakes.simulate, tables.tabulate_all, "0" * 64)
    monkeypatch.setattr(england, "england_bench", lambda: bench)
    folder = tmp_path / "results" / "regional_2013"
    shutil.copytree(made, folder)
    capsys.readouterr()
    return folder


def again(source: Path | str, only: str = "", preset: str = "wide", as_json: bool = False) -> int:
    return redraw(str(source), only=only, preset=preset, as_json=as_json)


def test_figures_drawn_again_are_the_same_bytes(results: Path) -> None:
    first = {path.name: path.read_bytes() for path in (results / "figures").iterdir()}
    for path in (results / "figures").iterdir():
        path.unlink()

    assert again(results) == 0

    assert {path.name: path.read_bytes() for path in (results / "figures").iterdir()} == first
    assert {name.split(".")[0] for name in first} == {"F1", "F3", "F4", "F12"}


def test_a_study_is_found_by_its_name(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(results.parent.parent)

    assert again("regional_2013", "F4") == 0

    assert "results/regional_2013/figures/F4.png" in capsys.readouterr().out


def test_slides_stand_apart_and_only_what_is_wanted_is_drawn(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert again(results, "f4, F12", "slide", as_json=True) == 0

    written = {path.name for path in (results / "figures" / "slide").glob("*.png")}
    answer = json.loads(capsys.readouterr().out)
    assert written == {"F4.png", "F12.png"}
    assert answer["ok"]
    assert len(answer["figures"]) == 2 * 6


@pytest.mark.parametrize(
    ("only", "preset", "message"),
    [("F1,F99", "wide", "--only wants some of F1, F3, F4, F12, got F99"), ("", "poster", "--preset wants one of wide")],
)
def test_what_does_not_exist_is_refused(results: Path, only: str, preset: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        again(results, only, preset)


def test_a_folder_without_results_and_an_unknown_study_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no results in"):
        again(tmp_path)
    with pytest.raises(ConfigError, match="nothing called `demmo`"):
        again("demmo")


def test_a_store_without_the_baseline_has_nothing_to_draw(results: Path) -> None:
    text = (results / "runs.csv").read_text(encoding="utf-8").splitlines()
    (results / "runs.csv").write_text("\n".join(line for line in text if "national_2013" not in line) + "\n")

    with pytest.raises(UsageError, match="no finished run of the baseline national_2013"):
        again(results)


def test_a_damaged_run_is_left_out_and_named(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damaged = sorted((results / "store").glob("??/*.parquet"))[0]
    damaged.write_bytes(b"not a run")

    assert again(results, "F12") == 0

    assert f"{damaged}: not a readable run file" in capsys.readouterr().err
