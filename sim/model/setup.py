"""Setting a run up: who pays for whom, and what the nation plans to spend."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.agents.state import State
from sim.governance.accounts import Payers, accounts_of
from sim.governance.allocation import Envelope, parts_of_all, place_shares, sum_by_account
from sim.governance.centres import Choice, Pathway, divided
from sim.governance.expectation import expect
from sim.governance.matrix import Regime
from sim.governance.portfolio import national_rest
from sim.luck.identity import text_identity
from sim.phases.planning import Government, new_books
from sim.phases.referral import MONTHS_BETWEEN_LOOKS, URGENT_WINDOW_MINUTES, ReferralParameters, attendance_share
from sim.phases.waiting import UNLIMITED, WaitingParameters
from sim.specification.parameters import ParameterSet
from sim.world.facts import ServiceFacts
from sim.world.population import Population
from sim.world.services import EMERGENCY, ONGOING
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
    choosing = Choosing(world, parameters.referral)
    going = choosing.share_referred() * survival_to_diagnosis(population.facts)
    pathway = pathway_of(world, population.facts, parameters, choosing)
    expected = expect(world, population.facts, pathway, start_month, years)
    drawn = np.array([service in population.plan.services for service in world.services.ids])
    keys = [text_identity("rest", code) for code in world.places.codes]
    government = Government(
        timeline=tuple(timeline),
        payers=payers,
        envelope=Envelope(expected.spend * drawn[:, np.newaxis], national_rest(parameters.portfolio, expected.spend)),
        true_referrals=population.true_need * going,
        place_keys=np.array(keys, dtype=np.uint64),
        books=new_books(payers.count, years),
        start_month=start_month,
    )
    shares = place_shares(world, government.levers, government.true_referrals)
    owed = shares * (expected.worked_off * drawn * parameters.budget.plan_share_of_expected)
    government.books.carried[:] = -np.rint(owed_by_account(payers, owed))
    return government


def owed_by_account(payers: Payers, amounts: Floats) -> Floats:
    """Add up amounts of float64[P, S] by the accounts that pay on the first day, float64[A].

    What was agreed to before the first day was charged before it, but is paid after it, and the envelope holds
    the money for it; so holders begin with that much less to agree to.
    """
    nothing = np.zeros(payers.rest_payer[0].shape)
    return sum_by_account(payers.count, payers.payer[0], payers.rest_payer[0], (amounts, nothing))


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


def pathway_of(world: World, facts: ServiceFacts, parameters: ParameterSet, choosing: "Choosing") -> Pathway:
    """Return what lies between diagnosis and treatment in a world, as the phases have it."""
    referral = parameters.referral
    spread = world.services.need_unobserved_sd_log * parameters.population.unobserved_need_scale
    return Pathway(
        service=world.offers.service,
        kind=facts.kind,
        capacity=whole_capacity(world, parameters.waiting),
        choose=choosing.by_centre,
        deterrence=referral.wait_weight_per_month * choosing.months_each,
        unseen_sd=choosing.unseen_sd(spread),
        by_date=facts.window_minutes <= URGENT_WINDOW_MINUTES,
        months_between_looks=MONTHS_BETWEEN_LOOKS,
        months_between_applications=parameters.funding.months_between_applications,
    )


def whole_capacity(world: World, parameters: WaitingParameters) -> Floats:
    """Return the places, whole ones, or the starts a year of every offer; emergencies have all beds in one."""
    service, kind = world.offers.service, world.services.kind
    if not parameters.capacity_enabled:
        return np.full(service.size, float(UNLIMITED))
    yearly = world.offers.capacity * parameters.capacity_scale
    beds = np.bincount(service, weights=yearly, minlength=kind.size)[service]
    places = np.where(kind[service] == ONGOING, np.floor(yearly + 1e-9), yearly)
    return np.asarray(np.where(kind[service] == EMERGENCY, beds, places))


class Choosing:
    """Which centres people are expected to choose, as they do in the phase of referral, and who goes at all."""

    def __init__(self, world: World, parameters: ReferralParameters) -> None:
        """Work out what does not change: travel as it is felt, and where need is, float64[C, P]."""
        offers, services = world.offers, world.services
        self.service, self.first = offers.service, offers.first
        self.offered = np.flatnonzero(np.diff(offers.first))
        self.urgent = (services.kind == EMERGENCY)[self.service]
        self.wait_weight = parameters.wait_weight_per_month
        self.need = parts_of_all(world.expected_need).T[self.service]
        hours = world.travel_hours.T[offers.provider]
        self.attending = np.where(self.urgent[:, np.newaxis], 1.0, attendance_share(hours, parameters))
        utility = -parameters.travel_weight_per_hour * hours
        if not parameters.travel_enabled:
            utility = np.repeat(np.log(np.maximum(offers.capacity, 1e-9))[:, np.newaxis], hours.shape[1], axis=1)
        self.odds = np.exp(utility - self._over_offers(np.maximum, utility)[self.service])
        stay = np.where(services.kind == ONGOING, np.maximum(services.duration_on_treatment_years, 1.0 / MONTHS), 1.0)
        each = stay[self.service] * MONTHS / np.maximum(offers.capacity, 1e-9)
        self.months_each = np.where(self.urgent, 0.0, each)  # of waiting, for everyone who queues

    def _over_offers(self, reduce: np.ufunc, values: Floats) -> Floats:
        """Reduce the offers of each service, float64[S, P] from float64[C, P]; nothing where there are none."""
        result = np.zeros((self.first.size - 1, values.shape[1]))
        if self.offered.size:
            result[self.offered] = reduce.reduceat(values, self.first[self.offered], axis=0)
        return result

    def chosen(self, queued: Floats) -> Floats:
        """Return the chance that each offer is chosen by a place's people, float64[C, P], with queues of float64[C]."""
        wait = (queued * self.months_each)[:, np.newaxis]
        longer = wait - self._over_offers(np.minimum, wait)[self.service]
        odds = self.odds * np.exp(-self.wait_weight * longer)
        odds /= np.maximum(self._over_offers(np.add, odds), np.finfo(np.float64).tiny)[self.service]
        return odds

    def share_referred(self) -> Floats:
        """Return the share of the diagnosed that is expected to be referred when nobody waits, float64[P, S]."""
        return self._over_offers(np.add, self.attending * self.chosen(np.zeros(self.service.size))).T

    def by_centre(self, queued: Floats) -> Choice:
        """Return how the diagnosed of the whole country divide between the offers, with queues of float64[C]."""
        chosen = self.chosen(queued)
        sent = self.attending * chosen
        sent *= self.need
        shares = sent.sum(axis=1)
        own = divided(np.einsum("cp,cp->c", sent, chosen), shares)
        pooled = np.isin(np.arange(self.service.size), self.first[:-1])
        return Choice(np.where(self.urgent, pooled, shares), np.where(self.urgent, 1.0, own))

    def unseen_sd(self, by_service: Floats) -> Floats:
        """Return the standard deviation of the log of each offer's demand, float64[C], from that of places, [S]."""
        near = self.attending * self.chosen(np.zeros(self.service.size))
        flow = self.need * np.where(self.urgent[:, np.newaxis], 1.0, near)
        share = flow / np.maximum(flow.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
        return np.asarray(np.sqrt(np.log1p((share**2).sum(axis=1) * np.expm1(by_service**2)[self.service])))


def conserved(state: State, government: Government) -> tuple[int, int]:
    """Return the pence paid by all accounts and the pence received by all providers and others."""
    paid = int(government.books.spend.sum())
    received = int(state.ledger.provider_income.sum()) + int(government.books.rest_paid.sum())
    return paid, received
