"""Mechanism 20: limited places make people wait, and ten centres pooled wait less than ten apart (Erlang).

Ongoing treatment ends at a constant rate, so the places of a service at a centre are an M/M/c queue. The
model adds the month: a place that is given up in one month is taken on a random day of the next, so to
those who queue a stay seems about a month longer than it is (half of this month, half of the next), and
whoever arrives in the month in which a place falls free waits for the next. Waits must therefore lie
between Erlang's with the stay itself and with a stay one month longer, and with stays of years both are
near: that gap is the residual that the month is allowed.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.measures.queueing import Queue
from sim.phases.waiting import WaitingParameters, slots
from sim.world.services import ONE_OFF, ONGOING
from sim.world.time import DAYS_PER_YEAR, first_day
from tests.analytic.bounds import Z, agrees, expected_queue
from tests.analytic.worlds import NOTHING_ELSE, Lives, after, at_distances, world_of
from tests.builders import held_by, model_of, spec_of

LIMITED: dict[str, Any] = {"waiting.capacity_enabled": True}
SERVICES = 100  # queues beside each other in one place
STAY = 5.0  # years
MONTH = 1.0 / 12.0


LONG = 0.25  # stays


@dataclass(frozen=True)
class Waits:
    """What each of many like queues measured: the arrivals that wait, and wait long; mean wait in stays."""

    share: np.ndarray
    long: np.ndarray
    mean: np.ndarray


def theory(servers: int, utilisation: float, stay: float) -> Queue:
    """Return the queue in stays of STAY years, when each stay seems ``stay`` years long."""
    return Queue(utilisation * servers, STAY / stay, servers)


@cache
def queues(servers: int, utilisation: float, burn_in: int, stays: int, places: int = 1) -> Waits:
    """Let SERVICES × places queues of exponential stays run, and measure ``stays`` stays after the burn-in.

    Each place has a centre of its own; others are too far away.
    """
    need = utilisation * servers / STAY
    world = world_of(
        places, SERVICES, places, need, kinds=(ONGOING,), duration_on_treatment_years=STAY, stop_rate_per_year=1 / STAY
    )
    world = replace(world, offers=replace(world.offers, capacity=np.full(SERVICES * places, float(servers))))
    world = at_distances(world, 100.0 * (1.0 - np.eye(places)))
    years = int((burn_in + stays) * STAY)
    near = {"referral.travel_enabled": True, "referral.non_referral_log_odds_per_hour": 0.0}
    lives = Lives(after(world, years, LIMITED | near))
    begin = burn_in * STAY * DAYS_PER_YEAR
    queue = lives.place * SERVICES + lives.service

    def total(amount: np.ndarray) -> np.ndarray:
        return np.bincount(queue, weights=amount, minlength=places * SERVICES)

    long = LONG * STAY * DAYS_PER_YEAR
    arrived = (lives.diagnosis >= begin) & (lives.diagnosis < lives.end - long)
    waited = np.clip(np.minimum(lives.start, lives.end) - np.maximum(lives.diagnosis, begin), 0.0, None)
    expected = utilisation * servers * (stays - LONG)  # arrivals; dividing by those that came would bias the mean
    return Waits(
        share=total(arrived & (lives.start > lives.diagnosis)) / expected,
        long=total(arrived & (lives.start > lives.diagnosis + long)) / expected,
        mean=total(waited) / DAYS_PER_YEAR / STAY / (utilisation * servers * stays),  # Little: queue over arrivals
    )


def lies_between(found: np.ndarray, low: float, high: float) -> bool:
    """Say whether a mean over independent queues is compatible with a range."""
    error = Z * found.std(ddof=1) / np.sqrt(found.size)
    return bool(low - error <= found.mean() <= high + error)


CASES = [
    pytest.param((1, 0.5, 25, 30, 10), id="one place, half used"),
    pytest.param((10, 0.8, 25, 60, 4), id="ten places, 80 % used", marks=pytest.mark.slow),
    pytest.param((1, 0.8, 100, 50, 8), id="one place, 80 % used", marks=pytest.mark.slow),
    pytest.param((1, 0.8, 100, 100, 25), id="one place, 80 % used, longer", marks=pytest.mark.slow),
]


@pytest.mark.parametrize("case", CASES)
def test_waits_are_erlangs(case: tuple[int, float, int, int, int]) -> None:
    servers, utilisation = case[:2]
    found = queues(*case)
    stay, longer = (theory(servers, utilisation, seeming) for seeming in (STAY, STAY + MONTH))
    idler, busier = (theory(servers, utilisation, factor * STAY) for factor in (0.8, 1.2))

    assert lies_between(found.mean, stay.mean_wait, longer.mean_wait)
    assert lies_between(found.share, stay.probability_of_wait, longer.probability_of_wait)
    assert lies_between(found.long, over(stay, LONG), over(longer, LONG))
    assert not lies_between(found.mean, 0.0, idler.mean_wait)
    assert not lies_between(found.share, 0.0, idler.probability_of_wait)
    assert not lies_between(found.mean, busier.mean_wait, np.inf)
    assert not lies_between(found.share, busier.probability_of_wait, 1.0)


def over(queue: Queue, time: float) -> float:
    """Return the share of arrivals that waits longer than a time, in stays, first come first served."""
    return 1.0 - queue.probability_wait_at_most(time)


@pytest.mark.slow
def test_ten_centres_made_one_wait_a_twentieth_as_long() -> None:
    apart, pooled = queues(1, 0.8, 100, 50, 8), queues(10, 0.8, 25, 60, 4)
    ratio = apart.mean.mean() / pooled.mean.mean()
    error = ratio * np.hypot(
        *(waits.mean.std(ddof=1) / waits.mean.mean() / np.sqrt(waits.mean.size) for waits in (apart, pooled))
    )
    stay, longer = (
        theory(1, 0.8, seeming).mean_wait / theory(10, 0.8, seeming).mean_wait for seeming in (STAY, STAY + MONTH)
    )

    assert min(stay, longer) - Z * error <= ratio <= max(stay, longer) + Z * error
    assert ratio > 10.0 + Z * error  # more than ten times: not only the number of places counts


@pytest.mark.parametrize("months", [1, 6, 60])
def test_those_who_wait_for_a_start_are_what_a_walk_by_the_month_leaves(months: int) -> None:
    monthly, starts, places = 4.5, 5.0, 400
    world = world_of(places, 1, places, 12 * monthly)
    world = replace(world, offers=replace(world.offers, capacity=np.full(places, 12 * starts)))
    near = {"referral.travel_enabled": True, "referral.non_referral_log_odds_per_hour": 0.0}
    lives = Lives(after(at_distances(world, 100.0 * (1.0 - np.eye(places))), 5, LIMITED | near))
    end = first_day(months)

    waiting = np.bincount(lives.place[(lives.diagnosis < end) & (lives.start >= end)], minlength=places)

    assert agrees(waiting, expected_queue(monthly, starts, months))
    assert not agrees(waiting, expected_queue(monthly, 1.2 * starts, months))


@pytest.mark.parametrize("yearly", [0.5, 1.0, 7.0, 18.0, 365.0])
def test_parts_of_a_start_add_up_over_the_years(yearly: float) -> None:
    world = world_of(1)
    world = replace(world, offers=replace(world.offers, capacity=np.array([yearly])))
    model = model_of(world, spec_of(world, held_by("nation"), NOTHING_ELSE))
    given = []
    for month in range(240):
        model.state.month = month
        given.append(int(slots(model.state, WaitingParameters())[0]))

    np.testing.assert_array_equal(np.cumsum(given), np.floor(yearly * np.arange(1, 241) / 12))


@pytest.mark.parametrize("kind", [ONE_OFF, ONGOING])
def test_without_the_limit_nobody_waits(kind: int) -> None:
    world = world_of(need=500.0, kinds=(kind,), capacity_share_of_need=0.01)
    unlimited, limited = Lives(after(world, 2)), Lives(after(world, 2, LIMITED))

    np.testing.assert_array_equal(unlimited.start, unlimited.diagnosis)
    assert np.isinf(limited.start).mean() > 0.9
