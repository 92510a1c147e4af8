"""Who clones the project and types `make demo` gets results, and nothing where it does not belong."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

STUDY = "tests/slow/small_study.yaml"
OUT = "results/small"
REGIMES_TIMES_REPLICATES = 4
DEVELOPMENT_TOOLS = ("hypothesis", "mypy", "pytest", "ruff")
INHERITED = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHONPATH", "VENV", "VIRTUAL_ENV")


def output_of(*words: str, within: Path, **environment: str) -> str:
    """Run a command as a newcomer's shell would and return what it printed; what it warns of is shown."""
    clean = {name: value for name, value in os.environ.items() if name not in INHERITED}
    return subprocess.run(
        words, cwd=within, env=clean | environment, stdout=subprocess.PIPE, text=True, check=True, timeout=900
    ).stdout


def make_demo(clone: Path) -> str:
    """Make the demo with the small study and no compiled rules of other checkouts at hand."""
    downloads = output_of(sys.executable, "-m", "pip", "cache", "dir", within=clone).strip()
    return output_of(
        *("make", "demo", f"STUDY={STUDY}", f"OUT={OUT}"),
        within=clone,
        PYTHON=getattr(sys, "_base_executable", sys.executable),
        PIP_CACHE_DIR=downloads,
        XDG_CACHE_HOME=str(clone.parent / "cache"),
    )


def written_runs(clone: Path) -> dict[str, int]:
    """Return when each finished run was written (ns); its folder is the beginning of its name."""
    files = (path for path in (clone / OUT).rglob("*.parquet") if path.parent.name == path.name[:2])
    return {path.name: path.stat().st_mtime_ns for path in files}


@pytest.mark.slow
def test_make_demo_works_from_a_fresh_clone_and_does_nothing_twice(repository: Path, tmp_path: Path) -> None:
    if shutil.which("git") is None or not (repository / ".git").exists():
        pytest.skip("a clone needs git and a checkout to clone from")
    clone = tmp_path / "clone"
    output_of("git", "clone", "--quiet", str(repository), str(clone), within=tmp_path)

    said = make_demo(clone)
    runs = written_runs(clone)
    said_again = make_demo(clone)

    lock = hashlib.sha256((clone / "requirements.lock").read_bytes()).hexdigest()
    installed = {path.name for path in clone.glob(".venv/lib/python3*/site-packages/*")}
    assert "installing" in said
    assert "compiling once" in said
    assert (clone / ".venv" / f".core-{lock}").exists()
    assert "mesa" in installed
    assert installed.isdisjoint(DEVELOPMENT_TOOLS)
    assert len(runs) == REGIMES_TIMES_REPLICATES
    assert list((clone / OUT).rglob("*.csv"))
    assert output_of("git", "status", "--porcelain", within=clone) == ""
    assert "installing" not in said_again
    assert "compiling" not in said_again
    assert written_runs(clone) == runs
