"""Accounts: whose money pays for which services in which places (mechanism 1, risk pooling).

The pools of a regime follow from its matrix, from what partners bear and from the lines of its budgets. An account is
known by the places of those who bear it and by its line, so the name of a unit or level plays no part, and a region
that holds the whole nation is the nation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.governance.co_commissioning import CoCommissioningParameters
from sim.governance.levers import BudgetLines
from sim.governance.matrix import GROUPS, Regime
from sim.governance.seats import NOBODY, Seats, seats, seats_of_cell, stacked, unit_identities
from sim.governance.units import ALONE, share_of_people
from sim.luck.identity import text_identity, unit_identity
from sim.settings.parameter import Parameters, switch
from sim.world.places import Places
from sim.world.services import HIGHLY_SPECIALISED, Services

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]

EVERYTHING = -1
"""The line of money that is not kept for one group of services."""


class PoolingParameters(Parameters):
    """Whether the size of a pool matters."""

    enabled: bool = switch(
        1, "Whether each holder bears its own risk; when off, all risk is shared as in one national pool"
    )


@dataclass(frozen=True)
class Purses:
    """Who bears the A accounts under one regime, and in which of them nobody clearly leads.

    Bearers are numbered, one body apart for each of its lines; the second of an account is its partner, who bears
    nothing of one that is not shared.
    """

    bearer: Longs  # [A, 2]
    who: Keys  # [A, 2] the identities of the bearers, 0 for nobody
    part: Floats  # [A, 2]; rows sum to 1
    muddle: Keys  # [A] one key for the two who share without a clear lead, 0 elsewhere
    line: Longs  # [A]
    joint: CoCommissioningParameters

    @property
    def shared(self) -> bool:
        """Tell whether any account has two bearers."""
        return bool((self.part[:, 1] > 0.0).any())


@dataclass(frozen=True)
class Payers:
    """The A accounts of all regimes of a timeline, sorted by identity.

    ``payer[r]`` is int32[P, S], who pays for the modelled services under regime r of the timeline;
    ``rest_payer[r]`` is int32[P, G], who pays for the services that are not modelled, by group. ``own_share[r]`` is
    float64[P, S], the part of a cost that falls on the smaller of the bodies that bear it: 1 where there is one.
    ``line`` is int64[A], the line of each account: EVERYTHING, or the place of its group in GROUPS.
    """

    identities: tuple[int, ...]
    payer: tuple[npt.NDArray[np.int32], ...]
    rest_payer: tuple[npt.NDArray[np.int32], ...]
    purses: tuple[Purses, ...]
    own_share: tuple[Floats, ...]
    line: Longs

    @property
    def count(self) -> int:
        """Count the accounts."""
        return len(self.identities)


def accounts_of(
    places: Places,
    services: Services,
    regimes: Sequence[Regime],
    pooling: PoolingParameters,
    joint: CoCommissioningParameters = ALONE,
    identity: Mapping[str, Keys] | None = None,
) -> Payers:
    """Find the accounts that the budget rows of the regimes make, and the lines of their budgets.

    ``identity`` is as from ``unit_identities``, where it is known already.
    """
    identity = identity or unit_identities(places)
    nation = np.uint64(unit_identity(places.codes))
    parts = [regime.levers.co_commissioning_share for regime in regimes]
    group = np.array([GROUPS.index(one) for one in services.groups] + list(range(len(GROUPS))), dtype=np.int64)
    whole, lines = [], []
    for regime in regimes:
        modelled = seats(places, identity, services, regime, "budget")
        rest = [seats_of_cell(places, identity, regime.matrix[name]["budget"]) for name in GROUPS]
        both = Seats(*(np.concatenate(pair, axis=1) for pair in zip(modelled, stacked(rest), strict=True)))
        whole.append(both if pooling.enabled else held_by_one(both, nation))
        line = budget_line(group, regime.levers.budget_lines if pooling.enabled else "one")
        lines.append(np.broadcast_to(line, both.holder.shape))
    keys = [purse_keys(money, part, line) for money, part, line in zip(whole, parts, lines, strict=True)]
    known, first = np.unique(np.concatenate([array.ravel() for array in keys]), return_index=True)
    line_of = np.concatenate([array.ravel() for array in lines])[first]
    payer = [np.searchsorted(known, array).astype(np.int32) for array in keys]
    width = len(services.ids)
    return Payers(
        identities=tuple(int(one) for one in known),
        payer=tuple(array[:, :width] for array in payer),
        rest_payer=tuple(array[:, width:] for array in payer),
        purses=tuple(
            purses_of(money, account, (known, line_of), part, joint)
            for money, account, part in zip(whole, payer, parts, strict=True)
        ),
        own_share=tuple(
            own_share(money, part, places.population)[:, :width] for money, part in zip(whole, parts, strict=True)
        ),
        line=line_of,
    )


def budget_line(group: Longs, lines: BudgetLines) -> Longs:
    """Return the line on which the money for each group of services stands: its own number, or EVERYTHING."""
    if lines == "one":
        return np.full_like(group, EVERYTHING)
    return group if lines == "by_group" else np.where(group == GROUPS.index(HIGHLY_SPECIALISED), group, EVERYTHING)


def held_by_one(money: Seats, unit: np.uint64) -> Seats:
    """Return the seats of money that one unit holds alone."""
    nobody = np.zeros_like(money.partner_leads)
    return Seats(np.full_like(money.holder, unit), np.full_like(money.partner, NOBODY), nobody, nobody)


def is_shared(money: Seats, part: float) -> npt.NDArray[np.bool_]:
    """Tell where two bodies bear the money; a partner with no part has no purse, nor a holder without one."""
    both: npt.NDArray[np.bool_] = (money.partner != NOBODY) & (0.0 < part < 1.0)
    return both


def purse_keys(money: Seats, part: float, line: Longs) -> Keys:
    """Return the identity of the account that pays, from the seats of money, the partners' part and the lines.

    The account of one body for everything has that body's identity. All arrays are [P, S].
    """
    keys = only_bearer(money, part)
    both = is_shared(money, part)
    pairs, member = np.unique(np.stack([money.holder[both], money.partner[both]]), axis=1, return_inverse=True)
    made = [text_identity("purse", f"{holder:016x}", f"{partner:016x}") for holder, partner in pairs.T.tolist()]
    keys[both] = np.array(made, dtype=np.uint64)[member.ravel()]
    for number in np.setdiff1d(line, EVERYTHING).tolist():
        on_it = line == number
        bodies, member = np.unique(keys[on_it], return_inverse=True)
        made = [text_identity("line", f"{body:016x}", GROUPS[number]) for body in bodies.tolist()]
        keys[on_it] = np.array(made, dtype=np.uint64)[member.ravel()]
    return keys


def only_bearer(money: Seats, part: float) -> Keys:
    """Return who bears money that is not shared: the partner that bears all of it, otherwise the holder."""
    return np.where((money.partner != NOBODY) & (part >= 1.0), money.partner, money.holder)


def purses_of(
    money: Seats,
    account: npt.NDArray[np.int32],
    known: tuple[Keys, Longs],
    part: float,
    joint: CoCommissioningParameters,
) -> Purses:
    """Find who bears each account; ``known`` are the identities and the lines of all accounts, [A] each."""
    both = is_shared(money, part)
    keys, line = known
    first, second, muddle = keys.copy(), np.full_like(keys, NOBODY), np.zeros_like(keys)
    first[account] = np.where(both, money.holder, only_bearer(money, part))
    second[account[both]] = money.partner[both]
    unclear = both & money.nobody_leads
    muddle[account[unclear]] = money.muddle[unclear]
    who = np.stack([first, second], axis=1)
    on = np.repeat(line[:, np.newaxis], 2, axis=1).astype(np.uint64)
    _, bearer = np.unique(np.stack([who.ravel(), on.ravel()]), axis=1, return_inverse=True)
    partners = np.where(second == NOBODY, 0.0, part)
    return Purses(
        bearer=bearer.reshape(-1, 2).astype(np.int64),
        who=who,
        part=np.stack([1.0 - partners, partners], axis=1),
        muddle=muddle,
        line=line,
        joint=joint,
    )


def borne_by_the_same(one: Purses, accounts: Ints, other: Purses, others: Ints) -> Floats:
    """Return how much of two accounts the same bodies bear, Σ_b min(part of one, part of the other), like ``accounts``.

    1 where one body bears both, or the same bodies share both alike; 0 where nobody has a part in both.
    """
    same = np.zeros(accounts.shape)
    for i in range(2):
        for j in range(2):
            alike = (one.who[accounts, i] == other.who[others, j]) & (one.who[accounts, i] != NOBODY)
            same += np.where(alike, np.minimum(one.part[accounts, i], other.part[others, j]), 0.0)
    return same


def own_share(money: Seats, part: float, population: Longs) -> Floats:
    """Return the part of a cost that falls on the smaller of the bodies that bear it, as ``money`` is shaped."""
    smaller = share_of_people(money.partner, population) < share_of_people(money.holder, population)
    return np.where(is_shared(money, part), np.where(smaller, part, 1.0 - part), 1.0)
