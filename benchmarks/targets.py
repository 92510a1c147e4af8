"""Every speed that was aimed at, and what was reached: ``python -m benchmarks.targets [--run] [--record]``.

Without ``--run`` the figures are those that each benchmark kept when it was last recorded (``benchmarks/results``).
"""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Literal, NamedTuple

from benchmarks.record import RESULTS, Table, kept_value, rewrite


class Target(NamedTuple):
    """One figure of a benchmark, and the bound it should keep."""

    measure: str
    sense: Literal["≥", "≤"]
    bound: float
    unit: str
    benchmark: str  # the module of this package that measures and keeps it
    figure: str

    def met_by(self, value: float) -> bool:
        """Tell whether a value keeps the bound."""
        return value >= self.bound if self.sense == "≥" else value <= self.bound

    def shown(self, value: float) -> str:
        """Write a value with its unit, to three figures."""
        return f"{float(f'{value:.3g}'):g} {self.unit}"


TARGETS = (
    Target("W: Mesa over the engine, 100,000 patients", "≥", 150, "×", "workload", "mesa_over_engine_100000"),
    Target("W: Mesa over the engine, 1,000,000 patients", "≥", 80, "×", "workload", "mesa_over_engine_1000000"),
    Target("W: the engine over C, 1,000,000 patients", "≤", 1.5, "×", "workload", "engine_over_c_1000000"),
    Target("W: weeks over months, 1,000,000 patients", "≤", 1.3, "×", "workload", "weekly_over_monthly_1000000"),
    Target("M over W, time for each change of state, as many patients", "≤", 2.5, "×", "model", "m_over_w"),
    Target("all measures of a run over the run", "≤", 0.15, "×", "model", "measures_over_run"),
    Target("three regimes of a replicate over three single runs", "≤", 0.85, "×", "shared", "three_over_singles"),
    Target("O over M, the same mechanisms, 1/50 of England", "≥", 100, "×", "oracle_ratio", "oracle_over_engine_50"),
    Target("M: power of the patients with which time grows", "≤", 1.1, "", "scaling", "power"),
    Target("M: memory beside the results", "≤", 64, "bytes a patient", "scaling", "bytes_a_patient"),
    Target("two processes: share of two processors used", "≥", 0.95, "", "study", "two_processes_share"),
    Target("what a run takes besides its model", "≤", 15, "ms", "study", "overhead_ms"),
    Target("sim --help", "≤", 0.3, "s", "starting", "help_s"),
    Target("compiling everything once", "≤", 45, "s", "starting", "compile_s"),
    Target("warm start of a run", "≤", 2.5, "s", "starting", "warm_s"),
)
"""Figures in seconds are CPU seconds; ratios are of CPU seconds too."""

OPTIONS = {"workload": ("--weekly",)}
"""What a benchmark is run with besides ``--record``."""


def tabulate(folder: Path = RESULTS) -> Table:
    """Tabulate all targets with what was kept."""
    rows = []
    for target in TARGETS:
        value = kept_value(target.benchmark, target.figure, folder)
        rows.append(
            (
                target.measure,
                f"{target.sense} {target.shown(target.bound)}",
                "not measured" if value is None else target.shown(value),
                "" if value is None else "yes" if target.met_by(value) else "no",
                f"`benchmarks.{target.benchmark}`",
            )
        )
    return Table("targets", ("measure", "target", "measured", "met", "by"), tuple(rows))


def run_all() -> None:
    """Run every benchmark that has a target, one after the other, and let it record itself."""
    for benchmark in dict.fromkeys(target.benchmark for target in TARGETS):
        print(f"benchmarks.{benchmark}", file=sys.stderr, flush=True)
        subprocess.run(
            [sys.executable, "-m", f"benchmarks.{benchmark}", *OPTIONS.get(benchmark, ()), "--record"], check=True
        )


def main() -> None:
    """Print the table of targets and, when asked, measure everything first and record it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", action="store_true", help="measure everything anew; about twenty minutes")
    parser.add_argument("--record", action="store_true", help="rewrite the table of docs/performance.md")
    asked = parser.parse_args()
    if asked.run:
        run_all()
    table = tabulate()
    print(table.markdown())
    if asked.record:
        rewrite((table,))


if __name__ == "__main__":
    main()
