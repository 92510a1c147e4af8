"""A study is planned, run and written down alike under every design."""

from pathlib import Path
from typing import Any

import pytest

from sim.specification.load import load_study
from sim.specification.run import Study
from sim.study.execute import execute
from sim.study.plan import make_plan
from sim.study.progress import Silent
from sim.study.resolved import write_resolved
from sim.study.store import Store
from tests.specification.written import study, write
from tests.study import fakes

SHARE, TOPICS, YEAR_END = "common_pool.marginal_share", "policy.topics_per_service", "levers.year_end"
DRAWN = {SHARE: "prior", TOPICS: "prior", YEAR_END: "prior", "priority.enabled": "prior"}
LISTED = {SHARE: {"logspace": {"from": 0.001, "to": 0.1, "n": 3}}, YEAR_END: ["carry", "bail_out", "freeze"]}
POINTS = [{SHARE: 0, YEAR_END: "carry"}, {SHARE: 0.1, YEAR_END: "carry"}]
DESIGNS: dict[str, tuple[Any, Any]] = {
    "grid": (LISTED, "grid"),
    "zip": (LISTED, "zip"),
    "list": (POINTS, "list"),
    "one_at_a_time": (LISTED | {TOPICS: "prior"}, "one_at_a_time"),
    "lhs": (DRAWN, {"method": "lhs", "samples": 12}),
    "sobol": (DRAWN, {"method": "sobol", "samples": 12, "seed": 5}),
    "morris": (DRAWN, {"method": "morris", "trajectories": 3, "levels": 6}),
    "saltelli": (DRAWN, {"method": "saltelli", "samples": 4}),
}


def loading(folder: Path, vary: Any, design: Any, **changes: Any) -> Study:
    given = study(vary=vary, design=design, parameters={"priority": {"volume_exponent": 0.1}}, **changes)
    return load_study(write(folder / "given.yaml", given))


@pytest.mark.parametrize("method", DESIGNS)
def test_the_study_beside_the_results_has_the_same_points_and_keys(tmp_path: Path, method: str) -> None:
    loaded = loading(tmp_path, *DESIGNS[method])

    write_resolved(loaded, tmp_path / "study.yaml")
    again = load_study(str(tmp_path / "study.yaml"))

    assert again.points == loaded.points
    assert again.design == loaded.design
    store, bench = Store(tmp_path / "store"), fakes.bench()
    assert make_plan(again, bench, store).runs == make_plan(loaded, bench, store).runs


@pytest.mark.parametrize(
    ("few", "many"),
    [
        ({"method": "sobol", "samples": 5}, {"method": "sobol", "samples": 9}),
        ({"method": "saltelli", "samples": 2}, {"method": "saltelli", "samples": 4}),
        ({"method": "morris", "trajectories": 2}, {"method": "morris", "trajectories": 3}),
    ],
)
def test_a_design_that_is_extended_makes_only_what_is_missing(tmp_path: Path, few: Any, many: Any) -> None:
    store, bench = Store(tmp_path / "store"), fakes.bench()
    small, large = (loading(tmp_path, DRAWN, design, replicates=1, services=["pnh"]) for design in (few, many))
    first = make_plan(small, bench, store)
    execute(first.missing, bench, store, 1, Silent())

    plan = make_plan(large, bench, store)

    assert plan.runs[: len(first.runs)] == first.runs
    assert {run.key for run in first.runs} <= {run.key for run in plan.runs}
    assert not {run.key for unit in plan.missing for run in unit.runs} & {run.key for run in first.runs}


def test_all_regimes_of_a_point_meet_the_same_luck(tmp_path: Path) -> None:
    loaded = loading(tmp_path, *DESIGNS["lhs"])

    plan = make_plan(loaded, fakes.bench(), Store(tmp_path / "store"))

    assert len(plan.runs) == 12 * len(loaded.compare) * loaded.replicates
    assert all(len({repr(run.spec.parameters) for run in unit.runs}) == 1 for unit in plan.missing)
    assert {run.spec.seed for unit in plan.missing for run in unit.runs} == {loaded.seed}
