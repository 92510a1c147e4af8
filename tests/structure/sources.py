"""Read the package as syntax trees, without importing any of it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    path: str  # from the repository's root, with forward slashes
    text: str
    tree: ast.Module

    @property
    def part(self) -> str:
        """Return `luck` for sim/luck/draws.py, and nothing for a module directly under sim."""
        folders = Path(self.path).parts
        return folders[1] if len(folders) > 2 else ""

    @property
    def package(self) -> str:
        return ".".join(Path(self.path).parent.parts)


@cache
def sources() -> tuple[Source, ...]:
    paths = sorted((REPOSITORY / "sim").rglob("*.py"))
    return tuple(read(path.relative_to(REPOSITORY).as_posix(), path.read_text(encoding="utf-8")) for path in paths)


def read(path: str, text: str) -> Source:
    return Source(path, text, ast.parse(text, path))


def imported(source: Source) -> Iterator[tuple[int, str]]:
    """Yield the line and full dotted name of everything imported anywhere, in functions too.

    `from a.b import c` yields `a.b.c`: c may be a module, and a name only lengthens a module's.
    """
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = source.package.split(".")[: len(source.package.split(".")) - node.level + 1]
            prefix = [*above, node.module] if node.level else [node.module]
            for alias in node.names:
                yield node.lineno, ".".join([*(name for name in prefix if name), alias.name])


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
