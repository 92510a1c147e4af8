"""Plans, each April: what every account may spend, and the bills that nobody decides on."""

import numpy as np
import numpy.typing as npt

from sim.agents.state import State
from sim.governance.administration import AdministrationParameters, left_for_care, requests_pence
from sim.governance.allocation import moved_towards, parts_of_all, rest_shares, shares_by_rule, sum_by_account
from sim.governance.baseline import Errors, plans_of
from sim.governance.common_pool import CommonPoolParameters, allowance, excess_share, worth
from sim.governance.portfolio import PENCE, PortfolioParameters, rest_spend
from sim.phases.government import Government, PlanningParameters
from sim.phases.settlement import MONTHS
from sim.world.services import EMERGENCY

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


def planned_amounts(government: Government, year: int) -> tuple[Floats, Floats]:
    """Return the national plan by place as last divided: modelled services [P, S] and the rest [P, G], in pence."""
    modelled = government.shares.services * government.envelope.services[:, year]
    return modelled, government.shares.rest[:, np.newaxis] * government.envelope.rest[:, year]


def set_plans(state: State, government: Government, parameters: PlanningParameters) -> None:
    """Give every account its plan for the year, with last year's balance, and draw the year's rest of portfolio."""
    books, payers, year = government.books, government.payers, state.year
    payer, rest_payer = payers.payer[government.present], payers.rest_payer[government.present]
    levers, plan_of_services = government.levers, government.envelope.services
    target = shares_by_rule(state.world, levers, government.past_spending, plan_of_services)
    government.shares = moved_towards(government.shares, target, levers.pace_of_change_share_per_year)
    modelled, rest = planned_amounts(government, year)
    care = share_for_care(state, government, parameters.administration)
    emergency = state.world.services.kind == EMERGENCY
    held = allowance(parameters.common_pool) * ~emergency
    amounts = (modelled * parameters.budget.plan_share_of_expected * (care + held), rest)
    errors = Errors(parameters.handover, state.roster.luck, year, government.start_month)
    plans = plans_of(payers, government.present, amounts, government.handed, errors)
    books.allocation[:, year] = np.rint(plans.plan)
    books.plan[:, year] = books.allocation[:, year] + books.carried
    books.crossed[:, year] = np.rint(plans.outside)
    # As with any bill that was not foreseen, part of an error in the rest of the portfolio is absorbed there, and what
    # care it loses to money outside is health forgone.
    absorbed = plans.rest_error * parameters.portfolio.absorbed_share
    books.rest_forgone[year] = round(-float(plans.rest_mean.sum()) * parameters.portfolio.absorbed_share)
    nothing = np.zeros_like(modelled)
    foreseen = sum_by_account(payers.count, payer, rest_payer, (nothing, rest)) + absorbed
    books.expected_rest[:] = np.rint(np.maximum(foreseen, 0.0))
    foreseen_emergencies = modelled * emergency * government.price_ratio[government.present]
    urgent = sum_by_account(payers.count, payer, rest_payer, (foreseen_emergencies, np.zeros_like(rest)))
    books.expected_emergencies[:] = np.rint(urgent / MONTHS)
    books.rest_bill[:] = np.rint(absorbed)
    np.add.at(books.rest_bill, rest_payer, bill_of_the_rest(state, government, parameters.portfolio))
    np.maximum(books.rest_bill, 0, out=books.rest_bill)


def bill_of_the_rest(state: State, government: Government, portfolio: PortfolioParameters) -> Longs:
    """Draw what the services that are not modelled cost this year, int64[P, G] in pence.

    What happens does not follow the plan's shares but where people live and how old and poor they are.
    """
    spread = rest_shares(government.envelope.services, parts_of_all(state.world.expected_need))
    happens = spread[:, np.newaxis] * government.envelope.rest[:, state.year]
    case_pence, borne = portfolio.mean_case_gbp * PENCE, 1.0 - portfolio.absorbed_share
    luck = state.roster.luck
    return rest_spend(happens, government.place_keys, case_pence, portfolio.case_cost_cv, borne, state.year, luck)


def expect_low_value(state: State, government: Government, parameters: CommonPoolParameters) -> None:
    """Book what will be referred this year though it is worth less than it costs, because others pay (mechanism 16).

    Such people live where need is, whatever the plan; nobody weighs the cost of an emergency. Their treatment costs
    what prices are; what it is worth does not rise with the price.
    """
    books, year, present = government.books, state.year, government.present
    expected = parts_of_all(state.world.expected_need) * government.envelope.services[:, year]
    referred = state.world.services.kind != EMERGENCY
    bill = expected * referred * excess_share(government.borne[present], parameters)
    paid = bill * government.price_ratio[present]
    owed = np.zeros(books.low_value_bills.shape[:2])
    np.add.at(owed, (government.payers.payer[present], np.arange(bill.shape[1])), paid)
    books.low_value_bills[:, :, year] = whole_pence(owed)
    books.low_value_bill[:] = books.low_value_bills[:, :, year].sum(axis=1)
    books.low_value_worth[year] = whole_pence(np.asarray(worth(bill, government.borne[present])))


def whole_pence(amounts: Floats) -> Longs:
    """Round to pence in two steps, so that the order of a sum cannot show: it moves the last of sixteen digits."""
    return np.asarray(np.rint(np.round(amounts, 3)), dtype=np.int64)


def share_for_care(state: State, government: Government, parameters: AdministrationParameters) -> Floats:
    """Book administration and this April's handover; return the factor on plans for care that pays for both, [P, S].

    A body's cost lies on the plans for those it acts for, a handover's on what changed hands, a request's on all alike.
    All modelled services bear it, so a run of some of them books a part; requests are foreseen to be as many as last
    year.
    """
    books, year = government.books, state.year
    asked = int(state.ledger.requests[:, year - 1].sum()) if year > 0 else 0
    plan = government.shares.services * government.whole_plan[:, year]
    simulated = planned_amounts(government, year)[0]
    if simulated.sum() <= 0.0:
        return np.ones_like(plan)
    fixed = government.running[government.present].shares_of_plan(plan, parameters)
    books.administration_parts[:, year] = whole_pence((fixed * simulated).sum(axis=(1, 2)))
    books.administration[year] = books.administration_parts[:, year].sum()
    changed = plan * government.handed.changed
    once = government.handed.changed * (books.handover[year] / max(float(changed.sum()), 1.0))
    books.handover[year] = whole_pence(np.asarray((once * simulated).sum()))
    requests = requests_pence(asked, parameters) / float(simulated.sum())
    left = left_for_care(fixed.sum(axis=0) + requests, parameters)
    return np.maximum(left - once, 0.0) if parameters.same_money == "envelope" else left
