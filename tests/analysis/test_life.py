import numpy as np
import pytest

from sim.analysis.life import age_at_onset, life_of, payer_name, person_of
from sim.luck.decisions import DEATH
from sim.luck.draws import exponential, luck_of, words
from sim.world.life_table import age_at_hazard, hazard_at_age
from sim.world.people import ENTRY_ILL
from sim.world.time import DAYS_PER_YEAR
from tests.analysis.conftest import Pair


def test_the_age_at_onset_is_the_one_the_life_was_drawn_with(pair: Pair) -> None:
    people, cumulative = pair.population.people, pair.world.life_table.cumulative_hazard
    ill = np.flatnonzero((people.entry == ENTRY_ILL) & (people.onset_day >= 0) & (people.weight > 0))[:20]
    for row in ill.tolist():
        age, plan = age_at_onset(pair.population, row), pair.population.plan
        a, _, _, _ = words(luck_of(plan.seed, plan.replicate), people[row].luck_owner, DEATH, 0)
        at_death = age_at_hazard(cumulative, hazard_at_age(cumulative, age) + exponential(a, 1.0))

        lived = people[row].background_death_day - people[row].onset_day
        assert lived == pytest.approx((at_death - age) * DAYS_PER_YEAR, abs=1)


@pytest.mark.parametrize("which", [0, 1])
def test_what_all_lives_cost_is_what_the_model_paid(pair: Pair, which: int) -> None:
    lives = [life_of(pair.runs[which], row) for row in pair.rows]

    paid = sum(payment.pence * life.person.stands_for for life in lives for payment in life.payments)

    assert paid == pair.results[which].treatment_pence.sum()


def test_the_payer_is_named_by_its_area_and_changes_with_the_regime(pair: Pair) -> None:
    person = person_of(pair.world, pair.population, 0)
    places = pair.world.places
    unit = places.unit_of["district"][places.codes.index(person.place)]

    assert payer_name(pair.runs[0], person, 0) == "the national commissioner"
    assert places.unit_names["district"][unit] in payer_name(pair.runs[1], person, 11)
    assert "region_" in payer_name(pair.runs[1], person, 12)


def test_ongoing_treatment_is_paid_for_by_both_payers_of_a_timeline(pair: Pair) -> None:
    lives = [life_of(pair.runs[1], row) for row in pair.rows]

    payers = [[payment.payer for payment in life.payments] for life in lives if len(life.payments) > 1]

    assert payers
    assert all("district" in first and "region" in second for first, second in payers)


def test_a_life_that_was_not_run_is_refused(pair: Pair) -> None:
    with pytest.raises(KeyError):
        life_of(pair.runs[0], pair.population.real)
