"""One of a thing is not many of it."""

import pytest

from sim.settings.plural import counted


@pytest.mark.parametrize(("count", "words"), [(0, "0 runs"), (1, "1 run"), (2, "2 runs"), (2000, "2,000 runs")])
def test_a_noun_agrees_with_its_count(count: int, words: str) -> None:
    assert counted(count, "run") == words
