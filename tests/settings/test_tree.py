from sim.settings.tree import find, merge, plain, without
from tests.settings.texts import tree


def test_maps_merge_while_scalars_and_lists_replace() -> None:
    base = tree("a: {b: 1, c: 2}\nd: [1, 2]\ne: 1")
    child = tree("a: {c: 3}\nd: [9]\nf: 4")

    assert plain(merge(base, child)) == {"a": {"b": 1, "c": 3}, "d": [9], "e": 1, "f": 4}


def test_a_map_replaces_a_scalar_and_the_reverse() -> None:
    assert plain(merge(tree("a: 1"), tree("a: {b: 2}"))) == {"a": {"b": 2}}
    assert plain(merge(tree("a: {b: 2}"), tree("a: 1"))) == {"a": 1}


def test_merged_values_keep_the_place_where_they_were_written() -> None:
    merged = merge(tree("a:\n  b: 1\n  c: 2"), tree("\n\n\na: {c: 3}"))

    assert find(merged, ("a", "b"))[0].span.line == 2
    assert find(merged, ("a", "c"))[0].span.line == 4


def test_an_empty_map_takes_away_what_is_below_it_and_all_else_merges() -> None:
    base = tree("a: {b: {x: 1}, c: 2}\nd: {e: 1}")

    assert plain(merge(base, tree("a: {b: {}}"))) == {"a": {"b": {}, "c": 2}, "d": {"e": 1}}
    assert plain(merge(base, tree("d: {}"))) == {"a": {"b": {"x": 1}, "c": 2}, "d": {}}
    assert plain(merge(tree("d: {}"), tree("d: {f: 1}"))) == {"d": {"f": 1}}


def test_a_key_can_be_taken_out() -> None:
    assert plain(without(tree("a: 1\nb: 2"), "a")) == {"b": 2}


def test_find_stops_where_the_way_ends() -> None:
    assert plain(find(tree("a: {b: 1}"), ("a", "x", "y"))[0]) == {"b": 1}
