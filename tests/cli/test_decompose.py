"""``sim analyse decompose`` from its words to its files, with a model whose mechanisms do what a table says."""

import csv
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.analysis.mechanism_groups import GROUPS
from sim.specification.parameters import ParameterSet
from sim.specification.run import RunSpec
from sim.specification.switches import mechanisms
from sim.study import england
from sim.study.bench import Bench
from sim.study.table import COLUMNS, Columns
from tests.cli.command import Ended, sim
from tests.study import fakes, tables

BITS = {entry: place for place, entry in enumerate(key for group in GROUPS for key in group.switches)}
THREE = "policy,money+expertise"
OUTCOMES = {
    ("tau_icb", "all_patients"): (0.3, 0.05),
    ("twin_discordance", "all_services"): (0.1, 0.02),
    ("access_from_diagnosis", "all_services"): (0.8, -0.03),
    ("access_from_diagnosis", "all_patients"): (0.7, -0.02),
    ("cost_total_gbp", "all"): (1.6e10, 1e8),
}
"""Where each outcome stands with everything off, and one step of it."""


def steps(regime: str, replicate: int, on: int) -> float:
    """Policy adds a step under scg_2006, of a size that is luck; panels nothing; all else alike under both."""

    def at_work(key: str) -> int:
        return on >> BITS[key] & 1

    local = regime == "scg_2006"
    return at_work("referral.travel_enabled") + local * at_work("appraisal.enabled") * (1.0 + 0.1 * (replicate % 3))


def simulate(specs: Sequence[RunSpec], world: Any) -> Iterator[tuple[RunSpec, Any]]:
    """Let the checksum carry which mechanisms were at work."""
    for spec in specs:
        on = sum(1 << BITS[entry.key] for entry in mechanisms(spec.parameters) if entry.value)
        yield spec, replace(fakes.result(spec), lives_checksum=on)


def tabulate(result: Any, world: Any) -> Columns:
    table = tables.full_table((result.lives_checksum, result.replicate))
    columns = {name: list(values) for name, values in table.items()}
    for (measure, service), (level, step) in OUTCOMES.items():
        named = zip(columns["measure"], columns["service"], columns["geography"], strict=True)
        row = list(named).index((measure, service, "nation"))
        columns["value"][row] = level + step * steps(result.regime_id, result.replicate, result.lives_checksum)
    return {name: columns[name] for name in COLUMNS}


@pytest.fixture(autouse=True)
def obedient_model(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, simulate)


def use(monkeypatch: pytest.MonkeyPatch, model: Any) -> None:
    monkeypatch.setattr(england, "england_bench", lambda: Bench(fakes.small_world, model, tabulate, "0" * 64))


def decompose(out: Path, *more: str, groups: str = THREE, replicates: int = 3) -> Ended:
    options = ["--groups", groups] if groups else []
    words = ("--replicates", str(replicates), "--workers", "1", "--quiet", "--out", str(out))
    return sim("analyse", "decompose", "regional_2013", *options, *words, *more)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stored(out: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in out.glob("store/??/*")}


def test_everything_is_written_and_told_the_message_first(tmp_path: Path) -> None:
    ended = decompose(tmp_path)

    assert (ended.code, ended.err) == (0, "")
    for name in ("decomposition.csv", "decomposition.md", "decomposition_runs.csv", "figures/F14.png"):
        assert (tmp_path / name).stat().st_size > 0
        assert str(tmp_path / name) in ended.out
    text = " ".join(ended.out.split())
    assert text.startswith("- Spread between ICBs, τ: every patient alike: scg_2006 less national_2013 is +0.0")
    assert "“Policy, appraisal and diffusion” raises it: +0.055" in text
    assert "Simulated, not observed" in text
    assert "Off is a counterfactual benchmark, not a proposal" in text


def test_the_shares_are_those_of_the_model_and_sum_to_the_whole(tmp_path: Path) -> None:
    decompose(tmp_path)
    rows = rows_of(tmp_path / "decomposition.csv")

    tau = {row["part"]: row for row in rows if row["measure"] == "tau_icb" and row["baseline"] and row["regime"]}
    assert float(tau["policy"]["mean"]) == pytest.approx(0.05 * 1.1)  # luck of 1.0, 1.1 and 1.2
    assert float(tau["policy"]["low"]) > 0.0
    assert (tau["money+expertise"]["mean"], tau["money+expertise"]["verdict"]) == ("0.0", "no effect")
    assert (tau["rest"]["mean"], tau["rest"]["verdict"]) == ("0.0", "no effect")  # travel acts alike under both
    level = {row["part"]: row for row in rows if row["measure"] == "cost_total_gbp" and row["regime"] == "scg_2006"}
    total = sum(float(level[part]["mean"]) for part in ("policy", "money+expertise", "rest"))
    assert total == pytest.approx(float(level["at_work"]["mean"]) - float(level["off"]["mean"]), rel=1e-9)


def test_runs_are_two_regimes_in_every_subset_and_the_benchmark_has_none(tmp_path: Path) -> None:
    decompose(tmp_path)
    rows = rows_of(tmp_path / "decomposition_runs.csv")

    assert len(rows) == 8 * 2 * 3
    assert {row["regime"] for row in rows} == {"national_2013", "scg_2006"}
    assert {row["at_work"] for row in rows} >= {"", "policy", "policy+money+expertise+rest"}
    assert {row["status"] for row in rows} == {"done"}
    off = next(row for row in rows if row["at_work"] == "")
    assert float(off["tau_icb, all_patients"]) == pytest.approx(0.3)


def test_a_second_call_makes_nothing_and_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, there = decompose(tmp_path), stored(tmp_path)

    def never(specs: Any, world: Any) -> Any:
        raise AssertionError("nothing is left to be made")

    use(monkeypatch, never)
    again = decompose(tmp_path)
    assert (again.code, again.out) == (0, first.out)
    assert stored(tmp_path) == there


@pytest.mark.slow
def test_the_runs_of_the_study_itself_serve_and_more_replicates_add_only_themselves(tmp_path: Path) -> None:
    sim("run", "regional_2013", "--set", "replicates=2", "--workers", "1", "--quiet", "--out", str(tmp_path))

    answer = decompose(tmp_path, "--dry-run", "--json", replicates=2).json
    assert (answer["runs"], answer["in_store"], answer["new"]) == (32, 4, 28)
    decompose(tmp_path, replicates=2)
    answer = decompose(tmp_path, "--dry-run", "--json", replicates=3).json
    assert (answer["in_store"], answer["new"]) == (32, 16)


def test_coarser_groups_use_the_runs_of_finer_ones(tmp_path: Path) -> None:
    decompose(tmp_path)

    answer = decompose(tmp_path, "--dry-run", "--json", groups="policy").json
    assert answer["new"] == 0


def test_a_dry_run_writes_nothing_and_names_the_price(tmp_path: Path) -> None:
    ended = decompose(tmp_path / "out", "--dry-run", groups="")

    assert "varied" not in ended.out  # a line for each of two dozen switches says less than the first line does
    assert "8 groups of mechanisms, 256 subsets x 2 regimes x 3 replicates = 1,536 runs" in ended.out
    assert "to be made             1536" in ended.out
    assert f"sim analyse decompose regional_2013 --replicates 3 --out {tmp_path / 'out'}" in ended.out
    assert list(tmp_path.iterdir()) == []


def test_many_groups_are_sampled(tmp_path: Path) -> None:
    ended = decompose(tmp_path, "--permutations", "2", "--only", "variation", groups="each", replicates=2)

    assert (ended.code, ended.err) == (0, "")
    shares = {row["part"]: row for row in rows_of(tmp_path / "decomposition.csv") if row["baseline"]}
    # Mechanisms that act alone have the same share in every order; the luck of two replicates is 1.0 and 1.1.
    assert float(shares["appraisal.enabled"]["mean"]) == pytest.approx(0.05 * 1.05)
    assert shares["panels.enabled"]["verdict"] == "no effect"
    assert "averaged over 2 random orders a replicate" in " ".join(ended.out.split())


def test_only_what_is_asked_for_is_told(tmp_path: Path) -> None:
    decompose(tmp_path, "--only", "cost,access")

    measures = [row["measure"] for row in rows_of(tmp_path / "decomposition.csv")]
    assert list(dict.fromkeys(measures)) == ["access_from_diagnosis", "cost_total_gbp"]


def test_json_is_one_object_and_the_text_goes_elsewhere(tmp_path: Path) -> None:
    ended = decompose(tmp_path, "--json", "--only", "variation")

    answer = ended.json
    assert (answer["ok"], answer["exit_code"], answer["study"], answer["runs"]) == (True, 0, "regional_2013", 48)
    assert [*answer["groups"]] == ["policy", "money+expertise", "rest"]
    assert len(answer["shares"]) == 3 * 6
    assert answer["message"][0].startswith("Spread between ICBs")
    assert "Simulated, not observed" in ended.err


def test_a_failed_run_costs_its_replicate_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaking(specs: Any, world: Any) -> Any:
        for spec, result in simulate(specs, world):
            if spec.scenario_id == "scg_2006" and spec.replicate == 1 and not result.lives_checksum:
                raise ArithmeticError("the books do not balance")
            yield spec, result

    use(monkeypatch, breaking)
    ended = decompose(tmp_path, replicates=4)

    assert ended.code == 4
    assert "1 of 64 runs failed" in ended.out
    assert "1 of them lack a run" in " ".join(ended.out.split())
    assert "Try them again with:  sim analyse decompose regional_2013 --groups policy,money+expertise" in ended.out
    rows = [row for row in rows_of(tmp_path / "decomposition.csv") if row["baseline"]]
    assert {(row["replicates"], row["dropped"]) for row in rows} == {("3", "1")}


def test_without_a_whole_replicate_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def empty(specs: Any, world: Any) -> Any:
        for spec, result in simulate(specs, world):
            if not result.lives_checksum:
                raise ArithmeticError("nobody is there")
            yield spec, result

    use(monkeypatch, empty)
    ended = decompose(tmp_path)

    assert ended.code == 5
    assert "There is nothing to tell" in ended.out
    assert not (tmp_path / "decomposition.csv").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--groups", "moni"), "did you mean `money`"),
        (("--groups", "money,pooling"), "pooling.enabled would be in two groups"),
        (("--only", "costs"), "did you mean `cost`"),
        (("--workers", "several"), "--workers wants"),
        (("--set", "vary.travel.detour_factor=[1.2, 1.3]"), "varies travel.detour_factor"),
        (("--permutations", "1"), "--permutations"),
    ],
)
def test_wrong_use_is_refused_before_anything_is_written(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    ended = sim("analyse", "decompose", "regional_2013", "--out", str(tmp_path / "out"), *words)

    assert ended.code == 2
    assert said in ended.err
    assert list(tmp_path.iterdir()) == []


def test_help_offers_what_it_promises() -> None:
    text = sim("analyse", "decompose", "--help").out

    options = ("--groups", "--only", "--replicates", "--dry-run", "--workers", "--out", "--set", "--json", "--quiet")
    assert [option for option in options if option not in text] == []


WHY = Path(__file__).resolve().parents[2] / "docs" / "why.md"
COMMANDS = re.findall(r"^    (sim .+?)(?: +#.*)?$", WHY.read_text(encoding="utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_page_works_as_it_stands(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = [*shlex.split(command)[1:], *(["--dry-run"] if "--dry-run" not in command else [])]

    ended = sim(*words)
    assert (ended.code, ended.err) == (0, "")
    assert "Nothing was written" in ended.out


def test_the_page_sorts_the_mechanisms_as_the_groups_do() -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", WHY.read_text(encoding="utf-8"), flags=re.MULTILINE)
    numbers = {entry.key: entry.facts.mechanism for entry in mechanisms(ParameterSet())}
    known = {group.id: sorted({numbers[key] or 0 for key in group.switches}) for group in GROUPS}

    assert {name: [int(n) for n in re.findall(r"\d+", text)] for name, text in rows} == {
        name: [number for number in found if number] for name, found in known.items()
    }
