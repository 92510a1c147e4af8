"""Run W once in this process and print what came of it: ``python -m benchmarks.workload.once IMPLEMENTATION N STEPS``.

STEPS is the number of steps in a year: 12 or 52. For C, N patients run in the program that is compiled first.
"""

import json
import sys
from importlib import import_module
from typing import Any

from benchmarks.workload.law import digest, draw_world

IMPLEMENTATIONS = {"engine": "engine", "C": "c_program", "numpy": "columnar", "Mesa": "mesa_objects"}
WARMING = 300


def once(implementation: str, size: int, per_year: int) -> dict[str, Any]:
    """Return the figures of one run; the engine's rules are compiled and loaded beforehand."""
    run = import_module(f"benchmarks.workload.{IMPLEMENTATIONS[implementation]}").run
    if implementation == "engine":
        run(draw_world(WARMING, per_year))
    made = run(draw_world(size, per_year))
    return {
        "cpu_s": made.cpu_s,
        "events": made.events,
        "peak_mb": made.peak_mb,
        "digest": digest(made.counts),
        "final": made.counts[-1].sum(axis=0).tolist(),
    }


if __name__ == "__main__":
    print(json.dumps(once(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
