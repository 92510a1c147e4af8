"""Mechanism 14: where money is short, a service waits as much less as its patients outnumber others'.

Services of one price wait in one queue for money. Each request ranks by its date less θ·D·ln(n/n̄), and at any
time those who rank before one date are served; so waits differ between services by exactly that. With θ = 0 common
and rare services are served alike.
"""

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.world.time import first_day
from tests.analytic.bounds import ALPHA, Z, slope
from tests.analytic.worlds import Lives, after, world_of
from tests.builders import differing, held_by, lively_world, result_of, spec_of

DAYS = 90.0
YEARS = 4
WINDOW = 126
RATIO = 0.5  # each service has half the patients of the one before


@cache
def waits(exponent: float) -> tuple[np.ndarray, ...]:
    """Return the days waited for money by those agreed to in the last year, by service."""
    world = world_of(n_services=4, need=800.0, need_ratio=RATIO)
    lives = Lives(after(world, YEARS, biased(exponent)))
    late = (lives.approval >= first_day(12 * (YEARS - 1))) & np.isfinite(lives.approval)
    return tuple((lives.approval - lives.diagnosis)[late & (lives.service == service)] for service in range(4))


def biased(exponent: float) -> dict[str, Any]:
    """Return parameters under which one payer of all services can pay for four in five."""
    return {
        "budget.cap_enabled": True,
        "budget.plan_share_of_expected": 0.8,
        "priority.enabled": True,
        "priority.volume_exponent": exponent,
        "priority.days_per_log_weight": DAYS,
    }


def wait_by_volume(exponent: float) -> tuple[float, float]:
    """Return the slope of the wait on the logarithm of a service's patients, and its standard error."""
    found = waits(exponent)
    means = np.array([days.mean() for days in found])
    errors = np.array([days.std(ddof=1) / np.sqrt(days.size) for days in found])
    return slope(np.arange(4) * np.log(RATIO), means, errors)


@pytest.mark.parametrize("exponent", [0.0, 0.25, 0.5])
def test_waits_fall_with_the_logarithm_of_patients_as_the_weights_say(exponent: float) -> None:
    fitted, error = wait_by_volume(exponent)
    assert abs(fitted + exponent * DAYS) <= Z * error
    for wrong in {0.0, 0.25, 0.5} - {exponent}:
        assert abs(fitted + wrong * DAYS) > Z * error


def test_common_services_gain_and_rare_ones_lose_step_by_step() -> None:
    mean = np.array([[days.mean() for days in waits(exponent)] for exponent in (0.0, 0.25, 0.5)])
    assert (np.diff(mean[:, 0]) < 0).all()
    assert (np.diff(mean[:, -1]) > 0).all()


def access(exponent: float) -> np.ndarray:
    """Return who was agreed to inside the window and who was not, of those diagnosed in the second year, int[2, S]."""
    world = world_of(n_services=4, need=800.0, need_ratio=RATIO)
    lives = Lives(after(world, YEARS, biased(exponent)))
    then = (lives.diagnosis >= first_day(12)) & (lives.diagnosis < first_day(24))
    in_time = lives.approval - lives.diagnosis <= WINDOW
    return np.stack([np.bincount(lives.service[then & which], minlength=4) for which in (in_time, ~in_time)])


def test_without_the_bias_access_is_equal_by_rarity_and_with_it_it_is_not() -> None:
    equal, biased_table = access(0.0), access(0.5)
    assert equal.min() > 20
    assert stats.chi2_contingency(equal).pvalue > ALPHA
    assert stats.chi2_contingency(biased_table).pvalue < ALPHA
    share = biased_table[0] / biased_table.sum(axis=0)
    assert (np.diff(share) < 0).all()


SHORT = {"budget.plan_share_of_expected": 0.7, "priority.volume_exponent": 0.5, "priority.days_per_log_weight": 150.0}


def compared(change: dict[str, Any], **options: Any) -> list[str]:
    """Name what differs between a run with the mechanism and one without, parameters otherwise alike."""
    world = lively_world(**{"need_ratio": 0.5, "capacity_share_of_need": 0.6, **options})
    on, off = (
        result_of(
            world,
            spec_of(world, held_by("region"), {**SHORT, **change, "priority.enabled": enabled}, years=2, twin_sets=2),
        )
        for enabled in (True, False)
    )
    return differing(on, off)


def test_with_money_short_and_services_unlike_it_changes_lives() -> None:
    assert {"lives_checksum", "twins_checksum", "reasons"} <= set(compared({}))


@pytest.mark.parametrize(
    ("change", "options"),
    [
        ({"priority.volume_exponent": 0.0}, {}),
        ({"budget.cap_enabled": False}, {}),
        ({"budget.plan_share_of_expected": 100.0}, {}),
        ({}, {"n_services": 1}),
        ({}, {"need_ratio": 1.0}),
    ],
)
def test_to_the_bit_it_changes_nothing_without_bias_shortage_or_difference(
    change: dict[str, Any], options: dict[str, Any]
) -> None:
    assert compared(change, **options) == []
