"""The years that the formula asks for are those in which the test finds a spread four times in five."""

import math

import numpy as np
import pytest
from scipy.special import chdtri, expit

from sim.measures.power import LEVEL, LONGEST_YEARS, POWER, Yearly, power, years_to_see

Z_AT_1E4 = 3.8906
TRIALS = 4000


def yearly(people: float, probability: float, areas: int = 42) -> Yearly:
    share = np.random.default_rng(9).lognormal(0.0, 0.4, areas)
    return Yearly(np.array([people]), np.array([probability]), share / share.sum())


def found(one: Yearly, tau: float, years: float) -> float:
    """Return how often the test of homogeneity rejects made-up data of so many years."""
    rng = np.random.default_rng(10)
    people = np.maximum(np.rint(years * one.people[0] * one.share), 1).astype(np.int64)
    p = one.probability[0]
    level = math.log(p / (1 - p)) * math.sqrt(1 + 0.3458 * tau**2)  # so that the mean over areas is p
    odds = level + tau * rng.standard_normal((TRIALS, people.size))
    events = rng.binomial(people, expit(odds))
    pooled = events.sum(axis=1, keepdims=True) / people.sum()
    square = ((events - people * pooled) ** 2 / (people * pooled * (1 - pooled))).sum(axis=1)
    return float((square > chdtri(people.size - 1, LEVEL)).mean())


def agrees(share: float, said: float) -> bool:
    return abs(share - said) <= Z_AT_1E4 * math.sqrt(said * (1 - said) / TRIALS)


@pytest.mark.parametrize(("people", "probability", "tau"), [(300.0, 0.7, 0.3), (2500.0, 0.9, 0.2), (900.0, 0.5, 0.3)])
def test_after_the_years_that_are_said_the_test_finds_the_spread(people: float, probability: float, tau: float) -> None:
    one = yearly(people, probability)
    years = years_to_see(one, tau)

    assert power(years, one, tau) == pytest.approx(POWER)
    assert agrees(found(one, tau, years), POWER)
    # Two wrong rules: that the spread shows when tau^2 V is 1 / 3 of what is said, or half as much again.
    assert not agrees(found(one, tau, years / 3), POWER)
    assert not agrees(found(one, tau, 1.5 * years), POWER)


def test_with_a_dozen_people_an_area_the_formula_still_errs_little_and_on_the_long_side() -> None:
    one = yearly(400.0, 0.5)

    assert POWER < found(one, 0.5, years_to_see(one, 0.5)) < POWER + 0.06


def test_without_a_spread_the_test_finds_one_as_often_as_its_level() -> None:
    one = yearly(3000.0, 0.8)

    assert power(10.0, one, 0.0) == pytest.approx(LEVEL, abs=1e-9)
    assert agrees(found(one, 0.0, 3.0), LEVEL)


def test_strata_without_an_open_outcome_add_nothing() -> None:
    one = yearly(300.0, 0.7)
    more = Yearly(np.array([300.0, 50.0, 80.0, 0.0]), np.array([0.7, 0.0, 1.0, 0.5]), one.share)

    assert years_to_see(more, 0.3) == years_to_see(one, 0.3)


def test_twice_the_people_need_half_the_years() -> None:
    once, twice = years_to_see(yearly(4000.0, 0.8), 0.1), years_to_see(yearly(8000.0, 0.8), 0.1)

    assert once / twice == pytest.approx(2.0, rel=1e-6)


def test_what_cannot_show_counts_as_the_longest_time_and_nobody_in_need_as_unknown() -> None:
    one = yearly(300.0, 0.7)

    assert years_to_see(one, 0.0) == LONGEST_YEARS
    assert years_to_see(yearly(300.0, 1.0), 0.5) == LONGEST_YEARS
    assert years_to_see(yearly(0.001, 0.5), 0.1) == LONGEST_YEARS
    assert math.isnan(years_to_see(yearly(0.0, 0.5), 0.1))
    assert math.isnan(years_to_see(one, math.nan))
