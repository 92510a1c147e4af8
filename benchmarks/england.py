"""Benchmark M: England at full size, a row for every patient: ``python -m benchmarks.england [--record]``.

Every figure comes from fresh processes, repeated in turn so that a busy minute hits all cases alike; the
median is shown. CPU seconds are what counts: they hardly feel what else the machine does.
"""

import argparse
import json
import statistics
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from benchmarks.record import Table, machine, rewrite

NATIONAL, LOCAL = "national_2022", "ics_2022"
LONG_YEARS = 12
STEPS = ("world", "population", "set-up", "simulation", "summary", "table")
NANO = 1e9


@dataclass(frozen=True)
class Case:
    """One run to be measured."""

    name: str
    regime: str
    years: int
    weight: int


def cases(years: int) -> tuple[Case, ...]:
    """List the full runs, and smaller ones that show how time grows."""
    return (
        Case(f"national commissioning, {years} years", NATIONAL, years, 1),
        Case(f"integrated care boards, {years} years", LOCAL, years, 1),
        Case(f"integrated care boards, {LONG_YEARS} years", LOCAL, LONG_YEARS, 1),
        Case(f"national commissioning, {years} years, a row for 10 people", NATIONAL, years, 10),
        Case("national commissioning, 1 year", NATIONAL, 1, 1),
    )


def one_run(case: Case) -> dict[str, Any]:
    """Make one run in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.one_run", case.regime, str(case.years), str(case.weight)]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(printed)
    return found


def measured(years: int, repeats: int) -> dict[Case, list[dict[str, Any]]]:
    """Make every run as often as asked, in turn; raise RuntimeError when two of a kind differ in a life."""
    found: dict[Case, list[dict[str, Any]]] = {case: [] for case in cases(years)}
    for _ in range(repeats):
        for case, runs in found.items():
            runs.append(one_run(case))
            print(f"  {case.name}: {runs[-1]['cpu']['simulation']:.1f} s", file=sys.stderr, flush=True)
    for case, runs in found.items():
        if len({run["checksum"] for run in runs}) > 1:
            raise RuntimeError(f"{case.name}: the same run gave different lives")
    return found


def median(runs: list[dict[str, Any]], kind: str, name: str) -> float:
    """Return the median seconds spent on one thing."""
    return float(statistics.median(run[kind][name] for run in runs))


def times(found: dict[Case, list[dict[str, Any]]]) -> Table:
    """Tabulate CPU seconds by step, and memory."""
    rows = []
    for case, runs in found.items():
        steps = [median(runs, "cpu", step) for step in STEPS]
        wall = statistics.median(sum(run["wall"].values()) for run in runs)
        peak = statistics.median(run["peak_mb"] for run in runs)
        patients = f"{runs[0]['patients']:,}"
        rows.append((case.name, patients, *(f"{step:.2f}" for step in (*steps, sum(steps), wall)), f"{peak:,.0f}"))
    return Table("times", ("run", "rows of patients", *STEPS, "CPU s in all", "wall s", "peak MB"), tuple(rows))


def rates(found: dict[Case, list[dict[str, Any]]]) -> Table:
    """Tabulate the time of the simulation for each patient, change of state and patient-month."""
    rows = []
    for case, runs in found.items():
        simulation = median(runs, "cpu", "simulation") * NANO
        patients, events = runs[0]["patients"], sum(runs[0]["events"].values())
        whole = sum(median(runs, "cpu", step) for step in STEPS) * NANO
        cells = (
            f"{events / patients:.2f}",
            *(
                f"{part:,.0f}"
                for part in (simulation / patients, simulation / events, whole / patients, whole / events)
            ),
        )
        rows.append((case.name, f"{events:,}", *cells))
    head = (
        "run",
        "changes of state",
        "a patient",
        "ns a patient",
        "ns a change",
        "all steps: ns a patient",
        "ns a change",
    )
    return Table("rates", head, tuple(rows))


def phases(found: dict[Case, list[dict[str, Any]]]) -> Table:
    """Tabulate the CPU seconds of every phase of the month in the two full runs."""
    full = [(case, runs) for case, runs in found.items() if case.weight == 1 and case.years > 1]
    names = list(full[0][1][0]["phases"])
    rows = [(name, *(f"{median(runs, 'phases', name):.2f}" for _, runs in full)) for name in names]
    return Table("phases", ("phase", *(case.name for case, _ in full)), tuple(rows))


def changes(found: dict[Case, list[dict[str, Any]]]) -> Table:
    """Tabulate what happened to patients in the two full runs."""
    full = [(case, runs[0]["events"]) for case, runs in found.items() if case.weight == 1 and case.years > 1]
    rows = [(name, *(f"{events[name]:,}" for _, events in full)) for name in full[0][1]]
    return Table("changes", ("change of state", *(case.name for case, _ in full)), tuple(rows))


def main() -> None:
    """Measure, print the tables and, when asked, put them into docs/performance.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", type=int, default=5, help="simulated years of the full runs (default 5)")
    parser.add_argument("--repeats", type=int, default=3, help="how often everything is measured (default 3)")
    parser.add_argument("--record", action="store_true", help="rewrite the tables of docs/performance.md")
    asked = parser.parse_args()
    found = measured(asked.years, asked.repeats)
    tables = (machine(), times(found), rates(found), changes(found), phases(found))
    for table in tables:
        print(f"\n{table.markdown()}")
    if asked.record:
        rewrite(tables)


if __name__ == "__main__":
    main()
