"""Running: from a specification to a result, with one population, and what follows from it, for all regimes."""

from collections.abc import Iterator, Sequence

from sim.governance.matrix import Regime
from sim.model.common import Common
from sim.model.model import CommissioningModel
from sim.model.result import RunResult
from sim.model.summary import summarise
from sim.specification.run import RunSpec
from sim.world.months import MONTHS_PER_YEAR, parse_month
from sim.world.plan import PopulationPlan
from sim.world.population import Population, build_population
from sim.world.world import World, load_england


def simulate_unit(specs: Sequence[RunSpec], world: World | None = None) -> Iterator[tuple[RunSpec, RunResult]]:
    """Run several regimes on the population of one replicate, drawn once; yield each result as it is ready.

    What follows from no regime is worked out once as well, for as long as one regime has the parameters of the last.
    All specifications must draw the same population; parameters of the world are those of the first. Without a
    world, that of England is built with the specification's own travel and capacity parameters. Raises
    ValueError when the specifications do not belong together.
    """
    population: Population | None = None
    common: Common | None = None
    for spec in specs:
        if world is None:
            world = load_england(travel=spec.parameters.travel, capacity=spec.parameters.capacity)
        plan = population_plan(spec)
        if population is None:
            population = build_population(world, spec.parameters.population, plan)
        elif plan != population.plan:
            raise ValueError(f"{spec.scenario_id} does not share the population of the first scenario")
        if common is None or common.parameters != spec.parameters:
            common = Common(world, population, spec.parameters, parse_month(spec.start))
        yield spec, run(spec, world, population, common)


def population_plan(spec: RunSpec) -> PopulationPlan:
    """Return what has to be drawn for a specification."""
    start = parse_month(spec.start)
    return PopulationPlan(
        seed=spec.seed,
        replicate=spec.replicate,
        months=(spec.burn_in_years + spec.years) * MONTHS_PER_YEAR,
        first_measured_month=spec.burn_in_years * MONTHS_PER_YEAR,
        start_year=1900 + start / MONTHS_PER_YEAR,
        services=tuple(sorted(spec.services)),
        twin_sets=spec.twin_sets,
        weights=dict(spec.weights),
    )


def run(spec: RunSpec, world: World, population: Population, common: Common | None = None) -> RunResult:
    """Run one specification from its first month to its last and return what is measured."""
    about = (simulated_timeline(spec), spec.parameters, parse_month(spec.start))
    model = CommissioningModel(world, population, *about, common)
    while model.running:
        model.step()
    result = summarise(model, spec)
    model.close()
    return result


def simulated_timeline(spec: RunSpec) -> tuple[tuple[int, Regime], ...]:
    """Return the timeline in months from the first simulated one; raise ValueError unless it runs by April.

    Plans are set once a year, so a reorganisation takes effect when a year of the run begins.
    """
    start = parse_month(spec.start)
    timeline = []
    for month, regime in spec.timeline:
        after = max(parse_month(month) - start, 0)
        if after % MONTHS_PER_YEAR:
            raise ValueError(f"{regime.id} begins in {month}; regimes change in the month in which a year begins")
        timeline.append((after, regime))
    return tuple(timeline)
