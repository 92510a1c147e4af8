"""``sim run`` with limits, shards and keys: what it says, and what it refuses before any run."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.study import england
from sim.study.bench import Bench
from sim.study.store import Store
from tests.cli.command import Ended, sim
from tests.study import drill, fakes, tables

NINE = ("regional_2013", "--set", "replicates=3", "--workers", "1", "--quiet")


@pytest.fixture(autouse=True)
def fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Bench(fakes.small_world, fakes.simulate, tables.tabulate_all, "0" * 64))
    monkeypatch.setattr("sim.cli.run.load_england", lambda: None)
    monkeypatch.setattr("sim.report.publish.draw_figures", lambda *_: SimpleNamespace(paths=[], empty=[]))


def use(monkeypatch: pytest.MonkeyPatch, bench: Bench) -> None:
    monkeypatch.setattr(england, "england_bench", lambda: bench)


def run(out: Path, *options: str) -> Ended:
    return sim("run", *NINE, "--out", str(out), *options)


def test_shards_say_how_far_all_are_and_the_last_shows_the_table(tmp_path: Path) -> None:
    first, second = run(tmp_path, "--shard", "1/3"), run(tmp_path, "--shard", "2/3", "--json")
    last = run(tmp_path, "--shard", "3/3")

    assert (first.code, second.code, last.code) == (0, 0, 0)
    assert "regional_2013, shard 1 of 3: 3 of 3 runs done" in first.out
    assert "Of all 9 runs of the study 3 are there." in first.out
    assert f"this shows what they say:  sim run regional_2013 --set replicates=3 --out {tmp_path}\n" in first.out
    assert "Simulated, not observed" not in first.out
    answer = second.json
    assert (answer["part"], answer["runs"], answer["done"]) == ("shard 2 of 3", 3, 3)
    assert (answer["runs_of_study"], answer["done_of_study"]) == (9, 6)
    assert "Simulated, not observed" in last.out
    assert (tmp_path / "comparison.csv").exists()


def test_a_dry_run_of_a_shard_counts_its_own_runs(tmp_path: Path) -> None:
    ended, answer = (run(tmp_path / "x", "--shard", "2/3", "--dry-run", *more) for more in ((), ("--json",)))

    assert "shard 2 of 3, 3 runs" in ended.out
    assert "--shard 2/3" in ended.out.splitlines()[-1]
    assert (answer.json["runs"], answer.json["new"]) == (3, 3)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_run_is_named_with_the_command_that_repeats_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, drill.bench())
    forty = [word for value in drill.FORTY for word in ("--set", value)]
    shard = ("--shard", "4/20", "--max-minutes-per-run", "5", "--json")  # the replicate that fails

    answer = sim("run", "regional_2013", *forty, "--workers", "1", "--quiet", "--out", str(tmp_path), *shard).json

    [failed] = answer["failed"]
    assert answer["exit_code"] == 5  # one of the two runs of the shard
    assert failed["error"] == "ArithmeticError: the books do not balance"
    assert json.loads(Path(failed["traceback"]).read_text())["key"] == failed["key"]
    assert failed["command"].endswith(f"--out {tmp_path} --max-minutes-per-run 5 --key {failed['key']}")


def test_a_run_that_is_asked_for_by_its_key_is_the_only_one_made(tmp_path: Path) -> None:
    plan = run(tmp_path / "whole", "--json").json["digests"]
    key = sorted(manifest["key"] for manifest in Store(tmp_path / "whole" / "store").manifests())[4]

    ended = run(tmp_path / "one", "--key", key[:8])
    again = run(tmp_path / "one", "--key", key[:8], "--json")

    assert ended.code == 0
    [digest] = again.json["digests"].values()
    assert digest in plan.values()
    assert f"digest {digest}" in ended.out
    assert "Of all 9 runs of the study 1 are there." in ended.out
    assert again.json["digests"] == fakes.digests(tmp_path / "one" / "store")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--shard", "4/3"), "--shard wants which of how many, from 1/1, such as 3/20; got '4/3'"),
        (("--key", "12345"), "--key wants the first 6 to 16 hexadecimal digits"),
        (("--key", "ffffffffffffffff"), "--key: no run of this study has a key that begins with ffffffffffffffff"),
        (("--key", "123456", "--shard", "1/2"), "--shard and --key cannot be had together"),
        (("--max-hours", "0"), "--max-hours wants a number above 0 and at most 8,784, got 0"),
        (("--max-hours", "nan"), "--max-hours wants a number above 0"),
        (("--max-minutes-per-run", "-1"), "--max-minutes-per-run wants a number above 0 and at most 527,040, got -1"),
        (("--max-minutes-per-run", "inf"), "--max-minutes-per-run wants a number above 0"),
        (("--cluster", "tcp://h:1", "--cluster-file", "f"), "both name a scheduler"),
        (("--cluster", "tcp://h:1"), "--workers is for this machine"),
    ],
)
def test_wrong_use_is_refused_before_anything_is_written(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    ended = run(tmp_path / "out", *options)

    assert ended.code == 2
    assert words in ended.err
    assert not list(tmp_path.glob("out/store/??/*"))


def test_a_cluster_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    ended = sim("run", "regional_2013", "--out", str(tmp_path / "out"), "--cluster-file", str(tmp_path / "none.json"))

    assert (ended.code, ended.out) == (2, "")
    assert "--cluster-file: there is no file" in ended.err
    assert list(tmp_path.iterdir()) == []
