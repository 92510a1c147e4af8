"""Planning, each April: allocations, policy reviews, contracts, and reorganisations when they fall due."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sim.agents.columns import AWAITING_FUNDS, AWAITING_SLOT, NO_ROW, ON_TREATMENT, Cells, Ledger, Roster
from sim.agents.queue import push, stand_earlier
from sim.agents.state import State
from sim.governance.accounts import Payers, Purses
from sim.governance.administration import (
    AdministrationParameters,
    Running,
    left_for_care,
    requests_pence,
)
from sim.governance.allocation import (
    BudgetParameters,
    Envelope,
    Shares,
    moved_towards,
    parts_of_all,
    rest_shares,
    shares_by_rule,
    sum_by_account,
)
from sim.governance.baseline import Errors, plans_of
from sim.governance.common_pool import CommonPoolParameters, allowance, excess_share, worth
from sim.governance.diffusion import DiffusionParameters, begin_to_fund
from sim.governance.handover import (
    HandoverParameters,
    Handovers,
    hand_over_money,
    hand_over_office,
    handover_pence,
)
from sim.governance.incentives import IncentiveParameters
from sim.governance.levers import Levers
from sim.governance.matrix import Regime
from sim.governance.network import NetworkParameters, Openings, known_need, open_sites, smallest_volume
from sim.governance.panels import PanelParameters, approval_shares
from sim.governance.policy import Appraisal, PolicyParameters, deciders_of
from sim.governance.portfolio import PENCE, PortfolioParameters, rest_spend
from sim.governance.review import review
from sim.governance.units import Holders
from sim.luck.compiled import rule
from sim.luck.identity import unit_identity
from sim.phases import pathways
from sim.phases.agreement import charged_when_agreed, price_of, promise, run_on
from sim.phases.donors import weigh_savings
from sim.phases.settlement import MONTHS, Books
from sim.world.services import EMERGENCY

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@dataclass
class Government:
    """Who decides in a run: the timeline of regimes, their accounts and the money."""

    timeline: tuple[tuple[int, Regime], ...]  # (simulated month, regime), the first at month 0
    payers: Payers
    holders: tuple[Holders, ...]  # for each regime of the timeline
    running: tuple[Running, ...]  # likewise
    days_ahead: tuple[npt.NDArray[np.int32], ...]  # likewise, [P, S]: by which requests rank earlier at their payer
    borne: tuple[Floats, ...]  # likewise, [P, S]: the part of a referral's cost that falls on those who refer
    local_prices: tuple[Longs, ...]  # likewise, [P, C] in pence; without rows under a national tariff
    appraisal: Appraisal
    envelope: Envelope
    whole_plan: Floats  # [years]: the plan for all modelled services, whether simulated or not, in pence
    true_referrals: Floats  # [P, S] people a year, what the historic basis follows
    place_keys: npt.NDArray[np.uint64]  # [P]
    books: Books
    start_month: int  # of the first simulated month, since January 1900
    shares: Shares  # of the last April's plan; before the first, those of past spending
    handed: Handovers
    present: int = 0  # the place in the timeline

    @property
    def levers(self) -> Levers:
        """Return the levers in force."""
        return self.timeline[self.present][1].levers

    @property
    def purses(self) -> Purses:
        """Return who bears the accounts under the regime in force."""
        return self.payers.purses[self.present]


class PlanningParameters(pathways.PathwayParameters, Protocol):
    """The groups of parameters that planning reads."""

    @property
    def budget(self) -> BudgetParameters: ...  # noqa: D102
    @property
    def portfolio(self) -> PortfolioParameters: ...  # noqa: D102
    @property
    def policy(self) -> PolicyParameters: ...  # noqa: D102
    @property
    def diffusion(self) -> DiffusionParameters: ...  # noqa: D102
    @property
    def panels(self) -> PanelParameters: ...  # noqa: D102
    @property
    def network(self) -> NetworkParameters: ...  # noqa: D102
    @property
    def administration(self) -> AdministrationParameters: ...  # noqa: D102
    @property
    def handover(self) -> HandoverParameters: ...  # noqa: D102
    @property
    def common_pool(self) -> CommonPoolParameters: ...  # noqa: D102
    @property
    def incentives(self) -> IncentiveParameters: ...  # noqa: D102


def new_books(accounts: int, years: int) -> Books:
    """Open empty books."""
    return Books(
        allocation=np.zeros((accounts, years), dtype=np.int64),
        plan=np.zeros((accounts, years), dtype=np.int64),
        spend=np.zeros((accounts, years), dtype=np.int64),
        crossed=np.zeros((accounts, years), dtype=np.int64),
        carried=np.zeros(accounts, dtype=np.int64),
        rest_bill=np.zeros(accounts, dtype=np.int64),
        rest_paid=np.zeros(years, dtype=np.int64),
        administration=np.zeros(years, dtype=np.int64),
        handover=np.zeros(years, dtype=np.int64),
        expected_rest=np.zeros(accounts, dtype=np.int64),
        expected_emergencies=np.zeros(accounts, dtype=np.int64),
        low_value_bill=np.zeros(accounts, dtype=np.int64),
        low_value_paid=np.zeros(years, dtype=np.int64),
        low_value_worth=np.zeros(years, dtype=np.int64),
    )


def run(state: State, government: Government, parameters: PlanningParameters) -> None:
    """Review policy every month and, in April, reorganise if it is time and set plans for the year."""
    if state.month % MONTHS == 0:
        held, following = government.holders[government.present], government.present + 1
        if following < len(government.timeline) and government.timeline[following][0] <= state.month:
            reorganise(state, government, following, parameters.handover)
            take_office(state, government, parameters)
        elif state.month == 0:
            take_office(state, government, parameters)
        set_plans(state, government, parameters)
        expect_low_value(state, government, parameters.common_pool)
        plan_network(state, government, parameters)
        now, year = government.holders[government.present], (government.start_month + state.month) // MONTHS
        pathways.run(state, (held, now), parameters, year, government.levers.co_commissioning_share)
    review_policy(state, government, parameters)


def take_office(state: State, government: Government, parameters: PlanningParameters) -> None:
    """Let those whom the regime in force appoints agree on prices, steer referrals, sit on panels and seek savings."""
    agree_on_prices(state, government)
    holders = government.holders[government.present]
    state.reach.in_footprint[:] = holders.in_footprint(state.world.offers)
    state.coverage.approval[:] = approval_shares(holders.cases, parameters.panels, state.roster.luck)
    state.ledger.days_ahead[:] = government.days_ahead[government.present]
    weigh_savings(state, government.payers.payer[government.present], parameters.incentives)


def agree_on_prices(state: State, government: Government) -> None:
    """Let the prices of the regime in force hold; they stay until the next reorganisation (mechanism 12)."""
    state.ledger = state.ledger._replace(local_price=government.local_prices[government.present])


def review_policy(state: State, government: Government, parameters: PlanningParameters) -> None:
    """Let the holders of policy follow others, and decide on whatever falls due, with the staff they have."""
    ask, month = government.appraisal, government.start_month + state.month
    nation = unit_identity(state.world.places.codes)
    binding = government.levers.specification_binding_share
    holders, handed = government.holders[government.present], government.handed
    staffed = replace(
        holders,
        policy_share=holders.policy_share * handed.staff("policy", state.month, parameters.handover),
        contracting_share=holders.contracting_share * handed.staff("contracting", state.month, parameters.handover),
    )
    by_people = deciders_of(holders, binding, parameters.policy, nation)
    begin_to_fund(ask, by_people, state.world.places.population, parameters.diffusion, month, state.coverage.topics)
    who = deciders_of(staffed, binding, parameters.policy, nation)
    review(ask, who, month, state.coverage.topics)
    state.coverage.can_be_requested[:] = ask.licensed <= month


def plan_network(state: State, government: Government, parameters: PlanningParameters) -> None:
    """Let holders of contracts open centres where their area has none (rule 6), later when they are short of staff."""
    network = parameters.network
    if not network.planning_enabled or network.opening_share_per_year == 0.0:
        return
    world, holders = state.world, government.holders[government.present]
    binding = government.levers.specification_binding_share
    plan = Openings(
        contracting=holders.contracting,
        known_need=known_need(world, state.population.true_need, holders.sight_share),
        smallest=smallest_volume(world, network, binding),
        home=holders.home,
    )
    in_use = (state.cells.occupied * state.population.weight[state.cells.service]).astype(np.float64)
    when = (state.roster.luck, (government.start_month + state.month) // MONTHS)
    staff = government.handed.staff("contracting", state.month, parameters.handover)
    open_sites(world, plan, (state.capacity, in_use), network.opening_share_per_year * staff, when)


def planned_amounts(government: Government, year: int) -> tuple[Floats, Floats]:
    """Return the national plan by place as last divided: modelled services [P, S] and the rest [P, G], in pence."""
    modelled = government.shares.services * government.envelope.services[:, year]
    return modelled, government.shares.rest[:, np.newaxis] * government.envelope.rest[:, year]


def set_plans(state: State, government: Government, parameters: PlanningParameters) -> None:
    """Give every account its plan for the year, with last year's balance, and draw the year's rest of portfolio."""
    books, payers, year = government.books, government.payers, state.year
    care = share_for_care(state, government, parameters.administration)
    payer, rest_payer = payers.payer[government.present], payers.rest_payer[government.present]
    levers, plan_of_services = government.levers, government.envelope.services
    target = shares_by_rule(state.world, levers, government.true_referrals, plan_of_services)
    government.shares = moved_towards(government.shares, target, levers.pace_of_change_share_per_year)
    modelled, rest = planned_amounts(government, year)
    emergency = state.world.services.kind == EMERGENCY
    held = allowance(parameters.common_pool) * ~emergency
    amounts = (modelled * parameters.budget.plan_share_of_expected * (care + held), rest)
    errors = Errors(parameters.handover, state.roster.luck, year, government.start_month)
    plans = plans_of(payers, government.present, amounts, government.handed, errors)
    books.allocation[:, year] = np.rint(plans.plan)
    books.plan[:, year] = books.allocation[:, year] + books.carried
    books.crossed[:, year] = np.rint(plans.outside)
    # As with any bill that was not foreseen, part of an error in the rest of the portfolio is absorbed there.
    absorbed = plans.rest_error * parameters.portfolio.absorbed_share
    nothing = np.zeros_like(modelled)
    foreseen = sum_by_account(payers.count, payer, rest_payer, (nothing, rest)) + absorbed
    books.expected_rest[:] = np.rint(np.maximum(foreseen, 0.0))
    urgent = sum_by_account(payers.count, payer, rest_payer, (modelled * emergency, np.zeros_like(rest)))
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

    Such people live where need is, whatever the plan; nobody weighs the cost of an emergency.
    """
    books, year, present = government.books, state.year, government.present
    expected = parts_of_all(state.world.expected_need) * government.envelope.services[:, year]
    referred = state.world.services.kind != EMERGENCY
    bill = expected * referred * excess_share(government.borne[present], parameters)
    nothing = np.zeros(government.payers.rest_payer[present].shape)
    payers = government.payers
    owed = sum_by_account(payers.count, payers.payer[present], payers.rest_payer[present], (bill, nothing))
    books.low_value_bill[:] = whole_pence(owed)
    books.low_value_worth[year] = whole_pence(np.asarray(worth(bill, government.borne[present])))


def whole_pence(amounts: Floats) -> Longs:
    """Round to pence in two steps, so that the order of a sum cannot show: it moves the last of sixteen digits."""
    return np.asarray(np.rint(np.round(amounts, 3)), dtype=np.int64)


def share_for_care(state: State, government: Government, parameters: AdministrationParameters) -> float:
    """Book administration and this April's handover; return the factor on plans for care that pays for both.

    Bodies and contracts serve all modelled services, so a run of some of them bears a part; requests are foreseen
    to be as many as last year.
    """
    year = state.year
    fixed = government.running[government.present].pence_a_year(parameters)
    asked = int(state.ledger.requests[:, year - 1].sum()) if year > 0 else 0
    whole, simulated = float(government.whole_plan[year]), float(government.envelope.services[:, year].sum())
    if whole <= 0.0 or simulated <= 0.0:
        return 1.0
    government.books.administration[year] = round(fixed * simulated / whole)
    once = int(government.books.handover[year])
    government.books.handover[year] = round(once * simulated / whole)
    left = left_for_care(fixed / whole + requests_pence(asked, parameters) / simulated, parameters)
    return max(left - once / whole, 0.0) if parameters.same_money == "envelope" else left


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
    """Move every request, promise and ongoing payment to the account that now pays for it, at the new prices.

    What a promise, charged when it was made, has become dearer (or cheaper) is charged to the year that begins.
    """
    people, patients, accounts = roster.people, roster.patients, ledger.accounts
    for account in range(accounts.size):
        accounts[account].queue_root = NO_ROW
        accounts[account].queued = 0
        accounts[account].committed = 0
        accounts[account].running = 0
    ledger.provider_running[:] = 0
    ledger.service_running[:] = 0
    for row in range(real):
        state, service = int(patients[row].state), int(people[row].service)
        account = int(ledger.account_of[int(people[row].place), service])
        if state == AWAITING_FUNDS:
            accounts[account].queue_root = push(people, patients, int(accounts[account].queue_root), row)
            accounts[account].queued += 1
        elif state == AWAITING_SLOT:
            promise(roster, ledger, account, row, 1)
            if charged_when_agreed(roster, row):
                accounts[account].charged -= price_of(roster, before, row) * int(people[row].weight)
        elif state == ON_TREATMENT:
            run_on(roster, cells, ledger, row, 1)
