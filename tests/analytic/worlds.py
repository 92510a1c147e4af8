"""Worlds in which one mechanism acts and everything else keeps still, so that theory says what must come out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from sim.model.model import CommissioningModel
from sim.world.people import NEVER
from sim.world.services import ONE_OFF
from sim.world.time import first_day
from sim.world.world import World
from tests.builders import finished_model, held_by, small_world, spec_of

PEOPLE = 100_000
NOTHING_ELSE: dict[str, Any] = {
    "portfolio.specialised_spend_gbp_m": 0.0,
    "referral.not_referred_share": 0.0,
    "referral.travel_enabled": False,
    "referral.wait_weight_per_month": 0.0,
    "budget.cap_enabled": False,
    "waiting.capacity_enabled": False,
    "population.severe_share": 0.0,
}
"""No rest of the portfolio, no distance, no limit of money or places, nobody more urgent than others."""


def world_of(
    n_places: int = 1, n_services: int = 1, n_providers: int = 1, need: float = 100.0, **options: Any
) -> World:
    """Build a world in which ``need`` people a year fall ill in every place for every service.

    Levels are the nation and the place; onsets fall at 40 to the day unless options say otherwise.
    """
    chosen = {"kinds": (ONE_OFF,), "need_per_head_per_year": need / PEOPLE, **options}
    units = {"nation": 1, "place": n_places}
    return small_world(n_places, n_services, n_providers, PEOPLE, units, **chosen)


def after(
    world: World,
    years: int,
    changes: Mapping[str, Any] | None = None,
    level: str = "nation",
    replicate: int = 0,
    **levers: Any,
) -> CommissioningModel:
    """Return the model at its end, every year measured, with nothing switched on but what ``changes`` says."""
    spec = spec_of(
        world,
        held_by(level, **levers),
        {**NOTHING_ELSE, **(changes or {})},
        years=years,
        burn_in_years=0,
        replicate=replicate,
    )
    return finished_model(world, spec)


def at_distances(world: World, hours: np.ndarray) -> World:
    """Return the world with travel times of one's choice, float64[P, K]."""
    return replace(world, travel_hours=hours)


class Lives:
    """The real people of a finished model as plain columns; days in float64, infinite for never."""

    def __init__(self, model: CommissioningModel) -> None:
        state, real = model.state, model.state.population.real
        people, patients = state.roster.people, state.roster.patients
        self.place = people.place[:real].astype(np.int64)
        self.service = people.service[:real].astype(np.int64)
        self.entry = people.entry[:real]
        self.severity = people.severity[:real]
        self.cell = patients.cell[:real].astype(np.int64)
        self.state = patients.state[:real]
        self.lost = patients.lost[:real]
        self.onset = _days(people.onset_day[:real])
        self.diagnosis = _days(patients.diagnosis_day[:real])
        self.policy = _days(patients.policy_day[:real])
        self.approval = _days(patients.approval_day[:real])
        self.start = _days(patients.start_day[:real])
        self.stop = _days(patients.stop_day[:real])
        self.death = _days(patients.death_day[:real])
        self.end = float(first_day(state.population.plan.months))


def _days(column: np.ndarray) -> np.ndarray:
    return np.where(column == NEVER, np.inf, column.astype(np.float64))


def count_by(*codes: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Count the rows that have each combination of whole numbers."""
    return np.bincount(np.ravel_multi_index(codes, shape), minlength=int(np.prod(shape))).reshape(shape)
