"""Read what a study varies; every value is checked against what the parameter or lever declares."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pydantic import BaseModel, ValidationError

from sim.governance.levers import Levers
from sim.settings.hints import did_you_mean
from sim.settings.overrides import OPTION
from sim.settings.problem import Problem
from sim.settings.schema import Facts, facts, field_at, fields, models_in
from sim.settings.tree import Entry, Location, Node, entries, find
from sim.settings.validate import validate
from sim.specification.axes import (
    LEVERS,
    MOST_POINTS,
    Axis,
    Design,
    Point,
    Value,
    evenly_spaced,
    evenly_stepped,
    exact,
    number_of_points,
    steps_between,
    value_text,
)
from sim.specification.checks import entries_of
from sim.specification.parameters import ParameterSet

_PREFIX = "parameters."


@dataclass
class VaryReader:
    """One reading of the ``vary:`` of a study, with the problems found so far.

    ``refused`` names the axes that the schema has found wrong already.
    """

    root: Node
    refused: Collection[str] = ()
    problems: list[Problem] = field(default_factory=list)
    side_by_side: bool = False  # values of one axis may then come again, points may not

    def axes(self, design: Design | None) -> tuple[Axis, ...]:
        """Return the axes in the order of the file; with a design and no problem they can be combined."""
        self.side_by_side = design == "zip"
        written = {key: entry for key, entry in entries_of(self.root, "vary").items() if key not in self.refused}
        axes = tuple(axis for axis in (self._axis(key, entry) for key, entry in written.items()) if axis is not None)
        if design and axes and not (self.problems or self.refused):
            self._check_lengths(list(written.values()), axes, design)
        return axes

    def _complain(self, node: Node, location: Location, message: str, hint: str = "") -> None:
        self.problems.append(Problem(node.span, ("vary", *location), message, hint))

    def _axis(self, key: str, entry: Entry) -> Axis | None:
        declared = declared_at(key)
        if declared is None:
            message = "is no parameter and no lever"
            self.problems.append(Problem(entry.key_span, ("vary", key), message, _unknown_hint(key)))
            return None
        self._check_set_once(key, entry)
        before = len(self.problems)
        values: list[Value] = []
        for node, location in self._written(key, entry.node, declared):
            for value in self._checked(key, node, location):
                if value in values and not self.side_by_side:
                    self._complain(node, location, f"{value_text(value)} is given twice", "keep one")
                values.append(value)
        return Axis(key, declared.unit, tuple(values)) if len(self.problems) == before else None

    def _check_set_once(self, key: str, entry: Entry) -> None:
        """Refuse a parameter that is set beside its axis, where setting it would silently do nothing."""
        group, name = key.split(".")
        set_at = entries(find(self.root, ("parameters", group))[0]).get(name)
        if group == LEVERS or set_at is None:
            return
        if set_at.key_span.source.path in (entry.key_span.source.path, OPTION):
            hint = f"take it out here, or take `{key}` out of `vary`"
            self.problems.append(Problem(set_at.key_span, ("parameters", group, name), "is varied too", hint))

    def _written(self, key: str, node: Node, declared: Facts) -> Iterator[tuple[Node, Location]]:
        """Yield each value of an axis with the place where the user wrote it."""
        where: Location = (key,)
        if "values" in entries(node):
            where, node = (key, "values"), entries(node)["values"].node
        if isinstance(node.value, tuple):
            yield from ((item, (*where, index)) for index, item in enumerate(node.value))
            return
        [(form, below)] = entries(node).items()
        if declared.choices or declared.unit == "true or false":
            allowed = ", ".join(declared.choices) or "true, false"
            self._complain(node, (key,), f"wants a list of values, got a {form}", f"write `[{allowed}]`")
            return
        before = len(self.problems)
        numbers = {name: _number(entry.node.value) for name, entry in entries(below.node).items()}
        for value in (self._stepped if form == "range" else _spaced)(numbers, below.node, (key, form)):
            if len(self.problems) == before:  # one value out of bounds tells enough of its neighbours
                yield replace(below.node, value=value), (key, form)

    def _stepped(self, numbers: Mapping[str, float], node: Node, where: Location) -> Iterator[Value]:
        start, stop, step = (numbers[name] for name in ("from", "to", "step"))
        steps = steps_between(start, stop, step)
        arrives = exact(start) + steps * exact(step)
        if stop < start:
            self._complain(node, where, f"runs from {start:g} down to {stop:g}", "write the smaller number first")
        elif steps >= MOST_POINTS:
            self._complain(node, where, f"has more than {MOST_POINTS:,} values", "raise `step`")
        elif arrives != exact(stop):
            hint = f"write `to: {float(arrives):g}`, or `linspace: {{from, to, n}}`"
            self._complain(node, where, f"steps of {step:g} from {start:g} do not arrive at {stop:g}", hint)
        else:
            yield from evenly_stepped(start, stop, step)

    def _checked(self, key: str, node: Node, location: Location) -> Iterator[Value]:
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

    def _check_lengths(self, written: Sequence[Entry], axes: Sequence[Axis], design: Design) -> None:
        lengths = [len(axis.values) for axis in axes]
        if design == "zip":
            for entry, axis in zip(written, axes, strict=True):
                if len(axis.values) != lengths[0]:
                    message = f"is a list of length {len(axis.values)}, that of `{axes[0].key}` has length {lengths[0]}"
                    hint = "with `design: zip` all lists are equally long; or write `design: grid`"
                    self._complain(entry.node, (axis.key,), message, hint)
                    return
            combined = list(zip(*(axis.values for axis in axes), strict=True))
            twice = [number for number, point in enumerate(combined) if point in combined[:number]]
            for number in twice:
                self._complain(
                    written[0].node, (axes[0].key,), f"point {number + 1} repeats an earlier one", "keep one"
                )
        points = number_of_points(lengths, design)
        if points > MOST_POINTS:
            product = " x ".join(str(length) for length in lengths)
            hint = "vary fewer parameters, or give fewer values"
            node = find(self.root, ("vary",))[0]
            self._complain(node, (), f"{product} = {points:,} points, more than {MOST_POINTS:,}", hint)


def misfits(root: Node, points: Sequence[Point], build: Callable[[Point], object]) -> Iterator[Problem]:
    """Yield a problem for the first point whose values are each allowed but do not fit one another."""
    for point in points:
        try:
            build(point)
        except ValidationError as error:
            found = find(root, ("vary",))[1]
            why = "; ".join(str(detail.get("ctx", {}).get("error", detail["msg"])) for detail in error.errors())
            yield Problem(found, ("vary",), f"{point.in_words} do not fit one another: {why}")
            return


def declared_at(key: str) -> Facts | None:
    """Return what a parameter or lever declares, None for a key that is neither."""
    steps = key.split(".")
    if len(steps) != 2:
        return None
    model, location = (Levers, tuple(steps[1:])) if steps[0] == LEVERS else (ParameterSet, tuple(steps))
    info = field_at(model, location)
    return facts(info) if info is not None else None


def _keys() -> list[str]:
    groups = {name: next(models_in(info.annotation)) for name, info in fields(ParameterSet).items()}
    return [f"{LEVERS}.{name}" for name in fields(Levers)] + [
        f"{group}.{name}" for group, model in groups.items() for name in fields(model)
    ]


def _unknown_hint(key: str) -> str:
    known = _keys()
    bare = key.removeprefix(_PREFIX)
    if bare != key and bare in known:
        return f"`vary` names parameters without their heading; write `{bare}`"
    homes = [name for name in known if name.split(".")[1] == bare]
    if homes:
        return "write " + " or ".join(f"`{home}`" for home in homes)
    inside = [name for name in known if name.startswith(f"{bare}.")]
    if inside:
        return "write one of " + ", ".join(inside)
    return did_you_mean(bare, known) or "`sim explain parameters` and `sim explain levers` list them"


def _spaced(numbers: Mapping[str, float], node: Node, where: Location) -> Iterator[Value]:
    yield from evenly_spaced(numbers["from"], numbers["to"], int(numbers["n"]))


def _number(value: object) -> int | float:
    """Return a number that the schema has found to be one."""
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return value
