"""The envelope: what the nation plans to spend, which follows from world and people and never from a regime."""

import numpy as np
import numpy.typing as npt

from sim.governance.allocation import Envelope, parts_of_all
from sim.governance.cohorts import Ages, ages_of
from sim.governance.expectation import Expectation, expect
from sim.governance.portfolio import national_rest
from sim.model.choosing import Choosing, pathway_of
from sim.specification.parameters import ParameterSet
from sim.world.facts import ServiceFacts
from sim.world.people import ENTRY_DIAGNOSED, ENTRY_TREATED
from sim.world.population import Population, stock_means
from sim.world.world import World

MONTHS = 12
DELEGABLE = "specialised_delegable"

Floats = npt.NDArray[np.float64]


def money_of(
    world: World, population: Population, parameters: ParameterSet, start_month: int
) -> tuple[Expectation, Envelope, Floats]:
    """Return what is expected of all services, the envelope for those drawn, and past spending, float64[P, S]."""
    years = population.plan.months // MONTHS
    choosing = Choosing(world, parameters.referral, parameters.deprivation)
    pathway = pathway_of(world, population.facts, parameters, choosing)
    stock = known_stock(world, population)
    known = stock_in_all(world, population, stock, start_month)
    ages = ages_of(world, population.facts, start_month)
    expected = expect(world, population.facts, pathway, (start_month, years), known, ages)
    today = spend_today(world, population, limited(parameters), start_month, ages)
    services = expected.spend * drawn_of(world, population)[:, np.newaxis]
    referrals = expected_referrals(population, choosing)
    first_year = [
        expect(world, population.facts, pathway, (start_month, 1), known * [[1.0], [queue], [treated]], ages)
        for queue, treated in ((1.0, 1.0), (1.0, 0.0), (0.0, 0.0))
    ]
    past = past_spending(referrals, stock, np.array([year.spend[:, 0] for year in first_year]))
    delegable = np.array(world.services.groups) == DELEGABLE
    return expected, Envelope(services, national_rest(parameters.portfolio, today, delegable, years)), past


def expected_referrals(population: Population, choosing: Choosing) -> Floats:
    """Return how many are referred in a year where people really fall ill, float64[P, S]."""
    found: Floats = population.true_need * choosing.share_referred() * survival_to_diagnosis(population.facts)
    return found


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


def spend_today(world: World, population: Population, parameters: ParameterSet, start_month: int, ages: Ages) -> Floats:
    """Return what the modelled services are expected to cost in the first year, float64[S] in pence.

    Published spending less this, with every limit on and stocks as the catalogue has them, is what is not modelled;
    so neither a benchmark that lifts the limits, nor which services are simulated, nor luck changes it.
    """
    choosing = Choosing(world, parameters.referral, parameters.deprivation)
    pathway = pathway_of(world, population.facts, parameters, choosing)
    return expect(world, population.facts, pathway, (start_month, 1), ages=ages).spend[:, 0]


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
