"""Which services a payer puts first follows from whom it pays for, and from nothing else."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.governance.accounts import PoolingParameters, accounts_of
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime
from sim.governance.priority import MOST_DAYS, PriorityParameters, days_ahead
from tests.builders import held_by, small_world

TILTED = PriorityParameters(volume_exponent=0.5, days_per_log_weight=100.0)
PURSES = st.integers(1, 4)


def days(regime: Regime, parameters: PriorityParameters = TILTED, **options: Any) -> np.ndarray:
    world = small_world(**{"n_services": 6, "need_ratio": 0.2, **options})
    payers = accounts_of(world.places, world.services, [regime], PoolingParameters())
    return days_ahead(payers.payer[0], world.expected_need, parameters)


def test_a_request_ranks_earlier_by_the_logarithm_of_its_services_patients() -> None:
    found = days(held_by("nation"), n_services=3)
    assert found[0].tolist() == [round(50 * np.log(5)), 0, -round(50 * np.log(5))]


@pytest.mark.parametrize("level", ["region", "district"])
def test_a_national_purse_has_the_bias_of_any_other_that_holds_the_same(level: str) -> None:
    assert (days(held_by("nation")) == days(held_by(level))).all()
    assert np.ptp(days(held_by("nation"))) > 300


def test_a_holder_differs_from_others_by_its_portfolio_alone() -> None:
    """Let the nation keep one group of three: in either purse fewer and more equal services are left."""
    apart = {"highly_specialised": "nation", "specialised_retained": "region", "specialised_delegable": "region"}
    matrix = {group: dict.fromkeys(FUNCTIONS, Cell(apart[group])) for group in GROUPS}
    whole, split = days(held_by("region")), days(Regime("split", matrix))
    world = small_world(n_services=6)
    kept = np.array([group == GROUPS[0] for group in world.services.groups])
    for purse in (kept, ~kept):
        assert abs(split[:, purse].sum(axis=1)).max() <= purse.sum()  # of rounding
        assert (np.diff(split[:, purse]) - np.diff(whole[:, purse]) <= 1).all()  # order and gaps as before
    assert (split[:, kept][:, 0] < whole[:, kept][:, 0]).all()


def test_alone_in_a_purse_a_service_is_neither_early_nor_late() -> None:
    assert (days(held_by("nation"), n_services=1) == 0).all()


@pytest.mark.parametrize("parameters", [{"enabled": False}, {"volume_exponent": 0.0}, {"days_per_log_weight": 0.0}])
def test_without_a_bias_every_request_keeps_its_day(parameters: dict[str, Any]) -> None:
    assert (days(held_by("region"), PriorityParameters(**parameters)) == 0).all()


@given(st.lists(st.lists(st.floats(0.0, 1e6), min_size=5, max_size=5), min_size=1, max_size=8), st.randoms())
def test_names_and_order_of_services_places_and_purses_change_nothing(need: Any, random: Any) -> None:
    patients = np.array(need)
    payer = np.array([[random.randrange(3) for _ in row] for row in need], dtype=np.int32)
    found = days_ahead(payer, patients, TILTED)
    service = np.array(random.sample(range(5), 5))
    place = np.array(random.sample(range(len(need)), len(need)))
    moved = days_ahead((2 - payer)[place][:, service], patients[place][:, service], TILTED)
    assert (abs(moved - found[place][:, service]) <= 1).all()  # a sum in another order may round apart
    assert (moved == found[place][:, service]).mean() > 0.9


@given(st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=30), st.floats(0.0, 0.5))
def test_over_a_purse_days_sum_to_nothing(need: list[float], exponent: float) -> None:
    parameters = PriorityParameters(volume_exponent=exponent)
    patients = np.array([need])
    found = days_ahead(np.zeros(patients.shape, dtype=np.int32), patients, parameters)
    assert abs(int(found.sum())) <= len(need) / 2
    assert (np.diff(found[0, np.argsort(need)]) >= 0).all()


def test_a_service_without_patients_is_in_no_purse() -> None:
    patients = np.array([[100.0, 0.0, 1.0]])
    with_it = days_ahead(np.zeros((1, 3), dtype=np.int32), patients, TILTED)
    without = days_ahead(np.zeros((1, 2), dtype=np.int32), patients[:, [0, 2]], TILTED)
    assert with_it.tolist() == [[without[0, 0], 0, without[0, 1]]]


def test_no_request_leaves_the_days_that_a_key_can_hold() -> None:
    most = PriorityParameters(volume_exponent=10.0, days_per_log_weight=3650.0)
    found = days_ahead(np.zeros((1, 2), dtype=np.int32), np.array([[1e300, 1e-300]]), most)
    assert found.tolist() == [[MOST_DAYS, -MOST_DAYS]]
