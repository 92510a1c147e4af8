"""Providers: each treats in the clinics of its services, by urgency, then date, as far as slots go."""

import heapq
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import mesa

from benchmarks.oracle.patient import Patient
from benchmarks.oracle.person import AWAITING_SLOT, Service

if TYPE_CHECKING:
    from benchmarks.oracle.model import PathwayModel

Turn = tuple[int, int, int, int]

EXACT = 1 << 20
"""Starts accrue in steps of one over this, so that no float decides when a start falls due."""


class Clinic:
    """One service at one provider: its capacity, its queue, and what can be seen of it from outside."""

    def __init__(self, model: "PathwayModel", cell: int, service: Service, provider: int, capacity: float) -> None:
        """Open with nobody waiting and nobody steered here."""
        self.model, self.cell, self.service, self.provider = model, cell, service, provider
        self.capacity = self.size = capacity
        self.queue: list[tuple[Turn, Patient]] = []
        self.waiting = self.occupied = 0
        self.free: float = 0
        self.last: Turn | None = None
        self.earned: dict[int, int] = {}  # pence by year
        self.publish([False] * len(model.hours))

    def publish(self, steered: Sequence[bool]) -> None:
        """Let everyone see the capacity, the months that the queue would take to clear, and who is steered here."""
        monthly = max(self.capacity / self.service.stay_years / 12.0, 1e-9) / self.service.weight
        self.seen_capacity, self.seen_wait, self.steered = self.capacity, self.waiting / monthly, steered

    def utility(self, place: int) -> float:
        """Return the log odds with which people of a place choose this clinic; −∞ while it is closed."""
        if self.seen_capacity <= 0.0:
            return -math.inf
        taste = self.model.taste
        if taste.travel:
            utility = -taste.per_hour * self.model.hours[place][self.provider]
        else:  # people spread as supply does
            utility = math.log(max(self.seen_capacity, 1e-9))
        utility -= taste.per_month_of_wait * self.seen_wait
        return utility + taste.in_footprint * self.steered[place]

    def open_month(self) -> None:
        """Count the starts of this month, or the places that are not in use."""
        supply, month = self.model.supply, self.model.month
        self.last = None
        if not supply.limited:
            self.free = math.inf
            return
        yearly = self.capacity * supply.scale / self.service.weight
        if self.service.ongoing:
            self.free = max(math.floor(yearly + 1e-9) - self.occupied, 0)
            return
        rate = round(yearly * EXACT)
        self.free = (month + 1) * rate // 12 // EXACT - month * rate // 12 // EXACT

    def queue_up(self, patient: Patient) -> None:
        """Take someone into the queue."""
        heapq.heappush(self.queue, (patient.turn, patient))
        self.waiting += 1

    def give_slot(self, patient: Patient) -> None:
        """Use one slot, and note whose it was."""
        self.free -= 1
        self.last = patient.turn

    def start_waiting(self) -> None:
        """Start those who wait, in order, while slots last; who dies before the day of the slot is passed over."""
        while self.free > 0 and self.queue:
            _, patient = heapq.heappop(self.queue)
            if patient.state != AWAITING_SLOT:
                continue
            day = patient.day_for_slot()
            if day <= patient.death_day:
                self.waiting -= 1
                self.give_slot(patient)
                patient.begin(day)


class Provider(mesa.Agent):
    """One provider and its clinics."""

    def __init__(self, model: "PathwayModel", row: int, clinics: list[Clinic]) -> None:
        """Run some clinics."""
        super().__init__(model)
        self.row, self.clinics = row, clinics

    def publish_waits(self) -> None:
        """Publish the waits of a quarter."""
        for clinic in self.clinics:
            clinic.publish(self.model.governance.steered[clinic.cell])

    def open_month(self) -> None:
        """Count what can be given this month."""
        for clinic in self.clinics:
            clinic.open_month()

    def start_waiting(self) -> None:
        """Start those who wait."""
        for clinic in self.clinics:
            clinic.start_waiting()
