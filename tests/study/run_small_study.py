"""Run the small study as a program of its own, so that a test can kill it: STORE WORKERS REPLICATES [NAMES].

WORKERS is a number, or the file of a Dask scheduler.
"""

import sys
from pathlib import Path

from sim.study.cluster import connected
from sim.study.execute import execute, execute_on
from sim.study.far import DaskWorkers
from sim.study.limits import USUAL
from sim.study.plan import make_plan
from sim.study.progress import Silent
from sim.study.store import Store
from tests.study import fakes


def main(root: str, workers: str, replicates: str, *names: str) -> None:
    store = Store(Path(root))
    plan = make_plan(fakes.study(names or ("slow", "slow_too"), int(replicates)), fakes.bench(), store)
    if workers.isdecimal():
        report = execute(plan.missing, fakes.bench(), store, int(workers), Silent())
    else:
        with connected(scheduler_file=workers) as cluster:
            engine = DaskWorkers(cluster, fakes.bench(), store, USUAL)
            report = execute_on(engine, plan.missing, store, Silent())
    sys.exit(130 if report.interrupted else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
