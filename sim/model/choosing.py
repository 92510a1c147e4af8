"""What the envelope expects of referral: which centres people choose, who goes, and what waits for them there."""

import numpy as np
import numpy.typing as npt

from sim.governance.allocation import parts_of_all
from sim.governance.centres import Choice, Pathway, divided
from sim.phases.referral import (
    MONTHS_BETWEEN_LOOKS,
    URGENT_WINDOW_MINUTES,
    DeprivationParameters,
    ReferralParameters,
    attendance_share,
    deprivation_log_odds,
)
from sim.phases.waiting import UNLIMITED, WaitingParameters
from sim.specification.parameters import ParameterSet
from sim.world.facts import ServiceFacts
from sim.world.services import EMERGENCY, ONGOING
from sim.world.world import World

MONTHS = 12

Floats = npt.NDArray[np.float64]


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

    def __init__(
        self,
        world: World,
        parameters: ReferralParameters,
        deprivation: DeprivationParameters,
        steered: Floats | float = 0.0,
    ) -> None:
        """Work out what does not change: travel as it is felt, and where need is, float64[C, P].

        ``steered`` are log odds that a regime adds to centres, in the same shape; the envelope knows of none.
        """
        offers, services = world.offers, world.services
        self.service, self.first = offers.service, offers.first
        self.offered = np.flatnonzero(np.diff(offers.first))
        self.urgent = (services.kind == EMERGENCY)[self.service]
        self.pooled = np.isin(np.arange(self.service.size), self.first[:-1])
        self.wait_weight = parameters.wait_weight_per_month
        self.need = parts_of_all(world.expected_need).T[self.service]
        hours = world.travel_hours.T[offers.provider]
        missed = deprivation_log_odds(world.places.deprivation_rank, deprivation)
        self.attending = np.where(self.urgent[:, np.newaxis], 1.0, attendance_share(hours, parameters, missed))
        utility = -parameters.travel_weight_per_hour * hours
        if not parameters.travel_enabled:
            utility = np.repeat(np.log(np.maximum(offers.capacity, 1e-9))[:, np.newaxis], hours.shape[1], axis=1)
        utility = utility + steered
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

    def chosen_if_open(self, opened: npt.NDArray[np.bool_]) -> Floats:
        """Return the chance that each offer is chosen when nobody waits, float64[C, P]; if closed, were it alone open.

        ``opened`` is bool[C]. What is closed takes nobody from the others.
        """
        here = opened[:, np.newaxis]
        odds_of_open = self._over_offers(np.add, self.odds * here)[self.service]
        return np.asarray(self.odds / np.maximum(odds_of_open + self.odds * ~here, np.finfo(np.float64).tiny))

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
        return Choice(np.where(self.urgent, self.pooled, shares), np.where(self.urgent, 1.0, own))

    def unseen_sd(self, by_service: Floats) -> Floats:
        """Return the standard deviation of the log of each offer's demand, float64[C], from that of places, [S]."""
        near = self.attending * self.chosen(np.zeros(self.service.size))
        flow = self.need * np.where(self.urgent[:, np.newaxis], 1.0, near)
        share = flow / np.maximum(flow.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
        return np.asarray(np.sqrt(np.log1p((share**2).sum(axis=1) * np.expm1(by_service**2)[self.service])))
