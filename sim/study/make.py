"""Make the missing runs of a study, whoever asks for them, and say beforehand what they take."""

import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.settings.plural import counted
from sim.specification.idle import idle
from sim.specification.run import Study
from sim.study.bench import Bench, Unit
from sim.study.cluster import Cluster
from sim.study.collect import Collected, collect
from sim.study.execute import Report, execute, execute_on, worker_count
from sim.study.limits import USUAL, Limits
from sim.study.part import OneRun, Part
from sim.study.plan import Plan, make_plan
from sim.study.pool import Processes
from sim.study.price import COMPILING_S, Price, compiled, people_simulated, price
from sim.study.progress import Progress, duration
from sim.study.store import DamagedRunError, Store

MANY_RUNS = 200
"""A study that has more to do than this says how long it will take before it begins."""
ROUNDS = 2
"""Runs that turn out to be damaged when they are read are made once more."""


@dataclass(frozen=True)
class Making:
    """Which runs are to be made, where they are kept, and how they are made.

    ``workers`` is ``auto`` or a number as text; ``kept`` are the outcomes (measure and set of services) of which the
    national rows are read back, None for everything; ``asked`` the point numbers and replicates that are run, None
    for all.
    """

    study: Study
    store: Store
    bench: Bench
    workers: str
    kept: Collection[tuple[str, str]] | None = None
    asked: Collection[tuple[int, int]] | None = None
    limits: Limits = USUAL
    part: Part | None = None
    cluster: Cluster | None = None

    @property
    def folder(self) -> Path:
        """Return the results folder."""
        return self.store.root.parent

    def plan(self) -> Plan:
        """Return the runs to be made against the store; raise NoSuchRunError when what is asked for is none."""
        return self.part.of(self.whole_plan()) if self.part else self.whole_plan()

    def whole_plan(self) -> Plan:
        """Return the runs of the study, whichever part of them is made."""
        return make_plan(self.study, self.bench, self.store, self.asked)

    def number_of_workers(self, units: Sequence[Unit]) -> int:
        """Return how many workers there are for so many units."""
        return min(self.cluster.workers, max(1, len(units))) if self.cluster else worker_count(self.workers, len(units))


def check_folder(folder: Path) -> None:
    """Find out before any run whether results can be written; raise OSError when they cannot."""
    for place in (folder, folder / "store"):
        place.mkdir(parents=True, exist_ok=True)
        probe = place / ".probe"
        probe.write_text("")
        probe.unlink(missing_ok=True)  # another command may be looking at the same moment


def make_runs(making: Making, progress: Progress) -> tuple[Collected, Plan, Report | None]:
    """Make what is missing; what cannot be read back is set aside and made again.

    The report is that of an execution that was cut short, and None when none was.
    """
    for _ in range(ROUNDS):
        plan = making.plan()
        _set_aside(plan.damaged, making)
        if plan.missing:
            number = making.number_of_workers(plan.missing)
            _announce(making, plan, number, progress)
            report = _execute(making, plan.missing, number, progress)
            if report.stopped:
                return collect(plan.runs, making.store, making.kept), plan, report
        collected = collect(plan.runs, making.store, making.kept)
        if not collected.damaged:
            break
        _set_aside(collected.damaged, making)
    return collected, plan, None


def _execute(making: Making, units: Sequence[Unit], workers: int, progress: Progress) -> Report:
    """Make units on the cluster or on this machine; one run alone in a process of its own, which may die of it."""
    if making.cluster:
        from sim.study.far import DaskWorkers

        engine = DaskWorkers(making.cluster, making.bench, making.store, making.limits)
        return execute_on(engine, units, making.store, progress, making.limits)
    if isinstance(making.part, OneRun):
        alone = Processes(1, making.bench, making.store, making.limits)
        return execute_on(alone, units, making.store, progress, making.limits)
    return execute(units, making.bench, making.store, workers, progress, making.limits)


def make_pilot(making: Making, progress: Progress) -> Report:
    """Make the first unit of work that is missing, in this process, and store it; without one do nothing."""
    plan = making.plan()
    _set_aside(plan.damaged, making)
    if not plan.missing:
        return Report()
    _compile(making, progress)
    return execute(plan.missing[:1], making.bench, making.store, 1, progress)


def _set_aside(damaged: Sequence[DamagedRunError], making: Making) -> None:
    """Move damaged files away and say so, even when told to be quiet; those that another command moved are its own."""
    for error in damaged:
        moved = making.store.set_aside(error)
        if moved is not None:
            print(f"{error}; moved to {moved}, to be run again", file=sys.stderr)


def _announce(making: Making, plan: Plan, workers: int, progress: Progress) -> None:
    """Say what lies ahead, and compile what has to be compiled before any run is timed."""
    if plan.stored:
        progress.say(f"{plan.stored} of {counted(plan.stored + plan.new, 'run')} already in the store")
    if plan.new > MANY_RUNS:
        cost = price_of(making, plan, workers)
        span = f"{duration(cost.wall_low_s)} to {duration(cost.wall_high_s)}"
        progress.say(f"{plan.new} runs: {span} on {workers} workers, {cost.disk_mb:.0f} MB in {making.folder}")
    _compile(making, progress)


def _compile(making: Making, progress: Progress) -> None:
    if not compiled():
        progress.say(f"compiling the rules once for this version: about {duration(COMPILING_S)} more")
        making.bench.prepare()


def price_of(making: Making, plan: Plan, workers: int) -> Price:
    """Estimate what the missing runs of a plan take on so many workers."""
    world = making.bench.load_world(making.study.run_specs()[0])
    return price(making.study, plan, making.store, people_simulated(making.study, world), workers)


def estimate(making: Making, plan: Plan) -> dict[str, Any]:
    """Return by name what is to be run and what it takes; write nothing.

    Times are in seconds; ``in_store`` runs are there already and ``new`` ones are not.
    """
    study, number = making.study, making.number_of_workers(plan.missing)
    cost = price_of(making, plan, number)
    return {
        "study": study.id,
        "compares": list(study.scenarios),
        "baseline": study.baseline,
        "simulated_from": study.horizon.start,
        "measured_from": study.horizon.measured_from,
        "measured_years": study.horizon.years,
        "points": len(study.points),
        "design": study.design.method,
        "replicates": study.replicates,
        "runs": plan.stored + plan.new,
        "in_store": plan.stored,
        "new": plan.new,
        "damaged": len(plan.damaged),
        "workers": number,
        "seconds": round(cost.wall_s, 1),
        "seconds_low": round(cost.wall_low_s, 1),
        "seconds_high": round(cost.wall_high_s, 1),
        "basis": cost.basis,
        "warnings": list(warnings_of(study)),
        "mb_per_worker": round(cost.mb_per_worker),
        "disk_mb": round(cost.disk_mb, 1),
    } | (_at_most(making, number) if study.stopping else {})


def _at_most(making: Making, workers: int) -> dict[str, Any]:
    """Return the runs of all batches that there may come to be, and how long those to be made take."""
    whole = replace(making, study=replace(making.study, replicates=making.study.most_replicates))
    plan = whole.plan()
    return {"most_runs": plan.stored + plan.new, "most_seconds": round(price_of(whole, plan, workers).wall_s, 1)}


def warnings_of(study: Study) -> Iterator[str]:
    """Yield what a reader should know before so many runs are made: of too few replicates nothing can be told."""
    yield from idle(study)
    if study.replicates == 1:
        points = ", nor from what the points differ in" if study.axes else ""
        yield (
            f"one replicate: no interval and no verdict, luck cannot be told from a difference{points}; "
            "--set replicates=4"
        )
