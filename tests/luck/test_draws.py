"""Keyed draws follow their distributions, depend on every part of their key and on nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.luck.draws import (
    exponential,
    luck_of,
    poisson,
    poisson_from_unit,
    standard_normal,
    unit,
    unit_fine,
    words,
)
from tests.luck.sampling import ALPHA, LUCK, turned, words_of

COUNT = 20_000
LAST_WORD = np.uint64(2**32 - 1)
FIRST_WORD = np.uint64(0)


def fits(values: np.ndarray, distribution: object) -> bool:
    return bool(stats.kstest(values, distribution.cdf).pvalue > ALPHA)


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    return words_of(COUNT)


def test_units_are_uniform_and_a_power_of_them_is_rejected(drawn: np.ndarray) -> None:
    for column in range(4):
        values = turned(unit, drawn[:, column])
        assert fits(values, stats.uniform())
        assert not fits(values**1.2, stats.uniform())


def test_fine_units_are_uniform_beyond_32_bits(drawn: np.ndarray) -> None:
    values = turned(unit_fine, drawn[:, 0], drawn[:, 1])
    assert fits(values, stats.uniform())
    assert fits(np.modf(values * 2.0**32)[0], stats.uniform())
    assert not fits(np.modf(turned(unit, drawn[:, 0]) * 2.0**32)[0], stats.uniform())


def test_units_lie_strictly_between_0_and_1() -> None:
    assert 0.0 < unit(FIRST_WORD) < unit(LAST_WORD) < 1.0
    assert 0.0 < unit_fine(FIRST_WORD, FIRST_WORD) < unit_fine(LAST_WORD, LAST_WORD) < 1.0


def test_exponential_times_have_their_mean_and_another_is_rejected(drawn: np.ndarray) -> None:
    values = turned(exponential, drawn[:, 0], 2.5)
    assert fits(values, stats.expon(scale=2.5))
    assert not fits(values, stats.expon(scale=2.5 * 1.2))


def test_exponential_times_are_finite_and_not_negative() -> None:
    assert 0.0 <= exponential(LAST_WORD, 1.0) < exponential(FIRST_WORD, 1.0) < 25.0


def test_normal_numbers_are_standard_and_a_fifth_more_spread_is_rejected(drawn: np.ndarray) -> None:
    values = turned(standard_normal, drawn[:, 0], drawn[:, 1])
    assert fits(values, stats.norm())
    assert not fits(values, stats.norm(scale=1.2))


def counts(mean: float, number: int = COUNT) -> np.ndarray:
    return np.array([poisson(LUCK, np.uint64(owner), 7, 0, mean) for owner in range(number)])


def is_poisson(values: np.ndarray, mean: float) -> bool:
    """Compare mean and dispersion with those of a Poisson distribution of known mean, each at half of ALPHA."""
    z = (values.mean() - mean) / np.sqrt(mean / values.size)
    dispersion = ((values - mean) ** 2).sum() / mean
    low, high = stats.chi2(values.size).ppf([ALPHA / 4, 1 - ALPHA / 4])
    return bool(abs(z) < stats.norm.isf(ALPHA / 4) and low < dispersion < high)


@pytest.mark.parametrize("mean", [0.3, 4.0, 60.0])
def test_counts_are_poisson_and_a_tenth_more_is_rejected(mean: float) -> None:
    values = counts(mean)
    assert is_poisson(values, mean)
    assert not is_poisson(values, mean * 1.1)


def test_small_counts_have_poisson_probabilities() -> None:
    seen = np.bincount(counts(1.5), minlength=9)[:9].astype(float)
    expected = stats.poisson(1.5).pmf(np.arange(9)) * COUNT
    expected *= seen.sum() / expected.sum()
    assert stats.chisquare(seen, expected).pvalue > ALPHA
    wrong = stats.geom(1 / 2.5).pmf(np.arange(1, 10)) * COUNT
    assert stats.chisquare(seen, wrong * seen.sum() / wrong.sum()).pvalue < ALPHA


def test_large_counts_are_summed_over_chunks_with_luck_of_their_own() -> None:
    mean, number = 1_800.0, 2_000
    one_chunk_for_all = 4 * np.array(
        [poisson_from_unit(u, mean / 4) for u in turned(unit_fine, *words_of(number)[:, :2].T)]
    )
    assert is_poisson(counts(mean, number), mean)
    assert not is_poisson(one_chunk_for_all, mean)


def test_nobody_is_drawn_where_nobody_is_expected() -> None:
    assert poisson(LUCK, np.uint64(1), 7, 0, 0.0) == 0
    assert poisson(LUCK, np.uint64(1), 7, 0, -1.0) == 0


@given(st.floats(0.01, 400.0), st.floats(1e-9, 1 - 1e-9))
def test_inversion_gives_the_smallest_count_whose_probability_is_reached(mean: float, u: float) -> None:
    count = poisson_from_unit(u, mean)
    assert stats.poisson(mean).cdf(count) >= u - 1e-9
    assert count == 0 or stats.poisson(mean).cdf(count - 1) < u + 1e-9


@given(st.tuples(*[st.integers(0, 2**20)] * 5), st.integers(0, 4))
def test_every_part_of_the_key_matters(key: tuple[int, ...], part: int) -> None:
    other = list(key)
    other[part] += 1

    def drawn(seed: int, replicate: int, owner: int, decision: int, occasion: int) -> tuple[int, ...]:
        return words(luck_of(seed, replicate), np.uint64(owner), decision, occasion)

    assert drawn(*key) != drawn(*other)
    assert drawn(*key) == drawn(*key)


@pytest.mark.parametrize("other", [{"decision": 8}, {"occasion": 1}, {"luck": luck_of(20130401, 4)}])
def test_draws_for_different_keys_are_not_correlated(drawn: np.ndarray, other: dict) -> None:
    first, second = turned(unit, drawn[:, 0]), turned(unit, words_of(COUNT, **other)[:, 0])
    limit = stats.norm.isf(ALPHA / 2) / np.sqrt(COUNT)
    assert abs(np.corrcoef(first, second)[0, 1]) < limit
    assert abs(np.corrcoef(first, 0.9 * second + 0.1 * first)[0, 1]) > limit


def test_neighbouring_owners_and_words_are_not_correlated(drawn: np.ndarray) -> None:
    limit = stats.norm.isf(ALPHA / 2) / np.sqrt(COUNT - 1)
    values = drawn.astype(np.float64)
    assert abs(np.corrcoef(values[1:, 0], values[:-1, 0])[0, 1]) < limit
    off_diagonal = np.corrcoef(values.T)[np.triu_indices(4, 1)]
    assert np.abs(off_diagonal).max() < limit


@pytest.mark.parametrize(("seed", "replicate", "named"), [(-1, 0, "seed"), (2**32, 0, "seed"), (0, 2**32, "replicate")])
def test_keys_beyond_32_bits_are_refused_by_name(seed: int, replicate: int, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        luck_of(seed, replicate)


def test_the_largest_keys_pass() -> None:
    assert luck_of(2**32 - 1, 2**32 - 1) == (2**32 - 1, 2**32 - 1)
