"""Python in a process of its own, so that what one test compiles or switches off is no other test's."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def python(*arguments: str, folder: Path, **environment: str) -> str:
    """Run Python in a folder and return what it printed; numpy's overflow warnings are errors."""
    command = [sys.executable, "-W", "error::RuntimeWarning", *arguments]
    found = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def mixed_runs(repository: Path, *names: str, **environment: str) -> dict[str, Any]:
    """Return the digests and signatures of runs made in a process of their own."""
    printed: dict[str, Any] = json.loads(
        python("-m", "tests.engine.mixed_runs", *names, folder=repository, **environment)
    )
    return printed
