"""Nothing in the package may depend on unkeyed luck or on the order of a set."""

import pytest

from tests.structure.sources import read, sources
from tests.structure.unordered import iterated_sets, unkeyed_luck


def test_all_luck_is_keyed() -> None:
    assert [problem for source in sources() for problem in unkeyed_luck(source)] == []


def test_nothing_walks_through_a_set_in_its_own_order() -> None:
    assert [problem for source in sources() for problem in iterated_sets(source)] == []


@pytest.mark.parametrize(
    "text",
    [
        "import random",
        "from random import choice",
        "from numpy.random import normal",
        "x = np.random.normal()",
        "np.random.seed(1)",
        "rng = np.random.default_rng()",
        "key = hash('name')",
    ],
)
def test_unkeyed_luck_is_noticed(text: str) -> None:
    assert len(unkeyed_luck(read("sim/world/need.py", text))) == 1


@pytest.mark.parametrize("text", ["rng = np.random.default_rng(seed)", "def f(g: np.random.Generator): ..."])
def test_seeded_generators_pass(text: str) -> None:
    assert unkeyed_luck(read("sim/analysis/paired.py", text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "for x in {1, 2}: pass",
        "for x in set(rows): pass",
        "names = {a for a in b}\nfor n in names: pass",
        "def f(names: frozenset[str]):\n    return [n for n in names]",
        "rows = list(set(a) - set(b))",
        "rows = [*a.union(b)]",
        "text = ', '.join({a for a in b})",
        "total = sum({a for a in b})",
    ],
)
def test_a_walk_through_a_set_is_noticed(text: str) -> None:
    assert len(iterated_sets(read("sim/world/need.py", text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "for x in sorted({1, 2}): pass",
        "n = len(set(rows))",
        "ok = all(x > 0 for x in {1, 2})",
        "known = 'a' in {'a', 'b'}",
        "rest = sorted(x for x in set(rows))",
        "both = {*set(a), *{1, 2}}",
        "for x in [1, 2]: pass",
    ],
)
def test_uses_of_a_set_that_have_no_order_pass(text: str) -> None:
    assert iterated_sets(read("sim/world/need.py", text)) == []
