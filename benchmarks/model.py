"""M against W, and the measures against the run: ``python -m benchmarks.model [--weight 10] [--record]``.

In every round one run of England (M: set-up and simulation, every mechanism) and one run of W's engine with as many
patients take turns, each in a process of its own; CPU seconds for each change of state are compared. The same runs of
England give the share of the measures: summary and results table over all that comes before them.
"""

import argparse
import statistics
import sys
from typing import Any

from benchmarks.england import LOCAL, NATIONAL, STEPS, Case, one_run
from benchmarks.record import Table, keep, machine, rewrite
from benchmarks.workload import MONTHLY
from benchmarks.workload.__main__ import Case as SmallWorld
from benchmarks.workload.__main__ import run_once

MEASURES = ("summary", "table")
LIVED = ("set-up", "simulation")
NANO = 1e9
HEAD = ("run", "patients", "ns a change of state", "W at that size, ns", "M over W", "measures over the run")

Pair = tuple[dict[str, Any], dict[str, Any]]


def per_event(run: dict[str, Any]) -> float:
    """Return the nanoseconds of set-up and simulation for each change of state."""
    return float(sum(run["cpu"][step] for step in LIVED) / sum(run["events"].values()) * NANO)


def small_per_event(run: dict[str, Any]) -> float:
    """Return the same of a run of W."""
    return float(run["cpu_s"] / run["events"] * NANO)


def measures_over_run(run: dict[str, Any]) -> float:
    """Return what the measures take, over what the run before them takes."""
    before = sum(run["cpu"][step] for step in STEPS if step not in MEASURES)
    return float(sum(run["cpu"][step] for step in MEASURES) / before)


def measured(years: int, weight: int, repeats: int) -> dict[Case, list[Pair]]:
    """Make every round."""
    named = {NATIONAL: "national commissioning", LOCAL: "integrated care boards"}
    cases = [Case(f"{name}, {years} years", regime, years, weight) for regime, name in named.items()]
    found: dict[Case, list[Pair]] = {case: [] for case in cases}
    for _ in range(repeats):
        for case, pairs in found.items():
            run = one_run(case)
            pairs.append((run, run_once(SmallWorld("engine", run["patients"], MONTHLY))))
            print(f"  {case.name}: {over(pairs[-1]):.2f}, {measures_over_run(run):.3f}", file=sys.stderr, flush=True)
    return found


def over(pair: Pair) -> float:
    """Return the time of M for each change of state over that of W."""
    return per_event(pair[0]) / small_per_event(pair[1])


def tabulate(found: dict[Case, list[Pair]]) -> Table:
    """Tabulate the medians."""
    rows = []
    for case, pairs in found.items():
        shown = (
            f"{pairs[0][0]['patients']:,}",
            f"{statistics.median(per_event(run) for run, _ in pairs):,.0f}",
            f"{statistics.median(small_per_event(small) for _, small in pairs):,.0f}",
            f"{statistics.median(map(over, pairs)):.2f} ×",
            f"{statistics.median(measures_over_run(run) for run, _ in pairs):.2f} ×",
        )
        rows.append((case.name, *shown))
    return Table("model", HEAD, tuple(rows))


def worst(found: dict[Case, list[Pair]]) -> dict[str, float]:
    """Return the figures that have a target, of the regime that does worse."""
    return {
        "m_over_w": max(statistics.median(map(over, pairs)) for pairs in found.values()),
        "measures_over_run": max(
            statistics.median(measures_over_run(run) for run, _ in pairs) for pairs in found.values()
        ),
    }


def main() -> None:
    """Measure, print the table and, when asked, record it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", type=int, default=5, help="simulated years of M (default 5)")
    parser.add_argument("--weight", type=int, default=1, help="people for whom a row stands (default 1)")
    parser.add_argument("--repeats", type=int, default=5, help="rounds (default 5)")
    parser.add_argument("--record", action="store_true", help="keep the figures, and rewrite docs/performance.md")
    asked = parser.parse_args()
    found = measured(asked.years, asked.weight, asked.repeats)
    table = tabulate(found)
    print(f"{machine().markdown()}\n\n{table.markdown()}")
    if asked.record:
        keep("model", worst(found), asked.repeats)
        rewrite((table,))


if __name__ == "__main__":
    main()
