"""Mechanism 18: repeated contacts, each of which recognises the illness with a probability of its own."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.phases.diagnosis import DiagnosisParameters, recognition_by_place
from sim.world.time import DAYS_PER_YEAR
from sim.world.world import World
from tests.analytic.bounds import agrees, share_agrees
from tests.analytic.worlds import Lives, after, at_distances, world_of

DELAY = 0.5  # years
SHARE = 0.2
ODYSSEY: dict[str, Any] = {
    "diagnosis.enabled": True,
    "diagnosis.recognition_share_per_contact": SHARE,
    "diagnosis.expertise_exponent": 0.0,
}
HOURS = np.array([[0.5], [2.0], [4.0]])


def years(world: World, changes: dict[str, Any], place: int | None = None) -> np.ndarray:
    """Return the time to diagnosis of everyone who falls ill in the first two of twelve years."""
    lives = Lives(after(world, 12, {**ODYSSEY, **changes}))
    early = (lives.onset < 2 * DAYS_PER_YEAR) & ((lives.place == place) | (place is None))
    assert np.isfinite(lives.diagnosis[early]).all()
    return (lives.diagnosis - lives.onset)[early] / DAYS_PER_YEAR


def test_the_number_of_contacts_is_geometric_with_mean_one_over_the_share() -> None:
    waited = years(world_of(need=5_000.0, diagnosis_delay_years=DELAY), {})
    interval = DELAY / (1 / SHARE - 0.5)
    contacts = np.ceil(waited / interval + 1e-9)
    longest = 12
    found = np.array([(contacts == n).sum() for n in range(1, longest)])
    for share, fits in ((SHARE, True), (0.8 * SHARE, False), (1.2 * SHARE, False)):
        expected = stats.geom.pmf(np.arange(1, longest), share)
        assert share_agrees(found, np.full(longest - 1, contacts.size), expected) is fits
    assert agrees(contacts, 1 / SHARE)


@pytest.mark.parametrize("share", [0.05, 0.5, 1.0])
def test_the_mean_time_to_diagnosis_is_the_services_own_whatever_the_share(share: float) -> None:
    changes = {"diagnosis.recognition_share_per_contact": share}
    waited = years(world_of(need=5_000.0, diagnosis_delay_years=DELAY), changes)
    assert agrees(waited + 0.5 / DAYS_PER_YEAR, DELAY)  # days are cut off
    assert not agrees(waited, 1.2 * DELAY)


def test_when_off_the_time_is_exponential() -> None:
    waited = years(world_of(need=5_000.0, diagnosis_delay_years=DELAY), {"diagnosis.enabled": False})
    assert stats.kstest(waited + 0.5 / DAYS_PER_YEAR, stats.expon(scale=DELAY).cdf).pvalue > 1e-4


def test_far_from_expertise_recognition_is_later_and_the_mean_over_all_is_kept() -> None:
    world = at_distances(world_of(3, need=5_000.0, diagnosis_delay_years=DELAY), HOURS)
    changes = {"diagnosis.expertise_exponent": 0.4, "diagnosis.reach_hours": 1.0}
    near, middle, far = (years(world, changes, place).mean() for place in range(3))
    assert near < middle < far
    assert np.mean([near, middle, far]) == pytest.approx(DELAY, rel=0.03)


def test_recognition_goes_with_the_expertise_within_reach_to_a_power() -> None:
    world = at_distances(world_of(3), HOURS)
    usual = np.full(world.offers.service.size, 100.0)
    factor = recognition_by_place(world, usual, DiagnosisParameters(expertise_exponent=0.4, reach_hours=2.0))[:, 0]
    assert factor[0] / factor[1] == pytest.approx(np.exp(0.4 * 1.5 / 2.0))
    assert (1 / factor).mean() == pytest.approx(1.0)
    assert (recognition_by_place(world, usual, DiagnosisParameters(expertise_exponent=0.0)) == 1.0).all()
