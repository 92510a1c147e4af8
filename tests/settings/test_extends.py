from pathlib import Path

import pytest

from sim.settings.extends import FileLoader, UnknownNameError
from sim.settings.tree import find, plain
from tests.settings.texts import problems_of


def beside(name: str, file: Path) -> Path:
    if name == "nobody":
        raise UnknownNameError("nothing called `nobody` is shipped", "did you mean `somebody`?")
    return file.parent / name


@pytest.fixture
def loader() -> FileLoader:
    return FileLoader(beside)


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)


def test_a_child_lies_over_its_base(tmp_path: Path, loader: FileLoader) -> None:
    write(tmp_path, base="a: {b: 1, c: 2}\nd: [1]", child="extends: base.yaml\na: {c: 3}")

    assert plain(loader.load(tmp_path / "child.yaml")) == {"a": {"b": 1, "c": 3}, "d": [1]}


def test_of_several_bases_the_later_wins(tmp_path: Path, loader: FileLoader) -> None:
    write(tmp_path, one="a: 1\nb: 1", two="a: 2\nc: 2", child="extends: [one.yaml, two.yaml]\nc: 3")

    assert plain(loader.load(tmp_path / "child.yaml")) == {"a": 2, "b": 1, "c": 3}


def test_an_empty_map_takes_nothing_over(tmp_path: Path, loader: FileLoader) -> None:
    write(tmp_path, one="a: {b: 1}\nc: {d: 1}", two="extends: one.yaml\na: {}", three="extends: two.yaml\na: {e: 2}")
    write(tmp_path, both="extends: [one.yaml, two.yaml]")

    assert plain(loader.load(tmp_path / "two.yaml")) == {"a": {}, "c": {"d": 1}}
    assert plain(loader.load(tmp_path / "three.yaml")) == {"a": {"e": 2}, "c": {"d": 1}}
    assert plain(loader.load(tmp_path / "both.yaml")) == {"a": {}, "c": {"d": 1}}


def test_a_file_without_entries_takes_all_over(tmp_path: Path, loader: FileLoader) -> None:
    write(tmp_path, base="a: {b: 1}", child="extends: base.yaml")

    assert plain(loader.load(tmp_path / "child.yaml")) == {"a": {"b": 1}}


def test_bases_have_bases(tmp_path: Path, loader: FileLoader) -> None:
    write(tmp_path, a="x: 1\ny: 1", b="extends: a.yaml\ny: 2", c="extends: b.yaml\nz: 3")

    root = loader.load(tmp_path / "c.yaml")

    assert plain(root) == {"x": 1, "y": 2, "z": 3}
    assert find(root, ("x",))[0].span.source.path.endswith("a.yaml")


def test_a_shared_base_is_no_circle(tmp_path: Path, loader: FileLoader) -> None:
    write(tmp_path, a="x: 1", b="extends: a.yaml", c="extends: a.yaml", d="extends: [b.yaml, c.yaml]")

    assert plain(loader.load(tmp_path / "d.yaml")) == {"x": 1}


def test_a_circle_is_shown_as_a_chain(tmp_path: Path, loader: FileLoader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, start="extends: a.yaml", a="extends: b.yaml", b="id: b\nextends: a.yaml")

    [problem] = problems_of(lambda: loader.load(tmp_path / "start.yaml"))

    assert "a.yaml -> b.yaml -> a.yaml" in problem.message
    assert (problem.path, problem.line, problem.column) == ("b.yaml", 2, 10)


def test_an_unknown_name_is_reported_where_it_stands(tmp_path: Path, loader: FileLoader) -> None:
    write(tmp_path, child="a: 1\nextends: nobody")

    [problem] = problems_of(lambda: loader.load(tmp_path / "child.yaml"))

    assert (problem.line, problem.column, problem.hint) == (2, 10, "did you mean `somebody`?")


def test_a_file_of_another_kind_cannot_be_extended(tmp_path: Path, loader: FileLoader) -> None:
    write(tmp_path, base="schema: sim/study/1", child="schema: sim/regime/1\nextends: base.yaml")

    [problem] = problems_of(lambda: loader.load(tmp_path / "child.yaml"))

    assert "is a sim/study/1 file and cannot be extended by a sim/regime/1 file" in problem.message


@pytest.mark.parametrize("value", ["3", "{a: 1}", "[1]"])
def test_extends_wants_names(tmp_path: Path, loader: FileLoader, value: str) -> None:
    write(tmp_path, child=f"extends: {value}")

    assert "wants a path" in problems_of(lambda: loader.load(tmp_path / "child.yaml"))[0].message


def test_what_a_file_says_about_itself_is_not_taken_over(tmp_path: Path) -> None:
    write(tmp_path, a="title: A\nx: 1", b="extends: a.yaml\ntitle: B", c="extends: b.yaml\ny: 2")
    loader = FileLoader(beside, about_itself=("title",))

    assert plain(loader.load(tmp_path / "b.yaml")) == {"x": 1, "title": "B"}
    assert plain(loader.load(tmp_path / "c.yaml")) == {"x": 1, "y": 2}
