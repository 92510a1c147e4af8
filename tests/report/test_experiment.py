"""What a study says when it is asked from Python."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import ConfigError, Experiment
from sim.analysis.paired import paired_differences
from sim.specification.axes import Axis
from sim.specification.design import GRID
from tests.study import fakes

AXIS = Axis("budget.plan_share_of_expected", "share", (0.98, 1.02))


def experiment(folder: Path, **changes) -> Experiment:
    return Experiment(fakes.study(**changes), folder, fakes.bench())


@pytest.fixture(scope="module")
def swept(tmp_path_factory) -> Experiment:
    made = experiment(tmp_path_factory.mktemp("swept"), axes=(AXIS,), design=GRID)
    assert made.run(workers=1).ok
    return made


def test_price_tells_what_a_dry_run_tells_and_writes_nothing(tmp_path) -> None:
    folder = tmp_path / "new"
    price = experiment(folder).price()

    assert (price["runs"], price["new"], price["in_store"], price["replicates"]) == (8, 8, 0, 4)
    assert price["seconds_low"] <= price["seconds"] <= price["seconds_high"]
    assert not folder.exists()


def test_running_makes_what_is_missing_and_no_more(tmp_path) -> None:
    first = experiment(tmp_path, replicates=2)
    assert (first.run(workers=1).done, first.price()["new"]) == (4, 0)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.glob("store/??/*")}
    before = first.runs()

    more = experiment(tmp_path, replicates=3)
    assert more.price()["new"] == 2
    assert more.run(workers=1) == sim.Made(done=6, failed=0, left=0)
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert more.runs()["digest"].tolist()[:4] == before["digest"].tolist()


def test_runs_that_fail_are_counted_and_named_and_the_others_are_there(tmp_path) -> None:
    broken = experiment(tmp_path, names=("north", "fails"), replicates=2)
    made = broken.run(workers=1)
    runs = broken.runs()

    assert (made.done, made.failed, made.left, made.ok) == (2, 2, 0, False)
    assert runs.groupby("regime")["status"].agg(set).to_dict() == {"north": {"done"}, "fails": {"failed"}}
    assert runs.loc[runs["status"] == "failed", "error"].str.startswith("ZeroDivisionError").all()
    assert broken.outcomes()["regime"].unique().tolist() == ["north"]


def test_before_anything_is_run_the_runs_are_listed_as_not_made(tmp_path) -> None:
    new = experiment(tmp_path)

    assert new.runs()["status"].tolist() == ["not made"] * 8
    assert len(new.outcomes()) == 0
    with pytest.raises(ValueError, match=r"no finished run of north; make them with run\(\)"):
        new.compare("access_from_diagnosis", "a", "south")


def test_the_folder_is_one_of_results(swept) -> None:
    assert (swept.folder / "study.yaml").exists()
    assert len((swept.folder / "runs.csv").read_text(encoding="utf-8").splitlines()) == 1 + 16


def test_points_and_runs_have_the_values_of_the_axes(swept) -> None:
    points, runs = swept.points(), swept.runs()

    assert points.to_dict("list") == {"point": [1, 2], AXIS.key: [0.98, 1.02]}
    assert runs.columns.tolist() == (
        ["regime", "replicate", "point", AXIS.key, "key", "status", "digest", "seconds", "error"]
    )
    assert (runs["point"].map({1: 0.98, 2: 1.02}) == runs[AXIS.key]).all()


def test_outcomes_are_what_the_store_holds(swept) -> None:
    found = swept.outcomes("access_from_diagnosis", ["b"])
    runs = swept.runs().set_index(["regime", "replicate", "point"])

    assert len(found) == 16
    for row in found.to_dict("records"):
        table = swept.store.read(runs.loc[(row["regime"], row["replicate"], row["point"]), "key"]).table
        there = (table["service"] == "b") & (table["measure"] == "access_from_diagnosis")
        assert row["value"] == table["value"][there][0] == row["numerator"] / row["denominator"]
        assert row[AXIS.key] == {1: 0.98, 2: 1.02}[row["point"]]
    assert sorted(swept.outcomes()["service"].unique()) == ["a", "b"]


def test_a_comparison_pairs_replicates_at_each_point(swept) -> None:
    found = swept.compare("access_from_diagnosis", "a", "south")
    values = swept.outcomes("access_from_diagnosis", "a").pivot_table(
        index=["point", "replicate"], columns="regime", values="value"
    )
    differences = (values["south"] - values["north"]).groupby("point").mean()

    assert found["point"].tolist() == [1, 2]
    assert found[AXIS.key].tolist() == [0.98, 1.02]
    assert found["pairs"].tolist() == [4, 4]
    assert np.allclose(found["difference"], differences)
    turned = swept.compare("access_from_diagnosis", "a", "north", baseline="south")
    assert np.allclose(turned["difference"], -differences)


def test_a_comparison_without_axes_is_that_of_the_command(tmp_path) -> None:
    plain = experiment(tmp_path)
    plain.run(workers=1)
    rows = plain.outcomes().assign(geography="nation", period_start="all")
    expected = paired_differences(rows, "north")

    found = plain.compare(None, None, "south")
    wanted = expected[expected["regime"] == "south"]
    assert found[["service", "difference", "verdict"]].to_numpy().tolist() == (
        wanted[["service", "difference", "verdict"]].to_numpy().tolist()
    )


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda one: one.outcomes("acess_from_diagnosis"), "no measure.*did you mean `access_from_diagnosis`"),
        (lambda one: one.outcomes(services="c"), "no service `c`"),
        (lambda one: one.compare(None, None, "sout"), "no regime `sout`; did you mean `south`"),
        (lambda one: one.compare(None, None, "south", baseline="east"), "no regime `east`"),
        (lambda one: one.run(workers=0), "workers"),
    ],
)
def test_a_name_that_does_not_exist_is_refused_with_what_may_have_been_meant(swept, ask, words) -> None:
    with pytest.raises(ValueError, match=words):
        ask(swept)


def test_a_folder_that_cannot_be_written_is_found_out_before_any_run(tmp_path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(OSError, match="file"):
        experiment(tmp_path / "file").run(workers=1)


def test_a_study_is_found_by_name_and_its_overrides_are_checked() -> None:
    found = Experiment.of("demo", overrides=["replicates=2", "id=mine"])

    assert (found.study.replicates, found.folder) == (2, Path("results/mine"))
    assert Experiment.of("demo", out="elsewhere").folder == Path("elsewhere")
    with pytest.raises(ConfigError, match="replicates"):
        Experiment.of("demo", overrides=["replicates=none"])


def test_an_experiment_can_be_asked_of_another_study(swept) -> None:
    fewer = replace(swept, study=replace(swept.study, replicates=2))

    assert len(fewer.runs()) == 8
    assert set(fewer.runs()["status"]) == {"done"}


def test_every_public_name_is_there_has_a_type_and_costs_nothing_to_import() -> None:
    package = Path(sim.__file__).parent
    text = (package / "__init__.pyi").read_text(encoding="utf-8")
    typed = re.findall(r"^from sim\.([\w.]+) import (\w+) as \2$", text, flags=re.MULTILINE)
    names = [name for name in sim.__all__ if name != "__version__"]

    assert {name: home for home, name in typed} == sim._HOME
    assert sorted(sim._HOME) == sorted(names)
    assert [name for name in names if getattr(sim, name).__name__ != name] == []
    assert set(names) <= set(dir(sim))
    with pytest.raises(AttributeError, match="no attribute 'Experimnt'"):
        _ = sim.Experimnt
    code = "import sys, sim; print([name for name in sys.modules if name.startswith('sim.')], 'numpy' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.strip() == "[] False"
