"""Short ways to make trees and to read what is wrong."""

from collections.abc import Callable

import pytest

from sim.settings.document import parse
from sim.settings.problem import ConfigError, Problem, Source
from sim.settings.tree import Node


def tree(text: str) -> Node:
    return parse(text, Source("file.yaml", tuple(text.splitlines())))


def problems_of(action: Callable[[], object]) -> list[Problem]:
    with pytest.raises(ConfigError) as caught:
        action()
    return list(caught.value.problems)
