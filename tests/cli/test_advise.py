"""``sim analyse advise`` from its words to its files, with a model in which moves do what a table says."""

import csv
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.analysis.adviser import everything_id
from sim.measures.outcomes import outcome
from sim.specification.run import RunSpec, Scenario
from sim.study import england
from sim.study.bench import Bench
from sim.study.table import COLUMNS, Columns
from tests.analysis.advised import LEVELS, Country, levels_of
from tests.cli.command import Ended, sim
from tests.study import fakes

SERVICES = ("pnh", "renal_dialysis", "sarcoma")
COUNTRY = Country(
    {
        ("renal_dialysis", "icb_2022"): {"access": 30.0, "cost": -3.0},
        ("pnh", "icb_2022"): {"access": -20.0},
        ("pnh", "nhs_region_2022"): {"health": -15.0},
    },
    luck=0.1,
    elsewhere={"sarcoma": -40.0},
)


def simulate(specs: Sequence[RunSpec], world: Any) -> Iterator[tuple[RunSpec, Any]]:
    """Let the checksum carry where each service stands, as digits to the base of the number of levels."""
    for spec in specs:
        where = levels_of(Scenario("", "", spec.timeline), spec.services)
        code = sum(LEVELS.index(level) * len(LEVELS) ** n for n, level in enumerate(where.values()))
        yield spec, replace(fakes.result(spec), lives_checksum=code)


def tabulate(result: Any, world: Any) -> Columns:
    digits = [result.lives_checksum // len(LEVELS) ** n % len(LEVELS) for n in range(len(SERVICES))]
    where = dict(zip(SERVICES, (LEVELS[digit] for digit in digits), strict=True))
    rows = [
        (measure, "nation", "England", service, "all", np.nan, np.nan, value, outcome(measure).unit)
        for (measure, service), value in COUNTRY.rows(where, (result.replicate, 1)).items()
    ]
    return {name: list(column) for name, column in zip(COLUMNS, zip(*rows, strict=True), strict=True)}


@pytest.fixture(autouse=True)
def obedient_model(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, simulate)


def leave_unseen(monkeypatch: pytest.MonkeyPatch, *unseen: tuple[str, str]) -> None:
    """Let outcomes of services be measured in no run."""
    monkeypatch.setattr(sys.modules[__name__], "COUNTRY", replace(COUNTRY, unseen=frozenset(unseen)))


def use(monkeypatch: pytest.MonkeyPatch, model: Any) -> None:
    monkeypatch.setattr(england, "england_bench", lambda: Bench(fakes.small_world, model, tabulate, "0" * 64))


def advise(out: Path, *more: str, replicates: int = 6) -> Ended:
    words = ("--replicates", str(replicates), "--workers", "1", "--quiet", "--out", str(out))
    return sim("analyse", "advise", "demo", "--set", f"services=[{','.join(SERVICES)}]", *words, *more)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stored(out: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in out.glob("store/??/*")}


def test_verdicts_come_first_with_the_case_for_and_against_in_words(tmp_path: Path) -> None:
    ended = advise(tmp_path)

    assert (ended.code, ended.err) == (0, "")
    text = " ".join(ended.out.split())
    assert "3 services, each at the national body; 7 NHS regions (2022); 42 integrated care boards (2022)" in text
    assert re.search(r"renal_dialysis delegate: icb_2022 \+2\d\.\d+ \[", text)
    assert re.search(r"for icb_2022: (29|30)\.\d+ \[\S+, \S+\] points more treated in time", text)
    assert re.search(r"against icb_2022: £1\.\d+m \[\S+, \S+\] a year dearer", text)
    assert "pnh keep national" in text
    assert "sarcoma toss-up" in text
    assert "icb_2022 is ruled out: the other services are surely worse off" in text[text.index("sarcoma toss-up") :]
    assert text.count("is ruled out") == 2  # sarcoma at both levels, and nothing else
    assert "elsewhere 40" in text  # QALYs that others lose
    assert text.index("renal_dialysis") < text.index("sarcoma toss-up") < text.index("pnh keep national")
    assert "Simulated, not observed" in text


def test_every_table_is_written_whole(tmp_path: Path) -> None:
    ended = advise(tmp_path)

    ends = ("", "_options", "_effects", "_assignments", "_levels", "_factors", "_populations", "_runs")
    for end in ends:
        assert str(tmp_path / f"advice{end}.csv") in ended.out
        assert rows_of(tmp_path / f"advice{end}.csv")
    assert (tmp_path / "advice.txt").read_text(encoding="utf-8").startswith("demo: 3 services")
    assert list(tmp_path.rglob("*.partial")) == []
    verdicts = {row["service"]: row["verdict"] for row in rows_of(tmp_path / "advice.csv")}
    assert verdicts == {"renal_dialysis": "move", "sarcoma": "toss-up", "pnh": "keep"}
    effects = {
        (row["service"], row["level"], row["outcome"], row["scope"]): row
        for row in rows_of(tmp_path / "advice_effects.csv")
    }
    assert len(effects) == 3 * 2 * 4 * 3
    assert float(effects["sarcoma", "icb_2022", "health", "elsewhere"]["difference"]) == pytest.approx(-40.0)
    assert float(effects["pnh", "icb_2022", "access", "own"]["difference"]) == pytest.approx(-0.2, abs=0.01)


def test_the_real_list_and_the_rule_are_set_against_the_choice(tmp_path: Path) -> None:
    ended = advise(tmp_path)

    rows = {(row["assignment"], row["outcome"]): row for row in rows_of(tmp_path / "advice_assignments.csv")}
    names = {name for name, _ in rows}
    assert {everything_id(level) for level in LEVELS} | {"verdicts", "four_factors", "real_list"} <= names
    levels = {(row["assignment"], row["service"]): row["level"] for row in rows_of(tmp_path / "advice_levels.csv")}
    assert [levels["real_list", service] for service in SERVICES] == ["nation", "icb_2022", "icb_2022"]
    assert float(rows["real_list", "health"]["effect"]) == pytest.approx(-40.0, abs=2.0)
    assert float(rows["real_list", "health"]["error"]) == pytest.approx(0.0, abs=1e-6)
    assert "What real_list forgoes against" in ended.out
    lead = re.search(r"Worth most at the weights given: (\S+), \+(\S+) \[", " ".join(ended.out.split()))
    assert lead is not None
    assert levels[lead[1], "renal_dialysis"] == "icb_2022"
    assert float(lead[2]) == pytest.approx(30 / 3 - 0.15, abs=1.0)
    factors = {row["service"]: row for row in rows_of(tmp_path / "advice_factors.csv")}
    assert factors["renal_dialysis"]["list"] == "agrees"
    assert (factors["pnh"]["on_the_list"], factors["pnh"]["list"], factors["sarcoma"]["list"]) == (
        "False",
        "agrees",
        "open",
    )


def test_a_second_call_makes_nothing_and_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, there = advise(tmp_path), stored(tmp_path)

    def never(specs: Any, world: Any) -> Any:
        raise AssertionError("nothing is left to be made")

    use(monkeypatch, never)
    again = advise(tmp_path)
    assert (again.code, again.out) == (0, first.out)
    assert stored(tmp_path) == there


def test_a_dry_run_names_the_runs_and_writes_nothing(tmp_path: Path) -> None:
    ended = advise(tmp_path / "out", "--dry-run")

    assert "3 levels whole + 3 services x 2 moves = 9 regimes x 6 replicates = 54 runs" in ended.out
    assert "then up to 54 of whole assignments" in ended.out
    assert list(tmp_path.iterdir()) == []
    answer = advise(tmp_path / "out", "--dry-run", "--json").json
    assert (answer["new"], answer["runs_after"], answer["levels"]) == (54, 54, list(LEVELS))


def test_other_levels_weights_and_terms_are_heard(tmp_path: Path) -> None:
    more = ("--levels", "icb_2022,nation", "--weights", "health=1", "--tolerance", "0.1", "--loss", "0.5")
    ended = advise(tmp_path, *more)

    text = " ".join(ended.out.split())
    assert "health=1" in text
    assert "a year's cost varies by at most 10 %" in text
    assert "at a risk at most 50 % above the present one" in text
    assert {row["verdict"] for row in rows_of(tmp_path / "advice.csv")} == {"toss-up"}  # health hangs on no level here
    populations = {row["service"]: row for row in rows_of(tmp_path / "advice_populations.csv")}
    assert float(populations["pnh"]["tolerance_cv"]) == 0.1


def test_json_is_one_object_and_the_text_goes_elsewhere(tmp_path: Path) -> None:
    ended = advise(tmp_path, "--json")

    answer = ended.json
    assert (answer["ok"], answer["exit_code"], answer["study"]) == (True, 0, "demo")
    assert [row["service"] for row in answer["verdicts"]] == ["renal_dialysis", "sarcoma", "pnh"]
    assert answer["choice"] in {row["assignment"] for row in answer["assignments"]}
    assert len(answer["effects"]) == 72
    assert "Simulated, not observed" in ended.err


def test_at_several_points_regret_is_told(tmp_path: Path) -> None:
    ended = advise(tmp_path, "--set", "vary.travel.detour_factor=[1.2, 1.3]", replicates=3)

    assert ended.code == 0
    assert "over the points, steps: nation best at 0 %" in ended.out  # dialysis
    points = {row["point"] for row in rows_of(tmp_path / "advice_effects.csv")}
    assert points == {"all", "1", "2"}


def test_a_failed_run_costs_its_replicate_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaking(specs: Any, world: Any) -> Any:
        for spec, result in simulate(specs, world):
            if spec.scenario_id == "pnh_at_icb_2022" and spec.replicate == 1:
                raise ArithmeticError("the books do not balance")
            yield spec, result

    use(monkeypatch, breaking)
    ended = advise(tmp_path)

    assert ended.code == 4
    assert "pnh_at_icb_2022, replicate 1" in ended.out
    assert "Try them again with:  sim analyse advise demo" in ended.out
    effects = [row for row in rows_of(tmp_path / "advice_effects.csv") if row["service"] == "pnh"]
    assert {row["replicates"] for row in effects if row["level"] == "icb_2022"} == {"5"}


def test_a_service_that_is_not_measured_has_no_verdict_and_the_rest_is_told_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_unseen(monkeypatch, ("renal_dialysis", "discordance"))
    ended = advise(tmp_path)

    assert (ended.code, ended.err) == (0, "")
    text = " ".join(ended.out.split())
    assert "renal_dialysis no verdict not measured" in text
    assert "not measured: discordance (nhs_region_2022, icb_2022)" in text
    assert re.search(r"for icb_2022: (29|30)\.\d+ \[", text)  # what is measured is told still
    assert "No verdict where an outcome that weighs something is not measured" in text
    assert "everything_at_icb_2022: not judged (not measured: discordance of renal_dialysis" in text
    assert "In the assignments of the rule and the list renal_dialysis stay at nation" in text
    verdicts = {row["service"]: row for row in rows_of(tmp_path / "advice.csv")}
    assert list(verdicts) == ["sarcoma", "pnh", "renal_dialysis"]
    assert verdicts["renal_dialysis"]["verdict"] == "no verdict"
    assert (verdicts["renal_dialysis"]["score"], verdicts["renal_dialysis"]["share_of_weightings"]) == ("", "")
    factors = {row["service"]: row for row in rows_of(tmp_path / "advice_factors.csv")}
    assert (factors["renal_dialysis"]["list"], factors["renal_dialysis"]["rule"]) == ("not told", "not told")
    rows = {(row["assignment"], row["outcome"]): row for row in rows_of(tmp_path / "advice_assignments.csv")}
    assert rows["everything_at_icb_2022", "discordance"]["regret"] == ""
    assert rows["everything_at_icb_2022", "discordance"]["not_measured_in"] == "renal_dialysis"
    assert "verdicts" not in {name for name, _ in rows}
    answer = advise(tmp_path, "--json").json
    assert [row["score"] for row in answer["verdicts"]][-1] is None
    assert any("No verdict where" in line for line in answer["message"])


def test_where_nothing_that_weighs_is_measured_nothing_is_best(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_unseen(monkeypatch, *((service, "discordance") for service in SERVICES))
    ended = advise(tmp_path, "--weights", "discordance=1")

    text = " ".join(ended.out.split())
    assert (ended.code, ended.err) == (0, "")
    assert "Nothing can be told at the weights given" in text
    assert "Worth most" not in text
    assert {row["verdict"] for row in rows_of(tmp_path / "advice.csv")} == {"no verdict"}
    assert {row["regret_in_steps"] for row in rows_of(tmp_path / "advice_assignments.csv")} == {""}
    assert advise(tmp_path, "--weights", "discordance=1", "--json").json["choice"] is None


def test_of_two_services_the_rule_picks_none(tmp_path: Path) -> None:
    ended = advise(tmp_path, "--set", "services=[pnh, sarcoma]")

    assert ended.code == 0
    assert "Of fewer than 3 services the rule picks none" in " ".join(ended.out.split())
    assert {row["rule_picks"] for row in rows_of(tmp_path / "advice_factors.csv")} == {""}
    levels = {row["level"] for row in rows_of(tmp_path / "advice_levels.csv") if row["assignment"] == "four_factors"}
    assert levels == {"nation"}


def test_a_verdict_without_what_is_not_measured_is_one_option_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_unseen(monkeypatch, ("renal_dialysis", "discordance"))
    ended = advise(tmp_path, "--weights", "access=1,health=1,cost=1")

    text = " ".join(ended.out.split())
    assert "renal_dialysis delegate: icb_2022" in text
    assert "not measured in icb_2022: discordance" in text
    assert "verdicts: not judged (not measured: discordance of renal_dialysis" in text


def test_how_assignments_fare_over_points_is_told(tmp_path: Path) -> None:
    ended = advise(tmp_path, "--set", "vary.travel.detour_factor=[1.2, 1.3]", replicates=3)

    assert "over the points, steps: best at 100 %, regret 0.0 (at worst 0.0)" in ended.out
    shares = {row["assignment"]: row["share_best"] for row in rows_of(tmp_path / "advice_assignments.csv")}
    assert float(shares["everything_at_nation"]) == 0.0


def test_without_the_reference_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def empty(specs: Any, world: Any) -> Any:
        for spec, result in simulate(specs, world):
            if spec.scenario_id == everything_id("nation"):
                raise ArithmeticError("nobody is there")
            yield spec, result

    use(monkeypatch, empty)
    ended = advise(tmp_path)

    assert ended.code == 5
    assert "There is nothing to tell" in ended.out
    assert not (tmp_path / "advice.csv").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--levels", "nation,region_2022"), "did you mean `nhs_region_2022`"),
        (("--levels", "nation"), "at least two different levels"),
        (("--weights", "acces=1"), "did you mean `access`"),
        (("--weights", "access=much"), "wants a number for access"),
        (("--weights", "access=-1"), "numbers from 0 up"),
        (("--weights", "access=0"), "one that is above 0"),
        (("--workers", "several"), "--workers wants"),
        (("--tolerance", "0"), "--tolerance"),
        (("--set", "baseline=equal_access"), "is a benchmark"),
    ],
)
def test_wrong_use_is_refused_before_anything_is_written(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    ended = sim("analyse", "advise", "demo", "--out", str(tmp_path / "out"), *words)

    assert ended.code == 2
    assert said in ended.err
    assert list(tmp_path.iterdir()) == []
