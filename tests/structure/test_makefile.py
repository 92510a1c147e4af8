"""The Makefile finds a Python it can use, or says in one line what would mend it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def script(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def make_environment(repository: Path, folder: Path, python: Path) -> subprocess.CompletedProcess[str]:
    """Ask make for an environment in the folder, where no other Python and no uv of this machine is seen."""
    for tool in filter(shutil.which, ("cut", "find", "make", "sh", "sha256sum", "shasum")):
        (folder / tool).symlink_to(str(shutil.which(tool)))
    inherited = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    environment = {name: value for name, value in os.environ.items() if name not in inherited}
    environment["PATH"] = str(folder)
    venv = folder / "env"
    return subprocess.run(
        [folder / "make", f"PYTHON={python}", f"VENV={venv}", f"{venv}/bin/python"],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_that_is_missing_is_named(repository: Path, tmp_path: Path) -> None:
    result = make_environment(repository, tmp_path, tmp_path / "python9")

    assert result.returncode != 0
    assert "python9 does not run: install Python 3.11 or newer" in result.stderr


def test_a_python_that_is_too_old_is_refused(repository: Path, tmp_path: Path) -> None:
    old = script(tmp_path / "old", f'case "$2" in *version_info*) exit 1;; *) exec {sys.executable} "$@";; esac')

    result = make_environment(repository, tmp_path, old)

    assert result.returncode != 0
    assert "old is older than Python 3.11" in result.stderr


def test_a_missing_venv_module_is_answered_with_the_line_that_installs_it(repository: Path, tmp_path: Path) -> None:
    bare = script(tmp_path / "bare", f'case "$2" in *ensurepip*) exit 1;; *) exec {sys.executable} "$@";; esac')

    result = make_environment(repository, tmp_path, bare)

    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert result.returncode != 0
    assert f"sudo apt-get install python{version}-venv" in result.stderr


def test_uv_helps_out_where_python_cannot(repository: Path, tmp_path: Path) -> None:
    script(tmp_path / "uv", f'echo "$@" > {tmp_path}/asked')

    result = make_environment(repository, tmp_path, tmp_path / "python9")

    assert result.returncode == 0
    assert (tmp_path / "asked").read_text().startswith("venv --quiet --seed")


def test_a_good_python_makes_the_environment(repository: Path, tmp_path: Path) -> None:
    result = make_environment(repository, tmp_path, Path(sys.executable))

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "env" / "bin" / "pip").exists()
