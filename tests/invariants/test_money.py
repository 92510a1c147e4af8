"""Every pound that is paid is received, and no payer agrees to what it has not got."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given

from sim.agents.columns import AWAITING_SLOT, NO_ROW, ON_TREATMENT
from sim.governance.accounts import Purses
from sim.model.books import by_provider, unbalanced
from sim.model.model import CommissioningModel
from sim.phases.settlement import Books
from sim.world.people import ENTRY_DIAGNOSED, ENTRY_TREATED
from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from sim.world.time import first_day
from tests.builders import few, finished_model, held_by, lively_world, model_of, result_of, spec_of, step_watched
from tests.invariants.cases import Case, cases


def one_by_one(own: np.ndarray, plan: np.ndarray, purses: Purses) -> np.ndarray:
    """Return what accounts have when each bearer divides its parts of them as planned, worked out bearer by bearer."""
    parts = [(a, int(b), p) for a in range(own.size) for b, p in zip(purses.bearer[a], purses.part[a], strict=True)]
    found = np.zeros(own.size)
    for bearer in {b for _, b, _ in parts}:
        mine = [(a, p) for a, b, p in parts if b == bearer]
        pool, planned = (sum(p * float(amounts[a]) for a, p in mine) for amounts in (own, plan))
        for a, p in mine:
            found[a] += pool * p * plan[a] / planned if planned > 0 else p * own[a]
    return found


@dataclass
class Auditor:
    """Keeps books of its own, from what happens to patients and nothing else."""

    model: CommissioningModel
    agreed: np.ndarray = field(init=False)
    paid: np.ndarray = field(init=False)
    received: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        state = self.model.state
        people = state.roster.people
        self.catalogue = state.roster.facts["price_pence"][people["service"]] * people["weight"]
        self.price_before = self.catalogue
        self.kind = state.world.services.kind[people["service"]]
        self.real = people["weight"] > 0
        self.agreed = np.zeros(state.accounts.size, dtype=np.int64)
        self.paid = np.zeros((state.accounts.size, state.population.plan.months), dtype=np.int64)
        self.received = np.zeros(len(state.world.providers.ids), dtype=np.int64)
        self.premium = np.zeros((len(state.world.services.ids), state.population.plan.months), dtype=np.int64)
        pairs = state.accounts.size * len(state.world.services.ids), self.received.size * len(state.world.services.ids)
        years = -(-state.population.plan.months // 12)
        self.paid_for, self.received_for = (np.zeros((size, years), dtype=np.int64) for size in pairs)
        self.waiting_before = np.zeros(people.size, dtype=bool)
        self.starting_queue = (people["entry"] == ENTRY_DIAGNOSED) & (people["given_day"] < 0)

    @property
    def price(self) -> np.ndarray:
        """Return what each patient costs now; any price where there is no centre."""
        state, people = self.model.state, self.model.state.roster.people
        local = state.ledger.local_price
        if local.size == 0:
            return self.catalogue
        return local[people["place"], state.roster.patients["cell"]] * people["weight"]

    def account(self) -> np.ndarray:
        """Return who pays for each patient now."""
        people = self.model.state.roster.people
        return self.model.state.ledger.account_of[people["place"], people["service"]]

    def provider(self) -> np.ndarray:
        """Return the provider of each patient's centre; any where there is none."""
        return self.model.state.cells["provider"][self.model.state.roster.patients["cell"]]

    def by(self, holder: np.ndarray, which: np.ndarray, size: int) -> np.ndarray:
        """Add up the prices of some patients by who pays or is paid."""
        return added(self.price, holder, which, size)

    def newly_agreed(self) -> np.ndarray:
        """Tell for whom a payer agreed in this month's funding; the starting queues were agreed to before."""
        state, people = self.model.state, self.model.state.roster.people
        waiting = state.roster.patients["state"] == AWAITING_SLOT
        new = waiting & ~self.waiting_before & self.real
        before_the_first_day = self.starting_queue & (state.month == 0)
        return new & ~before_the_first_day & (people["entry"] != ENTRY_TREATED)

    def begun(self) -> np.ndarray:
        """Tell whose treatment at a centre began this month."""
        state, patients = self.model.state, self.model.state.roster.patients
        day = patients["start_day"]
        here = (day >= first_day(state.month)) & (day < first_day(state.month + 1))
        return here & (patients["cell"] != NO_ROW)

    def watch(self, phase: str) -> None:
        """Look at the model after a phase."""
        state = self.model.state
        if phase == "referral":
            self.waiting_before = state.roster.patients["state"] == AWAITING_SLOT
            self.charged_before = state.accounts["charged"].copy()
            self.running_before = state.accounts["running"].copy()
        elif phase == "funding":
            self.check_what_was_available()
        elif phase == "outcome":
            self.pay()
        elif phase == "settlement":
            self.price_before = self.price.copy()

    def become_dearer(self) -> np.ndarray:
        """Return what promises of years before, and of before the first day, cost more by now, by account."""
        patients = self.model.state.roster.patients
        promised = (patients["state"] == AWAITING_SLOT) & (self.kind == ONE_OFF) & self.real
        return added(self.price - self.price_before, self.account(), promised, self.agreed.size)

    def check_what_was_available(self) -> None:
        """Compare what was agreed to with plan to date, less what is charged and what cannot be refused."""
        books, state = self.model.government.books, self.model.state
        size = state.accounts.size
        self.agreed = self.by(self.account(), self.newly_agreed(), size)
        if not self.model.situation.parameters.budget.cap_enabled:
            return
        plan = books.plan[:, state.year].astype(float)
        to_date = plan * (state.month % 12 + 1) / 12
        budget = self.model.situation.parameters.budget
        ahead = budget.tolerated_share_of_plan
        if not self.model.government.levers.ring_fence:
            ahead += budget.crossing_share_of_plan
        to_date += np.maximum(plan - books.expected_rest, 0.0) * ahead
        if self.model.government.levers.year_end == "freeze" and state.year > 0:
            allocation, month = books.allocation[:, state.year], state.month % 12
            spread = allocation * (month + 1) / 12 + (plan - allocation) * min(1.0, (month + 1) / 3)
            to_date += spread - plan * (month + 1) / 12
        bills = self.running_before + books.expected_emergencies + books.expected_rest / 12
        bills = bills + books.low_value_bill / 12
        purses, planned = self.model.government.purses, books.allocation[:, state.year]
        available = one_by_one(to_date - self.charged_before - bills, planned, purses)
        weight, lines = np.maximum(planned, 0), self.model.government.payers.line
        risk = self.model.government.levers.risk_share
        for line in set(lines.tolist()):
            on, whole = lines == line, weight[lines == line].sum()
            if whole:
                available[on] = (1 - risk) * available[on] + risk * available[on].sum() * weight[on] / whole
        muddled = purses.muddle > 0
        available[muddled] += np.maximum(plan[muddled], 0.0) * purses.joint.over_approval_of_plan
        near = 5 if risk == 0.0 else 5 * available.size  # pence, for rounding
        assert ((self.agreed <= available + near) | (self.agreed == 0)).all()

    def pay(self) -> None:
        """Write down who owes whom for this month's starts and for a month of ongoing treatment."""
        state, patients = self.model.state, self.model.state.roster.patients
        held = patients["state"] == ON_TREATMENT
        owed = ((self.begun() & (self.kind != ONGOING)) | held) & self.real
        self.paid[:, state.month] = self.by(self.account(), owed, state.accounts.size)
        self.received += self.by(self.provider(), owed, self.received.size)
        services = len(state.world.services.ids)
        by_account = self.account() * services + state.roster.people["service"]
        by_provider = self.provider() * services + state.roster.people["service"]
        year = state.month // 12
        self.paid_for[:, year] += self.by(by_account, owed, self.paid_for.shape[0])
        self.received_for[:, year] += self.by(by_provider, owed, self.received_for.shape[0])
        service = state.roster.people["service"]
        self.premium[:, state.month] = added(self.price - self.catalogue, service, owed, self.premium.shape[0])


def added(amounts: np.ndarray, holder: np.ndarray, which: np.ndarray, size: int) -> np.ndarray:
    """Add up amounts of some patients by holder."""
    return np.bincount(holder[which], amounts[which].astype(float), minlength=size).astype(np.int64)


def monthly(books: Books, month: int) -> np.ndarray:
    """Return what falls due in a month of the year's bills for what is not simulated, int64[A]."""
    bills = (books.rest_bill, books.low_value_bill)
    return sum((bill * (month + 1) // 12 - bill * month // 12 for bill in bills), np.zeros_like(books.rest_bill))


def audited(case: Case) -> Auditor:
    auditor = Auditor(model_of(*case))
    while auditor.model.running:
        step_watched(auditor.model, auditor.watch)
    return auditor


@given(cases())
@few(25)
def test_no_payer_agrees_to_more_than_it_has(case: Case) -> None:
    audited(case)


@given(cases())
@few(20)
def test_each_provider_is_paid_for_each_start_and_each_month_of_treatment(case: Case) -> None:
    auditor = audited(case)
    assert auditor.model.state.ledger.provider_income.tolist() == auditor.received.tolist()


@given(cases())
@few(20)
def test_pounds_paid_are_pounds_received(case: Case) -> None:
    auditor = audited(case)
    books = auditor.model.government.books
    treatment = auditor.paid.reshape(auditor.paid.shape[0], -1, 12).sum(axis=2)
    rest = books.spend - treatment
    others = books.rest_paid + books.low_value_paid
    assert rest.sum(axis=0).tolist() == others.tolist()
    assert (rest >= 0).all()
    assert auditor.model.state.ledger.treatment_paid.sum(axis=0).tolist() == treatment.sum(axis=0).tolist()
    assert books.spend.sum() == auditor.received.sum() + others.sum()


@given(cases())
@few(20)
def test_every_penny_has_one_payer_one_service_and_one_provider(case: Case) -> None:
    auditor = audited(case)
    state, books = auditor.model.state, auditor.model.government.books
    bills = state.ledger.bills
    earned = by_provider(state, bills.earned)
    assert unbalanced(state, auditor.model.government) == []
    assert bills.paid.reshape(auditor.paid_for.shape).tolist() == auditor.paid_for.tolist()
    assert earned.reshape(auditor.received_for.shape).tolist() == auditor.received_for.tolist()
    assert bills.premium.sum() == auditor.premium.sum() == bills.earned_premium.sum()
    assert (books.administration_parts >= 0).all()


@given(cases())
@few(15)
def test_the_lines_of_a_result_sum_to_the_same_over_payers_providers_and_services(case: Case) -> None:
    result = result_of(*case)
    assert (result.paid_pence.sum(axis=0) == result.treatment_pence).all()
    assert (result.earned_pence.sum(axis=0) == result.treatment_pence).all()
    assert (result.paid_premium_pence.sum(axis=0) == result.price_premium_pence).all()
    assert (result.earned_premium_pence.sum(axis=0) == result.price_premium_pence).all()
    assert (result.paid_rest_pence.sum(axis=0) == result.rest_of_portfolio_pence).all()
    assert (result.paid_low_value_pence.sum(axis=(0, 1)) == result.low_value_pence).all()
    lines = result.paid_pence.sum(axis=1) + result.paid_rest_pence + result.paid_low_value_pence.sum(axis=1)
    assert (lines == result.spend_pence).all()
    parts = result.running_pence + result.contracting_pence + result.coordination_pence + result.panels_pence
    assert (parts == result.administration_pence).all()
    assert (result.service_travel_pence.sum(axis=0) == result.patient_travel_pence).all()


@pytest.mark.parametrize(
    ("book", "named"),
    [
        ("paid", "treatment by account and by service"),
        ("earned", "treatment by provider and by service"),
        ("premium", "premiums by account and by service"),
        ("earned_premium", "premiums by provider and by service"),
    ],
)
def test_a_penny_missing_from_one_book_is_named(book: str, named: str) -> None:
    world = lively_world()
    model = finished_model(world, spec_of(world, held_by("region")))
    assert unbalanced(model.state, model.government) == []
    getattr(model.state.ledger.bills, book)[0, ..., 0] += 1
    assert named in unbalanced(model.state, model.government)


@given(cases())
@few(20)
def test_the_premium_is_what_was_paid_above_the_catalogue(case: Case) -> None:
    auditor = audited(case)
    yearly = auditor.premium.reshape(auditor.premium.shape[0], -1, 12).sum(axis=2)
    assert auditor.model.state.ledger.price_premium.tolist() == yearly.tolist()
    rules = {regime.levers.price_rule for _, regime in auditor.model.government.timeline}
    if rules == {"national_tariff"} or not auditor.model.situation.parameters.prices.enabled:
        assert (yearly == 0).all()


@given(cases())
@few(20)
def test_the_result_tells_the_same_sums(case: Case) -> None:
    result = result_of(*case)
    in_measured_years = result.treatment_pence.sum(axis=0) + result.rest_of_portfolio_pence + result.low_value_pence
    assert in_measured_years.tolist() == result.spend_pence.sum(axis=0).tolist()
    assert (result.payments_pence >= result.spend_pence.sum(axis=1)).all()


@given(cases())
@few(25)
def test_what_each_account_holds_open_is_what_its_patients_hold(case: Case) -> None:
    auditor = Auditor(model_of(*case))
    model, state = auditor.model, auditor.model.state
    patients, size = state.roster.patients, state.accounts.size
    while model.running:
        model.step()
        treated = auditor.real & (patients["state"] == ON_TREATMENT)
        promised = auditor.real & (patients["state"] == AWAITING_SLOT)
        assert state.accounts["running"].tolist() == auditor.by(auditor.account(), treated, size).tolist()
        assert state.accounts["committed"].tolist() == auditor.by(auditor.account(), promised, size).tolist()
        by_service = auditor.by(state.roster.people["service"], treated, len(state.world.services.ids))
        assert state.ledger.service_running.tolist() == by_service.tolist()
        by_provider = auditor.by(auditor.provider(), treated, auditor.received.size)
        assert state.ledger.provider_running.tolist() == by_provider.tolist()


@given(cases())
@few(20)
def test_what_is_charged_to_a_year_is_what_was_agreed_paid_and_given_back_in_it(case: Case) -> None:
    auditor = Auditor(model_of(*case))
    model, state = auditor.model, auditor.model.state
    books, patients = model.government.books, state.roster.patients
    charged = np.zeros(state.accounts.size, dtype=np.int64)

    def charge(which: np.ndarray, sign: int = 1) -> None:
        charged[:] += sign * auditor.by(auditor.account(), which & auditor.real, charged.size)

    def watch(phase: str) -> None:
        auditor.watch(phase)
        if phase == "planning" and state.month % 12 == 0:
            charged[:] = auditor.become_dearer()
        elif phase == "funding":
            charge(auditor.newly_agreed() & (auditor.kind == ONE_OFF))
        elif phase == "treatment":
            charge(auditor.begun() & (auditor.kind == EMERGENCY))
            auditor.promised = (patients["state"] == AWAITING_SLOT) & (auditor.kind == ONE_OFF)
        elif phase == "outcome":
            never_charged = auditor.starting_queue & (patients["approval_day"] == 0)
            charge(auditor.promised & (patients["state"] != AWAITING_SLOT) & ~never_charged, -1)
            charged[:] += state.accounts["running"] + monthly(books, state.month % 12)
        elif phase == "settlement" and state.month % 12 != 11:
            assert state.accounts["charged"].tolist() == charged.tolist()

    while model.running:
        step_watched(model, watch)


@given(cases())
@few(15)
def test_the_year_closes_as_the_levers_say(case: Case) -> None:
    model = model_of(*case)
    books, accounts = model.government.books, model.state.accounts
    charged, released = np.zeros((2, accounts.size), dtype=np.int64)

    def watch(phase: str) -> None:
        if phase == "outcome":  # what settlement adds is the month's bills
            charged[:] = accounts["charged"] + accounts["running"] + monthly(books, 11)
        elif phase == "planning" and model.state.month % 12 == 0:
            released[:] = books.crossed[:, model.state.year]

    while model.running:
        step_watched(model, watch)
        if model.state.month % 12:
            continue
        year, levers = model.state.year - 1, model.government.levers
        own = books.plan[:, year] - charged
        balance = books.carried - books.crossed[:, year] + released
        assert balance.sum() == own.sum()
        lines = model.government.payers.line
        assert [balance[lines == line].sum() == own[lines == line].sum() for line in set(lines.tolist())].count(
            False
        ) == 0
        if levers.risk_share:
            continue
        assert abs(balance - one_by_one(own, books.allocation[:, year], model.government.purses)).max() <= 2
        if not model.government.purses.shared:
            assert balance.tolist() == own.tolist()
        kept = {"carry": balance, "bail_out": 0 * balance, "freeze": np.minimum(balance, 0)}[levers.year_end]
        assert books.carried.tolist() == (kept if levers.ring_fence else 0 * balance).tolist()
        assert (accounts["spent"] == 0).all()
        assert (accounts["charged"] == 0).all()
