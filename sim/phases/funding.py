"""Funding: routine if policy allows, else on request (mechanism 5); then whether the payer has the money (2)."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.agents.columns import AWAITING_FUNDS, AWAITING_SLOT, NO_KEY, NO_ROW, Ledger, Roster
from sim.agents.queue import Queues, comes_before, first_of, joined, key_by_own_date, pop, stand_earlier
from sim.agents.state import State
from sim.governance.panels import PanelParameters
from sim.governance.policy import PolicyParameters
from sim.luck.compiled import copied, rule
from sim.phases.agreement import agreed, join_centres, price_of, promise
from sim.phases.requests import Terms, apply_for_funds
from sim.settings.parameter import Parameters, parameter

Rows = npt.NDArray[np.int32]


class Asking(NamedTuple):
    """Real people who ask their payers, n of them."""

    rows: Rows
    keys: npt.NDArray[np.int64]  # by which they stand
    payers: Rows

    def some(self, which: Any) -> "Asking":
        """Return some of them, by index or mask."""
        return Asking(self.rows[which], self.keys[which], self.payers[which])


class Requests(NamedTuple):
    """The new requests of a month, by payer and in the order of queues, and those that payers agree to."""

    fresh: Rows
    first: Rows  # [A + 1] where each payer's begin
    granted: Rows  # room for everyone who asks


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
    requests = np.concatenate([lists.diagnosed, lists.reapplying])
    terms = Terms(
        policy.topics_per_service,
        panels.request_share if panels.enabled else 0.0,
        panels.decision_months,
        parameters.months_between_applications,
        parameters.months_until_too_late,
    )
    apply_for_funds(state.roster, state.ledger, state.coverage, requests, month, terms)
    if month == 0:  # the starting queue was agreed to before
        join_centres(state, requests[patients.state[requests] == AWAITING_SLOT])
    people = state.roster.people
    asking = requests[patients.state[requests] == AWAITING_FUNDS]
    stand_earlier(people, patients, asking, state.ledger.days_ahead)
    agree_in_order(state, who_asks(state, asking))
    twins = np.concatenate([lists.twins_for_funds, requests[people.weight[requests] == 0]])
    agree_for_twins(state.roster, state.ledger, twins, month)
    lists.twins_for_funds = twins[patients.state[twins] == AWAITING_FUNDS]
    agreed_to = twins[patients.state[twins] == AWAITING_SLOT]
    lists.twins_for_slots = np.concatenate([lists.twins_for_slots, agreed_to])


def agree_in_order(state: State, asking: Asking) -> None:
    """Let payers agree in the order of their queues; whoever is left of the new requests joins the payer's queue."""
    patients, ledger = state.roster.patients, state.ledger
    granted = np.empty(asking.rows.size + int(state.for_funds.size.sum()), dtype=np.int32)
    requests = Requests(*by_account(state, asking), granted)
    count = agree(state.roster, ledger, state.for_funds, requests, state.month)
    join_centres(state, granted[:count])
    join_payers(state, asking.some(patients.state[asking.rows] == AWAITING_FUNDS))


def join_payers(state: State, asking: Asking) -> None:
    """Put people into the queues of those who pay for them."""
    people, patients, accounts = state.roster.people, state.roster.patients, state.ledger.accounts
    state.for_funds = joined(people, patients, state.for_funds, asking.rows, asking.payers)
    accounts.queued[:] += np.bincount(asking.payers, minlength=accounts.size).astype(np.int32)


def who_asks(state: State, rows: Rows) -> Asking:
    """Return the real people among some, with their places in queues and their payers."""
    found = Asking(np.empty_like(rows), np.empty(rows.size, dtype=np.int64), np.empty_like(rows))
    return found.some(slice(look_up(state.roster, state.ledger, rows, found)))


@rule
def look_up(roster: Roster, ledger: Ledger, rows: Rows, found: Asking) -> int:
    """Write down who of some people is real, where they stand and who pays for them; return how many they are."""
    people, count = roster.people, 0
    for row in rows:
        if people[row].weight > 0:
            found.rows[count] = row
            found.keys[count] = roster.patients[row].queue_key
            found.payers[count] = ledger.account_of[int(people[row].place), int(people[row].service)]
            count += 1
    return count


def by_account(state: State, asking: Asking) -> tuple[Rows, Rows]:
    """Sort new requests by payer and queue order; return their rows and where each payer's begin, int32[A + 1]."""
    accounts = state.ledger.accounts.size
    order = np.argsort(asking.keys)
    keys = asking.keys[order]
    if (keys[1:] == keys[:-1]).any():
        order = np.lexsort((state.roster.people.identity[asking.rows], asking.keys))
    payer = asking.payers[order]
    first = np.zeros(accounts + 1, dtype=np.int32)
    np.cumsum(np.bincount(payer, minlength=accounts), out=first[1:])
    return asking.rows[order][np.argsort(narrow(payer, accounts), kind="stable")], first


def narrow(numbers: Rows, below: int) -> npt.NDArray[np.integer[Any]]:
    """Return numbers in sixteen bits where they fit, which numpy sorts in a pass or two."""
    return numbers.astype(np.uint16) if below <= np.iinfo(np.uint16).max else numbers


@rule
def agree(roster: Roster, ledger: Ledger, queues: Queues, requests: Requests, month: int) -> int:
    """Let each payer agree to requests in order until the money for this month ends; list them and return how many.

    New requests stand in order already; only those that must wait join the payer's queue, afterwards.
    """
    people, patients, accounts = roster.people, roster.patients, ledger.accounts
    count = 0
    for account in range(accounts.size):
        accounts[account].last_key = NO_KEY
        accounts[account].closed = 0
        position, end = int(requests.first[account]), int(requests.first[account + 1])
        while True:
            waiting = first_waiting(roster, queues, account)
            row = waiting
            if position < end:
                new = int(requests.fresh[position])
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
                pop(people, queues, account)
                accounts[account].queued -= 1
            else:
                position += 1
            grant(roster, ledger, account, row, month)
            requests.granted[count] = row
            count += 1
    return count


@copied
def first_waiting(roster: Roster, queues: Queues, account: int) -> int:
    """Return the first living patient in a payer's queue, NO_ROW when there is none."""
    while queues.size[account] > 0:
        row = first_of(queues, account)
        if roster.patients[row].state == AWAITING_FUNDS:
            return row
        pop(roster.people, queues, account)
    return NO_ROW


@copied
def grant(roster: Roster, ledger: Ledger, account: int, row: int, month: int) -> None:
    """Agree to one request; in the centre's queue, which comes next, everyone stands by their own date."""
    people, patients, accounts = roster.people, roster.patients, ledger.accounts
    accounts[account].available -= price_of(roster, ledger, row) * int(people[row].weight)
    accounts[account].last_key = patients[row].queue_key
    accounts[account].last_identity = people[row].identity
    promise(roster, ledger, account, row, 1)
    agreed(roster, row, month)
    leave_payer(roster, ledger, row)


@copied
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
