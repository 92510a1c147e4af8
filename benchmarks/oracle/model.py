"""The model: a month is walked through phase by phase, and in each the agents of a kind act in turn."""

from collections.abc import Callable
from typing import NamedTuple

import mesa

from benchmarks.oracle.commissioner import Commissioner, Rules, share_risk
from benchmarks.oracle.governance import Governance
from benchmarks.oracle.patient import Patient
from benchmarks.oracle.person import ON_TREATMENT, Given, Service
from benchmarks.oracle.provider import Clinic, Provider
from benchmarks.oracle.twin import Twin
from sim.luck.draws import Luck

MONTHS = 12
LOOKS = 3
"""Waits are published by the quarter."""
SIXTEENTHS = 487
"""A month is 30.4375 days, which is this many sixteenths."""


class Taste(NamedTuple):
    """What makes people choose a centre, in log odds."""

    travel: bool
    per_hour: float
    per_month_of_wait: float
    in_footprint: float


class Supply(NamedTuple):
    """How much treatment there is to give."""

    limited: bool
    scale: float


class Funding(NamedTuple):
    """On what terms treatment that is not routinely funded can be asked for."""

    request_share: float
    panel_months: int
    months_between: int
    too_late: int


class Settings(NamedTuple):
    """The parameters of a run."""

    taste: Taste
    attendance: tuple[float, float]  # log odds of being referred next door, and what an hour takes off them
    supply: Supply
    funding: Funding
    rules: Rules


class PathwayModel(mesa.Model):
    """One regime on one population; a step is a month."""

    def __init__(self, settings: Settings, luck: Luck, months: int) -> None:
        """Take the parameters; ``build`` fills in the world and the agents."""
        super().__init__(seed=0)
        self.taste, self.attendance, self.supply, self.funding, self.rules = settings
        self.luck, self.months, self.month = luck, months, 0
        self.hours: list[list[float]] = []  # by place and provider, as felt
        self.services: list[Service] = []
        self.clinics: list[Clinic] = []
        self.accounts: list[Commissioner] = []
        self.payers: list[list[Commissioner]] = []  # by place and service
        self.governance: Governance
        self.entering: Callable[[int], tuple[list[Given], list[Given]]]  # real people and twins of a month
        self.lives: list[Patient] = []
        self.emergencies: list[Patient] = []
        self._nearest: dict[tuple[int, int], list[Clinic]] = {}

    @property
    def month_begin(self) -> int:
        """Return the first day of this month."""
        return first_day(self.month)

    @property
    def month_end(self) -> int:
        """Return the first day of the next month."""
        return first_day(self.month + 1)

    def months_since(self, day: int) -> int:
        """Count the months from that of a day to this one."""
        return self.month - 16 * day // SIXTEENTHS

    def nearest(self, place: int, service: Service) -> list[Clinic]:
        """Return the clinics of a service, nearest first, of those equally far the larger first."""
        key = (place, service.number)
        if key not in self._nearest:
            by_distance = sorted(service.clinics, key=lambda one: (self.hours[place][one.provider], -one.size))
            self._nearest[key] = by_distance
        return self._nearest[key]

    def everyone(self, act: str) -> None:
        """Let all patients act in turn, twins after real ones."""
        for kind in (Patient, Twin):
            if kind in self.agents_by_type:
                self.agents_by_type[kind].do(act)

    def providers(self, act: str) -> None:
        """Let all providers act in turn."""
        self.agents_by_type[Provider].do(act)

    def twins(self, act: str) -> None:
        """Let all twins act in turn."""
        if Twin in self.agents_by_type:
            self.agents_by_type[Twin].do(act)

    def step(self) -> None:
        """Let one month pass."""
        self.plan()
        self.fall_ill()
        self.everyone("see_doctor")
        if self.month % LOOKS == 0:
            self.providers("publish_waits")
        self.everyone("be_referred")
        self.fund()
        self.treat()
        self.everyone("live_on")
        self.settle()
        self.month += 1
        self.running = self.month < self.months

    def plan(self) -> None:
        """Set plans and open centres in April; review policy every month."""
        if self.month % MONTHS == 0:
            for account, plan in zip(self.accounts, self.governance.plans(self.month // MONTHS), strict=True):
                account.begin_year(plan)
            self.governance.open_centres(self.month, self.clinics)
        self.governance.review(self.month)

    def fall_ill(self) -> None:
        """Let people enter; on the first day those on treatment take their places."""
        real, twins = self.entering(self.month)
        self.lives += [Patient(self, given) for given in real]
        self.lives += [Twin(self, given) for given in twins]
        if self.month == 0:
            self.providers("open_month")
            treated = [patient for patient in self.lives if patient.state == ON_TREATMENT]
            for patient in sorted(treated, key=lambda one: one.given.identity):
                patient.keep_on_treatment()

    def fund(self) -> None:
        """Let patients ask, payers agree to what they can afford, and twins see what was left."""
        for account, room in zip(self.accounts, self.rooms(), strict=True):
            account.available = room
        self.everyone("ask")
        self.agents_by_type[Commissioner].do("agree")
        self.twins("look_at_money")

    def rooms(self) -> list[float]:
        """Return what every account may agree to this month."""
        if not self.rules.capped:
            return [float("inf")] * len(self.accounts)
        own = [account.room(self.rules) for account in self.accounts]
        return list(share_risk(self.accounts, own, self.rules.risk_share))

    def treat(self) -> None:
        """Let emergencies find beds, then those who wait their slots; twins see what was left."""
        self.providers("open_month")
        for patient in sorted(self.emergencies, key=lambda one: (isinstance(one, Twin), one.turn)):
            patient.seek_bed()
        self.emergencies = []
        self.providers("start_waiting")
        self.twins("look_at_slots")

    def settle(self) -> None:
        """Pay for the month, and close the books in March."""
        self.everyone("pay_for_month")
        self.agents_by_type[Commissioner].do("settle")
        if self.month % MONTHS == MONTHS - 1:
            own = [account.whole_plan - account.charged for account in self.accounts]
            balances = share_risk(self.accounts, own, self.rules.risk_share)
            for account, balance in zip(self.accounts, balances, strict=True):
                account.close_year(balance, self.rules)


def first_day(month: int) -> int:
    """Return the first whole day of a month."""
    return -(-SIXTEENTHS * month // 16)
