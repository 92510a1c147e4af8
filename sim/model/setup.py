"""Setting a run up: who decides and who pays for whom, at what prices, and what they begin with."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.agents.state import State
from sim.governance.accounts import Payers, accounts_of
from sim.governance.administration import Running, count_contracts, one_each
from sim.governance.allocation import moved_towards, shares_by_rule, sum_by_account
from sim.governance.co_commissioning import without_partners
from sim.governance.common_pool import share_borne
from sim.governance.handover import nothing_handed_over
from sim.governance.levers import Levers
from sim.governance.matrix import GROUPS, Regime
from sim.governance.policy import appraisal_of
from sim.governance.prices import local_prices, national_tariff, usual_ratio
from sim.governance.priority import days_ahead
from sim.governance.units import Holders, find_holders
from sim.luck.draws import luck_of
from sim.luck.identity import text_identity, unit_identity
from sim.model.choosing import Choosing
from sim.model.common import Common
from sim.model.envelope import drawn_of
from sim.phases.government import Government, new_books
from sim.specification.parameters import ParameterSet
from sim.world.population import Population
from sim.world.world import World

MONTHS = 12

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


def govern(
    world: World,
    population: Population,
    timeline: Sequence[tuple[int, Regime]],
    parameters: ParameterSet,
    start_month: int,
    common: Common | None = None,
) -> Government:
    """Set up the accounts and the national envelope of a timeline of (simulated month, regime).

    The envelope follows from the world, never from the regime: every regime has the same money. ``common`` is what
    other regimes of the replicate have worked out already.
    """
    common = common or Common(world, population, parameters, start_month)
    joint = parameters.co_commissioning
    regimes = [regime if joint.enabled else without_partners(regime) for _, regime in timeline]
    payers = accounts_of(world.places, world.services, regimes, parameters.pooling, joint, common.identity)
    expected, envelope, past = common.money
    found = tuple(find_holders(world, common.identity, regime, joint) for regime in regimes)
    luck = luck_of(population.plan.seed, population.plan.replicate)
    agreed = agreed_prices(common.with_sites, population, regimes, found, parameters)
    government = Government(
        timeline=tuple(timeline),
        payers=payers,
        holders=found,
        running=tuple(running_of(world, holders, parameters) for holders in found),
        days_ahead=tuple(days_ahead(payer, world.expected_need, parameters.priority) for payer in payers.payer),
        borne=tuple(borne_under(world, payers, number, regimes, parameters) for number in range(len(regimes))),
        local_prices=tuple(prices for prices, _ in agreed),
        price_ratio=tuple(ratio for _, ratio in agreed),
        appraisal=appraisal_of(world.services, parameters.policy, parameters.appraisal, start_month, luck),
        whole_plan=expected.spend,
        envelope=envelope,
        past_spending=past,
        place_keys=np.array([text_identity("rest", code) for code in world.places.codes], dtype=np.uint64),
        nation=unit_identity(world.places.codes),
        books=new_books(payers.count, len(world.services.ids), population.plan.months // MONTHS),
        start_month=start_month,
        shares=shares_by_rule(world, Levers(allocation="historic"), past, envelope.services),
        handed=nothing_handed_over(len(world.places.codes), len(world.services.ids), len(GROUPS)),
    )
    owed = expected.worked_off * drawn_of(world, population) * parameters.budget.plan_share_of_expected
    government.books.carried[:] = -np.rint(owed_by_account(world, government, owed * government.price_ratio[0]))
    return government


def borne_under(
    world: World, payers: Payers, number: int, regimes: Sequence[Regime], parameters: ParameterSet
) -> Floats:
    """Return the part of the cost of a referral that those who refer bear under one regime, float64[P, S]."""
    paid, risk = (payers.payer[number], payers.own_share[number]), regimes[number].levers.risk_share
    return share_borne(*paid, world.places.population, risk, parameters.common_pool)


def running_of(world: World, holders: Holders, parameters: ParameterSet) -> Running:
    """Find the bodies of a regime, their partners, and the contracts that they need for where their people go."""
    flow = expected_flow(world, holders, parameters)
    least = parameters.administration.contract_minimum_patients
    return Running(
        one_each(holders.units, holders.works_for),
        count_contracts(holders.contracting, world.offers, flow, least),
        one_each(holders.partners, holders.joins),
        parameters.co_commissioning.coordination_gbp,
    )


def expected_flow(world: World, holders: Holders, parameters: ParameterSet) -> Floats:
    """Return how many of a place's people would go to each centre if nobody waited, float64[P, C] a year.

    Holders of contracts steer them as in the phase of referral. To a centre that is not open yet go as many as
    would if it alone were opened.
    """
    referral = parameters.referral
    home = referral.in_footprint_log_odds if referral.in_footprint_enabled else 0.0
    steered: Floats = home * holders.in_footprint(world.offers).T.astype(np.float64)
    chosen = Choosing(world, referral, parameters.deprivation, steered).chosen_if_open(world.offers.capacity > 0.0)
    flow: Floats = chosen.T * world.expected_need[:, world.offers.service]
    return flow


def agreed_prices(
    world: World,
    population: Population,
    regimes: Sequence[Regime],
    found: Sequence[Holders],
    parameters: ParameterSet,
) -> list[tuple[Longs, Floats | float]]:
    """Return the local prices under each regime, int64[P, C] in pence, and what they are over the catalogue's, [P, S].

    Where all pay the tariff: no rows, and 1. ``world`` holds the centres that may be opened too: their prices are
    agreed on beforehand.
    """
    luck, catalogue = luck_of(population.plan.seed, population.plan.replicate), population.facts.price_pence

    def under(regime: Regime, holders: Holders) -> tuple[Longs, Floats | float]:
        if regime.levers.price_rule == "national_tariff" or not parameters.prices.enabled:
            return national_tariff(), 1.0
        flow = expected_flow(world, holders, parameters)
        prices = local_prices(world, holders, flow, catalogue, parameters.prices, luck)
        return prices, usual_ratio(prices, catalogue, world.offers, flow)

    return [under(regime, holders) for regime, holders in zip(regimes, found, strict=True)]


def owed_by_account(world: World, government: Government, amounts: Floats) -> Floats:
    """Divide amounts of float64[S], or [P, S], as the first plan is, between the accounts that pay then, float64[A].

    What was agreed to before the first day was charged before it, but is paid after it, and the envelope holds
    the money for it; so holders begin with that much less to agree to.
    """
    payers, levers = government.payers, government.levers
    target = shares_by_rule(world, levers, government.past_spending, government.envelope.services)
    first = moved_towards(government.shares, target, levers.pace_of_change_share_per_year)
    nothing = np.zeros(payers.rest_payer[0].shape)
    return sum_by_account(payers.count, payers.payer[0], payers.rest_payer[0], (first.services * amounts, nothing))


def conserved(state: State, government: Government) -> tuple[int, int]:
    """Return the pence paid by all accounts and the pence received by all providers and others."""
    paid = int(government.books.spend.sum())
    others = government.books.rest_paid + government.books.low_value_paid
    return paid, int(state.ledger.provider_income.sum()) + int(others.sum())
