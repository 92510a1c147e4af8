import math
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from sim.settings.document import read_document
from sim.settings.tree import find, plain
from tests.settings.texts import problems_of, tree


def test_yaml_is_read_by_version_1_2() -> None:
    content = plain(tree("a: no\nb: 1e6\nc: 010\nd: 0o17\ne: 2013-04\nf: 2013-04-01\ng: ~\nh: true\ni: '4'\nj: 0x1F"))

    assert content == {
        "a": "no",
        "b": 1e6,
        "c": 10,
        "d": 15,
        "e": "2013-04",
        "f": "2013-04-01",
        "g": None,
        "h": True,
        "i": "4",
        "j": 31,
    }


def test_numbers_that_are_none_are_read_as_such() -> None:
    content = plain(tree("[.inf, -.inf, .nan]"))

    assert isinstance(content, list)
    assert content[:2] == [math.inf, -math.inf]
    assert math.isnan(content[2])


def test_every_key_and_value_knows_its_place() -> None:
    root = tree("a:\n  b: {c: 14 days}\n  d: [1, two]")

    value, key = find(root, ("a", "b", "c"))
    item, _ = find(root, ("a", "d", 1))

    assert (key.line, key.column, key.width) == (2, 7, 1)
    assert (value.span.line, value.span.column, value.span.width) == (2, 10, 7)
    assert (item.span.line, item.span.column) == (3, 10)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text("ab: #-'\"\n", max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
        max_leaves=8,
    )
)
def test_what_a_yaml_writer_writes_is_read_back(content: object) -> None:
    import io

    stream = io.StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False  # in flow style the writer leaves `:a` bare, which it cannot read itself
    writer.dump({"content": content}, stream)

    assert plain(tree(stream.getvalue())) == {"content": content}


def test_a_duplicate_key_is_refused_and_names_the_first_line() -> None:
    [problem] = problems_of(lambda: tree("seed: 1\nyears: 2\nseed: 3"))

    assert (problem.line, problem.column, problem.message) == (3, 1, "duplicate key")
    assert "line 1" in problem.hint


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: !append [1]", "tags such as !append are not supported"),
        ("a: &x 1\nb: *x", "anchors"),
        ("base: {b: 1}\na:\n  <<: {b: 1}", "merge keys are not supported"),
        ("? [a]\n: 1", "a key must be plain text"),
        ("a: [1", "not YAML"),
        ("a: 1\n---\nb: 2", "not YAML: expected a single document"),
        ("a: %x", "not YAML"),
    ],
)
def test_what_reads_differently_than_it_looks_is_refused(text: str, words: str) -> None:
    assert words in problems_of(lambda: tree(text))[0].message


def test_a_tab_is_refused_with_advice() -> None:
    [problem] = problems_of(lambda: tree("a:\n\tb: 1"))

    assert (problem.line, problem.hint) == (2, "indent with spaces")


def test_all_such_problems_are_reported_at_once() -> None:
    assert len(problems_of(lambda: tree("a: !x 1\na: 2\nb: &c 3"))) == 3


def test_a_missing_file_suggests_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "national.yaml").write_text("a: 1")

    [problem] = problems_of(lambda: read_document(tmp_path / "nationl.yaml"))

    assert "cannot be read" in problem.message
    assert problem.hint == "did you mean `national.yaml`?"


@pytest.mark.parametrize("content", [b"", b"- a", b"word", b"\xff\xfe"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.yaml").write_bytes(content)

    assert len(problems_of(lambda: read_document(tmp_path / "a.yaml"))) == 1


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("schema: sim/study/1\n")

    [problem] = problems_of(lambda: read_document(tmp_path))

    assert problem.message == "cannot be read: it is a folder"
    assert problem.hint == f"write the file: `{tmp_path / 'study.yaml'}`"


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")

    [problem] = problems_of(lambda: read_document(tmp_path / "pipe.yaml"))

    assert (problem.message, problem.hint) == ("cannot be read: it is no regular file", "")


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"a: \x00", "(byte 3 is zero)"), (bytes(range(1, 256)), "not UTF-8"), (b"a: \x07", "#x0007")],
)
def test_a_binary_file_is_told_as_one_in_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "a.yaml").write_bytes(content)

    [problem] = problems_of(lambda: read_document(tmp_path / "a.yaml"))

    assert words in problem.message
    assert "\n" not in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 5000 + "]" * 5000,
        "a: " + "{a: " * 50 + "1" + "}" * 50,
        "".join(f"{' ' * depth}a:\n" for depth in range(2000)),
    ],
)
def test_a_deep_nest_is_refused_in_words(text: str) -> None:
    [problem] = problems_of(lambda: tree(text))

    assert "more than 40 deep" in problem.message


def test_a_number_too_long_for_any_computer_is_infinite() -> None:
    assert plain(tree(f"[{'9' * 5000}, -{'9' * 5000}]")) == [math.inf, -math.inf]


@pytest.mark.parametrize("escape", [r"\ud800", r"\e[31m", r"\0", r"\b"])
def test_what_no_page_can_show_is_refused_with_its_place(escape: str) -> None:
    [problem] = problems_of(lambda: tree(f'a: 1\ntitle: "x{escape}"\n'))

    assert (problem.span.line, problem.location) == (2, ("title",))
    assert "holds what no page can show (U+" in problem.message
    assert plain(tree(r'title: "a\tb\nc"')) == {"title": "a\tb\nc"}
