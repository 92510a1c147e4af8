"""Short runs that between them take every turn a rule has; ``python -m tests.engine.mixed_runs`` prints what came out.

One JSON object: the digest of each run, and the signatures that each compiled rule was given, literals and
widths of whole numbers left out.
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

from sim.luck.compiled import MODEL_PARTS
from sim.model.run import simulate_unit
from sim.specification.run import RunSpec
from sim.specification.switches import all_mechanisms_off
from sim.world.world import World, load_england
from tests.builders import SHORT_OF_MONEY, held_by, lively_world, spec_of
from tests.engine.digest import digest

LATE = 1365  # October 2013 in months since January 1900


def synthetic() -> tuple[World, RunSpec]:
    """Describe a run with every kind of service, twins, scarce money, a reorganisation and late funding."""
    world = lively_world(people_per_place=20_000)
    arrivals = np.array([-1, LATE, -1], dtype=np.int32)
    world = replace(world, services=replace(world.services, available_from_month=arrivals))
    timeline = (("2013-04", held_by("region", price_rule="local")), ("2014-04", held_by("nation")))
    donors = {"incentives.enabled": True, "incentives.log_odds_per_100_000_gbp": 50.0}
    local = dict.fromkeys(("prices.enabled", "experiments.enabled", "local_fit.enabled"), True)
    return world, spec_of(world, timeline, {**SHORT_OF_MONEY, **local, **donors}, twin_sets=2)


def everything_off() -> tuple[World, RunSpec]:
    """Describe the same run with every mechanism off."""
    world, spec = synthetic()
    return world, replace(spec, parameters=all_mechanisms_off(spec.parameters))


def sampled() -> tuple[World, RunSpec]:
    """Describe a run in which a row stands for several people and money may cross."""
    world, spec = synthetic()
    local = held_by("district", ring_fence=False, allocation="historic", year_end="bail_out")
    return world, replace(spec, timeline=(("2013-04", local),), weights=((world.services.ids[0], 4),))


def england() -> tuple[World, RunSpec]:
    """Describe a year of three services in England, where centres may be opened."""
    world = load_england()
    services = ("adult_ecmo", "ert_gaucher", "liver_transplant")
    opened = {"network.planning_enabled": True}
    return world, spec_of(world, held_by("icb_2022"), opened, years=1, burn_in_years=0, services=services)


RUNS = {"synthetic": synthetic, "everything_off": everything_off, "sampled": sampled, "england": england}


def compiled_rules() -> Iterator[tuple[str, Any]]:
    """Yield every compiled function of the parts whose code decides what a run computes, by name."""
    seen = set()
    for part in MODEL_PARTS:
        package = import_module(f"sim.{part}")
        names = [module.name for module in pkgutil.iter_modules(package.__path__, f"sim.{part}.")]
        for found in (import_module(name) for name in names):
            for value in vars(found).values():
                if isinstance(value, numba.core.registry.CPUDispatcher) and id(value) not in seen:
                    seen.add(id(value))
                    yield f"{value.py_func.__module__}.{value.py_func.__name__}", value


def signature(arguments: tuple[Any, ...]) -> str:
    """Write a signature without the values of literals and the widths of whole numbers."""
    kinds = (numba.types.unliteral(kind) for kind in arguments)
    return ", ".join("int" if isinstance(kind, numba.types.Integer) else str(kind) for kind in kinds)


def main(names: list[str]) -> None:
    """Make the runs that are named, or all, and print what came out."""
    digests = {}
    for name in names or RUNS:
        world, spec = RUNS[name]()
        ((_, result),) = simulate_unit([spec], world)
        digests[name] = digest(result)
    given = {name: sorted({signature(one) for one in rule.signatures}) for name, rule in compiled_rules()}
    print(json.dumps({"digests": digests, "signatures": given}))


if __name__ == "__main__":
    main(sys.argv[1:])
