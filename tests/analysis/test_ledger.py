"""The ledger adds up to the runs it is made of, and tells those who are decided on from those who are displaced."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.courses import apart
from sim.analysis.ledger import Ledger, LedgerError, account_of, effects, make_ledger, totals, unequal_sums
from sim.analysis.ledger_parting import (
    ALIKE,
    CENTRE,
    CENTRE_BY_QUEUES,
    DECISIONS,
    DIRECT,
    DISPLACED,
    DONOR,
    FUNDS,
    KINDS,
    NONE,
    OUTCOME,
    PANEL,
    POLICY,
    PRICE,
    REFERRAL,
    RELIEF,
    SLOT,
)
from sim.analysis.ledger_watch import centres_by
from sim.governance.matrix import Cell, Regime
from sim.model.result import BASES, MAX_DAYS
from sim.phases import PHASES, Phase, Situation
from sim.phases.referral import MONTHS_BETWEEN_LOOKS
from sim.specification.run import RunSpec
from sim.specification.switches import all_mechanisms_off
from sim.world.services import ONE_OFF, ONGOING
from sim.world.time import month_of
from sim.world.world import World
from tests.analysis.conftest import Pair
from tests.builders import SHORT_OF_MONEY, few, held_by, lively_world, population_of, spec_of
from tests.invariants.cases import ARRIVAL, REGIMES, Case, cases

EXAMPLES = 25
RATIONED = {FUNDS, SLOT, OUTCOME, RELIEF, CENTRE_BY_QUEUES}
"""Where people part who are moved by what others use."""


def ledger_of(world: World, *specs: RunSpec) -> Ledger:
    population = population_of(world, specs[0])
    return make_ledger(*(account_of(spec, world, population) for spec in specs))


def under(world: World, regimes: tuple[Regime, Regime], changes: Mapping[str, Any], **of: Any) -> Ledger:
    return ledger_of(world, *(spec_of(world, regime, changes, **of) for regime in regimes))


def decided(ledger: Ledger) -> dict[int, int]:
    """Count rows by decision."""
    return dict(zip(*(part.tolist() for part in np.unique(ledger.partings.decision, return_counts=True)), strict=True))


@pytest.fixture(scope="module")
def ledger(pair: Pair) -> Ledger:
    return make_ledger(*(account_of(spec, pair.world, pair.population) for spec in pair.specs))


@given(cases(), REGIMES, st.booleans())
@few(EXAMPLES)
def test_whatever_the_world_the_lines_sum_to_both_runs(case: Case, regime: Regime, off: bool) -> None:
    world, spec = case
    second = replace(spec, timeline=((spec.start, regime),))
    if off:
        second = replace(second, parameters=all_mechanisms_off(spec.parameters))

    found = ledger_of(world, spec, second)  # which raises where a sum is not the run's

    for total in totals(found):
        whole = total.unit != "QALYs"
        gap = total.second - total.first
        assert total.difference == (gap if whole else pytest.approx(gap, rel=1e-9, abs=1e-9 * abs(total.first)))
    rows = effects(found)
    assert sum(row.people for row in rows) == found.weight.sum()
    assert {row.decision.kind for row in rows} <= set(KINDS)
    assert sum(row.in_time for row in rows) == next(t.difference for t in totals(found) if t.name == "treated_in_time")
    parted = apart(found.first.run.courses, found.second.run.courses)
    assert np.array_equal(parted, ~np.isin(found.partings.decision, (ALIKE, PRICE)))


@given(cases(), REGIMES)
@few(10)
def test_exchanging_the_regimes_changes_signs_and_nothing_else(case: Case, regime: Regime) -> None:
    world, spec = case
    there = ledger_of(world, spec, replace(spec, timeline=((spec.start, regime),)))

    back = make_ledger(there.second, there.first)

    assert np.array_equal(there.partings.decision, back.partings.decision)
    assert np.array_equal(there.partings.month, back.partings.month)
    for one, other in zip(effects(there), effects(back), strict=True):
        assert (one.in_time_gained, one.better) == (other.in_time_lost, other.worse)
        assert one.cost_pence == -other.cost_pence


@given(cases(), REGIMES)
@few(10)
def test_with_every_mechanism_off_no_life_parts(case: Case, regime: Regime) -> None:
    world, spec = case
    off = replace(spec, parameters=all_mechanisms_off(spec.parameters))

    found = ledger_of(world, off, replace(off, timeline=((spec.start, regime),)))

    assert set(decided(found)) <= {ALIKE}
    assert not any(total.difference for total in totals(found))


def test_what_differs_comes_no_earlier_than_where_lives_part(ledger: Ledger) -> None:
    one, other, month = ledger.first.run.courses, ledger.second.run.courses, ledger.partings.month
    assert {FUNDS, SLOT, PRICE, ALIKE} <= set(decided(ledger))
    for name in ("diagnosis_day", "policy_day", "approval_day", "start_day", "stop_day", "death_day"):
        before, after = getattr(one, name), getattr(other, name)
        rows = np.flatnonzero(before != after)
        first = [month_of(int(min(before[row], after[row]))) for row in rows]
        assert [row for row, m in zip(rows, first, strict=True) if m < month[row]] == []


@contextmanager
def planned(also: Callable[[Situation], None]) -> Iterator[None]:
    """Let something happen at the end of every planning phase."""

    def run(now: Situation) -> None:
        PHASES[0].run(now)
        also(now)

    with mock.patch("sim.model.model.PHASES", (Phase("planning", "", "", run), *PHASES[1:])):
        yield


@pytest.mark.parametrize("changes", [SHORT_OF_MONEY, {"waiting.capacity_scale": 0.7}])
def test_one_other_policy_is_one_direct_row_and_all_else_is_displaced(changes: dict[str, Any]) -> None:
    none = {"stock_waiting": 0.0, "stock_treated": 0.0}
    world = lively_world(n_places=12, kinds=(ONE_OFF, ONGOING), need_per_head_per_year=4e-5, **none)
    spec = spec_of(world, held_by("nation"), changes, years=2, burn_in_years=0)
    population = population_of(world, spec)
    first = account_of(spec, world, population)
    courses, people = first.run.courses, population.people
    asked = np.flatnonzero((courses.start_day < first.run.end_day) & (people.entry[first.run.rows] == 0))
    one = int(asked[np.argmin(courses.start_day[asked])])
    place, service = int(people.place[one]), int(people.service[one])
    alike = np.flatnonzero((people.place == place) & (people.service == service) & (np.arange(people.size) != one))
    others = {int(month_of(int(day))) for day in courses.diagnosis_day[alike]}
    mine = int(month_of(int(courses.diagnosis_day[one])))
    assert mine not in others, "choose another person"

    def refuse(now: Situation) -> None:
        now.state.coverage.topics[place, service] *= now.state.month != mine

    with planned(refuse):
        second = account_of(spec, world, population)
    found = make_ledger(first, second)

    direct = [row for row, code in enumerate(found.partings.decision) if code >= 0 and DECISIONS[code].kind == DIRECT]
    assert direct == [one]
    assert found.partings.decision[one] == POLICY
    assert found.partings.month[one] == mine
    assert set(decided(found)) - {POLICY, ALIKE} <= RATIONED
    assert len(set(decided(found))) > 2, "nobody else was moved"


def split(function: str, level: str = "district") -> tuple[Regime, Regime]:
    """Return two regimes that differ in the holder of one function alone."""
    nation = held_by("nation")
    matrix = {group: {**row, function: Cell(level)} for group, row in nation.matrix.items()}
    return nation, Regime(f"{function} by {level}", matrix, nation.levers)


PLENTY: dict[str, Any] = {
    "budget.cap_enabled": False,
    "waiting.capacity_enabled": False,
    "referral.wait_weight_per_month": 0.0,
}


NEW: dict[str, Any] = {"policy.divergence_enabled": True, "appraisal.enabled": True}
"""Whether something new is funded is decided, with an error."""


@pytest.mark.parametrize(
    ("function", "changes", "decision"),
    [
        ("policy", NEW, POLICY),
        ("contracting", {"referral.in_footprint_enabled": True, "referral.not_referred_share": 0.0}, CENTRE),
        ("contracting", {"experiments.enabled": True, "experiments.effect_log_odds": 2.0}, REFERRAL),
        ("cases", {**NEW, "panels.enabled": True, "panels.request_share": 0.9}, PANEL),
    ],
)
def test_where_nothing_is_scarce_all_who_part_are_decided_on_by_the_holder_that_differs(
    function: str, changes: dict[str, Any], decision: int
) -> None:
    price = 900_000.0 if decision == PANEL else 40_000.0  # for a QALY; the dearer nobody funds for all
    new = {"available_from_month": ARRIVAL, "gbp_per_qaly": (price,)} if NEW.items() <= changes.items() else {}
    world = lively_world(n_providers=6, need_per_head_per_year=4e-4, linked=False, **new)
    off = {"experiments.enabled": False, "local_fit.enabled": False, "referral.travel_enabled": False}

    found = under(world, split(function), {**PLENTY, **off, **changes}, years=4, burn_in_years=0)

    assert set(decided(found)) == {decision, ALIKE}
    assert DECISIONS[decision].by == function
    assert {row.decision.kind for row in effects(found)} == {DIRECT, NONE}


def test_whoever_no_longer_asks_a_panel_because_policy_was_decided_parts_at_policy() -> None:
    world = lively_world(kinds=(ONE_OFF,), need_per_head_per_year=4e-4)
    changes = {**PLENTY, "panels.enabled": True, "panels.approval_share": 0.2, "funding.months_until_too_late": 3}
    spec = spec_of(world, held_by("nation"), changes, years=2, burn_in_years=0)
    population = population_of(world, spec)
    accounts = []
    for topics in (0, 1):  # nothing is decided; it is decided that one topic is funded, and no other

        def decide(now: Situation, funded: int = topics) -> None:
            now.state.coverage.topics[:] = funded

        with planned(decide):
            accounts.append(account_of(spec, world, population))
    found = make_ledger(*accounts)

    assert set(decided(found)) == {POLICY, ALIKE}
    lasting = (accounts[1].run.courses.policy_day > found.first.run.end_day) & (found.partings.decision == POLICY)
    assert lasting.any()  # refused, or agreed to, after nobody asked under the second any more


def test_queues_alone_displace_those_who_choose_by_them() -> None:
    world = lively_world(n_providers=6, kinds=(ONE_OFF,), need_per_head_per_year=4e-4, capacity_share_of_need=0.5)
    changes = {**SHORT_OF_MONEY, "referral.wait_weight_per_month": 2.0}

    found = under(world, split("budget"), changes, years=2, burn_in_years=0)

    assert CENTRE_BY_QUEUES in decided(found)
    assert {row.decision.kind for row in effects(found)} == {DISPLACED, NONE}


def test_a_donor_found_is_direct_and_whoever_is_relieved_displaced() -> None:
    world = lively_world(kinds=(ONE_OFF, ONGOING), need_per_head_per_year=4e-4, capacity_share_of_need=0.6)
    changes = {"incentives.enabled": True, "incentives.log_odds_per_100_000_gbp": 40.0, "budget.cap_enabled": False}
    nation = held_by("nation")
    groups = list(nation.matrix)
    apart_from_it = {**nation.matrix, groups[1]: {**nation.matrix[groups[1]], "budget": Cell("district")}}

    found = under(world, (nation, Regime("split", apart_from_it, nation.levers)), changes, years=2, burn_in_years=0)

    assert {DONOR, RELIEF, SLOT} <= set(decided(found))


@pytest.mark.parametrize("which", [0, 1])
def test_the_rule_and_the_queues_of_one_run_give_its_own_choices_back(which: int) -> None:
    world = lively_world(n_providers=6, need_per_head_per_year=4e-4)
    changes = {"referral.in_footprint_enabled": True, "network.planning_enabled": True, **SHORT_OF_MONEY}
    found = under(world, split("contracting"), changes, years=2, burn_in_years=0)
    run, seen = (found.first, found.second)[which].run, (found.first, found.second)[which].seen
    people, courses = run.population.people, run.courses
    chose = (people.entry[run.rows] != 2) & (run.population.facts.kind[people.service[run.rows]] != 2)
    month = 16 * np.maximum(courses.diagnosis_day, 0) // 487
    for look in range(0, run.population.plan.months, MONTHS_BETWEEN_LOOKS):
        now = (courses.provider >= 0) & (month // MONTHS_BETWEEN_LOOKS == look // MONTHS_BETWEEN_LOOKS) & chose
        rows = np.flatnonzero(now).astype(np.int32)
        assert rows.size
        assert np.array_equal(centres_by(seen, look, seen, rows), courses.provider[rows])


@pytest.mark.parametrize("field", ["reason", "ending", "days", "cost", "qalys"])
def test_a_line_that_is_wrong_is_noticed(ledger: Ledger, field: str) -> None:
    whole = ledger.first
    wrong = getattr(whole.lives, field).copy()
    at = int(np.argmax((whole.lives.ending == 0) & (whole.lives.days < MAX_DAYS) & (whole.lives.reason[0] >= 0)))
    wrong[..., at] += 1
    if field in ("reason", "ending"):
        wrong[..., at] %= 2

    assert list(unequal_sums(whole)) == []
    assert list(unequal_sums(replace(whole, lives=whole.lives._replace(**{field: wrong}))))


def test_an_account_that_does_not_add_up_is_never_handed_over(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.analysis.ledger.unequal_sums", lambda account: iter(["days of wait"]))

    with pytest.raises(LedgerError, match="days of wait"):
        account_of(pair.specs[0], pair.world, pair.population)


def test_accounts_of_different_people_are_refused(ledger: Ledger, pair: Pair) -> None:
    stranger = account_of(pair.specs[0], pair.world, population_of(pair.world, pair.specs[0]))

    with pytest.raises(ValueError, match="same people"):
        make_ledger(ledger.first, stranger)


def test_watching_changes_no_life(ledger: Ledger, pair: Pair) -> None:
    for found, result in zip((ledger.first, ledger.second), pair.results, strict=True):
        assert found.result.lives_checksum == result.lives_checksum
        assert np.array_equal(found.result.reasons, result.reasons)


def test_the_basis_is_told_apart(ledger: Ledger) -> None:
    assert len(BASES) == ledger.first.lives.reason.shape[0]
