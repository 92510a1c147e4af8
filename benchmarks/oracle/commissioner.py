"""Commissioners: each agrees, in order, to what its plan to date allows, pays, and closes its books in March."""

import heapq
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import mesa

from benchmarks.oracle.patient import Patient
from benchmarks.oracle.person import AWAITING_FUNDS
from benchmarks.oracle.provider import Turn

if TYPE_CHECKING:
    from benchmarks.oracle.model import PathwayModel

MONTHS = 12
QUARTER = 3


class Plan(NamedTuple):
    """What an account is given for a year, and the bills that nobody decides on, in pence."""

    allocation: int
    rest_planned: int  # the rest of the portfolio
    rest_bill: int  # the same as it comes
    emergencies_planned: int  # a month of them


class Rules(NamedTuple):
    """What ends at the limit of a plan."""

    capped: bool
    ahead: float  # how far spending may run ahead, as a share of the plan for the modelled services
    year_end: str
    ring_fence: bool
    risk_share: float


class Commissioner(mesa.Agent):
    """The holder of one account."""

    def __init__(self, model: "PathwayModel", row: int, line: int, carried: int) -> None:
        """Begin with the balance of what was agreed to before the first day."""
        super().__init__(model)
        self.model: PathwayModel
        self.row, self.line, self.carried = row, line, carried
        self.plan = Plan(0, 0, 0, 0)
        self.queue: list[tuple[Turn, Patient]] = []
        self.last: Turn | None = None
        self.charged = self.promised = self.spent = self.monthly = 0
        self.available: float = 0
        self.closed = False
        self.paid: dict[tuple[int, int], int] = {}  # pence by service and year
        self.rest_paid: list[int] = []  # by year
        self.spent_in: list[int] = []  # by year
        self.crossed = 0

    # Money for the year

    def begin_year(self, plan: Plan) -> None:
        """Take the plan of a new year."""
        self.plan = plan
        self.rest_paid.append(0)
        self.spent_in.append(0)

    @property
    def whole_plan(self) -> int:
        """Return the year's money with the balance carried into it."""
        return self.plan.allocation + self.carried

    def room(self, rules: Rules) -> int:
        """Return what may be agreed to this month: plan to date and what may run ahead, less charges and bills."""
        plan, month = self.whole_plan, self.model.month % MONTHS
        to_date = plan * (month + 1) // MONTHS
        if rules.year_end == "freeze" and self.model.month >= MONTHS:
            own = self.plan.allocation
            to_date = own * (month + 1) // MONTHS + (plan - own) * min(month + 1, QUARTER) // QUARTER
        to_date += round(max(plan - self.plan.rest_planned, 0) * rules.ahead)
        bills = self.monthly + self.plan.emergencies_planned + self.plan.rest_planned // MONTHS
        return to_date - self.charged - bills

    def settle(self) -> None:
        """Pay a month of the rest of the portfolio."""
        month, bill = self.model.month % MONTHS, self.plan.rest_bill
        due = bill * (month + 1) // MONTHS - bill * month // MONTHS
        self.charged += due
        self.rest_paid[-1] += due
        self.spent_in[-1] += due

    def close_year(self, balance: int, rules: Rules) -> None:
        """Carry the balance into the next plan, or let it cross into money outside."""
        stays = 0
        if rules.ring_fence and rules.year_end != "bail_out":
            stays = balance if rules.year_end == "carry" else min(balance, 0)
        self.crossed -= balance - stays
        self.carried, self.charged = stays, 0

    # Requests

    def queue_up(self, patient: Patient) -> None:
        """Take a request into the queue."""
        heapq.heappush(self.queue, (patient.turn, patient))

    def agree(self) -> None:
        """Agree to requests in order until one costs more than is left."""
        self.last, self.closed = None, False
        while self.queue:
            turn, patient = self.queue[0]
            waits = patient.state == AWAITING_FUNDS
            if waits and patient.price > self.available:
                self.closed = True
                return
            heapq.heappop(self.queue)
            if waits:
                self.available -= patient.price
                self.last = turn
                self.promise(patient)
                patient.be_agreed_to()

    def would_agree(self, twin: Patient) -> bool:
        """Tell whether a twin would have been agreed to, whose price is that of one person."""
        before = self.last is not None and twin.turn < self.last
        return before or (not self.closed and twin.service.price <= self.available)

    # Promises and payments

    def promise(self, patient: Patient) -> None:
        """Book an agreement; one-off treatment is charged to the year now, unless it was before the first day."""
        self.promised += patient.price
        if patient.service.one_off and not patient.agreed_beforehand:
            self.charged += patient.price

    def take_back(self, patient: Patient) -> None:
        """Take an agreement back."""
        self.promised -= patient.price
        if patient.service.one_off and not patient.agreed_beforehand:
            self.charged -= patient.price

    def pay_for_start(self, patient: Patient) -> None:
        """Pay a single price: as promised, or that of an emergency, which is charged when paid."""
        if patient.service.emergency:
            self.charged += patient.price
        else:
            self.promised -= patient.price
        self._pay(patient)

    def begin_paying(self, patient: Patient) -> None:
        """Foresee a month of someone's treatment in every month from now on."""
        self.promised -= patient.price
        self.monthly += patient.price

    def stop_paying(self, patient: Patient) -> None:
        """Foresee it no longer."""
        self.monthly -= patient.price

    def pay(self, patient: Patient) -> None:
        """Pay, and charge to the year, a month of ongoing treatment."""
        self.charged += patient.price
        self._pay(patient)

    def _pay(self, patient: Patient) -> None:
        price, year = patient.price, self.model.month // MONTHS
        patient.bill += price
        self.spent_in[-1] += price
        key = (patient.service.number, year)
        self.paid[key] = self.paid.get(key, 0) + price
        patient.clinic.earned[year] = patient.clinic.earned.get(year, 0) + price


def share_risk(commissioners: Sequence[Commissioner], own: Sequence[int], share: float) -> list[int]:
    """Return what accounts have once those of one line put a share together and divide it by their allocations."""
    found = list(own)
    for line in sorted({one.line for one in commissioners}):
        rows = [row for row, one in enumerate(commissioners) if one.line == line]
        weights = [max(commissioners[row].plan.allocation, 0) for row in rows]
        if share == 0.0 or sum(weights) == 0:
            continue
        total, amounts = sum(own[row] for row in rows), [own[row] for row in rows]
        due = [share * (total * (part / sum(weights)) - amount) for part, amount in zip(weights, amounts, strict=True)]
        exact = [amount + more for amount, more in zip(amounts, due, strict=True)]
        whole = [math.floor(one) for one in exact]
        by_remainder = sorted(range(len(rows)), key=lambda number: whole[number] - exact[number])
        for number in by_remainder[: total - sum(whole)]:
            whole[number] += 1
        for row, pence in zip(rows, whole, strict=True):
            found[row] = pence
    return found
