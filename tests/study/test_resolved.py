"""The study that is written beside the results is the study that was run."""

from pathlib import Path

from sim.specification.load import load_study
from sim.study.resolved import write_resolved


def test_the_resolved_study_loads_as_the_same_study(tmp_path: Path) -> None:
    study = load_study("demo", ["replicates=3", "parameters.referral.travel_weight_per_hour=1.5"])

    write_resolved(study, tmp_path / "study.yaml")
    again = load_study(str(tmp_path / "study.yaml"))

    assert again.run_specs() == study.run_specs()
    assert (again.id, again.title, again.baseline) == (study.id, study.title, study.baseline)


def test_it_says_what_it_is(tmp_path: Path) -> None:
    write_resolved(load_study("demo"), tmp_path / "study.yaml")

    assert (tmp_path / "study.yaml").read_text(encoding="utf-8").startswith("# The study as it was run")
