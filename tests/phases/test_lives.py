"""Falling ill, being recognised and dying: hazards run beside each other until one of them is through."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.agents.columns import Roster
from sim.phases.hazard import change_hazard, untreated_hazard
from sim.world.people import ENTRY_DIAGNOSED, NEVER
from sim.world.time import first_day, month_of
from tests.builders import few, finished_model, held_by, small_world, spec_of
from tests.phases.by_hand import day_in, ill, model_by_hand, months_of_start, one_centre, run_by_hand, states

ALPHA = 1e-4
DAYS_PER_YEAR = 365.25


def one_life(budget: float, background: int = NEVER) -> Roster:
    """Return the tables of one person who has not fallen ill yet."""
    return model_by_hand(one_centre(), [ill(0, excess_budget=budget, background_death_day=background)]).state.roster


COURSES = st.lists(st.tuples(st.integers(1, 400), st.floats(0.0, 5.0)), min_size=1, max_size=6)


@given(COURSES, st.floats(0.01, 8.0))
@few(50)
def test_death_comes_when_the_hazard_lived_through_reaches_the_budget(
    course: list[tuple[int, float]], budget: float
) -> None:
    roster = one_life(budget)
    day, left, death = 0, budget, None
    for length, hazard in course:
        if death is not None and death <= day:
            break
        change_hazard(roster, 0, day, hazard)
        death = day + left / hazard * DAYS_PER_YEAR if hazard > 1e-3 else None
        if death is not None:
            assert roster.patients["death_day"][0] == pytest.approx(death, abs=2.0)
        left = max(left - hazard * length / DAYS_PER_YEAR, 0.0)
        day += length


def test_without_a_hazard_only_the_life_table_kills() -> None:
    roster = one_life(0.5, background=900)
    change_hazard(roster, 0, 10, 0.0)
    assert roster.patients["death_day"][0] == 900
    change_hazard(roster, 0, 20, 1.0)
    assert roster.patients["death_day"][0] == 20 + int(0.5 * DAYS_PER_YEAR)


def test_nobody_dies_before_the_day_on_which_a_hazard_changes() -> None:
    roster = one_life(0.5, background=5)
    change_hazard(roster, 0, 10, 1.0)
    assert roster.patients["death_day"][0] == 10


def test_a_very_small_hazard_does_not_overflow_the_calendar() -> None:
    roster = one_life(1.0)
    change_hazard(roster, 0, 0, 1e-9)
    assert roster.patients["death_day"][0] == NEVER


def test_the_severe_run_the_higher_hazard_and_the_undiagnosed_a_part_of_it() -> None:
    world = one_centre(untreated_annual_hazard=0.9)
    roster = model_by_hand(world, [ill(0, severity=0), ill(1, severity=1)]).state.roster
    assert untreated_hazard(roster, 1) == pytest.approx(2 * untreated_hazard(roster, 0))
    assert untreated_hazard(roster, 0) == roster.facts[0].untreated_hazard

    services = world.services
    services.hazard_multiplier_before_diagnosis[:] = 0.25
    services.diagnosis_delay_years[:] = 1e6
    model = model_by_hand(world, [ill(0, severity=0)])
    model.step()
    assert model.state.roster.patients["hazard_per_year"][0] == 0.25 * untreated_hazard(roster, 0)


def test_delays_to_diagnosis_are_exponential_and_another_mean_is_rejected() -> None:
    world = small_world(n_services=1, people_per_place=500_000, diagnosis_delay_years=0.7)
    roster = finished_model(world, spec_of(world, held_by("nation"))).state.roster
    years = (roster.patients["diagnosis_day"] - roster.people["onset_day"] + 0.5) / DAYS_PER_YEAR
    assert stats.kstest(years, stats.expon(scale=0.7).cdf).pvalue > ALPHA
    assert stats.kstest(years, stats.expon(scale=0.85).cdf).pvalue < ALPHA


def test_untreated_survival_is_exponential_at_the_hazard_and_another_is_rejected() -> None:
    world = small_world(n_services=1, people_per_place=500_000, untreated_annual_hazard=2.0)
    world.services.severe_form_share[:] = 0.001  # so that one hazard runs
    spec = spec_of(world, held_by("nation"), {"waiting.capacity_scale": 0.0, "budget.cap_enabled": False})
    roster = finished_model(world, spec).state.roster
    mild = roster.people["severity"] == 0
    years = (roster.patients["death_day"] - roster.people["onset_day"] + 0.5)[mild] / DAYS_PER_YEAR
    assert stats.kstest(years, stats.expon(scale=0.5).cdf).pvalue > ALPHA
    assert stats.kstest(years, stats.expon(scale=0.6).cdf).pvalue < ALPHA


def test_nobody_is_recognised_before_the_day_and_nobody_after_death() -> None:
    world = one_centre(120.0, diagnosis_delay_years=1.0)
    alive = run_by_hand(world, [ill(0)])
    day = int(alive.state.roster.patients["diagnosis_day"][0])
    assert months_of_start(alive) == [month_of(day)]
    last, too_early = (run_by_hand(world, [ill(0, background_death_day=death)]) for death in (day, day - 1))
    assert months_of_start(last) == [month_of(day)]
    assert months_of_start(too_early) == [None]
    assert states(too_early) == ["dead"]


def test_the_day_of_diagnosis_may_be_given() -> None:
    given_day = {"onset_day": -50, "given_day": 3, "entry": ENTRY_DIAGNOSED}
    model = run_by_hand(one_centre(diagnosis_delay_years=9.0), [given_day])
    assert model.state.roster.patients["diagnosis_day"].tolist() == [3]
    assert months_of_start(model) == [0]


def test_each_person_enters_in_the_month_of_onset() -> None:
    model = model_by_hand(one_centre(), [ill(3), ill(day_in(2)), ill(day_in(5))])
    here = []
    while model.running:
        model.step()
        here.append(3 - states(model).count("unborn"))
    assert here[:7] == [1, 1, 2, 2, 2, 3, 3]


@pytest.mark.parametrize("month", [0, 1, 7, 11, 12, 23, 119])
def test_months_and_days_agree(month: int) -> None:
    assert month_of(first_day(month)) == month
    assert month_of(first_day(month + 1) - 1) == month
    assert first_day(month + 1) - first_day(month) in (30, 31)


def test_ten_years_have_their_days() -> None:
    assert first_day(120) == np.ceil(10 * DAYS_PER_YEAR)
