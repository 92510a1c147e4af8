"""Make the missing runs of a study, on this machine, whatever dies on the way."""

import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from sim.study.bench import Bench, Outcome, PlannedRun, RunFailureError, Unit, record_failure, work
from sim.study.pool import Crew, Worker, one_thread_each
from sim.study.progress import Progress
from sim.study.store import Store

TICK_S = 0.5


@dataclass
class Interrupt:
    """Whether the user has pressed Ctrl-C once; the second time raises KeyboardInterrupt."""

    asked: bool = False


@dataclass
class Report:
    """How the runs of an execution ended, and whether it was cut short."""

    outcomes: list[Outcome] = field(default_factory=list)
    interrupted: bool = False

    @property
    def failed(self) -> list[Outcome]:
        """List the runs that failed."""
        return [outcome for outcome in self.outcomes if outcome.status == "failed"]


def worker_count(wanted: str, units: int) -> int:
    """Return the number of workers for ``auto`` (one a processor) or a number as text; never idle ones.

    Raise ValueError for anything else.
    """
    if wanted != "auto" and not (wanted.isdecimal() and int(wanted) >= 1):
        raise ValueError(f"--workers wants `auto` or a whole number from 1, got {wanted!r}")
    number = _processors() if wanted == "auto" else int(wanted)
    return max(1, min(number, units))


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def execute(units: Sequence[Unit], bench: Bench, store: Store, workers: int, progress: Progress) -> Report:
    """Make every run of the units; the order in which they end changes nothing but the report.

    With one worker the work is done in this process; with more, each has its own.
    """
    report = Report()
    total = sum(len(unit.runs) for unit in units)
    store.sweep_orphans()
    progress.begin(total)
    try:
        with _ctrl_c(progress) as interrupt:
            execution = _Execution(bench, store, progress, interrupt, report)
            if workers == 1:
                execution.in_this_process(units)
            else:
                execution.in_processes(units, workers)
    except KeyboardInterrupt:
        report.interrupted = True
    finally:
        progress.end()
    report.interrupted |= len(report.outcomes) < total
    return report


@contextmanager
def _ctrl_c(progress: Progress) -> Iterator[Interrupt]:
    """Let the first Ctrl-C finish what is running and the second stop at once."""
    interrupt = Interrupt()

    def stop(signum: int, frame: FrameType | None) -> None:
        if interrupt.asked:
            raise KeyboardInterrupt
        interrupt.asked = True
        progress.say("finishing the runs in progress; press Ctrl-C again to stop at once")

    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)


@dataclass
class _Execution:
    bench: Bench
    store: Store
    progress: Progress
    interrupt: Interrupt
    report: Report

    def in_this_process(self, units: Sequence[Unit]) -> None:
        for unit in units:
            if self.interrupt.asked:
                return
            for outcome in work(unit, self.bench, self.store.root):
                self._note([outcome])

    def in_processes(self, units: Sequence[Unit], workers: int) -> None:
        crew = Crew(workers)
        try:
            with one_thread_each():
                lost = self._finish(crew.workers, units)
                suspects = self._unfinished(lost)
                for unit in self._finish(crew.workers[:1], [Unit(u, (r,)) for u, r in suspects]):
                    self._blame(unit)
        except BaseException:
            crew.kill()
            raise
        crew.close()

    def _finish(self, workers: Sequence[Worker], units: Iterable[Unit]) -> list[Unit]:
        """Do the units on the workers; return those whose worker died."""
        queue, idle, lost = deque(units), list(workers), []
        running: dict[Future[list[Outcome]], tuple[Worker, Unit]] = {}
        while running or (queue and not self.interrupt.asked):
            while idle and queue and not self.interrupt.asked:
                worker, unit = idle.pop(), queue.popleft()
                running[worker.submit(unit, self.bench, self.store.root)] = (worker, unit)
            done, _ = wait(running, timeout=TICK_S, return_when=FIRST_COMPLETED)
            for future in done:
                worker, unit = running.pop(future)
                if isinstance(future.exception(), BrokenProcessPool):
                    worker.replace()
                    lost.append(unit)
                else:
                    self._collect(future, unit)
                idle.append(worker)
            self._note([], beside=self._stored(unit for _, unit in running.values()))
        return lost

    def _collect(self, future: Future[list[Outcome]], unit: Unit) -> None:
        """Take over what a worker hands back; an error outside the runs is the error of all of them."""
        error = future.exception()
        if error is None:
            self._note(future.result())
            return
        failure = error if isinstance(error, Exception) else RunFailureError(f"the run ended by {error!r}")
        self._note([record_failure(run, self.store, failure) for run in unit.runs])

    def _unfinished(self, lost: Iterable[Unit]) -> list[tuple[int, PlannedRun]]:
        """Note what dead workers had stored, and list the runs that they had not."""
        unfinished = []
        for unit in lost:
            for run in unit.runs:
                if self.store.path(run.key).exists():
                    seconds = self.store.manifest(run.key)["timing"]["wall_s"]
                    self._note([Outcome(run.key, "done", seconds)])
                else:
                    unfinished.append((unit.replicate, run))
        return unfinished

    def _blame(self, unit: Unit) -> None:
        error = RunFailureError("its worker process died twice, the second time alone (killed, or out of memory?)")
        self._note([record_failure(run, self.store, error) for run in unit.runs])

    def _stored(self, units: Iterable[Unit]) -> int:
        return sum(self.store.path(run.key).exists() for unit in units for run in unit.runs)

    def _note(self, outcomes: Sequence[Outcome], beside: int = 0) -> None:
        self.report.outcomes.extend(outcomes)
        self.progress.advance_to(len(self.report.outcomes) + beside)
