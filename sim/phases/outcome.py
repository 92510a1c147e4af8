"""Outcome: deaths, and the ends of ongoing treatment."""

import numpy as np
import numpy.typing as npt

from sim.agents.calendar import everyone_due, schedule
from sim.agents.columns import (
    AWAITING_FUNDS,
    AWAITING_SLOT,
    DEAD,
    ON_TREATMENT,
    TREATED,
    Cells,
    Ledger,
    Roster,
)
from sim.agents.state import State
from sim.luck.compiled import copied, rule
from sim.phases.agreement import promise, run_on
from sim.world.time import month_of

Rows = npt.NDArray[np.int32]


def run(state: State) -> None:
    """Close what ends this month and free the places."""
    due = everyone_due(state.roster.patients, state.roster.calendar, state.month)
    finish(state.roster, state.cells, state.ledger, due, state.month)


@rule
def finish(roster: Roster, cells: Cells, ledger: Ledger, due: Rows, month: int) -> None:
    """Let everyone still due this month die or stop treatment."""
    patients = roster.patients
    for row in due:
        leave(roster, cells, ledger, row)
        if month_of(int(patients[row].death_day)) <= month:
            patients[row].state = DEAD
        else:
            patients[row].state = TREATED
            schedule(patients, roster.calendar, row, month_of(int(patients[row].death_day)))


@copied
def leave(roster: Roster, cells: Cells, ledger: Ledger, row: int) -> None:
    """Give back what a real patient holds: a place, a promise of money, or a position in a queue."""
    people, patients, accounts = roster.people, roster.patients, ledger.accounts
    if people[row].weight == 0:
        return
    state, cell = int(patients[row].state), int(patients[row].cell)
    account = int(ledger.account_of[int(people[row].place), int(people[row].service)])
    if state == ON_TREATMENT:
        cells[cell].occupied -= 1
        run_on(roster, cells, ledger, row, -1)
    elif state == AWAITING_SLOT:
        cells[cell].queued -= 1
        promise(roster, ledger, account, row, -1)
    elif state == AWAITING_FUNDS:
        accounts[account].queued -= 1
