"""Headroom that several bear together: nothing is lost, and the ends of sharing are to share nothing or all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.governance.risk_sharing import borne_together, whole_pence
from tests.builders import few

OWN = np.array([100.0, -40.0, 30.0, 5.0])
PLAN = np.array([400.0, 100.0, 100.0, 0.0])
GROUP = np.array([0, 0, 0, 1])


def kept_in_part(kept: np.ndarray) -> np.ndarray:
    """Return headroom of which each account keeps a part and bears the rest together with its group."""
    bearer = np.stack([2 + np.arange(OWN.size), GROUP], axis=1)
    return borne_together(OWN, PLAN, bearer, np.stack([kept, 1.0 - kept], axis=1))


def test_who_keeps_all_has_its_own() -> None:
    assert kept_in_part(np.ones(4)) == pytest.approx(OWN)


def test_who_keeps_nothing_has_its_plans_part_of_the_groups() -> None:
    shared = kept_in_part(np.zeros(4))
    assert shared == pytest.approx([60.0, 15.0, 15.0, 5.0])
    assert shared[:3] != pytest.approx([30.0, 30.0, 30.0])  # not in equal parts


@pytest.mark.parametrize("kept", [0.25, 0.5])
def test_between_the_two_it_is_a_part_of_each(kept: float) -> None:
    expected = kept * OWN + (1.0 - kept) * np.array([60.0, 15.0, 15.0, 5.0])
    assert kept_in_part(np.full(4, kept)) == pytest.approx(expected)


@given(st.data())
@few(100)
def test_nothing_is_lost_whoever_bears_what(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 6))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    own, plan = rng.integers(-(10**9), 10**9, size), rng.integers(0, 3, size) * 10**8
    part = rng.integers(0, 5, size) / 4
    bearer = rng.integers(0, 4, (size, 2))
    shared = borne_together(own.astype(float), plan.astype(float), bearer, np.stack([part, 1.0 - part], axis=1))
    assert shared.sum() == pytest.approx(own.sum(), abs=1e-4)
    assert whole_pence(shared, int(own.sum())).sum() == own.sum()
    assert abs(whole_pence(shared, int(own.sum())) - shared).max() <= 1.0 + 1e-4
