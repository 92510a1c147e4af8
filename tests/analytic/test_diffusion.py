"""Mechanism 6: who funds a new technology spreads as Bass (1969) has it; alone there is nobody to imitate."""

import numpy as np
import pytest

from sim.governance.co_commissioning import undisturbed
from sim.governance.diffusion import DiffusionParameters, begin_to_fund
from sim.governance.policy import DECIDED, Appraisal, AppraisalParameters, Deciders, PolicyParameters, appraisal_of
from sim.governance.review import review
from sim.luck.draws import luck_of
from sim.world.months import parse_month
from tests.analytic.bounds import Z, agrees
from tests.builders import small_world

LICENCE = parse_month("2013-04")
P, Q = 0.03, 0.38
PEAK = np.log(Q / P) / (P + Q)
SERVICES, BODIES, YEARS = 40, 150, 13


def unappraised(seed: int = 1) -> Appraisal:
    """Assemble technologies licensed in the first month that nobody will have appraised within fifty years."""
    services = small_world(n_services=SERVICES, available_from_month=LICENCE + 24).services
    never = AppraisalParameters(decision_months=600.0, decision_time_sd_log=0.0)
    return appraisal_of(services, PolicyParameters(topics_per_service=1), never, LICENCE, luck_of(seed, 0))


def bodies(count: int) -> Deciders:
    """Let as many equal bodies decide, each in a place of its own."""
    units = np.repeat(np.arange(1, count + 1, dtype=np.uint64)[:, np.newaxis], SERVICES, axis=1)
    share = np.full(units.shape, 1.0 / count)
    return Deciders(units, share, units, share, 1.0, undisturbed(units.shape))


def adopters(count: int, rates: tuple[float, float], months: int, seed: int = 1) -> np.ndarray:
    """Return the share of bodies that fund each technology after each month, float64[months + 1, SERVICES]."""
    ask, who, people = unappraised(seed), bodies(count), np.full(count, 1_000, dtype=np.int64)
    parameters = DiffusionParameters(innovation_per_year=rates[0], imitation_per_year=rates[1])
    funded, shares = np.zeros((count, SERVICES), dtype=np.int32), [np.zeros(SERVICES)]
    for month in range(months):
        begin_to_fund(ask, who, people, parameters, LICENCE + month, funded)
        shares.append((funded & 1).mean(axis=0))
    review(ask, who, LICENCE + months, funded)
    assert (funded & DECIDED == 0).all()  # the appraisals have not ended
    return np.array(shares)


def bass(years: float, p: float = P, q: float = Q) -> float:
    """Return the share of adopters F(t)."""
    decay = np.exp(-(p + q) * years)
    return float((1.0 - decay) / (1.0 + q / p * decay))


@pytest.fixture(scope="module")
def spread() -> np.ndarray:
    return adopters(BODIES, (P, Q), 12 * YEARS)


@pytest.mark.parametrize("years", [3, 5, 6, 8, 10])
def test_many_equal_bodies_follow_the_curve_and_not_one_without_imitation(spread: np.ndarray, years: int) -> None:
    shares = spread[12 * years]
    assert agrees(shares, bass(years))
    assert not agrees(shares, bass(years, q=1e-12))


@pytest.mark.parametrize("q", [0.6 * Q, 1.4 * Q])
def test_imitation_of_another_strength_is_rejected(spread: np.ndarray, q: float) -> None:
    assert not agrees(spread[12 * 6], bass(6, q=q))


def test_most_begin_when_the_curve_says(spread: np.ndarray) -> None:
    assert pytest.approx(6.2, abs=0.05) == PEAK
    peak = round(12 * PEAK)
    assert agrees(spread[peak], 0.5 * (1.0 - P / Q))  # F(t*)
    begun = np.diff(spread[::12], axis=0)  # by year
    middle = begun[5:7].mean(axis=0)  # the two years about the peak
    for year in (0, 1, 2, 10, 11, 12):
        more = middle - begun[year]
        assert more.mean() > Z * more.std(ddof=1) / np.sqrt(SERVICES)


def test_one_body_alone_has_only_its_own_accord() -> None:
    p, months = 0.3, 24
    begun = np.concatenate([adopters(1, (p, Q), months, seed)[-1] for seed in range(15)])
    assert agrees(begun, 1.0 - np.exp(-p * months / 12))
    assert not agrees(begun, 1.0 - np.exp(-(p + Q) * months / 12))  # as if it imitated itself


def test_without_either_rate_nobody_begins() -> None:
    assert not adopters(20, (0.0, Q), 60).any()
