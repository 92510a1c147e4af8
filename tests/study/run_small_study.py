"""Run the small study as a program of its own, so that a test can kill it: STORE WORKERS REPLICATES [NAMES]."""

import sys
from pathlib import Path

from sim.study.execute import execute
from sim.study.plan import make_plan
from sim.study.progress import Silent
from sim.study.store import Store
from tests.study import fakes


def main(root: str, workers: str, replicates: str, *names: str) -> None:
    store = Store(Path(root))
    plan = make_plan(fakes.study(names or ("slow", "slow_too"), int(replicates)), fakes.bench(), store)
    report = execute(plan.missing, fakes.bench(), store, int(workers), Silent())
    sys.exit(130 if report.interrupted else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
