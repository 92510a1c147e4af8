"""W in C: compile ``workload.c`` where there is a compiler, and run it as a program of its own."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.workload import COMPILERS
from benchmarks.workload.law import COMMISSIONERS, SEED, STATES, World, thresholds
from benchmarks.workload.made import Made

SOURCE = Path(__file__).with_name("workload.c")
FLAGS = ("-std=c11", "-O3", "-march=native")


def compiler() -> str | None:
    """Return the path of a C compiler of this machine, None when there is none."""
    return next(filter(None, map(shutil.which, COMPILERS)), None)


def compile_to(program: Path) -> None:
    """Compile the program; raise RuntimeError when there is no compiler or it finds fault."""
    chosen = compiler()
    if chosen is None:
        raise RuntimeError("no C compiler")
    done = subprocess.run(
        [chosen, *FLAGS, "-o", str(program), str(SOURCE)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the C program does not compile:\n{done.stderr}")


def write_world(world: World, seed: int, path: Path) -> None:
    """Write what the program reads: five numbers, the tables, then service, commissioner and cell of each patient."""
    stays = thresholds(world)
    head = np.array([world.size, world.steps, world.per_year, stays.shape[1], seed], dtype=np.int32)
    given = np.zeros(world.size, dtype=[("service", "u1"), ("commissioner", "u1"), ("cell", "i2")])
    for name in given.dtype.names or ():
        given[name] = getattr(world, name)
    parts = (head, stays, world.rate, world.budget, world.cost, given)
    path.write_bytes(b"".join(part.tobytes() for part in parts))


@contextmanager
def compiled() -> Iterator[Path]:
    """Compile the program into a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "workload"
        compile_to(program)
        yield program


def run(world: World, seed: int = SEED) -> Made:
    """Compile and run; time and memory are the program's own, without reading the world and writing the counts."""
    with compiled() as program:
        given, counted = program.with_name("world"), program.with_name("counts")
        write_world(world, seed, given)
        done = subprocess.run([program, given, counted], capture_output=True, text=True, check=True)
        events, cpu_s, peak_kb = done.stdout.split()
        counts = np.fromfile(counted, dtype=np.int32).reshape(world.steps, COMMISSIONERS, STATES)
    return Made(counts, int(events), float(cpu_s), int(peak_kb) / 1024)
