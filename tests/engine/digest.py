"""One digest over everything a run hands over."""

import hashlib
from dataclasses import fields

import numpy as np

from sim.model.result import RunResult


def digest(result: RunResult) -> str:
    """Return the SHA-256 (hex) of every field of a result, floats to the last bit."""
    return _digest(result, floats=True)


def counts_digest(result: RunResult) -> str:
    """Return the SHA-256 (hex) of every field but those of floats."""
    return _digest(result, floats=False)


def _digest(result: RunResult, floats: bool) -> str:
    total = hashlib.sha256()
    for field in fields(result):
        value = getattr(result, field.name)
        if not isinstance(value, np.ndarray):
            total.update(f"{field.name}={value!r};".encode())
        elif floats or value.dtype.kind != "f":
            total.update(f"{field.name}:{value.dtype.str}{value.shape};".encode())
            total.update(np.ascontiguousarray(value).tobytes())
    return total.hexdigest()
