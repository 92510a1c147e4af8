"""Seats: which units hold, share and lead one function in each place."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.governance.matrix import Cell, Function, Regime
from sim.luck.identity import unit_identity
from sim.world.places import Places
from sim.world.services import Services

Keys = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

NOBODY = np.uint64(0)


class Seats(NamedTuple):
    """Who sits where, for one function: in the P places, or in places and services."""

    holder: Keys
    partner: Keys  # NOBODY where the holder is alone; a unit is no partner of itself
    partner_leads: Bools
    nobody_leads: Bools

    @property
    def decider(self) -> Keys:
        """Return who decides: the lead, or the holder where nobody clearly leads."""
        return np.where(self.partner_leads, self.partner, self.holder)

    @property
    def other(self) -> Keys:
        """Return who takes part without deciding, NOBODY where the decider is alone."""
        return np.where(self.partner_leads, self.holder, self.partner)

    @property
    def muddle(self) -> Keys:
        """Return one key for the two who share without a clear lead, 0 elsewhere."""
        return np.where(self.nobody_leads, self.holder ^ self.partner, NOBODY)


def unit_identities(places: Places) -> Mapping[str, Keys]:
    """Return for each level the identity of the unit that holds each place, uint64[P]."""
    found = {}
    codes = np.array(places.codes)
    for level, unit_of in places.unit_of.items():
        by_unit = [unit_identity(codes[unit_of == unit]) for unit in range(int(unit_of.max()) + 1)]
        found[level] = np.array(by_unit, dtype=np.uint64)[unit_of]
    return found


def cells_by_place(places: Places, cell: Cell) -> Iterator[tuple[Bools, Cell]]:
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


def seats_of_cell(places: Places, identity: Mapping[str, Keys], cell: Cell) -> Seats:
    """Return who sits where under one cell, [P]; ``identity`` as from ``unit_identities``."""
    size = len(places.codes)
    holder, partner = np.zeros(size, dtype=np.uint64), np.zeros(size, dtype=np.uint64)
    partner_leads, nobody_leads = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
    for inside, part in cells_by_place(places, cell):
        holder[inside] = identity[part.held_at][inside]
        if part.as_one and inside.any():
            holder[inside] = unit_identity([places.codes[place] for place in np.flatnonzero(inside)])
        if part.partner is not None:
            shared = inside & (identity[part.partner] != holder)
            partner[shared] = identity[part.partner][shared]
            partner_leads |= shared & (part.lead == "partner")
            nobody_leads |= shared & (part.lead == "none")
    return Seats(holder, partner, partner_leads, nobody_leads)


def stacked(columns: list[Seats]) -> Seats:
    """Set the seats of several services or groups side by side, [P, S]."""
    return Seats(*(np.stack(arrays, axis=1) for arrays in zip(*columns, strict=True)))


def seats(places: Places, identity: Mapping[str, Keys], services: Services, regime: Regime, of: Function) -> Seats:
    """Return who sits where for one function of each service, [P, S]."""
    cells = [
        regime.cell(service, group, of)  # type: ignore[arg-type]
        for service, group in zip(services.ids, services.groups, strict=True)
    ]
    found = {cell: seats_of_cell(places, identity, cell) for cell in dict.fromkeys(cells)}
    return stacked([found[cell] for cell in cells])
