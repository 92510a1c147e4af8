"""A cluster makes the same runs, whatever dies on it, and is refused before any run when it would not."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sim.cli.failure import UsageError
from sim.cli.how import How
from sim.cli.run import run_study
from sim.study import cluster, england, far
from sim.study.cluster import ClusterError, connected
from sim.study.execute import Report, execute, execute_on
from sim.study.far import DaskWorkers
from sim.study.limits import USUAL, Limits
from sim.study.parcel import identity
from sim.study.part import Shard
from sim.study.plan import make_plan
from sim.study.progress import Silent
from sim.study.store import Store
from tests.study import drill, fakes
from tests.study.cluster import Running, dask_cluster, wait_until
from tests.study.test_drill import check_the_drill
from tests.study.test_execute import run as run_here

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[Running]:
    with dask_cluster(tmp_path_factory.mktemp("dask"), repository) as started:
        yield started


def run_there(
    running: Running, root: Path, names: tuple[str, ...], replicates: int = 3, limits: Limits = USUAL
) -> Report:
    store = Store(root)
    plan = make_plan(fakes.study(names, replicates), fakes.bench(), store)
    with connected(scheduler_file=str(running.scheduler_file)) as found:
        return execute_on(DaskWorkers(found, fakes.bench(), store, limits), plan.missing, store, Silent(), limits)


def files_in(root: Path, folder: str) -> list[Path]:
    return list((root / folder).glob("*"))


@pytest.mark.parametrize("shared", [True, False])
def test_a_cluster_makes_the_runs_of_this_machine_whether_it_shares_the_store_or_not(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared: bool
) -> None:
    put_here: list[str] = []
    put = Store.put
    monkeypatch.setattr(Store, "put", lambda store, key, content: put_here.append(key) or put(store, key, content))
    if not shared:  # the workers look for the client's token and do not find it
        monkeypatch.setattr(far, "token_path", lambda root, token: root / "tmp" / f"elsewhere-{token}")
    report = run_there(running, tmp_path / "there", ("north", "fails", "south"))
    assert len(put_here) == (0 if shared else 6)
    run_here(tmp_path / "here", ("north", "fails", "south"), 1)

    assert fakes.digests(tmp_path / "there") == fakes.digests(tmp_path / "here")
    assert len(fakes.digests(tmp_path / "there")) == 6
    assert len(report.failed) == len(files_in(tmp_path / "there", "failed")) == 3
    assert all("no people in replicate" in outcome.error for outcome in report.failed)
    assert files_in(tmp_path / "there", "tmp") == []


def test_one_process_two_a_cluster_and_shards_make_the_same_runs(running: Running, tmp_path: Path) -> None:
    names = ("north", "south")
    run_here(tmp_path / "one", names, 1)
    run_here(tmp_path / "two", names, 2)
    run_there(running, tmp_path / "cluster", names)
    store = Store(tmp_path / "shards")
    for number in (2, 1):
        plan = Shard(number, 2).of(make_plan(fakes.study(names, 3), fakes.bench(), store))
        execute(plan.missing, fakes.bench(), store, 1, Silent())

    one, *others = (fakes.digests(tmp_path / where) for where in ("one", "two", "cluster", "shards"))
    assert len(one) == 6
    assert others == [one, one, one]


def test_forty_runs_on_a_cluster_of_which_three_go_wrong(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sim.cli.run.load_england", lambda: None)
    monkeypatch.setattr("sim.report.publish.draw_figures", lambda *_: SimpleNamespace(paths=[], empty=[]))
    monkeypatch.setattr(england, "england_bench", drill.bench)
    how = How(minutes_per_run=3 / 60, cluster_file=str(running.scheduler_file))

    given: dict[str, Any] = {"workers": "auto", "dry_run": False, "as_json": False, "quiet": True}
    code = run_study("regional_2013", overrides=drill.FORTY, out=str(tmp_path), how=how, **given)

    commands = check_the_drill(tmp_path, capsys.readouterr().out, code)
    assert all(f"--cluster-file {running.scheduler_file}" in command for command in commands)


def test_a_worker_that_is_killed_costs_nothing(running: Running, tmp_path: Path) -> None:
    def kill_one() -> None:
        with connected(scheduler_file=str(running.scheduler_file)) as found:
            process = next(iter(found.client.run(os.getpid).values()))
        wait_until(lambda: list(tmp_path.glob("??/*.parquet")))
        os.kill(process, signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    time.sleep(1.0)
    report = run_there(running, tmp_path, ("slow", "slow_too", "slow_three"), replicates=30)
    killer.join()

    assert (report.failed, report.stopped) == ([], "")
    assert len(report.outcomes) == len(fakes.digests(tmp_path)) == 90


def test_the_client_can_be_killed_and_goes_on(running: Running, tmp_path: Path, repository: Path) -> None:
    command = [sys.executable, "-m", "tests.study.run_small_study", str(tmp_path), str(running.scheduler_file), "20"]
    process = subprocess.Popen(command, cwd=repository)
    wait_until(lambda: len(list(tmp_path.glob("??/*.parquet"))) > 4)
    process.kill()
    process.wait(timeout=60)

    report = run_there(running, tmp_path, ("slow", "slow_too"), replicates=20)

    assert (report.failed, report.stopped) == ([], "")
    run_here(tmp_path / "here", ("slow", "slow_too"), 1, replicates=20)
    assert fakes.digests(tmp_path) == fakes.digests(tmp_path / "here")


@pytest.mark.parametrize("there", [True, False])
def test_a_run_that_hangs_is_ended_even_when_it_began_before_the_client_had_done_sending_unless_its_worker_is_lost(
    tmp_path: Path, there: bool
) -> None:
    unit = make_plan(fakes.study(("hangs",), 1), fakes.bench(), Store(tmp_path)).missing[0]
    ended: list[str] = []
    future = SimpleNamespace(add_done_callback=lambda _: None, cancel=lambda force: None, done=lambda: False)

    class Prompt:
        """Dask's client, which hears from the worker while it is still sending."""

        status = "running"

        def submit(self, function: object, order: object, key: str, pure: bool) -> Any:
            engine._hear((0.0, {"task": key, "run": unit.runs[0].key, "worker": "w"}))
            return future

        def processing(self, workers: list[str] | None = None) -> dict[str, list[str]]:
            at = {"w": list(engine._tasks)} if there else {"another": list(engine._tasks)}
            return at if workers is None else {worker: at[worker] for worker in workers}

        def restart_workers(self, workers: list[str], **_: Any) -> None:
            ended.extend(workers)

    found: Any = SimpleNamespace(client=Prompt(), address="", workers=1, identity={})
    engine = DaskWorkers(found, fakes.bench(), Store(tmp_path), Limits(run_s=0.0))
    engine.start(unit)

    assert [outcome.status for outcome in engine.outcomes(0.01)] == ["failed"] * there
    assert ended == ["w"] * there


def test_workers_of_another_version_are_named_and_refused(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "identity", lambda: {**identity(), "code": "f" * 64, "numpy": "1.0"})

    with (
        pytest.raises(ClusterError, match=r"tcp://.* in code \(.*here f+\), numpy \(.*here 1\.0\)"),
        connected(scheduler_file=str(running.scheduler_file)),
    ):
        pass


def test_a_worker_that_joins_late_with_another_version_makes_no_run(running: Running, tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan = make_plan(fakes.study(replicates=1), fakes.bench(), store)
    with connected(scheduler_file=str(running.scheduler_file)) as found:
        other = far.Cluster(found.client, found.address, found.workers, {**found.identity, "data": "0" * 64})
        report = execute_on(DaskWorkers(other, fakes.bench(), store, USUAL), plan.missing, store, Silent())

    assert fakes.digests(tmp_path) == {}
    said = {outcome.error for outcome in report.failed}
    assert len(said) == 1, said
    assert said.pop().startswith("DifferentWorkerError: the worker differs in data")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "has no workers; start workers with `dask worker tcp://"),
        (("--nthreads", "2"), r"each worker must have one thread: tcp://.* \(2 threads\)"),
        (("--nthreads", "1", "--no-nanny"), "nothing restarts a worker without a nanny: tcp://"),
    ],
)
def test_a_cluster_that_will_not_do_is_refused(
    tmp_path: Path, repository: Path, arguments: tuple[str, ...], words: str
) -> None:
    with dask_cluster(tmp_path, repository, workers=0) as started:
        if arguments:
            started.start_worker(*arguments)
            started.wait_for_workers(1)
        with pytest.raises(ClusterError, match=words), connected(scheduler_file=str(started.scheduler_file)):
            pass


@pytest.mark.parametrize(
    ("dies", "words"),
    [(slice(0, 1), "the scheduler at tcp://127.0.0.1"), (slice(1, None), "there are no workers left")],
)
def test_an_execution_ends_resumably_when_the_cluster_goes_away(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch, dies: slice, words: str
) -> None:
    monkeypatch.setattr(far, "NO_WORKERS_S", 1.0)
    monkeypatch.setattr(far, "SECONDS_BETWEEN_COUNTS", 0.2)
    (tmp_path / "dask").mkdir()
    with dask_cluster(tmp_path / "dask", repository) as started:

        def kill() -> None:
            wait_until(lambda: list(tmp_path.glob("store/??/*.parquet")))
            started.kill(dies)

        killer = threading.Thread(target=kill)
        killer.start()
        report = run_there(started, tmp_path / "store", ("slow", "slow_too"), replicates=60)
        killer.join()

    assert (report.stopped, report.failed) == ("engine", [])
    assert words in report.why
    assert 0 < len(fakes.digests(tmp_path / "store")) < 120


def test_nobody_at_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE_S", 1.0)

    for address in ("tcp://127.0.0.1:9", "tcp://", "not an address"):
        with pytest.raises(ClusterError, match="no Dask scheduler answers at"), connected(address):
            pass
    with pytest.raises(ClusterError, match=r"there is no file nowhere\.json"), connected("", "nowhere.json"):
        pass


def test_without_dask_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with (
        pytest.raises(UsageError, match=r"pip install 'commissioning-simulator\[cluster\]'"),
        How(cluster="tcp://127.0.0.1:8786").cluster_in_use(),
    ):
        pass
