"""What every family of adapters shares."""

import math
from collections.abc import Callable
from typing import Any

from sim.measures.checks import weighted

Inputs = dict[str, Any]
Adapter = Callable[[Inputs, Inputs], dict[str, Any]]

LEVELS = {"95": 0.95, "998": 0.998}
"""The two levels of public-health practice, by the digits that end the names of fields."""


def at_levels(limits: Callable[[float], tuple[Any, Any]], pattern: str = "{side}{digits}") -> dict[str, Any]:
    """Evaluate limits at both levels and name them lower95, upper95 and so on."""
    got = {}
    for digits, confidence in LEVELS.items():
        for side, limit in zip(("lower", "upper"), limits(confidence), strict=True):
            got[pattern.format(side=side, digits=digits)] = limit
    return got


def numbers(values: list[Any]) -> list[float]:
    """Read a list in which null is a missing number."""
    return [math.nan if value is None else float(value) for value in values]


def mean(x: Any, weights: Any) -> float:
    """Return a weighted mean, refused where the measures refuse their input."""
    value, weight = weighted("mean", x, weights)
    return float((value * weight).sum())
