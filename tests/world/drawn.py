"""Populations of small worlds, and the lives in them by who they are."""

from typing import Any

import numpy as np

from sim.world.facts import PopulationParameters
from sim.world.plan import PopulationPlan
from sim.world.population import Population, build_population
from sim.world.world import World

GIVEN = (
    "luck_owner",
    "excess_budget",
    "onset_day",
    "given_day",
    "background_death_day",
    "weight",
    "severity",
    "entry",
)


def plan_of(world: World, **changes: Any) -> PopulationPlan:
    given = {
        "seed": 5,
        "replicate": 0,
        "months": 24,
        "first_measured_month": 12,
        "start_year": 2013.25,
        "services": world.services.ids,
        "twin_sets": 0,
        "weights": {},
    }
    return PopulationPlan(**{**given, **changes})


def draw(world: World, parameters: PopulationParameters | None = None, **changes: Any) -> Population:
    return build_population(world, parameters or PopulationParameters(), plan_of(world, **changes))


def lives(world: World, population: Population, *, twins: bool = False) -> dict[int, tuple[Any, ...]]:
    """Return what is given to each person, by identity; places and services by their codes."""
    people = population.people
    rows = range(population.real, people.size) if twins else range(population.real)
    columns = [people[name].tolist() for name in GIVEN]
    place, service = people["place"], people["service"]
    return {
        int(people["identity"][row]): (
            world.places.codes[place[row]],
            world.services.ids[service[row]],
            *(column[row] for column in columns),
        )
        for row in rows
    }


def people_by_month(population: Population, world: World) -> np.ndarray:
    """Count the rows that fall ill, int64[months, P, S]; the starting stock is left out."""
    people, real = population.people, population.real
    months = population.plan.months
    counts = np.zeros((months, len(world.places.codes), len(world.services.ids)), dtype=np.int64)
    month = np.searchsorted(population.real_from, np.arange(real), side="right") - 1
    new = (people["entry"][:real] == 0) & (people["onset_day"][:real] >= 0)
    at = (month[new], people["place"][:real][new], people["service"][:real][new])
    np.add.at(counts, at, 1)
    return counts
