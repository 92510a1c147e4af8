"""Shipped studies that have been run: their comparisons, and what single places got."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.analysis.paired import Comparison, compare_regimes
from sim.report.table import measured_ones
from sim.specification.load import load_study
from sim.specification.run import Study
from sim.specification.switches import declared
from sim.study import england
from sim.study.collect import collect
from sim.study.execute import execute, worker_count
from sim.study.plan import Plan, make_plan
from sim.study.progress import progress_for
from sim.study.store import Store
from sim.world.services import EMERGENCY
from sim.world.world import World, load_england

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]


class Counts(NamedTuple):
    """People in need since diagnosis, and those of them treated in time, of one run; float64[P, S] each."""

    need: Floats
    reached: Floats


@dataclass(frozen=True)
class Finished:
    """A study whose runs are all there."""

    study: Study
    plan: Plan
    store: Store
    frame: "pd.DataFrame"

    def row(self, measure: str, service: str, regime: str, point: int = 1) -> Comparison:
        """Return how a regime compares with the baseline on one outcome at one point."""
        runs = self.frame[self.frame["point"] == point]
        rows = measured_ones(compare_regimes(runs, self.study.baseline))
        [found] = [row for row in rows if (row.measure, row.service, row.regime) == (measure, service, regime)]
        return found

    def counts(self, regime: str, point: int = 1) -> list[Counts]:
        """Return what the people of each place got, one for each replicate."""
        runs = [run for run in self.plan.runs if (run.scenario, run.point) == (regime, point)]
        return [counts_of(self.store, run.key) for run in sorted(runs, key=lambda run: run.replicate)]


def finish(name: str, folder: Path) -> Finished:
    """Make all runs of a shipped study and read them back."""
    study, bench, store = load_study(name), england.england_bench(), Store(folder)
    plan = make_plan(study, bench, store)
    report = execute(plan.missing, bench, store, worker_count("auto", len(plan.missing)), progress_for(True))
    assert [outcome.error for outcome in report.failed] == []
    assert not report.interrupted
    return Finished(study, plan, store, collect(plan.runs, store).frame)


def counts_of(store: Store, key: str) -> Counts:
    """Read access from diagnosis by place and service of one run; nobody is in need where there is no row."""
    world, table = load_england(), store.read(key).table
    wanted = (table["geography"] == "place") & (table["measure"] == "access_from_diagnosis")
    place = [world.places.codes.index(code) for code in table["area"][wanted]]
    service = [world.services.ids.index(name) for name in table["service"][wanted]]
    need, reached = np.zeros((2, *world.expected_need.shape))
    need[place, service] = table["denominator"][wanted]
    reached[place, service] = table["numerator"][wanted]
    return Counts(need, reached)


def beyond_their_ranges(study: Study) -> list[str]:
    """List the parameters of a study, at any of its points, that lie outside the range declared beside them."""
    return [
        f"{one.key}: {one.value}"
        for point in study.points
        for one in declared(study.at(point).parameters)
        if one.facts.low is not None
        and one.facts.high is not None
        and not (isinstance(one.value, (int, float)) and one.facts.low <= one.value <= one.facts.high)
    ]


def fifths_by_distance(world: World, counts: Counts) -> tuple[float, float]:
    """Return the access of the fifth of people in need nearest to a centre, and of the fifth farthest from one.

    Fifths are formed within each service that is no emergency, by hours to the nearest centre, and then pooled.
    """
    need, reached = np.zeros((2, 2))
    offers = world.offers
    for service in np.flatnonzero((world.services.kind != EMERGENCY) & (counts.need.sum(axis=0) > 0)):
        centres = offers.provider[offers.first[service] : offers.first[service + 1]]
        order = np.argsort(world.travel_hours[:, centres].min(axis=1), kind="stable")
        people, treated = counts.need[order, service], counts.reached[order, service]
        middle = (np.cumsum(people) - people / 2) / people.sum()
        for end, part in enumerate((middle < 0.2, middle >= 0.8)):
            need[end] += people[part].sum()
            reached[end] += treated[part].sum()
    nearest, farthest = (reached / need).tolist()
    return nearest, farthest
