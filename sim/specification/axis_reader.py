"""Read one axis of a study: its values, or its interval, each checked against what is declared."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pydantic import BaseModel

from sim.governance.levers import Levers
from sim.settings.problem import Problem
from sim.settings.schema import Facts
from sim.settings.tree import Entry, Location, Node, entries
from sim.settings.validate import validate
from sim.specification.axes import LEVERS, Axis, Interval, Value, value_text
from sim.specification.design import MOST_POINTS
from sim.specification.keys import declared_at, unknown_hint, words_of
from sim.specification.parameters import ParameterSet
from sim.specification.spacing import (
    evenly_spaced,
    evenly_stepped,
    exact,
    geometrically_spaced,
    nearest_number,
    steps_between,
)
from sim.specification.vary_files import PRIOR

UNIFORM = "uniform"
INTERVALS = (PRIOR, UNIFORM)
"""The forms that give an interval, not values."""


@dataclass
class AxisReader:
    """One reading of axes, with the problems found so far.

    Where axes go ``side_by_side``, values of one of them may come again; points may not.
    """

    problems: list[Problem] = field(default_factory=list)
    side_by_side: bool = False

    def complain(self, node: Node, location: Location, message: str, hint: str = "") -> None:
        """Note a problem with what stands below `vary:`."""
        self.problems.append(Problem(node.span, ("vary", *location), message, hint))

    def known(self, key: str, entry: Entry, location: Location) -> Facts | None:
        """Return what a key declares; of one that is no parameter and no lever note the problem."""
        declared = declared_at(key)
        if declared is None:
            message = "is no parameter and no lever"
            self.problems.append(Problem(entry.key_span, ("vary", *location), message, unknown_hint(key)))
        return declared

    def axis(self, key: str, entry: Entry) -> Axis | None:
        """Return the axis of one entry of `vary:`, None when something is wrong with it."""
        declared = self.known(key, entry, (key,))
        if declared is None:
            return None
        before = len(self.problems)
        form, node = form_of(entry.node)
        interval = None
        if form in INTERVALS and not words_of(declared):
            interval = self._interval(key, form, node, declared)
            values: list[Value] = [interval.low, interval.high] if interval is not None else []
        else:
            values = self._values(key, form, node, declared)
        return Axis(key, declared.unit, tuple(values), interval) if len(self.problems) == before else None

    def checked(self, key: str, node: Node, location: Location) -> Iterator[Value]:
        """Yield the value as its schema takes it (1 becomes 1.0 where numbers need not be whole)."""
        group, name = key.split(".")
        lever = group == LEVERS
        tree = Node(node.span, {name: Entry(node.span, node)})
        tree = tree if lever else Node(node.span, {group: Entry(node.span, tree)})
        model: type[BaseModel] = Levers if lever else ParameterSet
        content, problems = validate(model, tree)
        self.problems += [replace(problem, location=("vary", *location)) for problem in problems]
        if content is not None:
            yield getattr(content if lever else getattr(content, group), name)

    def _values(self, key: str, form: str, node: Node, declared: Facts) -> list[Value]:
        found: list[Value] = []
        for item, location in self._written((key, form), node, declared):
            for value in self.checked(key, item, location):
                if value in found and not self.side_by_side:
                    self.complain(item, location, f"{value_text(value)} is given twice", "keep one")
                found.append(value)
        return found

    def _written(self, where: tuple[str, str], node: Node, declared: Facts) -> Iterator[tuple[Node, Location]]:
        """Yield each value of an axis with the place where the user wrote it."""
        key, form = where
        if isinstance(node.value, tuple):
            location = where if form else where[:1]
            yield from ((item, (*location, index)) for index, item in enumerate(node.value))
            return
        words = words_of(declared)
        if words and form == PRIOR:
            for name, entry in entries(node).items():
                message = f"has no {name}: its prior is {', '.join(map(value_text, words))}, each with equal chance"
                self.complain(entry.node, (key, form, name), message, f"write `{PRIOR}` alone")
            yield from ((replace(node, value=word), where) for word in words)
            return
        if words:
            allowed = ", ".join(map(value_text, words))
            self.complain(node, (key,), f"wants a list of values, got a {form}", f"write `[{allowed}]`")
            return
        before = len(self.problems)
        for value in _SERIES[form](self, _numbers(node), node, where):
            if len(self.problems) == before:  # one value out of bounds tells enough of its neighbours
                yield replace(node, value=value), where

    def _interval(self, key: str, form: str, node: Node, declared: Facts) -> Interval | None:
        """Return an interval whose ends are allowed, in order and, of a prior, within what is declared."""
        ends = self._ends(key, form, node, declared)
        if ends is None:
            return None
        found: list[float] = []
        for number, (end, location) in ends:
            typed = replace(end, value=nearest_number(exact(number)))
            found += [value for value in self.checked(key, typed, location) if not isinstance(value, str)]
        if len(found) < len(ends):
            return None
        low, high = found
        if high <= low:
            message = f"runs from {low:g} to {high:g}, which is no interval"
            self.complain(node, (key, form), message, "write the smaller number first, or a single value in a list")
            return None
        return Interval(low, high, declared.whole)

    def _ends(
        self, key: str, form: str, node: Node, declared: Facts
    ) -> Sequence[tuple[float, tuple[Node, Location]]] | None:
        """Return both ends with the place where each is written, or stands for what is declared."""
        given = entries(node)
        if form == UNIFORM:
            named = [given[name] for name in ("from", "to")]
            places = [(entry.node, (key, form, name)) for entry, name in zip(named, ("from", "to"), strict=True)]
            return [(_number(end.value), (end, location)) for end, location in places]
        if declared.low is None or declared.high is None:
            hint = f"write `{{{UNIFORM}: {{from, to}}}}`"
            self.complain(node, (key,), "has no declared range", hint)
            return None
        ends: list[tuple[float, tuple[Node, Location]]] = []
        for name, default in (("low", declared.low), ("high", declared.high)):
            entry = given.get(name)
            if entry is None or entry.node.value is None:
                ends.append((default, (node, (key, form))))
                continue
            number = _number(entry.node.value)
            if not declared.low <= number <= declared.high:
                message = f"{number:g} lies outside the declared range {declared.plausible}"
                hint = f"a prior may be narrowed; for an interval of your own write `{{{UNIFORM}: {{from, to}}}}`"
                self.complain(entry.node, (key, form, name), message, hint)
                return None
            ends.append((number, (entry.node, (key, form, name))))
        return ends

    def _stepped(self, numbers: Mapping[str, float], node: Node, where: Location) -> Iterator[Value]:
        start, stop, step = (numbers[name] for name in ("from", "to", "step"))
        steps = steps_between(start, stop, step)
        arrives = exact(start) + steps * exact(step)
        if stop < start:
            self.complain(node, where, f"runs from {start:g} down to {stop:g}", "write the smaller number first")
        elif steps >= MOST_POINTS:
            self.complain(node, where, f"has more than {MOST_POINTS:,} values", "raise `step`")
        elif arrives != exact(stop):
            hint = f"write `to: {float(arrives):g}`, or `linspace: {{from, to, n}}`"
            self.complain(node, where, f"steps of {step:g} from {start:g} do not arrive at {stop:g}", hint)
        else:
            yield from evenly_stepped(start, stop, step)

    def _spaced(self, numbers: Mapping[str, float], node: Node, where: Location) -> Iterator[Value]:
        yield from evenly_spaced(numbers["from"], numbers["to"], int(numbers["n"]))

    def _growing(self, numbers: Mapping[str, float], node: Node, where: Location) -> Iterator[Value]:
        yield from geometrically_spaced(numbers["from"], numbers["to"], int(numbers["n"]))


_SERIES: Mapping[str, Callable[[AxisReader, Mapping[str, float], Node, Location], Iterator[Value]]] = {
    "range": AxisReader._stepped,
    "linspace": AxisReader._spaced,
    "logspace": AxisReader._growing,
}


def form_of(node: Node) -> tuple[str, Node]:
    """Return in which form an axis is written, "" for a list alone, and what is below that heading."""
    if isinstance(node.value, tuple):
        return "", node
    if node.value == PRIOR:
        return PRIOR, replace(node, value={})
    [(form, below)] = entries(node).items()
    return form, below.node


def _numbers(node: Node) -> dict[str, float]:
    return {name: _number(entry.node.value) for name, entry in entries(node).items()}


def _number(value: object) -> int | float:
    """Return a number that the schema has found to be one."""
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return value
