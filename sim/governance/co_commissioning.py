"""Co-commissioning: a function that a holder shares with partners, with or without a clear lead (rule 4).

With a clear lead the other informs it: it brings staff and knows its own people, and agreeing takes time and money.
Where nobody clearly leads, either may block or delay what both would do, or approve expecting the other to pay;
how often each happens is an assumption of the same default, and zero is in both ranges.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from sim.governance.matrix import Cell, Regime, Row
from sim.luck.compiled import rule
from sim.luck.decisions import DISPUTE, OVER_APPROVAL
from sim.luck.draws import Luck, unit, words
from sim.settings.parameter import Parameters, parameter, switch

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Key = TypeVar("Key", bound=str)

BLOCKED, OPEN, APPROVED = -1, 0, 1
"""What becomes of a matter on which nobody clearly leads."""


class CoCommissioningParameters(Parameters):
    """What it takes and what it does to share a function."""

    enabled: bool = switch(
        None, "Whether a partner that the matrix names takes part; when off, the holder acts as if it were alone"
    )
    partner_staff_share: float = parameter(
        0.5,
        low=0.0,
        high=1.0,
        at_least=0.0,
        at_most=1.0,
        unit="share of the partner's staff",
        source="none found",
        grade="assumption",
        description="Part of its staff for policy that a partner brings to those who lead; together they never have "
        "more than the nation's",
    )
    coordination_gbp: float = parameter(
        20_000.0,
        low=0.0,
        high=100_000.0,
        at_least=0.0,
        at_most=1e9,
        unit="GBP a year and partner",
        source="none found; a part-time post taken as plausible",
        grade="assumption",
        description="What it costs a year to agree with one partner, whatever is shared with it",
    )
    coordination_months: float = parameter(
        3.0,
        low=0.0,
        high=6.0,
        at_least=0.0,
        at_most=600.0,
        unit="months",
        source="none found",
        grade="assumption",
        description="By how much longer a first decision on a treatment takes where policy is shared",
    )
    dispute_share: float = parameter(
        0.05,
        low=0.0,
        high=0.2,
        at_least=0.0,
        at_most=1.0,
        unit="chance a matter",
        source="none found; zero is in the range, and the default that of over-approval",
        grade="assumption",
        description="Where policy or money is shared and nobody clearly leads: of the matters that the two settle, "
        "the share that one of them blocks. A matter is either a treatment whose funding is decided or reviewed, "
        "which then is not funded until its next review, or a shared purse in one month, which then starts nobody "
        "new; what is blocked and over-approved at once is settled as if neither had happened",
    )
    over_approval_share: float = parameter(
        0.05,
        low=0.0,
        high=0.2,
        at_least=0.0,
        at_most=1.0,
        unit="chance a matter",
        source="none found; zero is in the range, and the default that of disputes",
        grade="assumption",
        description="Where nobody clearly leads: chance that a topic is funded whatever its value, and that a shared "
        "purse spends ahead in a month, each expecting the other to pay",
    )
    over_approval_of_plan: float = parameter(
        0.02,
        low=0.0,
        high=0.05,
        at_least=0.0,
        at_most=1.0,
        unit="share of plan",
        source="none found",
        grade="assumption",
        description="How far beyond its limit a shared purse goes in such a month; what is overspent is settled by the "
        "year-end rule",
    )


class Joint(NamedTuple):
    """What sharing policy does in the P places and S services."""

    muddle: Keys  # [P, S] the two who share without a clear lead, 0 elsewhere
    months: Floats  # [P, S] by which a decision is later
    dispute: float
    over_approval: float


def undisturbed(shape: tuple[int, ...]) -> Joint:
    """Return what sharing does where nobody shares."""
    return Joint(np.zeros(shape, dtype=np.uint64), np.zeros(shape), 0.0, 0.0)


def without_partners(regime: Regime) -> Regime:
    """Return the same regime with every holder alone."""

    def alone(cell: Cell) -> Cell:
        other = alone(cell.elsewhere) if cell.elsewhere is not None else None
        return replace(cell, partner=None, lead="holder", elsewhere=other)

    def rows(of: Mapping[Key, Row]) -> dict[Key, Row]:
        return {key: {function: alone(cell) for function, cell in row.items()} for key, row in of.items()}

    return replace(regime, matrix=rows(regime.matrix), listed=rows(regime.listed))


def informed_share(lead: Floats, other: Floats, brought: float) -> Floats:
    """Return the part of the nation's staff that decides: the lead's and what the other brings, at most all."""
    share: Floats = np.minimum(lead + brought * other, np.maximum(lead, 1.0))
    return share


@rule
def outcome(luck: Luck, matter: np.uint64, occasion: int, dispute: float, over_approval: float) -> int:
    """Return what becomes of a matter between two of whom neither leads.

    Each chance is drawn apart; where both come up they cancel out, so equal chances block and approve equally often.
    """
    blocked = unit(words(luck, matter, DISPUTE, occasion)[0]) < dispute
    approved = unit(words(luck, matter, OVER_APPROVAL, occasion)[0]) < over_approval
    return int(approved) - int(blocked)
