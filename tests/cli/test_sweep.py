"""A sweep from the shipped file to its tables, on the real England at its smallest."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Ended, sim

WEIGHT, YEAR_END = "referral.travel_weight_per_hour", "levers.year_end"
SMALL = ("services=[sarcoma]", "replicates=1", "twin_sets=1", f"vary.{WEIGHT}=[1, 3]")


def sweep(out: Path, *more: str, options: tuple[str, ...] = ("--quiet",)) -> Ended:
    sets = [word for text in (*SMALL, *more) for word in ("--set", text)]
    return sim("run", "sweep_travel", *sets, "--workers", "1", "--out", str(out), *options)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended]:
    out = tmp_path_factory.mktemp("sweep") / "out"
    return out, sweep(out)


def test_a_sweep_is_run_and_told(made: tuple[Path, Ended]) -> None:
    out, ended = made

    assert (ended.code, ended.err) == (0, "")
    assert f"Varied: {YEAR_END} (one of the words listed): carry, bail_out" in ended.out
    assert "Simulated, not observed" in ended.out
    assert str(out / "sweep.csv") in ended.out
    assert (out / "sweep.txt").read_text(encoding="utf-8").startswith("Varied: ")
    assert (out / "sweep_lines.csv").stat().st_size > 0


def test_the_tidy_table_has_every_point_and_regime(made: tuple[Path, Ended]) -> None:
    rows = rows_of(made[0] / "sweep.csv")

    assert {(row["point"], row[WEIGHT], row[YEAR_END]) for row in rows} == {
        ("1", "1.0", "carry"),
        ("2", "1.0", "bail_out"),
        ("3", "3.0", "carry"),
        ("4", "3.0", "bail_out"),
    }
    assert {row["regime"] for row in rows} == {"national_2013", "scg_2006", "equal_access"}


def test_a_run_that_no_lever_reaches_is_made_once_and_serves_both_points(made: tuple[Path, Ended]) -> None:
    rows = [row for row in rows_of(made[0] / "runs.csv") if row["regime"] == "equal_access"]

    keys = {(row[WEIGHT], row["key"]) for row in rows}
    assert len(rows) == 4
    assert len(keys) == 2


def test_travel_that_deters_more_changes_what_is_travelled(made: tuple[Path, Ended]) -> None:
    travel = {
        row[WEIGHT]: float(row["mean"])
        for row in rows_of(made[0] / "sweep.csv")
        if (row["measure"], row["regime"], row[YEAR_END]) == ("travel_minutes_mean", "national_2013", "carry")
    }

    assert travel["3.0"] < travel["1.0"]


def test_a_further_value_makes_only_what_is_missing(made: tuple[Path, Ended], tmp_path: Path) -> None:
    answer: dict[str, Any] = json.loads(sweep(made[0], f"vary.{WEIGHT}=[1, 3, 5]", options=("--dry-run", "--json")).out)

    assert (answer["points"], answer["runs"], answer["in_store"], answer["new"]) == (6, 15, 10, 5)


def test_a_dry_run_tells_points_runs_and_price(tmp_path: Path) -> None:
    ended = sweep(tmp_path / "out", options=("--dry-run",))

    assert "4 points x 3 regimes x 1 replicate = 12 runs" in ended.out
    assert "the same as another    2" in ended.out
    assert "to be made             10" in ended.out
    assert not (tmp_path / "out").exists()


def test_what_a_sweep_leaves_can_be_run_again_and_nothing_is_made_twice(made: tuple[Path, Ended]) -> None:
    again = sim("run", str(made[0] / "study.yaml"), "--out", str(made[0]), "--dry-run", "--json").json

    assert (again["new"], again["in_store"]) == (0, 10)
