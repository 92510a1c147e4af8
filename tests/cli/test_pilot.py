"""A dry run tells points, runs and time, and with --pilot makes one unit of work to tell the time by."""

import time
from pathlib import Path
from typing import Any

import pytest

from sim.cli.failure import USAGE
from sim.study import england
from sim.study.bench import Bench
from sim.study.store import Store
from tests.cli.command import Ended, sim
from tests.study import fakes, tables

SHARE, WEIGHT = "common_pool.marginal_share", "referral.travel_weight_per_hour"
SECONDS = 0.3
"""Of one run: long enough to be told beside what else happens on the machine."""
SETS = (f"vary.{SHARE}=prior", f"vary.{WEIGHT}=prior", "design={method: sobol, samples: 6}", "replicates=2")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(fakes.small_world, fakes.simulate, tables.tabulate_all, "0" * 64)
    monkeypatch.setattr(england, "england_bench", lambda: bench)


def run(out: Path, *options: str, sets: tuple[str, ...] = SETS) -> Ended:
    words = [word for text in sets for word in ("--set", text)]
    return sim("run", "regional_2013", *words, "--workers", "1", "--quiet", "--out", str(out), *options)


def stored(out: Path) -> list[dict[str, Any]]:
    return list(Store(out / "store").manifests())


def test_a_dry_run_says_how_the_points_come_about_and_how_to_tell_the_time(tmp_path: Path) -> None:
    ended = run(tmp_path / "out", "--dry-run")

    assert ended.code == 0
    assert "6 points x 3 regimes x 2 replicates = 36 runs" in ended.out
    assert "sobol, 6 samples, seed 20130401: 6 points" in ended.out
    assert "measured on another machine" in " ".join(ended.out.split())
    assert "--pilot" in ended.out
    assert "Nothing was written." in ended.out
    assert not (tmp_path / "out").exists()


def test_a_pilot_makes_the_first_point_and_keeps_it(tmp_path: Path) -> None:
    ended = run(tmp_path / "out", "--dry-run", "--pilot")

    made = stored(tmp_path / "out")
    assert ended.code == 0, ended.err
    assert {(run["labels"]["point"], run["seed"]["replicate"]) for run in made} == {(1, 0)}
    assert f"{len(made)} runs of a pilot made and stored; nothing else was written." in ended.out
    assert f"{len(made)} runs in the store" in " ".join(ended.out.split())
    assert "another machine" not in ended.out
    again = run(tmp_path / "out", "--dry-run", "--json").json
    assert (again["in_store"], again["new"]) == (len(made), again["runs"] - len(made))


@pytest.mark.slow
def test_the_time_of_a_pilot_is_that_of_the_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def take_long(specs: Any, world: Any) -> Any:
        for done in fakes.simulate(specs, world):
            time.sleep(SECONDS)
            yield done

    slow = Bench(fakes.small_world, take_long, tables.tabulate_all, "0" * 64)
    monkeypatch.setattr(england, "england_bench", lambda: slow)
    told = run(tmp_path / "out", "--dry-run", "--pilot", "--json").json
    assert run(tmp_path / "out").code == 0

    rest = sum(made["timing"]["wall_s"] for made in stored(tmp_path / "out") if made["labels"]["point"] > 1)
    rest += sum(
        made["timing"]["wall_s"]
        for made in stored(tmp_path / "out")
        if (made["labels"]["point"], made["seed"]["replicate"]) == (1, 1)
    )
    assert told["seconds"] >= SECONDS * told["new"]
    assert told["seconds_low"] <= rest <= told["seconds_high"]


def test_a_pilot_without_a_dry_run_is_no_command(tmp_path: Path) -> None:
    ended = run(tmp_path / "out", "--pilot")

    assert ended.code == USAGE
    assert "--pilot belongs to --dry-run" in ended.err
    assert not (tmp_path / "out").exists()


def test_a_pilot_that_fails_is_told_with_its_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(specs: Any, world: Any) -> Any:
        raise ZeroDivisionError("nobody is there")

    monkeypatch.setattr(england, "england_bench", lambda: Bench(fakes.small_world, fail, tables.tabulate_all, "0" * 64))
    ended = run(tmp_path / "out", "--dry-run", "--pilot")

    assert ended.code == 5
    assert "the pilot failed" in ended.err
    assert "nobody is there" in ended.err
    assert "failed/" in ended.err


def test_a_study_that_is_there_already_needs_no_pilot(tmp_path: Path) -> None:
    run(tmp_path / "out")
    ended = run(tmp_path / "out", "--dry-run", "--pilot")

    assert ended.code == 0
    assert "Nothing was written." in ended.out


def test_one_replicate_is_warned_of(tmp_path: Path) -> None:
    one = (*SETS[:-1], "replicates=1")

    assert "one replicate: no interval and no verdict" in run(tmp_path / "out", "--dry-run", sets=one).out
    assert run(tmp_path / "out", "--dry-run", "--json", sets=one).json["warnings"]
    assert run(tmp_path / "out", "--dry-run", "--json").json["warnings"] == []


@pytest.mark.parametrize(
    "design",
    [
        "{method: lhs, samples: 6}",
        "{method: morris, trajectories: 2}",
        "one_at_a_time",
        "{method: saltelli, samples: 2}",
    ],
)
def test_a_sampled_study_is_run_told_and_drawn_again(tmp_path: Path, design: str) -> None:
    out = tmp_path / "out"
    ended = run(out, sets=(*SETS[:2], f"design={design}", "replicates=2"))
    drawn = sim("figures", str(out))

    assert (ended.code, ended.err) == (0, "")
    assert "Simulated, not observed" in ended.out
    assert (out / "sweep.csv").stat().st_size > 0
    assert drawn.code == 0, drawn.err
    figures = {"one_at_a_time": {"F11"}, "{method: lhs, samples: 6}": {"F17"}}.get(design, set())
    assert ("nothing to draw" in drawn.out) != bool(figures)
    assert {path.stem for path in (out / "figures").glob("*.png")} == figures
