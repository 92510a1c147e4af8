"""Lay ``--set a.b.c=value`` over a tree; the schema then checks path and type like those of a file."""

from collections.abc import Callable, Collection, Sequence

from sim.settings.document import parse
from sim.settings.problem import ConfigError, Problem, Source, Span
from sim.settings.tree import Entry, Node, merge

OPTION = "--set"
_LAST = 1_000_000
Grammar = tuple[Callable[[str], tuple[str, ...]], Collection[str]]


def apply_overrides(
    root: Node,
    overrides: Sequence[str],
    home: Callable[[str], tuple[str, ...]] = lambda head: (),
    whole_below: Collection[str] = (),
) -> Node:
    """Return the tree with every override applied in order; values are YAML, and an empty map takes all away.

    ``home(head)`` names the keys to be put before a path that begins with ``head``; below the keys of
    ``whole_below`` the rest of a path is one key, dots included.
    Raises ConfigError for an override that is not of the form key=value.
    """
    source = Source(OPTION, tuple(overrides), _LAST)
    problems: list[Problem] = []
    for line, text in enumerate(overrides, start=1):
        try:
            root = merge(root, _override(text, line, source, (home, whole_below)))
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    return root


def _override(text: str, line: int, source: Source, grammar: Grammar) -> Node:
    path, equals, value = text.partition("=")
    whole = Span(source, line, 1, len(text))
    steps = path.strip().split(".")
    if not equals or not all(steps):
        hint = "write `--set horizon.years=10`"
        raise ConfigError([Problem(whole, (), f"wants key=value, got `{text}`", hint)])
    home, whole_below = grammar
    if steps[0].strip() in whole_below and len(steps) > 1:
        steps = [steps[0], ".".join(steps[1:])]
    # Newlines and spaces before the value put its line and column where the user wrote it.
    node = parse("\n" * (line - 1) + " " * (len(path) + 1) + value, source)
    spans = []
    column = len(path) - len(path.lstrip()) + 1
    for step in steps:
        spans.append(Span(source, line, column, len(step)))
        column += len(step) + 1
    prefix = home(steps[0])
    keys, key_spans = (*prefix, *steps), [spans[0]] * len(prefix) + spans
    for key, span in zip(reversed(keys), reversed(key_spans), strict=True):
        node = Node(span, {key: Entry(span, node)})
    return node
