"""Worker processes, one unit of work each at a time, so that a death is blamed on the right unit."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait as wait_for_sentinel
from pathlib import Path

from sim.study.bench import Bench, Outcome, Unit, work
from sim.study.provenance import THREAD_VARIABLES


class Worker:
    """One process that does one unit at a time; it can be replaced when it dies."""

    def __init__(self) -> None:
        self._executor = _one_process()

    def submit(self, unit: Unit, bench: Bench, root: Path) -> Future[list[Outcome]]:
        """Hand a unit to the process, or to a new one when it has died in its sleep."""
        try:
            return self._executor.submit(_work_all, unit, bench, root)
        except BrokenProcessPool:
            self.replace()
            return self._executor.submit(_work_all, unit, bench, root)

    def replace(self) -> None:
        """Forget a dead process and make ready for a new one."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = _one_process()

    def close(self) -> None:
        """Let the process end by itself."""
        self._executor.shutdown(wait=True, cancel_futures=True)


class Crew:
    """The workers of one study; only their own processes are ever killed."""

    def __init__(self, size: int) -> None:
        self._strangers = multiprocessing.active_children()
        self.workers = [Worker() for _ in range(size)]

    def close(self) -> None:
        """End every worker after what it is doing."""
        for worker in self.workers:
            worker.close()

    def kill(self) -> None:
        """End every worker at once; what they were doing is lost, and nothing else."""
        for process in multiprocessing.active_children():
            if process not in self._strangers:
                process.kill()
        self.close()


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
    return ProcessPoolExecutor(max_workers=1, mp_context=context, initializer=_prepare)


def _prepare() -> None:
    """Leave Ctrl-C to the parent, and end when the parent is gone however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for_sentinel([parent.sentinel])
        os._exit(1)


def _work_all(unit: Unit, bench: Bench, root: Path) -> list[Outcome]:
    return list(work(unit, bench, root))
