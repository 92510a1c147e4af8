"""Settlement: the month's bills are paid; in March every holder closes its books."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.state import State
from sim.governance.accounts import Purses
from sim.governance.allocation import BudgetParameters
from sim.governance.co_commissioning import APPROVED, BLOCKED, outcome
from sim.governance.levers import Levers
from sim.governance.risk_sharing import borne_together, whole_pence
from sim.luck.identity import text_identity

Longs = npt.NDArray[np.int64]
MONTHS = 12
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
    administration: Longs  # [years]: what bodies, contracts and requests cost
    expected_rest: Longs  # [A]: what the holder planned for the rest of the portfolio this year
    expected_emergencies: Longs  # [A]: a month of emergencies as planned


def release(state: State, books: Books, purses: Purses, parameters: BudgetParameters, levers: Levers) -> None:
    """Work out what every payer may still agree to this month (mechanism 2).

    Plan to date and what may run ahead of it, less what is charged to the year and this month's bills that cannot
    be refused: ongoing treatment, emergencies and the rest of the portfolio as planned. Those who bear several
    accounts in part stand together for that part (rule 4).
    """
    accounts, year, month = state.accounts, state.year, state.month % MONTHS
    if not parameters.cap_enabled:
        accounts.available[:] = UNLIMITED_PENCE
        return
    plan = books.plan[:, year]
    to_date = plan * (month + 1) // MONTHS
    ahead = parameters.tolerated_share_of_plan
    if not levers.ring_fence:
        ahead += parameters.crossing_share_of_plan
    to_date += np.rint(np.maximum(plan, 0) * ahead).astype(np.int64)
    unavoidable = accounts.running + books.expected_emergencies + books.expected_rest // MONTHS
    accounts.available[:] = borne(to_date - accounts.charged - unavoidable, books.allocation[:, year], purses)
    disagree(state, plan, purses)


def borne(own: Longs, plan: Longs, purses: Purses) -> Longs:
    """Return what accounts have left once those who bear several of them stand in for one another, int64[A] pence."""
    if not purses.shared:
        return own
    together = borne_together(own.astype(np.float64), plan.astype(np.float64), purses.bearer, purses.part)
    return whole_pence(together, int(own.sum()))


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
    """Pay for a month of ongoing treatment and of the rest of the portfolio; close the year in March."""
    accounts, year, month = state.accounts, state.year, state.month % MONTHS
    state.ledger.treatment_paid[:, year] += running_by_service(state)
    rest = books.rest_bill * (month + 1) // MONTHS - books.rest_bill * month // MONTHS
    accounts.spent[:] += accounts.running + rest
    accounts.charged[:] += accounts.running + rest
    state.ledger.provider_income[:] += state.ledger.provider_running
    books.rest_paid[year] += int(rest.sum())
    if month == MONTHS - 1:
        close_year(state, books, purses, levers)


def running_by_service(state: State) -> Longs:
    """Return a month of ongoing treatment for each service, int64[S] in pence."""
    cells, facts = state.cells, state.roster.facts
    service = cells.service.astype(np.int64)
    cost = cells.occupied * facts.price_pence[service] * state.population.weight[service]
    total = np.zeros(facts.price_pence.size, dtype=np.int64)
    np.add.at(total, service, cost)
    return total


def close_year(state: State, books: Books, purses: Purses, levers: Levers) -> None:
    """Carry the balance into next year's plan, or let it cross into money outside the account.

    The balance is the plan less what was charged to the year, so that a treatment agreed in March and
    paid in April counts once, in the year in which it was agreed. Those who bear several accounts in part settle
    that part among them.
    """
    year = state.year
    books.spend[:, year] = state.accounts.spent
    balance = borne(books.plan[:, year] - state.accounts.charged, books.allocation[:, year], purses)
    if levers.year_end == "carry" and levers.ring_fence:
        books.carried[:] = balance
    else:
        books.carried[:] = 0
        books.crossed[:, year] = -balance
    state.accounts.spent[:] = 0
    state.accounts.charged[:] = 0


def displaced_qalys(crossed: Longs, parameters: BudgetParameters) -> npt.NDArray[np.float64]:
    """Return the health forgone (+) or bought (-) with money that crossed, float64[years].

    Pounds that crossed, divided by the cost of a QALY at the margin of the general budget.
    """
    lost: npt.NDArray[np.float64] = crossed.sum(axis=0) / PENCE / parameters.general_gbp_per_qaly
    return lost
