"""``sim analyse money`` tells where the money of a study went, from its store alone."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.cli.failure import USAGE
from sim.cli.run import run_study
from sim.measures.headline import run_table
from sim.model.result import RunResult
from sim.study import england
from sim.study.bench import Bench
from sim.study.table import Columns
from tests.cli.command import sim
from tests.measures import synthetic
from tests.study import fakes

WORLD = synthetic.world_of(places=12, areas=4)
STUDY = "regional_2013"


def tabulate(outcome: RunResult, world: Any) -> Columns:
    """Tabulate a made-up run that hangs on the regime's checksum and the replicate alone."""
    made = synthetic.result_of(places=12, seed=outcome.lives_checksum + outcome.replicate)
    return run_table(made, WORLD, 2)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run a study, and sweeps of a lever and of an uncertainty, with a quick model, without figures and comparison."""
    folder = tmp_path_factory.mktemp("money") / "results"
    bench = Bench(fakes.small_world, fakes.simulate, tabulate, "0" * 64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(england, "england_bench", lambda: bench)
        patch.setattr("sim.report.publish.draw_figures", lambda *_: type("Drawn", (), {"paths": [], "empty": []})())
        options: dict[str, Any] = {"workers": "1", "dry_run": False, "as_json": False, "quiet": True}
        run_study(STUDY, overrides=["replicates=3"], out=str(folder / STUDY), **options)
        swept = ["replicates=2", "vary={levers.risk_share: [0, 0.5]}"]
        run_study(STUDY, overrides=swept, out=str(folder / "swept"), **options)
        drawn = ["replicates=2", "vary={budget.plan_share_of_expected: [0.98, 1, 1.02]}"]
        run_study(STUDY, overrides=drawn, out=str(folder / "uncertain"), **options)
    return folder


def told(results: Path, *options: str) -> Any:
    ended = sim("analyse", "money", str(results / STUDY), *options, "--json")
    assert (ended.code, ended.err) == (0, "")
    return ended.json


def test_the_page_tells_lines_plans_and_the_cost_of_a_qaly(results: Path) -> None:
    page = sim("analyse", "money", str(results / STUDY))
    assert page.code == 0, page.err
    for words in (
        "Cost of treatment",
        "Spend beyond plan",
        "cost per QALY",
        "At £20,000 a QALY",
        "perfect information",
    ):
        assert words in page.out


@pytest.mark.parametrize("by", ["payer", "provider", "service", "year"])
def test_each_view_adds_up_to_the_nation(results: Path, by: str) -> None:
    whole = {(row["regime"], row["measure"]): row["numerator"] for row in told(results)["rows"]}
    rows = [row for row in told(results, "--by", by)["rows"] if row["measure"] == "cost_treatment_gbp"]
    if by != "year":
        rows = [row for row in rows if row["period_start"] == "all"]
    if by == "service":
        rows = [row for row in rows if row["service"].startswith("service_")]
    for regime in {row["regime"] for row in rows}:
        parts = sum(row["numerator"] for row in rows if row["regime"] == regime)
        assert parts == pytest.approx(whole[regime, "cost_treatment_gbp"])


def test_a_run_that_is_missing_takes_its_draw_from_all_regimes(results: Path, tmp_path: Path) -> None:
    copy = tmp_path / STUDY
    shutil.copytree(results / STUDY, copy)
    next(copy.glob("store/??/*.parquet")).unlink()

    ended = sim("analyse", "money", str(copy), "--json")

    assert {row["runs"] for row in ended.json["rows"]} == {2}
    assert ended.json["left_out"] >= 1
    assert "left out, so that all regimes and replicates are told over the same points" in ended.err


def test_lines_and_economics_of_an_unfinished_study_rest_on_the_same_draws(results: Path, tmp_path: Path) -> None:
    copy = tmp_path / "uncertain"
    shutil.copytree(results / "uncertain", copy)
    runs = pd.read_csv(copy / "runs.csv")
    last = runs[(runs["point"] == 3) & (runs["replicate"] == runs["replicate"].max())]
    for key in last["key"].iloc[1:]:
        next(copy.glob(f"store/??/{key}.parquet")).unlink()

    ended = sim("analyse", "money", str(copy), "--json")

    found, measure = ended.json["economics"], "cost_commissioners_discounted_gbp"
    costs = {row["regime"]: row["value"] for row in ended.json["rows"] if row["measure"] == measure}
    assert (found["replicates"], found["points"]) == (2, 2)
    assert len(found["increments"]) > 1
    for entry in found["increments"]:
        assert entry["cost"]["mean"] == pytest.approx(costs[entry["regime"]] - costs[found["baseline"]])
    assert ended.json["left_out"] == len(runs) - len(last) + 1 - 4 * len(costs)


def test_what_is_shown_is_what_is_in_the_runs_and_economics_is_paired(results: Path) -> None:
    answer = told(results)
    regimes = list(dict.fromkeys(row["regime"] for row in answer["rows"]))
    found = answer["economics"]
    assert (found["replicates"], found["points"]) == (3, 1)
    assert found["baseline"] == regimes[0]
    costs = {
        row["regime"]: row["value"] for row in answer["rows"] if row["measure"] == "cost_commissioners_discounted_gbp"
    }
    for entry in found["increments"][1:]:
        assert entry["cost"]["mean"] == pytest.approx(costs[entry["regime"]] - costs[regimes[0]])
    shares = np.array([one["share_best"] for one in found["benefits"] if one["threshold"] == 20_000.0])
    assert shares.sum() == pytest.approx(1.0)


def test_benchmarks_are_no_option(results: Path) -> None:
    compared = {entry["regime"] for entry in told(results)["economics"]["increments"]}
    assert "equal_access" not in compared
    assert "equal_access" in {row["regime"] for row in told(results)["rows"]}


def test_some_regimes_can_be_chosen_and_their_order_counts(results: Path) -> None:
    regimes = list(dict.fromkeys(row["regime"] for row in told(results)["rows"] if row["regime"] != "equal_access"))
    turned = told(results, "--regimes", ",".join(reversed(regimes[:2])))
    assert turned["economics"]["baseline"] == regimes[1]
    alone = told(results, "--regimes", regimes[0])
    assert alone["economics"] is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--regimes", "national_2031"), "did you mean `national_2013`?"),
        (("--by", "payr"), "did you mean `payer`?"),
        (("--point", "9"), "from 1 to 1"),
    ],
)
def test_what_does_not_exist_is_answered_with_what_does(results: Path, options: tuple[str, ...], words: str) -> None:
    ended = sim("analyse", "money", str(results / STUDY), *options)
    assert ended.code == USAGE
    assert words in ended.err


def test_a_sweep_of_levers_wants_a_point(results: Path) -> None:
    ended = sim("analyse", "money", str(results / "swept"))
    assert (ended.code, "levers.risk_share" in ended.err, "--point" in ended.err) == (USAGE, True, True)
    assert sim("analyse", "money", str(results / "swept"), "--point", "2").code == 0


def test_a_damaged_run_is_named_and_left_out(results: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(results / STUDY, folder)
    broken = sorted(folder.glob("store/??/*.parquet"))[0]
    broken.write_bytes(b"no parquet")
    ended = sim("analyse", "money", str(folder))
    assert ended.code == 0
    assert broken.stem in ended.err


def test_without_results_it_says_how_to_make_them(tmp_path: Path) -> None:
    ended = sim("analyse", "money", str(tmp_path))
    assert ended.code == USAGE
    assert "sim run" in ended.err
