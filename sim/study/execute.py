"""Make the missing runs of a study, whatever dies on the way; what makes them is an engine."""

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Literal

from sim.settings.room import out_of_room
from sim.study.bench import Bench, Outcome, RunFailureError, Unit, record_failure
from sim.study.engine import Engine, EngineStoppedError, ThisProcess, failed_since, stored_outcomes
from sim.study.in_hand import InHand, Rival
from sim.study.limits import USUAL, Limits
from sim.study.pool import Processes
from sim.study.progress import Progress
from sim.study.store import Store

TICK_S = 0.5
Stop = Literal["", "interrupted", "time", "room", "failure", "engine"]
"""What ended an execution before all runs were made: the user, the time or room given, a failure, the engine."""


class _EnoughError(Exception):
    """The first failure ends everything."""


@dataclass
class Interrupt:
    """Whether the user has pressed Ctrl-C once; the second time raises KeyboardInterrupt."""

    asked: bool = False


@dataclass
class Report:
    """How the runs of an execution ended, and what cut it short, if anything did: in a word and in a sentence."""

    outcomes: list[Outcome] = field(default_factory=list)
    stopped: Stop = ""
    why: str = ""

    @property
    def failed(self) -> list[Outcome]:
        """List the runs that failed."""
        return [outcome for outcome in self.outcomes if outcome.status == "failed"]

    @property
    def interrupted(self) -> bool:
        """Tell whether runs are left because the execution was cut short."""
        return bool(self.stopped)

    def stop(self, stopped: Stop, why: str) -> None:
        """Note what cuts the execution short; what does so first counts."""
        if not self.stopped:
            self.stopped, self.why = stopped, why


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


def execute(
    units: Sequence[Unit], bench: Bench, store: Store, workers: int, progress: Progress, limits: Limits = USUAL
) -> Report:
    """Make every run of the units on this machine; the order in which they end changes nothing but the report.

    With one worker the work is done in this process; with more, each has its own.
    """
    engine = ThisProcess(bench, store, limits) if workers == 1 else Processes(workers, bench, store, limits)
    return execute_on(engine, units, store, progress, limits)


def execute_on(
    engine: Engine, units: Sequence[Unit], store: Store, progress: Progress, limits: Limits = USUAL
) -> Report:
    """Make every run of the units with an engine; a run whose worker was lost is tried once more, alone, at the end.

    What another command makes meanwhile in the same store is taken from there.
    """
    report = Report()
    total = sum(len(unit.runs) for unit in units)
    store.sweep_orphans()
    progress.begin(total)
    try:
        with _ctrl_c(progress) as interrupt, InHand(store) as in_hand, engine:
            _Supervision(engine, store, progress, limits, interrupt, in_hand, report).make(units)
    except KeyboardInterrupt:
        report.stop("interrupted", "interrupted")
    except _EnoughError:
        report.stop("failure", "stopped at the first failure, as --fail-fast asks")
    except EngineStoppedError as error:
        report.stop("engine", str(error))
    except OSError as error:
        if not out_of_room(error):
            raise
        report.stop("room", f"there is no room left in {store.root}")
    finally:
        progress.end()
    if len(report.outcomes) == total:
        report.stopped = ""
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
class _Supervision:
    engine: Engine
    store: Store
    progress: Progress
    limits: Limits
    interrupt: Interrupt
    in_hand: InHand
    report: Report
    met: set[str] = field(default_factory=set)

    def make(self, units: Sequence[Unit]) -> None:
        """Make all units; then, one at a time, the runs whose worker was lost; those that lose it again have failed."""
        runs = {run.key: Unit(unit.replicate, (run,)) for unit in units for run in unit.runs}
        lost = self._drive(units)
        for key in self._drive([runs[key] for key in lost], one_at_a_time=True):
            self._take(self._blame(runs[key]))

    def _drive(self, units: Iterable[Unit], one_at_a_time: bool = False) -> list[str]:
        """Have the engine make the units; return the keys of the runs that were lost."""
        engine, queue, lost = self.engine, deque(units), list[str]()
        while engine.busy or (queue and self._may_go_on(lost)):
            self._hand_out(queue, lost, one_at_a_time)
            outcomes = engine.outcomes(TICK_S)
            self.in_hand.put_down([outcome.key for outcome in outcomes])
            for outcome in outcomes:
                if outcome.status == "lost":
                    lost.append(outcome.key)
                else:
                    self._take(outcome)
            self.progress.advance_to(len(self.report.outcomes) + engine.ended_in_hand())
        return lost

    def _hand_out(self, queue: deque[Unit], lost: Sequence[str], one_at_a_time: bool) -> None:
        """Give the engine what it takes now; what another command has in hand goes to the end of the queue."""
        engine, held = self.engine, 0
        while len(queue) > held and engine.free and not (one_at_a_time and engine.busy) and self._may_go_on(lost):
            if (left := self._start(queue.popleft())) is not None:
                queue.append(left)
                held += 1
        if held and not engine.busy:
            time.sleep(TICK_S)

    def _start(self, unit: Unit) -> Unit | None:
        """Have the engine make what has not ended yet of a unit; return it when another command is making it."""
        left = self._without_ended(unit)
        if not left.runs:
            return None
        rival = self.in_hand.take([run.key for run in left.runs])
        if rival is not None:
            self._tell_of(rival)
            return left
        left = self._without_ended(left)  # it may have ended before it was ours
        if left.runs:
            self.engine.start(left)
        return None

    def _without_ended(self, unit: Unit) -> Unit:
        """Take what another command has made of a unit, or seen fail since this one began; return what is left."""
        failed = [failed_since(run, self.store, self.in_hand.began) for run in unit.runs]
        ended = {one.key: one for one in (*stored_outcomes(unit, self.store), *failed) if one is not None}
        self.in_hand.put_down(ended)
        for outcome in ended.values():
            self._take(outcome)
        return Unit(unit.replicate, tuple(run for run in unit.runs if run.key not in ended))

    def _tell_of(self, rival: Rival) -> None:
        """Say once of another command that it makes the same runs."""
        if rival.in_words not in self.met:
            self.met.add(rival.in_words)
            self.progress.say(
                f"another command makes runs of this study in {self.store.root.parent} ({rival.in_words}); "
                "what it makes is taken from there, and made here if it ends"
            )

    def _may_go_on(self, lost: Sequence[str]) -> bool:
        """Tell whether a further unit may be begun; before the first failure ends all, what was lost is tried alone."""
        if self.interrupt.asked:
            self.report.stop("interrupted", "interrupted")
        if self.limits.time_is_up:
            self.report.stop("time", "stopped, because the time of --max-hours is over")
        return not self.report.stopped and not (self.limits.fail_fast and lost)

    def _take(self, outcome: Outcome) -> None:
        if outcome.status == "full":
            self.report.stop("room", outcome.error)
        elif outcome.status == "left":
            self.report.stop("time", "stopped, because the time of --max-hours is over")
        else:
            self.report.outcomes.append(outcome)
        if outcome.status == "failed" and self.limits.fail_fast:
            raise _EnoughError

    def _blame(self, unit: Unit) -> Outcome:
        error = RunFailureError("its worker process died twice, the second time alone (killed, or out of memory?)")
        return record_failure(unit.runs[0], self.store, error)
