"""Every measure against numbers that other people's software or papers give (see README.md here)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.reference.adapters import ADAPTERS
from tests.reference.scope import AXES, FIELDS_NOT_COMPARED, NOT_YET_IMPLEMENTED

VECTORS = Path(__file__).parent / "metrics"
Case = dict[str, Any]


def cases(folder: Path) -> Iterator[Case]:
    for file in sorted(folder.glob("*.json")):
        yield from json.loads(file.read_text(encoding="utf-8"))["cases"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        known = [case for case in cases(_folder(metafunc.config)) if case["metric"] in ADAPTERS]
        metafunc.parametrize("case", known, ids=[case["id"] for case in known])


def _folder(config: pytest.Config) -> Path:
    return config.getoption("--vectors", default=None) or VECTORS


def test_reference(case: Case) -> None:
    metric = case["metric"]
    points, wanted = _split(case["expected"])
    left_out = FIELDS_NOT_COMPARED.get(metric, {})
    wanted = {name: value for name, value in wanted.items() if name not in left_out}
    assert wanted, "nothing of this case would be compared"

    with np.errstate(divide="ignore", invalid="ignore"):
        got = ADAPTERS[metric](case["inputs"] | points, case["params"])

    _assert_close(got, wanted, case["tolerance"], metric)


def test_every_metric_is_compared_or_has_a_reason(pytestconfig: pytest.Config) -> None:
    metrics = {case["metric"] for case in cases(_folder(pytestconfig))}

    assert metrics, "no vectors found"
    assert metrics - set(ADAPTERS) - set(NOT_YET_IMPLEMENTED) == set()


def test_no_metric_is_both_compared_and_excused() -> None:
    assert set(ADAPTERS) & set(NOT_YET_IMPLEMENTED) == set()


def test_a_field_is_excused_only_where_it_is_not_computed() -> None:
    for case in cases(VECTORS):
        excused = FIELDS_NOT_COMPARED.get(case["metric"], {})
        if excused:
            got = ADAPTERS[case["metric"]](case["inputs"] | _split(case["expected"])[0], case["params"])
            assert not set(got) & set(excused), case["metric"]


def _split(expected: Case) -> tuple[Case, Case]:
    """Part the points of evaluation, handed to the adapter as ``at``, from the answers."""
    points: Case = {}
    wanted: Case = {}
    for name, value in expected.items():
        if isinstance(value, dict):
            inner, answers = _split(value)
            points |= inner
            wanted[name] = answers
        elif name in AXES:
            points["at"] = value
        else:
            wanted[name] = value
    return points, wanted


def _assert_close(got: Any, want: Any, tolerance: dict[str, float], where: str) -> None:
    if isinstance(want, dict):
        for name, value in want.items():
            _assert_close(got[name], value, tolerance, f"{where}.{name}")
    elif isinstance(want, list):
        assert len(got) == len(want), where
        for n, (one, value) in enumerate(zip(got, want, strict=True)):
            _assert_close(one, value, tolerance, f"{where}[{n}]")
    elif want is None:
        assert np.isnan(got), where
    elif isinstance(want, bool):
        assert got == want, where
    else:
        assert float(got) == pytest.approx(float(want), rel=tolerance["rel"], abs=tolerance["abs"]), where
