"""A small world, short of money, in which one nation and many districts pay for the same people."""

from dataclasses import dataclass

import pytest

from sim.analysis.courses import Run, simulate_courses
from sim.model.result import RunResult
from sim.model.run import run
from sim.specification.run import RunSpec
from sim.world.population import Population
from sim.world.world import World
from tests.builders import SHORT_OF_MONEY, held_by, lively_world, population_of, spec_of


@dataclass(frozen=True)
class Pair:
    """The same people under the nation and under districts, and what the model itself counts."""

    world: World
    population: Population
    specs: tuple[RunSpec, RunSpec]
    runs: tuple[Run, Run]
    results: tuple[RunResult, RunResult]

    @property
    def rows(self) -> list[int]:
        return self.runs[0].rows.tolist()  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def pair() -> Pair:
    world = lively_world(need_per_head_per_year=4e-4)
    districts, regions = (held_by(level, price_rule="local") for level in ("district", "region"))
    timeline = (("2013-04", districts), ("2014-04", regions))
    parameters = {**SHORT_OF_MONEY, "prices.enabled": True}
    national = spec_of(world, held_by("nation"), parameters, years=3, burn_in_years=0)
    local = spec_of(world, timeline, parameters, years=3, burn_in_years=0)
    population = population_of(world, national)
    specs = (national, local)
    runs = (simulate_courses(national, world, population), simulate_courses(local, world, population))
    return Pair(world, population, specs, runs, (run(national, world, population), run(local, world, population)))
