"""Whoever stops reading is not told off."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("words", [("explain", "parameters"), ("diff", "national_2013", "scg_2006"), ("check", "demo")])
def test_a_closed_pipe_ends_quietly(repository: Path, words: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "sim", *words]
    with subprocess.Popen(
        command, cwd=repository, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        process.stdout = None
        _, err = process.communicate(timeout=60)

    assert (process.returncode, err) == (0, "")
