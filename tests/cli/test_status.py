"""``sim status`` says how far a study is and what to do; cleaning never touches what the study names."""

import json
import os
import socket
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from sim.cli import status as command
from sim.cli.failure import USAGE
from sim.specification.run import RunSpec
from sim.study import index
from sim.study.in_hand import this_machine
from sim.study.store import Store
from tests.cli.command import sim
from tests.cli.results import made, rewritten, use
from tests.study import fakes


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    use(monkeypatch)
    made(tmp_path / "results")
    return tmp_path / "results"


PAIR = "compare=[national_2013, area_teams_2012]"


def failing(replicates: Sequence[int], scenario: str = "area_teams_2012") -> Any:
    def simulate(specs: Sequence[RunSpec], world: Any) -> Iterator[Any]:
        for spec in specs:
            if spec.scenario_id == scenario and spec.replicate in replicates:
                raise ZeroDivisionError(f"no people in replicate {spec.replicate}")
            yield from fakes.simulate([spec], world)

    return simulate


def keys(folder: Path) -> list[str]:
    return sorted(path.stem for path in (folder / "store").glob("??/*.parquet"))


def test_a_complete_study_is_complete(folder: Path) -> None:
    ended = sim("status", str(folder))

    assert ended.code == 0
    assert "complete, " in ended.out
    assert "not complete" not in ended.out
    assert sim("status", str(folder), "--json").json["complete"]


def test_a_study_is_looked_at_as_its_file_is_now(folder: Path) -> None:
    answer = sim("status", "regional_2013", "--out", str(folder), "--set", "replicates=3", "--json").json

    assert (answer["exit_code"], answer["complete"]) == (0, False)
    assert answer["done"] == 2 * answer["missing"] > 0
    assert "not complete" in sim("status", "regional_2013", "--out", str(folder), "--set", "replicates=3").out


def test_failures_that_differ_in_numbers_are_one_with_one_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, failing((1, 3)))
    made(tmp_path / "results", ["replicates=12", PAIR])

    ended = sim("status", str(tmp_path / "results"))
    answer = sim("status", str(tmp_path / "results"), "--json").json

    [failure] = answer["failures"]
    assert (failure["error"], failure["message"], failure["runs"]) == (
        "ZeroDivisionError",
        "no people in replicate 1",
        2,
    )
    assert failure["regime"] == "area_teams_2012"
    assert failure["command"].endswith(f"--key {failure['key'][:12]}")
    assert failure["command"].startswith("sim run ")
    assert "2 runs failed by ZeroDivisionError: no people in replicate 1" in ended.out
    assert failure["command"] in ended.out
    assert Path(failure["traceback"]).exists()
    assert (ended.code, answer["exit_code"], answer["ok"]) == (4, 4, False)


def test_many_failures_end_with_5(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, failing((0, 1)))
    made(tmp_path / "results", ["replicates=2", PAIR])

    assert sim("status", str(tmp_path / "results")).code == 5


def test_a_damaged_run_and_a_damaged_failure_are_told_without_a_crash(folder: Path) -> None:
    store, [first, second, *_] = Store(folder / "store"), keys(folder)
    store.path(first).write_bytes(b"PAR1")
    store.path(second).unlink()
    store.write_failure(second, {})
    store.failure_path(second).write_text("{")

    answer = sim("status", str(folder), "--json").json

    assert (answer["damaged"], answer["failed"]) == (1, 1)
    assert list(answer["damaged_files"]) == [first]
    assert answer["failures"][0]["error"] == "unreadable record"
    assert "sets it aside" in sim("status", str(folder)).out


def test_older_versions_are_counted_and_only_they_are_cleaned(folder: Path) -> None:
    store, named = Store(folder / "store"), keys(folder)
    first = named[0]
    older = rewritten(store, first, "00" * 8, {"schema": "sim/result/1"})
    other = rewritten(store, first, "11" * 8, {"code": {"code_hash": "f" * 64}})
    unnamed = rewritten(store, first, "22" * 8, {})
    before = {key: (store.path(key).read_bytes(), store.path(key).stat().st_mtime_ns) for key in named}

    ended = sim("status", str(folder))
    assert ended.code == 0
    for words in ("1 file of an older version of the results' schema", "1 file of another version", "1 file of this"):
        assert words in ended.out

    cleaned = sim("status", str(folder), "--clean", "--json")
    assert set(cleaned.json["removed"]) == {str(older), str(other)}
    assert unnamed.exists()
    assert "removed 2 files" in cleaned.err

    assert sim("status", str(folder), "--clean", "--stale", "--json").json["removed"] == [str(unnamed)]
    assert {key: (store.path(key).read_bytes(), store.path(key).stat().st_mtime_ns) for key in named} == before
    assert "nothing to remove" in sim("status", str(folder), "--clean").out


def test_runs_of_more_replicates_are_told_and_kept(folder: Path) -> None:
    more = sim("run", "regional_2013", "--out", str(folder), "--set", "replicates=4", "--quiet")
    assert more.code == 0
    named = keys(folder)
    fewer = ("status", "regional_2013", "--out", str(folder), "--set", "replicates=2")

    ended = sim(*fewer, "--clean", "--stale")

    assert "nothing to remove" in ended.out
    assert "complete, " in ended.out
    assert "further replicates of this study, up to 4, kept; --set replicates=4 counts them" in ended.out
    assert sim(*fewer, "--json").json["further"] == {"replicates": 4, "files": len(named) // 2}
    assert keys(folder) == named


def test_while_another_command_makes_runs_nothing_of_its_may_be_cleaned_away(folder: Path) -> None:
    store = Store(folder / "store")
    unnamed = rewritten(store, keys(folder)[0], "22" * 8, {})
    note = folder / "store" / "tmp" / f"at-work-{socket.gethostname()}-{os.getppid()}-0"
    note.parent.mkdir(exist_ok=True)
    content = {"host": this_machine(), "process": os.getppid(), "since": "2026-01-01T00:00:00Z", "keys": []}
    note.write_text(json.dumps(content), encoding="utf-8")

    assert f"a command is making runs here: process {os.getppid()}" in sim("status", str(folder)).out
    refused = sim("status", str(folder), "--clean", "--stale")

    assert refused.code == USAGE
    assert "wait for its end" in refused.err
    assert unnamed.exists()
    note.unlink()
    assert sim("status", str(folder), "--clean", "--stale", "--json").json["removed"] == [str(unnamed)]


def test_leftovers_of_the_dead_go_and_those_of_the_living_stay(folder: Path) -> None:
    names = {
        "dead": f"{'00' * 8}-{socket.gethostname()}-{2**22 + 1}-0",
        "living": f"{'00' * 8}-{socket.gethostname()}-{os.getpid()}-0",
        "elsewhere": f"{'00' * 8}-some-other-host-{2**22 + 1}-0",
        "dead_note": f"at-{'00' * 8}-{socket.gethostname()}-{2**22 + 1}-1",
        "living_note": f"at-{'00' * 8}-{socket.gethostname()}-{os.getpid()}-1",
        "note_elsewhere": f"at-{'00' * 8}-other-{socket.gethostname()}-{2**22 + 1}-1",
        "dead_index": f"runs-{socket.gethostname()}-{2**22 + 1}-2",
    }
    hour_ago = time.time() - 3600
    for name in names.values():
        (folder / "store" / "tmp" / name).write_text("half a run")
        os.utime(folder / "store" / "tmp" / name, (hour_ago, hour_ago))

    answer = sim("status", str(folder), "--clean", "--json").json

    dead = {name for what, name in names.items() if what.startswith("dead")}
    assert {Path(path).name for path in answer["removed"]} == dead
    assert {path.name for path in (folder / "store" / "tmp").iterdir()} == {*names.values()} - dead


def test_few_points_are_told_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch)
    made(tmp_path / "results", ["replicates=1", "vary={levers.year_end: [carry, bail_out]}"])

    ended = sim("status", str(tmp_path / "results"))

    assert "levers.year_end carry" in ended.out
    assert "levers.year_end bail_out" in ended.out


def test_wrong_use_is_refused(folder: Path, tmp_path: Path) -> None:
    for arguments in (
        ["--stale"],
        ["--watch"],  # no terminal here
        ["--out", "elsewhere"],
    ):
        assert sim("status", str(folder), *arguments).code == USAGE
    assert sim("status", str(tmp_path)).code == USAGE
    assert "no runs in" in sim("status", "regional_2013", "--out", str(tmp_path / "none")).err


def test_runs_without_a_study_beside_them_want_its_name(folder: Path) -> None:
    (folder / "study.yaml").unlink()

    ended = sim("status", str(folder))

    assert ended.code == USAGE
    assert f"sim status STUDY --out {folder}" in ended.err


def test_what_reads_results_says_that_a_study_has_not_ended(folder: Path) -> None:

    ended = sim("analyse", "value", str(folder))

    assert ended.code == USAGE
    assert f"has not ended; go on with:  sim run STUDY --out {folder}" in ended.err


def test_watching_looks_again_until_ctrl_c(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looks = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(command.time, "sleep", sleep)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)

    code = command.show_status(
        str(folder), overrides=(), out=None, cleaning=False, stale=False, watch=True, as_json=False
    )

    assert code == 0
    assert capsys.readouterr().out.count("complete, ") == 3


def test_a_large_store_answers_from_its_index(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sim("status", str(folder), "--json").json
    monkeypatch.setattr(index, "FEWEST_RUNS", 1)

    assert sim("status", str(folder), "--json").json == before
    assert sim("status", str(folder), "--json").json == before
    assert (folder / "store" / index.FOLDER / "runs.parquet").exists()


def test_a_place_that_cannot_be_a_folder_is_named_without_a_traceback(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder")
    loop = tmp_path / "loop.yaml"
    loop.symlink_to(loop)

    for arguments in (("run", "demo", "--dry-run", "--out", str(file)), ("check", str(loop))):
        ended = sim(*arguments)

        assert ended.code in (2, 3), ended.err
        assert "internal error" not in ended.err
