"""What goes wrong costs only what it must, is named, and can be repeated alone; the rest is as if nothing had been."""

import os
import re
import shlex
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.cli.failure import UsageError
from sim.cli.how import PLAIN, How
from sim.cli.run import run_study
from sim.study import england
from sim.study.bench import Bench, work
from sim.study.execute import Report, execute
from sim.study.limits import USUAL, Limits, TimeIsUpError
from sim.study.plan import make_plan
from sim.study.progress import Silent
from sim.study.provenance import run_key
from sim.study.store import MANIFEST_FIELD, Store
from sim.study.watch import Nobody
from tests.cli.command import sim
from tests.study import drill, fakes
from tests.study.test_kill import PATIENCE_S, REPLICATES, finish, start, wait_for_runs

BRIEF = Limits(run_s=1.0)
LOSSES = {"ArithmeticError", "RunFailureError", "RunTooLongError"}


@pytest.fixture(autouse=True)
def nothing_is_read_or_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.cli.run.load_england", lambda: None)
    monkeypatch.setattr("sim.report.publish.draw_figures", lambda *_: SimpleNamespace(paths=[], empty=[]))


def use(monkeypatch: pytest.MonkeyPatch, bench: Bench) -> None:
    monkeypatch.setattr(england, "england_bench", lambda: bench)


def run(out: Path, how: How = PLAIN, workers: str = "1", overrides: list[str] = drill.FORTY) -> int:
    return run_study(
        "regional_2013",
        overrides=overrides,
        out=str(out),
        workers=workers,
        dry_run=False,
        as_json=False,
        quiet=True,
        how=how,
    )


def make(root: Path, names: tuple[str, ...], workers: int, limits: Limits = USUAL, replicates: int = 2) -> Report:
    store = Store(root)
    plan = make_plan(fakes.study(names, replicates), fakes.bench(), store)
    return execute(plan.missing, fakes.bench(), store, workers, Silent(), limits)


def left_over(root: Path) -> list[Path]:
    return list((root / "tmp").glob("*"))


def check_the_drill(out: Path, said: str, code: int) -> list[str]:
    """Check that three of forty runs are named with what they died of; return the commands that repeat them."""
    store = Store(out / "store")
    failures = [store.failure(path.stem) for path in store.root.glob("failed/*.json")]
    assert code == 4  # three are less than a tenth
    assert len(fakes.digests(store.root)) == 37
    assert {failure["error"] for failure in failures if failure} == LOSSES
    assert "3 of 40 runs failed (less than a tenth; exit code 4)" in said
    assert all(f"{failure['error']}: {failure['message']}" in said for failure in failures if failure)
    return re.findall(r"alone: +(sim run .*)$", said, flags=re.MULTILINE)


@pytest.mark.slow
def test_three_of_forty_go_wrong_and_each_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(monkeypatch, drill.bench())
    code = run(tmp_path, How(minutes_per_run=2 / 60), workers="2")
    commands = check_the_drill(tmp_path, capsys.readouterr().out, code)

    again = [sim(*shlex.split(command)[1:], "--quiet") for command in commands]
    use(monkeypatch, drill.bench(broken=False))
    mended = [sim(*shlex.split(command)[1:], "--quiet") for command in commands]

    assert [ended.code for ended in again] == [5, 5, 5]
    assert {re.findall(r"(\w+Error): ", ended.out)[0] for ended in again} == LOSSES
    assert [ended.code for ended in mended] == [0, 0, 0]
    assert "Of all 40 runs of the study 40 are there" in mended[-1].out
    assert run(tmp_path, How(minutes_per_run=2 / 60)) == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_hangs_costs_only_itself_and_says_where_it_hung(tmp_path: Path, workers: int) -> None:
    report = make(tmp_path, ("north", "hangs", "south"), workers, BRIEF, replicates=2)

    assert len(fakes.digests(tmp_path)) == 4
    assert [outcome.error for outcome in report.failed] == [
        "RunTooLongError: took longer than 1 s (--max-minutes-per-run)"
    ] * 2
    failure = Store(tmp_path).failure(report.failed[0].key)
    assert failure is not None
    assert "fakes.py" in failure["traceback"]
    assert report.stopped == ""
    assert left_over(tmp_path) == []


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_the_first_failure_ends_all_when_asked_to(tmp_path: Path, workers: int) -> None:
    report = make(tmp_path, ("north", "fails"), workers, Limits(fail_fast=True), replicates=8)

    assert (report.stopped, len(report.failed)) == ("failure", 1)
    assert len(fakes.digests(tmp_path)) <= 2 * workers


@pytest.mark.slow
def test_a_death_ends_all_when_asked_to_before_other_runs_are_begun(tmp_path: Path) -> None:
    report = make(tmp_path, ("dies", "slow"), 2, Limits(fail_fast=True), replicates=20)

    assert (report.stopped, len(report.failed)) == ("failure", 1)
    assert len(fakes.digests(tmp_path)) < 20


def test_failing_fast_has_the_code_of_its_failures_and_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(monkeypatch, drill.bench())

    assert run(tmp_path, How(fail_fast=True)) == 4

    err = capsys.readouterr().err
    assert "stopped at the first failure, as --fail-fast asks: 6 of 40 runs done. Go on with:  sim run" in err
    assert "ArithmeticError: the books do not balance" in err


def test_no_run_is_begun_when_the_time_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(monkeypatch, drill.bench(broken=False))

    assert run(tmp_path, How(hours=1e-9)) == 6
    assert "the time of --max-hours is over: 0 of 40 runs done. Go on with:  sim run" in capsys.readouterr().err
    assert run(tmp_path) == 0


class Clock(Nobody):
    """Says that time is up when the third run is about to begin."""

    begun = 0

    def begins(self, key: str) -> None:
        self.begun += 1
        if self.begun == 3:
            raise TimeIsUpError


def test_what_runs_when_the_time_is_over_is_finished_and_the_rest_of_its_unit_left(tmp_path: Path) -> None:
    plan = make_plan(fakes.study(("a", "b", "c", "d"), 1), fakes.bench(), Store(tmp_path))

    outcomes = list(work(plan.missing[0], fakes.bench(), Store(tmp_path), Clock()))

    assert [outcome.status for outcome in outcomes] == ["done", "done", "left", "left"]
    assert len(fakes.digests(tmp_path)) == 2


def test_an_execution_stops_by_itself_when_its_time_is_over(tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan = make_plan(fakes.study(("slow", "slow_too", "slow_three"), 200), fakes.bench(), store)
    report = execute(plan.missing, fakes.bench(), store, 1, Silent(), Limits(until=time.time() + 0.5))

    assert report.stopped == "time"
    assert len(report.outcomes) == len(fakes.digests(tmp_path)) < 600


def test_a_full_disk_is_nobodys_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(monkeypatch, drill.bench(broken=False))
    written, sync = [], os.fsync

    def full_after_a_while(descriptor: int) -> None:
        written.append(descriptor)
        sync(descriptor) if len(written) < 24 else drill.crash(descriptor)

    monkeypatch.setattr(os, "fsync", full_after_a_while)
    assert run(tmp_path / "full") == 6
    err, left = capsys.readouterr().err, left_over(tmp_path / "full" / "store")
    monkeypatch.setattr(os, "fsync", sync)

    assert "there is no room left in" in err
    assert re.search(r"No space left on device\): \d+ of 40 runs done. Go on with:  sim run", err)
    assert left == []
    assert list(tmp_path.glob("full/store/failed/*")) == []
    assert run(tmp_path / "full") == run(tmp_path / "whole") == 0
    assert fakes.digests(tmp_path / "full" / "store") == fakes.digests(tmp_path / "whole" / "store")


def test_a_disk_that_is_full_for_the_workers_stops_them_too(tmp_path: Path) -> None:
    bench = Bench(drill.world_on_a_full_disk, fakes.simulate, fakes.tabulate, "0" * 64)
    store = Store(tmp_path)
    plan = make_plan(fakes.study(), bench, store)

    report = execute(plan.missing, bench, store, 2, Silent())

    assert (report.stopped, report.outcomes) == ("room", [])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("where", ["/proc/none/of/it", "taken", "taken/below", "sealed"])
def test_where_nothing_can_be_written_nothing_is_run(
    tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, drill.bench())
    (tmp_path / "taken").write_text("a file")
    (tmp_path / "sealed").mkdir()
    (tmp_path / "sealed" / "store").write_text("a file")

    with pytest.raises(UsageError, match="cannot write results to"):
        run(tmp_path / where)


def test_runs_of_an_older_form_are_left_alone_and_those_in_the_way_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(monkeypatch, drill.bench(broken=False))
    assert run(tmp_path, overrides=["replicates=1"]) == 0
    store = Store(tmp_path / "store")
    wanted, *_ = sorted(store.root.glob("??/*.parquet"))
    older = store.path(run_key("an older form", "0", "0"))
    for path, key in ((wanted, wanted.stem), (older, older.stem)):
        path.parent.mkdir(exist_ok=True)
        note = f'{{"key": "{key}", "schema": "sim/result/1"}}'.encode()
        pq.write_table(pa.table({"value": [1.0]}).replace_schema_metadata({MANIFEST_FIELD: note}), path)
    before = older.read_bytes()
    capsys.readouterr()

    assert run(tmp_path, overrides=["replicates=1"]) == 0

    said = capsys.readouterr().err
    assert f"holds run {wanted.stem} of sim/result/1, not {wanted.stem} of sim/result/2; moved to" in said
    assert store.holds(wanted.stem)
    assert older.read_bytes() == before


@pytest.mark.slow
def test_kill_ten_times_at_random_moments_and_go_on(tmp_path: Path, repository: Path) -> None:
    luck, broken = np.random.default_rng(20), tmp_path / "broken"
    for number in range(10):
        seen = len(fakes.digests(broken))  # reads every row of every file, so none is half written
        process = start(broken, repository, 1 + number % 2)
        wait_for_runs(broken, min(seen + int(luck.integers(0, 4)), 2 * REPLICATES - 2), process)
        time.sleep(float(luck.uniform(0.0, 0.06)))
        process.kill()
        process.communicate(timeout=PATIENCE_S)

    done = finish(broken, repository, 2)

    assert done == finish(tmp_path / "whole", repository, 1)
    assert len(done) == 2 * REPLICATES
    assert list(broken.glob("failed/*")) == []
