"""A study of three levels in a small world, for the commands that run one replicate of it."""

from dataclasses import replace
from typing import Any

from sim.specification.run import Horizon, Scenario, Study
from sim.world.world import World
from tests.builders import LEVELS, SHORT_OF_MONEY, TO_SCALE, held_by, with_parameters


def scenario(level: str) -> Scenario:
    """Return a regime in which one level holds everything, as a scenario; that of the regions is the benchmark."""
    regime = replace(held_by(level), title=f"All held by {level}", benchmark=level == "region")
    return Scenario(level, regime.title, (("", regime),))


def study_of(world: World, **changes: Any) -> Study:
    """Return the study of a world, two replicates of two measured years, short of money."""
    study = Study(
        id="small",
        title="",
        path="small.yaml",
        compare=tuple(scenario(level) for level in LEVELS),
        baseline="nation",
        services=world.services.ids,
        horizon=Horizon("2013-04", 2, 1),
        replicates=2,
        seed=3,
        twin_sets=1,
        parameters=with_parameters({**TO_SCALE, **SHORT_OF_MONEY}),
    )
    return replace(study, **changes)
