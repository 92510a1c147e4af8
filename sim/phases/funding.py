"""Funding: routine if policy allows, else on request (mechanism 5); then whether the payer has the money (2)."""

import numpy as np
import numpy.typing as npt

from sim.agents.columns import AWAITING_FUNDS, AWAITING_SLOT, NO_KEY, NO_ROW, Accounts, Cells, Ledger, Roster
from sim.agents.queue import comes_before, key_by_own_date, pop, push, stand_earlier
from sim.agents.state import State
from sim.governance.panels import PanelParameters
from sim.governance.policy import PolicyParameters
from sim.luck.compiled import rule
from sim.phases.agreement import agreed, join_cell, price_of, promise
from sim.phases.requests import Terms, apply_for_funds
from sim.settings.parameter import Parameters, parameter

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
    months_until_too_late: int = parameter(
        12,
        low=6,
        high=18,
        at_least=1,
        at_most=1200,
        unit="months from diagnosis",
        source="none found",
        grade="assumption",
        description="How long someone whose one-off treatment was decided against goes on asking; then it would come "
        "too late, or something else was done. Ongoing treatment, and what is not decided yet, is asked for for life",
    )


def run(state: State, parameters: FundingParameters, policy: PolicyParameters, panels: PanelParameters) -> None:
    """Check policy, join the payers' queues, and let every payer agree to what it can afford."""
    lists, month, patients = state.lists, state.month, state.roster.patients
    requests = np.concatenate([lists.diagnosed.view(), lists.reapplying.view()])
    terms = Terms(
        policy.topics_per_service,
        panels.request_share if panels.enabled else 0.0,
        panels.decision_months,
        parameters.months_between_applications,
        parameters.months_until_too_late,
    )
    apply_for_funds(state.roster, state.ledger, state.cells, state.coverage, requests, month, terms)
    people = state.roster.people
    asking = requests[patients.state[requests] == AWAITING_FUNDS]
    stand_earlier(people, patients, asking, state.ledger.days_ahead)
    real = asking[people.weight[asking] > 0]
    agree(state.roster, state.ledger, state.cells, *by_account(state, real), month)
    twins = np.concatenate([lists.twins_for_funds, requests[people.weight[requests] == 0]])
    agree_for_twins(state.roster, state.ledger, twins, month)
    lists.twins_for_funds = twins[patients.state[twins] == AWAITING_FUNDS]
    agreed_to = twins[patients.state[twins] == AWAITING_SLOT]
    lists.twins_for_slots = np.concatenate([lists.twins_for_slots, agreed_to])


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
            price = price_of(roster, ledger, row) * int(people[row].weight)
            if price > accounts[account].available:
                accounts[account].closed = 1
                break
            if row == waiting:
                accounts[account].queue_root = pop(people, patients, row)
                accounts[account].queued -= 1
            else:
                position += 1
            grant(roster, ledger, cells, account, row, month)
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
def grant(roster: Roster, ledger: Ledger, cells: Cells, account: int, row: int, month: int) -> None:
    """Agree to one request and pass the patient on to the centre's queue, where everyone stands by their own date."""
    people, patients, accounts = roster.people, roster.patients, ledger.accounts
    accounts[account].available -= price_of(roster, ledger, row) * int(people[row].weight)
    accounts[account].last_key = patients[row].queue_key
    accounts[account].last_identity = people[row].identity
    promise(roster, ledger, account, row, 1)
    agreed(roster, row, month)
    leave_payer(roster, ledger, row)
    join_cell(roster, cells, row)


@rule
def leave_payer(roster: Roster, ledger: Ledger, row: int) -> None:
    """Give someone whose payer has agreed the place in queues that follows from urgency and date alone (14)."""
    days = int(ledger.days_ahead[int(roster.people[row].place), int(roster.people[row].service)])
    roster.patients[row].queue_key = key_by_own_date(int(roster.patients[row].queue_key), days)


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
        account = int(ledger.account_of[int(people[row].place), int(people[row].service)])
        last = int(accounts[account].last_key)
        before = last != NO_KEY and comes_before(
            patients[row].queue_key, people[row].identity, last, accounts[account].last_identity
        )
        affordable = price_of(roster, ledger, row) <= int(accounts[account].available)
        if before or (accounts[account].closed == 0 and affordable):
            agreed(roster, row, month)
            leave_payer(roster, ledger, row)
