"""A study whose parent process is killed or interrupted goes on where it stopped, and ends the same."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.study import fakes

REPLICATES = 20
PATIENCE_S = 60.0


def start(root: Path, repository: Path, workers: int, *names: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.study.run_small_study", str(root), str(workers), str(REPLICATES), *names]
    # Workers inherit the pipes, so they come to their end only when the last worker has gone.
    return subprocess.Popen(command, cwd=repository, process_group=0, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_for_runs(root: Path, number: int, process: subprocess.Popen[bytes]) -> None:
    while len(list(root.glob("??/*.parquet"))) < number:
        time.sleep(0.01)
        assert process.poll() is None


def finish(root: Path, repository: Path, workers: int) -> dict[str, str]:
    process = start(root, repository, workers)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    return fakes.digests(root)


@pytest.mark.parametrize(
    ("workers", "moment"),
    [(2, 5), pytest.param(1, 1, marks=pytest.mark.slow), pytest.param(1, 9, marks=pytest.mark.slow)],
)
def test_kill_and_go_on(tmp_path: Path, repository: Path, workers: int, moment: int) -> None:
    broken, whole = tmp_path / "broken", tmp_path / "whole"
    process = start(broken, repository, workers)
    wait_for_runs(broken, moment, process)

    process.kill()
    process.communicate(timeout=PATIENCE_S)  # returns only when no worker is left
    left = fakes.digests(broken)
    done = finish(broken, repository, workers)

    assert moment <= len(left) < 2 * REPLICATES
    assert left.items() <= done.items()
    assert done == finish(whole, repository, 1)
    assert len(done) == 2 * REPLICATES


def test_ctrl_c_in_a_terminal_reaches_the_workers_and_they_finish(tmp_path: Path, repository: Path) -> None:
    process = start(tmp_path, repository, 2)
    wait_for_runs(tmp_path, 3, process)

    os.killpg(process.pid, signal.SIGINT)  # a group of its own, so nobody else hears it
    _, said = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 130
    assert said == b""
    assert len(fakes.digests(tmp_path)) % 2 == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_a_second_ctrl_c_stops_at_once_and_leaves_no_worker(tmp_path: Path, repository: Path, workers: int) -> None:
    process = start(tmp_path, repository, workers, "north", "hangs")
    wait_for_runs(tmp_path, workers, process)

    for _ in range(2):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.5)
    process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 130
    assert len(fakes.digests(tmp_path)) == workers
