"""Whether the parts of a `design:` fit one another and what is varied."""

from collections.abc import Iterator, Mapping

from sim.settings.hints import nearest
from sim.settings.overrides import OPTION
from sim.settings.problem import Problem
from sim.settings.tree import Entry, Node, entries
from sim.specification.checks import entries_of
from sim.specification.design import METHODS, MORRIS_LEVELS, SAMPLED, Design
from sim.specification.vary_files import DesignFile

_SIZE = {"lhs": "samples", "sobol": "samples", "saltelli": "samples", "morris": "trajectories"}
_EXAMPLE = {"lhs": 200, "sobol": 256, "saltelli": 256, "morris": 20}
_FOR = {
    "samples": tuple(method for method, size in _SIZE.items() if size == "samples"),
    "trajectories": ("morris",),
    "levels": ("morris",),
    "seed": SAMPLED,
}
"""Which methods take which number."""


def method_written(root: Node) -> str:
    """Return the method that a study names, grid where it names none; it need not be one that exists."""
    entry = entries(root).get("design")
    if entry is None:
        return "grid"
    named = entries(entry.node).get("method")
    if named is None and entries(entry.node):
        return "grid"
    return str((named or entry).node.value)


def check_design(root: Node) -> Iterator[Problem]:
    """Yield a problem for each number that a method lacks, does not take, or cannot use."""
    entry = entries(root).get("design")
    method = method_written(root)
    if entry is None or method not in METHODS:
        return
    given = {name: found for name, found in entries_of(root, "design").items() if found.node.value is not None}
    named = entries(entry.node).get("method")
    for name, found in given.items():
        takers = _FOR.get(name, METHODS)
        if method not in takers and not (named and _lies_over(named, found)):
            size = _SIZE.get(method, "")
            hint = f"take it out, or write `method: {takers[0]}`" + (f"; {method} takes `{size}`" if size else "")
            message = f"is for {', '.join(takers)}, not for {method}"
            yield Problem(found.key_span, ("design", name), message, hint)
    size = _SIZE.get(method, "")
    misspelt = any(nearest(name, [size]) for name in given if name not in (*_FOR, "method"))
    if size and size not in given and not misspelt:
        hint = f"write `design: {{method: {method}, {size}: {_EXAMPLE[method]}}}`"
        yield Problem(entry.node.span, ("design", size), f"is missing, and {method} cannot do without", hint)
    if method in SAMPLED and not _varies(root):
        message = f"{method} has nothing to draw, since `vary` names nothing"
        yield Problem(entry.node.span, ("design",), message, "write `vary: {KEY: prior}`, or take `design` out")
    yield from _check_numbers(method, given)


def design_of(content: DesignFile, study_seed: int) -> Design:
    """Return the design that a file describes, in which ``check_design`` has found nothing wrong."""
    method, seed = content.method, study_seed if content.seed is None else content.seed
    return Design(
        method=method,
        samples=(content.samples or 0) if method in _FOR["samples"] else 0,
        trajectories=(content.trajectories or 0) if method in _FOR["trajectories"] else 0,
        levels=(content.levels or MORRIS_LEVELS) if method in _FOR["levels"] else 0,
        seed=seed if method in _FOR["seed"] else 0,
    )


def _lies_over(named: Entry, found: Entry) -> bool:
    """Tell whether a method was named by a file or option that builds on the file that gives a number.

    The number then belonged to the method that stood there before, and counts for nothing.
    """
    method, number = named.key_span.source, found.key_span.source
    if OPTION in (method.path, number.path):
        return method.path == OPTION != number.path
    return method.order < number.order


def _check_numbers(method: str, given: Mapping[str, Entry]) -> Iterator[Problem]:
    samples = given["samples"].node if method == "saltelli" and "samples" in given else None
    if samples is not None and isinstance(samples.value, int) and samples.value & (samples.value - 1):
        below = 1 << (samples.value.bit_length() - 1)
        message = f"wants a power of 2 with saltelli, got {samples.value}"
        yield Problem(samples.span, ("design", "samples"), message, f"write `{below}` or `{2 * below}`")
    levels = given["levels"].node if method == "morris" and "levels" in given else None
    if levels is not None and isinstance(levels.value, int) and levels.value % 2:
        message = f"wants an even number, got {levels.value}"
        yield Problem(levels.span, ("design", "levels"), message, f"write `{levels.value + 1}`")


def _varies(root: Node) -> bool:
    entry = entries(root).get("vary")
    return entry is not None and bool(entry.node.value)
