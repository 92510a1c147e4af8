"""Time one full run of England in this process: ``python -m benchmarks.one_run LEVEL YEARS WEIGHT``, as JSON."""

import json
import resource
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar
from unittest import mock

from benchmarks.events import changes_of_state
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime
from sim.measures.headline import run_table
from sim.model.model import CommissioningModel
from sim.model.run import population_plan, simulated_timeline
from sim.model.summary import summarise
from sim.model.warm import warm
from sim.phases import PHASES, Phase, Situation
from sim.specification.load import load_regime
from sim.specification.parameters import ParameterSet
from sim.specification.run import RunSpec
from sim.world.months import parse_month
from sim.world.population import build_population
from sim.world.world import World, load_england

START = "2022-04"
TWIN_SETS = 12
Made = TypeVar("Made")


class Stopwatch:
    """Seconds of this process's CPU time and of the wall clock, by what they were spent on."""

    def __init__(self) -> None:
        self.cpu: dict[str, float] = {}
        self.wall: dict[str, float] = {}

    def time(self, name: str, work: Callable[[], Made]) -> Made:
        """Do some work and add its time to a name."""
        cpu, wall = time.process_time(), time.perf_counter()
        made = work()
        self.cpu[name] = self.cpu.get(name, 0.0) + time.process_time() - cpu
        self.wall[name] = self.wall.get(name, 0.0) + time.perf_counter() - wall
        return made


def regime_of(name: str) -> Regime:
    """Return a shipped regime, or one in which the units of a level hold everything."""
    if name.endswith("_everything"):
        row = {function: Cell(name.removesuffix("_everything")) for function in FUNCTIONS}
        return Regime(name, dict.fromkeys(GROUPS, row))
    return load_regime(name)


def specification(world: World, regime: Regime, years: int, weight: int) -> RunSpec:
    """Describe one run of every service with every year measured; a row stands for ``weight`` people."""
    return RunSpec(
        timeline=((START, regime),),
        scenario_id=regime.id,
        seed=20130401,
        replicate=0,
        start=START,
        years=years,
        burn_in_years=0,
        services=world.services.ids,
        twin_sets=TWIN_SETS,
        parameters=ParameterSet(),
        weights=tuple((service, weight) for service in world.services.ids if weight > 1),
    )


@contextmanager
def timed_phases(watch: Stopwatch) -> Any:
    """Time every phase of the month apart."""

    def timed(phase: Phase) -> Phase:
        def run(now: Situation) -> None:
            watch.time(phase.name, lambda: phase.run(now))

        return replace(phase, run=run)

    with mock.patch("sim.model.model.PHASES", tuple(timed(phase) for phase in PHASES)):
        yield


def measure(regime: str, years: int, weight: int) -> dict[str, Any]:
    """Make one run, the compiled rules loaded beforehand, and return what it took."""
    warm()
    watch, phases = Stopwatch(), Stopwatch()
    world = watch.time("world", load_england)
    spec = specification(world, regime_of(regime), years, weight)
    population = watch.time(
        "population", lambda: build_population(world, spec.parameters.population, population_plan(spec))
    )
    model = watch.time(
        "set-up",
        lambda: CommissioningModel(
            world, population, simulated_timeline(spec), spec.parameters, parse_month(spec.start)
        ),
    )

    def simulate() -> None:
        while model.running:
            model.step()

    with timed_phases(phases):
        watch.time("simulation", simulate)
    result = watch.time("summary", lambda: summarise(model, spec))
    watch.time("table", lambda: run_table(result, world))
    return {
        "regime": regime,
        "years": years,
        "weight": weight,
        "patients": population.real,
        "twins": population.people.size - population.real,
        "accounts": model.government.payers.count,
        "events": changes_of_state(model),
        "cpu": watch.cpu,
        "wall": watch.wall,
        "phases": phases.cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,  # Linux counts in kilobytes
        "checksum": f"{result.lives_checksum:016x}",
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
