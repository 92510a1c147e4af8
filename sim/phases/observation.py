"""Observation: what is written down about the month, and what each centre learns from its cases."""

import numpy as np
import numpy.typing as npt

from sim.agents.columns import AWAITING_FUNDS, AWAITING_SLOT, NO_POLICY, Roster
from sim.agents.state import State
from sim.luck.compiled import rule

MONTHS = 12


def run(state: State) -> None:
    """Record the queues of the first measured month and of the last."""
    plan = state.population.plan
    if state.month in (plan.first_measured_month - 1, plan.months - 1):
        state.queue_length[state.month] = count_waiting(state.roster, state.population.real, state.population.weight)


def learn(state: State) -> None:
    """Close the year of each centre's caseload: its volume is what next year's experience rests on."""
    if state.month % MONTHS == MONTHS - 1:
        state.cases_last_year[:] = state.cells.cases
        state.cells.cases[:] = 0


@rule
def count_waiting(roster: Roster, real: int, weight: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Count the people who wait for money, policy or a slot, int64[S]."""
    waiting = np.zeros(weight.size, dtype=np.int64)
    for row in range(real):
        state = roster.patients[row].state
        if state in (AWAITING_FUNDS, AWAITING_SLOT, NO_POLICY):
            service = roster.people[row].service
            waiting[service] += weight[service]
    return waiting
