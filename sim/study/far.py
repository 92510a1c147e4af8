"""The engine whose workers are those of a Dask cluster."""

import itertools
import threading
import time
import uuid
import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from sim.study.bench import Bench, Outcome, RunFailureError, Unit, record_failure
from sim.study.cluster import PATIENCE_S, Cluster
from sim.study.engine import EngineStoppedError, stored_outcomes, stored_runs
from sim.study.limits import Limits, RunTooLongError
from sim.study.parcel import Order, Parcel, carry_out, sees_store, token_path
from sim.study.store import Store, StoreFullError

UNITS_PER_WORKER = 2
"""How many units a worker has at hand, so that it never waits for the next."""
SECONDS_BETWEEN_COUNTS = 5.0
NO_WORKERS_S = 60.0
"""How long a cluster may be without any worker before an execution gives up."""
RESTART_S = 60.0

News = tuple[float, Mapping[str, str]]
"""When the scheduler heard it, and which run of a task is being computed by which worker."""


@dataclass
class _Task:
    """A unit that the cluster has, and which of its runs it is computing where since when (by our clock)."""

    unit: Unit
    future: Any = None
    run: str = ""
    worker: str = ""
    since: float = field(default_factory=time.monotonic)


class DaskWorkers:
    """An engine of the workers of a cluster; their number may change while they work."""

    def __init__(self, cluster: Cluster, bench: Bench, store: Store, limits: Limits) -> None:
        self._cluster, self._client = cluster, cluster.client
        self._bench, self._store, self._limits = bench, store, limits
        self._token = f"sim-{uuid.uuid4().hex[:12]}"
        self._tasks: dict[str, _Task] = {}
        self._news = threading.Event()
        self._numbers = itertools.count()
        self._shared = False
        self._workers = cluster.workers
        self._counted = self._seen = time.monotonic()

    @property
    def free(self) -> bool:
        """Tell whether the workers have less at hand than they should."""
        return len(self._tasks) < UNITS_PER_WORKER * self._workers

    @property
    def busy(self) -> bool:
        """Tell whether the cluster has a unit."""
        return bool(self._tasks)

    def start(self, unit: Unit) -> None:
        """Send a unit to the cluster."""
        name = f"{unit.runs[0].key}-{self._token}-{next(self._numbers)}"
        root, identity = self._store.root.resolve(), self._cluster.identity
        order = Order(unit, self._bench, root, self._limits, self._token, identity, self._shared)
        task = self._tasks[name] = _Task(unit)  # before it is sent: its first news may come while submit returns
        task.future = self._client.submit(carry_out, order, key=name, pure=False)
        task.future.add_done_callback(lambda _: self._news.set())

    def outcomes(self, timeout_s: float) -> Sequence[Outcome]:
        """Return the outcomes of units that came back, waiting for one at most so many seconds."""
        self._news.wait(timeout_s)
        self._news.clear()
        self._look_after_cluster()
        ended = [name for name, task in self._tasks.items() if task.future.done()]
        came = [outcome for name in ended for outcome in self._came_back(name)]
        return [*came, *self._end_what_hangs()]

    def ended_in_hand(self) -> int:
        """Return how many runs of the units under way have been stored."""
        return stored_runs([task.unit for task in self._tasks.values()], self._store)

    def _look_after_cluster(self) -> None:
        """Count the workers now and then; raise EngineStoppedError when the scheduler or all workers are gone."""
        address, now = self._cluster.address, time.monotonic()
        if self._client.status != "running":
            raise EngineStoppedError(f"stopped, because the scheduler at {address} is gone")
        if now - self._counted < SECONDS_BETWEEN_COUNTS:
            return
        self._counted = now
        try:
            self._workers = len(self._client.nthreads())
        except (OSError, TimeoutError):
            raise EngineStoppedError(f"stopped, because the scheduler at {address} does not answer") from None
        self._seen = now if self._workers else self._seen
        if now - self._seen > NO_WORKERS_S:
            raise EngineStoppedError(f"stopped, because there are no workers left at {address}")

    def _came_back(self, name: str) -> list[Outcome]:
        """Unpack what came back; an error outside the runs is the error of all of them."""
        from distributed.scheduler import KilledWorker

        task = self._tasks[name]
        try:
            parcel = task.future.result(timeout=PATIENCE_S) if task.future.status == "finished" else None
            error = task.future.exception(timeout=PATIENCE_S) if task.future.status == "error" else None
        except TimeoutError:  # its worker was lost after it had finished: it is being made again
            return []
        except Exception as raised:
            parcel, error = None, raised
        del self._tasks[name]
        task.future.release()
        if parcel is not None:
            return self._unpacked(task.unit, parcel)
        if error is None or isinstance(error, KilledWorker) or task.future.status != "error":
            return self._lost(task.unit)
        failure = error if isinstance(error, Exception) else RunFailureError(f"the run ended by {error!r}")
        return [record_failure(run, self._store, failure) for run in task.unit.runs]

    def _unpacked(self, unit: Unit, parcel: Parcel) -> list[Outcome]:
        """Put into the store what a worker could not; return the outcomes of a unit."""
        try:
            for key, content in parcel.files.items():
                self._store.put(key, content)
            for key, failure in parcel.failures.items():
                self._store.write_failure(key, failure)
        except StoreFullError as error:
            return [Outcome(run.key, "full", error=str(error)) for run in unit.runs]
        return parcel.outcomes

    def _lost(self, unit: Unit) -> list[Outcome]:
        ended = stored_outcomes(unit, self._store)
        stored = {outcome.key for outcome in ended}
        return [*ended, *(Outcome(run.key, "lost") for run in unit.runs if run.key not in stored)]

    def _end_what_hangs(self) -> list[Outcome]:
        """End workers whose run takes too long; the run has failed, the others of its unit are sent out again."""
        now = time.monotonic()
        late = [name for name, task in self._tasks.items() if task.run and now - task.since > self._limits.run_s]
        return [outcome for name in late if self._is_there(name) for outcome in self._end(name)]

    def _is_there(self, name: str) -> bool:
        """Tell whether a task is with the worker we heard of; if that is lost, its clock stops until it begins anew."""
        task = self._tasks[name]
        with suppress(OSError, TimeoutError):
            if name not in self._client.processing().get(task.worker, ()):  # asked for a lost worker it would raise
                task.run = ""
                return False
        return True

    def _end(self, name: str) -> list[Outcome]:
        task = self._tasks.pop(name)
        where = self._where(name)
        task.future.cancel(force=True)
        with suppress(KeyError, OSError, TimeoutError):  # it has gone by itself, which is as well
            self._client.restart_workers([task.worker], timeout=RESTART_S, raise_for_error=False)
        ended = stored_outcomes(task.unit, self._store)
        stored = {outcome.key for outcome in ended}
        slow = next(run for run in task.unit.runs if run.key == task.run)
        if slow.key in stored:  # it was being written
            failed = []
        else:
            failed = [record_failure(slow, self._store, RunTooLongError(self._limits.run_s), where)]
        left = tuple(run for run in task.unit.runs if run.key not in stored and run is not slow)
        if left:
            self.start(Unit(task.unit.replicate, left))
        return [*ended, *failed]

    def _where(self, name: str) -> str:
        """Return where a task hangs, "" when its worker does not answer."""
        try:
            stacks: Mapping[str, Mapping[str, Sequence[str]]] = self._client.call_stack(keys=[name])
        except Exception:  # it is of use only to whoever reads the traceback
            return ""
        return "\n".join(line for found in stacks.values() for lines in found.values() for line in lines)

    def _hear(self, event: News) -> None:
        """Take note of the run that a task is at."""
        _, news = event
        task = self._tasks.get(news["task"])
        if task is not None:
            task.run, task.worker, task.since = news["run"], news["worker"], time.monotonic()

    def __enter__(self) -> Self:
        """Find out whether the workers share our store, and listen to them."""
        mine = token_path(self._store.root, self._token)
        mine.parent.mkdir(parents=True, exist_ok=True)
        mine.write_text(self._token, encoding="utf-8")
        found = self._client.run(sees_store, self._store.root.resolve(), self._token, on_error="return")
        self._shared = all(isinstance(name, str) and name and (mine.parent / name).exists() for name in found.values())
        self._client.subscribe_topic(self._token, _listener(self))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Listen no longer, and take back what was not begun; what is being computed on the cluster ends by itself."""
        with suppress(Exception):  # the scheduler has gone, and its topics with it
            self._client.unsubscribe_topic(self._token)
        for task in self._tasks.values():
            task.future.cancel(force=True)
        for probe in (self._store.root / "tmp").glob(f"*-{self._token}*"):
            probe.unlink(missing_ok=True)


def _listener(engine: DaskWorkers) -> Callable[[News], None]:
    """Return what hears the news of an engine and does not keep it: a client keeps the handlers of topics it left."""
    found = weakref.ref(engine)

    def hear(event: News) -> None:
        listening = found()
        if listening is not None:
            listening._hear(event)

    return hear
