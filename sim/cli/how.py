"""The options of ``sim run`` that say how runs are made: within which limits, where, and which of them."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sim.cli.failure import UsageError
from sim.study.cluster import Cluster, ClusterError, connected
from sim.study.limits import DEFAULT_RUN_S, Limits
from sim.study.part import Part, one_run_of, shard_of

SECONDS_PER_MINUTE, SECONDS_PER_HOUR = 60.0, 3600.0
MOST_SECONDS = 366 * 24 * SECONDS_PER_HOUR


@dataclass(frozen=True)
class How:
    """The options as they were given; None where they were not, "" for a cluster that was not named."""

    minutes_per_run: float | None = None
    hours: float | None = None
    fail_fast: bool = False
    cluster: str = ""
    cluster_file: str = ""
    shard: str | None = None
    key: str | None = None
    pilot: bool = False

    def limits(self) -> Limits:
        """Return the limits, the time counted from now; raise UsageError on a time that is none."""
        run_s = _seconds("--max-minutes-per-run", self.minutes_per_run, SECONDS_PER_MINUTE)
        all_s = _seconds("--max-hours", self.hours, SECONDS_PER_HOUR)
        until = math.inf if all_s is None else time.time() + all_s
        return Limits(DEFAULT_RUN_S if run_s is None else run_s, until, self.fail_fast)

    def part(self) -> Part | None:
        """Return which part of the study is run, None for all of it; raise UsageError on one that is none."""
        for option, given in (("--shard", self.shard), ("--key", self.key)):
            if given is not None and not given.strip():  # an unset variable of a script must not run everything
                raise UsageError(f"{option} is empty; leave it out to run the whole study")
        if self.shard and self.key:
            raise UsageError("--shard and --key cannot be had together: --key is one run")
        try:
            if self.shard:
                return shard_of(self.shard)
            return one_run_of(self.key) if self.key else None
        except ValueError as error:
            raise UsageError(str(error)) from None

    def check_places(self, workers: str) -> None:
        """Raise UsageError when it is not clear where runs are to be made."""
        if self.cluster and self.cluster_file:
            raise UsageError("--cluster and --cluster-file both name a scheduler; give one of them")
        if (self.cluster or self.cluster_file) and workers != "auto":
            raise UsageError("--workers is for this machine; a cluster has the workers that it was started with")

    @contextmanager
    def cluster_in_use(self) -> Iterator[Cluster | None]:
        """Connect to the cluster, if one is asked for; raise UsageError when it cannot be used."""
        if not (self.cluster or self.cluster_file):
            yield None
            return
        try:
            with connected(self.cluster, self.cluster_file) as cluster:
                yield cluster
        except ClusterError as error:
            raise UsageError(str(error)) from None

    def lasting(self) -> Iterator[str]:
        """Yield the words that belong to a command that goes on or tries again, whichever runs it is about."""
        for option, value in (("--cluster", self.cluster), ("--cluster-file", self.cluster_file)):
            if value:
                yield from (option, value)
        if self.minutes_per_run is not None:
            yield from ("--max-minutes-per-run", f"{self.minutes_per_run:g}")


def _seconds(option: str, given: float | None, unit_s: float) -> float | None:
    if given is None:
        return None
    if not 0 < given * unit_s <= MOST_SECONDS:
        raise UsageError(f"{option} wants a number above 0 and at most {MOST_SECONDS / unit_s:,.0f}, got {given:g}")
    return given * unit_s


PLAIN = How()
"""All of a study, on this machine, within the usual limits."""
