"""Build the model of a specification: the world's tables and the people as drawn, as plain objects."""

import math

import numpy as np

from benchmarks.oracle.commissioner import Commissioner, Rules
from benchmarks.oracle.governance import Governance
from benchmarks.oracle.model import Funding, PathwayModel, Settings, Supply, Taste
from benchmarks.oracle.person import MINUTES_PER_DAY, Given, Service
from benchmarks.oracle.provider import Clinic, Provider
from sim.governance.levers import Levers
from sim.luck.draws import luck_of
from sim.specification.parameters import ParameterSet
from sim.specification.run import RunSpec
from sim.specification.switches import all_mechanisms_off, mechanisms
from sim.world.months import parse_month
from sim.world.population import Population
from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from sim.world.world import World

KNOWN = (
    "pooling.enabled",
    "budget.cap_enabled",
    "panels.enabled",
    "referral.travel_enabled",
    "referral.in_footprint_enabled",
    "network.planning_enabled",
    "waiting.capacity_enabled",
)
"""The off-switches of mechanisms 1, 2, 5, 8, 13 and 20."""
SHARED = ("policy.divergence_enabled", "appraisal.enabled")
"""Those of mechanisms 3 and 4: bodies decide alone what is funded, and panels (5) have work only where they refuse."""
URGENT_MINUTES = 14 * MINUTES_PER_DAY
"""A window of two weeks or less: a service for people who cannot wait."""


def only_known(parameters: ParameterSet) -> ParameterSet:
    """Return the parameters with every mechanism off that the oracle does not know; the others stay as they are."""
    return all_mechanisms_off(parameters, (*KNOWN, *SHARED))


def build(world: World, population: Population, spec: RunSpec) -> PathwayModel:
    """Return the model before its first month; raise ValueError for what the oracle does not know."""
    parameters, start_month = spec.parameters, parse_month(spec.start)
    unknown = [one.key for one in mechanisms(parameters) if one.value and one.key not in (*KNOWN, *SHARED)]
    if unknown or len(spec.timeline) != 1:
        raise ValueError(f"the oracle knows one regime and not {', '.join(unknown) or 'a change of it'}")
    ((_, regime),) = spec.timeline
    plan = population.plan
    model = PathwayModel(settings_of(parameters, regime.levers), luck_of(plan.seed, plan.replicate), plan.months)
    hours = world.travel_hours if parameters.referral.travel_enabled else np.zeros_like(world.travel_hours)
    model.hours = hours.tolist()
    model.services = services_of(world, population)
    model.governance = Governance(world, population, regime, parameters, start_month)
    add_providers(model, model.governance.world)
    add_commissioners(model, model.governance)
    model.entering = lambda month: entering(population, month)
    return model


def settings_of(parameters: ParameterSet, levers: Levers) -> Settings:
    """Return what the agents go by."""
    referral, funding, panels, budget = parameters.referral, parameters.funding, parameters.panels, parameters.budget
    missed, travel = referral.not_referred_share, referral.travel_enabled
    home = referral.in_footprint_log_odds if referral.in_footprint_enabled else 0.0
    return Settings(
        Taste(travel, referral.travel_weight_per_hour, referral.wait_weight_per_month, home),
        (
            math.log((1.0 - missed) / missed) if missed > 0.0 else 50.0,
            referral.non_referral_log_odds_per_hour if travel else 0.0,
        ),
        Supply(parameters.waiting.capacity_enabled, parameters.waiting.capacity_scale),
        Funding(
            panels.request_share if panels.enabled else 0.0,
            panels.decision_months,
            funding.months_between_applications,
            funding.months_until_too_late,
        ),
        Rules(
            budget.cap_enabled,
            budget.tolerated_share_of_plan + (0.0 if levers.ring_fence else budget.crossing_share_of_plan),
            levers.year_end,
            levers.ring_fence,
            levers.risk_share,
        ),
    )


def services_of(world: World, population: Population) -> list[Service]:
    """Return the pathway of each service; clinics are added to it later."""
    found = []
    for number in range(population.facts.size):
        fact = population.facts[number]
        kind = world.services.kind[number]
        stay = max(float(world.services.duration_on_treatment_years[number]), 1.0 / 12.0)
        found.append(
            Service(
                number=number,
                weight=int(population.weight[number]),
                one_off=bool(kind == ONE_OFF),
                ongoing=bool(kind == ONGOING),
                emergency=bool(kind == EMERGENCY),
                delay_years=float(fact.delay_years),
                hazard=(float(fact.untreated_hazard), float(fact.untreated_hazard_severe)),
                before_diagnosis=float(fact.before_diagnosis),
                treated_hazard=float(fact.treated_hazard),
                stay_years=stay if kind == ONGOING else 1.0,
                stop_rate=float(fact.stop_rate),
                kills_untreated=float(fact.untreated_event),
                kills_treated=float(fact.treated_event),
                price=int(fact.price_pence),
                window_minutes=int(fact.window_minutes),
                urgent=bool(fact.window_minutes <= URGENT_MINUTES),
                clinics=[],
            )
        )
    return found


def add_providers(model: PathwayModel, world: World) -> None:
    """Open every provider with its clinics, in the order of the offers."""
    offers = world.offers
    columns = (offers.service.tolist(), offers.provider.tolist(), offers.capacity.tolist())
    for cell, (service, provider, capacity) in enumerate(zip(*columns, strict=True)):
        clinic = Clinic(model, cell, model.services[service], provider, capacity)
        model.clinics.append(clinic)
        model.services[service].clinics.append(clinic)
    for row in range(len(world.providers.ids)):
        Provider(model, row, [clinic for clinic in model.clinics if clinic.provider == row])


def add_commissioners(model: PathwayModel, governance: Governance) -> None:
    """Open every account."""
    payers, carried = governance.nation.payers, governance.nation.books.carried.tolist()
    model.accounts = [
        Commissioner(model, row, int(line), balance)
        for row, (line, balance) in enumerate(zip(payers.line, carried, strict=True))
    ]
    model.payers = [[model.accounts[row] for row in rows] for rows in governance.payer.tolist()]


def entering(population: Population, month: int) -> tuple[list[Given], list[Given]]:
    """Return the real people and the twins who enter in a month."""

    def rows(first: int, end: int) -> list[Given]:
        names = [name for name in Given._fields if name != "row"]
        found = {name: getattr(population.people, name)[first:end] for name in names}
        columns = [column if name == "luck_owner" else column.tolist() for name, column in found.items()]
        return [Given(first + number, *one) for number, one in enumerate(zip(*columns, strict=True))]

    real, twins = population.real_from, population.twins_from
    return rows(int(real[month]), int(real[month + 1])), rows(int(twins[month]), int(twins[month + 1]))
