"""Mechanism 7: designs are drawn, copied and tried; what many holders find at once one finds in time."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.integrate import quad
from scipy.stats import chi2, norm

from sim.governance.pathways import ExperimentParameters, first_designs, inherited, redesigned
from sim.luck.draws import luck_of
from sim.luck.identity import text_identity
from tests.analytic.bounds import ALPHA, Z, agrees

LUCK = luck_of(7, 0)
MATTERS = np.array([text_identity("pathway", f"service {number}") for number in range(120)], dtype=np.uint64)
PEOPLE = np.array([100, 300, 600], dtype=np.int64)
COPYING = {"imitation_share_per_year": 1.0, "trial_share_per_year": 0.0}


def units(count: int, services: int) -> npt.NDArray[np.uint64]:
    """Return holders of one place each, for every service the same."""
    return np.repeat(np.arange(1, count + 1, dtype=np.uint64)[:, np.newaxis], services, axis=1)


def designs_after(aprils: int, holders: int, **changes: Any) -> np.ndarray:
    """Return the designs of some holders after the first month and some more Aprils, float64[holders, services]."""
    who, parameters = units(holders, MATTERS.size), ExperimentParameters(**changes)
    designs = first_designs(who, MATTERS, LUCK)
    for year in range(aprils):
        designs = redesigned(designs, designs.max(axis=0), who, MATTERS, parameters, (LUCK, year))
    return designs


def expected_best(of: int) -> float:
    """Return the mean of the largest of some standard normal numbers."""
    return float(quad(lambda x: x * of * norm.pdf(x) * norm.cdf(x) ** (of - 1), -10, 10)[0])


def clearly_more(more: np.ndarray, less: np.ndarray) -> bool:
    """Say whether the mean of paired values is larger beyond chance."""
    difference = more - less
    return bool(difference.mean() > Z * difference.std(ddof=1) / np.sqrt(difference.size))


@pytest.mark.parametrize(("holders", "published"), [(1, 0.0), (10, 1.54), (42, 2.18), (152, 2.66)])
def test_where_all_copy_the_best_of_last_year_all_have_the_best_of_as_many_drafts(
    holders: int, published: float
) -> None:
    designs = designs_after(1, holders, **COPYING)
    assert (designs == designs[0]).all()
    assert expected_best(holders) == pytest.approx(published, abs=0.01)
    assert agrees(designs[0], expected_best(holders))
    if holders > 1:
        assert not agrees(designs[0], 0.0)  # as if all copied anybody
        assert not agrees(designs[0], expected_best(2))  # as if each looked at one other


def test_where_nobody_copies_or_tries_designs_stay_as_they_were_drawn() -> None:
    first, later = (
        designs_after(aprils, 42, imitation_share_per_year=0.0, trial_share_per_year=0.0) for aprils in (0, 3)
    )
    low, high = chi2(first.size).ppf([ALPHA / 2, 1 - ALPHA / 2])
    assert (first == later).all()
    assert agrees(first.ravel(), 0.0)
    assert low < (first**2).sum() < high
    assert not low < 0.8 * (first**2).sum() < high


def test_one_holder_that_tries_nine_times_knows_what_ten_know_at_once() -> None:
    tried = designs_after(9, 1, imitation_share_per_year=0.0, trial_share_per_year=1.0)[0]
    assert agrees(tried, expected_best(10))
    assert not agrees(tried, 0.0)
    assert not agrees(tried, expected_best(4))


def test_holders_copy_and_try_as_often_as_they_should() -> None:
    first, copied = (designs_after(aprils, 42, **{**COPYING, "imitation_share_per_year": 0.2}) for aprils in (0, 1))
    others = first < first.max(axis=0)
    assert agrees((copied != first)[others].astype(float), 0.2)
    tried = designs_after(1, 42, imitation_share_per_year=0.0, trial_share_per_year=0.2) > first
    assert agrees(tried.ravel().astype(float), 0.2 / 2)  # one in two is better


def long_run(holders: int, imitation: float) -> np.ndarray:
    """Return the mean design of each service after eight Aprils."""
    changes = {"imitation_share_per_year": imitation, "trial_share_per_year": 0.1}
    return np.asarray(designs_after(8, holders, **changes).mean(axis=0))


def test_in_the_long_run_designs_are_the_better_the_more_holders_there_are_and_the_more_they_copy() -> None:
    one, few, many = (long_run(holders, 0.3) for holders in (1, 4, 20))
    assert clearly_more(few, one)
    assert clearly_more(many, few)
    apart, some = (long_run(20, imitation) for imitation in (0.0, 0.1))
    assert clearly_more(some, apart)
    assert clearly_more(many, some)
    assert not clearly_more(apart, one)  # many that do not look at each other are as one


def test_whoever_goes_on_keeps_its_design_and_a_new_holder_begins_with_what_its_people_had() -> None:
    before = np.array([[1], [1], [2]], dtype=np.uint64)
    designs = np.array([[2.0], [2.0], [-1.0]])
    merged = inherited(designs, before, np.full((3, 1), 9, dtype=np.uint64), PEOPLE)
    assert merged.ravel() == pytest.approx([0.2, 0.2, 0.2])
    parted = inherited(designs, before, np.array([[3], [4], [2]], dtype=np.uint64), PEOPLE)
    assert (parted == designs).all()
    assert (inherited(designs, before, before.copy(), PEOPLE) == designs).all()


def test_a_hand_over_leaves_the_nations_mean_as_it_was() -> None:
    rng = np.random.default_rng(3)
    people = rng.integers(1, 1_000, 40)
    before, after = (rng.integers(0, count, (40, 5)).astype(np.uint64) for count in (12, 7))
    _, first = np.unique(before[:, 0], return_inverse=True)
    designs = rng.normal(size=(first.max() + 1, 5))[first]
    held = np.repeat(before[:, :1], 5, axis=1)
    passed = inherited(designs, held, after + np.uint64(100), people)
    assert people @ passed == pytest.approx(people @ designs)
