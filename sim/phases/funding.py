"""Funding: routine if policy allows; then whether the payer has the money now (mechanism 2, cap and carry-over)."""

import numpy as np
import numpy.typing as npt

from sim.agents.calendar import reschedule
from sim.agents.columns import (
    AWAITING_FUNDS,
    AWAITING_SLOT,
    NO_KEY,
    NO_POLICY,
    NO_ROW,
    Accounts,
    Cells,
    Ledger,
    Roster,
)
from sim.agents.queue import comes_before, pop, push
from sim.agents.state import State
from sim.luck.compiled import rule
from sim.luck.decisions import START_DAY
from sim.luck.draws import unit, words
from sim.settings.parameter import Parameters, parameter
from sim.world.people import ENTRY_DIAGNOSED
from sim.world.services import ONE_OFF
from sim.world.time import first_day, month_of

Rows = npt.NDArray[np.int32]


class FundingParameters(Parameters):
    """What happens to those whose treatment is not routinely funded."""

    months_between_applications: int = parameter(
        6,
        low=1,
        high=24,
        at_least=1,
        at_most=600,
        unit="months",
        source="none found",
        grade="assumption",
        description="How long someone whose treatment is not funded waits before asking again",
    )


def run(state: State, parameters: FundingParameters) -> None:
    """Check policy, join the payers' queues, and let every payer agree to what it can afford."""
    lists, month, patients = state.lists, state.month, state.roster.patients
    requests = np.concatenate([lists.diagnosed.view(), lists.reapplying.view()])
    again = month + parameters.months_between_applications
    apply_for_funds(state.roster, state.ledger, state.cells, state.funded, requests, month, again)
    people = state.roster.people
    asking = requests[people.weight[requests] == 0]
    real = requests[(people.weight[requests] > 0) & (patients.state[requests] == AWAITING_FUNDS)]
    agree(state.roster, state.ledger, state.cells, *by_account(state, real), month)
    twins = np.concatenate([lists.twins_for_funds, asking])
    agree_for_twins(state.roster, state.ledger, twins, month)
    lists.twins_for_funds = twins[patients.state[twins] == AWAITING_FUNDS]
    agreed_to = twins[patients.state[twins] == AWAITING_SLOT]
    lists.twins_for_slots = np.concatenate([lists.twins_for_slots, agreed_to])


@rule
def apply_for_funds(
    roster: Roster,
    ledger: Ledger,
    cells: Cells,
    funded: npt.NDArray[np.int8],
    requests: Rows,
    month: int,
    again: int,
) -> None:
    """Let those whose treatment is routinely funded ask their payer; the others apply again in a later month.

    The starting queue was agreed to, and charged, before the first day.
    """
    people, patients, accounts = roster.people, roster.patients, ledger.accounts
    for row in requests:
        place, service = int(people[row].place), int(people[row].service)
        if funded[place, service] == 0:
            patients[row].state = NO_POLICY
            reschedule(patients, roster.calendar, row, min(month_of(int(patients[row].death_day)), again))
            continue
        if patients[row].state == NO_POLICY:
            reschedule(patients, roster.calendar, row, month_of(int(patients[row].death_day)))
        patients[row].policy_day = max(int(patients[row].diagnosis_day), first_day(month))
        patients[row].state = AWAITING_FUNDS
        if month == 0 and in_starting_queue(roster, row):
            promise(roster, accounts, int(ledger.account_of[place, service]), row, 1)
            agreed(roster, row, month)
            join_cell(roster, cells, row)


@rule
def join_cell(roster: Roster, cells: Cells, row: int) -> None:
    """Put a real patient into the queue of the centre of referral."""
    cell = int(roster.patients[row].cell)
    cells[cell].queue_root = push(roster.people, roster.patients, int(cells[cell].queue_root), row)
    cells[cell].queued += 1


def by_account(state: State, rows: Rows) -> tuple[Rows, Rows]:
    """Sort new requests by payer and queue order; return them and where each payer's begin, int32[A + 1]."""
    people, ledger = state.roster.people, state.ledger
    keys = state.roster.patients.queue_key[rows]
    order = np.argsort(keys, kind="stable")
    if (keys[order][1:] == keys[order][:-1]).any():
        order = np.lexsort((people.identity[rows], keys))
    rows = rows[order]
    payer = ledger.account_of[people.place[rows], people.service[rows]]
    order = np.argsort(payer, kind="stable")
    first = np.searchsorted(payer[order], np.arange(ledger.accounts.size + 1))
    return rows[order], first.astype(np.int32)


@rule
def agree(roster: Roster, ledger: Ledger, cells: Cells, fresh: Rows, first: Rows, month: int) -> None:
    """Let each payer agree to requests in order until the money for this month ends.

    New requests stand in order already; only those that must wait join the payer's queue.
    """
    people, patients, accounts = roster.people, roster.patients, ledger.accounts
    for account in range(accounts.size):
        accounts[account].last_key = NO_KEY
        accounts[account].closed = 0
        position, end = int(first[account]), int(first[account + 1])
        while True:
            waiting = first_waiting(roster, accounts, account)
            row = waiting
            if position < end:
                new = int(fresh[position])
                if waiting == NO_ROW or comes_before(
                    patients[new].queue_key, people[new].identity, patients[waiting].queue_key, people[waiting].identity
                ):
                    row = new
            if row == NO_ROW:
                break
            price = int(roster.facts[int(people[row].service)].price_pence) * int(people[row].weight)
            if price > accounts[account].available:
                accounts[account].closed = 1
                break
            if row == waiting:
                accounts[account].queue_root = pop(people, patients, row)
                accounts[account].queued -= 1
            else:
                position += 1
            grant(roster, accounts, cells, account, row, month)
        for left in range(position, end):
            row = int(fresh[left])
            accounts[account].queue_root = push(people, patients, int(accounts[account].queue_root), row)
            accounts[account].queued += 1


@rule
def first_waiting(roster: Roster, accounts: Accounts, account: int) -> int:
    """Return the first living patient in a payer's queue, NO_ROW when there is none."""
    while accounts[account].queue_root != NO_ROW:
        row = int(accounts[account].queue_root)
        if roster.patients[row].state == AWAITING_FUNDS:
            return row
        accounts[account].queue_root = pop(roster.people, roster.patients, row)
    return NO_ROW


@rule
def grant(roster: Roster, accounts: Accounts, cells: Cells, account: int, row: int, month: int) -> None:
    """Agree to one request and pass the patient on to the centre's queue."""
    people, patients = roster.people, roster.patients
    price = int(roster.facts[int(people[row].service)].price_pence) * int(people[row].weight)
    accounts[account].available -= price
    accounts[account].last_key = patients[row].queue_key
    accounts[account].last_identity = people[row].identity
    promise(roster, accounts, account, row, 1)
    agreed(roster, row, month)
    join_cell(roster, cells, row)


@rule
def in_starting_queue(roster: Roster, row: int) -> bool:
    """Say whether a patient was waiting, with the payer's agreement, before the first day.

    Whoever waited for a treatment that was not funded yet, and so found policy later, had no agreement.
    """
    waiting = roster.people[row].entry == ENTRY_DIAGNOSED and roster.people[row].given_day < 0
    return bool(waiting and roster.patients[row].policy_day == 0)


@rule
def promise(roster: Roster, accounts: Accounts, account: int, row: int, sign: int) -> None:
    """Book an agreement (+1) or take it back (-1): one-off prices are charged to the year when agreed.

    Ongoing treatment is charged month by month once it runs, so only the promise is kept. The starting
    queue was charged before the first day, so nothing of it is charged or given back.
    """
    service = int(roster.people[row].service)
    price = sign * int(roster.facts[service].price_pence) * int(roster.people[row].weight)
    accounts[account].committed += price
    if roster.facts[service].kind == ONE_OFF and not in_starting_queue(roster, row):
        accounts[account].charged += price


@rule
def own_day(roster: Roster, row: int, month: int) -> int:
    """Return the day of a month on which whoever had to wait is served: the patient's own part of any month."""
    a, _, _, _ = words(roster.luck, roster.people[row].luck_owner, START_DAY, 0)
    first = first_day(month)
    return first + int(unit(a) * (first_day(month + 1) - first))


@rule
def agreed(roster: Roster, row: int, month: int) -> None:
    """Note that the payer has agreed: on the day of asking, or on the patient's own day of a later month."""
    patients = roster.patients
    asked = int(patients[row].policy_day)
    patients[row].state = AWAITING_SLOT
    patients[row].approval_day = asked if month_of(asked) == month else own_day(roster, row, month)


@rule
def agree_for_twins(roster: Roster, ledger: Ledger, twins: Rows, month: int) -> None:
    """Let the twins through who would have been agreed to, without any of the money.

    A twin passes when its place comes before that of the last real request agreed to this month, or
    when the queue was served to its end and the twin's full price is still there.
    """
    people, patients, accounts = roster.people, roster.patients, ledger.accounts
    for row in twins:
        if patients[row].state != AWAITING_FUNDS:
            continue
        service = int(people[row].service)
        account = int(ledger.account_of[int(people[row].place), service])
        last = int(accounts[account].last_key)
        before = last != NO_KEY and comes_before(
            patients[row].queue_key, people[row].identity, last, accounts[account].last_identity
        )
        affordable = int(roster.facts[service].price_pence) <= int(accounts[account].available)
        if before or (accounts[account].closed == 0 and affordable):
            agreed(roster, row, month)
