"""Every block of Python in docs/recipes.md runs as it stands there, one after the other, on its tiny study."""

import contextlib
import re
from pathlib import Path

import pytest

import sim.report.experiment
from sim import Experiment
from tests.experiments import obedient

PAGE = Path(__file__).resolve().parents[2] / "docs" / "recipes.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)


def run_blocks(folder: Path) -> None:
    names: dict[str, object] = {}
    with contextlib.chdir(folder):
        for code in BLOCKS:
            exec(compile(code, str(PAGE), "exec"), names)


def test_there_are_five_recipes_and_each_shows_how() -> None:
    recipes = TEXT.split("\n## ")[1:]

    assert len(recipes) == 5
    assert [recipe for recipe in recipes if "```python" not in recipe and "\n    sim " not in recipe] == []
    assert [recipe for recipe in recipes if not re.search(r"^\*.*\?\*$|\?\*$", recipe, flags=re.MULTILINE)] == []


def test_the_pages_that_it_links_to_are_there() -> None:
    links = re.findall(r"\]\(([\w.]+)\)", TEXT)

    assert set(links) >= {"cluster.md", "sensitivity.md", "guide.md"}
    assert [link for link in links if not (PAGE.parent / link).exists()] == []


def test_every_call_that_the_table_names_is_one_of_an_experiment() -> None:
    rows = [line.split("|")[1] for line in TEXT.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"\.(\w+)\(", row)}

    assert named == {name for name in vars(Experiment) if not name.startswith("_")} - {"store"}


def test_every_block_runs_and_adds_to_one_study(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(sim.report.experiment, "england_bench", obedient.bench)
    run_blocks(tmp_path)
    said = capsys.readouterr().out

    assert "12 runs\n" in said
    assert "12 runs are there, 12 are new" in said
    assert said.count("boards_share_risk") == 0
    assert "not made" in said
    assert sorted(path.name for path in (tmp_path / "results").iterdir()) == ["money", "own"]


@pytest.mark.slow
def test_every_block_runs_on_england(tmp_path, capsys) -> None:
    run_blocks(tmp_path)

    assert "12 runs are there, 12 are new" in capsys.readouterr().out
