"""What a study will take is told from like runs, and without any from measured constants."""

from pathlib import Path
from statistics import fmean
from types import SimpleNamespace

import pytest

from sim.specification.run import Horizon
from sim.study.bench import Outcome, Unit
from sim.study.execute import execute
from sim.study.plan import Plan, make_plan
from sim.study.price import (
    COMPILING_S,
    SECONDS_PER_PERSON,
    SECONDS_PER_RUN,
    compiled,
    people_simulated,
    price,
    runs_in_line,
)
from sim.study.progress import Silent
from sim.study.store import Store
from tests.study import fakes


@pytest.fixture(autouse=True)
def compiled_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.study.price.compiled", lambda: True)


def plan_of(store: Store, replicates: int) -> Plan:
    return make_plan(fakes.study(replicates=replicates), fakes.bench(), store)


def made(store: Store, replicates: int) -> list[Outcome]:
    plan = plan_of(store, replicates)
    return execute(plan.missing, fakes.bench(), store, 1, Silent()).outcomes


def test_people_are_those_who_fall_ill_and_the_twins() -> None:
    study = fakes.study()

    people = people_simulated(study, fakes.small_world(study.run_specs()[0]))

    assert people == 60.0 * 3 + 1 * 2 * 3


def test_without_past_runs_time_follows_the_people_and_the_workers(tmp_path: Path) -> None:
    store, study = Store(tmp_path), fakes.study(replicates=4)
    plan = plan_of(store, 4)
    each = SECONDS_PER_RUN + SECONDS_PER_PERSON * 1e6

    assert price(study, plan, store, 1e6, 1).wall_s == pytest.approx(8 * each)
    assert price(study, plan, store, 1e6, 2).wall_s == pytest.approx(4 * each)
    assert price(study, plan, store, 1e6, 3).wall_s == pytest.approx(4 * each)


def test_past_runs_of_the_same_size_set_the_price(tmp_path: Path) -> None:
    store = Store(tmp_path)
    made(store, 2)
    seconds = [manifest["timing"]["wall_s"] for manifest in store.manifests()]

    cost = price(fakes.study(replicates=3), plan_of(store, 3), store, 1e9, 1)

    assert cost.wall_s == pytest.approx(2 * fmean(seconds))
    assert (cost.wall_low_s, cost.wall_high_s) == pytest.approx((cost.wall_s / 1.5, cost.wall_s * 1.5))
    assert cost.basis == "4 runs in the store"
    sizes = [path.stat().st_size for path in tmp_path.glob("??/*.parquet")]
    assert cost.disk_mb == pytest.approx(2 * sum(sizes) / len(sizes) / 1e6)


def test_runs_of_another_size_say_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    made(store, 2)
    longer = fakes.study(horizon=Horizon("2013-04", 9, 1))

    cost = price(longer, make_plan(longer, fakes.bench(), store), store, 0.0, 1)

    assert "another machine" in cost.basis


def test_the_first_run_of_a_version_is_compiled_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, study = Store(tmp_path), fakes.study(replicates=4)
    warm = price(study, plan_of(store, 4), store, 1e6, 1)
    monkeypatch.setattr("sim.study.price.compiled", lambda: False)

    cold = price(study, plan_of(store, 4), store, 1e6, 1)

    assert cold.wall_s == pytest.approx(warm.wall_s + COMPILING_S)


def test_nothing_to_do_costs_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    made(store, 2)

    cost = price(fakes.study(replicates=2), plan_of(store, 2), store, 1e6, 1)

    assert (cost.wall_s, cost.disk_mb) == (0.0, 0.0)


def test_the_busiest_worker_sets_the_time() -> None:
    run = make_plan(fakes.study(), fakes.bench(), Store(Path("nowhere"))).missing[0].runs[0]
    units = [Unit(number, (run,) * length) for number, length in enumerate((3, 2, 2, 2))]

    assert [runs_in_line(units, workers) for workers in (1, 2, 4, 9)] == [9, 5, 3, 3]
    assert runs_in_line([], 2) == 0


def test_a_patient_who_stands_for_ten_costs_the_time_of_one() -> None:
    study = fakes.study(weights=(("a", 10),))

    people = people_simulated(study, fakes.small_world(study.run_specs()[0]))

    assert people == (30.0 / 10 + 30.0) * 3 + 1 * 2 * 3


def test_runs_of_other_weights_say_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    made(store, 2)
    sampled = fakes.study(weights=(("a", 10),))

    assert "another machine" in price(sampled, make_plan(sampled, fakes.bench(), store), store, 0.0, 1).basis


def test_rules_count_as_compiled_only_where_this_copy_of_the_code_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    stats = SimpleNamespace(cache_path=str(tmp_path / "model_here"))
    last = SimpleNamespace(stats=stats, __module__="sim.model.worth", __name__="weigh_lives")
    monkeypatch.setattr("sim.study.price.weigh_lives", last)
    elsewhere, here = tmp_path / "model_elsewhere", tmp_path / "model_here"
    for folder, known in ((elsewhere, False), (here, True)):
        folder.mkdir()
        (folder / "worth.weigh_lives-95.py311.nbi").touch()
        assert compiled() is known
