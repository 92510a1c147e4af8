"""Workload W: a small world of patients, payers and providers whose law every implementation follows.

People fall ill, are referred, wait for a decision, for money and for a slot, are treated, relapse or leave,
and die. All start undiagnosed. In step t (a month, or a week in the weekly variant):

1. when a year begins, what commissioners have spent is set to zero;
2. deaths due happen;
3. stays due end: undiagnosed to referred; referred to the decision; a decision refuses one in ten (exit) or asks
   the commissioner for money; treated patients relapse three times in ten (referred anew, on a new date) or leave;
4. each commissioner takes its requests by date of referral, then patient, and agrees while it has spent less than
   its budget, adding the service's cost; the rest wait for the next year;
5. each cell (provider and service) starts its first waiting patients, by date of referral, then patient, as many
   as the step's capacity; what is not used is lost;
6. patients are counted by commissioner and state.

Stays are geometric, at least one step. One that begins in step t ends in t + stay; the first stay undiagnosed and
the time to death count from before step 0. Implementations with keyed luck agree in every count: Philox4x32-10,
counter (patient, state or DEATH, relapses so far, 0), key (seed, 0); word 0 gives the stay by a table of integer
thresholds, word 1 the branch at its end.
"""

import hashlib
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.workload import MONTHLY, YEARS

PROVIDERS, COMMISSIONERS, SERVICES = 60, 211, 25
CELLS = PROVIDERS * SERVICES
UNDIAGNOSED, REFERRED, DECISION, WAITING, TREATED, EXIT, DEAD = range(7)
STATES = 7
DEATH = 7
REFUSED, RELAPSE = 0.10, 0.30
ONE = 2**32
REFUSED_BELOW, RELAPSE_BELOW = int(REFUSED * ONE), int(RELAPSE * ONE)
WORLD_SEED, SEED = 1, 42
MONTHLY_MEANS = (*(24.0 + 2.0 * service for service in range(SERVICES)), 3.0, 2.0, 36.0, 240.0)
"""Mean stays in months: undiagnosed by service, referred, decision, treated; last the time to death."""
REFERRED_STAY, DECISION_STAY, TREATED_STAY, LIFETIME = range(SERVICES, SERVICES + 4)
COST = 1 + 7 * np.arange(SERVICES) % 10
MONTHLY_CAPACITY = 0.0075
BUDGET = 0.075
CAPACITY_SHIFT = 16
SLACK = 8

Ints = npt.NDArray[np.int32]


class World(NamedTuple):
    """What is given: who lives where and needs what, and how much there is of everything."""

    per_year: int  # steps
    steps: int
    service: npt.NDArray[np.uint8]  # [N]
    commissioner: npt.NDArray[np.uint8]  # [N]
    cell: npt.NDArray[np.int16]  # [N]
    cost: npt.NDArray[np.int64]  # [S]
    budget: npt.NDArray[np.int64]  # [M] a year
    rate: npt.NDArray[np.int64]  # [cells] starts a step in units of 2^-16
    means: npt.NDArray[np.float64]  # stays in steps, in the order of MONTHLY_MEANS

    @property
    def size(self) -> int:
        """Count the patients."""
        return self.service.size


def draw_world(size: int, per_year: int = MONTHLY) -> World:
    """Draw the world of so many patients, in steps of a month (12 a year) or a week (52)."""
    luck = np.random.default_rng(WORLD_SEED)
    share = 1.0 / (1.0 + np.arange(SERVICES))
    service = luck.choice(SERVICES, size, p=share / share.sum())
    commissioner = luck.integers(0, COMMISSIONERS, size)
    cell = commissioner * PROVIDERS // COMMISSIONERS * SERVICES + service
    cost = COST.astype(np.int64)
    owed = np.bincount(commissioner, weights=cost[service], minlength=COMMISSIONERS)
    steps_a_month = per_year / MONTHLY
    a_step = 2**CAPACITY_SHIFT * MONTHLY_CAPACITY / steps_a_month
    return World(
        per_year=per_year,
        steps=YEARS * per_year,
        service=service.astype(np.uint8),
        commissioner=commissioner.astype(np.uint8),
        cell=cell.astype(np.int16),
        cost=cost,
        budget=np.floor(BUDGET * owed).astype(np.int64),
        rate=np.floor(a_step * np.bincount(cell, minlength=CELLS)).astype(np.int64),
        means=np.array(MONTHLY_MEANS) * steps_a_month,
    )


def thresholds(world: World) -> npt.NDArray[np.uint32]:
    """Return the table of stays, uint32[kinds, steps + 8]: a stay is 1 + the thresholds that word 0 has reached.

    Whatever the last threshold does not cover lies beyond the last step.
    """
    stays = np.arange(1, world.steps + SLACK + 1)
    below = 1.0 - (1.0 - 1.0 / world.means[:, None]) ** stays
    return np.minimum(np.floor(below * ONE), ONE - 1).astype(np.uint32)


def capacity(world: World, step: int) -> npt.NDArray[np.int64]:
    """Return the starts that each cell can make in a step."""
    return ((step + 1) * world.rate >> CAPACITY_SHIFT) - (step * world.rate >> CAPACITY_SHIFT)


def digest(counts: Ints) -> str:
    """Return the SHA-256 of all counts, int32[steps, commissioners, states] in C order, little-endian."""
    return hashlib.sha256(np.ascontiguousarray(counts, dtype="<i4").tobytes()).hexdigest()
