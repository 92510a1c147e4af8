"""One replicate of a study set up for a look at its people, and its scenarios run on them one after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from sim.cli.failure import UsageError
from sim.model.run import population_plan
from sim.settings.hints import did_you_mean
from sim.specification.run import RunSpec, Scenario, Study
from sim.study import england
from sim.study.price import COMPILING_S, compiled
from sim.study.progress import Progress, duration, progress_for
from sim.world.months import MONTHS_PER_YEAR
from sim.world.population import Population, build_population
from sim.world.world import World

SECONDS_BETWEEN_LINES = 5.0

Made = TypeVar("Made")


@dataclass(frozen=True)
class Stage:
    """One replicate of a study, its people drawn, and the scenarios that are to be looked at."""

    study: Study
    scenarios: Sequence[Scenario]
    replicate: int
    world: World
    population: Population


def world_of(study: Study, replicate: int) -> World:
    """Return the world of a replicate of a study; raise UsageError when it has no such replicate."""
    if not 0 <= replicate < study.most_replicates:
        raise UsageError(f"{study.id} has replicates 0 to {study.most_replicates - 1}, not {replicate}")
    return england.world_of(study.run_spec(study.compare[0], replicate))


def set_stage(study: Study, scenarios: Sequence[Scenario], replicate: int, quiet: bool) -> Stage:
    """Draw the people of a replicate; raise UsageError when the study has no such replicate."""
    world = world_of(study, replicate)
    progress_for(quiet).say("drawing the people")
    # Everyone is drawn as in a run of the study, in which the first scenario's specification counts.
    first = study.run_spec(study.compare[0], replicate)
    population = build_population(world, first.parameters.population, population_plan(first))
    return Stage(study, scenarios, replicate, world, population)


def named_scenarios(study: Study, names: str) -> list[Scenario]:
    """Return the scenarios named in a list with commas, the baseline first; raise UsageError on one that is not there.

    Without names: all regimes, or with less than two of them the benchmarks too.
    """
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in study.scenarios:
            hint = did_you_mean(name, study.scenarios, listing=f"{study.id} compares")
            raise UsageError(f"--regimes: {study.id} does not compare `{name}`; {hint}")
    regimes = [scenario for scenario in study.compare if not scenario.benchmark]
    chosen = [study.scenarios[name] for name in dict.fromkeys(wanted)]
    chosen = chosen or (regimes if len(regimes) > 1 else list(study.compare))
    chosen.sort(key=lambda scenario: scenario.id != study.baseline)
    return chosen


def known_service(service: str, study: Study, world: World) -> str:
    """Return the id of a service that a study models, "" when none is asked for; raise UsageError on another."""
    if service and service not in study.services:
        hint = did_you_mean(service, study.services, listing="services")
        why = f"{study.id} does not model" if service in world.services.ids else "there is no service called"
        raise UsageError(f"--service: {why} `{service}`; {hint}")
    return service


def known_place(place: str, world: World) -> str:
    """Return the code of a place given by code or by name, "" when none is; raise UsageError on one not there."""
    codes = {code.casefold(): code for code in world.places.codes}
    codes |= {name.casefold(): code for name, code in zip(world.places.names, world.places.codes, strict=True)}
    asked = place.casefold()
    if asked and asked not in codes:
        hint = did_you_mean(place, (*world.places.names, *world.places.codes))
        raise UsageError(f"--place: there is no place called {place!r}; {hint or 'try a local authority'}")
    return codes[asked] if asked else ""


def run_each(stage: Stage, quiet: bool, simulate: Callable[[RunSpec, Callable[[int], None]], Made]) -> list[Made]:
    """Simulate every scenario of the stage, telling progress in months.

    ``simulate`` is given a specification and what it is to tell the number of months that are over.
    """
    progress = progress_for(quiet, "simulated month", SECONDS_BETWEEN_LINES)
    if not compiled():
        progress.say(f"compiling the rules once for this version: about {duration(COMPILING_S)} more")
    months = stage.population.plan.months
    progress.begin(months * len(stage.scenarios))
    made: list[Made] = []
    try:
        for scenario in stage.scenarios:
            spec = stage.study.run_spec(scenario, stage.replicate)
            made.append(simulate(spec, partial(_tell, progress, months * len(made))))
    finally:
        progress.end()
    return made


def _tell(progress: Progress, before: int, month: int) -> None:
    """Tell progress once a year: the first month may hold the compiling of rules and promise too much."""
    if month % MONTHS_PER_YEAR == 0:
        progress.advance_to(before + month)


def check_file_to_write(out: str, suffix: str) -> None:
    """Raise UsageError for a file of --out that cannot be written, before anything is run; "" is none."""
    if out and Path(out).suffix != suffix:
        raise UsageError(f"--out wants the name of a {suffix} file, got {out!r}")
    if out and not Path(out).parent.is_dir():
        raise UsageError(f"--out: there is no folder {str(Path(out).parent)!r}")
