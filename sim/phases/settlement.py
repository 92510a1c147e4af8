"""Settlement: the month's bills are paid; in March every holder closes its books."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.columns import Bills
from sim.agents.state import State
from sim.governance.accounts import Purses
from sim.governance.allocation import BudgetParameters
from sim.governance.co_commissioning import APPROVED, BLOCKED, outcome
from sim.governance.levers import Levers
from sim.governance.risk_sharing import borne_together, whole_pence
from sim.luck.identity import text_identity

Longs = npt.NDArray[np.int64]
MONTHS = 12
QUARTER = 3
PENCE = 100
UNLIMITED_PENCE = 1 << 60
PURSE = np.uint64(text_identity("purse"))


@dataclass
class Books:
    """What the holders of the A accounts planned, paid and carried, in pence, by simulated year."""

    allocation: Longs  # [A, years]: the year's own money
    plan: Longs  # [A, years]: the allocation and the balance carried into it
    spend: Longs  # [A, years]
    crossed: Longs  # [A, years]: met from (+) or released to (-) money outside the account
    carried: Longs  # [A]: surplus (+) or deficit (-) brought into the present year
    rest_bill: Longs  # [A]: the rest of the portfolio in the present year
    rest_paid: Longs  # [years]
    rest_spend: Longs  # [A, years]: the same by who paid it
    rest_forgone: Longs  # [years]: what the rest of the portfolio goes without for money left outside
    administration: Longs  # [years]: what bodies, contracts and partners cost
    administration_parts: Longs  # [ADMINISTRATION, years]: the same, line by line
    handover: Longs  # [years]: what changes of holder cost, once
    expected_rest: Longs  # [A]: what the holder planned for the rest of the portfolio this year
    expected_emergencies: Longs  # [A]: a month of emergencies as planned
    low_value_bill: Longs  # [A]: this year's referrals that are worth less than they cost
    low_value_paid: Longs  # [years]
    low_value_bills: Longs  # [A, S, years]: each year's bills by who pays and for which service
    low_value_worth: Longs  # [years]: what they gain, in pence of health at the margin


def release(state: State, books: Books, purses: Purses, parameters: BudgetParameters, levers: Levers) -> None:
    """Work out what every payer may still agree to this month (mechanism 2).

    Plan to date and what may run ahead of it, less what is charged to the year and this month's bills that cannot
    be refused: ongoing treatment, emergencies and the rest of the portfolio as planned, and low-value referrals. What
    may run ahead is a part of the plan for the modelled services alone: the rest may run ahead by its own part, so an
    account lends nothing to them for being large in other ways. Those who bear several accounts in part stand
    together for that part (rule 4).
    """
    accounts, year, month = state.accounts, state.year, state.month % MONTHS
    if not parameters.cap_enabled:
        accounts.available[:] = UNLIMITED_PENCE
        return
    plan = books.plan[:, year]
    to_date = plan * (month + 1) // MONTHS
    if levers.year_end == "freeze" and year > 0:
        # What was carried into the first year is no deficit: it was agreed to before the first day.
        allocation = books.allocation[:, year]
        to_date = allocation * (month + 1) // MONTHS + (plan - allocation) * min(month + 1, QUARTER) // QUARTER
    ahead = parameters.tolerated_share_of_plan
    if not levers.ring_fence:
        ahead += parameters.crossing_share_of_plan
    to_date += np.rint(np.maximum(plan - books.expected_rest, 0) * ahead).astype(np.int64)
    unavoidable = accounts.running + books.expected_emergencies + books.expected_rest // MONTHS
    unavoidable = unavoidable + part_of_year(books.low_value_bill, month)
    room = to_date - accounts.charged - unavoidable
    accounts.available[:] = stood_for(room, books.allocation[:, year], purses, levers)
    disagree(state, plan, purses)


def stood_for(own: Longs, plan: Longs, purses: Purses, levers: Levers) -> Longs:
    """Return what accounts have left once others stand in for part of it, int64[A] pence; the sum stays what it is.

    First those who bear several accounts divide what they bear; then all accounts of one line put the lever's share
    of risk together. Both divide as was planned, and money stays on its line.
    """
    if purses.shared:
        together = borne_together(own.astype(np.float64), plan.astype(np.float64), purses.bearer, purses.part)
        own = whole_pence(together, int(own.sum()))
    own = own.copy()
    if levers.risk_share == 0.0:
        return own
    for line in np.unique(purses.line):
        on_it = purses.line == line
        own[on_it] = shared(own[on_it], plan[on_it], levers.risk_share)
    return own


def shared(amounts: Longs, weights: Longs, share: float) -> Longs:
    """Put a part of all amounts together and divide it by weight, int64[A]; the sum stays what it is."""
    weight = np.maximum(weights, 0).astype(np.float64)
    if weight.sum() == 0.0:
        return amounts
    due = share * (float(amounts.sum()) * (weight / weight.sum()) - amounts)
    return whole_pence(amounts + due, int(amounts.sum()))


def disagree(state: State, plan: Longs, purses: Purses) -> None:
    """Let purses in which nobody clearly leads start nothing new this month, or spend ahead of their limit."""
    available, joint = state.accounts.available, purses.joint
    for account in np.flatnonzero(purses.muddle):
        matter = purses.muddle[account] ^ PURSE
        settled = outcome(state.roster.luck, matter, state.month, joint.dispute_share, joint.over_approval_share)
        if settled == BLOCKED:
            available[account] = min(int(available[account]), -1)  # not even what costs nothing
        elif settled == APPROVED:
            available[account] += round(max(int(plan[account]), 0) * joint.over_approval_of_plan)


def run(state: State, books: Books, purses: Purses, levers: Levers) -> None:
    """Pay for a month of ongoing treatment, low-value referrals and the rest of the portfolio; close the year."""
    accounts, year, month = state.accounts, state.year, state.month % MONTHS
    state.ledger.treatment_paid[:, year] += state.ledger.service_running
    state.ledger.price_premium[:, year] += state.ledger.service_running - at_catalogue_prices(state)
    note_bills(state.ledger.bills, year)
    rest, low_value = part_of_year(books.rest_bill, month), part_of_year(books.low_value_bill, month)
    accounts.spent[:] += accounts.running + rest + low_value
    accounts.charged[:] += accounts.running + rest + low_value
    state.ledger.provider_income[:] += state.ledger.provider_running
    books.rest_paid[year] += int(rest.sum())
    books.rest_spend[:, year] += rest
    books.low_value_paid[year] += int(low_value.sum())
    if month == MONTHS - 1:
        close_year(state, books, purses, levers)


def note_bills(bills: Bills, year: int) -> None:
    """Enter a month of ongoing treatment with those who pay for it and with the offers where it is given."""
    bills.paid[:, :, year] += bills.running
    bills.premium[:, :, year] += bills.dearer
    bills.earned[:, year] += bills.running_at
    bills.earned_premium[:, year] += bills.dearer_at


def part_of_year(bill: Longs, month: int) -> Longs:
    """Return the part of a year's bill that falls due in one of its months, 0 to 11; twelve make up the whole."""
    return bill * (month + 1) // MONTHS - bill * month // MONTHS


def at_catalogue_prices(state: State) -> Longs:
    """Return what a month of all ongoing treatment costs by the catalogue, int64[S] in pence."""
    cells, facts = state.cells, state.roster.facts
    service = cells.service.astype(np.int64)
    cost = cells.occupied * facts.price_pence[service] * state.population.weight[service]
    up_to = np.concatenate([[0], np.cumsum(cost)])
    total: Longs = np.diff(up_to[state.reach.first])
    return total


def close_year(state: State, books: Books, purses: Purses, levers: Levers) -> None:
    """Carry the balance into next year's plan, or let it cross into money outside the account.

    The balance is the plan less what was charged to the year, so that a treatment agreed in March and
    paid in April counts once, in the year in which it was agreed. Those who bear several accounts in part settle
    that part among them.
    """
    year = state.year
    books.spend[:, year] = state.accounts.spent
    own = books.plan[:, year] - state.accounts.charged
    balance = stood_for(own, books.allocation[:, year], purses, levers)
    stays = np.zeros_like(balance)
    if levers.ring_fence and levers.year_end != "bail_out":
        stays = balance if levers.year_end == "carry" else np.minimum(balance, 0)
    books.carried[:] = stays
    books.crossed[:, year] -= balance - stays
    state.accounts.spent[:] = 0
    state.accounts.charged[:] = 0


def low_value_qalys(gained: Longs, parameters: BudgetParameters) -> npt.NDArray[np.float64]:
    """Return the health gained by referrals that are worth less than they cost, float64[years].

    Their benefit is measured against what the same money would gain in the general budget, so a benefit over cost
    of r means r QALYs for each ``general_gbp_per_qaly``.
    """
    return gained / PENCE / parameters.general_gbp_per_qaly


def displaced_qalys(crossed: Longs, rest_forgone: Longs, parameters: BudgetParameters) -> npt.NDArray[np.float64]:
    """Return the health forgone (+) or bought (-) with money that crossed, float64[years].

    Pounds that crossed, and those that the rest of the portfolio goes without, divided by the cost of a QALY at the
    margin of the general budget.
    """
    pence = crossed.sum(axis=0) + rest_forgone
    lost: npt.NDArray[np.float64] = pence / PENCE / parameters.general_gbp_per_qaly
    return lost
