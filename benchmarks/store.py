"""Time how long a large store takes to list and to read: ``python -m benchmarks.store [RUNS]``.

A store of tiny runs (two rows each, with the manifest of a real run) is built in a temporary directory; building is not
timed. Each action is timed without the index and with it.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from unittest import mock

from sim.specification.axes import Axis
from sim.specification.run import Study
from sim.study.bench import Bench, PlannedRun, Unit, work
from sim.study.collect import collect
from sim.study.index import FOLDER
from sim.study.plan import Plan, make_plan
from sim.study.status import status_of
from sim.study.store import Store
from sim.study.table import result_digest
from tests.study import fakes

RUNS = 10_000
REPLICATES = 10
OUTCOMES = {("access_from_diagnosis", "a"), ("access_from_diagnosis", "b")}
Made = TypeVar("Made")


def study_of(runs: int) -> Study:
    """Return a study of two regimes at as many points as so many runs need."""
    plain = fakes.study(replicates=REPLICATES)
    points = runs // (REPLICATES * len(plain.compare))
    axis = Axis("waiting.capacity_scale", "", tuple(round(0.5 + number / points, 9) for number in range(points)))
    return replace(plain, axes=(axis,))


def build(plan: Plan, bench: Bench, store: Store) -> None:
    """Write every run of a plan, without waiting for the disk."""
    runs = [run for unit in plan.missing for run in unit.runs]
    with mock.patch("os.fsync"):
        list(work(Unit(0, (runs[0],)), bench, store))
        first = store.manifest(runs[0].key)
        for run in runs[1:]:
            _write(run, first, store)


def _write(run: PlannedRun, like: dict[str, object], store: Store) -> None:
    result = fakes.result(run.spec)
    table, checksums = fakes.tabulate(result, None), {"lives": int(result.lives_checksum), "twins": 0}
    changes = {
        "spec": json.loads(run.canonical_spec),
        "labels": dict(run.labels),
        "checksums": checksums,
        "result_digest": result_digest(table, checksums),
    }
    store.write(run.key, table, {**like, **changes})


def timed(name: str, action: Callable[[], Made]) -> Made:
    """Do something and print what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    made = action()
    print(
        f"{name:<44}{time.perf_counter() - wall:8.2f} s wall {time.process_time() - cpu:8.2f} s processor", flush=True
    )
    return made


def measure(runs: int, root: Path) -> None:
    """Build a store and time what commands do with it."""
    study, bench, store = study_of(runs), fakes.bench(), Store(root)
    build(make_plan(study, bench, store), bench, store)
    print(f"{runs} runs in {len(study.points)} points")
    plan = make_plan(study, bench, store)
    actions: dict[str, Callable[[], object]] = {
        "plan": lambda: make_plan(study, bench, store),
        "status": lambda: status_of(study, bench, store),
        "collect the outcomes shown": lambda: collect(plan.runs, store, OUTCOMES),
        "collect everything": lambda: collect(plan.runs, store),
    }
    for name, action in actions.items():
        shutil.rmtree(root / FOLDER, ignore_errors=True)
        timed(f"{name}, without index", action)
        timed(f"{name}, with index", action)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS, Path(folder) / "store")
