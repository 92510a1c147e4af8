"""Treatment: what a start does to a life, and who pays whom for it."""

import numpy as np
import numpy.typing as npt

from sim.agents.calendar import reschedule
from sim.agents.columns import (
    AWAITING_SLOT,
    NO_BED,
    NO_ROW,
    ON_TREATMENT,
    TREATED,
    AccountColumns,
    CellColumns,
    Roster,
)
from sim.agents.queue import push
from sim.agents.state import State
from sim.luck.compiled import rule, step
from sim.luck.decisions import CHOICE, PROCEDURE, STOP
from sim.luck.draws import exponential, unit, words
from sim.phases.hazard import change_hazard
from sim.phases.referral import chosen_cell, lose
from sim.phases.waiting import WaitingParameters, in_order, slots
from sim.world.people import ENTRY_TREATED, NEVER
from sim.world.services import EMERGENCY, ONGOING
from sim.world.time import DAYS_PER_YEAR, month_of

Rows = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


def run(state: State) -> None:
    """Treat everyone who starts this month, and settle one-off prices between payer and provider."""
    treat(state.roster, state.cells, state.lists.started.view())
    pay(state.roster, state.cells, state.accounts, ledger(state), state.lists.started.view(), state.year)


def place_stock(state: State, parameters: WaitingParameters) -> None:
    """Put everyone who is on treatment on the first day into a place near them, then start their payments.

    Whoever finds every place of the service taken waits for one, with the payer's agreement.
    """
    people = state.roster.people
    rows = np.flatnonzero(people.entry[: state.population.real_from[1]] == ENTRY_TREATED).astype(np.int32)
    rows = in_order(state, rows)
    state.cells.free[:] = slots(state, parameters)
    keep_on_treatment(state.roster, state.cells, state.reach.choice, state.reach.nearest, rows)
    pay(state.roster, state.cells, state.accounts, ledger(state), rows, 0)
    state.accounts.committed[:] = 0
    restore_commitments(state.roster, state.accounts, state.account_of, rows)


def ledger(state: State) -> tuple[npt.NDArray[np.int32], Longs, Longs, Longs]:
    """Return where payments are written: accounts of places, providers' running and total income, services."""
    return state.account_of, state.provider_running, state.provider_income, state.treatment_paid


@rule
def keep_on_treatment(
    roster: Roster,
    cells: CellColumns,
    choice: npt.NDArray[np.float64],
    nearest: npt.NDArray[np.int32],
    rows: Rows,
) -> None:
    """Give each person of the treated stock the chosen place, else the nearest free one, else a queue."""
    people, patients = roster.people, roster.patients
    for row in rows:
        service, place = int(people.service[row]), int(people.place[row])
        first, last = int(cells.first[service]), int(cells.first[service + 1])
        a, b, _, _ = words(roster.luck, people.luck_owner[row], CHOICE, 0)
        cell = chosen_cell(choice, first, last, place, unit(a))
        position = first
        while cells.free[cell] <= 0 and position < last:
            cell = int(nearest[place, position])
            position += 1
        patients.cell[row] = cell
        patients.policy_day[row] = patients.diagnosis_day[row]
        patients.approval_day[row] = patients.diagnosis_day[row]
        if cells.free[cell] > 0:
            begin_ongoing(roster, cells, row, 0)
            cells.free[cell] -= 1
        else:
            patients.state[row] = AWAITING_SLOT
            patients.start_day[row] = NEVER
            push(patients, people.identity, cells.queue_root, cell, row)
            cells.queued[cell] += 1
            reschedule(patients, roster.calendar, row, month_of(int(patients.death_day[row])))


@step
def begin_ongoing(roster: Roster, cells: CellColumns, row: int, day: int) -> None:
    """Let ongoing treatment run from a day until it is stopped or the patient dies."""
    people, patients, facts = roster.people, roster.patients, roster.facts
    service = int(people.service[row])
    change_hazard(roster, row, day, facts.treated_hazard[service])
    stop = NEVER
    if facts.stop_rate[service] > 0.0:
        a, _, _, _ = words(roster.luck, people.luck_owner[row], STOP, 0)
        stop = day + int(exponential(a, 1.0 / facts.stop_rate[service]) * DAYS_PER_YEAR)
    patients.state[row] = ON_TREATMENT
    patients.stop_day[row] = stop
    due = min(stop, int(patients.death_day[row]))
    reschedule(patients, roster.calendar, row, month_of(due))
    if people.weight[row] > 0:
        cells.occupied[int(patients.cell[row])] += 1


@rule
def treat(roster: Roster, cells: CellColumns, started: Rows) -> None:
    """Start each treatment: the procedure may kill, then the treated hazard runs.

    An emergency without a bed meets the untreated probability of death instead.
    """
    people, patients, facts = roster.people, roster.patients, roster.facts
    for row in started:
        service = int(people.service[row])
        day = int(patients.start_day[row])
        if facts.kind[service] == ONGOING:
            begin_ongoing(roster, cells, row, day)
            continue
        bedless = facts.kind[service] == EMERGENCY and patients.cell[row] == NO_ROW
        risk = facts.untreated_event[service] if bedless else facts.treated_event[service]
        day = int(patients.diagnosis_day[row]) if bedless else day
        patients.state[row] = TREATED
        if bedless:
            lose(roster, row, NO_BED)
        change_hazard(roster, row, day, facts.treated_hazard[service])
        a, _, _, _ = words(roster.luck, people.luck_owner[row], PROCEDURE, 0)
        if unit(a) < risk:
            patients.death_day[row] = day
        reschedule(patients, roster.calendar, row, month_of(int(patients.death_day[row])))


@rule
def pay(
    roster: Roster,
    cells: CellColumns,
    accounts: AccountColumns,
    ledger: tuple[npt.NDArray[np.int32], Longs, Longs, Longs],
    started: Rows,
    year: int,
) -> None:
    """Charge every real start: a one-off price at once, ongoing treatment by the month from now on."""
    people, patients, facts = roster.people, roster.patients, roster.facts
    account_of, provider_running, provider_income, paid = ledger
    for row in started:
        cell, weight = int(patients.cell[row]), int(people.weight[row])
        service = int(people.service[row])
        if weight == 0 or cell == NO_ROW or patients.state[row] == AWAITING_SLOT:
            continue
        price = int(facts.price_pence[service]) * weight
        account = int(account_of[int(people.place[row]), service])
        provider = int(cells.provider[cell])
        cells.cases[cell] += weight
        if facts.kind[service] != EMERGENCY:
            accounts.committed[account] -= price
        if facts.kind[service] == ONGOING:
            accounts.running[account] += price
            provider_running[provider] += price
        else:
            accounts.spent[account] += price
            if facts.kind[service] == EMERGENCY:
                accounts.charged[account] += price
            provider_income[provider] += price
            paid[service, year] += price


@rule
def restore_commitments(
    roster: Roster, accounts: AccountColumns, account_of: npt.NDArray[np.int32], rows: Rows
) -> None:
    """Count what the payers have agreed to for those who wait for a slot."""
    people, patients = roster.people, roster.patients
    for row in rows:
        if patients.state[row] == AWAITING_SLOT and people.weight[row] > 0:
            service = int(people.service[row])
            account = int(account_of[int(people.place[row]), service])
            accounts.committed[account] += int(roster.facts.price_pence[service]) * int(people.weight[row])
