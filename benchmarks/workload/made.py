"""What an implementation hands back, and how it is timed."""

import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

STATUS = Path("/proc/self/status")


class Made(NamedTuple):
    """The counts of a run, what it took, and the peak of the process's memory."""

    counts: npt.NDArray[np.int32]  # [steps, commissioners, states]
    events: int  # changes of state
    cpu_s: float  # set-up and run, without the drawing of the world
    peak_mb: float


def timed(work: Callable[[], tuple[npt.NDArray[np.int32], int]]) -> Made:
    """Run an implementation that returns counts and changes of state."""
    begun = time.process_time()
    counts, events = work()
    return Made(counts, events, time.process_time() - begun, peak_mb())


def peak_mb() -> float:
    """Return the peak of this process's memory in megabytes, its parent's left out where the system tells."""
    if STATUS.exists():
        lines = STATUS.read_text(encoding="ascii").splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
