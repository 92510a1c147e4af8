"""A regime or a scenario can be run by its name: it is a study of one."""

from pathlib import Path

import pytest

from sim.settings.problem import ConfigError
from sim.specification.catalogue import shipped
from sim.specification.load import load_study
from tests.specification.written import scenario, write


@pytest.mark.parametrize("name", [*shipped("regime"), *shipped("scenario")])
def test_every_shipped_regime_and_scenario_is_a_study_of_one(name: str) -> None:
    study = load_study(name)

    assert (study.id, [*study.scenarios], study.baseline) == (name, [name], name)


def test_a_scenario_runs_over_its_own_years_and_some_after_its_last_change(tmp_path: Path) -> None:
    study = load_study(write(tmp_path / "branch.yaml", scenario()))

    changes = [month for month, _ in study.compare[0].timeline]
    assert study.horizon.start == changes[0]
    assert int(study.horizon.end[:4]) == int(changes[-1][:4]) + 3


def test_many_years_are_run_with_a_row_for_many_people() -> None:
    assert load_study("scg_to_national").weights == ()
    assert dict(load_study("history_1983_2025").weights)["chemotherapy"] == 10


def test_overrides_hold_for_a_study_of_one() -> None:
    assert load_study("pct_2002", ["horizon.years=1", "replicates=7"]).replicates == 7
    with pytest.raises(ConfigError, match="unknown key"):
        load_study("pct_2002", ["horizon.yaers=1"])
