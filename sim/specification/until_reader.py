"""Read when a study stops: the parts of ``until:`` against what the study compares and how often."""

from collections.abc import Iterator, Mapping, Sequence

from sim.settings.hints import did_you_mean
from sim.settings.problem import Problem
from sim.settings.tree import Location, Node, entries, find
from sim.specification.files import StudyFile
from sim.specification.run import Scenario
from sim.specification.until import FEWEST, Stopping, Until
from sim.specification.until_file import UntilFile, sides


def written(root: Node) -> Iterator[tuple[Location, Node]]:
    """Yield every rule with its place, whether one stands alone or several in a list."""
    entry = entries(root).get("until")
    if entry is None:
        return
    if isinstance(entry.node.value, tuple):
        yield from ((("until", index), item) for index, item in enumerate(entry.node.value))
    elif entries(entry.node):
        yield ("until",), entry.node


def check_contrasts(root: Node, names: Sequence[str], ids: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem for each side of a contrast that is not compared; named as compared, or by its id."""
    known = list(dict.fromkeys([*names, *ids]))
    for location, rule in written(root):
        entry = entries(rule).get("contrast")
        if entry is None or not isinstance(entry.node.value, str):
            continue
        for side in sides(entry.node.value) or ():
            if side not in known:
                hint = did_you_mean(side, known, listing="compared")
                yield Problem(entry.node.span, (*location, "contrast"), f"`{side}` is not among `compare`", hint)


def check_batches(root: Node) -> Iterator[Problem]:
    """Yield a problem where the first batch gives no interval, or is larger than the most replicates."""
    first = entries(root).get("replicates")
    rules = list(written(root))
    if first is None or not isinstance(first.node.value, int) or not rules:
        return
    batch = first.node.value
    if batch < FEWEST:
        message = f"is the first batch, and {batch} replicate gives no interval"
        yield Problem(first.node.span, ("replicates",), message, "write 4 or more")
    for location, rule in rules:
        entry = entries(rule).get("most_replicates")
        most = entry.node.value if entry else UntilFile.model_fields["most_replicates"].default
        if isinstance(most, int) and FEWEST <= most < batch:
            span = entry.node.span if entry else rule.span
            message = f"is {most}, fewer than the first batch of {batch} (`replicates`)"
            hint = f"write {batch} or more, or lower `replicates`"
            yield Problem(span, (*location, "most_replicates"), message, hint)


def stopping_of(content: StudyFile, root: Node, compared: Mapping[str, Scenario]) -> Stopping | None:
    """Return when a study stops, regimes by their ids; None when it runs a fixed number of replicates."""
    if content.until is None:
        return None
    rules = content.until if isinstance(content.until, list) else [content.until]
    found = [_rule(rule, place, compared) for rule, place in zip(rules, written(root), strict=True)]
    return Stopping(tuple(found), content.replicates)


def _rule(rule: UntilFile, place: tuple[Location, Node], compared: Mapping[str, Scenario]) -> Until:
    location, node = place
    first, second = (compared[name].id if name in compared else name for name in sides(rule.contrast) or ("", ""))
    return Until(
        half_width=rule.half_width,
        measure=rule.of,
        first=first,
        second=second,
        services=rule.services,
        confidence=rule.confidence,
        most_replicates=rule.most_replicates,
        spans={key: find(node, (key,))[0].span for key in UntilFile.model_fields},
        place=int(location[1]) if len(location) > 1 else None,
    )
