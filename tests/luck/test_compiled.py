"""A compiled rule is found again by exactly the code that made it."""

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from numba.core.errors import NumbaError

from sim.luck import compiled

ORIGINAL_HASH = compiled.model_hash()


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the hash be taken over a copy of the package's code."""
    for part in compiled.MODEL_PARTS:
        shutil.copytree(compiled.PACKAGE / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "data"))
    monkeypatch.setattr(compiled, "PACKAGE", tmp_path)
    monkeypatch.setattr(compiled, "model_hash", compiled.model_hash.__wrapped__)
    return tmp_path


@pytest.mark.parametrize("part", compiled.MODEL_PARTS)
def test_an_edit_in_any_part_that_decides_opens_a_fresh_cache(copied: Path, part: str) -> None:
    before = compiled.cache_directory()
    edited = sorted((copied / part).rglob("*.py"))[-1]
    edited.write_text(edited.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    assert compiled.cache_directory() != before


def test_a_copy_of_the_same_code_shares_the_cache(copied: Path) -> None:
    assert compiled.model_hash() == ORIGINAL_HASH


def test_another_numba_opens_a_fresh_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    before = compiled.cache_directory()
    monkeypatch.setattr(compiled, "version", lambda _: "0.0.0")
    assert compiled.cache_directory() != before


def test_the_cache_lies_where_the_user_keeps_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert compiled.cache_directory().parent == tmp_path / "commissioning-simulator"


def test_numba_keeps_its_cache_there() -> None:
    assert str(compiled.cache_directory()) == compiled.numba.config.CACHE_DIR


def nothing_yet(rows: int) -> np.ndarray:
    return np.zeros(rows)


def nobody_lets_go(rows: int) -> np.ndarray:
    return np.zeros(rows)


@pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ, reason="nothing is compiled")
def test_a_maker_can_make_an_array_and_a_rule_cannot() -> None:
    assert compiled.maker(nothing_yet)(2).tolist() == [0.0, 0.0]
    with pytest.raises(NumbaError):
        compiled.rule(nobody_lets_go)(2)


def total(table: np.ndarray) -> int:
    return int(table.sum())


def test_a_rule_leaves_the_references_to_a_table_as_they_were() -> None:
    table, adds = np.arange(4), compiled.rule(total)
    before = sys.getrefcount(table)
    for _ in range(100):
        assert adds(table) == 6
    assert sys.getrefcount(table) == before
