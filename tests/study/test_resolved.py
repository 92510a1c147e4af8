"""The study that is written beside the results is the study that was run."""

import shutil
from pathlib import Path

import pytest

from sim.specification.load import load_study
from sim.study.resolved import resolved, write_resolved
from tests.specification.written import CELLS, regime, scenario, study, write


def test_the_resolved_study_loads_as_the_same_study(tmp_path: Path) -> None:
    study = load_study("demo", ["replicates=3", "parameters.referral.travel_weight_per_hour=1.5"])

    write_resolved(study, tmp_path / "study.yaml")
    again = load_study(str(tmp_path / "study.yaml"))

    assert again.run_specs() == study.run_specs()
    assert (again.id, again.title, again.baseline) == (study.id, study.title, study.baseline)


def test_it_says_what_it_is(tmp_path: Path) -> None:
    write_resolved(load_study("demo"), tmp_path / "study.yaml")

    assert (tmp_path / "study.yaml").read_text(encoding="utf-8").startswith("# The study as it was run")


def test_it_can_be_run_again_from_anywhere_with_regimes_of_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    rows = [{**CELLS, "services": ["pnh"]}, {**CELLS, "services": ["renal_dialysis"], "cases": "ccg_2013"}]
    mine = regime(id="mine", levers={"ring_fence": False})
    write(own / "mine.yaml", {**mine, "matrix": {**mine["matrix"], "listed": rows}})
    write(own / "branch.yaml", scenario(timeline={"2006-04": "scg_2006", "2014-04": "./mine.yaml"}))
    given = study(compare=["./mine.yaml", "./branch.yaml", "equal_access"], baseline="mine", weights={"pnh": 2})
    loaded = load_study(write(own / "study.yaml", given))
    write_resolved(loaded, tmp_path / "out" / "study.yaml")
    shutil.rmtree(own)
    monkeypatch.chdir("/")

    again = load_study(str(tmp_path / "out" / "study.yaml"))

    assert again.run_specs() == loaded.run_specs()


def test_what_is_varied_is_written_value_by_value(tmp_path: Path) -> None:
    plan = "budget.plan_share_of_expected"
    vary = {plan: {"range": {"from": 0.9, "to": 1.1, "step": 0.1}}, "levers.year_end": ["carry", "bail_out"]}
    given = study(vary=vary)
    del given["parameters"]
    loaded = load_study(write(tmp_path / "given.yaml", given))

    write_resolved(loaded, tmp_path / "study.yaml")
    again = load_study(str(tmp_path / "study.yaml"))

    assert [again.at(point).run_specs() for point in again.points] == [
        loaded.at(point).run_specs() for point in loaded.points
    ]
    assert resolved(loaded)["vary"][plan] == [0.9, 1.0, 1.1]
    assert "plan_share_of_expected" not in resolved(loaded)["parameters"]["budget"]
