"""Compile the agents' rules, and never let a stale compiled rule answer.

Numba's own cache notices an edit of a rule's file, but not of a function that the rule calls. So the
cache lives in a directory named by the hash of every module that can hold or feed a rule; an edit
anywhere opens a fresh one. The same hash enters the key of every stored run.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar, cast

PACKAGE = Path(__file__).resolve().parent.parent
MODEL_PARTS = ("luck", "world", "agents", "governance", "phases", "model")
"""The parts whose code decides what a run computes; plotting and documents are not among them."""

UNCOUNTED: dict[str, Any] = {"_nrt": False}
"""Numba's option that leaves its runtime, which counts references, out of a function; its own type hints lack it."""

Rule = TypeVar("Rule", bound=Callable[..., Any])


@lru_cache(maxsize=1)
def model_hash() -> str:
    """Return the SHA-256 (hex) of the source of every module that can change a run's result."""
    digest = hashlib.sha256()
    for part in MODEL_PARTS:
        for path in sorted((PACKAGE / part).rglob("*.py")):
            digest.update(path.relative_to(PACKAGE).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def cache_directory() -> Path:
    """Name the directory that holds compiled rules of exactly this code, numba and Python."""
    home = os.environ.get("XDG_CACHE_HOME")
    base = Path(home) if home else Path.home() / ".cache"
    if not os.access(base if base.exists() else base.parent, os.W_OK):
        base = Path(tempfile.gettempdir())
    python = f"{sys.version_info.major}{sys.version_info.minor}"
    stamp = hashlib.sha256(f"{model_hash()} {version('numba')} {python}".encode()).hexdigest()
    return base / "commissioning-simulator" / stamp[:20]


os.environ["NUMBA_CACHE_DIR"] = str(cache_directory())

import numba  # noqa: E402  (numba reads its cache directory from the environment as it is imported)

numba.config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]  # type: ignore[attr-defined]  # when it was imported before us


def rule(function: Rule) -> Rule:
    """Compile an agent's rule once per machine; with NUMBA_DISABLE_JIT=1 the plain function runs.

    Numba counts the references to every table that a rule hands to a helper, up and down at each call, which for one
    patient takes longer than the rule. Whoever calls from Python holds the tables until the rule is done, so nothing
    needs to be counted. The price is that such a rule must make no array, as nobody would let go of it.
    """
    return cast(Rule, numba.njit(cache=True, nogil=True, **UNCOUNTED)(function))


def maker(function: Rule) -> Rule:
    """Compile a rule that makes an array; references are counted, so it is for what is called once for all agents."""
    return cast(Rule, numba.njit(cache=True, nogil=True)(function))


def copied(function: Rule) -> Rule:
    """Compile a small rule, to be copied into every rule that calls it.

    A call hands over every table of a roster, which takes longer than a few lines do. The compiler copies
    the smallest by itself, the others when it is told to. What is large or seldom called stays a rule, as each copy is
    compiled again.
    """
    return cast(Rule, numba.njit(cache=True, nogil=True, forceinline=True, **UNCOUNTED)(function))
