"""Mechanism 19: the odds of referral fall evenly with a place's deprivation, under every regime alike."""

from typing import Any

import numpy as np
import pytest

from sim.agents.columns import NOT_REFERRED
from tests.analytic.bounds import share_agrees
from tests.analytic.worlds import Lives, after, count_by, world_of

PLACES, NEED, MISSING = 8, 20_000.0, 0.2
WORLD = world_of(PLACES, need=NEED)
STRONG = 2.0  # log odds
RANK = WORLD.places.deprivation_rank


def referred(gradient: float, enabled: bool = True, level: str = "nation") -> tuple[np.ndarray, np.ndarray]:
    """Return how many of each place were referred, and how many were diagnosed."""
    changes: dict[str, Any] = {
        "referral.not_referred_share": MISSING,
        "deprivation.enabled": enabled,
        "deprivation.non_referral_log_odds": gradient,
    }
    lives = Lives(after(WORLD, 1, changes, level))
    counts = count_by(lives.place, (lives.lost == NOT_REFERRED).astype(int), shape=(PLACES, 2))
    return counts[:, 0], counts.sum(axis=1)


def expected(gradient: float) -> np.ndarray:
    log_odds = np.log((1 - MISSING) / MISSING) - gradient * (RANK - 0.5)
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def concentration_index(share: np.ndarray, rank: np.ndarray, people: np.ndarray) -> float:
    """Return 2·cov(share, rank)/mean, weighted by people."""
    mean, middle = np.average(share, weights=people), np.average(rank, weights=people)
    return float(2 * np.average((share - mean) * (rank - middle), weights=people) / mean)


def test_the_log_odds_fall_with_the_rank() -> None:
    sent, everyone = referred(STRONG)
    assert share_agrees(sent, everyone, expected(STRONG))
    assert not share_agrees(sent, everyone, expected(STRONG * 0.8))
    assert not share_agrees(sent, everyone, expected(STRONG * 1.2))


@pytest.mark.parametrize(("gradient", "enabled"), [(0.0, True), (STRONG, False)])
def test_without_a_gradient_the_poor_are_referred_as_the_rich_and_the_concentration_index_is_0(
    gradient: float, enabled: bool
) -> None:
    sent, everyone = referred(gradient, enabled)
    assert share_agrees(sent, everyone, np.full(PLACES, 1 - MISSING))
    assert abs(concentration_index(sent / everyone, 1 - RANK, everyone.astype(float))) < 0.002


def test_with_one_it_favours_the_rich() -> None:
    sent, everyone = referred(STRONG)
    assert concentration_index(sent / everyone, 1 - RANK, everyone.astype(float)) > 0.005


def test_the_regime_makes_no_difference_to_it() -> None:
    assert referred(STRONG)[0].tolist() == referred(STRONG, level="place")[0].tolist()
