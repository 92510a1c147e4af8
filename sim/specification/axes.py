"""What a study varies: axes of values, the points they span, and the study at one of them."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Literal, TypeVar

from pydantic import BaseModel

from sim.governance.matrix import Regime
from sim.specification.parameters import ParameterSet

Design = Literal["grid", "zip"]
Value = bool | int | float | str
LEVERS = "levers"
MOST_POINTS = 10_000
MOST_LISTED = 12
SHOWN_DIGITS = 6
LARGEST_WHOLE = 1e9

Group = TypeVar("Group", bound=BaseModel)


@dataclass(frozen=True)
class Axis:
    """One parameter or lever and the values it takes; levers are named ``levers.NAME``."""

    key: str
    unit: str
    values: tuple[Value, ...]

    @property
    def group(self) -> str:
        """Return the group of parameters, or ``levers``."""
        return self.key.split(".")[0]

    @property
    def name(self) -> str:
        """Return the key without its group."""
        return self.key.split(".")[1]

    @property
    def in_words(self) -> str:
        """List the values, of many only the first and the last."""
        words = [value_text(value) for value in self.values]
        if len(words) > MOST_LISTED:
            return f"{', '.join(words[:3])}, …, {words[-1]} ({len(words)} values)"
        return ", ".join(words)


@dataclass(frozen=True)
class Point:
    """One combination of values by the key of their axis; numbers count from 1 in the order of the study."""

    number: int
    values: tuple[tuple[str, Value], ...] = ()

    @property
    def in_words(self) -> str:
        """Word the point: ``levers.year_end carry, budget.plan_share_of_expected 0.98``."""
        return ", ".join(f"{key} {value_text(value)}" for key, value in self.values)


def number_of_points(lengths: Sequence[int], design: Design) -> int:
    """Return how many points axes of these lengths span; without an axis there is one."""
    return math.prod(lengths) if design == "grid" else min(lengths, default=1)


def points_of(axes: Sequence[Axis], design: Design) -> tuple[Point, ...]:
    """Return every combination (grid, the last axis fastest), or the first values together, then the second (zip)."""
    if not axes:
        return (Point(1),)
    values = [axis.values for axis in axes]
    combined: Iterable[tuple[Value, ...]] = product(*values) if design == "grid" else zip(*values, strict=True)
    keys = [axis.key for axis in axes]
    return tuple(Point(n, tuple(zip(keys, found, strict=True))) for n, found in enumerate(combined, start=1))


def parameters_at(parameters: ParameterSet, point: Point) -> ParameterSet:
    """Return the parameters with those of a point laid over them; raises ValidationError when they do not fit."""
    changed = {
        group: _with(getattr(parameters, group), changes)
        for group, changes in _by_group(point).items()
        if group != LEVERS
    }
    return parameters.model_copy(update=changed)


def regime_at(regime: Regime, point: Point) -> Regime:
    """Return a regime with the levers of a point; no lever acts in a benchmark, so it stays as it is.

    Raises ValidationError when the levers do not fit one another.
    """
    changes = _by_group(point).get(LEVERS)
    if not changes or regime.benchmark:
        return regime
    return replace(regime, levers=_with(regime.levers, changes))


def evenly_stepped(start: float, stop: float, step: float) -> Iterator[Value]:
    """Yield start, start + step, … up to and with stop, each the nearest number to its exact decimal value.

    >>> list(evenly_stepped(0.1, 0.4, 0.1))
    [0.1, 0.2, 0.3, 0.4]
    """
    first, width = exact(start), exact(step)
    for index in range(steps_between(start, stop, step) + 1):
        yield _nearest(first + index * width)


def steps_between(start: float, stop: float, step: float) -> int:
    """Return how many whole steps fit between two numbers."""
    return math.floor((exact(stop) - exact(start)) / exact(step))


def evenly_spaced(start: float, stop: float, count: int) -> Iterator[Value]:
    """Yield ``count`` numbers from start to stop at equal distances, both ends exact."""
    first, last = exact(start), exact(stop)
    yield from (_nearest(first + (last - first) * index / (count - 1)) for index in range(count))


def exact(number: float) -> Fraction:
    """Return the number that was written, not the nearest that a computer can hold.

    >>> exact(0.1)
    Fraction(1, 10)
    """
    return Fraction(Decimal(repr(number)))


def value_text(value: Value) -> str:
    """Write a value as a file would, numbers that are not whole to six digits.

    >>> value_text(True), value_text(0.98), value_text(1 / 3), value_text(13000.0), value_text("carry")
    ('true', '0.98', '0.333333', '13000', 'carry')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < LARGEST_WHOLE else f"{value:.{SHOWN_DIGITS}g}"
    return str(value)


def _nearest(number: Fraction) -> Value:
    """Return a whole number as such, which every schema takes, and the nearest float to any other."""
    return int(number) if number.denominator == 1 else float(number)


def _with(group: Group, changes: Mapping[str, Value]) -> Group:
    return type(group).model_validate({**group.model_dump(), **changes})


def _by_group(point: Point) -> dict[str, dict[str, Value]]:
    found: dict[str, dict[str, Value]] = {}
    for key, value in point.values:
        group, name = key.split(".")
        found.setdefault(group, {})[name] = value
    return found
