"""Twins: probes of weight 0 who follow the pathway as patients do, and show what the postcode alone does."""

from typing import TYPE_CHECKING

from benchmarks.oracle.patient import Patient
from benchmarks.oracle.person import AWAITING_FUNDS, AWAITING_SLOT

if TYPE_CHECKING:
    from benchmarks.oracle.provider import Clinic


class Twin(Patient):
    """A probe of weight 0: it queues like anybody else, sees what was left, and uses neither money nor slots."""

    def look_at_money(self) -> None:
        """Be agreed to if someone who stood behind was, or if the queue was served and the price is still there."""
        if self.state == AWAITING_FUNDS and self.payer.would_agree(self):
            self.be_agreed_to()

    def look_at_slots(self) -> None:
        """Begin if someone who stood behind did, or if a slot is left."""
        if self.state == AWAITING_SLOT and self.finds_room(self.clinic):
            day = self.day_for_slot()
            if day <= self.death_day:
                self.begin(day)

    def finds_room(self, clinic: "Clinic") -> bool:
        """Tell whether a slot is left, or went to someone who stood behind."""
        return clinic.free > 0 or (clinic.last is not None and self.turn < clinic.last)

    def stand_at_payer(self) -> None:
        """Take nobody's place."""

    join_queue_of_clinic = leave_queue_of_clinic = use_slot = take_place = give_up_place = stand_at_payer
