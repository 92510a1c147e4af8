"""Worker processes, one unit of work each at a time, so that a death is blamed on the right unit."""

import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait as wait_for_sentinel
from pathlib import Path
from types import TracebackType
from typing import Self

from sim.settings.room import out_of_room
from sim.study.bench import Bench, Outcome, RunFailureError, Unit, record_failure, work
from sim.study.engine import stored_outcomes, stored_runs
from sim.study.limits import Limits, RunTooLongError
from sim.study.provenance import THREAD_VARIABLES
from sim.study.store import Store
from sim.study.watch import Fuse


@dataclass(frozen=True)
class Errand:
    """A unit, all that a worker needs to make it, and the file in which it notes the run it is at."""

    unit: Unit
    bench: Bench
    root: Path
    limits: Limits
    note: Path


class Worker:
    """One process that does one unit at a time; it can be replaced when it dies."""

    def __init__(self) -> None:
        self._executor = _one_process()

    def submit(self, errand: Errand) -> Future[list[Outcome]]:
        """Hand a unit to the process, or to a new one when it has died in its sleep."""
        try:
            return self._executor.submit(_work_all, errand)
        except BrokenProcessPool:
            self.replace()
            return self._executor.submit(_work_all, errand)

    def replace(self) -> None:
        """Forget a dead process and make ready for a new one."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = _one_process()

    def close(self) -> None:
        """Let the process end by itself."""
        self._executor.shutdown(wait=True, cancel_futures=True)


class Processes:
    """An engine of worker processes on this machine, each with one numeric thread.

    A worker that dies is replaced; one whose run takes too long ends itself, and that run has failed.
    """

    def __init__(self, size: int, bench: Bench, store: Store, limits: Limits) -> None:
        self._bench, self._store, self._limits = bench, store, limits
        self._strangers = multiprocessing.active_children()
        self._workers = [Worker() for _ in range(size)]
        self._idle = list(self._workers)
        self._running: dict[Future[list[Outcome]], tuple[Worker, Errand]] = {}
        self._notes = itertools.count()
        self._threads = one_thread_each()

    @property
    def free(self) -> bool:
        """Tell whether a worker is idle."""
        return bool(self._idle)

    @property
    def busy(self) -> bool:
        """Tell whether a worker is not."""
        return bool(self._running)

    def start(self, unit: Unit) -> None:
        """Give a unit to an idle worker."""
        note = self._store.temporary(f"at-{unit.runs[0].key}")
        errand = Errand(unit, self._bench, self._store.root, self._limits, note)
        worker = self._idle.pop()
        self._running[worker.submit(errand)] = (worker, errand)

    def outcomes(self, timeout_s: float) -> Sequence[Outcome]:
        """Return the outcomes of units that ended, waiting for one at most so many seconds."""
        done, _ = wait(self._running, timeout=timeout_s, return_when=FIRST_COMPLETED)
        return [outcome for future in done for outcome in self._ended(future)]

    def ended_in_hand(self) -> int:
        """Return how many runs of the units under way have been stored."""
        return stored_runs([errand.unit for _, errand in self._running.values()], self._store)

    def _ended(self, future: Future[list[Outcome]]) -> list[Outcome]:
        """Take over what a worker hands back; an error outside the runs is the error of all of them."""
        worker, errand = self._running.pop(future)
        error = future.exception()
        if isinstance(error, BrokenProcessPool):
            worker.replace()
        self._idle.append(worker)
        try:
            if isinstance(error, BrokenProcessPool):
                return self._died(errand)
        finally:
            errand.note.unlink(missing_ok=True)
        if error is None:
            return future.result()
        failure = error if isinstance(error, Exception) else RunFailureError(f"the run ended by {error!r}")
        return [record_failure(run, self._store, failure) for run in errand.unit.runs]

    def _died(self, errand: Errand) -> list[Outcome]:
        """Return what a dead worker had stored; the rest is lost, but for a run that took too long, and goes on."""
        ended = stored_outcomes(errand.unit, self._store)
        stored = {outcome.key for outcome in ended}
        left = [run for run in errand.unit.runs if run.key not in stored]
        hung, where = Fuse.hung(errand.note)
        if not any(run.key == hung for run in left):
            return [*ended, *(Outcome(run.key, "lost") for run in left)]
        slow = next(run for run in left if run.key == hung)
        failed = record_failure(slow, self._store, RunTooLongError(self._limits.run_s), where)
        left.remove(slow)
        if left:
            self.start(Unit(errand.unit.replicate, tuple(left)))
        return [*ended, failed]

    def __enter__(self) -> Self:
        """Let processes that start from now on use one numeric thread."""
        self._threads.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End every worker after what it is doing, or at once; only processes of this engine are ever killed."""
        self._threads.__exit__(None, None, None)
        if error is not None:
            for process in multiprocessing.active_children():
                if process not in self._strangers:
                    process.kill()
        for worker in self._workers:
            worker.close()
        for _, errand in self._running.values():
            errand.note.unlink(missing_ok=True)


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Let the processes started meanwhile use one numeric thread each."""
    before: Mapping[str, str | None] = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _one_process() -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(max_workers=1, mp_context=context, initializer=prepare)


def prepare() -> None:
    """Leave Ctrl-C to the parent, and end when the parent is gone however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for_sentinel([parent.sentinel])
        os._exit(1)


def _work_all(errand: Errand) -> list[Outcome]:
    try:
        fuse = Fuse(errand.note, errand.limits)
    except OSError as error:
        if out_of_room(error):
            return [Outcome(run.key, "full", error=str(error)) for run in errand.unit.runs]
        raise
    try:
        return list(work(errand.unit, errand.bench, Store(errand.root), fuse))
    finally:
        fuse.close()
