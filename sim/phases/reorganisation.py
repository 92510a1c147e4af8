"""Reorganisation: queues, treated patients, promises and balances pass to the next regime (mechanism 17)."""

import numpy as np

from sim.agents.columns import AWAITING_FUNDS, AWAITING_SLOT, ON_TREATMENT, Cells, Ledger, Roster
from sim.agents.queue import stand_earlier
from sim.agents.state import State
from sim.governance.allocation import sum_by_account
from sim.governance.handover import HandoverParameters, hand_over_money, hand_over_office, handover_pence
from sim.luck.compiled import rule
from sim.phases.agreement import price_of, run_on
from sim.phases.funding import join_payers, who_asks
from sim.phases.government import Government
from sim.phases.plans import planned_amounts
from sim.world.services import ONE_OFF


def reorganise(state: State, government: Government, following: int, parameters: HandoverParameters) -> None:
    """Hand over to the next regime: queues, treated patients, promises and balances are inherited.

    A balance is divided as the old holder's plan was (by heads where nothing was planned), between those
    who now pay for the same people.
    """
    payers, books = government.payers, government.books
    old, old_rest = payers.payer[government.present], payers.rest_payer[government.present]
    modelled, rest = planned_amounts(government, max(state.year - 1, 0))
    planned = sum_by_account(payers.count, old, old_rest, (modelled, rest))
    modelled = np.where(planned[old] > 0, modelled, state.world.places.population[:, np.newaxis])
    total = sum_by_account(payers.count, old, old_rest, (modelled, rest))
    rate = np.divide(books.carried, total, out=np.zeros(payers.count), where=total > 0)
    change(state, government, following, parameters)
    new, new_rest = payers.payer[following], payers.rest_payer[following]
    inherited = sum_by_account(payers.count, new, new_rest, (modelled * rate[old], rest * rate[old_rest]))
    books.carried[:] = np.rint(inherited)
    state.ledger.account_of[:] = new
    asking = np.flatnonzero(state.roster.patients.state == AWAITING_FUNDS).astype(np.int32)
    further = (government.days_ahead[following] - state.ledger.days_ahead).astype(np.int32)
    stand_earlier(state.roster.people, state.roster.patients, asking, further)
    state.for_funds.size[:] = 0
    state.accounts.queued[:] = 0
    join_payers(state, who_asks(state, asking))
    before = state.ledger
    agree_on_prices(state, government)
    hand_over(state.roster, state.cells, before, state.ledger, state.population.real)


def change(state: State, government: Government, following: int, parameters: HandoverParameters) -> None:
    """Bring the next regime into force: note whose money and office are new, and book what the change costs."""
    old, new = government.holders[government.present], government.holders[following]
    was, government.present = government.present, following
    terms = (government.levers, parameters)
    hand_over_money(government.handed, government.payers, (was, following), state.year, government.levers)
    hand_over_office(government.handed, old, new, state.month, terms)
    cost = handover_pence(old, new, state.world.places.population, terms)
    government.books.handover[state.year] = cost  # of all modelled services, until this year's plans are set


@rule
def hand_over(roster: Roster, cells: Cells, before: Ledger, ledger: Ledger, real: int) -> None:
    """Move every promise and ongoing payment to the account that now pays for it, at the new prices.

    What a promise of a one-off treatment, charged when it was made or before the first day, has become dearer (or
    cheaper) is charged to the year that begins.
    """
    people, patients, accounts = roster.people, roster.patients, ledger.accounts
    for account in range(accounts.size):
        accounts[account].committed = 0
        accounts[account].running = 0
    ledger.provider_running[:] = 0
    ledger.service_running[:] = 0
    ledger.bills.running[:] = 0
    ledger.bills.dearer[:] = 0
    ledger.bills.running_at[:] = 0
    ledger.bills.dearer_at[:] = 0
    for row in range(real):
        state, service = int(patients[row].state), int(people[row].service)
        account = int(ledger.account_of[int(people[row].place), service])
        if state == AWAITING_SLOT:
            price, weight = price_of(roster, ledger, row), int(people[row].weight)
            accounts[account].committed += price * weight
            if roster.facts[service].kind == ONE_OFF:
                accounts[account].charged += (price - price_of(roster, before, row)) * weight
        elif state == ON_TREATMENT:
            run_on(roster, cells, ledger, row, 1)


def agree_on_prices(state: State, government: Government) -> None:
    """Let the prices of the regime in force hold; they stay until the next reorganisation (mechanism 12)."""
    state.ledger = state.ledger._replace(local_price=government.local_prices[government.present])
