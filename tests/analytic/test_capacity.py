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
from sim.world.time import DAYS_PER_YEAR
from tests.analytic.bounds import Z, expected_queue
from tests.analytic.worlds import NOTHING_ELSE, Lives, after, at_distances, world_of
from tests.builders import held_by, model_of, spec_of

LIMITED: dict[str, Any] = {"waiting.capacity_enabled": True}
SERVICES = 100  # queues beside each other in one place
STAY = 5.0  # years
MONTH = 1.0 / 12.0


@dataclass(frozen=True)
class Waits:
    """What each of many like queues measured: share of arrivals that wait, mean wait in stays."""

    share: np.ndarray
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

    arrived = (lives.diagnosis >= begin) & (lives.diagnosis < lives.end)
    waited = np.clip(np.minimum(lives.start, lives.end) - np.maximum(lives.diagnosis, begin), 0.0, None)
    return Waits(
        share=total(arrived & (lives.start > lives.diagnosis)) / total(arrived),
        mean=total(waited) / DAYS_PER_YEAR / STAY / (utilisation * servers * stays),  # Little: queue over arrivals
    )


def lies_between(found: np.ndarray, low: float, high: float) -> bool:
    """Say whether a mean over independent queues is compatible with a range."""
    error = Z * found.std(ddof=1) / np.sqrt(found.size)
    return bool(low - error <= found.mean() <= high + error)


CASES = [
    pytest.param(1, 0.5, 25, 300, 1, id="one place, half used"),
    pytest.param(10, 0.8, 25, 60, 1, id="ten places, 80 % used"),
    pytest.param(1, 0.8, 100, 100, 25, id="one place, 80 % used", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("servers", "utilisation", "burn_in", "stays", "places"), CASES)
def test_waits_are_erlangs(servers: int, utilisation: float, burn_in: int, stays: int, places: int) -> None:
    found = queues(servers, utilisation, burn_in, stays, places)
    stay, longer = theory(servers, utilisation, STAY), theory(servers, utilisation, STAY + MONTH)
    busier, idler = theory(servers, utilisation, 1.2 * STAY), theory(servers, utilisation, 0.8 * STAY)

    assert lies_between(found.mean, stay.mean_wait, longer.mean_wait)
    assert lies_between(found.share, stay.probability_of_wait, longer.probability_of_wait)
    assert not lies_between(found.mean, 0.0, idler.mean_wait)
    assert not lies_between(found.share, 0.0, idler.probability_of_wait)
    assert not lies_between(found.share, busier.probability_of_wait, 1.0)
    print(found.mean.mean(), found.mean.std()/10/places**.5, stay.mean_wait, longer.mean_wait, found.share.mean(), stay.probability_of_wait, longer.probability_of_wait)
