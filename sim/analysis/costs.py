"""What treating each person cost the payers, month by month, from the courses of a run, in pence."""

from collections.abc import Iterator

import numpy as np

from sim.analysis.courses import NOBODY, Ints, Run, given
from sim.world.months import MONTHS_PER_YEAR
from sim.world.people import NEVER
from sim.world.services import ONGOING
from sim.world.time import SIXTEENTHS_PER_MONTH


def months_of(days: Ints) -> Ints:
    """Return the simulated months that hold days, as ``sim.world.time.month_of`` does for one."""
    months: Ints = 16 * days // SIXTEENTHS_PER_MONTH
    return months


def prices(run: Run, period: int) -> Ints:
    """Return what a start, or a month, of each person costs under one regime of the timeline, int64[n] in pence.

    0 where nobody was chosen who could be paid.
    """
    service, place = given(run, "service").astype(np.int64), given(run, "place")
    cell, table = cells(run), run.local_prices[period]
    price = run.population.facts.price_pence[service] if table.size == 0 else table[place, np.maximum(cell, 0)]
    return np.where(cell == NOBODY, 0, price)


def cells(run: Run) -> Ints:
    """Return the offer, a row of the run's centres, at which each person is, int64[n]; NOBODY where there is none."""
    offers, service = run.offers, given(run, "service").astype(np.int64)
    known = np.full((len(run.world.services.ids), len(run.world.providers.ids) + 1), NOBODY, dtype=np.int64)
    known[offers.service, offers.provider] = np.arange(offers.service.size)
    found: Ints = known[service, run.courses.provider]  # NOBODY reads the last column, in which nobody is
    return found


def periods(run: Run) -> Iterator[tuple[int, int, int]]:
    """Yield each regime of the timeline, as its place there, with its first month and the one after its last."""
    begins = [max(month, 0) for month, _ in run.timeline]
    for period, (first, last) in enumerate(zip(begins, [*begins[1:], run.population.plan.months], strict=True)):
        yield period, first, last


def paid_months(run: Run) -> tuple[Ints, Ints]:
    """Return the first month that is paid for and the one after the last, int64[n] each; alike where none is.

    A single price is paid in the month of the start. A month of ongoing treatment is paid for at its end, so that
    in which it stops is not; what began before the first month is paid for from the first on.
    """
    courses, kind = run.courses, run.population.facts.kind[given(run, "service")]
    end = run.population.plan.months
    treated = (courses.start_day != NEVER) & (courses.provider != NOBODY)
    begun = np.where(treated, months_of(courses.start_day), end)
    last = months_of(np.minimum(np.minimum(courses.stop_day, courses.death_day), run.end_day))
    first = np.where(kind == ONGOING, np.maximum(begun, 0), begun)
    return first, np.where(treated, np.where(kind == ONGOING, np.maximum(last, first), begun + 1), first)


def cost_by_year(run: Run, first_month: int, years: int) -> Ints:
    """Return what each person cost in each of some years from a simulated month on, int64[years, n] in pence."""
    first, last = paid_months(run)
    cost = np.zeros((years, first.size), dtype=np.int64)
    for period, begins, ends in periods(run):
        price = prices(run, period)
        for year in range(years):
            begin = first_month + MONTHS_PER_YEAR * year
            low, high = max(begins, begin), min(ends, begin + MONTHS_PER_YEAR)
            if low < high:
                cost[year] += price * np.maximum(np.minimum(last, high) - np.maximum(first, low), 0)
    return cost


def first_month_apart(one: Run, other: Run) -> Ints:
    """Return the first month in which equal courses cost different amounts under two runs, int64[n]; NEVER if none."""
    (first, last), apart = paid_months(one), np.full(one.rows.size, NEVER, dtype=np.int64)
    for period, begins, ends in periods(one):
        for another, from_month, to_month in periods(other):
            low, high = max(begins, from_month), min(ends, to_month)
            if low < high:
                month = np.maximum(first, low)
                paid = (month < np.minimum(last, high)) & (prices(one, period) != prices(other, another))
                apart = np.where(paid, np.minimum(apart, month), apart)
    return apart
