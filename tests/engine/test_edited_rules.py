"""An edit of any rule is heard by the rules that call it, although numba's own cache is deaf to it."""

import shutil
from pathlib import Path

import pytest

from sim.luck import compiled
from tests.engine.process import python

CALLER = """
import numpy as np
from sim.governance.portfolio import rest_spend
from sim.luck.draws import luck_of
print(rest_spend(np.full((1, 3), 1e8), np.zeros(1, dtype=np.uint64), 1e5, 1.0, 1.0, 0, luck_of(1, 0)).tolist())
"""
HELPER = Path("sim/luck/draws.py")
SENTENCE = "return math.sqrt(-2.0 * math.log(unit(first)))"
EDITED = "return math.sqrt(-4.0 * math.log(unit(first)))"
STALE = ("{model_hash()} {version('numba')} {python}", "always the same")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with a copy of the package."""
    shutil.copytree(compiled.PACKAGE, tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__", "data", "*.csv"))
    return tmp_path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def spend(copy: Path) -> str:
    """Let a rule of another part call the helper, in a process and a cache of the copy's own."""
    return python("-c", CALLER, folder=copy, XDG_CACHE_HOME=str(copy / "cache"), PYTHONPATH=str(copy))


def test_an_edited_helper_changes_what_its_callers_compute(copy: Path) -> None:
    before = spend(copy)
    assert spend(copy) == before

    edit(copy / HELPER, SENTENCE, EDITED)

    assert spend(copy) != before


@pytest.mark.slow
def test_numbas_own_cache_would_have_gone_on_giving_the_old_answer(copy: Path) -> None:
    edit(copy / "sim/luck/compiled.py", *STALE)
    before = spend(copy)

    edit(copy / HELPER, SENTENCE, EDITED)

    assert spend(copy) == before  # the trap: were it gone, the hash of all code would not be needed


@pytest.fixture
def hashed(copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the hash of the model's code be taken over the copy."""
    monkeypatch.setattr(compiled, "PACKAGE", copy / "sim")
    monkeypatch.setattr(compiled, "model_hash", compiled.model_hash.__wrapped__)
    return copy / "sim"


@pytest.mark.parametrize(
    "file",
    [
        "luck/draws.py",
        "world/population.py",
        "agents/queue.py",
        "governance/allocation.py",
        "phases/funding.py",
        "model/worth.py",
    ],
)
def test_the_hash_of_the_model_changes_with_any_rule(hashed: Path, file: str) -> None:
    before = compiled.model_hash()

    (hashed / file).write_text((hashed / file).read_text(encoding="utf-8") + "\n", encoding="utf-8")

    assert compiled.model_hash() != before


@pytest.mark.parametrize("part", ["figures", "report", "cli", "study", "analysis"])
def test_the_hash_of_the_model_is_deaf_to_what_only_shows_results(hashed: Path, part: str) -> None:
    before = compiled.model_hash()

    for file in sorted((hashed / part).rglob("*.py")):
        file.write_text("edited = True\n", encoding="utf-8")

    assert compiled.model_hash() == before


def test_the_hash_of_the_model_knows_files_by_their_names(hashed: Path) -> None:
    before = compiled.model_hash()

    (hashed / "luck" / "draws.py").rename(hashed / "luck" / "drawn.py")

    assert compiled.model_hash() != before
