"""What is wrong in a configuration, where, and what to do about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

EXIT_CODE = 3
"""The exit code of a configuration that cannot be used."""


@dataclass(frozen=True)
class Source:
    """One text that settings came from: a file as it is shown to the user, or the command line."""

    path: str
    lines: tuple[str, ...]
    order: int = 0


@dataclass(frozen=True)
class Span:
    """A stretch of one line of a source; line and column count from 1."""

    source: Source
    line: int
    column: int
    width: int

    @property
    def text(self) -> str:
        """Return the line the span stands on."""
        lines = self.source.lines
        return lines[self.line - 1] if 0 < self.line <= len(lines) else ""


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where it is, which key, what was wanted and found, and the likely fix."""

    span: Span
    location: tuple[str | int, ...]
    message: str
    hint: str = ""
    used_by: str = ""

    @property
    def path(self) -> str:
        """Return the file as the user knows it."""
        return self.span.source.path

    @property
    def line(self) -> int:
        """Return the line, counted from 1."""
        return self.span.line

    @property
    def column(self) -> int:
        """Return the column, counted from 1."""
        return self.span.column

    @property
    def key(self) -> str:
        """Return the dotted key, list positions in brackets."""
        return dotted(self.location)

    def as_json(self) -> dict[str, object]:
        """Return the problem as a JSON object; ``pointer`` follows RFC 6901."""
        steps = (str(part).replace("~", "~0").replace("/", "~1") for part in self.location)
        return {
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "key": self.key,
            "pointer": "".join(f"/{step}" for step in steps),
            "message": self.message,
            "hint": self.hint,
            "used_by": self.used_by,
        }

    def as_text(self) -> str:
        """Return the place, the message, the line with carets, and the hint."""
        place = f":{self.line}:{self.column}" if self.span.source.lines else ""
        head = f"  {self.path}{place}  "
        lines = [head + (f"{self.key}: {self.message}" if self.key else self.message)]
        excerpt = self.span.text
        gutter = f"{self.line:>4}"
        if excerpt.strip():
            shown = excerpt.replace("\t", " ")
            carets = " " * (self.column - 1) + "^" * max(self.span.width, 1)
            lines += [f" {gutter} | {shown}", f" {' ' * len(gutter)} | {carets}"]
        if self.hint:
            lines.append(f" {' ' * len(gutter)} = {self.hint}")
        return "\n".join(lines)


@dataclass
class ConfigError(Exception):
    """All problems of one configuration at once, and the command that checks it again."""

    problems: Sequence[Problem]
    next_command: str = ""
    exit_code: int = field(default=EXIT_CODE, init=False)

    def __post_init__(self) -> None:
        """Put the problems in the order of the files and of their lines, each once."""
        unique = {(p.span, p.location, p.message): p for p in self.problems}
        self.problems = sorted(unique.values(), key=lambda p: (p.span.source.order, p.path, p.line, p.column))
        super().__init__(f"{len(self.problems)} configuration problems")

    def __str__(self) -> str:
        """Return the report that a user reads."""
        count = len(self.problems)
        noun = "problem" if count == 1 else "problems"
        lines = [f"error[config]: {count} {noun} in {_where(self.problems)}", ""]
        for problem in self.problems:
            lines += [problem.as_text(), ""]
        again = f" Check again with:  {self.next_command}" if self.next_command else ""
        return "\n".join([*lines, f"Nothing was run.{again}"])

    def as_json(self) -> dict[str, object]:
        """Return the same content as one JSON object."""
        return {
            "ok": False,
            "exit_code": self.exit_code,
            "problems": [problem.as_json() for problem in self.problems],
            "next_command": self.next_command,
        }


def dotted(location: Iterable[str | int]) -> str:
    """Join the steps of a location: ``("a", 0, "b")`` is ``a[0].b``."""
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def _where(problems: Sequence[Problem]) -> str:
    files = dict.fromkeys((p.path, p.used_by) for p in problems)
    return ", ".join(path + (f" (used by {by})" if by else "") for path, by in files)
