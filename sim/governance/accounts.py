"""Accounts: whose money pays for which services in which places (mechanism 1, risk pooling).

The pools of a regime follow from its matrix alone. An account is known by the places it serves, so the
name of a unit or level plays no part, and a region that holds the whole nation is the nation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.governance.matrix import GROUPS, Regime
from sim.governance.units import deciding_units, holders, unit_identities
from sim.luck.identity import unit_identity
from sim.settings.parameter import Parameters, switch
from sim.world.places import Places
from sim.world.services import Services


class PoolingParameters(Parameters):
    """Whether the size of a pool matters."""

    enabled: bool = switch(
        1, "Whether each holder bears its own risk; when off, all risk is shared as in one national pool"
    )


@dataclass(frozen=True)
class Payers:
    """The A accounts of all regimes of a timeline, sorted by identity.

    ``payer[r]`` is int32[P, S], who pays for the modelled services under regime r of the timeline;
    ``rest_payer[r]`` is int32[P, G], who pays for the services that are not modelled, by group.
    """

    identities: tuple[int, ...]
    payer: tuple[npt.NDArray[np.int32], ...]
    rest_payer: tuple[npt.NDArray[np.int32], ...]

    @property
    def count(self) -> int:
        """Count the accounts."""
        return len(self.identities)


def accounts_of(places: Places, services: Services, regimes: Sequence[Regime], pooling: PoolingParameters) -> Payers:
    """Find the accounts that the budget rows of the regimes make."""
    identity = unit_identities(places)
    payers = [holders(places, identity, services, regime, "budget") for regime in regimes]
    rests = [
        np.stack([deciding_units(places, identity, regime.matrix[group]["budget"]) for group in GROUPS], axis=1)
        for regime in regimes
    ]
    if not pooling.enabled:
        nation = np.uint64(unit_identity(places.codes))
        payers = [np.full_like(payer, nation) for payer in payers]
        rests = [np.full_like(rest, nation) for rest in rests]
    known = np.unique(np.concatenate([array.ravel() for array in (*payers, *rests)]))
    return Payers(
        identities=tuple(int(one) for one in known),
        payer=tuple(np.searchsorted(known, payer).astype(np.int32) for payer in payers),
        rest_payer=tuple(np.searchsorted(known, rest).astype(np.int32) for rest in rests),
    )
