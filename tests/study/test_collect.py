"""What is read back is what was run, named as the study names it."""

from dataclasses import replace
from pathlib import Path

from sim.study.collect import collect
from sim.study.execute import execute
from sim.study.plan import Plan, make_plan
from sim.study.progress import Silent
from sim.study.store import Store
from tests.study import fakes


def made(store: Store, names: tuple[str, ...] = ("north", "south")) -> Plan:
    plan = make_plan(fakes.study(names, 2), fakes.bench(), store)
    execute(plan.missing, fakes.bench(), store, 1, Silent())
    return plan


def test_every_row_carries_its_regime_and_replicate(tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan = made(store)

    collected = collect(plan.runs, store)

    assert len(collected.frame) == 4 * 2
    assert set(zip(collected.frame["regime"], collected.frame["replicate"], strict=True)) == {
        ("north", 0),
        ("south", 0),
        ("north", 1),
        ("south", 1),
    }
    assert set(collected.manifests) == {run.key for run in plan.runs}


def test_a_file_serves_every_regime_of_the_same_content(tmp_path: Path) -> None:
    store = Store(tmp_path)
    twice = replace(fakes.study(replicates=1), compare=(fakes.scenario("one", 0), fakes.scenario("same", 0)))
    twice = replace(twice, baseline="one")
    plan = make_plan(twice, fakes.bench(), store)
    execute(plan.missing, fakes.bench(), store, 1, Silent())

    frame = collect(plan.runs, store).frame

    one, same = (frame[frame["regime"] == name]["value"].tolist() for name in ("one", "same"))
    assert one == same
    assert len(one) == 2


def test_damaged_files_are_named_and_missing_ones_passed_over(tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan = made(store, ("north", "fails"))
    first = plan.runs[0].key
    whole = store.path(first).read_bytes()
    store.path(first).write_bytes(whole[:40] + b"\x00" * 40 + whole[80:])

    collected = collect(plan.runs, store)

    assert [damaged.key for damaged in collected.damaged] == [first]
    assert set(collected.frame["replicate"]) == {1}


def test_nothing_run_gives_an_empty_table(tmp_path: Path) -> None:
    plan = make_plan(fakes.study(), fakes.bench(), Store(tmp_path))

    assert collect(plan.runs, Store(tmp_path)).frame.empty


def test_of_many_points_only_the_outcomes_asked_for_are_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan = made(store)

    frame = collect(plan.runs, store, only={("access_from_diagnosis", "b")}).frame

    assert set(frame["service"]) == {"b"}
    assert len(frame) == 4
    assert set(frame["point"]) == {1}
