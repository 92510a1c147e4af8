"""What a study varies: axes of values or intervals, the points they span, and the study at one of them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import TypeVar

from pydantic import BaseModel

from sim.governance.matrix import Regime
from sim.specification.design import Design
from sim.specification.parameters import ParameterSet
from sim.specification.sampling import unit_points

Value = bool | int | float | str
LEVERS = "levers"
MOST_LISTED = 12
SHOWN_DIGITS = 6
MOST_DIGITS = 12
LARGEST_WHOLE = 1e9

Group = TypeVar("Group", bound=BaseModel)


@dataclass(frozen=True)
class Interval:
    """All numbers from low to high with equal chance, or all whole ones where the parameter is ``whole``."""

    low: float
    high: float
    whole: bool = False

    @property
    def count(self) -> int:
        """Return how many whole numbers there are; 0 where there is a continuum."""
        return int(self.high) - int(self.low) + 1 if self.whole else 0

    def at(self, share: float) -> float:
        """Return the number at a share of the way from low to high, to six digits of the interval's width.

        So a point is what a table prints of it: typed in again, it is the same point.
        """
        width = self.high - self.low
        places = SHOWN_DIGITS - 1 - Decimal(repr(width)).adjusted()
        return min(max(round(self.low + width * share, places), self.low), self.high)


@dataclass(frozen=True)
class Axis:
    """One parameter or lever and the values it takes, or the interval they are drawn from.

    Levers are named ``levers.NAME``. Values beside an interval are its two ends.
    """

    key: str
    unit: str
    values: tuple[Value, ...]
    interval: Interval | None = None

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
        """List the values, of many only the first and the last; of an interval, tell its ends."""
        words = [value_text(value) for value in self.values]
        if self.interval is not None:
            return f"{words[0]} to {words[-1]}, {'whole numbers, ' if self.interval.whole else ''}uniform"
        if len(words) > MOST_LISTED:
            return f"{', '.join(words[:3])}, …, {words[-1]} ({len(words)} values)"
        return ", ".join(words)

    @property
    def count(self) -> int:
        """Return how many different values can be drawn; 0 for a continuum."""
        return self.interval.count if self.interval is not None else len(self.values)

    def at(self, share: float, levels: int = 0) -> Value:
        """Return the value that stands at a share (0 to 1) of the axis; discrete values have equal shares.

        With ``levels`` the share is one of so many grid points, each of which stands for an equal part of the axis.
        """
        if not self.count and self.interval is not None:
            return self.interval.at(share)
        index = min(int(share * self.count), self.count - 1)
        if levels:
            index = (round(share * (levels - 1)) * 2 + 1) * self.count // (2 * levels)
        return int(self.interval.low) + index if self.interval is not None else self.values[index]


@dataclass(frozen=True)
class Point:
    """One combination of values by the key of their axis; numbers count from 1 in the order of the study.

    An axis that is not named stands where the study, or each regime, has it.
    """

    number: int
    values: tuple[tuple[str, Value], ...] = ()

    @property
    def in_words(self) -> str:
        """Word the point: ``levers.year_end carry, budget.plan_share_of_expected 0.98``."""
        return ", ".join(f"{key} {value_text(value)}" for key, value in self.values)


def points_of(axes: Sequence[Axis], design: Design, own: Mapping[str, Value] | None = None) -> tuple[Point, ...]:
    """Return the points that axes span under a design.

    A grid has every combination, the last axis fastest; zip and list the first values together, then the second;
    one_at_a_time first the ``own`` values of the study, then each axis at each of its values with the others at
    theirs; the other designs draw.
    """
    return _points(tuple(axes), design, tuple((own or {}).items())) if axes else (Point(1),)


@lru_cache(maxsize=8)
def _points(axes: tuple[Axis, ...], design: Design, own: tuple[tuple[str, Value], ...]) -> tuple[Point, ...]:
    keys = [axis.key for axis in axes]
    if design.method == "one_at_a_time":
        start = dict(own)
        changed = [start, *({**start, axis.key: value} for axis in axes for value in axis.values)]
        in_order = [tuple((key, found[key]) for key in keys if key in found) for found in changed]
        return tuple(Point(number, values) for number, values in enumerate(in_order, start=1))
    found = tuple(_combined(axes, design))
    return tuple(Point(n, tuple(zip(keys, values, strict=True))) for n, values in enumerate(found, start=1))


def _combined(axes: Sequence[Axis], design: Design) -> Iterable[tuple[Value, ...]]:
    if design.sampled:
        for shares in unit_points(design, len(axes)):
            yield tuple(axis.at(share, design.levels) for axis, share in zip(axes, shares, strict=True))
        return
    values = [axis.values for axis in axes]
    yield from product(*values) if design.method == "grid" else zip(*values, strict=True)


def parameters_at(parameters: ParameterSet, point: Point) -> ParameterSet:
    """Return the parameters with those of a point laid over them; raises ValidationError when they do not fit."""
    changed = {
        group: _with(getattr(parameters, group), changes)
        for group, changes in _by_group(point).items()
        if group != LEVERS
    }
    return parameters.model_copy(update=changed)


def own_values(parameters: ParameterSet, axes: Sequence[Axis]) -> dict[str, Value]:
    """Return where the study itself stands on each axis; levers are not named, since each regime has its own."""
    return {axis.key: getattr(getattr(parameters, axis.group), axis.name) for axis in axes if axis.group != LEVERS}


def regime_at(regime: Regime, point: Point) -> Regime:
    """Return a regime with the levers of a point; no lever acts in a benchmark, so it stays as it is.

    Raises ValidationError when the levers do not fit one another.
    """
    changes = _by_group(point).get(LEVERS)
    if not changes or regime.benchmark:
        return regime
    return replace(regime, levers=_with(regime.levers, changes))


def value_text(value: Value) -> str:
    """Write a value as a file would; numbers with more than twelve digits to six of them.

    So what a design has rounded is written whole, and typed in again it is the same point.

    >>> value_text(True), value_text(0.98), value_text(1 / 3), value_text(13000.0), value_text("carry")
    ('true', '0.98', '0.333333', '13000', 'carry')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        if value.is_integer() and abs(value) < LARGEST_WHOLE:
            return f"{value:.0f}"
        short = math.isfinite(value) and len(Decimal(repr(value)).as_tuple().digits) <= MOST_DIGITS
        return repr(value) if short else f"{value:.{SHOWN_DIGITS}g}"
    return str(value)


def _with(group: Group, changes: Mapping[str, Value]) -> Group:
    return type(group).model_validate({**group.model_dump(), **changes})


def _by_group(point: Point) -> dict[str, dict[str, Value]]:
    found: dict[str, dict[str, Value]] = {}
    for key, value in point.values:
        group, name = key.split(".")
        found.setdefault(group, {})[name] = value
    return found
