"""Planning, each April: who takes office, what policies are reviewed and what centres are opened."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from sim.agents.state import State
from sim.governance.diffusion import begin_to_fund
from sim.governance.handover import HandoverParameters
from sim.governance.matrix import Function
from sim.governance.network import Openings, known_need, open_sites, smallest_volume
from sim.governance.panels import approval_shares
from sim.governance.policy import deciders_of
from sim.governance.review import review
from sim.governance.units import Holders, mean_over_people
from sim.phases import pathways
from sim.phases.donors import weigh_savings
from sim.phases.government import Government, PlanningParameters
from sim.phases.plans import expect_low_value, set_plans
from sim.phases.reorganisation import agree_on_prices, reorganise
from sim.phases.settlement import MONTHS

Floats = npt.NDArray[np.float64]


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
        pathways.run(state, (held, now), parameters, year)
    review_policy(state, government, parameters)


def take_office(state: State, government: Government, parameters: PlanningParameters) -> None:
    """Let those whom the regime in force appoints agree on prices, steer referrals, sit on panels and seek savings."""
    agree_on_prices(state, government)
    holders = government.holders[government.present]
    state.reach.in_footprint[:] = holders.in_footprint(state.world.offers)
    state.coverage.approval[:] = approval_shares(holders.cases, parameters.panels, state.roster.luck)
    state.ledger.days_ahead[:] = government.days_ahead[government.present]
    weigh_savings(state, government, parameters.incentives)


def review_policy(state: State, government: Government, parameters: PlanningParameters) -> None:
    """Let the holders of policy follow others, and decide on whatever falls due, with the staff they have."""
    ask, month = government.appraisal, government.start_month + state.month
    binding = government.levers.specification_binding_share
    who = deciders_of(staffed(state, government, parameters.handover), binding, parameters.policy, government.nation)
    begin_to_fund(ask, who, state.world.places.population, parameters.diffusion, month, state.coverage.topics)
    review(ask, who, month, state.coverage.topics)
    state.coverage.can_be_requested[:] = ask.licensed <= month


def staffed(state: State, government: Government, parameters: HandoverParameters) -> Holders:
    """Return the holders of functions with the staff for policy and contracts that they have in this month."""
    holders = government.holders[government.present]
    if government.handed.nobody_moved:
        return holders
    return replace(
        holders,
        policy_share=holders.policy_share * staff(state, government, "policy", parameters),
        contracting_share=holders.contracting_share * staff(state, government, "contracting", parameters),
    )


def staff(state: State, government: Government, function: Function, parameters: HandoverParameters) -> Floats:
    """Return the part of its staff that each body has since the last handover, the mean over its people, [P, S]."""
    present = government.handed.staff(function, state.month, parameters)
    if (present == 1.0).all():
        return present
    holders = government.holders[government.present]
    return mean_over_people(present, holders.of(function), state.world.places.population)


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
    present = staff(state, government, "contracting", parameters.handover)
    open_sites(world, plan, (state.capacity, in_use), network.opening_share_per_year * present, when)
