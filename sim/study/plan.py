"""From a study to units of work: what is to be run, and what is there already."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from sim.specification.axes import Point
from sim.specification.canonical import AnyReplicate, any_replicate
from sim.specification.run import Study
from sim.study.bench import Bench, PlannedRun, Unit
from sim.study.index import Entries, read_index
from sim.study.provenance import run_key
from sim.study.store import DamagedRunError, Store


@dataclass(frozen=True)
class NamedRun:
    """A run as its study calls it; two of the same content share one key and one file.

    ``point`` is the number of the combination of varied values, 1 where nothing is varied.
    """

    scenario: str
    replicate: int
    key: str
    point: int = 1


@dataclass(frozen=True)
class Plan:
    """All runs of a study in order, and the units of work that are still missing."""

    runs: tuple[NamedRun, ...]
    missing: tuple[Unit, ...]
    damaged: tuple[DamagedRunError, ...]

    @property
    def new(self) -> int:
        """Return the number of runs to be made."""
        return sum(len(unit.runs) for unit in self.missing)

    @property
    def stored(self) -> int:
        """Return the number of different runs that are there already."""
        return len({run.key for run in self.runs}) - self.new


def make_plan(study: Study, bench: Bench, store: Store, asked: Collection[tuple[int, int]] | None = None) -> Plan:
    """Plan a study against a store, or only the point numbers and replicates ``asked``; nothing is written.

    Stored files that are not the run their name promises are listed as damaged and planned again;
    whoever executes the plan sets them aside first.
    """
    named, entries = list(_planned(study, bench, asked)), read_index(store)
    damaged: list[DamagedRunError] = []
    wanted = {run.key: run for _, run in reversed(named)}
    missing = [
        (point, run) for point, run in named if wanted.get(run.key) is run and not _there(entries, run.key, damaged)
    ]
    units = groupby(missing, lambda entry: (entry[1].spec.replicate, entry[0].number))
    runs = tuple(NamedRun(run.spec.scenario_id, run.spec.replicate, run.key, point.number) for point, run in named)
    return Plan(
        runs=runs,
        missing=tuple(Unit(replicate, tuple(run for _, run in found)) for (replicate, _), found in units),
        damaged=tuple(damaged),
    )


def named_runs(study: Study, bench: Bench) -> Iterator[NamedRun]:
    """Yield every run of a study as it names it, whatever is in its store."""
    for point, run in _planned(study, bench, None):
        yield NamedRun(run.spec.scenario_id, run.spec.replicate, run.key, point.number)


def runs_of_replicate(study: Study, bench: Bench, replicate: int) -> Iterator[NamedRun]:
    """Yield the runs that a study names in one replicate, or would name if it had so many."""
    more = replace(study, replicates=replicate + 1)
    for point, run in _planned(more, bench, {(point.number, replicate) for point in study.points}):
        yield NamedRun(run.spec.scenario_id, replicate, run.key, point.number)


def _planned(
    study: Study, bench: Bench, asked: Collection[tuple[int, int]] | None
) -> Iterator[tuple[Point, PlannedRun]]:
    """Yield every run with its point: replicate by replicate, in each point by point, in each all regimes."""
    fixed = [(point, study.at(point)) for point in study.points]
    shared: dict[tuple[int, str], AnyReplicate] = {}
    for replicate in range(study.replicates):
        for point, alone in fixed:
            if asked is not None and (point.number, replicate) not in asked:
                continue
            varied = {"point": point.number, "varied": dict(point.values)} if study.axes else {}
            for scenario in alone.compare:
                spec = alone.run_spec(scenario, replicate)
                name = (point.number, scenario.id)
                shared[name] = shared.get(name) or any_replicate(spec)
                text = shared[name].text(replicate)
                labels = {"study": study.id, "scenario": spec.scenario_id, **varied}
                yield point, PlannedRun(run_key(text, bench.code_hash, bench.data_hash), spec, text, labels)


def _there(entries: Entries, key: str, damaged: list[DamagedRunError]) -> bool:
    if key not in entries:
        return False
    if not entries[key].current:
        damaged.append(entries[key].error)
        return False
    return True
