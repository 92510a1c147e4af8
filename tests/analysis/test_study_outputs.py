"""A study's axes become a space, its points an array; runs become outputs, and holes are named."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.analysis.space import CannotAnalyseError
from sim.analysis.study_outputs import MissingRunsError, measured, outputs, sampled
from sim.specification.axes import Axis, Interval
from sim.specification.design import Design
from sim.study import collect as collecting
from sim.study import index
from sim.study.execute import execute
from sim.study.plan import make_plan
from sim.study.progress import Silent
from sim.study.store import Store
from tests.study import fakes

AXES = (
    Axis("travel.detour_factor", "ratio", (1.2, 1.5, 1.3)),
    Axis("levers.year_end", "one of the words listed", ("carry", "bail_out", "carry")),
    Axis("policy.topics_per_service", "topics", (3, 7, 5)),
)


def study(**changes: Any) -> Any:
    return fakes.study(replicates=2, axes=AXES, design=Design("zip"), **changes)


def test_axes_become_inputs_of_their_kind() -> None:
    found = sampled(study())

    assert found.space.kind == ("continuous", "choice", "whole")
    assert (found.space.low, found.space.high) == ((1.2, 0.0, 3.0), (1.5, 1.0, 7.0))
    assert found.space.options == ((), ("carry", "bail_out"), ())
    assert found.points.tolist() == [[1.2, 0.0, 3.0], [1.5, 1.0, 7.0], [1.3, 0.0, 5.0]]
    assert (found.method, found.levels) == ("zip", 0)


def test_listed_numbers_are_spread_as_the_study_lists_them() -> None:
    space = sampled(study()).space
    even = (np.arange(300) + 0.5) / 300

    spread = space.spread(np.column_stack([even] * 3))

    assert space.listed == ((1.2, 1.3, 1.5), (), (3.0, 5.0, 7.0))
    for column, numbers in zip(spread.T, space.listed, strict=True):
        for number in numbers:
            assert (column == number).sum() == 100


def test_the_limits_of_an_axis_that_has_an_interval_are_its_ends() -> None:
    axes = tuple(
        Axis(key, "", (2, 9), Interval(2, 9, whole))
        for key, whole in (("policy.topics_per_service", True), ("travel.detour_factor", False))
    )
    found = sampled(fakes.study(axes=axes, design=Design("morris", trajectories=3, levels=6, seed=1)))

    assert (found.space.low, found.space.high, found.space.kind) == ((2.0, 2.0), (9.0, 9.0), ("whole", "continuous"))
    assert (found.method, found.levels, found.points.shape) == ("morris", 6, (9, 2))


def test_a_study_that_varies_nothing_is_refused() -> None:
    with pytest.raises(CannotAnalyseError, match="varies nothing"):
        sampled(fakes.study())


def test_runs_become_outputs_and_holes_are_named(tmp_path: Path) -> None:
    varied = replace(
        fakes.study(replicates=2), axes=(Axis("travel.detour_factor", "ratio", (1.2, 1.3, 1.4)),), design=Design("zip")
    )
    store, bench = Store(tmp_path / "store"), fakes.bench()
    plan = make_plan(varied, bench, store)
    execute(plan.missing, bench, store, 1, Silent())
    wanted = [("access_from_diagnosis", "a"), ("access_from_diagnosis", "b")]

    found = outputs(varied, plan.runs, store, ["north", "south"], wanted, Silent())

    assert found.shape == (2, 3, 2, 2)
    assert np.isfinite(found).all()
    one = next(run for run in plan.runs if (run.scenario, run.replicate, run.point) == ("south", 1, 2))
    table = store.read(one.key).table
    assert found[1, 1, 1, 1] == table["value"][table["service"] == "b"][0]
    assert measured(plan.runs, store) == {"access_from_diagnosis": ["a", "b"]}
    store.path(one.key).unlink()
    with pytest.raises(MissingRunsError, match="1 finished run missing or damaged, at 1 of 3 points: 2"):
        outputs(varied, plan.runs, store, ["north", "south"], wanted, Silent())


class Told(Silent):
    """Remember what was told of the progress."""

    def __init__(self) -> None:
        self.numbers: list[int] = []

    def begin(self, total: int) -> None:
        self.numbers.append(-total)

    def advance_to(self, finished: int) -> None:
        self.numbers.append(finished)


def test_the_store_is_listed_once_and_many_runs_are_read_from_their_files_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "FEWEST_RUNS", 110)
    axis = Axis("travel.detour_factor", "ratio", tuple(round(1.2 + number / 100, 2) for number in range(30)))
    varied = replace(fakes.study(replicates=2), axes=(axis,), design=Design("zip"))
    store, bench = Store(tmp_path / "store"), fakes.bench()
    plan = make_plan(varied, bench, store)
    execute(plan.missing, bench, store, 1, Silent())
    listed: list[Store] = []
    read: list[str] = []
    one_read, one_listed = Store.read, collecting.read_index
    monkeypatch.setattr(collecting, "read_index", lambda store: listed.append(store) or one_listed(store))
    monkeypatch.setattr(Store, "read", lambda store, key: read.append(key) or one_read(store, key))
    wanted = [("access_from_diagnosis", "b")]

    first, again = Told(), Told()
    found = outputs(varied, plan.runs, store, ["north", "south"], wanted, first)
    assert (len(listed), len(read)) == (1, 120)
    assert first.numbers == [-120, *range(1, 121), 120]

    assert np.array_equal(outputs(varied, plan.runs, store, ["north", "south"], wanted, again), found)
    assert (len(listed), len(read)) == (2, 120)
    assert again.numbers == [-120, 120, 120]
