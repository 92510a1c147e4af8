"""The Mesa model: patients, providers and commissioners on the columns of one run."""

from collections.abc import Sequence
from typing import Any

import mesa

from sim.agents.commissioner import Commissioner
from sim.agents.patient import Patient, PatientSet
from sim.agents.provider import Provider
from sim.agents.state import new_state
from sim.agents.together import AllAgents
from sim.governance.matrix import Regime
from sim.model.common import Common
from sim.model.setup import govern
from sim.phases import PHASES, Phase, Situation
from sim.phases.observation import begin_experienced
from sim.phases.referral import first_looks, prepare
from sim.specification.parameters import ParameterSet
from sim.world.population import Population
from sim.world.world import World


class CommissioningModel(mesa.Model):
    """One regime, or a timeline of regimes, on one population; a step is a month.

    Providers and commissioners are ordinary Mesa agents; patients are a set of views on columns.
    Every draw is keyed, so Mesa's own random numbers are never used.
    """

    def __init__(
        self,
        world: World,
        population: Population,
        timeline: Sequence[tuple[int, Regime]],
        parameters: ParameterSet,
        start_month: int,
        common: Common | None = None,
    ) -> None:
        """Set up a run; ``start_month`` counts from January 1900, the timeline from the first month.

        ``common`` is of the other four, where other regimes of the replicate have it already.
        """
        super().__init__(seed=population.plan.seed)
        common = common or Common(world, population, parameters, start_month)
        self.government = govern(world, population, timeline, parameters, start_month, common)
        world = common.with_sites
        self.state = new_state(world, population, self.government.payers.payer[0].copy(), self.government.payers.count)
        prepare(self.state, common.distances, parameters.referral, parameters.deprivation)
        begin_experienced(self.state, parameters.expertise)
        self.state.reach.recognition[:] = common.recognition
        self.situation = Situation(
            self.state, self.government, parameters, first_looks(self.state, parameters.referral)
        )
        for row in range(len(world.providers.ids)):
            Provider(self, row)
        for row in range(self.government.payers.count):
            Commissioner(self, row)
        self.patients = PatientSet(self)

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], Any]:
        """Return the agents of each kind; patients as a column-backed set."""
        return {**super().agents_by_type, Patient: self.patients}

    @property
    def agent_types(self) -> list[type]:
        """Return the kinds of agents."""
        return list(self.agents_by_type)

    @property
    def agents(self) -> Any:
        """Return every agent, patients included."""
        return AllAgents(super().agents, self.patients)

    def step(self) -> None:
        """Let one month pass: every phase in the order of PHASES."""
        for phase in PHASES:
            self.act(phase)
        self.state.month += 1
        self.running = self.state.month < self.state.population.plan.months

    def act(self, phase: Phase) -> None:
        """Run one phase; whoever wants to look on between two phases does so here."""
        phase.run(self.situation)

    def close(self) -> None:
        """Let go of the agents.

        A model and its agents know each other, so the columns of millions go here, not when the cycle is found.
        """
        self.running = False
        for held in ("state", "situation", "patients"):
            self.__dict__.pop(held, None)
