"""Panels: one mean for all, and a spread between them (mechanism 5)."""

import numpy as np
import pytest
from scipy import stats

from sim.governance.panels import PanelParameters, approval_shares
from sim.luck.draws import luck_of

UNITS = np.arange(1, 4_001, dtype=np.uint64)[:, np.newaxis] * np.uint64(2_654_435_761)
LUCK = luck_of(1, 0)
ALPHA = 1e-4


def test_approval_shares_follow_the_beta_distribution_and_a_wider_one_is_rejected() -> None:
    shares = approval_shares(UNITS, PanelParameters(approval_share=0.4, panel_concentration=10.0), LUCK)[:, 0]
    assert stats.kstest(shares, stats.beta(4.0, 6.0).cdf).pvalue > ALPHA
    assert stats.kstest(shares, stats.beta(3.2, 4.8).cdf).pvalue < ALPHA  # a concentration 20 % smaller


def test_the_mean_does_not_depend_on_how_many_panels_there_are() -> None:
    parameters = PanelParameters(approval_share=0.4, panel_concentration=4.0)
    alone = [approval_shares(UNITS[:1], parameters, luck_of(seed, 0))[0, 0] for seed in range(2_000)]
    sd = stats.beta(1.6, 2.4).std()
    assert abs(np.mean(alone) - 0.4) < 3.9 * sd / np.sqrt(2_000)


def test_as_panels_grow_alike_nearly_all_lie_inside_the_limits_of_chance() -> None:
    share = approval_shares(UNITS, PanelParameters(approval_share=0.4, panel_concentration=1e6), LUCK)[:, 0]
    requests = 40
    approved = np.random.default_rng(1).binomial(requests, share)
    low, high = stats.binom.interval(0.95, requests, 0.4)
    inside = ((approved >= low) & (approved <= high)).mean()
    exact = stats.binom.cdf(high, requests, 0.4) - stats.binom.cdf(low - 1, requests, 0.4)
    assert abs(inside - exact) < 3.9 * np.sqrt(exact * (1 - exact) / share.size)
    wide = approval_shares(UNITS, PanelParameters(approval_share=0.4, panel_concentration=10.0), LUCK)[:, 0]
    approved = np.random.default_rng(1).binomial(requests, wide)
    assert ((approved >= low) & (approved <= high)).mean() < 0.8


def test_a_unit_has_one_panel_for_all_its_places_and_services() -> None:
    cases = np.array([[5, 5], [5, 9]], dtype=np.uint64)
    shares = approval_shares(cases, PanelParameters(), LUCK)
    assert shares[0, 0] == shares[0, 1] == shares[1, 0] != shares[1, 1]


@pytest.mark.parametrize("cases", [UNITS[:3]])
def test_nobody_is_asked_while_the_mechanism_is_off(cases: np.ndarray) -> None:
    assert (approval_shares(cases, PanelParameters(enabled=False), LUCK) == 0.0).all()
