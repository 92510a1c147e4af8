"""Mechanism 13: a holder of contracts steers patients to centres in its own area."""

from typing import Any

import numpy as np
import pytest

from sim.model.model import CommissioningModel
from tests.analytic.bounds import share_agrees
from tests.analytic.worlds import Lives, after, at_distances, count_by, world_of

NEED = 20_000.0
PHI = 1.2
STEERED: dict[str, Any] = {"referral.in_footprint_enabled": True, "referral.in_footprint_log_odds": PHI}


def two_places(changes: dict[str, Any], level: str) -> CommissioningModel:
    """Run two places with a centre each, both equally far from everybody."""
    world = world_of(2, n_providers=2, need=NEED, place_area_km2=900.0)
    travel = {"referral.travel_enabled": True, "referral.non_referral_log_odds_per_hour": 0.0}
    return after(at_distances(world, np.ones((2, 2))), 1, {**travel, **changes}, level)


def at_home(model: CommissioningModel) -> tuple[np.ndarray, np.ndarray]:
    """Return how many of each place chose its own centre, and how many chose."""
    lives = Lives(model)
    counts = count_by(lives.place, lives.cell, shape=(2, 2))
    return counts.diagonal(), counts.sum(axis=1)


def test_of_two_equal_centres_the_one_at_home_has_the_odds_of_e_to_the_phi() -> None:
    home, everyone = at_home(two_places(STEERED, "place"))
    for phi, agrees in ((PHI, True), (0.8 * PHI, False), (1.2 * PHI, False), (0.0, False)):
        assert share_agrees(home, everyone, np.full(2, 1 / (1 + np.exp(-phi)))) is agrees


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        (STEERED, "nation"),
        ({**STEERED, "referral.in_footprint_log_odds": 0.0}, "place"),
        ({**STEERED, "referral.in_footprint_enabled": False}, "place"),
    ],
)
def test_without_a_border_or_a_bias_it_is_the_patients_choice(changes: dict[str, Any], level: str) -> None:
    home, everyone = at_home(two_places(changes, level))
    assert share_agrees(home, everyone, np.full(2, 0.5))
