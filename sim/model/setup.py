"""Setting a run up: who pays for whom, and what the nation plans to spend."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.agents.state import State
from sim.governance.accounts import accounts_of
from sim.governance.administration import Running, count_contracts
from sim.governance.allocation import Envelope, expected_spend
from sim.governance.matrix import Regime
from sim.governance.policy import appraisal_of
from sim.governance.portfolio import national_rest
from sim.governance.units import Holders, find_holders, unit_identities
from sim.luck.draws import luck_of
from sim.luck.identity import text_identity
from sim.phases.planning import Government, new_books
from sim.phases.referral import (
    DeprivationParameters,
    ReferralParameters,
    attendance_share,
    choice_table,
    deprivation_log_odds,
)
from sim.specification.parameters import ParameterSet
from sim.world.population import Population
from sim.world.services import EMERGENCY
from sim.world.world import World

MONTHS = 12

Floats = npt.NDArray[np.float64]


def govern(
    world: World,
    population: Population,
    timeline: Sequence[tuple[int, Regime]],
    parameters: ParameterSet,
    start_month: int,
) -> Government:
    """Set up the accounts and the national envelope of a timeline of (simulated month, regime).

    The envelope follows from the world, never from the regime: every regime has the same money.
    """
    regimes = [regime for _, regime in timeline]
    payers = accounts_of(world.places, world.services, regimes, parameters.pooling)
    years = population.plan.months // MONTHS
    going = referral_share(world, parameters.referral, parameters.deprivation) * survival_to_diagnosis(world)
    seen = (world.expected_need * going).sum(axis=0)
    whole = expected_spend(world.services, seen, start_month, years, population.plan.start_year)
    drawn = np.array([service in population.plan.services for service in world.services.ids])
    modelled = whole * drawn[:, np.newaxis]
    keys = [text_identity("rest", code) for code in world.places.codes]
    identity = unit_identities(world.places)
    found = tuple(find_holders(world, identity, regime) for regime in regimes)
    luck = luck_of(population.plan.seed, population.plan.replicate)
    return Government(
        timeline=tuple(timeline),
        payers=payers,
        holders=found,
        running=tuple(running_of(world, holders, parameters) for holders in found),
        appraisal=appraisal_of(world.services, parameters.policy, parameters.appraisal, start_month, luck),
        whole_plan=whole.sum(axis=0),
        envelope=Envelope(modelled, national_rest(parameters.portfolio, whole)),
        true_referrals=population.true_need * going,
        place_keys=np.array(keys, dtype=np.uint64),
        books=new_books(payers.count, years),
        start_month=start_month,
    )


def running_of(world: World, holders: Holders, parameters: ParameterSet) -> Running:
    """Count the bodies of a regime and the contracts that its holders need for where their people go."""
    utility = place_utility(world, parameters.referral)
    if parameters.referral.in_footprint_enabled:
        utility = utility + parameters.referral.in_footprint_log_odds * holders.in_footprint
    flow = expected_choice(world, utility) * world.expected_need[:, world.offers.service]
    least = parameters.administration.contract_minimum_patients
    return Running(holders.bodies, count_contracts(holders.contracting, world.offers, flow, least))


def place_utility(world: World, parameters: ReferralParameters) -> Floats:
    """Return how every centre appeals to every place when nobody waits, float64[P, C] in log odds."""
    capacity, hours = world.offers.capacity, world.travel_hours[:, world.offers.provider]
    if not parameters.travel_enabled:
        return np.broadcast_to(np.log(np.maximum(capacity, 1e-9)), hours.shape)
    return np.where(capacity > 0.0, -parameters.travel_weight_per_hour * hours, -np.inf)


def expected_choice(world: World, utility: Floats) -> Floats:
    """Return the share of a place's referrals of each service that each centre gets, float64[P, C]."""
    first = world.offers.first
    table = choice_table(utility, first, utility)
    share: Floats = np.diff(table, axis=1, prepend=0.0)
    begins = first[:-1][first[:-1] < first[1:]]
    share[:, begins] = table[:, begins]
    return share


def survival_to_diagnosis(world: World) -> Floats:
    """Return the share of those who fall ill that lives to be diagnosed, float64[S].

    1 / (1 + h·delay) for an exponential delay and the untreated excess hazard h before diagnosis.
    """
    services = world.services
    hazard = services.untreated_annual_hazard * services.hazard_multiplier_before_diagnosis
    share: Floats = 1.0 / (1.0 + hazard * services.diagnosis_delay_years)
    return share


def referral_share(world: World, parameters: ReferralParameters, deprivation: DeprivationParameters) -> Floats:
    """Return the share of the diagnosed that is expected to be referred, float64[P, S].

    Taken at the travel time expected from the choice of centre when nobody waits.
    """
    offers, services = world.offers, world.services
    missed = deprivation_log_odds(world.places.deprivation_rank, deprivation)
    attending = attendance_share(world.travel_hours[:, offers.provider], parameters, missed[:, np.newaxis])
    chosen = expected_choice(world, place_utility(world, parameters))
    result = np.zeros((attending.shape[0], len(services.ids)))
    for service in range(len(services.ids)):
        part = slice(offers.first[service], offers.first[service + 1])
        result[:, service] = (attending[:, part] * chosen[:, part]).sum(axis=1)
    result[:, services.kind == EMERGENCY] = 1.0
    return result


def conserved(state: State, government: Government) -> tuple[int, int]:
    """Return the pence paid by all accounts and the pence received by all providers and others."""
    paid = int(government.books.spend.sum())
    received = int(state.ledger.provider_income.sum()) + int(government.books.rest_paid.sum())
    return paid, received
