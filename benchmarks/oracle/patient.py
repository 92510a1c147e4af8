"""Patients: they fall ill, are recognised, choose a centre, ask, wait, are treated and die."""

import math
from typing import TYPE_CHECKING

from benchmarks.oracle.person import (
    AWAITING_FUNDS,
    AWAITING_SLOT,
    DAYS_PER_YEAR,
    DEAD,
    DIAGNOSED,
    DIVERTED,
    NO_BED,
    NO_POLICY,
    NOT_REFERRED,
    ON_TREATMENT,
    REFERRED,
    TOO_FAR,
    TREATED,
    UNDIAGNOSED,
    Given,
    Person,
)
from sim.luck.decisions import CHOICE, DIAGNOSIS, PANEL, PROCEDURE, QUEUE_TIE, REQUEST, START_DAY, STOP, TOPIC
from sim.luck.draws import exponential, unit
from sim.world.people import ENTRY_DIAGNOSED, ENTRY_TREATED, NEVER

if TYPE_CHECKING:
    from benchmarks.oracle.model import PathwayModel
    from benchmarks.oracle.provider import Clinic

TIE_BITS = 40


class Patient(Person):
    """Someone on the pathway."""

    def __init__(self, model: "PathwayModel", given: Given) -> None:
        """Fall ill."""
        super().__init__(model, given)
        self.fall_ill()

    def live_on(self) -> None:
        """Die or stop treatment, if this is the month for it, and give back what is held."""
        if self.death_day < self.model.month_end:
            if self.state == ON_TREATMENT:
                self.give_up_place()
            elif self.state == AWAITING_SLOT:
                self.leave_queue_of_clinic()
            self.state = DEAD
            self.remove()
        elif self.state == ON_TREATMENT and self.stop_day < self.model.month_end:
            self.give_up_place()
            self.state = TREATED

    # The way to a centre

    def fall_ill(self) -> None:
        """Enter on treatment, waiting, or with an illness that is not recognised yet."""
        given, service = self.given, self.service
        if given.entry == ENTRY_TREATED:
            self.state = ON_TREATMENT
            self.diagnosis_day = self.start_day = given.given_day
            self.live_with(service.treated_hazard, 0)
            return
        if given.entry == ENTRY_DIAGNOSED:
            begin = max(given.given_day, 0)
            self.diagnosis_day = given.given_day
        else:
            begin = max(given.onset_day, 0)
            years = exponential(self.draw(DIAGNOSIS)[0], service.delay_years)
            self.diagnosis_day = begin + int(years * DAYS_PER_YEAR)
        self.live_with(self.untreated_hazard * service.before_diagnosis, begin)

    def see_doctor(self) -> None:
        """Be recognised, unless death comes first."""
        day = self.diagnosis_day
        if self.state == UNDIAGNOSED and day < self.model.month_end and day <= self.death_day:
            self.state = DIAGNOSED
            self.live_with(self.untreated_hazard, max(day, 0))

    def be_referred(self) -> None:
        """Choose a centre; who lives far from it is referred less often. Emergencies just go."""
        if self.state != DIAGNOSED:
            return
        self.line_up()
        a, b, _, _ = self.draw(CHOICE)
        if not self.service.clinics:
            self.leave(NOT_REFERRED)
            return
        self.clinic = self.choose(unit(a))
        if self.service.emergency:
            self.model.emergencies.append(self)
            return
        next_door, per_hour = self.model.attendance
        odds = next_door - per_hour * self.hours_to(self.clinic)
        if unit(b) > 1.0 / (1.0 + math.exp(-next_door)):
            self.leave(NOT_REFERRED)
        elif unit(b) > 1.0 / (1.0 + math.exp(-odds)):
            self.leave(TOO_FAR)
        else:
            self.state = REFERRED

    def line_up(self) -> None:
        """Take a place in every queue to come: by urgency, day of diagnosis, a keyed tie, then identity."""
        high, low, _, _ = self.draw(QUEUE_TIE)
        urgency = 0 if self.service.urgent else 2 - self.given.severity
        tie = ((int(high) << 32) | int(low)) >> (64 - TIE_BITS)
        self.turn = (urgency, self.diagnosis_day, tie, self.given.identity)

    def leave(self, why: str) -> None:
        """Leave the pathway untreated."""
        self.state = self.lost = why

    def hours_to(self, clinic: "Clinic") -> float:
        """Return the hours of travel that are felt."""
        return self.model.hours[self.given.place][clinic.provider]

    def choose(self, luck: float) -> "Clinic":
        """Choose a centre by a logit in travel time, the wait last published, and whose area it stands in."""
        clinics = self.service.clinics
        utility = [clinic.utility(self.given.place) for clinic in clinics]
        best = max(utility)
        odds = [math.exp(one - best) for one in utility] if best > -math.inf else [1.0] * len(utility)
        total, so_far = sum(odds), 0.0
        for clinic, one in zip(clinics, odds, strict=True):
            so_far += one
            if luck <= so_far / total:
                return clinic
        return clinics[-1]

    # Asking for treatment

    def ask(self) -> None:
        """Ask the payer where treatment is funded, a panel where it is not, or look again later."""
        model, again = self.model, self.state == NO_POLICY and self.asks_again <= self.model.month
        if self.state != REFERRED and not (again and self.death_day >= model.month_end):
            return
        decided, funded = model.governance.covers(self.given.place, self.given.service, unit(self.draw(TOPIC)[0]))
        if model.month == 0 and self.given.given_day < 0 and decided:
            self.join_starting_queue()
        elif funded:
            self.ask_payer()
        elif decided and self.service.one_off and model.months_since(self.diagnosis_day) > model.funding.too_late:
            self.look_again(NEVER)
        elif self.has_request or (model.funding.panel_months == 0 and self.makes_request()):
            self.hear_panel()
        elif self.makes_request():
            self.has_request = True
            self.look_again(model.month + model.funding.panel_months)
        else:
            self.look_again(model.month + model.funding.months_between)

    def makes_request(self) -> bool:
        """Tell whether a panel is asked for this patient; what does not exist yet cannot be asked for."""
        if not self.model.governance.can_be_requested(self.given.service):
            return False
        return bool(unit(self.draw(REQUEST)[0]) < self.model.funding.request_share)

    def hear_panel(self) -> None:
        """Hear the answer of the panel of one's place; who is refused may ask again."""
        model, self.has_request = self.model, False
        strictness = model.governance.approval(self.given.place, self.given.service)
        if unit(self.draw(PANEL, self.refusals)[0]) < strictness:
            self.ask_payer()
            return
        self.refusals += 1
        self.refused_day = max(self.diagnosis_day, model.month_begin)
        self.look_again(model.month + model.funding.months_between)

    def look_again(self, month: int) -> None:
        """Wait until a month to ask again."""
        self.state, self.asks_again = NO_POLICY, month

    def ask_payer(self) -> None:
        """Stand in the payer's queue."""
        self.policy_day = max(self.diagnosis_day, self.model.month_begin)
        self.state = AWAITING_FUNDS
        self.stand_at_payer()

    def stand_at_payer(self) -> None:
        """Take a place in the payer's queue."""
        self.payer.queue_up(self)

    def join_starting_queue(self) -> None:
        """Wait for a slot, agreed to and charged before the first day."""
        self.policy_day, self.agreed_beforehand = 0, True
        self.payer.promise(self)
        self.be_agreed_to()

    def be_agreed_to(self) -> None:
        """Wait for a slot from the day of asking on, or from the patient's own day of a later month."""
        self.state = AWAITING_SLOT
        asked_now = self.policy_day >= self.model.month_begin
        self.approval_day = self.policy_day if asked_now else self.own_day()
        self.join_queue_of_clinic()

    def own_day(self) -> int:
        """Return the day of a month on which whoever had to wait is served."""
        first, end = self.model.month_begin, self.model.month_end
        return first + int(unit(self.draw(START_DAY)[0]) * (end - first))

    def join_queue_of_clinic(self) -> None:
        """Stand in the queue of the centre."""
        self.clinic.queue_up(self)

    def leave_queue_of_clinic(self) -> None:
        """Die in the queue: the promise of money is given back."""
        self.clinic.waiting -= 1
        self.payer.take_back(self)

    # Treatment

    def keep_on_treatment(self) -> None:
        """Take a place at the centre chosen, else at the nearest with one, else wait for one where chosen."""
        self.line_up()
        chosen = self.choose(unit(self.draw(CHOICE)[0]))
        nearest = self.model.nearest(self.given.place, self.service)
        self.clinic = next((clinic for clinic in (chosen, *nearest) if clinic.free > 0), chosen)
        self.policy_day = self.approval_day = self.diagnosis_day
        self.payer.promise(self)
        if self.clinic.free > 0:
            self.clinic.free -= 1
            self.begin_ongoing(0)
            return
        self.state, self.start_day = AWAITING_SLOT, NEVER
        self.live_with(self.untreated_hazard, 0)
        self.join_queue_of_clinic()

    def day_for_slot(self) -> int:
        """Return the day on which a slot of this month falls: that of the payer's word if it came this month."""
        return self.approval_day if self.approval_day >= self.model.month_begin else self.own_day()

    def finds_room(self, clinic: "Clinic") -> bool:
        """Tell whether there is a slot left."""
        return clinic.free > 0

    def seek_bed(self) -> None:
        """Go to the nearest centre with a bed this month; without one, meet the untreated risk."""
        nearest, hours = self.model.nearest(self.given.place, self.service), self.hours_to
        found = next((clinic for clinic in nearest if self.finds_room(clinic)), None)
        self.clinic = found  # type: ignore[assignment]
        self.policy_day = self.approval_day = self.diagnosis_day
        if found is None:
            self.leave(NO_BED)
            self.undergo(self.service.kills_untreated, self.diagnosis_day)
            return
        self.wait_minutes = int(hours(self.clinic) * 60.0)
        if self.clinic is not nearest[0] and hours(nearest[0]) * 60.0 <= self.service.window_minutes:
            self.lost = DIVERTED
        self.use_slot()
        self.begin(self.diagnosis_day)

    def use_slot(self) -> None:
        """Take one of the centre's slots of this month."""
        self.clinic.give_slot(self)

    def begin(self, day: int) -> None:
        """Begin treatment: a procedure or an episode at once, or ongoing treatment until it stops."""
        self.start_day = day
        if not self.service.ongoing:
            self.state = TREATED
            self.undergo(self.service.kills_treated, day)
            self.payer.pay_for_start(self)
            return
        self.begin_ongoing(day)

    def begin_ongoing(self, day: int) -> None:
        """Let ongoing treatment run from a day on."""
        self.state = ON_TREATMENT
        self.live_with(self.service.treated_hazard, day)
        if self.service.stop_rate > 0.0:
            years = exponential(self.draw(STOP)[0], 1.0 / self.service.stop_rate)
            self.stop_day = day + int(years * DAYS_PER_YEAR)
        self.take_place()

    def undergo(self, risk: float, day: int) -> None:
        """Live on with the treated hazard, unless the procedure or the episode kills."""
        self.live_with(self.service.treated_hazard, day)
        if unit(self.draw(PROCEDURE)[0]) < risk:
            self.death_day = day

    def take_place(self) -> None:
        """Hold a place at the centre, which the payer pays for by the month."""
        self.clinic.occupied += 1
        self.payer.begin_paying(self)

    def give_up_place(self) -> None:
        """Give the place back."""
        self.clinic.occupied -= 1
        self.payer.stop_paying(self)

    def pay_for_month(self) -> None:
        """Let the payer pay for a month of ongoing treatment."""
        if self.state == ON_TREATMENT:
            self.payer.pay(self)
