"""Settlement: the month's bills are paid; in March every holder closes its books."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.state import State
from sim.governance.allocation import BudgetParameters
from sim.governance.levers import Levers

Longs = npt.NDArray[np.int64]
MONTHS = 12
PENCE = 100
UNLIMITED_PENCE = 1 << 60


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
    low_value_bill: Longs  # [A]: this year's referrals that are worth less than they cost
    low_value_paid: Longs  # [years]
    low_value_worth: Longs  # [years]: what they gain, in pence of health at the margin


def release(state: State, books: Books, parameters: BudgetParameters, levers: Levers) -> None:
    """Work out what every payer may still agree to this month (mechanism 2).

    Plan to date and what may run ahead of it, less what is charged to the year and this month's bills that cannot
    be refused: ongoing treatment, emergencies and the rest of the portfolio as planned, and low-value referrals.
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
    unavoidable = unavoidable + part_of_year(books.low_value_bill, month)
    accounts.available[:] = to_date - accounts.charged - unavoidable


def run(state: State, books: Books, levers: Levers) -> None:
    """Pay for a month of ongoing treatment, low-value referrals and the rest of the portfolio; close the year."""
    accounts, year, month = state.accounts, state.year, state.month % MONTHS
    state.ledger.treatment_paid[:, year] += running_by_service(state)
    rest, low_value = part_of_year(books.rest_bill, month), part_of_year(books.low_value_bill, month)
    accounts.spent[:] += accounts.running + rest + low_value
    accounts.charged[:] += accounts.running + rest + low_value
    state.ledger.provider_income[:] += state.ledger.provider_running
    books.rest_paid[year] += int(rest.sum())
    books.low_value_paid[year] += int(low_value.sum())
    if month == MONTHS - 1:
        close_year(state, books, levers)


def part_of_year(bill: Longs, month: int) -> Longs:
    """Return the part of a year's bill that falls due in one of its months, 0 to 11; twelve make up the whole."""
    return bill * (month + 1) // MONTHS - bill * month // MONTHS


def running_by_service(state: State) -> Longs:
    """Return a month of ongoing treatment for each service, int64[S] in pence."""
    cells, facts = state.cells, state.roster.facts
    service = cells.service.astype(np.int64)
    cost = cells.occupied * facts.price_pence[service] * state.population.weight[service]
    total = np.zeros(facts.price_pence.size, dtype=np.int64)
    np.add.at(total, service, cost)
    return total


def close_year(state: State, books: Books, levers: Levers) -> None:
    """Carry the balance into next year's plan, or let it cross into money outside the account.

    The balance is the plan less what was charged to the year, so that a treatment agreed in March and
    paid in April counts once, in the year in which it was agreed.
    """
    year = state.year
    books.spend[:, year] = state.accounts.spent
    balance = books.plan[:, year] - state.accounts.charged
    if levers.year_end == "carry" and levers.ring_fence:
        books.carried[:] = balance
    else:
        books.carried[:] = 0
        books.crossed[:, year] = -balance
    state.accounts.spent[:] = 0
    state.accounts.charged[:] = 0


def low_value_qalys(gained: Longs, parameters: BudgetParameters) -> npt.NDArray[np.float64]:
    """Return the health gained by referrals that are worth less than they cost, float64[years].

    Their benefit is measured against what the same money would gain in the general budget, so a benefit over cost
    of r means r QALYs for each ``general_gbp_per_qaly``.
    """
    return gained / PENCE / parameters.general_gbp_per_qaly


def displaced_qalys(crossed: Longs, parameters: BudgetParameters) -> npt.NDArray[np.float64]:
    """Return the health forgone (+) or bought (-) with money that crossed, float64[years].

    Pounds that crossed, divided by the cost of a QALY at the margin of the general budget.
    """
    lost: npt.NDArray[np.float64] = crossed.sum(axis=0) / PENCE / parameters.general_gbp_per_qaly
    return lost
