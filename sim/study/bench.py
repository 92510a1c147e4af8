"""The unit of work: one replicate of the world, at one point, under all regimes that are still missing."""

import json
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from sim.model.result import RunResult
from sim.specification.run import RunSpec
from sim.study.limits import HaltError, RunTooLongError, TimeIsUpError
from sim.study.provenance import (
    Stopwatch,
    Timing,
    checked_invariants,
    code_hash,
    code_record,
    environment,
    now_utc,
)
from sim.study.store import RESULT_SCHEMA, Keeper, StoreFullError
from sim.study.table import Columns, result_digest
from sim.study.watch import Nobody, Watch

Status = Literal["done", "failed", "lost", "full", "left"]
"""How a run ended; or that its worker was lost, that there was no room to keep it, that it was not begun."""


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
    """How one run ended, or why it did not."""

    key: str
    status: Status
    seconds: float = 0.0
    error: str = ""


def work(unit: Unit, bench: Bench, keeper: Keeper, watch: Watch | None = None) -> Iterator[Outcome]:
    """Make every run of a unit, keep each as it ends, and yield one outcome for each.

    When the shared pass raises, the runs that are left are tried one by one, so that a
    failure costs only the run it belongs to. Whoever watches is told which run is being computed.
    """
    watch = watch or Nobody()
    left = {run.key: run for run in unit.runs}
    try:
        for outcome in _each(unit.runs, bench, keeper, watch):
            del left[outcome.key]
            yield outcome
    except StoreFullError as error:
        yield from [Outcome(key, "full", error=str(error)) for key in left]
    except TimeIsUpError:
        yield from [Outcome(key, "left") for key in left]
    finally:
        watch.ends()


def _each(runs: Sequence[PlannedRun], bench: Bench, keeper: Keeper, watch: Watch) -> Iterator[Outcome]:
    left = {run.key: run for run in runs}
    error: Exception | None = None
    try:
        for outcome in _make(runs, bench, keeper, watch):
            del left[outcome.key]
            yield outcome
    except HaltError:
        raise
    except Exception as raised:
        error = raised
    if error is not None and (len(left) == 1 or isinstance(error, RunTooLongError)):
        # Runs are made in order, so the one that took too long is the first that is left.
        yield record_failure(left.pop(next(iter(left))), keeper, error)
    for run in left.values():
        yield _make_alone(run, bench, keeper, watch)


def _make_alone(run: PlannedRun, bench: Bench, keeper: Keeper, watch: Watch) -> Outcome:
    try:
        for outcome in _make((run,), bench, keeper, watch):
            return outcome
        raise RunFailureError("the model ended without handing over this run")
    except HaltError:
        raise
    except Exception as error:
        return record_failure(run, keeper, error)


def _make(runs: Sequence[PlannedRun], bench: Bench, keeper: Keeper, watch: Watch) -> Iterator[Outcome]:
    if code_hash() != bench.code_hash:
        raise RunFailureError("the model's code changed while the study was running; run the study again")
    clock = Stopwatch()
    watch.begins(runs[0].key)
    world = bench.load_world(runs[0].spec)
    for number, (spec, result) in enumerate(bench.simulate([run.spec for run in runs], world), start=1):
        run = next(run for run in runs if run.spec == spec)
        checks = checked_invariants(result)
        columns = bench.tabulate(result, world)
        checksums = {"lives": int(result.lives_checksum), "twins": int(result.twins_checksum)}
        digest = result_digest(columns, checksums)
        timing = clock.lap()
        watch.ends()  # what is finished is not to be ended while it is being written
        evidence = {"result_digest": digest, "checksums": checksums, "invariants": checks}
        keeper.write(run.key, columns, _manifest(run, bench, timing) | evidence)
        yield Outcome(run.key, "done", timing.wall_s)
        if number < len(runs):
            watch.begins(runs[number].key)


def _manifest(run: PlannedRun, bench: Bench, timing: Timing) -> dict[str, Any]:
    return _record(run) | {
        "status": "done",
        "data_hash": bench.data_hash,
        "timing": asdict(timing),
    }


def record_failure(run: PlannedRun, keeper: Keeper, error: Exception, where: str = "") -> Outcome:
    """Write the row of a failed run: what went wrong, where, and all that is needed to repeat it.

    ``where`` is the traceback when the error has none of its own. Without room to write it, the run has not failed.
    """
    failure = _record(run) | {
        "status": "failed",
        "error": type(error).__name__,
        "message": str(error),
        "traceback": "".join(traceback.format_exception(error)) + where,
    }
    try:
        keeper.write_failure(run.key, failure)
    except StoreFullError as full:
        return Outcome(run.key, "full", error=str(full))
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
