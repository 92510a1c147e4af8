"""The services that are not modelled: what they cost varies as a pool of cases does, whoever pays."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.governance.portfolio import PortfolioParameters, national_rest, rest_spend
from sim.luck.draws import luck_of

ALPHA = 1e-4
KEYS = np.arange(2_000, dtype=np.uint64) * np.uint64(7919)
LUCK = luck_of(3, 0)
CASE, CV = 1_000.0, 1.5


def bills(mean: float, borne: float = 1.0, year: int = 0, keys: np.ndarray = KEYS, **of: Any) -> np.ndarray:
    """Return the bills of places with the same expected cost."""
    expected = np.full((keys.size, 1), mean)
    return rest_spend(expected, keys, CASE, of.get("cv", CV), borne, year, of.get("luck", LUCK))[:, 0]


def is_normal(values: np.ndarray, mean: float, sd: float) -> bool:
    return bool(stats.kstest(values, stats.norm(mean, sd).cdf).pvalue > ALPHA)


@pytest.mark.parametrize("cases", [400.0, 10_000.0])
def test_the_spread_is_that_of_a_compound_poisson_sum_and_another_exponent_is_rejected(cases: float) -> None:
    mean = cases * CASE
    sd = mean * np.sqrt((1 + CV**2) / cases)
    assert is_normal(bills(mean), mean, sd)
    assert not is_normal(bills(mean), mean, mean * np.sqrt(1 + CV**2) * cases**-0.4)
    assert not is_normal(bills(mean), mean, mean * cases**-0.5)


def test_what_payers_absorb_leaves_the_mean_and_narrows_the_spread() -> None:
    mean = 1e7
    all_of_it, part = bills(mean), bills(mean, borne=0.35)
    assert part - mean == pytest.approx(0.35 * (all_of_it - mean), abs=1.5)
    assert bills(mean, borne=0.0).tolist() == [int(mean)] * KEYS.size


def test_a_bill_is_never_negative() -> None:
    tiny = bills(CASE)
    assert (tiny >= 0).all()
    assert (tiny == 0).any()
    assert bills(0.0).sum() == 0


def test_the_luck_of_a_place_is_its_own_and_new_each_year() -> None:
    assert (bills(1e7)[100:200] == bills(1e7, keys=KEYS[100:200])).all()
    assert (bills(1e7) == bills(1e7)).all()
    limit = stats.norm.isf(ALPHA / 2) / np.sqrt(KEYS.size)
    for other in (bills(1e7, year=1), bills(1e7, luck=luck_of(3, 1))):
        assert abs(np.corrcoef(bills(1e7), other)[0, 1]) < limit


def test_groups_of_a_place_vary_apart() -> None:
    both = rest_spend(np.full((KEYS.size, 3), 1e7), KEYS, CASE, CV, 1.0, 0, LUCK)
    limit = stats.norm.isf(ALPHA / 2) / np.sqrt(KEYS.size)
    assert np.abs(np.corrcoef(both.T)[np.triu_indices(3, 1)]).max() < limit


def test_the_rest_is_published_less_modelled_spending_in_every_year() -> None:
    parameters = PortfolioParameters(specialised_spend_gbp_m=10.0, delegable_share=0.6)
    modelled, delegable = np.array([100e6, 200e6]), np.array([False, True])  # pence, in the first year
    rest = national_rest(parameters, modelled, delegable, 2)
    assert rest.tolist() == [[0.0, 0.0], [pytest.approx(300e6)] * 2, [pytest.approx(400e6)] * 2]
    assert (rest[2] + 200e6) / (rest.sum(axis=0) + 300e6) == pytest.approx([0.6, 0.6])


@pytest.mark.parametrize(("share", "theirs"), [(0.1, 0.0), (1.0, 700e6)])
def test_where_the_modelled_leave_no_room_the_rest_comes_as_near_as_it_can(share: float, theirs: float) -> None:
    parameters = PortfolioParameters(specialised_spend_gbp_m=10.0, delegable_share=share)
    rest = national_rest(parameters, np.array([100e6, 200e6]), np.array([False, True]), 1)
    assert rest[:, 0].tolist() == [0.0, pytest.approx(700e6 - theirs), pytest.approx(theirs)]


def test_the_rest_is_never_negative() -> None:
    assert (
        national_rest(PortfolioParameters(specialised_spend_gbp_m=1.0), np.full(2, 1e9), np.zeros(2, dtype=np.bool_), 2)
        == 0
    ).all()
