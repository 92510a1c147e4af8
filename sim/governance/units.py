"""Commissioning units: who holds each function where, and what follows from a unit's people and area.

A unit is known by the places it holds, never by a name or level. What may differ between units (staff,
sight of the country, cases) follows from their share of the nation's people.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.governance.matrix import FUNCTIONS, Cell, Function, Regime
from sim.luck.identity import unit_identity
from sim.world.capacity import Offers
from sim.world.places import Places
from sim.world.services import Services
from sim.world.travel import great_circle_km
from sim.world.world import World

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Holders:
    """Who holds the functions of one regime; identities are uint64[P, S], shares float64[P, S].

    A share is the part of the nation's people who live in the unit: of one national staff it has that part.
    """

    policy: Keys
    policy_share: Floats
    contracting: Keys
    contracting_share: Floats
    cases: Keys
    home: npt.NDArray[np.int64]  # [K] the place in which each provider stands
    units: Keys  # [units] all that hold any function, each once, sorted

    @property
    def bodies(self) -> int:
        """Count the units that hold any function."""
        return self.units.size

    def of(self, function: Function) -> Keys:
        """Return who holds a function that needs people: policy, contracting or cases; uint64[P, S]."""
        held: Keys = getattr(self, function)
        return held

    def in_footprint(self, offers: Offers) -> npt.NDArray[np.bool_]:
        """Tell which centres stand in the area of a place's contracting holder, bool[P, C]."""
        stands = self.home[offers.provider]
        inside: npt.NDArray[np.bool_] = self.contracting[:, offers.service] == self.contracting[stands, offers.service]
        return inside


def unit_identities(places: Places) -> Mapping[str, Keys]:
    """Return for each level the identity of the unit that holds each place, uint64[P]."""
    found = {}
    codes = np.array(places.codes)
    for level, unit_of in places.unit_of.items():
        by_unit = [unit_identity(codes[unit_of == unit]) for unit in range(int(unit_of.max()) + 1)]
        found[level] = np.array(by_unit, dtype=np.uint64)[unit_of]
    return found


def cells_by_place(places: Places, cell: Cell) -> Iterator[tuple[npt.NDArray[np.bool_], Cell]]:
    """Yield the cells that hold in different places, each with its places, bool[P]; every place has one."""
    inside = np.ones(len(places.codes), dtype=np.bool_)
    if cell.elsewhere is not None:
        inside = np.zeros_like(inside)
        for level, units in cell.where:
            named = np.isin(places.unit_codes[level], units)
            inside |= named[places.unit_of[level]]
        for theirs, other in cells_by_place(places, cell.elsewhere):
            yield theirs & ~inside, other
    yield inside, cell


def deciding_units(places: Places, identity: Mapping[str, Keys], cell: Cell) -> Keys:
    """Return the identity of the unit that decides in each place, uint64[P]."""
    unit = np.zeros(len(places.codes), dtype=np.uint64)
    for inside, part in cells_by_place(places, cell):
        unit[inside] = identity[part.decides_at][inside]
    return unit


def holders(
    places: Places, identity: Mapping[str, Keys], services: Services, regime: Regime, function: Function
) -> Keys:
    """Return the identity of the unit that decides one function, uint64[P, S]."""
    columns = [
        deciding_units(places, identity, regime.cell(service, group, function))  # type: ignore[arg-type]
        for service, group in zip(services.ids, services.groups, strict=True)
    ]
    return np.stack(columns, axis=1)


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


def home_places(world: World) -> npt.NDArray[np.int64]:
    """Return the place in which each provider stands, int64[K]: that whose centre is nearest."""
    places, providers = world.places, world.providers
    km = great_circle_km(
        places.latitude[:, None], places.longitude[:, None], providers.latitude[None, :], providers.longitude[None, :]
    )
    return np.asarray(km.argmin(axis=0), dtype=np.int64)


def find_holders(world: World, identity: Mapping[str, Keys], regime: Regime) -> Holders:
    """Work out who holds what under one regime; ``identity`` as from ``unit_identities``."""
    services, population = world.services, world.places.population
    unit = {function: holders(world.places, identity, services, regime, function) for function in FUNCTIONS}
    contracting = unit["contracting"]
    return Holders(
        policy=unit["policy"],
        policy_share=share_of_people(unit["policy"], population),
        contracting=contracting,
        contracting_share=share_of_people(contracting, population),
        cases=unit["cases"],
        home=home_places(world),
        units=np.unique(np.concatenate([keys.ravel() for keys in unit.values()])),
    )
