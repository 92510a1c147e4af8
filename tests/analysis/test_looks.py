"""One level for all looks: the intervals of all of them hold together, and are no wider than that takes."""

import itertools
import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri, stdtr
from scipy.stats import binom, norm

from sim.analysis.looks import crossing_probability, level_of_looks
from sim.specification.until import Stopping, Until

PATHS, CHANCE = 400_000, 1e-4


def looks(first: int, *most: int) -> tuple[int, ...]:
    rules = tuple(Until(1.0, "qalys", "a", "b", most_replicates=count) for count in most)
    return Stopping(rules, first).looks


def smallest_chances(counts: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """Return the smallest two-sided probability of Student's t over all looks, of many sequences around 0."""
    rng = np.random.default_rng(counts[0])
    total, squares, smallest = np.zeros(PATHS), np.zeros(PATHS), np.ones(PATHS)
    for before, count in itertools.pairwise((0, *counts)):
        step = count - before
        added = math.sqrt(step) * rng.normal(size=PATHS)
        total += added
        squares += added**2 / step + (rng.chisquare(step - 1, PATHS) if step > 1 else 0.0)
        variance = (squares - total**2 / count) / (count - 1)
        smallest = np.minimum(smallest, 2 * stdtr(count - 1, -np.abs(total) / np.sqrt(count * variance)))
    return smallest


@pytest.mark.parametrize("counts", [looks(2, 200), looks(3, 6), looks(6, 200), looks(6, 199, 200), looks(20, 1000)])
def test_all_intervals_hold_together_however_few_the_values(counts: tuple[int, ...]) -> None:
    smallest = smallest_chances(counts)

    for confidence in (0.5, 0.8, 0.95, 0.99):
        missed = int((smallest <= 1 - level_of_looks(counts, confidence)).sum())
        assert missed <= binom.ppf(1 - CHANCE, PATHS, 1 - confidence)
        assert missed >= 0.8 * (1 - confidence) * PATHS  # nothing to speak of is given away


@pytest.mark.parametrize("counts", [looks(2, 200), looks(6, 200)])
def test_a_limit_for_a_known_variance_would_miss_too_often(counts: tuple[int, ...]) -> None:
    limit = next(limit for limit in np.arange(2.0, 4.0, 0.001) if crossing_probability(counts, limit) <= 0.05)

    missed = int((smallest_chances(counts) <= 2 * norm.sf(limit)).sum())

    assert missed > binom.ppf(1 - CHANCE, PATHS, 0.05)


@pytest.mark.parametrize(
    ("number", "confidence", "limit"),
    [
        (1, 0.95, 1.960),
        (2, 0.95, 2.178),
        (3, 0.95, 2.289),
        (5, 0.95, 2.413),
        (10, 0.95, 2.555),
        (20, 0.95, 2.672),
        (5, 0.90, 2.122),
        (5, 0.99, 2.986),
    ],
)
def test_equal_steps_have_the_limits_of_pocock(number: int, confidence: float, limit: float) -> None:
    """Jennison and Turnbull, Group Sequential Methods, 1999, table 2.1."""
    beyond = crossing_probability(range(1, number + 1), limit)

    assert crossing_probability(range(1, number + 1), limit + 0.0006) < 1 - confidence
    assert crossing_probability(range(1, number + 1), limit - 0.0006) > 1 - confidence
    assert beyond == pytest.approx(1 - confidence, abs=2e-4)


def test_a_single_look_is_a_plain_interval() -> None:
    assert level_of_looks((6,), 0.9) == 0.9


@settings(max_examples=30)
@given(
    first=st.integers(2, 30),
    steps=st.lists(st.integers(1, 60), min_size=1, max_size=12),
    confidence=st.floats(0.5, 0.999),
)
def test_a_level_lies_between_that_of_one_look_and_that_of_bonferroni(
    first: int, steps: list[int], confidence: float
) -> None:
    counts = tuple(itertools.accumulate((first, *steps)))

    level = level_of_looks(counts, confidence)

    assert confidence < level < 1 - 0.875 * (1 - confidence) / len(counts)
    assert level_of_looks((*counts, counts[-1] + 5), confidence) > level


def test_looks_one_after_another_are_summed_up_as_well_as_looks_far_apart() -> None:
    """Between two looks that are nearly the same little can happen: the level hardly moves, and it moves up."""
    apart, close = level_of_looks((50, 5000), 0.95), level_of_looks((50, 4999, 5000), 0.95)

    assert 0.0 < close - apart < 0.001
    assert float(-ndtri((1 - close) / 2)) == pytest.approx(float(-ndtri((1 - apart) / 2)), abs=0.05)
