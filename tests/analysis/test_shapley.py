"""Shapley values are those worked out by hand, and have the four properties that define them."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.analysis.shapley import (
    joining_orders,
    shapley_values,
    shapley_values_of_orders,
    subsets_on_the_way,
)
from sim.measures.intervals import mean_interval

# Subsets in the order nobody, A, B, AB, C, AC, BC, ABC.
BY_HAND = np.array([0.0, 10.0, 20.0, 40.0, 0.0, 16.0, 26.0, 60.0])
# What each adds in the six orders of joining:
#   A B C   A 10  B 30  C 20
#   A C B   A 10  B 44  C  6
#   B A C   A 20  B 20  C 20
#   B C A   A 34  B 20  C  6
#   C A B   A 16  B 44  C  0
#   C B A   A 34  B 26  C  0
#   sum      124   184    52   over 6 orders; the three sum to 360 / 6 = 60
SHARES = (124 / 6, 184 / 6, 52 / 6)


def games(most: int = 5) -> st.SearchStrategy[np.ndarray]:
    numbers = st.floats(-1e6, 1e6, allow_subnormal=False)
    return st.integers(1, most).flatmap(lambda players: arrays(np.float64, 1 << players, elements=numbers))


def players_of(game: np.ndarray) -> int:
    return len(game).bit_length() - 1


def close(game: np.ndarray) -> float:
    return 1e-9 * max(float(np.abs(game).max()), 1.0)


def test_three_players_by_hand() -> None:
    assert shapley_values(BY_HAND) == pytest.approx(SHARES, abs=1e-12)


def test_a_left_glove_is_worth_four_times_one_of_two_right_ones() -> None:
    # A pair sells for 1. Of the six orders the left glove (A) completes the pair in four, each right one in one.
    gloves = np.array([0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0])

    assert shapley_values(gloves) == pytest.approx([4 / 6, 1 / 6, 1 / 6], abs=1e-12)


def test_a_constant_shifts_no_share_and_games_stand_side_by_side() -> None:
    both = np.stack([BY_HAND, BY_HAND + 5.0])

    assert shapley_values(both) == pytest.approx(np.array([SHARES, SHARES]), abs=1e-12)


@given(games())
def test_shares_sum_to_what_everybody_gains_over_nobody(game: np.ndarray) -> None:
    assert shapley_values(game).sum() == pytest.approx(game[-1] - game[0], abs=close(game))


@given(games(), st.data())
def test_a_player_who_never_changes_anything_gets_exactly_nothing(game: np.ndarray, data: st.DataObject) -> None:
    player = data.draw(st.integers(0, players_of(game) - 1))
    without = np.arange(len(game)) & ~(1 << player)

    assert shapley_values(game[without])[player] == 0.0


@given(games(), st.data())
def test_two_players_who_change_places_without_effect_get_the_same(game: np.ndarray, data: st.DataObject) -> None:
    one, other = (data.draw(st.integers(0, players_of(game) - 1)) for _ in range(2))
    subsets = np.arange(len(game))
    first, second = subsets >> one & 1, subsets >> other & 1
    swapped = subsets & ~(1 << one | 1 << other) | second << one | first << other
    shares = shapley_values((game + game[swapped]) / 2)

    assert shares[one] == pytest.approx(shares[other], abs=close(game))


@given(games(4), st.floats(-3.0, 3.0))
def test_the_shares_of_a_difference_are_the_differences_of_the_shares(game: np.ndarray, factor: float) -> None:
    other = factor * game[::-1]

    difference = shapley_values(game) - shapley_values(other)
    assert shapley_values(game - other) == pytest.approx(difference, abs=close(game) * 10)


@given(games(5))
def test_the_mean_over_all_orders_is_the_exact_value(game: np.ndarray) -> None:
    orders = np.array(list(permutations(range(players_of(game)))))
    shares = shapley_values_of_orders(game[subsets_on_the_way(orders)], orders)

    assert shares == pytest.approx(shapley_values(game), abs=close(game))


@given(games(5), st.integers(0, 2**32))
def test_sampled_shares_sum_to_the_whole_too(game: np.ndarray, seed: int) -> None:
    orders = joining_orders(players_of(game), 2, seed)
    shares = shapley_values_of_orders(game[subsets_on_the_way(orders)], orders)

    assert shares.sum() == pytest.approx(game[-1] - game[0], abs=close(game))


def test_sampled_shares_agree_with_the_exact_ones_within_their_interval() -> None:
    players, samples = 6, 200
    game = np.random.default_rng(11).normal(size=1 << players).cumsum()
    drawn = np.empty((samples, players))
    for sample in range(samples):
        orders = joining_orders(players, 2, 7, 2 * sample)
        drawn[sample] = shapley_values_of_orders(game[subsets_on_the_way(orders)], orders)

    for exact, own in zip(shapley_values(game), drawn.T, strict=True):
        interval = mean_interval(own, 0.9999)
        assert interval.low <= exact <= interval.high
        assert interval.high - interval.low < np.ptp(game) / 4


def test_the_interval_of_sampled_shares_refuses_a_wrong_rule() -> None:
    """What a player adds when it joins last is no Shapley value, and the interval says so."""
    players, game = 4, np.arange(16.0) ** 2
    drawn = np.stack(
        [
            shapley_values_of_orders(game[subsets_on_the_way(orders)], orders)
            for orders in (joining_orders(players, 2, 7, 2 * sample) for sample in range(200))
        ]
    )
    last = np.array([game[15] - game[15 ^ 1 << player] for player in range(players)])

    refused = [
        not interval.low <= wrong <= interval.high
        for wrong, interval in ((wrong, mean_interval(own, 0.9999)) for wrong, own in zip(last, drawn.T, strict=True))
    ]
    assert all(refused)


def test_orders_come_in_reversed_pairs_and_depend_on_their_number_alone() -> None:
    orders = joining_orders(9, 4, seed=3)

    assert (orders[0::2] == orders[1::2, ::-1]).all()
    assert (np.sort(orders, axis=1) == np.arange(9)).all()
    assert (joining_orders(9, 2, seed=3, first_pair=2) == orders[4:]).all()
    assert not (joining_orders(9, 4, seed=4) == orders).all()


def test_a_number_of_subsets_that_is_no_power_of_two_is_refused() -> None:
    with pytest.raises(ValueError, match="6 subsets"):
        shapley_values(np.zeros(6))


def test_a_missing_value_makes_the_shares_unknown() -> None:
    game = BY_HAND.copy()
    game[3] = np.nan

    assert np.isnan(shapley_values(game)).all()
