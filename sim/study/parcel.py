"""The far end of a cluster: what a worker on another machine does with a unit, and what it sends back."""

import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

import sim
from sim.study.bench import Bench, Outcome, Unit, work
from sim.study.engine import stored_outcomes
from sim.study.limits import Limits, TimeIsUpError
from sim.study.provenance import code_hash
from sim.study.store import Store, packed
from sim.study.table import Columns
from sim.world.world import DATA_DIRECTORY, sources_hash

DECISIVE_PACKAGES = ("numba", "numpy", "scipy")
"""The packages that compute what a run says."""

Identity = dict[str, str]


class DifferentWorkerError(RuntimeError):
    """A worker is not of the same version as the command that gives it work."""


@dataclass(frozen=True)
class Order:
    """A unit to be made elsewhere: ``token`` names this execution, and the file by which its store is known."""

    unit: Unit
    bench: Bench
    root: Path
    limits: Limits
    token: str
    identity: Identity
    store_is_shared: bool


@dataclass
class Parcel:
    """What comes back: outcomes, and where the store cannot be reached the files of runs and failures themselves."""

    outcomes: list[Outcome] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    failures: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, key: str, columns: Columns, manifest: Mapping[str, Any]) -> None:
        """Put the file of a finished run in."""
        self.files[key] = packed(key, columns, manifest)

    def write_failure(self, key: str, failure: Mapping[str, Any]) -> None:
        """Put the row of a failed run in."""
        self.failures[key] = dict(failure)


class Telegraph:
    """Tells the client which run of a task is being computed, so that it can end one that takes too long."""

    def __init__(self, order: Order) -> None:
        from distributed import get_worker

        self._limits, self._topic = order.limits, order.token
        self._worker = get_worker()
        self._task = self._worker.get_current_task()

    def begins(self, key: str) -> None:
        """Say that a run begins; raise TimeIsUpError when it must not."""
        if self._limits.time_is_up:
            raise TimeIsUpError
        self._say(key)

    def ends(self) -> None:
        """Say that no run is being computed."""
        self._say("")

    def _say(self, key: str) -> None:
        news = {"task": self._task, "run": key, "worker": self._worker.address}
        self._worker.log_event(self._topic, news)


def identity() -> Identity:
    """Return what must be equal everywhere for runs to be the same: versions, code and data."""
    return {
        "version": sim.__version__,
        "code": code_hash(),
        "data": sources_hash(DATA_DIRECTORY),
        **{package: version(package) for package in DECISIVE_PACKAGES},
    }


def introduce(dask_worker: Any) -> dict[str, Any]:
    """Return who a worker is: its identity, its Python, its threads, and whether something restarts it when it dies."""
    nanny = getattr(dask_worker, "nanny", None)
    return {
        "identity": identity(),
        "python": python_version(),
        "threads": dask_worker.state.nthreads,
        "nanny": nanny is not None,
    }


def token_path(root: Path, token: str) -> Path:
    """Return the file by which a worker recognises the store of the client."""
    return root / "tmp" / f"client-{token}"


@lru_cache(maxsize=8)
def sees_store(root: Path, token: str) -> str:
    """Return the name of a file that this worker wrote beside the client's, "" when it cannot read or write there."""
    try:
        if token_path(root, token).read_text(encoding="utf-8") != token:
            return ""
        mine = root / "tmp" / f"worker-{token}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        mine.write_text(token, encoding="utf-8")
    except OSError:
        return ""
    return mine.name


def carry_out(order: Order) -> Parcel:
    """Make a unit on this worker; into the store where that is shared, else into the parcel.

    Runs that are in the shared store already, because another worker was lost after it had made them, are not
    made again. Raise DifferentWorkerError on a worker of another version.
    """
    mine = identity_once()
    if mine != order.identity:
        raise DifferentWorkerError(f"the worker differs in {', '.join(differences(order.identity, mine))}")
    watch, parcel = Telegraph(order), Parcel()
    if not (order.store_is_shared and sees_store(order.root, order.token)):
        parcel.outcomes.extend(work(order.unit, order.bench, parcel, watch))
        return parcel
    store = Store(order.root)
    parcel.outcomes.extend(stored_outcomes(order.unit, store))
    there = {outcome.key for outcome in parcel.outcomes}
    left = tuple(run for run in order.unit.runs if run.key not in there)
    if left:
        parcel.outcomes.extend(work(Unit(order.unit.replicate, left), order.bench, store, watch))
    return parcel


@lru_cache(maxsize=1)
def identity_once() -> Identity:
    """Return the identity of this process, read once: its code is that with which it began."""
    return identity()


def differences(wanted: Identity, found: Identity) -> list[str]:
    """Name what differs, with both values; hashes are shortened."""
    return [
        f"{name} ({found.get(name, 'none')[:12]}, here {value[:12]})"
        for name, value in wanted.items()
        if found.get(name) != value
    ]
