"""Setting a run up: who pays for whom, and what the nation plans to spend."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.agents.state import State
from sim.governance.accounts import Payers, accounts_of
from sim.governance.administration import Running, count_contracts, one_each
from sim.governance.allocation import Envelope, moved_towards, parts_of_all, shares_by_rule, sum_by_account
from sim.governance.co_commissioning import without_partners
from sim.governance.common_pool import share_borne
from sim.governance.expectation import Expectation, expect
from sim.governance.handover import nothing_handed_over
from sim.governance.levers import Levers
from sim.governance.matrix import GROUPS, Regime
from sim.governance.network import with_possible_sites
from sim.governance.policy import appraisal_of
from sim.governance.portfolio import national_rest
from sim.governance.prices import local_prices, national_tariff, usual_ratio
from sim.governance.priority import days_ahead
from sim.governance.seats import unit_identities
from sim.governance.units import Holders, find_holders
from sim.luck.draws import luck_of
from sim.luck.identity import text_identity, unit_identity
from sim.model.choosing import Choosing, pathway_of
from sim.phases.government import Government, new_books
from sim.specification.parameters import ParameterSet
from sim.world.facts import ServiceFacts
from sim.world.people import ENTRY_DIAGNOSED, ENTRY_TREATED
from sim.world.population import Population, stock_means
from sim.world.world import World

MONTHS = 12
DELEGABLE = "specialised_delegable"

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


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
    joint = parameters.co_commissioning
    regimes = [regime if joint.enabled else without_partners(regime) for _, regime in timeline]
    payers = accounts_of(world.places, world.services, regimes, parameters.pooling, joint)
    expected, envelope, past = money_of(world, population, parameters, start_month)
    keys = [text_identity("rest", code) for code in world.places.codes]
    identity = unit_identities(world.places)
    found = tuple(find_holders(world, identity, regime, joint) for regime in regimes)
    luck = luck_of(population.plan.seed, population.plan.replicate)
    historic = shares_by_rule(world, Levers(allocation="historic"), past, envelope.services)
    agreed = agreed_prices(with_possible_sites(world, parameters.network), population, regimes, found, parameters)
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
        place_keys=np.array(keys, dtype=np.uint64),
        nation=unit_identity(world.places.codes),
        books=new_books(payers.count, len(world.services.ids), population.plan.months // MONTHS),
        start_month=start_month,
        shares=historic,
        handed=nothing_handed_over(len(world.places.codes), len(world.services.ids), len(GROUPS)),
    )
    owed = expected.worked_off * drawn_of(world, population) * parameters.budget.plan_share_of_expected
    government.books.carried[:] = -np.rint(owed_by_account(world, government, owed * government.price_ratio[0]))
    return government


def money_of(
    world: World, population: Population, parameters: ParameterSet, start_month: int
) -> tuple[Expectation, Envelope, Floats]:
    """Return what is expected of all services, the envelope for those drawn, and past spending, float64[P, S]."""
    years = population.plan.months // MONTHS
    choosing = Choosing(world, parameters.referral, parameters.deprivation)
    pathway = pathway_of(world, population.facts, parameters, choosing)
    stock = known_stock(world, population)
    known = stock_in_all(world, population, stock, start_month)
    expected = expect(world, population.facts, pathway, (start_month, years), known)
    today = spend_today(world, population, limited(parameters), start_month)
    services = expected.spend * drawn_of(world, population)[:, np.newaxis]
    referrals = expected_referrals(population, choosing)
    first_year = [
        expect(world, population.facts, pathway, (start_month, 1), known * [[1.0], [queue], [treated]]).spend[:, 0]
        for queue, treated in ((1.0, 1.0), (1.0, 0.0), (0.0, 0.0))
    ]
    past = past_spending(referrals, stock, np.array(first_year))
    delegable = np.array(world.services.groups) == DELEGABLE
    return expected, Envelope(services, national_rest(parameters.portfolio, today, delegable, years)), past


def expected_referrals(population: Population, choosing: Choosing) -> Floats:
    """Return how many are referred in a year where people really fall ill, float64[P, S]."""
    found: Floats = population.true_need * choosing.share_referred() * survival_to_diagnosis(population.facts)
    return found


def borne_under(
    world: World, payers: Payers, number: int, regimes: Sequence[Regime], parameters: ParameterSet
) -> Floats:
    """Return the part of the cost of a referral that those who refer bear under one regime, float64[P, S]."""
    paid, risk = (payers.payer[number], payers.own_share[number]), regimes[number].levers.risk_share
    return share_borne(*paid, world.places.population, risk, parameters.common_pool)


def drawn_of(world: World, population: Population) -> npt.NDArray[np.bool_]:
    """Tell which services are simulated, bool[S]."""
    return np.array([service in population.plan.services for service in world.services.ids])


def limited(parameters: ParameterSet) -> ParameterSet:
    """Return the same parameters with the limits on that a benchmark lifts: slots, distance and deprivation."""
    return parameters.model_copy(
        update={
            "waiting": parameters.waiting.model_copy(update={"capacity_enabled": True}),
            "referral": parameters.referral.model_copy(update={"travel_enabled": True}),
            "deprivation": parameters.deprivation.model_copy(update={"enabled": True}),
        }
    )


def spend_today(world: World, population: Population, parameters: ParameterSet, start_month: int) -> Floats:
    """Return what the modelled services are expected to cost in the first year, float64[S] in pence.

    Published spending less this, with every limit on and stocks as the catalogue has them, is what is not modelled;
    so neither a benchmark that lifts the limits, nor which services are simulated, nor luck changes it.
    """
    choosing = Choosing(world, parameters.referral, parameters.deprivation)
    pathway = pathway_of(world, population.facts, parameters, choosing)
    return expect(world, population.facts, pathway, (start_month, 1)).spend[:, 0]


def known_stock(world: World, population: Population) -> Floats:
    """Return the people who wait and who are on ongoing treatment on the first day by where they live, [2, P, S]."""
    people, real = population.people, slice(0, population.real)
    found = np.zeros((2, len(world.places.codes), len(world.services.ids)))
    place, service, entry = people.place[real].astype(np.int64), people.service[real], people.entry[real]
    for row, kind in enumerate((ENTRY_DIAGNOSED, ENTRY_TREATED)):
        np.add.at(found[row], (place[entry == kind], service[entry == kind]), 1.0)
    return found * population.weight


def stock_in_all(world: World, population: Population, stock: Floats, start_month: int) -> Floats:
    """Return the people of the starting stocks as far as they are known, float64[3, S]: as expected, or as counted.

    Undiagnosed, waiting and on ongoing treatment. Whoever plans knows who waits and who is treated, under every
    regime alike; the undiagnosed, and the stocks of services that are not simulated, are as expected.
    """
    known: Floats = stock_means(world, world.expected_need, 1900 + start_month / MONTHS).sum(axis=1)
    known[1:] = np.where(drawn_of(world, population), stock.sum(axis=1), known[1:])
    return known


def past_spending(referrals: Floats, stock: Floats, first_year: Floats) -> Floats:
    """Return what the first year's spending comes to by where people live, float64[P, S] in pence.

    What those on treatment and those in the queue cost lies where they live, the rest where people are referred from;
    ``referrals`` is float64[P, S], ``stock`` float64[2, P, S], the queue and those on treatment, and ``first_year``
    float64[3, S], what is spent in all, without those on treatment, and without the queue as well.
    """
    whole, with_queue, new = first_year
    spent: Floats = parts_of_all(referrals) * new
    for people, cost in zip(stock, (with_queue - new, whole - with_queue), strict=True):
        at_home = people.sum(axis=0) > 0.0
        spent = spent + np.where(at_home, parts_of_all(people), parts_of_all(referrals)) * np.maximum(cost, 0.0)
    return spent


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


def survival_to_diagnosis(facts: ServiceFacts) -> Floats:
    """Return the share of those who fall ill that the illness lets live to be diagnosed, float64[S].

    1 / (1 + h·delay) for an exponential delay and the untreated excess hazard h before diagnosis, the mean over
    both severities.
    """
    before = facts.before_diagnosis * facts.delay_years
    milder, severe = (
        1.0 / (1.0 + hazard * before) for hazard in (facts.untreated_hazard, facts.untreated_hazard_severe)
    )
    share: Floats = milder + facts.severe_share * (severe - milder)
    return share


def conserved(state: State, government: Government) -> tuple[int, int]:
    """Return the pence paid by all accounts and the pence received by all providers and others."""
    paid = int(government.books.spend.sum())
    others = government.books.rest_paid + government.books.low_value_paid
    return paid, int(state.ledger.provider_income.sum()) + int(others.sum())
