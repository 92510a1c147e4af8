"""Short runs that between them take every turn a rule has; ``python -m tests.engine.mixed_runs`` prints what came out.

One JSON object: the digest of each run, and how many signatures each compiled rule was given.
"""

import json
import pkgutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from typing import Any

import numba
import numpy as np

import sim
from sim.luck.compiled import MODEL_PARTS
from sim.model.model import CommissioningModel
from sim.model.run import simulate_unit
from sim.specification.run import RunSpec
from sim.specification.switches import all_mechanisms_off
from sim.world.world import World, load_england
from tests.builders import SHORT_OF_MONEY, held_by, lively_world, spec_of
from tests.engine.digest import digest


def synthetic() -> tuple[World, RunSpec]:
    """Describe a small run with every kind of service, twins, scarce money, two reorganisations and late funding."""
    world = lively_world(people_per_place=20_000)
    late = np.array([-1, 1365, -1], dtype=np.int32)  # from October 2013
    world = replace(world, services=replace(world.services, available_from_month=late))
    timeline = tuple((f"{year}-04", held_by(level)) for year, level in ((2013, "region"), (2014, "nation")))
    return world, spec_of(world, timeline, SHORT_OF_MONEY, twin_sets=2)


def everything_off() -> tuple[World, RunSpec]:
    """Describe the same world with every mechanism off."""
    world, spec = synthetic()
    return world, replace(spec, parameters=all_mechanisms_off(spec.parameters))


def sampled() -> tuple[World, RunSpec]:
    """Describe a run in which a row stands for several people and money may cross."""
    world, spec = synthetic()
    timeline = (("2013-04", held_by("district", ring_fence=False, allocation="historic", year_end="bail_out")),)
    return world, replace(spec, timeline=timeline, weights=((world.services.ids[0], 4),))


def england() -> tuple[World, RunSpec]:
    """Describe a year of three services in England."""
    services = ("adult_ecmo", "ert_gaucher", "liver_transplant")
    world = load_england()
    return world, replace(spec_of(world, held_by("icb_2022"), {}, years=1, burn_in_years=0), services=services)


def compiled_rules() -> Iterator[tuple[str, Any]]:
    """Yield every compiled function of the parts whose code decides what a run computes, by name."""
    seen = set()
    for part in MODEL_PARTS:
        package = import_module(f"sim.{part}")
        for found in [package, *(import_module(f"sim.{part}.{one.name}") for one in modules(package))]:
            for name, value in vars(found).items():
                if isinstance(value, numba.core.registry.CPUDispatcher) and id(value) not in seen:
                    seen.add(id(value))
                    yield f"{value.py_func.__module__}.{name}", value


def modules(package: Any) -> Iterator[pkgutil.ModuleInfo]:
    return pkgutil.iter_modules(package.__path__)


def main(names: list[str]) -> None:
    runs = {"synthetic": synthetic, "everything_off": everything_off, "sampled": sampled, "england": england}
    digests = {}
    for name in names or runs:
        world, spec = runs[name]()
        ((_, result),) = simulate_unit([spec], world)
        digests[name] = digest(result)
    signatures = {name: len(rule.signatures) for name, rule in compiled_rules()}
    print(json.dumps({"digests": digests, "signatures": signatures, "model": CommissioningModel.__module__}))


if __name__ == "__main__":
    assert sim
    main(sys.argv[1:])
