"""Everyone who is not treated in time carries the reason: the step at which they stood when the window closed."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.model.result import BASES, ENDINGS, MAX_DAYS, REASONS
from sim.model.tally import Span, Tally, count_lives, new_tally
from sim.world.services import EMERGENCY, ONE_OFF
from sim.world.time import first_day
from tests.builders import small_world
from tests.phases.by_hand import day_in, ill, one_centre, run_by_hand

FROM_DIAGNOSIS, FROM_ONSET = range(len(BASES))
STARTED, DIED, REFUSED, CENSORED = range(len(ENDINGS))
WHOLE = Span(0, first_day(24), 0)
NO_SLOTS = {"waiting.capacity_scale": 0.0}
NO_MONEY = {"budget.cap_enabled": True, "budget.plan_share_of_expected": 0.0}
NOT_YET = (2013 - 1900) * 12 + 3 + 20


def tally_of(
    person: dict[str, Any], changes: dict[str, Any] | None = None, span: Span = WHOLE, **options: Any
) -> Tally:
    """Run one person by hand and count that life."""
    model = run_by_hand(one_centre(**options), [person], changes)
    tally = new_tally(1, 1, (span.end - span.first) // 365 or 1)
    count_lives(model.state.roster, tally, span, 1)
    return tally


def reason(tally: Tally, basis: int = FROM_DIAGNOSIS) -> str | None:
    """Return the one reason that was counted, None when nobody was in need."""
    counted = tally.reasons[basis].sum(axis=(0, 1))
    assert counted.sum() <= 1
    return REASONS[int(np.argmax(counted))] if counted.sum() else None


@pytest.mark.parametrize(
    ("person", "changes", "options", "expected"),
    [
        (ill(0), {}, {}, "treated_in_time"),
        (ill(0), NO_SLOTS, {}, "no_slot"),
        (ill(0), NO_MONEY, {}, "budget_spent"),
        (ill(0), {}, {"available_from_month": NOT_YET}, "no_policy"),
        (ill(0, background_death_day=100), NO_SLOTS, {}, "died"),
        (ill(0, background_death_day=127), NO_SLOTS, {}, "no_slot"),
        (ill(0), {"referral.not_referred_share": 0.9}, {}, "not_referred"),
        (
            ill(0, place=0),
            {
                "referral.travel_enabled": True,
                "referral.non_referral_log_odds_per_hour": 5.0,
                "referral.not_referred_share": 0.3,
            },
            {"place_area_km2": 1e6},
            "too_far",
        ),
        (ill(0), {}, {"kinds": (EMERGENCY,)}, "treated_in_time"),
        (ill(0), NO_SLOTS, {"kinds": (EMERGENCY,)}, "no_slot"),
        (ill(0), {"referral.travel_enabled": True}, {"kinds": (EMERGENCY,), "access_window_days": 0.001}, "too_far"),
    ],
)
def test_each_reason_is_told_apart(
    person: dict[str, Any], changes: dict[str, Any], options: dict[str, Any], expected: str
) -> None:
    assert reason(tally_of(person, changes, **options)) == expected


@pytest.mark.parametrize(("minutes", "expected"), [(30.0, "no_slot"), (5.0, "too_far"), (1e4, "treated_in_time")])
def test_a_bed_reached_too_late_is_for_want_of_a_slot_only_where_the_nearest_is_in_reach(
    minutes: float, expected: str
) -> None:
    """Let the one bed next door be taken, and the other lie hours away."""
    world = small_world(
        9, 1, 2, 100_000, {"nation": 1}, kinds=(EMERGENCY,), place_area_km2=4_000.0, access_window_days=minutes / 1440
    )
    hours = np.where(world.travel_hours == world.travel_hours.min(axis=1, keepdims=True), 0.25, 3.0)
    offers = replace(world.offers, capacity=np.array([12.0, 12.0]))
    persons = [ill(0), ill(1)]
    model = run_by_hand(replace(world, travel_hours=hours, offers=offers), persons, {"referral.travel_enabled": True})
    assert sorted(model.state.roster.patients["wait_minutes"]) == [15, 180]
    tally = new_tally(9, 1, 2)
    count_lives(model.state.roster, tally, WHOLE, 2)
    late = tally.reasons[FROM_DIAGNOSIS].sum(axis=(0, 1))
    assert late[REASONS.index(expected)] >= 1


def test_whoever_is_not_diagnosed_in_time_is_in_need_from_onset_only() -> None:
    tally = tally_of(ill(0), diagnosis_delay_years=1e6)
    assert reason(tally, FROM_ONSET) == "undiagnosed"
    assert reason(tally, FROM_DIAGNOSIS) is None


@pytest.mark.parametrize("kind", [ONE_OFF, EMERGENCY])
def test_whoever_dies_undiagnosed_died(kind: int) -> None:
    person = ill(0, background_death_day=5)
    tally = tally_of(person, diagnosis_delay_years=0.2, kinds=(kind,))
    assert reason(tally, FROM_ONSET) == "died"
    assert reason(tally, FROM_DIAGNOSIS) is None


def test_the_reason_is_that_of_the_day_on_which_the_window_closed() -> None:
    """Let money come, and with it treatment, after the window: the money was the reason."""
    later = {"budget.cap_enabled": True, "budget.plan_share_of_expected": 0.1}
    tally = tally_of(ill(0), later)
    assert tally.starts.sum() == 1
    assert reason(tally) == "budget_spent"


@pytest.mark.parametrize(
    ("onset", "counted"),
    [(first_day(12) - 1, False), (first_day(12), True), (first_day(24) - 127, True), (first_day(24) - 126, False)],
)
def test_only_whole_windows_inside_the_measured_days_count(onset: int, counted: bool) -> None:
    span = Span(first_day(12), first_day(24), 12)
    tally = tally_of(ill(onset), span=span)
    assert tally.people.sum() == 2 * counted
    assert tally.reached.sum() == 2 * counted


def test_people_are_counted_by_cohort_severity_and_weight() -> None:
    model = run_by_hand(one_centre(), [ill(3, severity=1, weight=3), ill(day_in(13), weight=2)])
    tally = new_tally(1, 1, 2)
    count_lives(model.state.roster, tally, WHOLE, 2)
    assert tally.people[FROM_ONSET, 0, 0].tolist() == [[0, 2], [3, 0]]
    assert tally.starts.tolist() == [[5]]


@pytest.mark.parametrize(
    ("person", "changes", "ending", "day"),
    [
        (ill(0), {}, STARTED, 0),
        (ill(2, background_death_day=52), NO_SLOTS, DIED, 50),
        (ill(2), {"referral.not_referred_share": 0.9}, REFUSED, 0),
        (ill(2, background_death_day=52), {"referral.not_referred_share": 0.9}, REFUSED, 0),
        (ill(2), NO_SLOTS, CENSORED, first_day(24) - 2),
    ],
)
def test_the_time_from_diagnosis_ends_in_one_way(
    person: dict[str, Any], changes: dict[str, Any], ending: int, day: int
) -> None:
    times = tally_of(person, changes).time_to_treatment
    assert np.argwhere(times).tolist() == [[0, ending, min(day, MAX_DAYS)]]


def test_deaths_between_diagnosis_and_treatment_are_counted_and_no_others() -> None:
    waiting = ill(0, background_death_day=100)
    assert tally_of(waiting, NO_SLOTS).deaths_waiting.sum() == 1
    assert tally_of(waiting, NO_MONEY).deaths_waiting.sum() == 1
    assert tally_of(waiting).deaths_waiting.sum() == 0
    assert tally_of(waiting, {"referral.not_referred_share": 0.9}).deaths_waiting.sum() == 0
    assert tally_of(waiting, diagnosis_delay_years=1e6).deaths_waiting.sum() == 0
    before = Span(first_day(12), first_day(24), 12)
    assert tally_of(waiting, NO_SLOTS, before).deaths_waiting.sum() == 0
