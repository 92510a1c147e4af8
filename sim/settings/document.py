"""Read one YAML 1.2 file into a tree with positions; refuse what would be read differently than it looks."""

import math
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode

from sim.settings.hints import did_you_mean
from sim.settings.problem import ConfigError, Problem, Source, Span
from sim.settings.tree import Entry, Location, Node, Scalar

MOST_DIGITS = 200
DEEPEST = 40
"""Levels of lists and mappings inside one another that a file may have; no schema needs a quarter of that."""
UNWRITABLE = ("Cc", "Cs")
"""Control characters but tab and newline, which could steer a terminal, and halves of characters."""
MOST_NAMED = 5
"""Files of a folder that are named where a file was wanted."""
_TAG = "tag:yaml.org,2002:"
_CONTAINERS = {f"{_TAG}map", f"{_TAG}seq"}


def shown(path: Path) -> str:
    """Return a path as the user would type it: relative where it lies below the working directory."""
    try:
        return str(Path(os.path.realpath(path)).relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def read_document(path: Path, order: int = 0) -> Node:
    """Read one file whose top level is a mapping.

    Raises ConfigError for a file that is missing, unreadable, or not plain YAML with unique keys.
    """
    source = Source(shown(path), (), order)
    if path.is_dir():
        inside = [f"`{shown(file)}`" for file in sorted(path.glob("*.yaml"))]
        hint = f"write the file: {', '.join(inside[:MOST_NAMED])}" if inside else ""
        raise _unreadable(path, source, "it is a folder", hint)
    if path.exists() and not path.is_file():
        raise _unreadable(path, source, "it is no regular file")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _unreadable(path, source, error.strerror or str(error)) from None
    except UnicodeDecodeError as error:
        raise _unreadable(path, source, f"not UTF-8 text (byte {error.start})") from None
    if "\0" in text:
        raise _unreadable(path, source, f"not a text file (byte {text.index(chr(0))} is zero)")
    source = Source(source.path, tuple(text.splitlines()), order)
    root = parse(text, source)
    if not isinstance(root.value, dict):
        message = f"wants a mapping of keys at the top level, got {_named(root.value)}"
        raise ConfigError([Problem(root.span, (), message, "start with `schema: sim/<kind>/1`")])
    return root


def parse(text: str, source: Source) -> Node:
    """Parse YAML text that belongs to a source; raises ConfigError with every problem found."""
    try:
        top = YAML(typ="safe", pure=True).compose(text)
    except RecursionError:
        raise ConfigError([_too_deep(Span(source, 1, 1, 1), ())]) from None
    except MarkedYAMLError as error:
        raise ConfigError([_syntax_problem(error, source)]) from None
    except YAMLError as error:
        first, *_ = str(error).splitlines() or ["unknown"]
        raise ConfigError([Problem(Span(source, 1, 1, 1), (), f"not YAML: {first}")]) from None
    if top is None:
        return Node(Span(source, 1, 1, 1), None)
    reader = _Reader(source)
    node = reader.read(top, ())
    if reader.problems:
        raise ConfigError(reader.problems)
    return node


class _Reader:
    """Turn composed YAML nodes into ours, collecting problems on the way."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def read(self, node: YamlNode, location: Location) -> Node:
        """Convert one node and everything below it."""
        span = self._span(node)
        if node.anchor or len(location) > DEEPEST:
            anchor = Problem(span, location, "anchors (&) and aliases (*) are not used here", "write the value out")
            self.problems.append(anchor if node.anchor else _too_deep(span, location[:DEEPEST]))
            return Node(span, None)
        if isinstance(node, MappingNode) and node.tag in _CONTAINERS:
            return Node(span, self._entries(node, location))
        if isinstance(node, SequenceNode) and node.tag in _CONTAINERS:
            items = (self.read(item, (*location, index)) for index, item in enumerate(node.value))
            return Node(span, tuple(items))
        if isinstance(node, ScalarNode) and _kind(node) in _SCALARS:
            self._check_letters(str(node.value), span, location)
            return Node(span, _SCALARS[_kind(node)](str(node.value)))
        hint = "lists and values replace, maps merge; write the whole value"
        self._complain(span, location, f"tags such as {node.tag} are not supported", hint)
        return Node(span, None)

    def _check_letters(self, text: str, span: Span, location: Location) -> None:
        found = [letter for letter in text if unicodedata.category(letter) in UNWRITABLE and letter not in "\t\n"]
        if found:
            names = ", ".join(f"U+{ord(letter):04X}" for letter in dict.fromkeys(found))
            self._complain(span, location, f"holds what no page can show ({names})", "take it out")

    def _entries(self, node: MappingNode, location: Location) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        for key_node, value_node in node.value:
            span = self._span(key_node)
            if not isinstance(key_node, ScalarNode) or key_node.anchor:
                self._complain(span, location, "a key must be plain text", "")
                continue
            key = str(key_node.value)
            where = (*location, key)
            if key == "<<":
                self._complain(span, where, "merge keys are not supported", "use `extends:`")
                continue
            if key in found:
                first = found[key].key_span
                hint = f"it was given before, on line {first.line}; keep one"
                self._complain(span, where, "duplicate key", hint)
                continue
            found[key] = Entry(span, self.read(value_node, where))
        return found

    def _complain(self, span: Span, location: Location, message: str, hint: str) -> None:
        self.problems.append(Problem(span, location, message, hint))

    def _span(self, node: YamlNode) -> Span:
        start, end = node.start_mark, node.end_mark
        line = start.line + 1
        line_text = self.source.lines[start.line] if start.line < len(self.source.lines) else ""
        stop = end.column if end.line == start.line else len(line_text.rstrip())
        return Span(self.source, line, start.column + 1, max(stop - start.column, 1))


def _integer(text: str) -> int | float:
    """Read a whole number; one too large for any purpose becomes infinite, which every schema refuses."""
    digits = text.replace("_", "")
    if len(digits) > MOST_DIGITS:
        return -math.inf if digits.startswith("-") else math.inf
    return int(digits, 0) if digits.lstrip("+-")[:2].lower() in ("0x", "0o", "0b") else int(digits)


def _float(text: str) -> float:
    word = text.replace("_", "").lower()
    if word.endswith(".nan"):
        return math.nan
    return float(word.replace(".inf", "inf"))


_SCALARS: dict[str, Callable[[str], Scalar]] = {
    "str": str,
    "timestamp": str,
    "int": _integer,
    "float": _float,
    "bool": lambda text: text.lower() == "true",
    "null": lambda text: None,
}


def _kind(node: ScalarNode) -> str:
    return str(node.tag).removeprefix(_TAG)


def _named(value: object) -> str:
    return "nothing" if value is None else "a list" if isinstance(value, tuple) else f"`{value}`"


def _too_deep(span: Span, location: Location) -> Problem:
    return Problem(span, location, f"lists and mappings stand more than {DEEPEST} deep inside one another")


def _unreadable(path: Path, source: Source, reason: str, hint: str = "") -> ConfigError:
    if path.parent.is_dir() and not path.exists():
        hint = did_you_mean(path.name, sorted(p.name for p in path.parent.glob("*.yaml")))
    return ConfigError([Problem(Span(source, 1, 1, 1), (), f"cannot be read: {reason}", hint)])


def _syntax_problem(error: MarkedYAMLError, source: Source) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    message = "not YAML: " + "; ".join(part for part in (error.context, error.problem) if part)
    hint = "indent with spaces" if "\\t" in message else ""
    return Problem(Span(source, line, column, 1), (), message, hint)
