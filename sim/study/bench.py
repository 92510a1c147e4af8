"""The unit of work: one replicate of the world, at one point, under all regimes that are still missing."""

import json
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from sim.model.result import RunResult
from sim.specification.run import RunSpec
from sim.study.provenance import (
    Stopwatch,
    Timing,
    checked_invariants,
    code_hash,
    code_record,
    environment,
    now_utc,
)
from sim.study.store import RESULT_SCHEMA, Store
from sim.study.table import Columns, result_digest

Status = Literal["done", "failed"]


class RunFailureError(RuntimeError):
    """A run ended without a result and without an error of its own (its worker died, or it never came)."""


def _nothing() -> None:
    """Prepare nothing."""


@dataclass(frozen=True)
class PlannedRun:
    """One run to be made: its key, what it is, and the names it goes by (which are not in the key)."""

    key: str
    spec: RunSpec
    canonical_spec: str
    labels: Mapping[str, Any]


@dataclass(frozen=True)
class Unit:
    """One replicate at one point: those of its runs that are not in the store."""

    replicate: int
    runs: tuple[PlannedRun, ...]


@dataclass(frozen=True)
class Bench:
    """The functions that a unit of work needs; all are importable, so that a worker can find them.

    ``prepare`` does once, before any run is timed, what would otherwise be done inside the first.
    """

    load_world: Callable[[RunSpec], Any]
    simulate: Callable[[Sequence[RunSpec], Any], Iterator[tuple[RunSpec, RunResult]]]
    tabulate: Callable[[RunResult, Any], Columns]
    data_hash: str
    code_hash: str = field(default_factory=code_hash)
    prepare: Callable[[], None] = _nothing


@dataclass(frozen=True)
class Outcome:
    """How one run ended."""

    key: str
    status: Status
    seconds: float = 0.0
    error: str = ""


def work(unit: Unit, bench: Bench, root: Path) -> Iterator[Outcome]:
    """Make every run of a unit, store each as it ends, and yield one outcome for each.

    When the shared pass raises, the runs that are left are tried one by one, so that a
    failure costs only the run it belongs to.
    """
    store = Store(root)
    left = {run.key: run for run in unit.runs}
    error: Exception | None = None
    try:
        for outcome in _make(unit.runs, bench, store):
            del left[outcome.key]
            yield outcome
    except Exception as raised:
        error = raised
    if error is not None and len(left) == 1:
        yield record_failure(next(iter(left.values())), store, error)
        return
    for run in left.values():
        yield _make_alone(run, bench, store)


def _make_alone(run: PlannedRun, bench: Bench, store: Store) -> Outcome:
    try:
        for outcome in _make((run,), bench, store):
            return outcome
        raise RunFailureError("the model ended without handing over this run")
    except Exception as error:
        return record_failure(run, store, error)


def _make(runs: Sequence[PlannedRun], bench: Bench, store: Store) -> Iterator[Outcome]:
    if code_hash() != bench.code_hash:
        raise RunFailureError("the model's code changed while the study was running; run the study again")
    watch = Stopwatch()
    world = bench.load_world(runs[0].spec)
    for spec, result in bench.simulate([run.spec for run in runs], world):
        run = next(run for run in runs if run.spec == spec)
        checks = checked_invariants(result)
        columns = bench.tabulate(result, world)
        checksums = {"lives": int(result.lives_checksum), "twins": int(result.twins_checksum)}
        digest = result_digest(columns, checksums)
        timing = watch.lap()
        evidence = {"result_digest": digest, "checksums": checksums, "invariants": checks}
        store.write(run.key, columns, _manifest(run, bench, timing) | evidence)
        yield Outcome(run.key, "done", timing.wall_s)


def _manifest(run: PlannedRun, bench: Bench, timing: Timing) -> dict[str, Any]:
    return _record(run) | {
        "status": "done",
        "data_hash": bench.data_hash,
        "timing": asdict(timing),
    }


def record_failure(run: PlannedRun, store: Store, error: Exception) -> Outcome:
    """Write the row of a failed run: what went wrong, where, and all that is needed to repeat it."""
    failure = _record(run) | {
        "status": "failed",
        "error": type(error).__name__,
        "message": str(error),
        "traceback": "".join(traceback.format_exception(error)),
    }
    store.write_failure(run.key, failure)
    return Outcome(run.key, "failed", error=f"{type(error).__name__}: {error}")


def _record(run: PlannedRun) -> dict[str, Any]:
    return {
        "schema": RESULT_SCHEMA,
        "created_utc": now_utc(),
        "spec": json.loads(run.canonical_spec),
        "labels": dict(run.labels),
        "seed": {"root": run.spec.seed, "replicate": run.spec.replicate},
        "code": code_record(),
        "environment": environment(),
    }
