import pytest

from sim.settings.overrides import apply_overrides
from sim.settings.tree import find, plain
from tests.settings.texts import problems_of, tree


def test_an_override_replaces_one_value_and_leaves_its_neighbours() -> None:
    root = apply_overrides(tree("a: {b: 1, c: 2}\nd: 3"), ["a.b=9"])

    assert plain(root) == {"a": {"b": 9, "c": 2}, "d": 3}


def test_values_are_yaml() -> None:
    root = apply_overrides(tree("z: 1"), ["a=1.5", "b=true", "c=[x, y]", "d=two words", "e={f: 1}", "g='7'"])

    content = {"z": 1, "a": 1.5, "b": True, "c": ["x", "y"], "d": "two words", "e": {"f": 1}, "g": "7"}
    assert plain(root) == content


def test_the_last_override_wins() -> None:
    assert plain(apply_overrides(tree("a: 1"), ["a=2", "a=3"])) == {"a": 3}


def test_a_value_may_contain_an_equals_sign() -> None:
    assert plain(apply_overrides(tree("a: 1"), ["a='b=c'"])) == {"a": "b=c"}


def test_positions_are_those_of_the_command_line() -> None:
    root = apply_overrides(tree("a: 1"), ["a=2", "b.cde=14 days"])

    value, key = find(root, ("b", "cde"))

    assert (key.source.path, key.line, key.column, key.width) == ("--set", 2, 3, 3)
    assert (value.span.line, value.span.column, value.span.text) == (2, 7, "b.cde=14 days")


def test_a_prefix_is_put_before_paths_that_belong_to_it() -> None:
    root = apply_overrides(tree("a: 1"), ["x.y=2", "z=3"], lambda head: ("p",) if head == "x" else ())

    assert plain(root) == {"a": 1, "p": {"x": {"y": 2}}, "z": 3}


@pytest.mark.parametrize("text", ["a", "=3", "a..b=1", ".a=1", "a=[1"])
def test_an_override_of_another_form_is_refused(text: str) -> None:
    assert len(problems_of(lambda: apply_overrides(tree("a: 1"), [text]))) == 1


def test_all_wrong_overrides_are_reported_at_once() -> None:
    assert [p.line for p in problems_of(lambda: apply_overrides(tree("a: 1"), ["x", "a=2", "y"]))] == [1, 3]


def test_below_some_keys_the_rest_of_a_path_is_one_key() -> None:
    root = apply_overrides(tree("v: {a.b: 1}"), ["v.a.b=2", "v.c.d=3", "v={e.f: 4}", "w.a.b=5"], whole_below=("v",))

    assert plain(root) == {"v": {"a.b": 2, "c.d": 3, "e.f": 4}, "w": {"a": {"b": 5}}}
    assert find(root, ("v", "c.d"))[1].column == 3
