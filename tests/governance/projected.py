"""Expectations of small worlds in which all but one thing keeps still."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.governance.expectation import Expectation, expect
from sim.model.choosing import Choosing, pathway_of
from sim.world.facts import service_facts
from sim.world.months import parse_month
from sim.world.world import World
from tests.builders import SIMPLE, START, small_world, with_parameters

PENCE = 100
STILL: dict[str, Any] = {
    "referral.not_referred_share": 0.0,
    "referral.travel_enabled": False,
    "waiting.capacity_enabled": False,
}
"""Everyone is referred, and starts at once."""


def one_service(need: float, **options: Any) -> World:
    """Build a world of six places and three centres in which so many people a year fall ill with one thing."""
    return small_world(n_services=1, **{"need_per_head_per_year": need / 300_000, "cost_gbp": 500.0, **options})


def expected(world: World, years: int = 3, changes: Mapping[str, Any] | None = None) -> Expectation:
    """Project a world; ``changes`` are parameters besides STILL."""
    parameters = with_parameters({**SIMPLE, **STILL, **(changes or {})})
    facts = service_facts(world.services, parameters.population)
    pathway = pathway_of(world, facts, parameters, Choosing(world, parameters.referral, parameters.deprivation))
    return expect(world, facts, pathway, (parse_month(START), years))


def pounds(world: World, years: int = 3, changes: Mapping[str, Any] | None = None) -> np.ndarray:
    """Return what the first service is expected to cost in each year."""
    return expected(world, years, changes).spend[0] / PENCE
