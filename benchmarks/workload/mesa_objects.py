"""W in idiomatic Mesa: one agent a patient, a commissioner and a cell; every agent steps in every step."""

import heapq
import warnings
from typing import Any

import mesa
import numpy as np
import numpy.typing as npt

from benchmarks.workload.law import (
    CELLS,
    DEAD,
    DECISION,
    DECISION_STAY,
    EXIT,
    LIFETIME,
    REFERRED,
    REFERRED_STAY,
    REFUSED,
    RELAPSE,
    SEED,
    STATES,
    TREATED,
    TREATED_STAY,
    UNDIAGNOSED,
    WAITING,
    World,
    capacity,
)
from benchmarks.workload.made import Made, timed

Queue = list[tuple[int, int, "Patient"]]


class Patient(mesa.Agent):
    """Someone who falls ill, asks, waits, is treated and dies."""

    def __init__(self, model: "Workload", commissioner: "Commissioner", cell: "Cell", service: int) -> None:
        super().__init__(model)
        self.commissioner, self.cell = commissioner, cell
        self.cost = int(model.world.cost[service])
        self.state = UNDIAGNOSED
        self.ends = 1.0 / model.world.means[service]  # probability a step that the present stay ends
        self.referral = 0

    def step(self) -> None:
        """Die, or end the present stay, or go on."""
        luck = self.random.random
        if luck() < self.model.dies:
            self.move(DEAD)
            self.remove()
        elif self.ends and luck() < self.ends:
            self.end_stay(luck())

    def end_stay(self, luck: float) -> None:
        """Go where the pathway leads."""
        if self.state == UNDIAGNOSED or (self.state == TREATED and luck < RELAPSE):
            self.referral = self.model.step_now
            self.move(REFERRED, REFERRED_STAY)
        elif self.state == REFERRED:
            self.move(DECISION, DECISION_STAY)
        elif self.state == DECISION and luck >= REFUSED:
            self.ends = 0.0
            self.commissioner.ask(self)
        else:
            self.move(EXIT)
            self.remove()

    def move(self, state: int, kind: int | None = None) -> None:
        """Change state; a kind of stay sets when the next one ends."""
        now = self.commissioner.patients
        now[self.state] -= 1
        now[state] += 1
        self.state = state
        self.ends = 0.0 if kind is None else self.model.ends[kind]
        self.model.events += 1


class Commissioner(mesa.Agent):
    """Who pays."""

    def __init__(self, model: "Workload", budget: int) -> None:
        super().__init__(model)
        self.budget, self.spent = budget, 0
        self.requests: Queue = []
        self.patients = [0] * STATES

    def ask(self, patient: Patient) -> None:
        """Take a request."""
        heapq.heappush(self.requests, (patient.referral, patient.unique_id, patient))

    def step(self) -> None:
        """Agree to requests in order while there is money."""
        if self.model.step_now % self.model.world.per_year == 0:
            self.spent = 0
        while self.requests and self.spent < self.budget:
            patient = heapq.heappop(self.requests)[2]
            if patient.state == DECISION:
                self.spent += patient.cost
                patient.move(WAITING)
                patient.cell.queue(patient)


class Cell(mesa.Agent):
    """A service at a provider."""

    def __init__(self, model: "Workload", row: int) -> None:
        super().__init__(model)
        self.row = row
        self.waiting: Queue = []

    def queue(self, patient: Patient) -> None:
        """Let a patient wait for a slot."""
        heapq.heappush(self.waiting, (patient.referral, patient.unique_id, patient))

    def step(self) -> None:
        """Start the first who wait."""
        free = self.model.capacity[self.row]
        while self.waiting and free > 0:
            patient = heapq.heappop(self.waiting)[2]
            if patient.state == WAITING:
                free -= 1
                patient.move(TREATED, TREATED_STAY)


class Workload(mesa.Model):
    """The world of W as agents."""

    def __init__(self, world: World, seed: int) -> None:
        super().__init__(seed=seed)
        self.world = world
        self.step_now, self.events = 0, 0
        self.dies = 1.0 / float(world.means[LIFETIME])
        self.ends = {kind: 1.0 / float(world.means[kind]) for kind in (REFERRED_STAY, DECISION_STAY, TREATED_STAY)}
        commissioners = [Commissioner(self, int(budget)) for budget in world.budget]
        cells = [Cell(self, row) for row in range(CELLS)]
        given = (world.commissioner.tolist(), world.cell.tolist(), world.service.tolist())
        for payer, cell, service in zip(*given, strict=True):
            Patient(self, commissioners[payer], cells[cell], service)
            commissioners[payer].patients[UNDIAGNOSED] += 1
        self.data = mesa.DataCollector(model_reporters={"counts": Workload.counted})

    def counted(self) -> npt.NDArray[np.int32]:
        """Count patients by commissioner and state."""
        return np.array([one.patients for one in self.agents_by_type[Commissioner]], dtype=np.int32)

    def step(self) -> None:
        """Let one step pass."""
        self.capacity = capacity(self.world, self.step_now).tolist()
        for kind in (Patient, Commissioner, Cell):
            self.agents_by_type[kind].do("step")
        self.data.collect(self)
        self.step_now += 1


def run(world: World, seed: int = SEED) -> Made:
    """Run a world."""

    def whole() -> tuple[npt.NDArray[Any], int]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # Mesa 3.5 would rather have rng than seed
            model = Workload(world, seed)
        for _ in range(world.steps):
            model.step()
        return np.array(model.data.model_vars["counts"]), model.events

    return timed(whole)
