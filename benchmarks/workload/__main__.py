"""Benchmark W: the engine against C, numpy and Mesa: ``python -m benchmarks.workload [--weekly] [--record]``.

Every run is a process of its own; all implementations take turns in every round, and ratios are taken inside
a round. CPU seconds of set-up and run; drawing the world, imports and compiling are left out. The engine and C
must agree in every count, and with the counts that are on record.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from benchmarks.record import Table, keep, machine, rewrite
from benchmarks.workload import COMPILERS, DIGESTS, MONTHLY, WEEKLY, YEARS

SIZES = (10_000, 100_000, 1_000_000)
IMPLEMENTATIONS = ("engine", "C", "numpy", "Mesa")
MESA_ONCE_FROM, MESA_NEVER_FROM = 20_000_000, 200_000_000
"""Patients times steps from which Mesa runs in the first round only, and not at all."""
STEPS = {MONTHLY: "month", WEEKLY: "week"}
NANO = 1e9
HEAD = ("implementation", "patients", "step", "CPU s", "ns a change of state", "× Mesa", "× C", "peak MB")


class Case(NamedTuple):
    """One implementation at one size, in steps of one length."""

    implementation: str
    size: int
    per_year: int


Round = dict[Case, dict[str, Any]]


def cases(sizes: Iterable[int], weekly: bool) -> list[Case]:
    """List what one round makes: everything in months, the engine in weeks, and everything in weeks when asked."""
    found = []
    for size in sizes:
        found += [Case(name, size, MONTHLY) for name in IMPLEMENTATIONS]
        in_weeks = IMPLEMENTATIONS if weekly else IMPLEMENTATIONS[:1]
        found += [Case(name, size, WEEKLY) for name in in_weeks]
    found = [case for case in found if case.implementation != "Mesa" or effort(case) < MESA_NEVER_FROM]
    if not any(map(shutil.which, COMPILERS)):
        print("no C compiler: the C program is left out", file=sys.stderr)
        found = [case for case in found if case.implementation != "C"]
    return found


def effort(case: Case) -> int:
    """Count patients times steps."""
    return case.size * case.per_year * YEARS


def run_once(case: Case) -> dict[str, Any]:
    """Make one run in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.workload.once", *map(str, case)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return found


def measured(wanted: Sequence[Case], repeats: int) -> list[Round]:
    """Make all rounds; what takes Mesa minutes is in the first round only."""
    rounds: list[Round] = []
    for number in range(repeats):
        rounds.append({})
        for case in wanted:
            if case.implementation == "Mesa" and effort(case) >= MESA_ONCE_FROM and number:
                continue
            rounds[-1][case] = found = run_once(case)
            print(f"  {number + 1}: {', '.join(map(str, case))}: {found['cpu_s']:.4f} s", file=sys.stderr, flush=True)
        check(rounds[-1])
    return rounds


def check(one: Round) -> None:
    """Raise RuntimeError when keyed implementations differ from each other or from the record."""
    for case, found in one.items():
        expected = DIGESTS.get(case.size) if case.per_year == MONTHLY else None
        twin = one.get(case._replace(implementation="C"))
        if case.implementation in ("engine", "C"):
            for other in filter(None, (expected, twin and twin["digest"])):
                if found["digest"] != other:
                    raise RuntimeError(f"{case}: counts {found['digest'][:12]} are not {other[:12]}")


def ratio(rounds: Sequence[Round], above: Case, below: Case) -> float | None:
    """Return the median, over rounds that made both, of one case's CPU time over another's; None without any."""
    both = [one[above]["cpu_s"] / one[below]["cpu_s"] for one in rounds if above in one and below in one]
    return statistics.median(both) if both else None


def median(rounds: Sequence[Round], case: Case, name: str) -> float:
    """Return the median of one figure of a case."""
    return float(statistics.median(one[case][name] for one in rounds if case in one))


def tabulate(rounds: Sequence[Round]) -> Table:
    """Tabulate every case."""
    rows = []
    for case in sorted(rounds[0], key=lambda case: (case.per_year, case.size)):
        cpu_s, peak = median(rounds, case, "cpu_s"), median(rounds, case, "peak_mb")
        mesa = ratio(rounds, case._replace(implementation="Mesa"), case)
        in_c = ratio(rounds, case, case._replace(implementation="C"))
        cells = (
            f"{cpu_s:.4f}" if cpu_s < 1.0 else f"{cpu_s:.2f}",
            f"{cpu_s / rounds[0][case]['events'] * NANO:,.0f}",
            "" if mesa is None else f"{mesa:,.1f}",
            "" if in_c is None else f"{in_c:,.2f}",
            f"{peak:,.0f}",
        )
        rows.append((case.implementation, f"{case.size:,}", STEPS[case.per_year], *cells))
    return Table("workload", HEAD, tuple(rows))


def for_targets(rounds: Sequence[Round], sizes: Iterable[int]) -> dict[str, float]:
    """Return the ratios that have a target."""
    found: dict[str, float | None] = {}
    for size in sizes:
        engine = Case("engine", size, MONTHLY)
        found[f"mesa_over_engine_{size}"] = ratio(rounds, engine._replace(implementation="Mesa"), engine)
        found[f"engine_over_c_{size}"] = ratio(rounds, engine, engine._replace(implementation="C"))
        found[f"weekly_over_monthly_{size}"] = ratio(rounds, engine._replace(per_year=WEEKLY), engine)
    return {name: value for name, value in found.items() if value is not None}


def main() -> None:
    """Measure, print the table and, when asked, record it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="patients (default %(default)s)")
    parser.add_argument("--repeats", type=int, default=5, help="rounds (default 5)")
    parser.add_argument("--weekly", action="store_true", help="let every implementation step through weeks as well")
    parser.add_argument("--record", action="store_true", help="keep the figures, and rewrite docs/performance.md")
    asked = parser.parse_args()
    sizes = tuple(map(int, asked.sizes.split(",")))
    rounds = measured(cases(sizes, asked.weekly), asked.repeats)
    table = tabulate(rounds)
    print(f"{machine().markdown()}\n\n{table.markdown()}")
    if asked.record:
        keep("workload", for_targets(rounds, sizes), asked.repeats)
        rewrite((table,))


if __name__ == "__main__":
    main()
