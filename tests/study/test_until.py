"""What a study wants to know well enough must be measured, in the measure's own unit."""

from pathlib import Path
from typing import Any

import pytest

from sim.settings.problem import ConfigError, Problem
from sim.specification.load import load_study
from sim.study.until import check_until, rows_of
from tests.specification.written import study, write

RULE = {"half_width": 0.005, "of": "twin_discordance", "contrast": "national_2013 - scg_2006"}


def problems(folder: Path, more: str = "", **rule: Any) -> list[Problem]:
    path = Path(write(folder / "study.yaml", study()))
    lines = [f"  {key}: {value}{more if key == 'half_width' else ''}" for key, value in {**RULE, **rule}.items()]
    path.write_text(path.read_text() + "\n".join(["until:", *lines]) + "\n")
    try:
        check_until(load_study(str(path)))
    except ConfigError as error:
        return list(error.problems)
    return []


def test_what_is_measured_passes(tmp_path: Path) -> None:
    assert problems(tmp_path) == []
    assert problems(tmp_path, services="pnh") == []
    assert problems(tmp_path, of="cost_total_gbp", half_width=5e6) == []


@pytest.mark.parametrize(
    ("change", "key", "hint"),
    [
        ({"of": "twin_discordence"}, "of", "did you mean `twin_discordance`?"),
        ({"services": "all_pateints"}, "services", "did you mean `all_patients`?"),
        ({"services": "sarcoma"}, "services", "known here"),
        ({"half_width": 0.5}, "half_width", "write 0.005"),
        ({"of": "cost_total_gbp", "half_width": 5}, "half_width", "write 5000000"),
    ],
)
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, change: dict[str, Any], key: str, hint: str) -> None:
    [problem] = problems(tmp_path, **change)

    assert problem.key == f"until.{key}"
    assert problem.path.endswith("study.yaml")
    assert str(change[key]) in problem.span.text
    assert hint in problem.hint


def test_a_wide_interval_can_be_meant(tmp_path: Path) -> None:
    assert problems(tmp_path, "  # ok", half_width=0.5) == []


def test_a_study_without_rules_has_nothing_wrong(tmp_path: Path) -> None:
    check_until(load_study(write(tmp_path / "study.yaml", study())))


def test_all_stands_for_every_patient_where_a_measure_is_no_sum(tmp_path: Path) -> None:
    loaded = load_study(write(tmp_path / "study.yaml", study(until=RULE)))

    assert loaded.stopping is not None
    assert rows_of(loaded.stopping.rules[0]) == (("twin_discordance", "all"), ("twin_discordance", "all_patients"))
