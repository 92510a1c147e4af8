"""A study whose parent process is killed outright goes on where it stopped, and ends the same."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.study import fakes

REPLICATES = 20


def start(root: Path, repository: Path, workers: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.study.run_small_study", str(root), str(workers), str(REPLICATES)]
    return subprocess.Popen(command, cwd=repository)


def finished(root: Path) -> int:
    return len(list(root.glob("??/*.parquet")))


@pytest.mark.parametrize(("workers", "moment"), [(1, 1), (1, 9), (2, 5)])
def test_kill_and_go_on(tmp_path: Path, repository: Path, workers: int, moment: int) -> None:
    broken, whole = tmp_path / "broken", tmp_path / "whole"
    process = start(broken, repository, workers)
    while finished(broken) < moment:
        time.sleep(0.01)
        assert process.poll() is None
    process.kill()
    process.wait()
    time.sleep(0.5)
    left = fakes.digests(broken)
    time.sleep(0.5)
    assert finished(broken) == len(left), "a worker went on without its parent"
    assert moment <= len(left) < 2 * REPLICATES

    assert start(broken, repository, workers).wait() == 0
    assert start(whole, repository, 1).wait() == 0

    assert left.items() <= fakes.digests(broken).items()
    assert fakes.digests(broken) == fakes.digests(whole)
    assert len(fakes.digests(whole)) == 2 * REPLICATES
