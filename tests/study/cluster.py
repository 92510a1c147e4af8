"""A Dask scheduler and its workers, started by Dask's own commands on the loopback and ended for certain."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE_S = 120.0
DASK = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "10 minutes",
    "DASK_DISTRIBUTED__ADMIN__TICK__LIMIT": "1h",
}


@dataclass
class Running:
    """What was started, and the file by which the scheduler is found."""

    scheduler_file: Path
    repository: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, module: str, *arguments: str, **environment: str) -> None:
        """Start one of Dask's commands in a process group of its own."""
        command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"]
        log = self.scheduler_file.with_name(f"{module}-{len(self.processes)}.log").open("wb")
        given: Mapping[str, str] = {**os.environ, **DASK, "PYTHONPATH": str(self.repository), **environment}
        self.processes.append(
            subprocess.Popen(
                command, cwd=self.scheduler_file.parent, env=given, start_new_session=True, stdout=log, stderr=log
            )
        )
        log.close()

    def start_worker(self, *arguments: str, **environment: str) -> None:
        """Start a worker with one thread, or as it is told."""
        own = arguments or ("--nthreads", "1")
        where = str(self.scheduler_file.parent)
        self.start(
            "dask_worker",
            "--scheduler-file",
            str(self.scheduler_file),
            "--host",
            "127.0.0.1",
            "--local-directory",
            where,
            *own,
            **environment,
        )

    def wait_for_workers(self, number: int) -> None:
        """Wait until so many workers have told the scheduler of themselves."""
        from distributed import Client

        with Client(scheduler_file=str(self.scheduler_file), timeout=PATIENCE_S, set_as_default=False) as client:
            client.wait_for_workers(number, timeout=PATIENCE_S)

    def kill(self, which: slice = slice(None)) -> None:
        """Kill some of what was started here, in the order of their start, with all their children."""
        for process in self.processes[which]:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=PATIENCE_S)


@contextmanager
def dask_cluster(folder: Path, repository: Path, workers: int = 2) -> Iterator[Running]:
    """Start a scheduler and some workers; all have answered when this returns."""
    running = Running(folder / "scheduler.json", repository)
    try:
        running.start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(running.scheduler_file)
        )
        for _ in range(workers):
            running.start_worker()
        wait_until(running.scheduler_file.exists)
        if workers:
            running.wait_for_workers(workers)
        yield running
    finally:
        running.kill()


def wait_until(holds: object) -> None:
    """Wait until something is so; fail when it takes too long."""
    assert callable(holds)
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
