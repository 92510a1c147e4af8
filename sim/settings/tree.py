"""A YAML document as plain values that remember where each key and value was written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sim.settings.problem import Span

Scalar = str | int | float | bool | None
Location = tuple[str | int, ...]


@dataclass(frozen=True)
class Node:
    """One value: a scalar, a list of nodes, or a mapping of entries."""

    span: Span
    value: "Scalar | tuple[Node, ...] | Mapping[str, Entry]"


@dataclass(frozen=True)
class Entry:
    """One key of a mapping with its value."""

    key_span: Span
    node: Node


def plain(node: Node) -> object:
    """Return the value without positions: dict, list and scalars."""
    if isinstance(node.value, tuple):
        return [plain(item) for item in node.value]
    if isinstance(node.value, Mapping):
        return {key: plain(entry.node) for key, entry in node.value.items()}
    return node.value


def entries(node: Node) -> Mapping[str, Entry]:
    """Return the entries of a mapping node, none for anything else."""
    return node.value if isinstance(node.value, Mapping) else {}


def find(root: Node, location: Iterable[str | int]) -> tuple[Node, Span]:
    """Return the deepest node on the way to a location, and the span of its key (its own at the root)."""
    node, key_span = root, root.span
    for step in location:
        if isinstance(step, str) and step in entries(node):
            entry = entries(node)[step]
            node, key_span = entry.node, entry.key_span
        elif isinstance(step, int) and isinstance(node.value, tuple) and step < len(node.value):
            node = node.value[step]
            key_span = node.span
        else:
            break
    return node, key_span


def merge(base: Node, child: Node) -> Node:
    """Lay a child over its base: maps merge, scalars and lists replace; an empty map below a key replaces as well."""
    if not (isinstance(base.value, Mapping) and isinstance(child.value, Mapping)):
        return child
    merged = dict(base.value)
    for key, entry in child.value.items():
        below = merged.get(key)
        merged[key] = replace(entry, node=merge(below.node, entry.node)) if below and entries(entry.node) else entry
    return replace(child, value=merged)


def without(node: Node, key: str) -> Node:
    """Return a mapping node with one key taken out."""
    return replace(node, value={name: entry for name, entry in entries(node).items() if name != key})
