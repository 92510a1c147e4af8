"""Small worlds, regimes and specifications that the tests of the engine share."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any
from unittest import mock

import numpy as np
from hypothesis import settings

from sim.governance.levers import Levers
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime
from sim.model.model import CommissioningModel
from sim.model.result import RunResult
from sim.model.run import population_plan, run, simulated_timeline
from sim.phases import PHASES, Phase, Situation
from sim.specification.parameters import ParameterSet
from sim.specification.run import RunSpec, Timeline
from sim.world.capacity import Offers
from sim.world.months import parse_month
from sim.world.population import Population, build_population
from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from sim.world.synthetic import SyntheticOptions, synthetic_world
from sim.world.world import World

ORDINARY_EXAMPLES = 100
LEVELS = {"nation": 1, "region": 3, "district": 6}
START = "2013-04"
EVERY_KIND = (ONE_OFF, ONGOING, EMERGENCY)
LIVELY: dict[str, Any] = {
    "kinds": EVERY_KIND,
    "capacity_share_of_need": 0.9,
    "diagnosis_delay_years": 0.3,
    "untreated_annual_hazard": 0.3,
    "treated_annual_hazard": 0.05,
    "background_annual_hazard": 0.02,
    "duration_on_treatment_years": 2.0,
    "stop_rate_per_year": 0.2,
    "need_unobserved_sd_log": 0.3,
    "stock_waiting": 20.0,
    "stock_treated": 60.0,
    "linked": True,
}
"""A world in which everything that can happen to a patient happens to some."""
TO_SCALE: dict[str, Any] = {"portfolio.specialised_spend_gbp_m": 4.0}
"""All specialised services of a small world cost no more than that, so the modelled ones are about half."""
COMPLICATIONS = (
    "policy.divergence_enabled",
    "appraisal.enabled",
    "diffusion.enabled",
    "panels.enabled",
    "expertise.outcome_enabled",
    "expertise.learning_enabled",
    "administration.enabled",
    "prices.enabled",
    "diagnosis.enabled",
    "deprivation.enabled",
    "referral.in_footprint_enabled",
    "co_commissioning.enabled",
    "network.planning_enabled",
    "handover.enabled",
    "priority.enabled",
    "common_pool.enabled",
    "experiments.enabled",
    "local_fit.enabled",
    "incentives.enabled",
)
"""Mechanisms without which lives in a small world have closed forms."""
SIMPLE: dict[str, Any] = {**dict.fromkeys(COMPLICATIONS, False), "budget.tolerated_share_of_plan": 0.0}
ALL_ON: dict[str, Any] = dict.fromkeys(COMPLICATIONS, True)
SHORT_OF_MONEY: dict[str, Any] = {"budget.plan_share_of_expected": 0.7}
"""Parameters under which the payers of a small world run out of money in many months."""


def few(examples: int) -> settings:
    """Ask hypothesis for this many examples, and for more when its profile does (HYPOTHESIS_PROFILE=search)."""
    return settings(max_examples=examples * (settings.default.max_examples or 1) // ORDINARY_EXAMPLES)


def small_world(
    n_places: int = 6,
    n_services: int = 3,
    n_providers: int = 3,
    people_per_place: int = 50_000,
    units: Mapping[str, int] = LEVELS,
    **options: Any,
) -> World:
    """Build a synthetic world in which about ten people a place and service fall ill each year."""
    fit = {level: min(count, n_places) for level, count in units.items()}
    made = SyntheticOptions(**{"need_per_head_per_year": 2e-4, **options})
    return synthetic_world(n_places, n_services, n_providers, people_per_place, fit, made)


def lively_world(**changes: Any) -> World:
    """Build a small world with every kind of service, all hazards, stocks, and capacity that is scarce."""
    return small_world(**{**LIVELY, **changes})


def without_offer(world: World, provider: int, service: int) -> World:
    """Return a world of real, not generated, providers in which one has given up one service to the others."""
    offers = world.providers.offers.copy()
    offers[provider, service] = False
    given_up = (world.offers.service == service) & (world.offers.provider == provider)
    kept = np.flatnonzero(~given_up)
    capacity, services = world.offers.capacity.copy(), len(world.services.ids)
    others = (world.offers.service == service) & ~given_up
    capacity[others] *= capacity[given_up].sum() / capacity[others].sum() + 1.0
    first = np.searchsorted(world.offers.service[kept], np.arange(services + 1)).astype(np.int32)
    return replace(
        world,
        providers=replace(world.providers, offers=offers, generated=np.zeros(offers.shape[0], dtype=np.bool_)),
        offers=Offers(world.offers.service[kept], world.offers.provider[kept], capacity[kept], first),
    )


AT_ONCE: dict[str, Any] = {"budget_lines": "one", "pace_of_change_share_per_year": 1.0}


def held_by(level: str, name: str | None = None, **levers: Any) -> Regime:
    """Return a regime in which one level holds everything, in budgets of one line that follow their rule at once."""
    row = {function: Cell(level) for function in FUNCTIONS}
    return Regime(name or level, dict.fromkeys(GROUPS, row), Levers(**{**AT_ONCE, **levers}))


def with_parameters(changes: Mapping[str, Any]) -> ParameterSet:
    """Return the defaults with some values changed, named as in {"budget.cap_enabled": False}."""
    groups: dict[str, dict[str, Any]] = {}
    for key, value in changes.items():
        group, name = key.split(".")
        groups.setdefault(group, {})[name] = value
    defaults = ParameterSet()
    return ParameterSet(**{group: type(getattr(defaults, group))(**values) for group, values in groups.items()})


def spec_of(world: World, regime: Regime | Timeline, changes: Mapping[str, Any] | None = None, **of: Any) -> RunSpec:
    """Return the specification of a short run of all services; ``changes`` are parameters beside the simple ones."""
    timeline = ((START, regime),) if isinstance(regime, Regime) else regime
    given = {
        "scenario_id": timeline[0][1].id,
        "seed": 1,
        "replicate": 0,
        "start": START,
        "years": 1,
        "burn_in_years": 1,
        "services": world.services.ids,
        "twin_sets": 0,
        "parameters": with_parameters({**TO_SCALE, **SIMPLE, **(changes or {})}),
    }
    return RunSpec(timeline=timeline, **{**given, **of})


def population_of(world: World, spec: RunSpec) -> Population:
    """Draw the population of a specification."""
    return build_population(world, spec.parameters.population, population_plan(spec))


def result_of(world: World, spec: RunSpec) -> RunResult:
    """Run a specification on a population of its own."""
    return run(spec, world, population_of(world, spec))


def model_of(world: World, spec: RunSpec, population: Population | None = None) -> CommissioningModel:
    """Set up the model of a specification, before its first month."""
    people = population or population_of(world, spec)
    return CommissioningModel(world, people, simulated_timeline(spec), spec.parameters, parse_month(spec.start))


def run_to_end(model: CommissioningModel) -> CommissioningModel:
    """Let a model run to its end."""
    while model.running:
        model.step()
    return model


def finished_model(world: World, spec: RunSpec, population: Population | None = None) -> CommissioningModel:
    """Set up a model and let it run to its end."""
    return run_to_end(model_of(world, spec, population))


def step_watched(model: CommissioningModel, watch: Callable[[str], None]) -> None:
    """Let one month pass and call ``watch`` with the name of each phase that has just ended."""

    def watched(phase: Phase) -> Phase:
        def run_and_watch(now: Situation) -> None:
            phase.run(now)
            watch(phase.name)

        return replace(phase, run=run_and_watch)

    with mock.patch("sim.model.model.PHASES", tuple(watched(phase) for phase in PHASES)):
        model.step()


def differing(one: RunResult, other: RunResult, ignore: tuple[str, ...] = ("regime_id",)) -> list[str]:
    """Name the fields in which two results differ."""
    names = [field.name for field in fields(RunResult) if field.name not in ignore]
    return [name for name in names if not np.array_equal(getattr(one, name), getattr(other, name))]
