"""Treatment: what a start does to a life, and who pays whom for it."""

import numpy as np
import numpy.typing as npt

from sim.agents.calendar import schedule
from sim.agents.columns import (
    AWAITING_SLOT,
    NO_BED,
    NO_ROW,
    ON_TREATMENT,
    TREATED,
    Cells,
    Ledger,
    Reach,
    Roster,
)
from sim.agents.state import State
from sim.luck.compiled import copied, rule
from sim.luck.decisions import CHOICE, PROCEDURE, STOP
from sim.luck.draws import exponential, unit, words
from sim.phases.agreement import join_centres, price_of, promise, run_on
from sim.phases.hazard import change_hazard, untreated_hazard
from sim.phases.referral import chosen_cell, line_up, lose
from sim.phases.waiting import WaitingParameters, in_order, slots
from sim.world.people import ENTRY_TREATED, NEVER
from sim.world.services import EMERGENCY, ONGOING
from sim.world.time import DAYS_PER_YEAR, month_of

Rows = npt.NDArray[np.int32]


def run(state: State) -> None:
    """Treat everyone who starts this month, and settle one-off prices between payer and provider."""
    treat(state.roster, state.cells, state.lists.treated)
    pay(state.roster, state.cells, state.ledger, state.lists.treated, state.year)


def place_stock(state: State, parameters: WaitingParameters) -> None:
    """Put everyone who is on treatment on the first day into a place near them, then start their payments.

    They have no date of asking, so they are placed in the order of their identities, which say nothing of a person.
    Whoever finds every place of the service taken waits for one, with the payer's agreement.
    """
    people = state.roster.people
    rows = np.flatnonzero(people.entry[: state.population.real_from[1]] == ENTRY_TREATED).astype(np.int32)
    rows = in_order(state, rows)
    state.cells.free[:] = slots(state, parameters)
    keep_on_treatment(state.roster, state.cells, state.reach, rows)
    join_centres(state, rows[state.roster.patients.state[rows] == AWAITING_SLOT])
    promise_all(state.roster, state.ledger, rows)
    pay(state.roster, state.cells, state.ledger, rows, 0)


@rule
def promise_all(roster: Roster, ledger: Ledger, rows: Rows) -> None:
    """Book the payers' agreement to ongoing treatment for every row, at the prices of the centres."""
    people = roster.people
    for row in rows:
        account = int(ledger.account_of[int(people[row].place), int(people[row].service)])
        promise(roster, ledger, account, row, 1)


@rule
def keep_on_treatment(
    roster: Roster,
    cells: Cells,
    reach: Reach,
    rows: Rows,
) -> None:
    """Give each person of the treated stock the chosen place, else the nearest free one, else the chosen queue."""
    people, patients = roster.people, roster.patients
    for row in rows:
        service, place = int(people[row].service), int(people[row].place)
        first, last = int(reach.first[service]), int(reach.first[service + 1])
        line_up(roster, row)
        a, _, _, _ = words(roster.luck, people[row].luck_owner, CHOICE, 0)
        chosen = chosen_cell(reach.choice, first, last, place, unit(a))
        cell, position = chosen, first
        while cells[cell].free <= 0 and position < last:
            cell = int(reach.nearest[place, position])
            position += 1
        if cells[cell].free <= 0:
            cell = chosen
        patients[row].cell = cell
        patients[row].policy_day = patients[row].diagnosis_day
        patients[row].approval_day = patients[row].diagnosis_day
        if cells[cell].free > 0:
            begin_ongoing(roster, cells, row, 0)
            cells[cell].free -= 1
        else:
            patients[row].state = AWAITING_SLOT
            patients[row].start_day = NEVER
            change_hazard(roster, row, 0, untreated_hazard(roster, row))
            schedule(patients, roster.calendar, row, month_of(int(patients[row].death_day)))


@copied
def begin_ongoing(roster: Roster, cells: Cells, row: int, day: int) -> None:
    """Let ongoing treatment run from a day until it is stopped or the patient dies."""
    people, patients, facts = roster.people, roster.patients, roster.facts
    service = int(people[row].service)
    change_hazard(roster, row, day, facts[service].treated_hazard * cells[int(patients[row].cell)].risk_ratio)
    stop = NEVER
    if facts[service].stop_rate > 0.0:
        a, _, _, _ = words(roster.luck, people[row].luck_owner, STOP, 0)
        stop = day + int(exponential(a, 1.0 / facts[service].stop_rate) * DAYS_PER_YEAR)
    patients[row].state = ON_TREATMENT
    patients[row].stop_day = stop
    due = min(stop, int(patients[row].death_day))
    schedule(patients, roster.calendar, row, month_of(due))
    if people[row].weight > 0:
        cells[int(patients[row].cell)].occupied += 1


@rule
def treat(roster: Roster, cells: Cells, started: Rows) -> None:
    """Start each treatment: the procedure may kill, then the treated hazard runs, both by the centre's expertise.

    An emergency without a bed meets the untreated probability of death instead.
    """
    people, patients, facts = roster.people, roster.patients, roster.facts
    for row in started:
        service = int(people[row].service)
        day = int(patients[row].start_day)
        if facts[service].kind == ONGOING:
            begin_ongoing(roster, cells, row, day)
            continue
        bedless = facts[service].kind == EMERGENCY and patients[row].cell == NO_ROW
        ratio = 1.0 if bedless else cells[int(patients[row].cell)].risk_ratio
        risk = facts[service].untreated_event if bedless else facts[service].treated_event * ratio
        day = int(patients[row].diagnosis_day) if bedless else day
        patients[row].state = TREATED
        if bedless:
            lose(roster, row, NO_BED)
        change_hazard(roster, row, day, facts[service].treated_hazard * ratio)
        a, _, _, _ = words(roster.luck, people[row].luck_owner, PROCEDURE, 0)
        if unit(a) < risk:
            patients[row].death_day = day
        schedule(patients, roster.calendar, row, month_of(int(patients[row].death_day)))


@rule
def pay(roster: Roster, cells: Cells, ledger: Ledger, started: Rows, year: int) -> None:
    """Charge every real start: a one-off price at once, ongoing treatment by the month from now on.

    What a one-off price lies above the catalogue's is noted; of ongoing treatment, month by month in settlement.
    """
    people, patients, facts, accounts = roster.people, roster.patients, roster.facts, ledger.accounts
    for row in started:
        cell, weight = int(patients[row].cell), int(people[row].weight)
        service = int(people[row].service)
        if weight == 0 or cell == NO_ROW or patients[row].state == AWAITING_SLOT:
            continue
        price = price_of(roster, ledger, row) * weight
        account = int(ledger.account_of[int(people[row].place), service])
        cells[cell].cases += weight
        if facts[service].kind == ONGOING:
            accounts[account].committed -= price
            run_on(roster, cells, ledger, row, 1)
            continue
        accounts[account].spent += price
        ledger.provider_income[int(cells[cell].provider)] += price
        ledger.treatment_paid[service, year] += price
        premium = price - int(facts[service].price_pence) * weight
        ledger.price_premium[service, year] += premium
        ledger.bills.paid[account, service, year] += price
        ledger.bills.premium[account, service, year] += premium
        ledger.bills.earned[cell, year] += price
        ledger.bills.earned_premium[cell, year] += premium
        if facts[service].kind == EMERGENCY:
            accounts[account].charged += price
        else:
            accounts[account].committed -= price
