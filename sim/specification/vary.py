"""Read what a study varies; every value is checked against what the parameter or lever declares."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from sim.settings.overrides import OPTION
from sim.settings.problem import Problem
from sim.settings.tree import Entry, Node, entries, find
from sim.specification.axes import LEVERS, Axis, Point, Value, value_text
from sim.specification.axis_reader import INTERVALS, AxisReader, form_of
from sim.specification.checks import entries_of
from sim.specification.design import MOST_POINTS, Design
from sim.specification.design_checks import method_written

ONE_AT_A_TIME = "one_at_a_time"
COMBINING = ("grid", "zip")
"""The designs that need values, written down."""


@dataclass
class VaryReader:
    """One reading of the ``vary:`` of a study, with the problems found so far.

    ``refused`` names the axes that the schema has found wrong already.
    """

    root: Node
    refused: Collection[str] = ()
    reader: AxisReader = field(default_factory=AxisReader)

    @property
    def problems(self) -> list[Problem]:
        """Return what was found wrong."""
        return self.reader.problems

    def axes(self, design: Design | None) -> tuple[Axis, ...]:
        """Return the axes in the order of the file; with a design and no problem they can be combined."""
        method = method_written(self.root)
        node = find(self.root, ("vary",))[0] if "vary" in entries(self.root) else None
        if node is None or not (isinstance(node.value, tuple) or entries(node)):
            return ()
        if isinstance(node.value, tuple) != (method == "list"):
            self._complain_of_form(node, method)
            return ()
        self.reader.side_by_side = method in ("zip", "list")
        axes = self._of_points(node.value) if isinstance(node.value, tuple) else self._of_keys(method)
        if design is not None and axes and not (self.problems or self.refused):
            self._check_combined(axes, design)
        return axes

    def _complain_of_form(self, node: Node, method: str) -> None:
        if isinstance(node.value, tuple):
            hint = "write `key: [values]`; or `design: list`, if these are points"
            self.reader.complain(node, (), f"wants a mapping of keys, got a list (the design is {method})", hint)
        else:
            hint = "begin each point with `- `: `- {key: value, key: value}`"
            self.reader.complain(node, (), "wants a list of points with `design: list`, got a mapping", hint)

    def _of_keys(self, method: str) -> tuple[Axis, ...]:
        written = {key: entry for key, entry in entries_of(self.root, "vary").items() if key not in self.refused}
        axes = []
        for key, entry in written.items():
            axis = self.reader.axis(key, entry)
            if method != ONE_AT_A_TIME:
                self._check_set_once(key, entry)
            if method in COMBINING:
                self._check_form(key, entry, axis)
            if axis is not None:
                axes.append(axis)
        return tuple(axes)

    def _of_points(self, items: Sequence[Node]) -> tuple[Axis, ...]:
        """Return one axis for each key of a list of points; all points give the same keys a value."""
        for number, item in enumerate(items):
            if not isinstance(item.value, Mapping) or not item.value:
                self.reader.complain(
                    item, (number,), "wants a point, a mapping of keys to values", "write `{key: value}`"
                )
        keys = list(dict.fromkeys(key for item in items for key in entries(item)))
        axes = []
        for key in keys:
            there = {number: entries(item).get(key) for number, item in enumerate(items)}
            number, first = next((number, entry) for number, entry in there.items() if entry is not None)
            declared = self.reader.known(key, first, (number, key))
            if declared is None:
                continue
            self._check_set_once(key, first)
            before = len(self.problems)
            values = list(self._of_one_key(key, items, there))
            if len(self.problems) == before:
                axes.append(Axis(key, declared.unit, tuple(values)))
        return tuple(axes)

    def _of_one_key(self, key: str, items: Sequence[Node], there: Mapping[int, Entry | None]) -> Iterator[Value]:
        for number, entry in there.items():
            if entry is not None:
                yield from self.reader.checked(key, entry.node, (number, key))
            elif entries(items[number]):
                hint = f"every point gives the same keys a value; add `{key}: …`"
                self.reader.complain(items[number], (number, key), "is missing", hint)

    def _check_set_once(self, key: str, entry: Entry) -> None:
        """Refuse a parameter that is set beside its axis, where setting it would silently do nothing."""
        group, _, name = key.partition(".")
        set_at = entries(find(self.root, ("parameters", group))[0]).get(name)
        if group == LEVERS or set_at is None:
            return
        if set_at.key_span.source.path in (entry.key_span.source.path, OPTION):
            hint = f"take it out here, or take `{key}` out of `vary`"
            self.problems.append(Problem(set_at.key_span, ("parameters", group, name), "is varied too", hint))

    def _check_form(self, key: str, entry: Entry, axis: Axis | None) -> None:
        """Refuse an interval where a design combines values that are written down."""
        form, node = form_of(entry.node)
        if form not in INTERVALS or axis is None:
            return
        instead = f"[{', '.join(map(value_text, axis.values))}]"
        if axis.interval is not None:
            low, high = axis.interval.low, axis.interval.high
            instead = f"linspace: {{from: {low:g}, to: {high:g}, n: 5}}"
        message = f"is an interval to draw from, and `design: {method_written(self.root)}` draws nothing"
        hint = f"write `{instead}`, or `design: {{method: lhs, samples: 100}}`"
        self.reader.complain(node, (key, form), message, hint)

    def _check_combined(self, axes: Sequence[Axis], design: Design) -> None:
        node = find(self.root, ("vary",))[0]
        lengths = [len(axis.values) for axis in axes]
        if design.method == "zip" and self._unequal(axes):
            return
        if design.method in ("zip", "list"):
            self._check_repeats(axes, node, design)
        if design.method == "morris":
            self._check_levels(axes, design)
        if design.number_of_points(lengths) > MOST_POINTS:
            hint = "vary fewer parameters, or give fewer values"
            if design.sampled:
                hint = f"vary fewer parameters, or fewer {'trajectories' if design.trajectories else 'samples'}"
            self.reader.complain(node, (), f"{design.arithmetic(lengths)}, more than {MOST_POINTS:,}", hint)

    def _unequal(self, axes: Sequence[Axis]) -> bool:
        length = len(axes[0].values)
        odd = next((axis for axis in axes if len(axis.values) != length), None)
        if odd is not None:
            message = f"is a list of length {len(odd.values)}, that of `{axes[0].key}` has length {length}"
            hint = "with `design: zip` all lists are equally long; or write `design: grid`"
            self.reader.complain(entries_of(self.root, "vary")[odd.key].node, (odd.key,), message, hint)
        return odd is not None

    def _check_repeats(self, axes: Sequence[Axis], node: Node, design: Design) -> None:
        seen = set[tuple[Value, ...]]()
        for number, point in enumerate(zip(*(axis.values for axis in axes), strict=True)):
            if point in seen:
                listed = node.value[number] if isinstance(node.value, tuple) else entries(node)[axes[0].key].node
                where = (number,) if design.method == "list" else (axes[0].key,)
                self.reader.complain(listed, where, f"point {number + 1} repeats an earlier one", "keep one")
            seen.add(point)

    def _check_levels(self, axes: Sequence[Axis], design: Design) -> None:
        """Refuse more listed values than there are levels, since some would never be tried."""
        for axis in axes:
            if axis.interval is None and axis.count > design.levels:
                entry = entries_of(self.root, "vary")[axis.key]
                message = f"has {axis.count} values, and {design.levels} levels never reach them all"
                enough = axis.count + axis.count % 2
                self.reader.complain(entry.node, (axis.key,), message, f"write `levels: {enough}` under `design`")


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
