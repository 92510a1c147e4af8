"""What it costs to make a run besides the run itself, and what a second process brings: ``python -m benchmarks.study``.

The runs are those of no model: one that is over at once, so that all that is left is planning, checking, hashing and
writing, and one that computes for half a second. Each figure is the median of several repetitions, in turn.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.record import Table, keep, machine, rewrite
from sim.specification.load import load_study
from sim.specification.run import RunSpec, Study
from sim.study.bench import Bench
from sim.study.execute import execute
from sim.study.plan import make_plan
from sim.study.progress import Silent
from sim.study.store import Store

STUDY, COMPARED = "regional_2013", 2
RUNS = 400
LONG_RUNS = 48
CPU_S = 0.5
ROWS = 2_000
MS = 1000.0
WANTED_MS, WANTED_SHARE = 15.0, 0.95


def no_world(spec: RunSpec) -> None:
    """Load nothing."""


def at_once(specs: Sequence[RunSpec], world: Any) -> Iterator[tuple[RunSpec, Any]]:
    """Hand over each run as soon as it is asked for."""
    for spec in specs:
        yield spec, empty_result()


def half_a_second(specs: Sequence[RunSpec], world: Any) -> Iterator[tuple[RunSpec, Any]]:
    """Hand over each run after half a second of processor time."""
    for spec in specs:
        until = time.process_time() + CPU_S
        while time.process_time() < until:
            sum(range(10_000))
        yield spec, empty_result()


def empty_result() -> Any:
    """Return a result of nobody, which contradicts nothing."""
    import numpy as np

    from sim.model.result import REASONS

    people, services = np.zeros((2, 1, 1, 2, 1), dtype=np.int64), np.zeros(1, dtype=np.int64)
    return SimpleNamespace(
        people=people,
        reached=people,
        reasons=np.zeros((2, 1, 1, len(REASONS)), dtype=np.int64),
        starts=services,
        time_to_treatment=services,
        deaths_waiting=services,
        provider_income_pence=services,
        payments_pence=services,
        lives_checksum=0,
        twins_checksum=0,
    )


def as_many_rows_as_usual(result: Any, world: Any) -> dict[str, Any]:
    """Return a table about as long as that of a run of a few services."""
    numbers = [float(row) for row in range(ROWS)]
    return {
        "measure": ["access_from_diagnosis"] * ROWS,
        "geography": ["place"] * ROWS,
        "area": [f"E{row:08d}" for row in range(ROWS)],
        "service": ["all_patients"] * ROWS,
        "period_start": ["all"] * ROWS,
        "numerator": numbers,
        "denominator": numbers,
        "value": numbers,
        "unit": ["share of people in need"] * ROWS,
    }


@dataclass(frozen=True)
class Took:
    """Wall and processor seconds from the plan of a study to its last run, workers' start included."""

    wall: float
    cpu: float


def timed(study: Study, simulate: Callable[..., Any], workers: int) -> Took:
    """Make all runs of a study in a new store and say what that took."""
    bench = Bench(no_world, simulate, as_many_rows_as_usual, "0" * 64)
    with tempfile.TemporaryDirectory() as folder:
        store, wall, cpu = Store(Path(folder)), time.perf_counter(), sum(os.times()[:4])
        plan = make_plan(study, bench, store)
        report = execute(plan.missing, bench, store, workers, Silent())
        assert [outcome.status for outcome in report.outcomes] == ["done"] * plan.new
        return Took(time.perf_counter() - wall, sum(os.times()[:4]) - cpu)


def cases(study: Study) -> dict[str, Callable[[], Took]]:
    """Return what is measured."""
    short = replace(study, compare=study.compare[:COMPARED], replicates=RUNS // COMPARED)
    long = replace(short, replicates=LONG_RUNS // COMPARED)
    return {
        "start": lambda: timed(replace(short, compare=study.compare[:1], replicates=2), at_once, 2),
        "short, one": lambda: timed(short, at_once, 1),
        "short, two": lambda: timed(short, at_once, 2),
        "long, one": lambda: timed(long, half_a_second, 1),
        "long, two": lambda: timed(long, half_a_second, 2),
    }


def table(found: Mapping[str, Sequence[Took]]) -> Table:
    """Tabulate the medians beside what is wanted."""
    wall = {name: statistics.median(took.wall for took in each) for name, each in found.items()}
    cpu = {name: statistics.median(took.cpu for took in each) for name, each in found.items()}
    ms, two = MS / RUNS, 2 * (wall["short, two"] - wall["start"])
    runs, wanted = f"{RUNS} runs that are over at once", f"{WANTED_MS:.0f}"
    long = f"{LONG_RUNS} runs of {CPU_S} s"
    efficient = wall["long, one"] / (2 * (wall["long, two"] - wall["start"]))
    rows = (
        ("starting two worker processes, s", f"{wall['start']:.1f}", f"{cpu['start']:.1f}", ""),
        (
            f"a run of {runs}, one process, ms",
            f"{wall['short, one'] * ms:.1f}",
            f"{cpu['short, one'] * ms:.1f}",
            wanted,
        ),
        (
            f"a run of {runs}, two processes without their start, ms of each",
            f"{two * ms:.1f}",
            f"{(cpu['short, two'] - cpu['start']) * ms:.1f}",
            wanted,
        ),
        (f"efficiency of two processes without their start, {long}", f"{efficient:.0%}", "", f"{WANTED_SHARE:.0%}"),
        ("the same, their start included", f"{wall['long, one'] / (2 * wall['long, two']):.0%}", "", ""),
    )
    return Table("study", ("making runs", "wall", "processor", "wanted"), rows)


def kept(found: Mapping[str, Sequence[Took]]) -> dict[str, float]:
    """Return what has a target: the share of two processors that two processes use, and what a run takes besides."""
    wall = {name: statistics.median(took.wall for took in each) for name, each in found.items()}
    efficient = wall["long, one"] / (2 * (wall["long, two"] - wall["start"]))
    return {"two_processes_share": efficient, "overhead_ms": wall["short, one"] * MS / RUNS}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, help="how often everything is measured (default 5)")
    parser.add_argument("--record", action="store_true", help="keep what has a target, and rewrite the table")
    asked = parser.parse_args()
    repeats, measured = asked.repeats, cases(load_study(STUDY))
    found: dict[str, list[Took]] = {name: [] for name in measured}
    for _ in range(repeats):
        for name, measure in measured.items():
            found[name].append(measure())
    for shown in (machine(), table(found)):
        print(f"\n{shown.markdown()}")
    if asked.record:
        keep("study", kept(found), repeats)
        rewrite((table(found),))


if __name__ == "__main__":
    main()
