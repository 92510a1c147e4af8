"""Benchmark H: how long it takes until anything happens: ``python -m benchmarks.starting [--record]``.

Every case is a fresh process, all in turn. Everything is compiled once, in a cache of its own, with a small run
on a synthetic world; the same small run from that cache is the warm start of a run.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

from benchmarks.record import Table, keep, rewrite

SMALL_RUN = ("-m", "sim.model.warm")
COMPILING = "compiling everything once, with a small run"
WARM, HELP = "the same small run from the cache", "sim --help"
CASES = {
    WARM: SMALL_RUN,
    "importing the model alone": ("-c", "import sim.model.run"),
    "importing Mesa and numba alone": ("-c", "import mesa, numba"),
    HELP: ("-m", "sim", "--help"),
    "sim explain": ("-m", "sim", "explain"),
    "sim check demo": ("-m", "sim", "check", "demo"),
}


class Seconds(NamedTuple):
    """How long a process took, its start included."""

    wall: float
    cpu: float


def seconds(*arguments: str, cache: str) -> Seconds:
    """Time one Python process that keeps what it compiles in a directory."""
    wall, cpu = time.perf_counter(), sum(os.times()[2:4])
    subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "XDG_CACHE_HOME": cache},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return Seconds(time.perf_counter() - wall, sum(os.times()[2:4]) - cpu)


def measured(repeats: int) -> dict[str, list[Seconds]]:
    """Compile once, then start every case as often as asked, in turn."""
    with tempfile.TemporaryDirectory() as cache:
        found = {COMPILING: [seconds(*SMALL_RUN, cache=cache)]}
        for _ in range(repeats):
            for name, arguments in CASES.items():
                found.setdefault(name, []).append(seconds(*arguments, cache=cache))
    return found


def median(times: list[Seconds]) -> Seconds:
    """Return the medians of wall and CPU seconds."""
    return Seconds(*(statistics.median(one) for one in zip(*times, strict=True)))


def tabulate(found: dict[str, list[Seconds]]) -> Table:
    """Tabulate all cases."""
    rows = [(name, *(f"{one:.2f}" for one in median(times)), str(len(times))) for name, times in found.items()]
    return Table("starts", ("a fresh process", "wall s", "CPU s", "times"), tuple(rows))


def main() -> None:
    """Measure, print the table and, when asked, record it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, help="starts of each case (default 5)")
    parser.add_argument("--record", action="store_true", help="keep the figures, and rewrite docs/performance.md")
    asked = parser.parse_args()
    found = measured(asked.repeats)
    table = tabulate(found)
    print(table.markdown())
    if asked.record:
        keep("starting", {"compile_s": median(found[COMPILING]).cpu}, 1)
        keep("starting", {"warm_s": median(found[WARM]).cpu, "help_s": median(found[HELP]).cpu}, asked.repeats)
        rewrite((table,))


if __name__ == "__main__":
    main()
