"""One key is misspelt anywhere in a file; the right one is suggested nearly always."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from sim.settings.schema import keys_at
from sim.settings.validate import validate
from sim.specification.advice import advise
from sim.specification.files import RegimeFile, ScenarioFile, StudyFile
from sim.specification.load import load_study
from sim.specification.parameters import ParameterSet
from tests.settings.texts import tree
from tests.specification.written import problems_of, regime, scenario, study, write

LETTERS = "abcdefghijklmnopqrstuvwxyz_"
FILES: list[tuple[type[BaseModel], dict[str, Any]]] = [
    (RegimeFile, regime()),
    (ScenarioFile, scenario()),
    (StudyFile, study()),
]


def keys_of(model: type[BaseModel], content: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key that the schema names; those that the user invents have no right spelling."""
    for key, value in content.items():
        if key in keys_at(model, above):
            yield (*above, key)
        if isinstance(value, dict):
            yield from keys_of(model, value, (*above, key))


@st.composite
def misspellings(draw: st.DrawFn, word: str) -> str:
    """Swap, drop, add or change one letter."""
    place = draw(st.integers(0, len(word) - 1))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    other = draw(st.sampled_from(LETTERS))
    ways = [before + after, before + other + letter + after, before + other + after]
    if after:
        ways.append(before + after[0] + letter + after[1:])
    return draw(st.sampled_from(ways))


def renamed(content: dict[str, Any], path: tuple[str, ...], name: str) -> dict[str, Any]:
    first, *rest = path
    return {
        (name if key == first and not rest else key): (
            renamed(value, tuple(rest), name) if key == first and rest else value
        )
        for key, value in content.items()
    }


@pytest.mark.parametrize(("model", "content"), FILES, ids=lambda value: getattr(value, "__name__", ""))
def test_the_right_key_is_suggested(model: type[BaseModel], content: dict[str, Any]) -> None:
    paths = sorted(keys_of(model, content))
    suggested: list[bool] = []

    @settings(max_examples=400)
    @given(st.data())
    def misspell(data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(paths))
        name = data.draw(misspellings(path[-1]))
        if not name or name in keys_at(model, path[:-1]):
            return
        _, problems = validate(model, tree(json.dumps(renamed(content, path, name))), advise(model))
        [problem] = [problem for problem in problems if problem.message == "unknown key"]
        assert problem.location == (*path[:-1], name)
        suggested.append(f"did you mean `{path[-1]}`?" in problem.hint)

    misspell()

    assert len(suggested) > 200
    assert sum(suggested) / len(suggested) >= 0.95


@pytest.mark.parametrize(
    ("override", "group"),
    [("poling.enabled=false", "pooling"), ("referal.travel_weight_per_hour=2", "referral"), ("budgt=1", "budget")],
)
def test_a_misspelt_group_of_parameters_is_suggested_on_the_command_line(override: str, group: str) -> None:
    [problem] = problems_of(lambda: load_study("demo", [override]))

    assert problem.hint.startswith(f"did you mean `{group}`?  It is a group of parameters")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("poling", "did you mean `pooling`?  It is a group of parameters; in a study file, write `parameters: "),
        ("pooling.enabled", "`pooling` is a group of parameters; in a study file, write `parameters: {pooling: {enab"),
        ("horizn", "did you mean `horizon`?  (allowed here"),
        ("lever.year_end", "matrix and levers belong to a regime file"),
        ("xyzzy", "allowed here: schema"),
    ],
)
def test_a_misspelt_group_is_suggested_in_a_study_file_too(tmp_path: Path, key: str, words: str) -> None:
    path = write(tmp_path / "own.yaml", {"schema": "sim/study/1", "id": "own", "extends": "demo", key: {}})

    assert problems_of(lambda: load_study(path))[0].hint.startswith(words)


def test_every_group_with_one_letter_missing_is_suggested() -> None:
    wrong = {group: group[:2] + group[3:] for group in ParameterSet.model_fields}

    hints = {group: problems_of(partial(load_study, "demo", [f"{word}.x=1"]))[0].hint for group, word in wrong.items()}

    assert [group for group, hint in hints.items() if f"`{group}`" not in hint] == []


def test_a_key_that_belongs_elsewhere_is_not_taken_for_a_misspelt_group() -> None:
    [problem] = problems_of(lambda: load_study("demo", ["years=3"]))

    assert problem.hint == "it belongs elsewhere: `horizon.years`"


def test_of_a_key_that_many_groups_have_only_a_few_are_named() -> None:
    [problem] = problems_of(lambda: load_study("demo", ["enabled=false"]))

    assert problem.hint.count(" or ") == 2
    assert "in all)" in problem.hint
