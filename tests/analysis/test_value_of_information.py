"""The value of information of a linear choice between two regimes has a closed form; luck and inert inputs add none."""

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

from sim.analysis.chance import ABOVE_CHANCE, CHANCE_UNKNOWN, NOT_ABOVE_CHANCE
from sim.analysis.space import CannotAnalyseError, Space
from sim.analysis.value_of_information import Choice, value_of_information

SPACE = Space.of_numbers(("x", "y", "inert"), (-4.0,) * 3, (4.0,) * 3)
AHEAD, X, Y = 0.3, 1.0, 0.6


def loss(spread: float) -> float:
    """Return the expected value of knowing what moves a normal benefit, mean AHEAD, by this standard deviation."""
    unit = NormalDist()
    return AHEAD * unit.cdf(AHEAD / spread) + spread * unit.pdf(AHEAD / spread) - AHEAD


def choice(seed: int = 1, noise: float = 0.3, replicates: int = 4, points: int = 500) -> Choice:
    rng = np.random.default_rng(seed)
    inputs = rng.standard_normal((points, 3))
    benefits = np.zeros((points, replicates, 2))
    benefits[:, :, 1] = (AHEAD + X * inputs[:, 0] + Y * inputs[:, 1])[:, np.newaxis]
    benefits[:, :, 1] += noise * rng.standard_normal((points, replicates))
    benefits += 50.0 * rng.standard_normal((points, replicates, 1))  # luck that both regimes share counts for nothing
    return value_of_information(SPACE, inputs, benefits, ("north", "south"), 20_000.0, seed=7)


def test_two_linear_decisions_have_the_value_of_the_closed_form() -> None:
    found = choice()

    assert found.best == "south"
    assert found.everything.low <= loss(math.hypot(X, Y)) <= found.everything.high
    for one, truth in zip(found.inputs, (loss(X), loss(Y), 0.0), strict=True):
        assert one.low <= truth <= one.high + 1e-9, one
    assert [one.verdict for one in found.inputs] == [ABOVE_CHANCE, ABOVE_CHANCE, NOT_ABOVE_CHANCE]


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    held = [
        one.everything.low <= loss(math.hypot(X, Y)) <= one.everything.high
        for one in (choice(seed, points=150) for seed in range(20))
    ]

    # 20 intervals at 95 %: fewer than 15 once in 10,000.
    assert sum(held) >= 15


def test_an_inert_input_seldom_passes_for_one_that_matters() -> None:
    told = [choice(seed, points=120).inputs[2].verdict == ABOVE_CHANCE for seed in range(20)]

    # 20 tests at 5 %: more than 6 once in 10,000.
    assert sum(told) <= 6


@pytest.mark.slow
def test_of_many_inert_inputs_hardly_one_passes_for_one_that_matters() -> None:
    """Eight inputs that do nothing: not each of them, but all together may pass in 5 % of studies."""
    names = tuple("abcdefgh")
    space = Space.of_numbers(names, (0.0,) * 8, (1.0,) * 8)
    passed = 0
    for seed in range(40):
        luck = np.random.default_rng([3, seed])
        benefits = np.zeros((60, 2, 2))
        benefits[:, :, 1] = luck.normal(0.0, 1.0, (60, 2))
        found = value_of_information(space, luck.random((60, 8)), benefits, ("north", "south"), 20_000.0, seed)
        passed += any(one.verdict == ABOVE_CHANCE for one in found.inputs)

    assert passed <= 9  # 40 studies at 5 %: more than 9 less than once in 10,000; each by itself, 13 are to be expected


def test_the_bias_of_luck_is_measured() -> None:
    quiet, noisy = choice(noise=0.01), choice(noise=2.0)

    assert quiet.everything.chance < 0.001
    true_bias = loss(math.sqrt(X**2 + Y**2 + 2.0**2 / 4)) - loss(math.hypot(X, Y))
    assert noisy.everything.chance == pytest.approx(true_bias, rel=0.5)
    assert math.isnan(choice(replicates=1).everything.chance)


def test_a_choice_among_options_is_valued_by_their_means() -> None:
    space = Space(("lever",), (0.0,), (2.0,), ("choice",), (("a", "b", "c"),), ("",))
    inputs = np.repeat([[0.0], [1.0], [2.0]], 20, axis=0)
    benefits = np.zeros((60, 2, 2))
    benefits[:, :, 1] = np.array([-1.0, 0.0, 4.0])[inputs[:, 0].astype(int)][:, np.newaxis]

    found = value_of_information(space, inputs, benefits, ("north", "south"), 20_000.0, seed=7)

    # Known, north is taken at a: (0 + 0 + 4) / 3 instead of the mean of south, 1.
    assert found.inputs[0].value == pytest.approx(1 / 3)
    assert found.everything.value == pytest.approx(1 / 3)
    assert found.share_best == pytest.approx((2 / 3, 1 / 3))


def test_what_cannot_be_valued_is_refused() -> None:
    inputs = np.random.default_rng(1).random((40, 3))
    benefits = np.zeros((40, 2, 2))
    with pytest.raises(CannotAnalyseError, match="too few"):
        value_of_information(SPACE, inputs[:10], benefits[:10], ("a", "b"), 1.0, 1)
    with pytest.raises(CannotAnalyseError, match="nothing to choose"):
        value_of_information(SPACE, inputs, benefits[:, :, :1], ("a",), 1.0, 1)
    benefits[3, 0, 1] = np.nan
    with pytest.raises(CannotAnalyseError, match="1 of 40 points lack a net benefit: 4"):
        value_of_information(SPACE, inputs, benefits, ("a", "b"), 1.0, 1)


def test_the_same_seed_gives_the_same_answer() -> None:
    assert choice(points=60) == replace(choice(points=60))


@pytest.mark.parametrize(("replicates", "told"), [(1, CHANCE_UNKNOWN), (5, NOT_ABOVE_CHANCE), (20, NOT_ABOVE_CHANCE)])
def test_luck_alone_is_worth_nothing_to_know(replicates: int, told: str) -> None:
    space, words = Space.of_numbers(["x"], [0.0], [1.0]), []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        points, benefits = rng.random((60, 1)), rng.normal(size=(60, replicates, 3))
        words.append(value_of_information(space, points, benefits, ["a", "b", "c"], 1.0, seed).everything.verdict)

    assert words.count(told) >= 8
