"""People: what is given before any regime acts, how they live and die, and what is remembered of them."""

from typing import TYPE_CHECKING, NamedTuple

import mesa
import numpy as np

from sim.luck.draws import words
from sim.luck.philox import Words
from sim.world.people import NEVER

if TYPE_CHECKING:
    from benchmarks.oracle.commissioner import Commissioner
    from benchmarks.oracle.model import PathwayModel
    from benchmarks.oracle.provider import Clinic

UNDIAGNOSED, DIAGNOSED, REFERRED = "undiagnosed", "diagnosed", "referred"
NO_POLICY, AWAITING_FUNDS, AWAITING_SLOT = "no policy", "awaiting funds", "awaiting a slot"
ON_TREATMENT, TREATED, DEAD = "on treatment", "treated", "dead"
NOT_REFERRED, TOO_FAR, NO_BED, DIVERTED = "not referred", "too far", "no bed", "diverted"

DAYS_PER_YEAR = 365.25
MINUTES_PER_DAY = 1440
LONGEST_YEARS = 1000.0


class Service(NamedTuple):
    """What the pathway of one service is like, from the tables of the world."""

    number: int
    weight: int  # people for whom a row stands
    one_off: bool
    ongoing: bool
    emergency: bool
    delay_years: float
    hazard: tuple[float, float]  # without treatment, a year: of the others and of the severe
    before_diagnosis: float  # multiplies it
    treated_hazard: float
    stay_years: float  # for which a place, or a start, is held; 1 unless ongoing
    stop_rate: float
    kills_untreated: float  # an emergency without a bed
    kills_treated: float  # the procedure or episode
    price: int  # pence, for a start or for a month
    window_minutes: int
    urgent: bool  # asked for by people who cannot wait
    clinics: list["Clinic"]


class Given(NamedTuple):
    """A person as drawn, before any regime acts."""

    row: int
    identity: int
    luck_owner: np.uint64
    excess_budget: float
    onset_day: int
    given_day: int
    background_death_day: int
    place: int
    weight: int
    service: int
    severity: int
    entry: int


class Person(mesa.Agent):
    """One person in need, or as many as the row stands for; days count from the first simulated day."""

    def __init__(self, model: "PathwayModel", given: Given) -> None:
        """Remember what is given; nothing has happened yet."""
        super().__init__(model)
        self.model: PathwayModel
        self.given = given
        self.service: Service = model.services[given.service]
        self.payer: Commissioner = model.payers[given.place][given.service]
        self.clinic: Clinic = None  # type: ignore[assignment]  # until one is chosen, or where no bed is found
        self.state, self.lost = UNDIAGNOSED, ""
        self.diagnosis_day = self.policy_day = self.approval_day = self.start_day = NEVER
        self.stop_day = self.death_day = self.refused_day = NEVER
        self.wait_minutes = self.bill = 0
        self.refusals, self.has_request, self.asks_again = 0, False, NEVER
        self.agreed_beforehand = False
        self.turn: tuple[int, int, int, int] = (0, 0, 0, given.identity)
        self.excess_left, self.hazard, self.hazard_since = given.excess_budget, 0.0, 0

    def draw(self, decision: int, occasion: int = 0) -> Words:
        """Return four words of this patient's luck."""
        return words(self.model.luck, self.given.luck_owner, decision, occasion)

    @property
    def price(self) -> int:
        """Return what a start, or a month, costs the payer."""
        return self.service.price * self.given.weight

    # Living and dying

    def live_with(self, hazard: float, day: int) -> None:
        """Meet another hazard of the illness from a day on: it kills when all that was lived through is spent."""
        years = max(day - self.hazard_since, 0) / DAYS_PER_YEAR
        self.excess_left = max(self.excess_left - self.hazard * years, 0.0)
        self.hazard, self.hazard_since = hazard, day
        killed = NEVER
        if hazard > 0.0 and self.excess_left < hazard * LONGEST_YEARS:
            killed = day + int(self.excess_left / hazard * DAYS_PER_YEAR)
        self.death_day = max(min(killed, self.given.background_death_day), day)

    @property
    def untreated_hazard(self) -> float:
        """Return the yearly hazard without treatment."""
        return self.service.hazard[self.given.severity]

    def reason(self, since: int) -> str:
        """Say at which step the patient stood when the access window that opened on a day closed."""
        window = self.service.window_minutes
        closes = since + window // MINUTES_PER_DAY
        taken = (self.start_day - since) * MINUTES_PER_DAY + self.wait_minutes
        if self.start_day != NEVER and 0 <= taken <= window:
            return "treated_in_time"
        if self.service.emergency and self.diagnosis_day <= min(closes, self.death_day):
            return "no_slot" if self.lost in (NO_BED, DIVERTED) else "too_far"
        steps = (
            ("died", self.death_day <= closes),
            ("undiagnosed", self.diagnosis_day > closes),
            ("not_referred", self.lost == NOT_REFERRED),
            ("too_far", self.lost == TOO_FAR),
            ("request_refused", self.policy_day > closes >= self.refused_day),
            ("no_policy", self.policy_day > closes),
            ("budget_spent", self.approval_day > closes),
        )
        return next((reason for reason, applies in steps if applies), "no_slot")
