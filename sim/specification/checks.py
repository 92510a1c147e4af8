"""What the schemas cannot see: whether the parts of a file, and the files it names, fit one another."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel

from sim.governance.levers import Levers
from sim.governance.matrix import FUNCTIONS, GROUPS
from sim.settings.hints import did_you_mean
from sim.settings.problem import ConfigError, Problem
from sim.settings.schema import field_at, fields, keys_at
from sim.settings.tree import Entry, Location, Node, entries
from sim.specification.files import RegimeFile, ScenarioFile, StudyFile
from sim.specification.levels import comma_hint, known_levels, torn_unit, unit_codes, unit_hint
from sim.specification.run import Horizon, Scenario
from sim.specification.services import known_services

SCHEMAS: Mapping[str, type[BaseModel]] = {
    "sim/regime/1": RegimeFile,
    "sim/scenario/1": ScenarioFile,
    "sim/study/1": StudyFile,
}
Compared = Sequence[tuple[Node, Scenario]]
"""Each compared scenario with the place where the study names it."""


def entries_of(root: Node, key: str) -> Mapping[str, Entry]:
    """Return the entries of the mapping that stands under a key, none when there is none."""
    entry = entries(root).get(key)
    return entries(entry.node) if entry else {}


def check_kind(root: Node, wanted: type[BaseModel] | None = None) -> None:
    """Raise ConfigError for a file that does not say what it is, or is of another kind than is wanted."""
    entry = entries(root).get("schema")
    known = [name for name, model in SCHEMAS.items() if wanted in (None, model)]
    if wanted is ScenarioFile:
        known.insert(0, "sim/regime/1")
    if entry is None:
        hint = "begin the file with " + " or ".join(f"`schema: {name}`" for name in known)
        raise ConfigError([Problem(root.span, ("schema",), "is missing", hint)])
    if entry.node.value not in known:
        message = f"wants {' or '.join(known)}, got `{entry.node.value}`"
        hint = did_you_mean(str(entry.node.value), known) if entry.node.value not in SCHEMAS else "name another file"
        raise ConfigError([Problem(entry.node.span, ("schema",), message, hint)])


def check_own_id(root: Node, path: str, stem: str) -> Iterator[Problem]:
    """Yield a problem when the file at ``path`` has taken over the id of a file that it extends."""
    entry = entries(root).get("id")
    if entry and entry.key_span.source.path not in (path, "--set"):
        message = f"is taken over from the file that {path} extends"
        yield Problem(entry.node.span, ("id",), message, f"add `id: {stem}` to {path}")


def check_reasons(root: Node) -> Iterator[Problem]:
    """Yield a problem for each reason that is given for something no regime file can set."""
    paths = ["levers", *(f"levers.{name}" for name in fields(Levers))]
    paths += [f"matrix.{group}.{function}" for group in GROUPS for function in FUNCTIONS]
    for key, entry in entries_of(root, "reasons").items():
        path = steps_of(key)
        known = path == ("levers",) or (path[0] in ("levers", "matrix") and len(path) > 1)
        if not (known and (field_at(RegimeFile, path) or keys_at(RegimeFile, path))):
            hint = did_you_mean(key, paths, listing="such as")
            yield Problem(entry.key_span, ("reasons", key), "is no cell of the matrix and no lever", hint)


def steps_of(key: str) -> Location:
    """Take a dotted key apart: matrix.listed[0].budget is matrix, listed, 0, budget."""
    return tuple(int(step) if step.isdigit() else step for step in key.replace("[", ".").replace("]", "").split("."))


def check_units(root: Node) -> Iterator[Problem]:
    """Yield a problem for each unit of a ``where`` that its level does not have, or has more than once."""
    entry = entries(root).get("matrix")
    if entry is not None:
        yield from _check_units_below(entry.node, ("matrix",))


def _check_units_below(node: Node, location: Location) -> Iterator[Problem]:
    for index, item in enumerate(node.value if isinstance(node.value, tuple) else ()):
        yield from _check_units_below(item, (*location, index))
    for key, entry in entries(node).items():
        if key != "where":
            yield from _check_units_below(entry.node, (*location, key))
            continue
        for level, units in entries(entry.node).items():
            if isinstance(units.node.value, tuple) and level in known_levels():
                yield from _check_unit_list(level, units.node.value, (*location, key, level))


def _check_unit_list(level: str, items: Sequence[Node], location: Location) -> Iterator[Problem]:
    names = [str(item.value) for item in items]
    index = 0
    while index < len(items):
        found = unit_codes(level, names[index])
        whole, pieces = torn_unit(level, names[index:]) if not found else ("", 1)
        if len(found) != 1:
            message = f"`{names[index]}` is {'the name of several units' if found else 'no unit'} of {level}"
            hint = comma_hint(level, whole) if whole else unit_hint(level, names[index])
            yield Problem(items[index].span, (*location, index), message, hint)
        index += pieces


def check_listed(root: Node) -> Iterator[Problem]:
    """Yield a problem for each service that more than one list of services names."""
    entry = entries_of(root, "matrix").get("listed")
    rows = entry.node.value if entry and isinstance(entry.node.value, tuple) else ()
    first: dict[object, int] = {}
    for number, row in enumerate(rows):
        services = entries(row).get("services")
        items = services.node.value if services and isinstance(services.node.value, tuple) else ()
        for index, item in enumerate(items):
            before = first.setdefault(item.value, number)
            if before != number:
                message = f"`{item.value}` is in matrix.listed[{before}] as well"
                yield Problem(item.span, ("matrix", "listed", number, "services", index), message, "keep one")


def check_ids(found: Compared) -> Iterator[Problem]:
    """Yield a problem for each compared scenario whose id another one has."""
    seen: dict[str, object] = {}
    for index, (item, scenario) in enumerate(found):
        first = seen.setdefault(scenario.id, item.value)
        if first != item.value:
            message = f"has the id `{scenario.id}`, as has `{first}`"
            yield Problem(item.span, ("compare", index), message, "give one of them another `id:`")


def check_baseline(root: Node, names: Sequence[str], ids: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem when the baseline is not compared; it may be named as compared, or by its id."""
    entry = entries(root).get("baseline")
    known = list(dict.fromkeys([*names, *ids]))
    if entry is None or not isinstance(entry.node.value, str) or entry.node.value in known:
        return
    message = f"`{entry.node.value}` is not among `compare`"
    hint = did_you_mean(entry.node.value, known, listing="compared")
    yield Problem(entry.node.span, ("baseline",), message, hint)


def check_benchmark_alone(root: Node, timeline: Mapping[str, bool]) -> Iterator[Problem]:
    """Yield a problem for a benchmark among other regimes; ``timeline`` tells which months begin one."""
    found = entries_of(root, "timeline")
    for month, benchmark in timeline.items():
        if benchmark and len(found) > 1:
            node = found[month].node
            message = f"`{node.value}` is a benchmark, in which every mechanism is off, and stands alone"
            yield Problem(node.span, ("timeline", month), message, "compare it by its own name")


def check_distance(root: Node) -> Iterator[Problem]:
    """Yield a problem for a regime that speaks of distance and is no benchmark: there a parameter decides."""
    found = entries(root)
    said, benchmark = found.get("with_distance"), found.get("benchmark")
    if said is not None and said.node.value is True and (benchmark is None or benchmark.node.value is not True):
        message = "is for benchmarks alone; under any other regime distance matters as the study says"
        yield Problem(said.key_span, ("with_distance",), message, "add `benchmark: true`, or take it out")


def check_order(root: Node) -> Iterator[Problem]:
    """Yield a problem for each date of a timeline that stands after a later one in the same file."""
    latest: Entry | None = None
    month_before = ""
    for month, entry in entries_of(root, "timeline").items():
        same_file = latest is not None and latest.key_span.source.path == entry.key_span.source.path
        if latest is not None and same_file and month < month_before:
            message = f"stands after {month_before}, which is later"
            hint = f"write the dates in order; {month_before} is on line {latest.key_span.line}"
            yield Problem(entry.key_span, ("timeline", month), message, hint)
        else:
            latest, month_before = entry, month


def check_weights(root: Node) -> Iterator[Problem]:
    """Yield a problem for a weight of a service that the study does not simulate."""
    entry = entries(root).get("services")
    listed = entry.node.value if entry else None
    if not isinstance(listed, tuple):
        return
    names = [str(item.value) for item in listed]
    for service, weight in entries_of(root, "weights").items():
        if service in known_services() and service not in names:
            hint = did_you_mean(service, names, listing="they are")
            yield Problem(weight.key_span, ("weights", service), "is not among `services`", hint)


def check_dates(found: Compared, horizon: Horizon) -> Iterator[Problem]:
    """Yield a problem for a scenario that begins after the study, or changes after its end."""
    for index, (item, scenario) in enumerate(found):
        first, *later = (month for month, _ in scenario.timeline)
        where = ("compare", index)
        if first > horizon.start:
            message = f"`{scenario.id}` begins in {first}, after the study's start in {horizon.start}"
            yield Problem(item.span, where, message, "move `horizon.start`, or the timeline")
        for month in later:
            if month >= horizon.end:
                message = f"`{scenario.id}` changes in {month}, but the study ends before {horizon.end}"
                least = int(month[:4]) - int(horizon.start[:4]) - horizon.burn_in_years + 1
                hint = f"raise `horizon.years` to {least} or more, or take the date out of the timeline"
                yield Problem(item.span, where, message, hint)
