"""One national envelope, divided between places by a formula that sees what formulae can see."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.governance.allocation import place_shares, rest_shares, sum_by_account
from sim.governance.levers import Levers
from tests.builders import few, small_world

WORLD = small_world(deprivation_gradient=2.0, need_unobserved_sd_log=0.5)
TRUE = WORLD.expected_need * np.linspace(0.5, 2.0, 6)[:, np.newaxis]


@pytest.mark.parametrize("allocation", ["weighted_capitation", "capitation", "historic"])
def test_shares_of_the_places_add_up_to_the_whole(allocation: str) -> None:
    shares = place_shares(WORLD, Levers(allocation=allocation), TRUE)
    assert shares.sum(axis=0) == pytest.approx([1.0] * 3)
    assert (shares > 0).all()


def test_heads_count_under_capitation() -> None:
    assert place_shares(WORLD, Levers(allocation="capitation"), TRUE) == pytest.approx(np.full((6, 3), 1 / 6))


def test_weighted_capitation_sees_age_and_deprivation_and_not_true_need() -> None:
    weighted = place_shares(WORLD, Levers(allocation="weighted_capitation"), TRUE)
    assert weighted == pytest.approx(WORLD.expected_need / WORLD.expected_need.sum(axis=0))
    assert (weighted == place_shares(WORLD, Levers(allocation="weighted_capitation"), TRUE[::-1])).all()
    order = np.argsort(WORLD.places.deprivation_rank)
    assert (np.diff(weighted[order, 0]) > 0).all()


def test_the_historic_basis_follows_true_need() -> None:
    assert place_shares(WORLD, Levers(allocation="historic"), TRUE) == pytest.approx(TRUE / TRUE.sum(axis=0))


def test_what_has_no_history_is_divided_by_weighted_capitation() -> None:
    none = TRUE.copy()
    none[:, 1] = 0.0
    shares = place_shares(WORLD, Levers(allocation="historic"), none)
    assert (shares[:, 1] == place_shares(WORLD, Levers(allocation="weighted_capitation"), none)[:, 1]).all()
    assert shares[:, [0, 2]] == pytest.approx((TRUE / TRUE.sum(axis=0))[:, [0, 2]])


def test_the_rest_is_divided_as_all_modelled_services_are() -> None:
    shares = np.array([[0.2, 0.6], [0.8, 0.4]])
    plan = np.array([[100.0, 100.0], [300.0, 300.0]])
    assert rest_shares(plan, shares) == pytest.approx([0.2 * 0.25 + 0.6 * 0.75, 0.8 * 0.25 + 0.4 * 0.75])
    assert rest_shares(np.zeros((2, 2)), shares) == pytest.approx([0.4, 0.6])


@given(st.integers(0, 1000))
@few(20)
def test_whoever_pays_the_sum_is_the_same(seed: int) -> None:
    rng = np.random.default_rng(seed)
    modelled, rest = rng.uniform(0, 9, (6, 3)), rng.uniform(0, 9, (6, 2))
    payer, rest_payer = (rng.integers(0, 4, amounts.shape, dtype=np.int32) for amounts in (modelled, rest))
    total = sum_by_account(5, payer, rest_payer, (modelled, rest))
    assert total.sum() == pytest.approx(modelled.sum() + rest.sum())
    assert total[4] == 0
    assert total[2] == pytest.approx(modelled[payer == 2].sum() + rest[rest_payer == 2].sum())
