"""Observation: what is written down about the month, and what each centre learns from its cases."""

import numpy as np
import numpy.typing as npt

from sim.agents.columns import AWAITING_FUNDS, AWAITING_SLOT, NO_POLICY, Roster
from sim.agents.state import State
from sim.governance import expertise
from sim.governance.expertise import ExpertiseParameters, risk_ratios, steady_stock, usual_volume
from sim.luck.compiled import maker
from sim.world.services import ONGOING

MONTHS = 12


def run(state: State) -> None:
    """Record the queues of the first measured month and of the last."""
    plan = state.population.plan
    if state.month in (plan.first_measured_month - 1, plan.months - 1):
        state.queue_length[state.month] = count_waiting(state.roster, state.population.real, state.population.weight)


def begin_experienced(state: State, parameters: ExpertiseParameters) -> None:
    """Give every centre the expertise of its usual volume before the first month."""
    usual = usual_volume(state.world, state.population.plan.start_year)
    state.expertise[:] = steady_stock(usual, parameters)
    state.cells.risk_ratio[:] = risk_ratios(state.world, state.expertise, usual, parameters)


def learn(state: State, parameters: ExpertiseParameters) -> None:
    """Close each centre's year in March: what it did adds to its expertise, some of which is forgotten.

    Cases are starts, or for ongoing treatment the people in care.
    """
    if state.month % MONTHS != MONTHS - 1:
        return
    service = state.cells.service
    in_care = state.cells.occupied * state.population.weight[service]
    cases = np.where(state.world.services.kind[service] == ONGOING, in_care, state.cells.cases)
    state.expertise[:] = expertise.learn(state.expertise, cases.astype(np.float64), parameters)
    usual = usual_volume(state.world, state.population.plan.start_year)
    state.cells.risk_ratio[:] = risk_ratios(state.world, state.expertise, usual, parameters)
    state.cells.cases[:] = 0


@maker
def count_waiting(roster: Roster, real: int, weight: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Count the people who wait for money, policy or a slot, int64[S]."""
    waiting = np.zeros(weight.size, dtype=np.int64)
    for row in range(real):
        state = roster.patients[row].state
        if state in (AWAITING_FUNDS, AWAITING_SLOT, NO_POLICY):
            service = roster.people[row].service
            waiting[service] += weight[service]
    return waiting
