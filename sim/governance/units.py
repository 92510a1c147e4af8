"""Commissioning units: who holds each function where, and what follows from a unit's people and area.

A unit is known by the places it holds, never by a name or level. What may differ between units (staff,
sight of the country, cases) follows from their share of the nation's people.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.governance.co_commissioning import CoCommissioningParameters, Joint, informed_share
from sim.governance.matrix import FUNCTIONS, Function, Regime
from sim.governance.seats import NOBODY, Seats, seats
from sim.world.capacity import Offers
from sim.world.world import World

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

ALONE = CoCommissioningParameters()
"""What holds where no cell names a partner: none of it acts."""


ODD = np.uint64(0x9E3779B97F4A7C15)
"""Tells a pair of units from the same pair the other way round."""


@dataclass(frozen=True)
class Holders:
    """Who holds the functions of one regime; identities are uint64[P, S], shares float64[P, S].

    Where a function is shared, the unit is the lead. A share is the part of the nation's people who live in the
    unit: of one national staff it has that part, and with it what a partner brings.
    """

    policy: Keys
    policy_share: Floats
    contracting: Keys
    contracting_share: Floats
    contracting_other: Keys  # who takes part in contracts without deciding, 0 where nobody does
    other_part: Floats  # of what is shared in contracts, 0 where nobody takes part
    sight_share: Floats  # the part that sees need best, among those who share contracts
    cases: Keys
    joint: Joint
    home: npt.NDArray[np.int64]  # [K] the place in which each provider stands
    works_for: tuple[Keys, ...]  # who decides or bears money: one array for each function, and each who bears
    joins: tuple[Keys, ...]  # with whom a function is shared, 0 where with nobody; one array for each function

    @property
    def units(self) -> Keys:
        """Return all units that hold any function, each once, sorted."""
        return different(*self.works_for)

    @property
    def partners(self) -> Keys:
        """Return the units with which a function is shared, each once, sorted."""
        return different(*self.joins)

    def of(self, function: Function) -> Keys:
        """Return who holds a function that needs people: policy, contracting or cases; uint64[P, S]."""
        held: Keys = getattr(self, function)
        return held

    def in_footprint(self, offers: Offers) -> npt.NDArray[np.bool_]:
        """Tell which centres stand in the area of a place's contracting holder, bool[P, C]."""
        stands = self.home[offers.provider]
        inside: npt.NDArray[np.bool_] = self.contracting[:, offers.service] == self.contracting[stands, offers.service]
        return inside


def share_of_people(unit: Keys, population: npt.NDArray[np.int64]) -> Floats:
    """Return the part of all people who live in each place's unit, float64[P, S], from identities [P, S]."""
    share = np.empty(unit.shape)
    for service in range(unit.shape[1]):
        _, member = np.unique(unit[:, service], return_inverse=True)
        share[:, service] = np.bincount(member, weights=population)[member] / population.sum()
    return share


def mean_over_people(values: Floats, unit: Keys, population: npt.NDArray[np.int64]) -> Floats:
    """Return the mean over the people of each place's unit, float64[P, S], from values and identities [P, S]."""
    mean = np.empty(values.shape)
    for service in range(unit.shape[1]):
        _, member = np.unique(unit[:, service], return_inverse=True)
        whole = np.bincount(member, weights=population * values[:, service])
        mean[:, service] = (whole / np.bincount(member, weights=population))[member]
    return mean


def find_holders(
    world: World, identity: Mapping[str, Keys], regime: Regime, joint: CoCommissioningParameters = ALONE
) -> Holders:
    """Work out who holds what under one regime; ``identity`` as from ``unit_identities``."""
    services, places = world.services, world.places
    of = {function: seats(places, identity, services, regime, function) for function in FUNCTIONS}
    policy, contracting = of["policy"], of["contracting"]
    people = {name: share_of_people(of[name].decider, places.population) for name in ("policy", "contracting")}
    brought, part = joint.partner_staff_share, regime.levers.co_commissioning_share
    other_part = np.where(contracting.partner_leads, 1.0 - part, part) * (contracting.other != NOBODY)
    theirs = share_of_people(contracting.other, places.population)
    return Holders(
        policy=policy.decider,
        policy_share=informed_share(people["policy"], met_share(policy, places.population), brought),
        contracting=contracting.decider,
        contracting_share=informed_share(people["contracting"], met_share(contracting, places.population), brought),
        contracting_other=contracting.other,
        other_part=other_part,
        sight_share=np.minimum(people["contracting"], np.where(other_part > 0.0, theirs, 1.0)),
        cases=of["cases"].decider,
        joint=Joint(
            policy.muddle,
            joint.coordination_months * (policy.other != NOBODY),
            float(joint.dispute_share),
            float(joint.over_approval_share),
        ),
        home=world.home,
        works_for=acting(of, part),
        joins=tuple(sat.partner for sat in of.values()),
    )


def met_share(sat: Seats, population: npt.NDArray[np.int64]) -> Floats:
    """Return the part of all people whom a body that takes part has in common with who decides, 0 where nobody does.

    It brings staff to each of those whom it joins by the people they have in common, so that no staff count twice.
    """
    pairs = sat.decider ^ (sat.other * ODD)
    return np.where(sat.other == NOBODY, 0.0, share_of_people(pairs, population))


def acting(of: Mapping[Function, Seats], partners_part: float) -> tuple[Keys, ...]:
    """Return who decides anything, and who bears a part of the money; ``partners_part`` is that of partners."""
    money = of["budget"]
    bear = [np.where(money.partner == NOBODY, money.holder, side) for side in bearers(money, partners_part)]
    return (*(sat.decider for name, sat in of.items() if name != "budget"), *bear)


def bearers(money: Seats, partners_part: float) -> list[Keys]:
    """Return the sides of a shared purse that bear any of it."""
    sides = [(1.0 - partners_part, money.holder), (partners_part, money.partner)]
    return [side for part, side in sides if part > 0.0]


def different(*keys: Keys) -> Keys:
    """Return the different units in several arrays of identities, sorted, nobody aside."""
    found: Keys = np.unique(np.concatenate([array.ravel() for array in keys]))
    somebody: Keys = found[found != NOBODY]
    return somebody
