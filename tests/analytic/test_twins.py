"""A twin meets what a patient who came beside the others would meet: arrivals at random see time averages.

Twins are diagnosed on random days, as real people are, so a twin's chance to be treated in time is the
real patients' chance, although it takes no slot and no money.
"""

from typing import Any

import numpy as np
import pytest

from sim.model.run import run
from sim.world.services import ONE_OFF, ONGOING
from tests.analytic.bounds import Z
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
