import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.twins import (
    discordance,
    discordance_of_distinct_places,
    discordance_own_luck,
    discordance_same_place,
    mean_over_sets,
    nested_parts,
    share_reached,
    wait_difference,
    wait_gap,
    wait_mean,
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


@given(SETS, st.integers(0, 2**31))
def test_nested_parts_are_the_whole_and_each_is_the_variance_between_units(places: OneSet, seed: int) -> None:
    reached, weight = arrays(places)
    rng = np.random.default_rng(seed)
    area = rng.integers(0, 4, reached.size)
    region = np.array([0, 1, 1, 0])[area]
    parts = nested_parts(reached, weight, (region, area))
    whole = discordance(reached, weight)

    if np.isnan(whole):
        assert all(np.isnan(part) for part in parts)
        return
    assert abs(float(sum(parts) - whole)) < 1e-12
    assert all(part > -1e-12 for part in parts)
    followed = np.where(reached >= 0, weight, 0) / weight[reached >= 0].sum()
    mean = (followed * (reached == 1)).sum()
    regions = [(followed * (region == r)).sum() for r in (0, 1)]
    shares = [
        (followed * (reached == 1) * (region == r)).sum() / max(people, 1e-300) for r, people in enumerate(regions)
    ]
    by_hand = 2 * sum(people * (share - mean) ** 2 for people, share in zip(regions, shares, strict=True))
    assert float(parts[0]) == pytest.approx(by_hand, abs=1e-12)


def test_where_commissioners_differ_all_lies_between_them_and_where_they_do_not_all_within() -> None:
    weight = np.ones(4)
    reached = np.array([[1, 1, 0, 0], [1, 0, 1, 0]], dtype=np.int8)
    between, within = nested_parts(reached, weight, (np.array([0, 0, 1, 1]),))

    assert between.tolist() == [0.5, 0.0]
    assert within.tolist() == [0.0, 0.5]


def test_a_unit_that_straddles_those_above_it_is_cut() -> None:
    reached, weight = np.array([1, 0, 0, 0], dtype=np.int8), np.ones(4)
    above, same = np.array([0, 0, 1, 1]), np.zeros(4, dtype=np.int64)

    assert [float(part) for part in nested_parts(reached, weight, (above, same))] == pytest.approx([0.125, 0.0, 0.25])


@given(SETS)
def test_own_luck_is_the_share_of_pairs_of_the_two_sets_drawn_one_by_one(places: OneSet) -> None:
    reached, weight = arrays(places)
    two = np.stack([reached, np.roll(reached, 1), reached])  # the third has no partner
    pairs = [
        (v * w, a != b)
        for (a, v), (b, w) in itertools.product(zip(two[0], weight, strict=True), zip(two[1], weight, strict=True))
        if a >= 0 and b >= 0
    ]
    one_place = [(w, a != b) for a, b, w in zip(two[0], two[1], weight, strict=True) if a >= 0 and b >= 0]
    for found, all_pairs in (
        (discordance_own_luck(two, weight), pairs),
        (discordance_same_place(two, weight), one_place),
    ):
        assert found.shape == (1,)
        total = sum(w for w, _ in all_pairs)
        if total:
            assert found[0] == pytest.approx(sum(w for w, differ in all_pairs if differ) / total)
        else:
            assert math.isnan(found[0])


@given(st.lists(st.tuples(st.integers(-1, 200), st.integers(1, 9)), min_size=1, max_size=9))
def test_mean_and_difference_of_waits_are_those_of_pairs_drawn_one_by_one(places: OneSet) -> None:
    wait, weight = (np.array(column) for column in zip(*places, strict=True))
    counted = [90 if days < 0 else min(days, 90) for days in wait.tolist()]
    total = weight.sum()
    pairs = itertools.product(zip(counted, weight, strict=True), repeat=2)
    here = (wait.astype(np.int32), np.ones(wait.size, dtype=np.int8), weight, 90.0)

    assert float(wait_difference(*here)) == pytest.approx(
        sum(v * w * abs(a - b) for (a, v), (b, w) in pairs) / total**2
    )
    assert float(wait_mean(*here)) == pytest.approx(np.average(counted, weights=weight))


def test_places_that_nobody_followed_have_no_wait_and_no_share() -> None:
    nobody = np.full(3, -1, dtype=np.int8)
    here = (np.full(3, 5, dtype=np.int32), nobody, np.ones(3), 90.0)

    assert all(math.isnan(float(index(*here))) for index in (wait_mean, wait_difference))
    assert math.isnan(float(share_reached(nobody, np.ones(3))))
