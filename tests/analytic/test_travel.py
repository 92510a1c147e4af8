"""Mechanism 8: travel sways which centre is chosen (logit), and who is referred at all (logistic in hours)."""

from typing import Any

import numpy as np
import pytest

from sim.agents.columns import NOT_REFERRED, TOO_FAR
from sim.model.checksum import lives_checksum
from sim.model.model import CommissioningModel
from sim.phases.referral import ReferralParameters, attendance_share, attraction
from sim.world.services import EMERGENCY
from tests.analytic.bounds import share_agrees
from tests.analytic.worlds import NOTHING_ELSE, Lives, after, at_distances, count_by, world_of
from tests.builders import held_by, model_of, spec_of

NEED = 20_000.0  # people a year in each place: one year is enough for every test
FARTHER = np.array([0.0, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5])  # hours that the second centre is farther away
HOURS = np.array([0.0, 0.5, 1.0, 2.0, 3.0, 4.5, 6.0])  # to the only centre
WEIGHT, LOG_ODDS, MISSING = 2.0, 0.3, 0.1

CHOICE: dict[str, Any] = {
    "referral.travel_enabled": True,
    "referral.travel_weight_per_hour": WEIGHT,
    "referral.non_referral_log_odds_per_hour": 0.0,
}
ATTENDANCE: dict[str, Any] = {
    "referral.travel_enabled": True,
    "referral.non_referral_log_odds_per_hour": LOG_ODDS,
    "referral.not_referred_share": MISSING,
}


def two_centres(changes: dict[str, Any], farther: np.ndarray = FARTHER) -> CommissioningModel:
    world = world_of(farther.size, n_providers=2, need=NEED)
    return after(at_distances(world, np.stack([1.0 + 0 * farther, 1.0 + farther], axis=1)), 1, changes)


def one_centre(changes: dict[str, Any], hours: np.ndarray = HOURS) -> CommissioningModel:
    return after(at_distances(world_of(hours.size, need=NEED), hours[:, np.newaxis]), 1, changes)


def chosen(model: CommissioningModel) -> tuple[np.ndarray, np.ndarray]:
    """Return how many of each place chose the first centre, and how many chose."""
    lives = Lives(model)
    counts = count_by(lives.place, lives.cell, shape=(FARTHER.size, 2))
    return counts[:, 0], counts.sum(axis=1)


def referred(model: CommissioningModel) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return how many of each place were referred, were not, and lived too far away."""
    lives = Lives(model)
    lost = np.searchsorted([0, NOT_REFERRED, TOO_FAR], lives.lost)
    counts = count_by(lives.place, lost, shape=(HOURS.size, 3))
    return counts[:, 0], counts[:, 1], counts[:, 2]


def logistic(log_odds: np.ndarray) -> np.ndarray:
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def test_the_odds_of_a_centre_fall_exponentially_with_the_hours_it_is_farther() -> None:
    near, everyone = chosen(two_centres(CHOICE))

    assert share_agrees(near, everyone, logistic(WEIGHT * FARTHER))
    assert not share_agrees(near, everyone, logistic(1.2 * WEIGHT * FARTHER))
    assert not share_agrees(near, everyone, logistic(0.8 * WEIGHT * FARTHER))
    assert not share_agrees(near, everyone, logistic(WEIGHT * (FARTHER > 0)))  # not simply the nearest


def test_without_a_weight_on_travel_equal_centres_draw_alike() -> None:
    near, everyone = chosen(two_centres(CHOICE | {"referral.travel_weight_per_hour": 0.0}))

    assert share_agrees(near, everyone, np.full(FARTHER.size, 0.5))


def test_what_both_centres_have_in_common_does_not_matter() -> None:
    near, nearer = two_centres(CHOICE), two_centres(CHOICE, FARTHER)
    world = nearer.state.world
    later = after(at_distances(world, world.travel_hours + 3.0), 1, CHOICE)

    np.testing.assert_array_equal(Lives(near).cell, Lives(later).cell)


def test_a_queue_deters_as_its_months_of_work_do() -> None:
    spec = spec_of(world_of(1, n_providers=2, need=120.0), held_by("nation"), NOTHING_ELSE)
    model = model_of(world_of(1, n_providers=2, need=120.0), spec)
    monthly = model.state.world.offers.capacity / 12.0
    model.state.cells.queued[:] = [30, 0]
    parameters = ReferralParameters(travel_enabled=False, wait_weight_per_month=0.5)

    utility = attraction(model.state, parameters)

    assert utility[0] - utility[1] == pytest.approx(-0.5 * 30 / monthly[0] + np.log(monthly[0] / monthly[1]))


def test_the_log_odds_of_referral_fall_evenly_with_the_hours() -> None:
    sent, _, _ = referred(one_centre(ATTENDANCE))
    everyone = sum(referred(one_centre(ATTENDANCE)))
    intercept = np.log((1 - MISSING) / MISSING)

    assert share_agrees(sent, everyone, logistic(intercept - LOG_ODDS * HOURS))
    assert not share_agrees(sent, everyone, logistic(intercept - 1.2 * LOG_ODDS * HOURS))
    assert not share_agrees(sent, everyone, logistic(intercept - 0.8 * LOG_ODDS * HOURS))
    assert not share_agrees(sent, everyone, (1 - MISSING) * np.exp(-LOG_ODDS * HOURS * MISSING))


def test_those_missed_next_door_are_missed_everywhere_and_the_rest_is_too_far() -> None:
    sent, missed, too_far = referred(one_centre(ATTENDANCE))
    everyone = sent + missed + too_far

    assert share_agrees(missed, everyone, np.full(HOURS.size, MISSING))
    assert too_far[0] == 0
    assert (np.diff(too_far) > 0).all()


def test_without_an_effect_of_hours_nobody_lives_too_far() -> None:
    sent, missed, too_far = referred(one_centre(ATTENDANCE | {"referral.non_referral_log_odds_per_hour": 0.0}))

    assert too_far.sum() == 0
    assert share_agrees(missed, sent + missed, np.full(HOURS.size, MISSING))


def test_the_envelope_expects_the_share_that_is_referred() -> None:
    parameters = ReferralParameters(not_referred_share=MISSING, non_referral_log_odds_per_hour=LOG_ODDS)
    sent, missed, too_far = referred(one_centre(ATTENDANCE))

    assert share_agrees(sent, sent + missed + too_far, attendance_share(HOURS, parameters))


def test_an_emergency_goes_to_the_nearest_centre_that_has_a_bed() -> None:
    world = world_of(2, n_providers=2, need=600.0, kinds=(EMERGENCY,), capacity_share_of_need=0.9)
    world = at_distances(world, np.array([[0.5, 2.0], [2.0, 0.5]]))
    unlimited = Lives(after(world, 1, CHOICE))
    limited = Lives(after(world, 1, CHOICE | {"waiting.capacity_enabled": True}))

    np.testing.assert_array_equal(unlimited.cell, unlimited.place)
    by_cell = count_by(limited.place, limited.cell + 1, shape=(2, 3))
    assert by_cell[:, 0].sum() > 0  # no bed anywhere
    assert by_cell[0, 1] > by_cell[0, 2] >= 0
    assert by_cell[1, 2] > by_cell[1, 1] >= 0


def test_with_travel_off_distance_changes_no_life() -> None:
    def checksum(hours: np.ndarray, enabled: bool) -> int:
        world = at_distances(world_of(HOURS.size, n_providers=2, need=300.0), np.stack([hours, hours[::-1]], axis=1))
        model = after(world, 1, CHOICE | ATTENDANCE | {"referral.travel_enabled": enabled})
        return lives_checksum(model.state.roster, 0, model.state.population.real)

    assert checksum(HOURS, False) == checksum(2.0 * HOURS[::-1], False)
    assert checksum(HOURS, True) != checksum(2.0 * HOURS[::-1], True)


def test_with_travel_off_people_spread_as_supply_does() -> None:
    model = two_centres({"referral.travel_enabled": False})
    near, everyone = chosen(model)
    capacity = model.state.world.offers.capacity

    assert share_agrees(near, everyone, np.full(FARTHER.size, capacity[0] / capacity.sum()))
