"""How old people are, and what else they die of, on average over those whom a population draws."""

from typing import Any

import numpy as np
import pytest

from sim.governance.cohorts import (
    AGES,
    background_hazards,
    onset_ages,
    onsets_by_birth,
    stock_ages,
    stock_by_birth,
)
from sim.world.facts import PopulationParameters, service_facts
from sim.world.life_table import LifeTable
from sim.world.services import ONGOING
from tests.builders import small_world

MIDDLE = np.arange(AGES) + 0.5
WORLD = small_world(
    n_services=1, kinds=(ONGOING,), diagnosis_delay_years=3.0, duration_on_treatment_years=8.0, stock_waiting=30.0
)
FACTS = service_facts(WORLD.services, PopulationParameters())


def facts_of(**changes: Any) -> Any:
    facts = service_facts(WORLD.services, PopulationParameters())
    for name, value in changes.items():
        facts[name][:] = value
    return facts


def test_onsets_fall_about_their_mean_age_and_never_before_birth() -> None:
    assert onset_ages(FACTS).sum() == pytest.approx(1.0)
    assert onset_ages(FACTS)[0] @ MIDDLE == pytest.approx(40.0, abs=0.01)
    assert onset_ages(facts_of(onset_age_mean=0.0, onset_age_sd=2.0))[0, 0] == pytest.approx(0.6915, abs=1e-4)
    assert onset_ages(facts_of(onset_age_mean=0.0, onset_age_sd=0.0))[0, 0] == 1.0


def test_the_stocks_are_older_by_the_years_they_have_been_ill() -> None:
    means = stock_ages(WORLD, FACTS, onset_ages(FACTS), 2013.25)[:, 0] @ MIDDLE
    waited = 30.0 / WORLD.services.need_per_year[0]
    assert means == pytest.approx([43.0, 43.0 + waited, 51.0], abs=0.1)


def test_nobody_is_lost_between_age_and_year_of_birth() -> None:
    ages = stock_ages(WORLD, FACTS, onset_ages(FACTS), 2013.25)[2]
    assert stock_by_birth(ages, 5).sum() == pytest.approx(1.0)
    for year in range(5):
        assert onsets_by_birth(ages, year, 5).sum() == pytest.approx(1.0)


@pytest.mark.parametrize("year", [0, 4])
def test_people_die_at_the_hazard_of_the_age_they_have_reached(year: int) -> None:
    """With a hazard that rises evenly with age, its mean over a year is that at the mean age."""
    ages = np.arange(111.0)
    hazards = background_hazards(LifeTable(ages, 0.001 * ages**2 / 2), 5)[year * 12 : year * 12 + 12].mean(axis=0)
    assert hazards @ onsets_by_birth(onset_ages(FACTS), year, 5)[0] == pytest.approx(0.001 * 40.0, rel=1e-3)
    assert hazards @ stock_by_birth(onset_ages(FACTS), 5)[0] == pytest.approx(0.001 * (40.5 + year), rel=1e-3)
