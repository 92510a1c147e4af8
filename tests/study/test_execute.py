"""Whatever dies on the way, the study ends with every run it could make, and the same ones."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sim.study.bench import Unit
from sim.study.execute import Report, execute, worker_count
from sim.study.plan import make_plan
from sim.study.progress import Silent
from sim.study.store import Store
from tests.study import fakes


def run(root: Path, names: tuple[str, ...], workers: int, replicates: int = 3) -> Report:
    store = Store(root)
    plan = make_plan(fakes.study(names, replicates), fakes.bench(), store)
    return execute(plan.missing, fakes.bench(), store, workers, Silent())


class Counted(Silent):
    """Remember what was told."""

    def __init__(self) -> None:
        self.told: list[int] = []

    def advance_to(self, finished: int) -> None:
        self.told.append(finished)


def test_one_worker_and_two_give_the_same_runs(tmp_path: Path) -> None:
    one = run(tmp_path / "one", ("north", "south"), 1)
    two = run(tmp_path / "two", ("north", "south"), 2)

    assert fakes.digests(tmp_path / "one") == fakes.digests(tmp_path / "two")
    assert len(fakes.digests(tmp_path / "one")) == 6
    assert [len(one.outcomes), len(two.outcomes)] == [6, 6]
    assert len(set(fakes.digests(tmp_path / "one").values())) == 6


def test_the_order_of_units_changes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "back")
    plan = make_plan(fakes.study(), fakes.bench(), store)
    backwards = [Unit(unit.replicate, unit.runs[::-1]) for unit in plan.missing[::-1]]

    execute(backwards, fakes.bench(), store, 1, Silent())
    run(tmp_path / "forth", ("north", "south"), 1, replicates=4)

    assert fakes.digests(tmp_path / "back") == fakes.digests(tmp_path / "forth")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_regime_costs_only_its_own_runs(tmp_path: Path, workers: int) -> None:
    report = run(tmp_path, ("north", "fails", "south"), workers)

    assert len(fakes.digests(tmp_path)) == 6
    assert len(report.failed) == 3
    failure = Store(tmp_path).failure(report.failed[0].key)
    assert failure is not None
    assert failure["error"] == "ZeroDivisionError"
    assert "no people in replicate" in failure["message"]
    assert "fakes.py" in failure["traceback"]
    assert failure["labels"]["scenario"] == "fails"
    assert failure["spec"]["seed"] == 7


def test_a_run_that_never_comes_is_a_failure(tmp_path: Path) -> None:
    report = run(tmp_path, ("north", "never"), 1, replicates=1)

    assert [outcome.status for outcome in report.outcomes] == ["done", "failed"]
    assert "without handing over" in report.failed[0].error


def test_a_worker_that_dies_costs_only_the_run_that_kills_it(tmp_path: Path) -> None:
    report = run(tmp_path, ("north", "dies", "south"), 2)

    assert len(fakes.digests(tmp_path)) == 6
    assert len(report.failed) == 3
    assert all("worker process died twice" in outcome.error for outcome in report.failed)
    assert {outcome.key for outcome in report.outcomes if outcome.status == "done"} == set(fakes.digests(tmp_path))


def test_a_second_execution_makes_only_what_failed(tmp_path: Path) -> None:
    run(tmp_path, ("north", "south"), 1, replicates=2)

    assert run(tmp_path, ("north", "south"), 1, replicates=2).outcomes == []
    assert len(run(tmp_path, ("north", "south"), 1, replicates=3).outcomes) == 2


def test_workers_use_one_numeric_thread_and_leave_the_parent_alone(tmp_path: Path) -> None:
    before = dict(os.environ)

    run(tmp_path, ("north", "south"), 2)

    assert dict(os.environ) == before
    threads = {manifest["environment"]["threads"]["OMP_NUM_THREADS"] for manifest in Store(tmp_path).manifests()}
    assert threads == {"1"}


@pytest.mark.parametrize("workers", [1, 2])
def test_code_that_changed_since_the_plan_is_not_run_under_the_old_key(tmp_path: Path, workers: int) -> None:
    store, stale = Store(tmp_path), replace(fakes.bench(), code_hash="0" * 64)
    plan = make_plan(fakes.study(replicates=2), stale, store)

    report = execute(plan.missing, stale, store, workers, Silent())

    assert [outcome.status for outcome in report.outcomes] == ["failed"] * 4
    assert "code changed" in report.failed[0].error


def test_progress_never_goes_back_and_ends_at_the_total(tmp_path: Path) -> None:
    store, progress = Store(tmp_path), Counted()
    plan = make_plan(fakes.study(), fakes.bench(), store)

    execute(plan.missing, fakes.bench(), store, 2, progress)

    assert progress.told == sorted(progress.told)
    assert progress.told[-1] == 8


@pytest.fixture
def listening_to_ctrl_c() -> Iterator[None]:
    """Listen to Ctrl-C for the length of a test: a shell's background jobs are started deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("listening_to_ctrl_c")
@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_finishes_what_runs_and_the_next_call_does_the_rest(tmp_path: Path, workers: int) -> None:
    def press() -> None:
        while not list(tmp_path.glob("??/*.parquet")):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press, daemon=True).start()
    first = run(tmp_path, ("slow", "slow_too"), workers, replicates=12)
    second = run(tmp_path, ("slow", "slow_too"), workers, replicates=12)

    assert first.interrupted
    assert not second.interrupted
    assert 0 < len(first.outcomes) < 24
    assert len(first.outcomes) + len(second.outcomes) == 24
    assert len(first.outcomes) % 2 == 0  # whole units were finished
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_number_of_workers_is_checked() -> None:
    assert worker_count("3", units=8) == 3
    assert worker_count("3", units=2) == 2
    assert worker_count("auto", units=10_000) >= 1
    assert worker_count("auto", units=0) == 1
    for wrong in ("0", "-1", "many", "1.5"):
        with pytest.raises(ValueError, match="--workers wants"):
            worker_count(wrong, units=2)
