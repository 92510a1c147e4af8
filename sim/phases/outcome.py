"""Outcome: deaths, and the ends of ongoing treatment."""

import numpy as np
import numpy.typing as npt

from sim.agents.calendar import cancel, reschedule
from sim.agents.columns import (
    AWAITING_FUNDS,
    AWAITING_SLOT,
    DEAD,
    NO_ROW,
    ON_TREATMENT,
    TREATED,
    AccountColumns,
    CellColumns,
    Roster,
)
from sim.agents.state import State
from sim.luck.compiled import rule, step
from sim.phases.funding import promise
from sim.world.time import month_of

Longs = npt.NDArray[np.int64]


def run(state: State) -> None:
    """Close what ends this month and free the places."""
    finish(state.roster, state.cells, state.accounts, state.account_of, state.provider_running, state.month)


@rule
def finish(
    roster: Roster,
    cells: CellColumns,
    accounts: AccountColumns,
    account_of: npt.NDArray[np.int32],
    provider_running: Longs,
    month: int,
) -> None:
    """Let everyone still due this month die or stop treatment."""
    patients = roster.patients
    row = int(roster.calendar[month])
    while row != NO_ROW:
        after = int(patients.calendar_next[row])
        leave(roster, cells, accounts, account_of, provider_running, row)
        if month_of(int(patients.death_day[row])) <= month:
            cancel(patients, roster.calendar, row)
            patients.state[row] = DEAD
        else:
            patients.state[row] = TREATED
            reschedule(patients, roster.calendar, row, month_of(int(patients.death_day[row])))
        row = after


@step
def leave(
    roster: Roster,
    cells: CellColumns,
    accounts: AccountColumns,
    account_of: npt.NDArray[np.int32],
    provider_running: Longs,
    row: int,
) -> None:
    """Give back what a real patient holds: a place, a promise of money, or a position in a queue."""
    people, patients = roster.people, roster.patients
    weight = int(people.weight[row])
    if weight == 0:
        return
    state, cell, service = int(patients.state[row]), int(patients.cell[row]), int(people.service[row])
    account = int(account_of[int(people.place[row]), service])
    price = int(roster.facts.price_pence[service]) * weight
    if state == ON_TREATMENT:
        cells.occupied[cell] -= 1
        accounts.running[account] -= price
        provider_running[int(cells.provider[cell])] -= price
    elif state == AWAITING_SLOT:
        cells.queued[cell] -= 1
        promise(roster, accounts, account, row, -1)
    elif state == AWAITING_FUNDS:
        accounts.queued[account] -= 1
