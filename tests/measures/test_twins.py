import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.twins import (
    discordance,
    discordance_of_distinct_places,
    mean_over_sets,
    wait_gap,
)

SETS = st.lists(st.tuples(st.sampled_from([-1, 0, 1]), st.integers(1, 9)), min_size=2, max_size=12)
OneSet = list[tuple[int, int]]


def arrays(places: OneSet) -> tuple[np.ndarray, np.ndarray]:
    reached, weight = zip(*places, strict=True)
    return np.array(reached, dtype=np.int8), np.array(weight)


@given(SETS)
def test_discordance_is_the_share_of_pairs_drawn_one_by_one(places: OneSet) -> None:
    followed = [(a, w) for a, w in places if a >= 0]
    pairs = [(v * w, a != b) for (a, v), (b, w) in itertools.product(followed, followed)]
    total = sum(w for w, _ in pairs)

    got = float(discordance(*arrays(places)))

    if total:
        assert got == pytest.approx(sum(w for w, differ in pairs if differ) / total)
    else:
        assert math.isnan(got)


@given(SETS)
def test_discordance_of_distinct_places_leaves_out_pairs_of_one_place(places: OneSet) -> None:
    followed = [(a, w) for a, w in places if a >= 0]
    pairs = [(v * w, a != b) for (a, v), (b, w) in itertools.permutations(followed, 2)]

    got = float(discordance_of_distinct_places(*arrays(places)))

    if pairs:
        assert got == pytest.approx(sum(w for w, differ in pairs if differ) / sum(w for w, _ in pairs))
    else:
        assert math.isnan(got)


@given(SETS, st.permutations(range(12)))
def test_order_of_places_does_not_matter(places: OneSet, order: list[int]) -> None:
    shuffled = [places[i] for i in order if i < len(places)]

    assert discordance(*arrays(shuffled)) == pytest.approx(discordance(*arrays(places)), nan_ok=True)


def test_places_that_treat_alike_have_no_discordance_and_halves_have_most() -> None:
    assert discordance(np.array([1, 1, -1], dtype=np.int8), [1, 2, 3]) == 0.0
    assert discordance(np.array([1, 0, -1], dtype=np.int8), [2, 2, 3]) == 0.5
    assert discordance_of_distinct_places(np.array([1, 0], dtype=np.int8), [1, 9]) == pytest.approx(1.0)


def test_independent_draws_of_places_differ_as_often_as_discordance_says() -> None:
    rng = np.random.default_rng(4)
    weight = rng.integers(1, 50, 40)
    reached = rng.integers(0, 2, 40).astype(np.int8)
    first, second = rng.choice(40, (2, 60_000), p=weight / weight.sum())
    said = float(discordance(reached, weight))
    bound = 3.8906 * math.sqrt(said * (1 - said) / 60_000)

    differ = (reached[first] != reached[second]).mean()

    assert abs(differ - said) < bound
    assert abs(differ - said / 2) > bound  # p (1 - p) counts each pair in one order only


def test_mean_over_sets_leaves_out_what_nobody_followed() -> None:
    total, sets = mean_over_sets(np.array([[0.2, np.nan, 0.4], [np.nan, np.nan, np.nan]]))

    assert total == pytest.approx([0.6, 0.0])
    assert sets.tolist() == [2, 0]


def test_wait_gap_is_between_percentiles_of_people() -> None:
    wait = np.array([10, 20, 30, 90], dtype=np.int32)
    reached = np.ones(4, dtype=np.int8)

    assert wait_gap(wait, reached, [1, 1, 1, 1], 100.0) == 80.0
    assert wait_gap(wait, reached, [1, 50, 50, 1], 100.0) == 10.0


def test_late_and_never_count_as_the_whole_window_and_the_unfollowed_not_at_all() -> None:
    wait = np.array([5, -1, 400, 7], dtype=np.int32)
    reached = np.array([1, 0, 0, -1], dtype=np.int8)

    assert wait_gap(wait, reached, [1, 1, 1, 1], 60.0) == 55.0
    assert math.isnan(wait_gap(wait, np.full(4, -1, dtype=np.int8), [1, 1, 1, 1], 60.0))


@given(st.integers(0, 300), st.integers(1, 20))
def test_equal_waits_have_no_gap(days: int, places: int) -> None:
    wait = np.full(places, days, dtype=np.int32)

    assert wait_gap(wait, np.ones(places, dtype=np.int8), np.arange(1, places + 1), 126.0) == 0.0
