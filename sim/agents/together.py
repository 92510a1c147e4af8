"""All agents of a model: Mesa's own set of objects, and the patients on columns behind it."""

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any

import mesa
from mesa.agent import AgentSet

from sim.agents.column_set import refuse_the_rest
from sim.agents.patient import PatientSet


@refuse_the_rest
class AllAgents(AgentSet):
    """Providers, commissioners and patients in one set that can be read but not driven."""

    def __init__(self, objects: AgentSet, patients: PatientSet) -> None:
        """Chain the two sets; nothing is copied."""
        self.objects = objects
        self.patients = patients
        self.random = patients.random

    def __len__(self) -> int:
        """Count all agents."""
        return len(self.objects) + len(self.patients)

    def __iter__(self) -> Iterator[mesa.Agent]:
        """Yield all agents, patients last."""
        return chain(self.objects, self.patients)

    def __contains__(self, agent: object) -> bool:
        """Tell whether an agent belongs to the model."""
        return agent in self.patients or agent in self.objects

    def __getitem__(self, item: int | slice) -> Any:
        """Return one agent, or the list of a slice; patients stand behind the objects."""
        if isinstance(item, slice):
            return list(islice(self, *item.indices(len(self))))
        position = item + len(self) if item < 0 else item
        known = len(self.objects)
        return self.objects[position] if position < known else self.patients[position - known]

    def select(self, filter_func: Callable[[Any], bool] | None = None) -> list[mesa.Agent]:
        """Return the list of agents for which a function is true."""
        return [agent for agent in self if filter_func is None or filter_func(agent)]

    def get(self, attr_names: str | list[str]) -> list[Any]:
        """Return attributes of all agents; raise AttributeError where one lacks them."""
        return [*self.objects.get(attr_names), *self.patients.get(attr_names)]

    def to_list(self) -> list[mesa.Agent]:
        """Return all agents, patients as views."""
        return list(self)
