"""A study that stops when a difference is known well enough, from the command's body to its exit code."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.cli.figures import redraw
from sim.cli.run import run_study
from sim.measures.outcomes import OUTCOMES
from sim.report.figures import Drawn
from sim.settings.problem import ConfigError
from sim.study import england
from sim.study.bench import Bench
from sim.study.table import COLUMNS
from tests.cli.command import sim
from tests.study import fakes

CONTRAST = "contrast: national_2013 - scg_2006"
RULE = f"half_width: 0.015, of: access_from_diagnosis, {CONTRAST}"
FIRST = "replicates=4"
NARROW_AT = 14


def luck(spec: Any) -> float:
    """Return luck that the regimes of a replicate share, and beside it a little of their own."""
    own = np.random.default_rng([spec.seed, spec.replicate, len(spec.scenario_id)]).normal(0.0, 0.006)
    return float(np.random.default_rng([spec.seed, spec.replicate]).normal(0.6, 0.05) + own)


def tabulate(result: Any, world: Any) -> Any:
    """Tabulate access of every patient alike and the cost, which carry the luck of the run, and the lottery's twins."""
    share = result.reached[0, 0, 0, 0, 0] / 1e6
    told = {("access_from_diagnosis", name): share for name in ("all_patients", "all_services")}
    told |= {("cost_total_gbp", "all"): 1e9 * share, ("twin_discordance", "all_services"): 0.1}
    rows = [
        (measure, "nation", "England", name, "all", np.nan, np.nan, value, OUTCOMES[measure].unit)
        for (measure, name), value in told.items()
    ]
    return {name: list(column) for name, column in zip(COLUMNS, zip(*rows, strict=True), strict=True)}


def simulate(specs: Any, world: Any) -> Any:
    for spec in specs:
        result = fakes.result(spec)
        result.people[0, 0, 0, 0, 0] = 10**6
        result.reached[0, 0, 0, 0, 0] = round(1e6 * luck(spec))
        yield spec, result


@pytest.fixture(autouse=True)
def fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, simulate)


def use(monkeypatch: pytest.MonkeyPatch, model: Any, drawn: bool = False) -> None:
    monkeypatch.setattr("sim.study.bench.checked_invariants", lambda result: [])
    monkeypatch.setattr(england, "england_bench", lambda: Bench(fakes.small_world, model, tabulate, "0" * 64))
    monkeypatch.setattr("sim.study.make.compiled", lambda: True)
    monkeypatch.setattr("sim.report.publish.draw_figures", lambda *given: Drawn([], []))
    if not drawn:
        monkeypatch.setattr("sim.report.stopping.draw_convergence", lambda *given: [])


def run(out: Path, *more: str, rule: str = RULE, **options: Any) -> int:
    given: dict[str, Any] = {"workers": "1", "dry_run": False, "as_json": False, "quiet": True} | options
    overrides = [FIRST, f"until={{{rule}}}", *more]
    return run_study("regional_2013", overrides=overrides, out=str(out), **given)


def answer(out: Path, capsys: pytest.CaptureFixture[str], *more: str, **options: Any) -> Any:
    assert run(out, *more, as_json=True, **options) == 0
    return json.loads(capsys.readouterr().out)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_replicates_are_added_until_the_interval_is_narrow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(tmp_path, capsys)

    looks = rows_of(tmp_path / "stopping.csv")
    assert [int(row["replicates"]) for row in looks] == [4, 6, 9, NARROW_AT]
    assert [row["narrow"] for row in looks] == ["False"] * 3 + ["True"]
    assert told["runs"] == 3 * NARROW_AT
    assert told["stopping"][0]["narrow"]
    assert told["stopping"][0]["half_width"] <= 0.015


def test_the_page_tells_how_it_stopped_and_shows_the_arithmetic(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path) == 0

    words = " ".join(capsys.readouterr().out.split())
    assert re.search(rf"percentage points; half-width 1\.[0-5] after {NARROW_AT} replicates, 1\.5 asked for", words)
    assert "It was looked at 4 times (of 11 at most)" in words
    assert "independent replication, looked at likewise, 2." in words
    assert f"made here {2 * NARROW_AT} runs of the two" in words
    assert "Pairing and stopping saved" in words
    assert str(tmp_path / "stopping.csv") in words
    assert "It was looked at 4 times" in " ".join((tmp_path / "comparison.txt").read_text(encoding="utf-8").split())


def test_the_table_has_the_interval_of_the_look(tmp_path: Path) -> None:
    run(tmp_path)

    [row] = [
        row
        for row in rows_of(tmp_path / "comparison.csv")
        if (row["measure"], row["service"], row["regime"]) == ("access_from_diagnosis", "all_patients", "scg_2006")
    ]
    last = rows_of(tmp_path / "stopping.csv")[-1]
    assert float(row["difference_low"]) == pytest.approx(-float(last["difference_high"]))
    assert float(row["difference_high"]) == pytest.approx(-float(last["difference_low"]))


@pytest.mark.parametrize("at", [1, 4, 5, 9])
def test_a_study_that_was_stopped_ends_at_the_same_count_with_the_same_runs(
    tmp_path: Path, at: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(specs: Any, world: Any) -> Any:
        if specs[0].replicate == at:
            raise KeyboardInterrupt
        yield from simulate(specs, world)

    whole = answer(tmp_path / "whole", capsys)
    use(monkeypatch, stop)
    assert run(tmp_path / "broken") == 130
    assert "Go on with:  sim run regional_2013" in capsys.readouterr().err
    use(monkeypatch, simulate)

    assert answer(tmp_path / "broken", capsys)["digests"] == whole["digests"]
    assert (tmp_path / "broken" / "stopping.csv").read_bytes() == (tmp_path / "whole" / "stopping.csv").read_bytes()


def test_a_second_call_makes_nothing_and_runs_that_lie_beyond_the_stop_are_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = answer(tmp_path, capsys)
    run(tmp_path, rule=RULE.replace("0.015", "0.001") + ", most_replicates: 20")
    capsys.readouterr()
    files = len(list(tmp_path.glob("store/??/*.parquet")))

    assert answer(tmp_path, capsys)["digests"] == first["digests"]
    assert len(list(tmp_path.glob("store/??/*.parquet"))) == files == 3 * 20


def test_it_stops_at_the_most_replicates_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, rule=RULE.replace("0.015", "0.0001") + ", most_replicates: 7") == 0

    words = " ".join(capsys.readouterr().out.split())
    assert "NOT known as well as asked" in words
    assert "stopped at most_replicates = 7" in words
    assert {row["replicate"] for row in rows_of(tmp_path / "runs.csv")} == {str(number) for number in range(7)}


def test_with_several_rules_all_must_be_narrow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = f"[{{{RULE}}}, {{half_width: 8.0e6, of: cost_total_gbp, {CONTRAST}}}]"
    told = answer(tmp_path, capsys, f"until={rules}")

    assert [row["measure"] for row in told["stopping"]] == ["access_from_diagnosis", "cost_total_gbp"]
    assert all(row["narrow"] for row in told["stopping"])
    assert told["runs"] > 3 * NARROW_AT


def test_a_dry_run_says_from_how_many_to_how_many_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "out", dry_run=True) == 0
    words = " ".join(capsys.readouterr().out.split())
    run(tmp_path / "out", dry_run=True, as_json=True)
    told = json.loads(capsys.readouterr().out)

    assert "from 4 to at most 200 replicates, 12 to 600 runs; one looks at 4, 6, 9, 14, 21, 32, …" in words
    assert "is known to 1.5 percentage points either way (95 %)" in words
    assert (told["most_runs"], told["most_replicates"], told["new"]) == (600, 200, 12)
    assert told["until"][0]["of"] == "access_from_diagnosis"
    assert list(tmp_path.iterdir()) == []


def test_check_tells_the_batches_and_finds_what_no_schema_can() -> None:
    fine = sim("check", "regional_2013", "--set", FIRST, "--set", f"until={{{RULE}}}")
    wrong = sim("check", "regional_2013", "--set", f"until={{half_width: 0.015, of: twin_discordence, {CONTRAST}}}")

    assert (fine.code, wrong.code) == (0, 3)
    assert "from 4 to at most 200 replicates" in fine.out
    assert "did you mean `twin_discordance`?" in wrong.err


def test_what_no_run_measures_is_told_after_the_first_batch(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        run(tmp_path, rule=RULE + ", services: highly_specialised")

    assert "it is told for: all_patients, all_services" in str(caught.value)
    assert len(list(tmp_path.glob("store/??/*.parquet"))) == 3 * 4


def test_where_no_pair_finishes_no_further_batch_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(specs: Any, world: Any) -> Any:
        for spec, result in simulate(specs, world):
            if spec.scenario_id == "scg_2006":
                raise ArithmeticError("the books do not balance")
            yield spec, result

    use(monkeypatch, broken)

    assert run(tmp_path) == 5
    assert len(rows_of(tmp_path / "runs.csv")) == 3 * 4


def test_the_study_that_is_left_ends_the_same_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(tmp_path / "first", capsys)

    options: dict[str, Any] = {"workers": "1", "dry_run": False, "as_json": True, "quiet": True}
    left = str(tmp_path / "first" / "study.yaml")
    assert run_study(left, overrides=[], out=str(tmp_path / "again"), **options) == 0

    assert json.loads(capsys.readouterr().out)["digests"] == told["digests"]


def test_all_batches_are_told_of_and_cleaning_spares_them(tmp_path: Path) -> None:
    run(tmp_path)
    stored = sorted((tmp_path / "store").glob("??/*.parquet"))
    command = ("status", "regional_2013", "--out", str(tmp_path), "--set", FIRST, "--set", f"until={{{RULE}}}")

    for told in (sim("status", str(tmp_path), "--json").json, sim(*command, "--json").json):
        assert (told["runs"], told["done"], told["stale"]) == (3 * NARROW_AT, 3 * NARROW_AT, {})
    (tmp_path / "runs.csv").unlink()  # as it is before the last batch has ended
    assert sim(*command, "--clean", "--stale", "--json").json["removed"] == []

    assert sorted((tmp_path / "store").glob("??/*.parquet")) == stored


def test_figures_are_drawn_again_with_the_convergence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.undo()
    use(monkeypatch, simulate, drawn=True)
    run(tmp_path)
    drawn = (tmp_path / "figures" / "F15.csv").read_bytes()
    (tmp_path / "figures" / "F15.csv").unlink()
    capsys.readouterr()

    assert redraw(str(tmp_path), only="", preset="wide", as_json=False) == 0

    assert "F15.png" in capsys.readouterr().out
    assert (tmp_path / "figures" / "F15.csv").read_bytes() == drawn


def test_of_a_sweep_the_worst_point_decides_for_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(tmp_path, capsys, "vary.levers.year_end=[carry, bail_out]")

    assert [row["point"] for row in told["stopping"]] == [1, 2]
    last = rows_of(tmp_path / "stopping.csv")[-1]
    assert told["runs"] == 2 * 3 * int(last["replicates"])
    assert "At the worst of 2 points" in (tmp_path / "sweep.txt").read_text(encoding="utf-8")


def test_each_batch_says_what_is_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, quiet=False)

    err = capsys.readouterr().err
    assert "4 replicates: access_from_diagnosis, national_2013 less scg_2006: half-width " in err
    assert err.count("going on") == 3
    assert err.count("narrow enough") == 1
