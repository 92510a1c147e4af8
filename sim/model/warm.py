"""Compile every rule once, so that the first real run does not have to: ``python -m sim.model.warm``."""

import sys
import time

import numpy as np

from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime
from sim.luck.compiled import cache_directory
from sim.luck.draws import luck_of, units
from sim.model.run import simulate_unit
from sim.specification.parameters import ParameterSet
from sim.specification.run import RunSpec
from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from sim.world.synthetic import SyntheticOptions, synthetic_world


def smallest_regime(level: str) -> Regime:
    """Return a regime in which one level holds everything."""
    row = {function: Cell(level) for function in FUNCTIONS}
    return Regime(level, dict.fromkeys(GROUPS, row))


def warm() -> None:
    """Run a small synthetic world through every phase and one reorganisation."""
    options = SyntheticOptions(
        kinds=(ONE_OFF, ONGOING, EMERGENCY), stock_treated=20.0, stop_rate_per_year=0.1, linked=True
    )
    world = synthetic_world(options=options)
    spec = RunSpec(
        timeline=(("2013-04", smallest_regime("region")), ("2014-04", smallest_regime("nation"))),
        scenario_id="warm",
        seed=1,
        replicate=0,
        start="2013-04",
        years=1,
        burn_in_years=1,
        services=world.services.ids,
        twin_sets=1,
        parameters=ParameterSet(),
    )
    for _ in simulate_unit([spec], world):
        pass
    units(luck_of(1, 0), np.zeros(1, dtype=np.uint64), 0, 0)  # no centre can be opened in that world


def main() -> None:
    """Warm the cache and say how long it took."""
    begun = time.perf_counter()
    warm()
    print(f"rules compiled in {time.perf_counter() - begun:.0f} s; kept in {cache_directory()}", file=sys.stderr)


if __name__ == "__main__":
    main()
