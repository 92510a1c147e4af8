"""What an execution may take, and what ends it before all runs are made."""

import math
import time
from dataclasses import dataclass

from sim.study.progress import duration

DEFAULT_RUN_S = 3600.0


class HaltError(Exception):
    """Work stops here through no fault of the run it was at, which is to be made another time."""


class TimeIsUpError(HaltError):
    """No further run is begun, because the time given to the execution is over."""


class RunTooLongError(RuntimeError):
    """A run took longer than a single run may."""

    def __init__(self, limit_s: float) -> None:
        super().__init__(f"took longer than {duration(limit_s)} (--max-minutes-per-run)")


@dataclass(frozen=True)
class Limits:
    """What an execution may take.

    ``run_s`` is the longest a run may take, in seconds; ``until`` the time after which no run is begun, in
    seconds since 1970; with ``fail_fast`` the first failure ends everything.
    """

    run_s: float = DEFAULT_RUN_S
    until: float = math.inf
    fail_fast: bool = False

    @property
    def time_is_up(self) -> bool:
        """Tell whether no further run is to be begun."""
        return time.time() >= self.until


USUAL = Limits()
"""What holds when nothing is said: an hour a run."""
