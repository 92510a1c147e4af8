"""What lives and journeys are worth: QALYs lived, and what patients pay to travel."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.agents.columns import NO_ROW, Roster
from sim.luck.compiled import rule
from sim.model.tally import Span, diagnosed_alive
from sim.world.people import NEVER
from sim.world.services import ONGOING
from sim.world.time import DAYS_PER_YEAR, first_day

Floats = npt.NDArray[np.float64]


class Worth(NamedTuple):
    """QALYs by place and service, undiscounted and discounted; minutes and pence of travel."""

    qalys: Floats  # [P, S]
    discounted: Floats  # [P, S]
    travel_minutes: Floats  # [P, S] one way, summed over starts
    travel_pence: Floats  # [S, Y] borne by patients


class Terms(NamedTuple):
    """The terms on which years and journeys are weighed."""

    log_discount: float  # ln(1 + yearly rate)
    pence_per_hour: float
    journeys_per_month: float
    journeys_per_start: float


@rule
def years_lived(begin: int, end: int, span: Span) -> float:
    """Return the years between two days that fall into the span."""
    return max(min(end, span.end) - max(begin, span.first), 0) / DAYS_PER_YEAR


@rule
def years_discounted(begin: int, end: int, span: Span, log_discount: float) -> float:
    """Return the same years discounted continuously to the first measured day: ∫exp(−rt)dt."""
    a = (max(begin, span.first) - span.first) / DAYS_PER_YEAR
    b = (min(end, span.end) - span.first) / DAYS_PER_YEAR
    if b <= a:
        return 0.0
    if log_discount <= 0.0:
        return b - a
    return (math.exp(-log_discount * a) - math.exp(-log_discount * b)) / log_discount


@rule
def qalys_in_span(roster: Roster, span: Span, row: int) -> float:
    """Return the undiscounted QALYs that one person lives in a span of days."""
    onset, death = int(roster.people[row].onset_day), int(roster.patients[row].death_day)
    start = min(int(roster.patients[row].start_day), death)
    fact = roster.facts[int(roster.people[row].service)]
    before = fact.utility_untreated * years_lived(onset, start, span)
    return before + fact.utility_treated * years_lived(start, death, span)


@rule
def weigh_life(roster: Roster, worth: Worth, span: Span, terms: Terms, row: int) -> None:
    """Add the QALYs of one person: untreated from onset, treated from the start of treatment."""
    people, patients, facts = roster.people, roster.patients, roster.facts
    place, service, weight = int(people[row].place), int(people[row].service), int(people[row].weight)
    onset, death = int(people[row].onset_day), int(patients[row].death_day)
    start = min(int(patients[row].start_day), death)
    before, after = facts[service].utility_untreated, facts[service].utility_treated
    now = before * years_discounted(onset, start, span, terms.log_discount)
    now += after * years_discounted(start, death, span, terms.log_discount)
    worth.qalys[place, service] += weight * qalys_in_span(roster, span, row)
    worth.discounted[place, service] += weight * now


@rule
def weigh_travel(roster: Roster, hours: Floats, worth: Worth, span: Span, terms: Terms, row: int) -> None:
    """Add one patient's journeys: those of a start, and those of ongoing treatment month by month."""
    people, patients = roster.people, roster.patients
    start, cell = int(patients[row].start_day), int(patients[row].cell)
    if start == NEVER or cell == NO_ROW or start >= span.end:
        return
    place, service, weight = int(people[row].place), int(people[row].service), int(people[row].weight)
    way = hours[place, cell]
    if start >= span.first:
        worth.travel_minutes[place, service] += weight * way * 60.0
    ongoing = roster.facts[service].kind == ONGOING
    end = min(int(patients[row].stop_day), int(patients[row].death_day))
    for year in range(worth.travel_pence.shape[1]):
        first = span.first_month + 12 * year
        begins, ends = first_day(first), first_day(first + 12)
        if ongoing:
            days = max(min(end, ends) - max(start, begins), 0)
            journeys = days / DAYS_PER_YEAR * 12.0 * terms.journeys_per_month
        else:
            journeys = terms.journeys_per_start if begins <= start < ends else 0.0
        worth.travel_pence[service, year] += weight * journeys * 2.0 * way * terms.pence_per_hour


@rule
def weigh_lives(roster: Roster, hours: Floats, worth: Worth, span: Span, terms: Terms, real: int) -> None:
    """Weigh every real person's life and journeys; ``hours`` is float64[P, C], one way."""
    for row in range(real):
        if roster.people[row].onset_day < span.end:
            weigh_life(roster, worth, span, terms, row)
            if diagnosed_alive(roster, row):
                weigh_travel(roster, hours, worth, span, terms, row)
