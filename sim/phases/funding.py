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
    AccountColumns,
    CellColumns,
    Roster,
)
from sim.agents.queue import comes_before, pop, push
from sim.agents.state import State
from sim.luck.compiled import rule, step
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
    lists, month = state.lists, state.month
    again = parameters.months_between_applications
    requests = np.concatenate([lists.diagnosed.view(), lists.reapplying.view()])
    shared = (state.roster, state.accounts, state.account_of)
    lists.twins_for_funds.count = apply_for_funds(
        *shared, state.cells, state.funded, requests, lists.twins_for_funds.rows, lists.twins_for_funds.count, month, again
    )
    agree(state.roster, state.accounts, state.cells, month)
    lists.twins_for_funds.count, lists.twins_for_slots.count = agree_for_twins(
        *shared, lists.twins_for_funds.view(), lists.twins_for_slots.rows, lists.twins_for_slots.count, month
    )


@rule
def apply_for_funds(
    roster: Roster,
    accounts: AccountColumns,
    account_of: npt.NDArray[np.int32],
    cells: CellColumns,
    funded: npt.NDArray[np.int8],
    requests: Rows,
    twins: Rows,
    twins_waiting: int,
    month: int,
    again: int,
) -> int:
    """Put those whose treatment is routinely funded into their payer's queue; twins onto their list.

    The others apply again after some months if they live. Returns the length of the twins' list.
    """
    people, patients = roster.people, roster.patients
    for row in requests:
        place, service = int(people.place[row]), int(people.service[row])
        day = max(int(patients.diagnosis_day[row]), first_day(month))
        if funded[place, service] == 0:
            patients.state[row] = NO_POLICY
            due = min(month_of(int(patients.death_day[row])), month + again)
            reschedule(patients, roster.calendar, row, due)
            continue
        if patients.state[row] == NO_POLICY:
            reschedule(patients, roster.calendar, row, month_of(int(patients.death_day[row])))
        patients.policy_day[row] = day
        patients.state[row] = AWAITING_FUNDS
        if people.entry[row] == ENTRY_DIAGNOSED and people.given_day[row] < 0:
            agreed(roster, row, month)  # the starting queue was agreed to, and charged, before the first day
            account = int(account_of[place, service])
            accounts.committed[account] += int(roster.facts.price_pence[service]) * int(people.weight[row])
            cell = int(patients.cell[row])
            push(patients, people.identity, cells.queue_root, cell, row)
            cells.queued[cell] += 1
        elif people.weight[row] == 0:
            twins[twins_waiting] = row
            twins_waiting += 1
        else:
            account = int(account_of[place, service])
            push(patients, people.identity, accounts.queue_root, account, row)
            accounts.queued[account] += 1
    return twins_waiting


@rule
def agree(roster: Roster, accounts: AccountColumns, cells: CellColumns, month: int) -> None:
    """Let each payer agree to requests in order until the money for this month ends."""
    people, patients = roster.people, roster.patients
    for account in range(accounts.available.size):
        accounts.last_key[account] = NO_KEY
        accounts.closed[account] = 0
        while accounts.queue_root[account] != NO_ROW:
            row = int(accounts.queue_root[account])
            if patients.state[row] != AWAITING_FUNDS:
                pop(patients, people.identity, accounts.queue_root, account)
                continue
            service = int(people.service[row])
            price = int(roster.facts.price_pence[service]) * int(people.weight[row])
            if price > accounts.available[account]:
                accounts.closed[account] = 1
                break
            pop(patients, people.identity, accounts.queue_root, account)
            accounts.queued[account] -= 1
            accounts.available[account] -= price
            promise(roster, accounts, account, row, 1)
            accounts.last_key[account] = patients.queue_key[row]
            accounts.last_identity[account] = people.identity[row]
            agreed(roster, row, month)
            cell = int(patients.cell[row])
            push(patients, people.identity, cells.queue_root, cell, row)
            cells.queued[cell] += 1


@step
def promise(roster: Roster, accounts: AccountColumns, account: int, row: int, sign: int) -> None:
    """Book an agreement (+1) or take it back (-1): one-off prices are charged to the year when agreed.

    Ongoing treatment is charged month by month once it runs, so only the promise is kept.
    """
    service = int(roster.people.service[row])
    price = sign * int(roster.facts.price_pence[service]) * int(roster.people.weight[row])
    accounts.committed[account] += price
    if roster.facts.kind[service] == ONE_OFF:
        accounts.charged[account] += price


@step
def agreed(roster: Roster, row: int, month: int) -> None:
    """Note that the payer has agreed."""
    patients = roster.patients
    patients.state[row] = AWAITING_SLOT
    patients.approval_day[row] = max(int(patients.policy_day[row]), first_day(month))


@rule
def agree_for_twins(
    roster: Roster,
    accounts: AccountColumns,
    account_of: npt.NDArray[np.int32],
    twins: Rows,
    passed: Rows,
    passed_count: int,
    month: int,
) -> tuple[int, int]:
    """Let the twins through who would have been agreed to, without any of the money.

    A twin passes when its place comes before that of the last real request agreed to this month, or
    when the queue was served to its end and the twin's full price is still there. Returns the lengths
    of both lists.
    """
    people, patients = roster.people, roster.patients
    waiting = 0
    for row in twins:
        if patients.state[row] != AWAITING_FUNDS:
            continue
        service = int(people.service[row])
        account = int(account_of[int(people.place[row]), service])
        last = int(accounts.last_key[account])
        before = last != NO_KEY and comes_before(
            patients.queue_key[row], people.identity[row], last, accounts.last_identity[account]
        )
        affordable = int(roster.facts.price_pence[service]) <= int(accounts.available[account])
        if before or (accounts.closed[account] == 0 and affordable):
            agreed(roster, row, month)
            passed[passed_count] = row
            passed_count += 1
        else:
            twins[waiting] = row
            waiting += 1
    return waiting, passed_count
