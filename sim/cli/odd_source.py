"""What the source of the package says in its own docstrings and comments, read without running it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sim

PACKAGE = Path(sim.__file__).parent
_NAMED = re.compile(r"\bmechanisms? ((?:\d+(?:, and |, | and )?)+)")
_FIELD = re.compile(r"^ {4}(\w+): ([^=#]+?)(?: = .*?)?(?:  # (.*))?$")


@dataclass(frozen=True)
class Rule:
    """One public function: its name, its docstring on one line, and the mechanisms that this names."""

    name: str
    text: str
    mechanisms: tuple[int, ...]


@dataclass(frozen=True)
class Module:
    """One module: its dotted name, the paragraphs of its docstring, and its public functions."""

    name: str
    paragraphs: tuple[str, ...]
    mechanisms: tuple[int, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Field:
    """One annotated name of a class: its type as it is written, and the comment behind it."""

    name: str
    type: str
    comment: str


@dataclass(frozen=True)
class Shape:
    """A class of arrays: what it is, and its fields."""

    module: str
    name: str
    text: str
    fields: tuple[Field, ...]


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Read every module of some folders of the package, in the order of their names."""
    return tuple(_module(path) for folder in folders for path in _paths(folder))


def shapes(*folders: str) -> Iterator[Shape]:
    """Yield the classes of some folders in which a comment gives the shape of an array, as in ``[P, S]``."""
    for folder in folders:
        for path in _paths(folder):
            lines = _text(path).splitlines()
            for node in _tree(path).body:
                if isinstance(node, ast.ClassDef):
                    found = tuple(_fields(lines[node.lineno : node.end_lineno]))
                    if any(one.comment.startswith("[") for one in found):
                        yield Shape(_dotted(path), node.name, one_line(ast.get_docstring(node) or ""), found)


def users(name: str, home: str) -> Iterator[tuple[str, Rule]]:
    """Yield the module and the function of everything in the package that uses a name which it imports from home."""
    for path in _importing(home):
        for node in _functions(path):
            if name in _names(node):
                yield _dotted(path), _rule(node)


def constants(module: str) -> tuple[tuple[str, int], ...]:
    """Return the whole numbers that a module names, in their order."""
    tree = _tree(PACKAGE.parent.joinpath(*module.split(".")).with_suffix(".py"))
    return tuple(
        (ast.unparse(node.targets[0]), node.value.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, int)
    )


def record_classes() -> tuple[tuple[str, str], ...]:
    """Return the module and name of every class that is the row of a table (``Patients = Table[PatientRow]``)."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        matches = re.findall(r"^\w+ = Table\[(\w+)\]$", _text(path), flags=re.MULTILINE)
        found += [(_dotted(path), name) for name in matches]
    return tuple(found)


def phase_calls() -> dict[str, tuple[str, ...]]:
    """Return for each phase of the month the functions that it calls, as ``sim.phases.diagnosis.run``."""
    tree = _tree(PACKAGE / "phases" / "__init__.py")
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    imported = {alias.asname or alias.name: f"{node.module}.{alias.name}" for node in imports for alias in node.names}
    local = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    calls: dict[str, tuple[str, ...]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Phase":
            acts = node.args[-1]
            body = local[acts.id] if isinstance(acts, ast.Name) else acts
            calls[str(ast.literal_eval(node.args[0]))] = tuple(_called(body, imported))
    return calls


def one_line(text: str) -> str:
    """Join the lines of a docstring into one."""
    return " ".join(text.split())


def mechanisms_named(text: str) -> tuple[int, ...]:
    """Return the numbers of the mechanisms that a text names, as in ``(mechanisms 3 and 4)``."""
    numbers = {int(number) for match in _NAMED.findall(text) for number in re.findall(r"\d+", match)}
    return tuple(sorted(numbers))


def _paths(folder: str) -> list[Path]:
    return sorted(path for path in (PACKAGE / folder).glob("*.py") if path.stem != "__init__")


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(_text(path))


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)


def _module(path: Path) -> Module:
    tree = _tree(path)
    text = ast.get_docstring(tree) or ""
    found = (node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"))
    paragraphs = tuple(one_line(part) for part in text.split("\n\n"))
    # the docstring of a module may name a second one by its bare number, as in "on request (mechanism 5) or not (2)"
    bare = re.sub(r"\((\d{1,2})\)", r"mechanism \1", one_line(text))
    return Module(_dotted(path), paragraphs, mechanisms_named(bare), tuple(_rule(node) for node in found))


def _rule(node: ast.FunctionDef) -> Rule:
    text = one_line(ast.get_docstring(node) or "")
    return Rule(node.name, text, mechanisms_named(text))


def _called(body: ast.AST, imported: dict[str, str]) -> Iterator[str]:
    for node in ast.walk(body):
        if isinstance(node, ast.Call):
            first, _, rest = ast.unparse(node.func).partition(".")
            if first in imported:
                yield f"{imported[first]}.{rest}".rstrip(".")


@cache
def _importing(home: str) -> tuple[Path, ...]:
    paths = (path for path in sorted(PACKAGE.rglob("*.py")) if f"from {home} import" in _text(path))
    return tuple(paths)


@cache
def _functions(path: Path) -> tuple[ast.FunctionDef, ...]:
    return tuple(node for node in ast.walk(_tree(path)) if isinstance(node, ast.FunctionDef))


@cache
def _names(node: ast.FunctionDef) -> frozenset[str]:
    return frozenset(one.id for one in ast.walk(node) if isinstance(one, ast.Name))


def _fields(lines: list[str]) -> Iterator[Field]:
    for line in lines:
        found = _FIELD.match(line)
        if found:
            yield Field(found[1], found[2].strip(), (found[3] or "").strip())
