"""Agreement: what a payer's word means for its books, for the patient's days and for the centre's queue."""

import numpy as np
import numpy.typing as npt

from sim.agents.columns import AGREED_TO, AWAITING_SLOT, Cells, Ledger, Roster
from sim.agents.queue import joined
from sim.agents.state import State
from sim.luck.compiled import copied
from sim.luck.decisions import START_DAY
from sim.luck.draws import unit, words
from sim.world.people import ENTRY_DIAGNOSED
from sim.world.services import ONE_OFF
from sim.world.time import first_day, month_of

Rows = npt.NDArray[np.int32]


def join_centres(state: State, rows: Rows) -> None:
    """Put real patients into the queues of the centres of referral."""
    people, patients, cells = state.roster.people, state.roster.patients, state.cells
    cell = patients.cell[rows]
    state.for_slots = joined(people, patients, state.for_slots, rows, cell)
    cells.queued[:] += np.bincount(cell, minlength=cells.size).astype(np.int32)


@copied
def in_starting_queue(roster: Roster, row: int) -> bool:
    """Say whether a patient was waiting, with the payer's agreement, before the first day.

    Whoever waited for a treatment that was not funded yet, and so found policy later or went to a panel, had none.
    """
    waiting = roster.people[row].entry == ENTRY_DIAGNOSED and roster.people[row].given_day < 0
    patient = roster.patients[row]
    return bool(waiting and patient.policy_day == 0 and patient.request != AGREED_TO)


@copied
def charged_when_agreed(roster: Roster, row: int) -> bool:
    """Say whether a patient's price is charged to the year in which the payer agrees."""
    one_off = roster.facts[int(roster.people[row].service)].kind == ONE_OFF
    return bool(one_off and not in_starting_queue(roster, row))


@copied
def price_of(roster: Roster, ledger: Ledger, row: int) -> int:
    """Return what a start, or a month, of one person like this at the chosen centre costs the payer, in pence."""
    if ledger.local_price.size == 0:
        return int(roster.facts[int(roster.people[row].service)].price_pence)
    return int(ledger.local_price[int(roster.people[row].place), int(roster.patients[row].cell)])


@copied
def run_on(roster: Roster, cells: Cells, ledger: Ledger, row: int, sign: int) -> None:
    """Let a month of someone's ongoing treatment be paid for from now on (+1), or no longer (-1)."""
    place, service = int(roster.people[row].place), int(roster.people[row].service)
    cell, account = int(roster.patients[row].cell), int(ledger.account_of[place, service])
    weight = sign * int(roster.people[row].weight)
    price = price_of(roster, ledger, row) * weight
    premium = price - int(roster.facts[service].price_pence) * weight
    ledger.accounts[account].running += price
    ledger.provider_running[int(cells[cell].provider)] += price
    ledger.service_running[service] += price
    ledger.bills.running[account, service] += price
    ledger.bills.dearer[account, service] += premium
    ledger.bills.running_at[cell] += price
    ledger.bills.dearer_at[cell] += premium


@copied
def promise(roster: Roster, ledger: Ledger, account: int, row: int, sign: int) -> None:
    """Book an agreement (+1) or take it back (-1): one-off prices are charged to the year when agreed.

    Ongoing treatment is charged month by month once it runs, so only the promise is kept. The starting
    queue was charged before the first day, so nothing of it is charged or given back.
    """
    price = sign * price_of(roster, ledger, row) * int(roster.people[row].weight)
    accounts = ledger.accounts
    accounts[account].committed += price
    if charged_when_agreed(roster, row):
        accounts[account].charged += price


@copied
def own_day(roster: Roster, row: int, month: int) -> int:
    """Return the day of a month on which whoever had to wait is served: the patient's own part of any month."""
    a, _, _, _ = words(roster.luck, roster.people[row].luck_owner, START_DAY, 0)
    first = first_day(month)
    return first + int(unit(a) * (first_day(month + 1) - first))


@copied
def agreed(roster: Roster, row: int, month: int) -> None:
    """Note that the payer has agreed: on the day of asking, or on the patient's own day of a later month."""
    patients = roster.patients
    asked = int(patients[row].policy_day)
    patients[row].state = AWAITING_SLOT
    patients[row].approval_day = asked if month_of(asked) == month else own_day(roster, row, month)
