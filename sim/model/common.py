"""Common: what all regimes of a replicate have alike, worked out once for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.governance.allocation import Envelope
from sim.governance.expectation import Expectation
from sim.governance.expertise import usual_volume
from sim.governance.network import with_possible_sites
from sim.governance.seats import unit_identities
from sim.model.envelope import money_of
from sim.phases.diagnosis import recognition_by_place
from sim.phases.referral import Distances, felt_distances
from sim.specification.parameters import ParameterSet
from sim.world.population import Population
from sim.world.world import World

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Common:
    """What follows from world, people, parameters and the first month, and from no regime.

    Each part is worked out when it is first asked for. Runs read it and never write to it, so that it is the same
    whichever run asked first; it lives as long as the unit of runs that shares it.
    """

    world: World
    population: Population
    parameters: ParameterSet
    start_month: int

    @cached_property
    def money(self) -> tuple[Expectation, Envelope, Floats]:
        """Return what is expected of all services, the envelope, and past spending, float64[P, S]."""
        expected, envelope, past = money_of(self.world, self.population, self.parameters, self.start_month)
        for amounts in (expected.spend, expected.worked_off, envelope.services, envelope.rest, past):
            amounts.flags.writeable = False
        return expected, envelope, past

    @cached_property
    def identity(self) -> Mapping[str, npt.NDArray[np.uint64]]:
        """Return for each level the identity of the unit that holds each place, uint64[P]."""
        return unit_identities(self.world.places)

    @cached_property
    def with_sites(self) -> World:
        """Return the world with the centres that may be opened."""
        return with_possible_sites(self.world, self.parameters.network)

    @cached_property
    def distances(self) -> Distances:
        """Return how far the centres are from each place, and which are near."""
        return felt_distances(self.with_sites, self.parameters.referral)

    @cached_property
    def recognition(self) -> Floats:
        """Return how readily each place's doctors recognise an illness, float64[P, S]."""
        usual = usual_volume(self.with_sites, self.population.plan.start_year)
        return recognition_by_place(self.with_sites, usual, self.parameters.diagnosis)
