"""Another folder of vectors: compared as the own ones are, and what is unknown or wrong is said plainly."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CASE: dict[str, Any] = {
    "inputs": {"x": [1, 2, 3]},
    "params": {},
    "tolerance": {"rel": 1e-9, "abs": 1e-12},
    "source": {"package": "by hand"},
}


def case(name: str, metric: str, expected: dict[str, Any], **other: Any) -> dict[str, Any]:
    return CASE | {"id": name, "metric": metric, "expected": expected} | other


CASES = [
    case("right", "hoover", {"hoover": 1 / 6}),
    case("wrong_by_a_little", "hoover", {"hoover": 1 / 6 + 1e-6}),
    case("of_nowhere", "zipf_index", {"zipf": 1.0}),
    case("asks_too_much", "hoover", {"hoover": 1 / 6, "variance": 0.1}),
    case("refused", "hoover", {"hoover": 0.5}, inputs={"x": [1, -2]}),
    case("refused_as_undefined", "hoover", {"hoover": None}, inputs={"x": [1, -2]}),
    case("left_out", "byar_rate_ci_epitools_variant", {"lower": [0.1]}),
    case("out_of_reach_as_0", "two_step_floating_catchment", {"access": [0.1, 0]}),
    case("out_of_reach_as_null", "two_step_floating_catchment", {"access": [0.1, None]}),
    case("infinite", "kaplan_meier", {"median": "Infinity"}, inputs={"time": [1], "event": [1]}),
]
for one in CASES[7:9]:
    one |= {"inputs": {"demand": [10, 5], "supply": [1], "travel_cost": [[0], [None]]}, "params": {"max_cost": 5}}


@pytest.fixture(scope="module")
def told(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what pytest says about a folder of made-up vectors."""
    folder = tmp_path_factory.mktemp("vectors")
    (folder / "other.json").write_text(json.dumps({"family": "other", "format_version": 1, "cases": CASES}))
    return run(repository, folder)


def run(repository: Path, folder: Path) -> str:
    command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "tests/reference/test_reference.py"]
    ended = subprocess.run(
        [*command, "--vectors", str(folder)], cwd=repository, capture_output=True, text=True, check=False, timeout=300
    )
    return ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("right", "PASSED"),
        ("wrong_by_a_little", "FAILED"),
        ("of_nowhere", "FAILED"),
        ("asks_too_much", "FAILED"),
        ("refused", "FAILED"),
        ("refused_as_undefined", "PASSED"),
        ("out_of_reach_as_0", "PASSED"),
        ("out_of_reach_as_null", "PASSED"),
        ("infinite", "FAILED"),
    ],
)
def test_every_case_of_the_folder_is_compared(told: str, name: str, outcome: str) -> None:
    assert f"{outcome} tests/reference/test_reference.py::test_reference[{name}]" in told


@pytest.mark.parametrize(
    "words",
    [
        "no measure of this project is known for the metric 'zipf_index'",
        "hoover: this project computes no variance",
        "hoover was refused: hoover: no value may be negative",
        "byar_rate_ci_epitools_variant: another formula under Byar's name",
    ],
)
def test_what_is_unknown_wrong_or_left_out_is_said(told: str, words: str) -> None:
    assert words in told


def test_an_empty_folder_is_no_success(repository: Path, tmp_path: Path) -> None:
    assert "no vectors (*.json) in" in run(repository, tmp_path)
