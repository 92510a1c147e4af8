"""The runs behind a decomposition are ordinary runs, made once, and a mechanism that does nothing gets nothing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.analysis.decomposition import MOST_EXACT, NothingToDecomposeError, decompose
from sim.analysis.mechanism_groups import EACH, GROUPS, groups_of
from sim.analysis.shapley import subsets_on_the_way
from sim.analysis.shares import NO_EFFECT, accounts
from sim.measures.access_rows import national_access_rows
from sim.measures.amount_rows import money_rows
from sim.measures.rows import as_columns
from sim.model.run import simulate_unit
from sim.specification.axes import Axis
from sim.specification.run import Horizon, Scenario, Study
from sim.specification.switches import all_mechanisms_off, mechanisms
from sim.study.bench import Bench
from sim.study.collect import collect
from sim.study.execute import execute
from sim.study.plan import make_plan
from sim.study.progress import Silent
from sim.study.store import Store
from tests.analysis.explained import alone, found_of, with_switches
from tests.builders import START, TO_SCALE, held_by, lively_world, with_parameters
from tests.study import fakes


def switched_on(study: Study) -> set[str]:
    return {entry.key for entry in mechanisms(study.parameters) if entry.value}


def test_every_subset_is_a_point_in_which_only_its_groups_are_at_work() -> None:
    found = decompose(fakes.study(), GROUPS)

    assert found.subsets == tuple(range(1 << len(GROUPS)))
    for point, subset in zip(found.study.points, found.subsets, strict=True):
        wanted = {key for group in GROUPS if group.id in found.at_work(subset) for key in group.switches}
        assert switched_on(found.study.at(point)) == wanted


def test_all_groups_at_work_are_the_runs_of_the_study_itself(tmp_path: Path) -> None:
    study, bench, store = fakes.study(), fakes.bench(), Store(tmp_path)
    found = decompose(study, GROUPS)
    whole = [point for point, subset in enumerate(found.subsets, start=1) if subset == found.everyone]

    own = [run.key for run in make_plan(study, bench, store).runs]
    runs = make_plan(found.study, bench, store).runs
    assert [run.key for run in runs if run.point in whole] == own


def test_nobody_at_work_is_the_study_with_every_mechanism_off() -> None:
    found = decompose(fakes.study(), GROUPS)

    assert found.study.at(found.study.points[0]).parameters == all_mechanisms_off(found.study.parameters)


def test_what_the_study_has_switched_off_stays_off_and_takes_no_part() -> None:
    study = with_switches({"panels": {"enabled": False}, "diffusion": {"enabled": False}})
    found = decompose(study, GROUPS)

    assert [group.id for group in found.groups] == [group.id for group in GROUPS if group.id != "requests"]
    for point in found.study.points:
        assert not {"panels.enabled", "diffusion.enabled"} & switched_on(found.study.at(point))


def test_benchmarks_are_left_out() -> None:
    study = fakes.study(("north", "south"))
    regime = replace(study.compare[1].timeline[0][1], benchmark=True)
    benchmark = Scenario("nothing", "", (("", regime),))

    assert list(decompose(replace(study, compare=(*study.compare, benchmark)), GROUPS).study.scenarios) == [
        "north",
        "south",
    ]


def test_a_study_that_varies_or_has_nothing_at_work_is_refused() -> None:
    varied = replace(fakes.study(), axes=(Axis("travel.detour_factor", "", (1.0, 1.2)),))
    idle = replace(fakes.study(), parameters=all_mechanisms_off(fakes.study().parameters))

    with pytest.raises(NothingToDecomposeError, match=r"varies travel\.detour_factor"):
        decompose(varied, GROUPS)
    with pytest.raises(NothingToDecomposeError, match="every mechanism switched off"):
        decompose(idle, GROUPS)


def test_of_many_groups_only_the_subsets_on_the_sampled_ways_are_run(tmp_path: Path) -> None:
    found = found_of(EACH, replicates=3, permutations=4)
    plan = make_plan(found.study, fakes.bench(), Store(tmp_path), found.asked)

    assert len(found.groups) > MOST_EXACT
    for replicate, orders in enumerate(found.orders):
        wanted = set(subsets_on_the_way(orders).ravel().tolist())
        made = {found.subsets[run.point - 1] for run in plan.runs if run.replicate == replicate}
        assert made == wanted
        assert {0, found.everyone} <= made
    assert not np.array_equal(found.orders[0], found.orders[1])


def test_more_replicates_leave_the_orders_of_the_first_alone() -> None:
    few, many = (found_of(EACH, replicates=number) for number in (2, 3))

    assert all(np.array_equal(a, b) for a, b in zip(few.orders, many.orders[:2], strict=True))


def small_bench() -> Bench:
    """Return a bench that runs the real model on a small world, tabulated as far as shares need it."""
    world = lively_world(n_places=4, n_services=3, n_providers=3)

    def tabulate(result: Any, _: Any) -> Any:
        return as_columns([*national_access_rows(result), *money_rows(result)], {}, result.start, result.measured_years)

    return Bench(lambda spec: world, simulate_unit, tabulate, "0" * 64)


def small_study(replicates: int = 2) -> Study:
    world = lively_world(n_places=4, n_services=3, n_providers=3)
    regimes = [held_by(level) for level in ("nation", "district")]
    return Study(
        id="small",
        title="",
        path="small.yaml",
        compare=tuple(Scenario(regime.id, "", (("", regime),)) for regime in regimes),
        baseline="nation",
        services=world.services.ids,
        horizon=Horizon(START, 1, 1),
        replicates=replicates,
        seed=5,
        twin_sets=0,
        parameters=with_parameters({**TO_SCALE, "budget.plan_share_of_expected": 0.8}),
    )


def test_a_mechanism_that_is_inert_in_a_small_world_gets_exactly_nothing_and_others_do_not(tmp_path: Path) -> None:
    """Nobody is named as a partner, so joint decisions cannot act; capacity and budgets do."""
    outcomes = [("access_from_diagnosis", "all_patients"), ("cost_total_gbp", "all")]
    inert, lively = alone("co_commissioning.enabled"), alone("waiting.capacity_enabled", "budget.cap_enabled")
    bench, store = small_bench(), Store(tmp_path)
    found = decompose(small_study(), [inert, lively])
    plan = make_plan(found.study, bench, store)
    report = execute(plan.missing, bench, store, 1, Silent())

    assert [outcome.error for outcome in report.failed] == []
    told = accounts(found, collect(plan.runs, store, outcomes).frame, outcomes)
    assert len(told) == 6
    for account in told:
        nothing, something = account.groups
        assert (nothing.mean, nothing.low, nothing.high, nothing.verdict) == (0.0, 0.0, 0.0, NO_EFFECT)
        assert account.baseline or something.mean != 0.0
        assert account.off.mean + something.mean == pytest.approx(account.at_work.mean, rel=1e-12)
    assert make_plan(found.study, bench, store).new == 0


def test_the_usual_groups_are_those_of_an_empty_text() -> None:
    assert groups_of("") is GROUPS
