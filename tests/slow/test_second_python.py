"""Two Pythons, two Mesas, one lock: the results are the same to the last bit."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

STUDY = "tests/slow/small_study.yaml"
MINORS = (13, 12, 11)
CORE_ENDS = "# --- development ---"


def candidates(minor: int) -> list[str]:
    """List where a Python 3.<minor> may be: on the PATH, or among pyenv's versions, newest first."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    kept = sorted(pyenv.glob(f"versions/3.{minor}.*/bin/python"), reverse=True)
    return [*filter(None, [shutil.which(f"python3.{minor}")]), *map(str, kept)]


def works(python: str, minor: int) -> bool:
    """Say whether the interpreter starts, is what its name says, and can make an environment."""
    question = f"import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != (3, {minor}))"
    return subprocess.run([python, "-c", question], capture_output=True, check=False).returncode == 0


def another_python() -> str | None:
    minors = [minor for minor in MINORS if minor != sys.version_info.minor]
    found = (python for minor in minors for python in candidates(minor) if works(python, minor))
    return next(found, None)


def environment_of(python: str, folder: Path, repository: Path) -> str:
    """Make an environment with the lock's first section alone; return its interpreter."""
    core = folder / "core.txt"
    lock = (repository / "requirements.lock").read_text(encoding="utf-8")
    core.write_text(lock.split(CORE_ENDS, maxsplit=1)[0], encoding="utf-8")
    subprocess.run([python, "-m", "venv", folder / "env"], check=True)
    inside = str(folder / "env" / "bin" / "python")
    subprocess.run([inside, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", core], check=True)
    return inside


def digests(python: str, out: Path, repository: Path) -> dict[str, str]:
    command = [python, "-m", "sim", "run", STUDY, "--out", str(out), "--json"]
    result = subprocess.run(command, cwd=repository, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, str] = json.loads(result.stdout)["digests"]
    return found


@pytest.mark.slow
def test_another_python_computes_the_same_digests(repository: Path, tmp_path: Path) -> None:
    python = another_python()
    if python is None:
        pytest.skip("no other Python from 3.11 to 3.13 that runs and can make an environment was found")

    here = digests(sys.executable, tmp_path / "here", repository)
    there = digests(environment_of(python, tmp_path, repository), tmp_path / "there", repository)

    assert here
    assert there == here
