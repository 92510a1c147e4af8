"""The reason behind each cell and lever of a regime file: its own, or that of a file on which it builds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.settings.problem import ConfigError
from sim.settings.tree import Location, Node, entries
from sim.settings.validate import validate
from sim.specification.checks import entries_of, steps_of
from sim.specification.files import ReasonFile


@dataclass(frozen=True)
class Reason:
    """One reason: the key under which it is given, and the file that gives it, empty for the regime's own."""

    key: str
    grade: str
    text: str
    inherited_from: str


@dataclass(frozen=True)
class Reasons:
    """All reasons that a regime file and those it builds on give; ``given`` has one entry a file, nearest first."""

    merged: Node
    given: Sequence[tuple[str, Mapping[str, Reason]]]

    @property
    def own(self) -> Sequence[Reason]:
        """Return the reasons of the file itself, in its order."""
        return tuple(self.given[0][1].values())

    def behind(self, path: str, *wider: str) -> Reason | None:
        """Return the reason for the value at a path; ``wider`` are the keys that cover it with others.

        A reason for this value alone goes before one that covers others, a near file before one further off. No
        file counts that is further off than the one in which the value was written: its reason was for another value.
        """
        origin = _written_in(self.merged, steps_of(path))
        files = [file for file, _ in self.given]
        reach = files.index(origin) + 1 if origin in files else len(files)
        for key in (path, *wider):
            for _, reasons in self.given[:reach]:
                if key in reasons:
                    return reasons[key]
        return None


def reasons_of(merged: Node, documents: Sequence[Node]) -> Reasons:
    """Collect the reasons of a regime file; ``documents`` are it and all it builds on, each as it was written.

    Raises ConfigError for a reason without grade or text.
    """
    own = documents[0].span.source.path
    return Reasons(merged, tuple((document.span.source.path, _given(document, own)) for document in documents))


def _given(document: Node, own: str) -> Mapping[str, Reason]:
    file = document.span.source.path
    found: dict[str, Reason] = {}
    for key, entry in entries_of(document, "reasons").items():
        content, problems = validate(ReasonFile, entry.node)
        if content is None:
            raise ConfigError(problems)
        found[key] = Reason(key, content.grade, content.reason, "" if file == own else file)
    return found


def _written_in(root: Node, location: Location) -> str:
    """Return the file in which the value at a location was written, empty when none says anything of it."""
    node = root
    for step in location:
        if isinstance(step, int) and isinstance(node.value, tuple) and step < len(node.value):
            node = node.value[step]
        elif isinstance(step, str) and step in entries(node):
            node = entries(node)[step].node
        else:
            emptied = isinstance(node.value, Mapping) and not node.value  # who empties a map has said what is in it
            return node.span.source.path if emptied else ""
    return node.span.source.path
