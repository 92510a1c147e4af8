"""Handover: what a reorganisation costs while it lasts (mechanism 17), one rule for every change of holder.

A holder that goes on as before, for the same services and places, is not disturbed. One that takes over has fewer
staff at first, plans from a baseline that is wrong (see ``baseline``), and the change itself is paid for once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.governance.accounts import Payers, borne_by_the_same
from sim.governance.levers import Levers
from sim.governance.matrix import Function
from sim.governance.units import Holders
from sim.settings.parameter import Parameters, parameter, switch

PENCE = 100
MONTHS = 12
NEVER = -1
"""In office from the first month on, so never handed over."""
WITH_STAFF: tuple[Function, ...] = ("policy", "contracting", "cases")
"""The functions that people do; money needs an account."""

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


class HandoverParameters(Parameters):
    """How a change of holder disturbs baselines and offices, for how long, and what it costs once."""

    enabled: bool = switch(17, "Whether a change of holder brings wrong baselines, lost staff and a one-off cost")
    baseline_error_mean_share: float = parameter(
        -0.048,
        low=-0.096,
        high=0.0,
        at_least=-0.9,
        at_most=0.9,
        unit="share of the plan that is handed over",
        source="£611m of specialised spending was found in other bodies' general budgets after the change of 2013, of "
        "a plan of £12.7bn, hsj.co.uk article 5070091; one change only",
        grade="approximate",
        description="What new holders are given beyond (+) or short of (-) what they take over, on average; what they "
        "lack stays in general budgets and buys health there",
    )
    baseline_error_sd_share: float = parameter(
        0.05,
        low=0.0,
        high=0.1,
        at_least=0.0,
        at_most=0.5,
        unit="standard deviation, share of the plan that is handed over",
        source="none found; taken to be about as large as the mean error",
        grade="assumption",
        description="Spread of that error between new holders; what one lacks another has",
    )
    correction_years: float = parameter(
        2.0,
        low=1.0,
        high=3.0,
        at_least=0.1,
        at_most=100.0,
        unit="years",
        source="none found; one to three rounds of allocation",
        grade="assumption",
        description="Years after which the error of a baseline is down to 1/e of what it was",
    )
    staff_lost_share: float = parameter(
        0.15,
        low=0.0,
        high=0.3,
        at_least=0.0,
        at_most=0.9,
        unit="share",
        source="none found; 0 to 0.3 taken as plausible",
        grade="assumption",
        description="Working capacity that a new holder lacks on its first day, however many staff were transferred",
    )
    staff_recovery_years: float = parameter(
        2.0,
        low=1.5,
        high=2.5,
        at_least=0.1,
        at_most=100.0,
        unit="years",
        source="mergers of trusts set developments back by 18 months or more, https://www.bmj.com/content/325/7358/246",
        grade="approximate",
        description="Years after which what is lacking is down to 1/e of what it was",
    )
    body_gbp: float = parameter(
        250_000.0,
        low=0.0,
        high=500_000.0,
        at_least=0.0,
        at_most=1e9,
        unit="GBP a body, once",
        source="none found; £12.5m a body was reckoned for all the work of those abolished in 2013",
        grade="assumption",
        description="Cost of closing an office for specialised services, or of setting one up, in one body",
    )
    redundancy_gbp: float = parameter(
        43_000.0,
        low=30_000.0,
        high=56_000.0,
        at_least=0.0,
        at_most=1e7,
        unit="GBP a post, once",
        source="National Audit Office 2013: £43,095 on average for 10,000 staff; the range is an assumption",
        grade="published",
        description="Cost of ending a post whose holder is not transferred",
    )
    staff_posts: float = parameter(
        300.0,
        low=100.0,
        high=500.0,
        at_least=0.0,
        at_most=1e6,
        unit="posts in England",
        source="none found; what the cost of contracts pays for at some £55,000 a post",
        grade="assumption",
        description="Posts in the commissioning of the modelled services, shared out by people and services",
    )


@dataclass(frozen=True)
class Left:
    """Money that stayed with the old holders when a responsibility moved: to whom, and what part of the plan."""

    payer: npt.NDArray[np.int32]  # [P, S]
    part: Floats  # [P, S]
    rest_payer: npt.NDArray[np.int32]  # [P, G]
    rest_part: Floats  # [P, G]


@dataclass
class Handovers:
    """All that has changed hands so far in a run; nothing of what is still to come."""

    received: Longs  # [P, S] the simulated year in which the present payer took over, or NEVER
    taken: Floats  # [P, S] how much of it was new to those who bear it then
    rest_taken: Floats  # [P, G] likewise
    rest_received: Longs  # [P, G] likewise
    held: Floats  # [P, S] part of the plan that the present payer has; the others have the rest of it
    rest_held: Floats  # [P, G]
    left: list[Left]
    in_office: Mapping[Function, Longs]  # [P, S] the simulated month in which the present holder took office, or NEVER
    lacking: Mapping[Function, Floats]  # [P, S] part of its staff that it lacked then
    changed: npt.NDArray[np.bool_]  # [P, S] where the last change brought another holder of money or of an office

    @property
    def nobody_moved(self) -> bool:
        """Tell whether every office with staff is held by those who held it at the first month."""
        return all(bool((took == NEVER).all()) for took in self.in_office.values())

    def staff(self, function: Function, month: int, parameters: HandoverParameters) -> Floats:
        """Return the part of its staff that each holder of a function has, float64[P, S].

        1 − s·e^{−(t − t₀)/τ}, where s is what was lacking on the first day in office.
        """
        took = self.in_office[function]
        if (took == NEVER).all():
            return np.ones(took.shape)
        years = np.maximum(month - took, 0) / MONTHS
        gap = np.where(took == NEVER, 0.0, self.lacking[function])
        present: Floats = 1.0 - gap * np.exp(-years / parameters.staff_recovery_years)
        return present


def nothing_handed_over(places: int, services: int, groups: int) -> Handovers:
    """Return what stands at the first month: every holder in office and everyone's plan whole."""
    shape, rest = (places, services), (places, groups)
    return Handovers(
        received=np.full(shape, NEVER, dtype=np.int64),
        rest_received=np.full(rest, NEVER, dtype=np.int64),
        taken=np.zeros(shape),
        rest_taken=np.zeros(rest),
        held=np.ones(shape),
        rest_held=np.ones(rest),
        left=[],
        in_office={function: np.full(shape, NEVER, dtype=np.int64) for function in WITH_STAFF},
        lacking={function: np.zeros(shape) for function in WITH_STAFF},
        changed=np.zeros(shape, dtype=np.bool_),
    )


def hand_over_money(handed: Handovers, payers: Payers, change: tuple[int, int], year: int, levers: Levers) -> None:
    """Note what moves between accounts from one regime of the timeline to another, ``change``.

    An account moves as far as others bear it now. Of the old holder's plan for that a part goes with it, the resource
    shift; the rest stays where it was, until the responsibility comes back.
    """
    old, new = change
    stays = 1.0 - levers.resource_shift_share
    was, now = payers.purses[old], payers.purses[new]
    moved = 1.0 - borne_by_the_same(was, payers.payer[old], now, payers.payer[new])
    rest_moved = 1.0 - borne_by_the_same(was, payers.rest_payer[old], now, payers.rest_payer[new])
    for left in handed.left:
        come_back(handed.held, left.part, left.payer == payers.payer[new])
        come_back(handed.rest_held, left.rest_part, left.rest_payer == payers.rest_payer[new])
    if stays > 0.0:
        part, rest_part = handed.held * moved * stays, handed.rest_held * rest_moved * stays
        handed.left.append(Left(payers.payer[old], part, payers.rest_payer[old], rest_part))
        handed.held -= part
        handed.rest_held -= rest_part
    handed.changed = moved > 0.0
    handed.received[moved > 0.0] = year
    handed.rest_received[rest_moved > 0.0] = year
    handed.taken = np.where(moved > 0.0, moved, handed.taken)
    handed.rest_taken = np.where(rest_moved > 0.0, rest_moved, handed.rest_taken)


def come_back(held: Floats, part: Floats, where: npt.NDArray[np.bool_]) -> None:
    """Let money that stayed with old holders join the plans of responsibilities that they take again."""
    held[where] += part[where]
    part[where] = 0.0


def hand_over_office(
    handed: Handovers, old: Holders, new: Holders, month: int, terms: tuple[Levers, HandoverParameters]
) -> None:
    """Note who is new in office and what of its staff it lacks: 1 − f·(1 − s) when the share f was transferred."""
    levers, parameters = terms
    if not parameters.enabled:
        return
    lacking = 1.0 - levers.staff_transferred_share * (1.0 - parameters.staff_lost_share)
    for function in WITH_STAFF:
        moved = old.of(function) != new.of(function)
        handed.changed |= moved
        handed.in_office[function][moved] = month
        handed.lacking[function][moved] = lacking


def handover_pence(old: Holders, new: Holders, population: Longs, terms: tuple[Levers, HandoverParameters]) -> int:
    """Return what a change costs once: offices closed and set up, and posts that end.

    Posts are spread evenly over functions and services, and over places by their people.
    """
    levers, parameters = terms
    if not parameters.enabled:
        return 0
    offices = np.setxor1d(old.units, new.units).size
    people = population / population.sum()
    share = np.mean([people @ (old.of(function) != new.of(function)) for function in WITH_STAFF])
    ended = parameters.staff_posts * float(share) * (1.0 - levers.staff_transferred_share)
    return int(np.rint((offices * parameters.body_gbp + ended * parameters.redundancy_gbp) * PENCE))
