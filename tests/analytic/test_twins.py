"""A twin meets what a patient who came beside the others would meet: arrivals at random see time averages.

Twins are diagnosed on random days, as real people are, so a twin's chance to be treated in time is the
real patients' chance, although it takes no slot and no money.
"""

from typing import Any

import numpy as np
import pytest

from sim.measures.intervals import mean_interval
from sim.measures.twins import discordance, discordance_own_luck, discordance_same_place, nested_parts
from sim.model.run import run
from sim.world.services import ONE_OFF, ONGOING
from tests.analytic.bounds import ALPHA, Z
from tests.analytic.worlds import NOTHING_ELSE, at_distances, world_of
from tests.builders import held_by, population_of, spec_of

PLACES, SETS = 200, 1000
MONEY: dict[str, Any] = {"budget.cap_enabled": True, "budget.plan_share_of_expected": 1.0}
SLOTS: dict[str, Any] = {
    "waiting.capacity_enabled": True,
    "waiting.capacity_scale": 1.05,
    "referral.travel_enabled": True,
    "referral.non_referral_log_odds_per_hour": 0.0,
}


@pytest.mark.parametrize(("kind", "scarce"), [(ONE_OFF, MONEY), (ONE_OFF, SLOTS), (ONGOING, SLOTS)])
def test_twins_are_treated_in_time_as_often_as_patients_are(kind: int, scarce: dict[str, Any]) -> None:
    world = world_of(
        PLACES,
        1,
        PLACES,
        need=40.0,
        kinds=(kind,),
        capacity_share_of_need=1.0,
        access_window_days=40.0,
        duration_on_treatment_years=1.0,
        stop_rate_per_year=1.0,
    )
    world = at_distances(world, 100.0 * (1.0 - np.eye(PLACES)))
    changes = {**NOTHING_ELSE, "population.severe_share": 0.2, **scarce}
    spec = spec_of(world, held_by("place"), changes, years=4, twin_sets=SETS)
    result = run(spec, world, population_of(world, spec))
    people, reached = (table[0].sum(axis=(1, 2, 3)) for table in (result.people, result.reached))
    twins = result.twin_reached[0].astype(np.float64)  # [sets, P]

    share = reached.sum() / people.sum()
    by_place = (reached - share * people) / people.mean() - (twins.mean(axis=0) - twins.mean())
    by_profile = twins.reshape(SETS // 2, 2, PLACES).mean(axis=(1, 2))  # two sets have one day and severity
    error = np.hypot(by_place.std() / np.sqrt(PLACES), by_profile.std() / np.sqrt(SETS // 2))

    assert 0.2 < share < 0.9
    assert abs(twins.mean() - share) <= Z * error
    assert abs(twins.mean() - 1.1 * share) > Z * error
    assert abs(twins.mean() - 0.9 * share) > Z * error


def test_own_luck_adds_what_the_law_says_to_what_places_do() -> None:
    """Only referral is at stake: a patient in place i is referred with a known chance p_i, by one uniform number.

    Twins with one luck differ in places i and j with the chance |p_i - p_j|; with luck of their own they do with
    p_i (1 - p_j) + p_j (1 - p_i), of which the same place makes 2 p_i (1 - p_i).
    """
    places, missing, gradient = 8, 0.3, 4.0
    world = world_of(places, need=20.0)
    changes = {
        **NOTHING_ELSE,
        "referral.not_referred_share": missing,
        "deprivation.enabled": True,
        "deprivation.non_referral_log_odds": gradient,
        "population.severe_share": 0.3,
    }
    spec = spec_of(world, held_by("nation"), changes, years=2, twin_sets=1500)
    reached = run(spec, world, population_of(world, spec)).twin_reached[0]
    p = 1 / (1 + np.exp(gradient * (world.places.deprivation_rank - 0.5) - np.log((1 - missing) / missing)))
    i, j = p[:, None], p[None, :]
    weight = world.places.population
    share = weight / weight.sum()
    by_law = {
        discordance: share @ np.abs(i - j) @ share,
        discordance_own_luck: share @ (i * (1 - j) + j * (1 - i)) @ share,
        discordance_same_place: share @ (2 * p * (1 - p)),
    }
    for index, law in by_law.items():
        found = index(reached, weight)
        if index is discordance:  # two sets of one profile, but of separate luck
            assert np.corrcoef(found[::2], found[1::2])[0, 1] < Z / np.sqrt(found.size / 2)
        limits = mean_interval(found, 1 - ALPHA)
        assert limits.low <= law <= limits.high
        others = [other for other in by_law.values() if other != law]
        assert not any(limits.low <= other <= limits.high for other in others)
    # Wrong: to take the two sets' common share for the chance of each.
    pooled = (reached[::2] + reached[1::2]) @ share / 2
    wrong = mean_interval(2 * pooled * (1 - pooled), 1 - ALPHA)
    assert not wrong.low <= by_law[discordance_own_luck] <= wrong.high


def test_of_holders_who_all_do_the_same_nothing_lies_between_but_chance_of_their_places() -> None:
    world = world_of(6, need=20.0)
    spec = spec_of(world, held_by("place"), {**NOTHING_ELSE, "referral.not_referred_share": 0.3}, twin_sets=40)
    result = run(spec, world, population_of(world, spec))
    between, within = nested_parts(result.twin_reached[0], world.places.population, (result.budget_holder[:, 0],))

    assert result.budget_holder[:, 0].size == np.unique(result.budget_holder[:, 0]).size
    assert between.sum() + within.sum() == 0.0
