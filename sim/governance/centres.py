"""Centres: how many of those who wait for a slot start in a month, and how many are held, on average.

Whether a centre is full is partly chance. So the number at each centre is carried as a mean and a variance, and
taken as normal; and each centre is followed in three cases, with fewer, as many and more patients than a formula
of need expects. Whoever sees a queue goes elsewhere, which holds both kinds of spread back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from sim.world.services import EMERGENCY, ONGOING

MONTHS = 12
LEAST = 1e-12
LARGEST_LOG_ODDS = 50.0
CASES = np.array([-(3.0**0.5), 0.0, 3.0**0.5])
CASE_SHARES = np.array([1.0, 4.0, 1.0]) / 6.0
"""Standard deviations and weights that keep the first five moments of a normal number (Gauss and Hermite)."""

Floats = npt.NDArray[np.float64]


class Choice(NamedTuple):
    """Where those diagnosed with what a service treats are expected to be referred to."""

    shares: Floats  # [C] of the service's diagnosed; what is missing to 1 is not referred
    own: Floats  # [C] how likely a centre's patients were to choose it


@dataclass(frozen=True)
class Pathway:
    """What lies between diagnosis and treatment; rows are the C offers, or the S services where it says so.

    The emergencies of a service have all its beds, so they stand together in its first offer.
    """

    service: npt.NDArray[np.int32]  # [C]
    kind: npt.NDArray[np.int8]  # [S]
    capacity: Floats  # [C] whole places when ongoing, otherwise starts a year
    choose: Callable[[Floats], Choice]  # what the people queueing at each offer, float64[C], lead to
    deterrence: Floats  # [C] by how much one more person in the queue lowers the log odds of being chosen
    unseen_sd: Floats  # [C] standard deviation of the log of need that no formula sees
    by_date: npt.NDArray[np.bool_]  # [S] no severity comes first
    months_between_looks: int  # at the queues, by those who choose
    months_between_applications: int  # by those whose treatment is not funded


class Survival(NamedTuple):
    """Shares that are still there after a month."""

    whole: Floats  # of those there from its first day
    part: Floats  # of those who come on any day of it; also the share that reaches any given day of it


def survival(rate: Floats) -> Survival:
    """Return the shares that stay through a month at a yearly rate of leaving, in the shape of ``rate``."""
    monthly = np.maximum(rate / MONTHS, LEAST)
    return Survival(np.exp(-monthly), -np.expm1(-monthly) / monthly)


def above(mean: Floats, variance: Floats, limit: Floats) -> tuple[Floats, Floats]:
    """Return the mean and the variance of what a normal number has above a limit, in the shape of ``mean``."""
    sd = np.sqrt(np.maximum(variance, LEAST))
    gap = mean - limit
    z = gap / sd
    share = ndtr(z)
    density = sd * np.exp(-z * z / 2.0) / np.sqrt(2.0 * np.pi)
    over = gap * share + density
    square = (gap * gap + sd * sd) * share + gap * density
    return over, np.maximum(square - over * over, 0.0)


def divided(part: Floats, whole: Floats) -> Floats:
    """Divide; what is divided by nothing is nothing."""
    result: Floats = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return result


class Centres:
    """The queues and held places of C offers in U cases of unseen need, for 2 severities, without luck."""

    def __init__(self, pathway: Pathway, stock: Floats) -> None:
        """Open with the people on ongoing treatment, float64[S, severity], in their places."""
        self.pathway, self.service = pathway, pathway.service
        self.services = pathway.kind.size
        self.ongoing = (pathway.kind[self.service] == ONGOING)[:, np.newaxis]
        self.waits = (pathway.kind[self.service] != EMERGENCY)[:, np.newaxis, np.newaxis].astype(np.float64)
        self.limit = np.where(self.ongoing, 1.0, 1.0 / MONTHS) * pathway.capacity[:, np.newaxis]
        more = np.exp(np.outer(pathway.unseen_sd, CASES))
        self.unseen = more / (more @ CASE_SHARES)[:, np.newaxis]
        self.queue = np.zeros((*more.shape, 2))
        self.of_queue, self.together = np.zeros_like(more), np.zeros_like(more)  # variance; with all, next month
        self.look()
        self._place(stock)

    def _place(self, stock: Floats) -> None:
        """Hold people where they choose, and where room is left those who find none there; the others wait."""
        people = stock.sum(axis=1)
        chosen = divided(self.choice.shares, self.share_sent()[self.service]) * people[self.service]
        wanted = chosen[:, np.newaxis] * self.unseen
        over, of_surplus = above(wanted, wanted, self.limit)
        over = np.minimum(over, wanted)
        self.held = wanted - over
        room = np.where(self.ongoing, np.maximum(self.limit - self.held, 0.0), 0.0)
        self.variance = np.maximum(wanted - of_surplus - 2.0 * room * over, 0.0)
        surplus, places = self.by_service(over), self.by_service(room)
        moved = np.minimum(surplus, places)
        self.held += room * divided(moved, places)[self.service][:, np.newaxis]
        unplaced = over * divided(surplus - moved, surplus)[self.service][:, np.newaxis]
        severities = divided(stock, np.repeat(people[:, np.newaxis], 2, axis=1))[self.service]
        self.queue += unplaced[:, :, np.newaxis] * severities[:, np.newaxis]

    def look(self) -> None:
        """Let those who choose see the queues; each case of a centre departs from its mean queue."""
        queued = self.queue.sum(axis=2)
        mean = queued @ CASE_SHARES
        self.choice = self.pathway.choose(mean)
        longer = (queued - mean[:, np.newaxis]) * self.pathway.deterrence[:, np.newaxis]
        odds = np.exp(-np.clip(longer, -LARGEST_LOG_ODDS, LARGEST_LOG_ODDS))
        own = self.choice.own[:, np.newaxis]
        self.coming = self.unseen * odds / (1.0 - own + own * odds)
        self.shyness = (self.pathway.deterrence * (1.0 - self.choice.own))[:, np.newaxis]

    def share_sent(self) -> Floats:
        """Return the share of each service's diagnosed that is referred to any centre, float64[S]."""
        return self._summed(self.choice.shares)

    def by_service(self, amounts: Floats) -> Floats:
        """Add up a service's offers, each the mean of its cases: float64[S] from float64[C, U]."""
        return self._summed(amounts @ CASE_SHARES)

    def _summed(self, amounts: Floats) -> Floats:
        result: Floats = np.bincount(self.service, weights=amounts, minlength=self.services).astype(np.float64)
        return result

    def admit(self, referred: Floats, waiting: Survival, treated: Survival) -> Floats:
        """Start treatment in the order of the queue and let a month pass; return the starts, float64[C, U].

        ``referred`` are the people of each service and severity sent to all its centres together. Both survivals
        are by service: of those who wait, also by severity, and of those on ongoing treatment.
        """
        fresh = self._arriving(referred)
        whole, part = (share[self.service][:, np.newaxis] for share in waiting)
        wanted = self.queue * part + fresh
        total = wanted.sum(axis=2)
        over, of_queue = above(self.held + total, self.variance, self.limit)
        over = np.clip(over, 0.0, total)
        started: Floats = total - over
        severe = np.minimum(wanted[:, :, 1], started)
        in_order = np.stack([started - severe, severe], axis=2)
        alike = wanted * divided(started, total)[:, :, np.newaxis]
        by_date = self.pathway.by_date[self.service][:, np.newaxis, np.newaxis]
        left = (1.0 - divided(np.where(by_date, alike, in_order), wanted)) * self.waits
        self.queue = left * (self.queue * whole + fresh * part)
        stay = divided((wanted * left * whole).sum(axis=2), (wanted * left).sum(axis=2))
        self._hold(started, treated, (over, of_queue, stay))
        return started

    def _arriving(self, referred: Floats) -> Floats:
        """Return who comes to each centre this month, float64[C, U, 2]: as Poisson, but fewer the longer its queue."""
        sent = self.choice.shares[:, np.newaxis] * self.coming
        kept = divided(self.share_sent(), self.by_service(sent))
        sent = sent * kept[self.service][:, np.newaxis]
        fresh: Floats = referred[self.service][:, np.newaxis] * sent[:, :, np.newaxis]
        people = fresh.sum(axis=2)
        fewer = np.minimum(people * self.shyness, divided(self.together, self.of_queue))
        self.variance += people + fewer * (fewer * self.of_queue - 2.0 * self.together)
        return fresh

    def _hold(self, started: Floats, treated: Survival, queue: tuple[Floats, Floats, Floats]) -> None:
        """Carry the held and the variance to the month's end; ``queue`` is its mean, its variance and who stays."""
        over, self.of_queue, stay = queue
        kept, part = (np.where(self.ongoing, share[self.service][:, np.newaxis], 0.0) for share in treated)
        held = self.held + started
        shared = np.where(self.ongoing, np.maximum(self.limit - held, 0.0) * over, 0.0)
        of_held = np.maximum(self.variance - self.of_queue - 2.0 * shared, 0.0)
        self.together = stay * self.of_queue + kept * shared
        self.variance = kept * (kept * of_held + stay * shared + held * (1.0 - kept))
        self.variance += stay * (self.together + over * (1.0 - stay))
        self.held = kept * self.held + part * started
