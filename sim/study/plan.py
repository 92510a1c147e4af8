"""From a study to units of work: what is to be run, and what is there already."""

from dataclasses import dataclass
from itertools import groupby

from sim.specification.canonical import canonical
from sim.specification.run import Study
from sim.study.bench import Bench, PlannedRun, Unit
from sim.study.provenance import run_key
from sim.study.store import DamagedRunError, Store


@dataclass(frozen=True)
class NamedRun:
    """A run as its study calls it; two regimes of the same content share one key and one file."""

    scenario: str
    replicate: int
    key: str


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


def make_plan(study: Study, bench: Bench, store: Store) -> Plan:
    """Plan a study against a store; nothing is written.

    Stored files that are not the run their name promises are listed as damaged and planned again;
    whoever executes the plan sets them aside first.
    """
    specs = study.run_specs()
    canonicals = [canonical(spec) for spec in specs]
    keys = [run_key(text, bench.code_hash, bench.data_hash) for text in canonicals]
    planned = [
        PlannedRun(key, spec, text, {"study": study.id, "scenario": spec.scenario_id})
        for key, spec, text in zip(keys, specs, canonicals, strict=True)
    ]
    damaged: list[DamagedRunError] = []
    wanted = {run.key: run for run in reversed(planned)}
    missing = [run for run in planned if wanted.get(run.key) is run and not _there(store, run.key, damaged)]
    units = tuple(Unit(replicate, tuple(runs)) for replicate, runs in groupby(missing, lambda run: run.spec.replicate))
    runs = tuple(NamedRun(run.spec.scenario_id, run.spec.replicate, run.key) for run in planned)
    return Plan(runs, units, tuple(damaged))


def _there(store: Store, key: str, damaged: list[DamagedRunError]) -> bool:
    try:
        return store.holds(key)
    except DamagedRunError as error:
        damaged.append(error)
        return False
