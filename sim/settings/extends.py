"""Follow ``extends:`` from file to file and lay the values of each over those it builds on.

Maps merge key by key, lists and single values replace, and so does an empty map: ``weights: {}`` takes over no weight.
"""

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from sim.settings.document import read_document, shown
from sim.settings.problem import ConfigError, Problem
from sim.settings.tree import Node, entries, merge, without

KEY = "extends"


class UnknownNameError(LookupError):
    """A name that leads to no file; the second argument is a hint."""


@dataclass
class FileLoader:
    """Read files with everything they extend.

    ``resolve(name, beside)`` turns a path or shipped name, written in the file ``beside``, into a path;
    it raises UnknownNameError(message, hint). The keys of ``about_itself`` describe the file they stand in
    and are not taken over by one that extends it.
    """

    resolve: Callable[[str, Path], Path]
    order: Iterator[int] = field(default_factory=count)
    about_itself: Collection[str] = ()

    def load(self, path: Path) -> Node:
        """Return the tree of a file merged over what it extends; raises ConfigError."""
        return self._load(path, ())

    def lineage(self, path: Path) -> list[Node]:
        """Return a file and all it builds on, each as it was written: itself, then whatever wins over what follows.

        For files that ``load`` has found sound.
        """
        root = read_document(path, next(self.order))
        found = [root]
        for base in reversed(list(_bases(root))):
            found += self.lineage(self.resolve(str(base.value), path))
        return found

    def _load(self, path: Path, chain: tuple[Path, ...]) -> Node:
        root = read_document(path, next(self.order))
        chain = (*chain, real(path))
        merged: Node | None = None
        for base_node in _bases(root):
            base = self._base(base_node, path, chain)
            self._same_kind(root, base, base_node)
            for key in self.about_itself:
                base = without(base, key)
            merged = base if merged is None else merge(merged, base)
        own = without(root, KEY)
        return own if merged is None else merge(merged, own)

    def _base(self, name: Node, path: Path, chain: tuple[Path, ...]) -> Node:
        try:
            target = self.resolve(str(name.value), path)
        except UnknownNameError as error:
            message, hint = error.args
            raise ConfigError([Problem(name.span, (KEY,), message, hint)]) from None
        if real(target) in chain:
            start = chain.index(real(target))
            circle = " -> ".join(shown(link) for link in (*chain[start:], real(target)))
            message = f"files extend one another in a circle: {circle}"
            raise ConfigError([Problem(name.span, (KEY,), message, "take one `extends:` out")])
        return self._load(target, chain)

    @staticmethod
    def _same_kind(root: Node, base: Node, name: Node) -> None:
        kinds = [entries(node)["schema"].node.value for node in (root, base) if "schema" in entries(node)]
        if len(kinds) == 2 and kinds[0] != kinds[1]:
            message = f"is a {kinds[1]} file and cannot be extended by a {kinds[0]} file"
            raise ConfigError([Problem(name.span, (KEY,), f"`{name.value}` {message}")])


def real(path: Path) -> Path:
    """Return a path without links; one that leads in a circle stays, for whoever opens it to say so."""
    return Path(os.path.realpath(path))


def _bases(root: Node) -> Iterator[Node]:
    entry = entries(root).get(KEY)
    if entry is None:
        return
    names = entry.node.value if isinstance(entry.node.value, tuple) else (entry.node,)
    for name in names:
        if not isinstance(name.value, str):
            message = "wants a path or a shipped name, or a list of them"
            raise ConfigError([Problem(name.span, (KEY,), message)])
        yield name
