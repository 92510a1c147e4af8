"""The compiled rules and the Python they are written in compute the same, and compile once each."""

from pathlib import Path
from typing import Any

import pytest

from tests.engine.mixed_runs import RUNS
from tests.engine.process import mixed_runs


@pytest.fixture(scope="module")
def compiled(repository: Path) -> dict[str, Any]:
    return mixed_runs(repository)


def test_compiled_and_interpreted_rules_give_one_digest(compiled: dict[str, Any], repository: Path) -> None:
    interpreted = mixed_runs(repository, NUMBA_DISABLE_JIT="1")

    assert interpreted["signatures"] == {}
    assert interpreted["digests"] == compiled["digests"]
    assert len(set(compiled["digests"].values())) == len(RUNS)


def test_no_rule_is_called_with_two_signatures(compiled: dict[str, Any]) -> None:
    called = {name: given for name, given in compiled["signatures"].items() if given}

    assert len(called) > 20
    assert {name: given for name, given in called.items() if len(given) > 1} == {}


@pytest.mark.slow
def test_every_rule_is_compiled_for_one_signature_and_none_is_idle(
    compiled: dict[str, Any], repository: Path, tmp_path: Path
) -> None:
    fresh = mixed_runs(repository, XDG_CACHE_HOME=str(tmp_path))  # rules called by rules show only when compiled

    assert fresh["digests"] == compiled["digests"]
    assert {name: given for name, given in fresh["signatures"].items() if len(given) != 1} == {}
    assert set(compiled["signatures"]) == set(fresh["signatures"])
