"""Worlds with one slot a month and patients written by hand, so that a rule can be followed by eye."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.agents.columns import STATE_NAMES
from sim.governance.matrix import Regime
from sim.model.model import CommissioningModel
from sim.specification.parameters import ParameterSet
from sim.world.facts import PopulationParameters, service_facts
from sim.world.months import parse_month
from sim.world.people import NEVER, empty_people
from sim.world.plan import PopulationPlan
from sim.world.population import Population
from sim.world.services import ONE_OFF
from sim.world.time import first_day, month_of
from sim.world.world import World
from tests.builders import SIMPLE, START, held_by, small_world, with_parameters

Person = Mapping[str, Any]
PLAIN: dict[str, Any] = {
    **SIMPLE,
    "budget.cap_enabled": False,
    "referral.travel_enabled": False,
    "referral.not_referred_share": 0.0,
    "referral.wait_weight_per_month": 0.0,
    "portfolio.specialised_spend_gbp_m": 0.0,
}
"""Parameters under which everyone is referred and agreed to, and only slots are limited."""
NEVER_ILL_ENOUGH = 1e9


def one_centre(starts_a_year: float = 12.0, n_services: int = 1, **options: Any) -> World:
    """Build a world of one place and one centre; by default one treatment can begin each month."""
    given = {"kinds": (ONE_OFF,), "need_per_head_per_year": 1e-4, "capacity_share_of_need": starts_a_year / 10.0}
    return small_world(1, n_services, 1, 100_000, {"nation": 1}, **{**given, **options})


def ill(day: int, **also: Any) -> Person:
    """Describe someone who falls ill on a day, and lives for ever unless said otherwise."""
    return {"onset_day": day, **also}


def population_by_hand(world: World, persons: Sequence[Person], months: int = 24, burn_in: int = 0) -> Population:
    """Write a population; each person is known by their place in the list, which is also their identity."""
    people = empty_people(len(persons))
    people["identity"] = np.arange(len(persons)) + 1
    people["luck_owner"] = people["identity"]
    people["excess_budget"] = NEVER_ILL_ENOUGH
    for row, person in enumerate(persons):
        for name, value in person.items():
            people[name][row] = value
    entered = [month_of(max(int(day), 0)) for day in people["onset_day"]]
    assert entered == sorted(entered), "write people in the order of the months in which they enter"
    places, services = len(world.places.codes), len(world.services.ids)
    return Population(
        people=people,
        real=len(persons),
        real_from=np.searchsorted(entered, np.arange(months + 1)),
        twins_from=np.full(months + 1, len(persons)),
        twin_row=np.full((services, 0, places), -1, dtype=np.int32),
        facts=service_facts(world.services, PopulationParameters()),
        true_need=world.expected_need,
        weight=np.ones(services, dtype=np.int64),
        plan=PopulationPlan(1, 0, months, burn_in, 2013.25, world.services.ids, 0, {}),
    )


def model_by_hand(
    world: World,
    persons: Sequence[Person],
    changes: Mapping[str, Any] | None = None,
    regime: Regime | None = None,
    months: int = 24,
) -> CommissioningModel:
    """Set up a model of the people written by hand."""
    parameters: ParameterSet = with_parameters({**PLAIN, **(changes or {})})
    population = population_by_hand(world, persons, months)
    return CommissioningModel(world, population, ((0, regime or held_by("nation")),), parameters, parse_month(START))


def run_by_hand(world: World, persons: Sequence[Person], *others: Any, **named: Any) -> CommissioningModel:
    """Set up such a model and let it run to its end."""
    model = model_by_hand(world, persons, *others, **named)
    while model.running:
        model.step()
    return model


def months_of_start(model: CommissioningModel) -> list[int | None]:
    """Return the month in which each person's treatment began, None where it never did."""
    days = model.state.roster.patients["start_day"]
    return [None if day == NEVER else int(month_of(int(day))) for day in days]


def states(model: CommissioningModel) -> list[str]:
    """Return in words where each person stands."""
    return [STATE_NAMES[state] for state in model.state.roster.patients["state"]]


def day_in(month: int, after: int = 3) -> int:
    """Return a day of a month."""
    return int(first_day(month)) + after
