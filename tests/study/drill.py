"""A study of forty runs of which one fails, one dies and one hangs; and a disk on which there is no room."""

import errno
import os
import time
from collections.abc import Iterator, Sequence
from typing import Any

from sim.model.result import RunResult
from sim.specification.run import RunSpec
from sim.study.bench import Bench
from tests.study import fakes, tables

FORTY = ["compare=[national_2013, scg_2006]", "replicates=20"]
FAILS, DIES, HANGS = ("national_2013", 3), ("scg_2006", 7), ("national_2013", 11)


def simulate(specs: Sequence[RunSpec], world: Any) -> Iterator[tuple[RunSpec, RunResult]]:
    for spec in specs:
        at = (spec.scenario_id, spec.replicate)
        if at == FAILS:
            raise ArithmeticError("the books do not balance")
        if at == DIES:
            os._exit(9)
        if at == HANGS:
            time.sleep(fakes.HANGS_S)
        yield spec, fakes.result(spec)


def crash(descriptor: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def world_on_a_full_disk(spec: RunSpec) -> Any:
    """Let nothing be written any more by this process."""
    os.fsync = crash
    return fakes.small_world(spec)


def bench(broken: bool = True) -> Bench:
    return Bench(fakes.small_world, simulate if broken else fakes.simulate, tables.tabulate_all, "0" * 64)
