"""Where a run comes from: its key, the code, data and machine that made it, and what was checked."""

import hashlib
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.luck.compiled import PACKAGE, model_hash
from sim.model.result import REASONS, RunResult
from sim.study.store import RESULT_SCHEMA

NUMERIC_PACKAGES = ("mesa", "numba", "numpy", "pandas", "pyarrow", "pydantic", "scipy")
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
)
BYTES_PER_MB = 1_000_000


class InvariantError(AssertionError):
    """A result contradicts itself; it is never stored as a finished run."""


@lru_cache(maxsize=1)
def code_hash() -> str:
    """Return the SHA-256 (hex) of all code that decides a results table: the model and its measures."""
    digest = hashlib.sha256(model_hash().encode())
    for path in sorted((PACKAGE / "measures").rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def run_key(canonical_spec: str, code: str, data: str) -> str:
    """Return the 16 hexadecimal digits that name a run: equal keys, equal results."""
    parts = {"spec": canonical_spec, "code": code, "data": data, "schema": RESULT_SCHEMA}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Timing:
    """What one run took."""

    wall_s: float
    cpu_s: float
    peak_mb: float


class Stopwatch:
    """Time the runs of one worker, one lap for each."""

    def __init__(self) -> None:
        self._wall = time.perf_counter()
        self._cpu = time.process_time()

    def lap(self) -> Timing:
        """Return the time since the last lap, with the peak memory of this process so far."""
        wall, cpu = time.perf_counter(), time.process_time()
        timing = Timing(round(wall - self._wall, 3), round(cpu - self._cpu, 3), peak_mb())
        self._wall, self._cpu = wall, cpu
        return timing


def peak_mb() -> float:
    """Return the largest memory this process has held, in millions of bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 if sys.platform == "darwin" else 1024
    return round(peak * unit / BYTES_PER_MB, 1)


def environment() -> dict[str, Any]:
    """Describe the machine and the packages; the host's name is not part of it."""
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": platform.machine(),
        "threads": {name: os.environ.get(name, "") for name in THREAD_VARIABLES},
        "packages": {name: _version(name) for name in NUMERIC_PACKAGES},
    }


@cache  # reading it takes longer than writing a run
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


@lru_cache(maxsize=1)
def git_state() -> dict[str, Any]:
    """Return the commit of the source tree and whether it was changed since; nulls outside a checkout."""
    folder = PACKAGE.parent
    if not (folder / ".git").exists():
        return {"commit": None, "changed": None}
    commit = _git(folder, "rev-parse", "HEAD")
    status = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return {"commit": commit, "changed": None if status is None else bool(status)}


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        answer = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def code_record() -> dict[str, Any]:
    """Describe the code of a run: package version, hashes, and the commit when there is one."""
    return {
        "package_version": sim.__version__,
        "model_hash": model_hash(),
        "code_hash": code_hash(),
        "git": git_state(),
    }


def now_utc() -> str:
    """Return the time now, to the second, in UTC (ISO 8601)."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def checked_invariants(result: RunResult) -> list[str]:
    """Return the names of the invariants that hold; raise InvariantError naming those that do not."""
    checks: Mapping[str, bool] = {
        "reasons sum to the people in need": bool(
            np.array_equal(result.reasons.sum(axis=-1), result.people.sum(axis=(-2, -1)))
        ),
        "people treated in time are those reached": bool(
            np.array_equal(result.reasons[..., REASONS.index("treated_in_time")], result.reached.sum(axis=(-2, -1)))
        ),
        "nobody is reached who was not in need": bool((result.reached <= result.people).all()),
        "no count is negative": all(
            bool((counts >= 0).all())
            for counts in (
                result.people,
                result.reached,
                result.reasons,
                result.starts,
                result.time_to_treatment,
                result.deaths_waiting,
            )
        ),
        "providers receive no more than payers pay": bool(
            result.provider_income_pence.sum() <= result.payments_pence.sum()
        ),
    }
    broken = [name for name, holds in checks.items() if not holds]
    if broken:
        raise InvariantError(f"the result contradicts itself: not true that {'; '.join(broken)}")
    return list(checks)
