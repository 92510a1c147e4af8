"""Every measure against numbers that other people's software or papers give (see README.md here)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.reference.adapters import ADAPTERS, FAMILIES
from tests.reference.scope import AXES, FIELDS_NOT_COMPARED, MISSING_MEANS_ZERO, NOT_COMPARED, SIMULATED

VECTORS = Path(__file__).parent / "metrics"
Case = dict[str, Any]


def cases(folder: Path) -> Iterator[Case]:
    for file in sorted(folder.glob("*.json")):
        yield from json.loads(file.read_text(encoding="utf-8"))["cases"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        found = list(cases(_folder(metafunc.config)))
        metafunc.parametrize("case", found, ids=[case["id"] for case in found])


def _folder(config: pytest.Config) -> Path:
    return config.getoption("--vectors", default=None) or VECTORS


def test_reference(case: Case) -> None:
    metric = case["metric"]
    if metric in NOT_COMPARED:
        pytest.skip(f"{metric}: {NOT_COMPARED[metric]}")
    if metric not in ADAPTERS:
        pytest.fail(f"no measure of this project is known for the metric {metric!r}")
    points, wanted = _split(case["expected"])
    left_out = FIELDS_NOT_COMPARED.get(metric, {})
    wanted = {name: value for name, value in wanted.items() if name not in left_out}
    if not wanted:
        pytest.skip(f"{metric}: only {', '.join(left_out)} is expected, and none of it is compared")

    try:
        got = ADAPTERS[metric](case["inputs"] | points, case.get("params") or {})
    except ValueError as refusal:
        if not _all_missing(wanted):
            pytest.fail(f"{metric} was refused: {refusal}")
        return

    _assert_close(got, wanted, _tolerance(case), metric)


def test_there_are_vectors(pytestconfig: pytest.Config) -> None:
    folder = _folder(pytestconfig)

    assert list(cases(folder)), f"no vectors (*.json) in {folder}"


def test_every_own_metric_is_compared_or_has_a_reason() -> None:
    metrics = {case["metric"] for case in cases(VECTORS)}

    assert metrics - set(ADAPTERS) - set(NOT_COMPARED) == set()


def test_no_metric_is_adapted_twice_or_excused_though_compared() -> None:
    assert len(ADAPTERS) == sum(len(family.ADAPTERS) for family in FAMILIES)
    assert set(ADAPTERS) & set(NOT_COMPARED) == set()


def test_a_field_is_excused_only_where_it_is_not_computed() -> None:
    for case in cases(VECTORS):
        excused = FIELDS_NOT_COMPARED.get(case["metric"], {})
        if excused:
            got = ADAPTERS[case["metric"]](case["inputs"] | _split(case["expected"])[0], case["params"])
            assert not set(got) & set(excused), case["metric"]


def _tolerance(case: Case) -> dict[str, Any]:
    missing = 0.0 if case["metric"] in MISSING_MEANS_ZERO else None
    simulated = (case.get("params") or {}).get("ci_relative_tolerance", case["tolerance"]["rel"])
    return {"rel": 0.0, "abs": 0.0, **case["tolerance"], "missing": missing, "simulated": simulated}


def _all_missing(value: Any) -> bool:
    """Tell whether the reference has no answer at all, so that to refuse is to agree."""
    if isinstance(value, dict):
        return all(_all_missing(part) for part in value.values())
    if isinstance(value, list):
        return all(_all_missing(part) for part in value)
    return value is None


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


def _assert_close(got: Any, want: Any, tolerance: dict[str, Any], where: str) -> None:
    if isinstance(want, dict):
        for name, value in want.items():
            assert name in got, f"{where}: this project computes no {name}"
            other = tolerance | {"rel": tolerance["simulated"]} if name == SIMULATED else tolerance
            _assert_close(got[name], value, other, f"{where}.{name}")
    elif isinstance(want, list):
        assert len(got) == len(want), where
        for n, (one, value) in enumerate(zip(got, want, strict=True)):
            _assert_close(one, value, tolerance, f"{where}[{n}]")
    elif want is None:
        assert got is None or np.isnan(got) or got == tolerance["missing"], f"{where}: {got} where none is defined"
    elif isinstance(want, bool) or (isinstance(want, str) and not want.endswith("Infinity")):
        assert got == want, where
    else:
        assert float(got) == pytest.approx(float(want), rel=tolerance["rel"], abs=tolerance["abs"]), where
