"""The bench of the real England: the functions with which a study's runs are made."""

from functools import lru_cache

from sim.measures.headline import run_table
from sim.model.run import simulate_unit
from sim.model.warm import warm
from sim.specification.run import RunSpec
from sim.study.bench import Bench
from sim.world.capacity import CapacityParameters
from sim.world.travel import TravelParameters
from sim.world.world import DATA_DIRECTORY, World, load_england, sources_hash


def england_bench() -> Bench:
    """Return the bench that runs the model on the packaged tables of England."""
    return Bench(
        load_world=world_of,
        simulate=simulate_unit,
        tabulate=run_table,
        data_hash=sources_hash(DATA_DIRECTORY),
        prepare=warm,
    )


def world_of(spec: RunSpec) -> World:
    """Return the world of a run, built once for each set of its parameters; raise DataError on a bad table."""
    return _england(spec.parameters.travel, spec.parameters.capacity)


@lru_cache(maxsize=4)
def _england(travel: TravelParameters, capacity: CapacityParameters) -> World:
    return load_england(travel=travel, capacity=capacity)
