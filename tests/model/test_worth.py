"""Years are weighed by how well they are lived, and journeys by what they cost those who travel."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.tally import Span
from sim.model.worth import Terms, Worth, weigh_lives, years_discounted, years_lived
from sim.world.people import ENTRY_TREATED
from sim.world.services import ONGOING
from sim.world.time import first_day
from tests.builders import few
from tests.phases.by_hand import day_in, ill, one_centre, run_by_hand

YEAR = 365.25
SPAN = Span(first_day(12), first_day(24), 12)
DAYS = st.integers(-500, 1500)
NO_SLOTS = {"waiting.capacity_scale": 0.0}
TERMS = Terms(log_discount=math.log(1.035), pence_per_hour=3_000.0, journeys_per_month=1.0, journeys_per_start=3.0)


@given(DAYS, DAYS)
@few(60)
def test_years_are_the_days_inside_the_span(begin: int, end: int) -> None:
    inside = sum(begin <= day < end for day in range(SPAN.first, SPAN.end))
    assert years_lived(begin, end, SPAN) == pytest.approx(inside / YEAR)


@given(DAYS, DAYS, st.floats(0.001, 0.2))
@few(60)
def test_discounting_weighs_each_day_by_its_distance_from_the_first(begin: int, end: int, rate: float) -> None:
    days = [day for day in range(SPAN.first, SPAN.end) if begin <= day < end]
    expected = sum(math.exp(-rate * (day + 0.5 - SPAN.first) / YEAR) for day in days) / YEAR
    assert years_discounted(begin, end, SPAN, rate) == pytest.approx(expected, rel=1e-5, abs=1e-12)


def test_without_discounting_years_are_years() -> None:
    assert years_discounted(SPAN.first, SPAN.end, SPAN, 0.0) == years_lived(SPAN.first, SPAN.end, SPAN)


def worth_of(
    person: dict[str, Any], changes: dict[str, Any] | None = None, hours: float = 0.5, **options: Any
) -> Worth:
    """Run one person by hand and weigh that life."""
    model = run_by_hand(one_centre(**options), [person], changes)
    worth = Worth(np.zeros((1, 1)), np.zeros((1, 1)), np.zeros((1, 1)), np.zeros((1, 1)))
    weigh_lives(model.state.roster, np.array([[hours]]), worth, SPAN, TERMS, 1)
    return worth


def test_life_is_worth_less_before_treatment_than_after_it() -> None:
    treated, untreated = worth_of(ill(0)), worth_of(ill(0), NO_SLOTS)
    year = (SPAN.end - SPAN.first) / YEAR
    assert treated.qalys[0, 0] == pytest.approx(0.8 * year)
    assert untreated.qalys[0, 0] == pytest.approx(0.5 * year)
    assert treated.discounted[0, 0] == pytest.approx(0.8 * year * (1 - 0.0172), rel=1e-3)


def test_life_counts_from_onset_to_death_and_by_weight() -> None:
    begin, end = day_in(14), day_in(20)
    worth = worth_of(ill(begin, background_death_day=end, weight=3), NO_SLOTS)
    assert worth.qalys[0, 0] == pytest.approx(3 * 0.5 * (end - begin) / YEAR)


def test_a_start_in_the_span_costs_its_journeys_there_and_back() -> None:
    worth = worth_of(ill(day_in(14), weight=2), hours=0.5)
    assert worth.travel_minutes[0, 0] == pytest.approx(2 * 30.0)
    assert worth.travel_pence[0, 0] == pytest.approx(2 * 3 * 2 * 0.5 * 3_000.0)


def test_a_start_before_the_span_costs_nothing_in_it_unless_treatment_goes_on() -> None:
    once = worth_of(ill(day_in(2)))
    ongoing = worth_of(ill(day_in(2)), kinds=(ONGOING,))
    assert once.travel_minutes[0, 0] == once.travel_pence[0, 0] == 0
    assert ongoing.travel_minutes[0, 0] == 0
    months = (SPAN.end - SPAN.first) / YEAR * 12
    assert ongoing.travel_pence[0, 0] == pytest.approx(months * 2 * 0.5 * 3_000.0)


def test_ongoing_journeys_end_with_treatment() -> None:
    end = day_in(18)
    stock = {"onset_day": -90, "given_day": -60, "entry": ENTRY_TREATED, "background_death_day": end}
    worth = worth_of(stock, kinds=(ONGOING,))
    months = (end - SPAN.first) / YEAR * 12
    assert worth.travel_pence[0, 0] == pytest.approx(months * 2 * 0.5 * 3_000.0)


def test_whoever_is_never_treated_never_travels() -> None:
    worth = worth_of(ill(day_in(14)), NO_SLOTS)
    assert worth.travel_minutes[0, 0] == worth.travel_pence[0, 0] == 0
