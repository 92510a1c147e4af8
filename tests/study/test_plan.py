"""A plan names every run once, skips what is there, and writes nothing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.specification.axes import Axis
from sim.specification.run import Study
from sim.study.execute import execute
from sim.study.plan import make_plan
from sim.study.progress import Silent
from sim.study.store import Store
from tests.study import fakes


def test_a_unit_is_one_replicate_under_all_regimes(tmp_path: Path) -> None:
    plan = make_plan(fakes.study(("north", "south"), 3), fakes.bench(), Store(tmp_path))

    assert [unit.replicate for unit in plan.missing] == [0, 1, 2]
    assert [[run.spec.scenario_id for run in unit.runs] for unit in plan.missing] == [["north", "south"]] * 3
    assert (plan.new, plan.stored) == (6, 0)


def test_planning_writes_nothing(tmp_path: Path) -> None:
    make_plan(fakes.study(), fakes.bench(), Store(tmp_path / "store"))

    assert list(tmp_path.iterdir()) == []


def test_more_replicates_leave_old_runs_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    execute(make_plan(fakes.study(), fakes.bench(), store).missing, fakes.bench(), store, 1, Silent())

    plan = make_plan(fakes.study(replicates=6), fakes.bench(), store)

    assert [unit.replicate for unit in plan.missing] == [4, 5]
    assert (plan.new, plan.stored) == (4, 8)


def test_names_are_not_in_the_key_but_everything_else_is(tmp_path: Path) -> None:
    store, bench = Store(tmp_path), fakes.bench()
    study = fakes.study()
    keys = [run.key for run in make_plan(study, bench, store).runs]

    renamed = make_plan(fakes.study(("east", "west")), bench, store)

    assert [run.key for run in renamed.runs] == keys
    for changed in (replace(study, seed=8), replace(study, twin_sets=2)):
        assert not {run.key for run in make_plan(changed, bench, store).runs} & set(keys)
    other_data = replace(bench, data_hash="1" * 64)
    assert not {run.key for run in make_plan(study, other_data, store).runs} & set(keys)


def test_two_regimes_of_the_same_content_are_run_once(tmp_path: Path) -> None:
    study = fakes.study(replicates=2)
    twice = replace(study, compare=(fakes.scenario("one", 0), fakes.scenario("same", 0)), baseline="one")

    plan = make_plan(twice, fakes.bench(), Store(tmp_path))

    assert len(plan.runs) == 4
    assert plan.new == 2


def test_a_damaged_file_is_named_and_planned_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan = make_plan(fakes.study(), fakes.bench(), store)
    execute(plan.missing, fakes.bench(), store, 1, Silent())
    store.path(plan.runs[3].key).write_bytes(b"PAR1")

    again = make_plan(fakes.study(), fakes.bench(), store)

    assert [run.key for unit in again.missing for run in unit.runs] == [plan.runs[3].key]
    assert len(again.damaged) == 1
    assert again.damaged[0].key == plan.runs[3].key
    assert str(store.path(plan.runs[3].key)) in str(again.damaged[0])


def swept(*values: float, **changes: Any) -> Study:
    """Return a study of two regimes and a benchmark that varies a lever and a parameter."""
    axes = (Axis("levers.year_end", "", ("carry", "bail_out")), Axis("waiting.capacity_scale", "", values or (1.0,)))
    benchmark = fakes.scenario("none", 3)
    [(month, regime)] = benchmark.timeline
    benchmark = replace(benchmark, timeline=((month, replace(regime, benchmark=True)),))
    plain = fakes.study(replicates=2)
    return replace(plain, compare=(*plain.compare, benchmark), axes=axes, **changes)


def test_a_unit_is_one_replicate_at_one_point(tmp_path: Path) -> None:
    plan = make_plan(swept(1.0, 1.1), fakes.bench(), Store(tmp_path))

    assert [(unit.replicate, unit.runs[0].labels["point"]) for unit in plan.missing] == [
        (replicate, point) for replicate in (0, 1) for point in (1, 2, 3, 4)
    ]
    assert all(len({run.spec.parameters.waiting.capacity_scale for run in unit.runs}) == 1 for unit in plan.missing)
    assert plan.missing[3].runs[0].labels["varied"] == {"levers.year_end": "bail_out", "waiting.capacity_scale": 1.1}


def test_a_benchmark_that_a_lever_leaves_alone_is_run_once(tmp_path: Path) -> None:
    plan = make_plan(swept(), fakes.bench(), Store(tmp_path))

    keys = {run.key for run in plan.runs if run.scenario == "none"}
    assert len(plan.runs) == 2 * 3 * 2
    assert len(keys) == 2  # one for each replicate
    assert plan.new == len(plan.runs) - 2


def test_more_values_leave_old_runs_alone(tmp_path: Path) -> None:
    store, bench = Store(tmp_path), fakes.bench()
    execute(make_plan(swept(1.0), bench, store).missing, bench, store, 1, Silent())

    plan = make_plan(swept(0.9, 1.0), bench, store)

    assert {run.spec.parameters.waiting.capacity_scale for unit in plan.missing for run in unit.runs} == {0.9}
    assert (plan.stored, plan.new) == (10, 10)


def test_a_point_has_the_key_of_the_plain_study_with_its_values(tmp_path: Path) -> None:
    study = swept(0.9)
    [first, _] = study.points

    alone = make_plan(study.at(first), fakes.bench(), Store(tmp_path))

    among = make_plan(study, fakes.bench(), Store(tmp_path))
    assert [run.key for run in alone.runs] == [run.key for run in among.runs if run.point == 1]


def test_only_the_points_and_replicates_asked_for_are_planned(tmp_path: Path) -> None:
    study = replace(fakes.study(replicates=3), axes=(Axis("levers.year_end", "", ("carry", "bail_out")),))

    plan = make_plan(study, fakes.bench(), Store(tmp_path), {(1, 2), (2, 0)})

    assert {(run.point, run.replicate) for run in plan.runs} == {(1, 2), (2, 0)}
    assert [unit.replicate for unit in plan.missing] == [0, 2]
    assert plan.new == 4


def test_what_an_edited_study_adds_is_made_and_what_is_there_is_not_touched(tmp_path: Path) -> None:
    store, bench = Store(tmp_path), fakes.bench()
    execute(make_plan(swept(1.0), bench, store).missing, bench, store, 1, Silent())
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) for path in tmp_path.glob("??/*")}

    more = replace(swept(0.9, 1.0), replicates=3)
    plan = make_plan(more, bench, store)
    execute(plan.missing, bench, store, 1, Silent())

    after = {path: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) for path in tmp_path.glob("??/*")}
    assert {path: after[path] for path in before} == before
    assert len(after) - len(before) == plan.new
    assert {path.stem for path in after} == {run.key for run in plan.runs}
