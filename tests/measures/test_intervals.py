import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.intervals import (
    CANNOT_BE_TOLD,
    EQUIVALENT,
    LARGER,
    NO_VERDICT,
    NOT_DISTINGUISHABLE,
    SMALLER,
    VERDICTS,
    Interval,
    mean_interval,
    of_shares,
    paired_interval,
    verdict,
)

Z_AT_1E4 = 3.8906
"""Two-sided bound that a true statement breaks once in ten thousand."""

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30)


def interval(low: float, high: float) -> Interval:
    return Interval((low + high) / 2, low, high, 5)


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (1.1, 2.0, LARGER),
        (-2.0, -1.1, SMALLER),
        (-0.9, 0.9, EQUIVALENT),
        (0.2, 0.9, EQUIVALENT),  # a real difference, and too small to matter
        (-1.0, 1.0, EQUIVALENT),
        (0.0, 0.0, EQUIVALENT),
        (0.5, 2.0, CANNOT_BE_TOLD),  # above nothing, perhaps above what matters
        (1.0, 2.0, CANNOT_BE_TOLD),
        (-2.0, -0.5, CANNOT_BE_TOLD),
        (-2.0, 2.0, NOT_DISTINGUISHABLE),
        (0.0, 2.0, NOT_DISTINGUISHABLE),
        (math.nan, math.nan, NO_VERDICT),
    ],
)
def test_verdict_table(low: float, high: float, word: str) -> None:
    assert verdict(interval(low, high), 1.0) == word


@given(st.floats(-9, 9), st.floats(0, 9), st.floats(0, 9))
def test_swapping_the_regimes_turns_the_verdict_round(low: float, width: float, smallest: float) -> None:
    turned = {LARGER: SMALLER, SMALLER: LARGER}
    here = verdict(interval(low, low + width), smallest)

    assert here in VERDICTS
    assert verdict(interval(-(low + width), -low), smallest) == turned.get(here, here)


@pytest.mark.parametrize(("low", "high", "told"), [(0.1, 1, True), (-1, -0.1, True), (-1, 1, False), (0, 0, False)])
def test_a_difference_is_distinguishable_when_its_interval_leaves_out_zero(low: float, high: float, told: bool) -> None:
    assert interval(low, high).excludes_zero is told


def test_mean_interval_follows_students_t() -> None:
    got = mean_interval([1.0, 2.0, 3.0])

    # t at 0.975 on 2 degrees of freedom is 4.302653.
    assert (got.mean, got.n) == (2.0, 3)
    assert got.high - got.mean == pytest.approx(4.302653 / math.sqrt(3), rel=1e-6)


def test_one_value_has_a_mean_and_no_limits() -> None:
    got = mean_interval([4.0])

    assert got.mean == 4.0
    assert math.isnan(got.low)
    assert math.isnan(got.high)
    assert not got.excludes_zero


def test_a_hole_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        mean_interval([1.0, math.nan])


def test_pairs_must_be_pairs() -> None:
    with pytest.raises(ValueError, match="2 values against 3"):
        paired_interval([1.0, 2.0], [1.0, 2.0, 3.0])


@given(NUMBERS, st.randoms(use_true_random=False))
def test_order_of_replicates_does_not_matter(values: list[float], random: object) -> None:
    shuffled = values[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    one, other = mean_interval(values), mean_interval(shuffled)

    assert one.mean == pytest.approx(other.mean, rel=1e-9, abs=1e-6)
    assert one.high == pytest.approx(other.high, rel=1e-9, abs=1e-6)


@given(NUMBERS)
def test_noise_that_pairs_share_leaves_the_difference(noise: list[float]) -> None:
    got = paired_interval(np.array(noise) + 3.0, noise)

    assert got.mean == pytest.approx(3.0, abs=1e-6)
    assert got.high - got.low == pytest.approx(0.0, abs=1e-6)


def test_the_interval_covers_the_truth_as_often_as_it_says_and_z_in_its_place_does_not() -> None:
    trials, n = 4000, 4
    samples = np.random.default_rng(11).standard_normal((trials, n))
    bound = Z_AT_1E4 * math.sqrt(0.95 * 0.05 / trials)

    covered = np.mean([mean_interval(s).low < 0 < mean_interval(s).high for s in samples])
    half = 1.96 * samples.std(axis=1, ddof=1) / math.sqrt(n)
    covered_by_z = np.mean(np.abs(samples.mean(axis=1)) < half)

    assert abs(covered - 0.95) < bound
    assert abs(covered_by_z - 0.95) > bound


@pytest.mark.parametrize(("replicates", "known"), [(2, False), (5, False), (6, True), (8, True)])
def test_shares_that_tie_tell_nothing_until_the_sign_test_would(replicates: int, known: bool) -> None:
    found = of_shares(mean_interval([1 / 3] * replicates))

    assert math.isfinite(found.low) == known
    assert verdict(found, 0.01) == (LARGER if known else NO_VERDICT)


def test_shares_that_do_not_differ_at_all_or_spread_keep_their_limits() -> None:
    for sample in ([0.0, 0.0], [0.1, 0.2]):
        assert of_shares(mean_interval(sample)) == mean_interval(sample)
