"""Allocation: the national envelope, and how it is divided between the accounts each April."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.governance.levers import Levers
from sim.settings.parameter import Parameters, parameter, switch
from sim.world.world import World

Floats = npt.NDArray[np.float64]


class BudgetParameters(Parameters):
    """How much money there is for the modelled services, and what ends at its limit."""

    cap_enabled: bool = switch(
        2, "Whether a payer slows new starts when spending runs ahead of plan; when off, all are agreed"
    )
    plan_share_of_expected: float = parameter(
        1.0,
        low=0.95,
        high=1.05,
        at_least=0.0,
        at_most=100.0,
        unit="share of expected spending",
        source="none found; plans within 5 % of need taken as plausible",
        grade="assumption",
        description="The national envelope over what treating everyone referred is expected to cost",
    )
    tolerated_share_of_plan: float = parameter(
        0.015,
        low=0.0,
        high=0.03,
        at_least=0.0,
        at_most=1.0,
        unit="share of plan",
        source="specialised commissioning overspent by 2.9 % in 2013-14 and by about 1 % in 2014-15",
        grade="approximate",
        description="How far spending may run ahead of plan before any payer slows new starts; what is overspent is "
        "still settled by the year-end rule",
    )
    crossing_share_of_plan: float = parameter(
        0.01,
        low=0.0,
        high=0.05,
        at_least=0.0,
        at_most=1.0,
        unit="share of plan",
        source="none found",
        grade="assumption",
        description="How far a holder without a ring-fence lets specialised spending run ahead of plan, at the "
        "cost of its general budget, beyond what is tolerated anyway",
    )
    general_gbp_per_qaly: float = parameter(
        13000.0,
        low=5000.0,
        high=30000.0,
        at_least=1.0,
        at_most=1e9,
        unit="GBP per QALY",
        source="health gained at the margin of the general budget; order of magnitude from general knowledge",
        grade="assumption",
        description="What one QALY costs in the general budget that overspends are taken from",
    )


@dataclass(frozen=True)
class Envelope:
    """The national plan in pence: for each service and simulated year, and for the rest of the portfolio."""

    services: Floats  # [S, years]
    rest: Floats  # [G, years]


def place_shares(world: World, levers: Levers, past_spending: Floats) -> Floats:
    """Return each place's share of the national plan for each service, float64[P, S]; columns sum to 1.

    Weighted capitation sees age and deprivation; capitation sees heads; the historic basis follows what was spent
    (``past_spending``, float64[P, S]), and so true need and who is on treatment already; what has no history is
    divided by weighted capitation.
    """
    if levers.allocation == "capitation":
        heads = world.places.population[:, np.newaxis].astype(np.float64)
        return parts_of_all(np.repeat(heads, len(world.services.ids), axis=1))
    weighted = parts_of_all(world.expected_need)
    if levers.allocation == "historic":
        return np.where(past_spending.sum(axis=0) > 0.0, parts_of_all(past_spending), weighted)
    return weighted


@dataclass(frozen=True)
class Shares:
    """How the national plan is divided between places; each column of the first, and the second, sum to 1."""

    services: Floats  # [P, S]
    rest: Floats  # [P] of the rest of the portfolio


def shares_by_rule(world: World, levers: Levers, past_spending: Floats, services_plan: Floats) -> Shares:
    """Return the shares to which the allocation rule of some levers leads; ``services_plan`` is float64[S, years]."""
    services = place_shares(world, levers, past_spending)
    return Shares(services, rest_plan_shares(world, levers, services_plan, services))


def moved_towards(now: Shares, target: Shares, pace: float) -> Shares:
    """Return the shares of the next year, which close a part ``pace`` of the distance to the target."""
    kept = 1.0 - pace
    return Shares(kept * now.services + pace * target.services, kept * now.rest + pace * target.rest)


def parts_of_all(amounts: Floats) -> Floats:
    """Divide every column by its sum; a column of nothing stays nothing."""
    total = amounts.sum(axis=0)
    parts: Floats = np.divide(amounts, total, out=np.zeros_like(amounts), where=total > 0)
    return parts


def rest_plan_shares(world: World, levers: Levers, services_plan: Floats, shares: Floats) -> Floats:
    """Return each place's share of the plan for the rest of the portfolio, float64[P].

    It is divided as the plan for all modelled services is; on the historic basis, as it is spent.
    """
    return rest_shares(services_plan, parts_of_all(world.expected_need) if levers.allocation == "historic" else shares)


def rest_shares(services_plan: Floats, shares: Floats) -> Floats:
    """Return each place's share of the rest of the portfolio, float64[P]: as for all modelled services."""
    total = services_plan.sum(axis=1)
    of_all: Floats = shares @ total / total.sum() if total.sum() > 0 else shares.mean(axis=1)
    return of_all


def sum_by_account(
    count: int,
    payer: npt.NDArray[np.int32],
    rest_payer: npt.NDArray[np.int32],
    amounts: tuple[Floats, Floats],
) -> Floats:
    """Add up amounts by who pays, float64[count]; ``amounts`` are ([P, S] modelled, [P, G] rest)."""
    total = np.zeros(count)
    np.add.at(total, payer, amounts[0])
    np.add.at(total, rest_payer, amounts[1])
    return total
