"""Expectation: what treating everyone referred would cost, month by month, with no luck in it.

The people of each service flow through the months as the simulated ones do on average: they fall ill, are
diagnosed or die first, wait for policy and for a slot, and are treated. Nobody is refused for want of money.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.governance.centres import MONTHS, Centres, Pathway, Survival, divided, survival
from sim.governance.cohorts import Ages, ages_of, background_hazards, onsets_by_birth, stock_by_birth
from sim.world.facts import ServiceFacts
from sim.world.population import stock_means
from sim.world.services import ONE_OFF, ONGOING
from sim.world.world import World

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Expectation:
    """What is expected of each service, float64[S, years] in pence, and what lies between agreeing and paying."""

    spend: Floats  # paid: a start in its month, ongoing treatment by those on it at the end of each month
    worked_off: Floats  # [S]: one-off treatment agreed to before the first day, less what its first year leaves open


def expect(
    world: World,
    facts: ServiceFacts,
    pathway: Pathway,
    span: tuple[int, int],
    stock: Floats | None = None,
    ages: Ages | None = None,
) -> Expectation:
    """Project a number of years with nobody refused for want of money; ``span`` is (start month, years).

    ``stock`` is float64[3, S], the starting stocks; as in the catalogue where it is not given; ``ages`` are as of
    ``ages_of``, where they are known already. A service counts from
    the month in which it is funded (months count from January 1900, as the catalogue does); those who have waited
    for it until then apply again in their turn.
    """
    (start_month, years), known = span, stock
    if known is None:
        known = stock_means(world, world.expected_need, 1900 + start_month / MONTHS).sum(axis=1)
    people = Projection(world, facts, pathway, span, (known, ages or ages_of(world, facts, start_month)))
    open_promises = people.starting_promises()
    billed = np.zeros((len(world.services.ids), years * MONTHS))
    for month in range(years * MONTHS):
        billed[:, month] = people.month_passes(month)
        if month == MONTHS - 1:
            open_promises -= people.centres.by_service(people.centres.queue.sum(axis=2))
    price = facts.price_pence.astype(np.float64)
    return Expectation(
        spend=billed.reshape(len(billed), years, MONTHS).sum(axis=2) * price[:, np.newaxis],
        worked_off=np.where(facts.kind == ONE_OFF, open_promises * price, 0.0),
    )


class Projection:
    """The people of S services by severity and by class of birth (see ``cohorts``), on their way to treatment."""

    def __init__(
        self,
        world: World,
        facts: ServiceFacts,
        pathway: Pathway,
        span: tuple[int, int],
        stock: tuple[Floats, Ages],
    ) -> None:
        """Begin with stocks of these sizes, float64[3, S], and ages; other arguments as for ``expect``."""
        (start_month, years), (sizes, ages) = span, stock
        self.facts, self.pathway, self.years = facts, pathway, years
        self.opens = world.services.available_from_month - start_month
        self.background = background_hazards(world.life_table, years)
        self.severities = np.stack([1.0 - facts.severe_share, facts.severe_share], axis=1)[:, :, np.newaxis]
        self.hazard = np.stack([facts.untreated_hazard, facts.untreated_hazard_severe], axis=1)
        self.onsets = ages.onset * world.expected_need.sum(axis=0)[:, np.newaxis] / MONTHS
        stocks = [
            stock_by_birth(theirs * size[:, np.newaxis], years) for theirs, size in zip(ages.stocks, sizes, strict=True)
        ]
        self.undiagnosed, self.first_queue = (stock[:, np.newaxis] * self.severities for stock in stocks[:2])
        self.centres = Centres(pathway, sizes[2][:, np.newaxis] * self.severities[:, :, 0])
        placed = divided(self.centres.by_service(self.centres.held), sizes[2])
        self.treated = stocks[2] * placed[:, np.newaxis]  # on ongoing treatment, of both severities
        phases = min(pathway.months_between_applications, years * MONTHS)
        self.refused = np.zeros((phases, *self.hazard.shape))  # for want of policy, by the month of asking again
        self.births = onsets_by_birth(ages.onset, 0, years)  # of those last diagnosed, shares

    def starting_promises(self) -> Floats:
        """Return those of the starting queue who are referred to what is funded on the first day, float64[S]."""
        waiting: Floats = np.where(self.opens > 0, 0.0, self.first_queue.sum(axis=(1, 2)))
        return waiting * self.centres.share_sent()

    def month_passes(self, month: int) -> Floats:
        """Let a month pass; return the starts or, of ongoing services, those on treatment at its end, float64[S]."""
        background = self.background[month]
        diagnosed = self._diagnosed(month)
        waiting = survival(self.hazard + (self.births @ background)[:, np.newaxis])
        asking = self._asking(month, diagnosed, waiting)
        if month and month % self.pathway.months_between_looks == 0:
            self.centres.look()
        stays = survival((self.facts.treated_hazard + self.facts.stop_rate)[:, np.newaxis] + background)
        kept, new = self.treated * stays.whole, self.births * stays.part
        share = Survival(divided(kept.sum(axis=1), self.treated.sum(axis=1)), new.sum(axis=1))
        started = self.centres.by_service(self.centres.admit(asking, waiting, share))
        ongoing = self.facts.kind == ONGOING
        self.treated = kept + new * (started * ongoing)[:, np.newaxis]
        billed: Floats = np.where(ongoing, self.treated.sum(axis=1), started)
        return billed

    def _diagnosed(self, month: int) -> Floats:
        """Move those whom diagnosis reaches before death on, with the starting queue; return them, float64[S, 2]."""
        facts = self.facts
        delay = facts.delay_years[:, np.newaxis, np.newaxis]
        found = np.divide(1.0, delay, out=np.full_like(delay, np.inf), where=delay > 0)
        dying = (self.hazard * facts.before_diagnosis[:, np.newaxis])[:, :, np.newaxis] + self.background[month]
        stays = survival(found + dying)
        ill = onsets_by_birth(self.onsets, month // MONTHS, self.years)[:, np.newaxis] * self.severities
        leaving = self.undiagnosed * (1.0 - stays.whole) + ill * (1.0 - stays.part)
        people = leaving / (1.0 + dying * delay)
        self.undiagnosed = self.undiagnosed * stays.whole + ill * stays.part
        if month == 0:
            people = people + self.first_queue
        born = people.sum(axis=1)
        total = born.sum(axis=1, keepdims=True)
        self.births = np.where(total > 0, divided(born, np.broadcast_to(total, born.shape)), self.births)
        return np.asarray(people.sum(axis=2))

    def _asking(self, month: int, diagnosed: Floats, waiting: Survival) -> Floats:
        """Return those whose treatment is funded when they ask or ask again, float64[S, 2]; keep the others."""
        closed = (self.opens > month)[:, np.newaxis]
        self.refused *= waiting.whole
        turn = self.refused[month % len(self.refused)]
        asking = np.where(closed, 0.0, diagnosed + turn)
        turn[:] = np.where(closed, turn + diagnosed * waiting.part, 0.0)
        return asking
