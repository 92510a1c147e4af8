import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.measures.area_indices import INDICES, Areas, indices_of
from sim.measures.area_variation import area_dispersion, area_tau
from sim.measures.chance import floor_of, redraw_events
from sim.measures.strata import AreaStrata, area_strata, log_odds, national_probability

Z_AT_1E4 = 3.8906


def counts(tau: float, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    people = rng.poisson(rng.lognormal(2.5, 1, 24), (42, 24))
    odds = rng.normal(0.4, 1, 24) + tau * rng.standard_normal((42, 1))
    return people, rng.binomial(people, 1 / (1 + np.exp(-odds)))


@pytest.mark.parametrize("index", [area_tau, area_dispersion])
def test_the_floor_covers_places_that_differ_by_chance_and_not_places_that_differ(index: object) -> None:
    def surprise(tau: float) -> float:
        people, events = counts(tau)
        redrawn = redraw_events(people, events, seed=1, replicate=0, redraws=200)
        floor = floor_of(index(people, redrawn))  # type: ignore[operator]
        return abs(float(index(people, events[None])[0]) - floor.mean) / floor.sd  # type: ignore[operator]

    assert surprise(tau=0.0) < Z_AT_1E4
    assert surprise(tau=0.25) > Z_AT_1E4


def test_redraws_keep_the_national_probability_of_every_stratum() -> None:
    people, events = counts(0.5)
    redrawn = redraw_events(people, events, seed=1, replicate=0, redraws=400)
    probability = national_probability(events, people)
    bound = Z_AT_1E4 * np.sqrt(probability * (1 - probability) / (400 * people.sum(axis=0)))

    drawn = redrawn.sum(axis=(0, 1)) / (400 * people.sum(axis=0))

    assert np.all(redrawn <= people)
    assert np.all(np.abs(drawn - probability) <= bound)
    assert np.any(np.abs(drawn - 1.2 * probability) > bound)


def test_redraws_depend_on_seed_and_replicate_alone() -> None:
    people, events = counts(0.2)

    one = redraw_events(people, events, seed=5, replicate=7)

    assert np.array_equal(one, redraw_events(people, events, seed=5, replicate=7))
    assert not np.array_equal(one, redraw_events(people, events, seed=5, replicate=8))
    assert not np.array_equal(one, redraw_events(people, events, seed=6, replicate=7))


def test_undefined_redraws_are_left_out_of_the_floor() -> None:
    floor = floor_of(np.array([1.0, np.nan, 3.0]))

    assert floor.mean == 2.0
    assert floor.sd == pytest.approx(math.sqrt(2))
    assert math.isnan(floor_of(np.full(3, np.nan)).mean)


def test_strata_add_places_up_to_areas_and_drop_the_empty() -> None:
    people = np.arange(2 * 3 * 2 * 1).reshape(3, 2, 2, 1)
    people[:, 1, 0] = 0

    strata = area_strata(people, people // 2, area_of_place=[1, 0, 1], areas=2)

    assert strata.service.tolist() == [0, 0, 1]
    assert strata.people.tolist() == [[4, 5, 7], [8, 10, 14]]
    assert strata.events.tolist() == [[2, 2, 3], [4, 4, 6]]
    assert strata.of_services(np.array([False, True])).tolist() == [False, False, True]


def test_log_odds_are_infinite_at_the_ends() -> None:
    assert log_odds(np.array([0.0, 0.5, 1.0])).tolist() == [-math.inf, 0.0, math.inf]


def areas(tau: float, scale: int = 1, seed: int = 3) -> Areas:
    people, _ = counts(tau, seed)
    people = people * scale
    rng = np.random.default_rng(seed + 1)
    odds = rng.normal(0.4, 1, 24) + tau * rng.standard_normal((42, 1))
    events = rng.binomial(people, 1 / (1 + np.exp(-odds)))
    nothing = np.zeros(24, dtype=np.int64)
    return Areas(AreaStrata(people, events, nothing, nothing), people.sum(axis=1).astype(float), np.arange(42) % 7)


@pytest.mark.parametrize("name", INDICES)
def test_each_index_stays_on_its_floor_without_a_place_effect_and_leaves_it_with_one(name: str) -> None:
    def excess(tau: float) -> Any:
        made = areas(tau)
        redrawn = redraw_events(made.strata.people, made.strata.events, seed=1, replicate=0, redraws=60)
        own = float(indices_of(made, made.strata.events[None])[name][0])
        return floor_of(indices_of(made, redrawn, 9)[name]).excess(own, 1 - 1e-4)

    alike, apart = excess(0.0), excess(0.4)

    assert alike.low <= 0.0 <= alike.high
    assert apart.low > 0.0


def test_the_interval_of_an_excess_is_missed_as_seldom_as_it_says() -> None:
    missed = []
    for seed in range(60):
        made = areas(0.0, seed=seed)
        redrawn = redraw_events(made.strata.people, made.strata.events, seed=seed, replicate=0, redraws=20)
        own = float(area_dispersion(made.strata.people, made.strata.events[None])[0])
        missed.append(floor_of(area_dispersion(made.strata.people, redrawn)).excess(own).excludes_zero)

    assert abs(np.mean(missed) - 0.05) < Z_AT_1E4 * math.sqrt(0.05 * 0.95 / 60)


def test_one_redraw_gives_no_interval() -> None:
    excess = floor_of(np.array([0.2])).excess(0.5)

    assert excess.mean == pytest.approx(0.3)
    assert math.isnan(excess.low)
    assert not excess.excludes_zero


def test_systematic_component_and_quotient_need_five_expected_events_in_every_area() -> None:
    made = areas(0.2)
    few = made.strata.people.copy()
    few[0] = 0
    few[0, 0] = 5
    sparse = Areas(
        replace(made.strata, people=few, events=np.minimum(made.strata.events, few)), made.residents, made.region
    )
    full, thin = (indices_of(one, one.strata.events[None]) for one in (made, sparse))
    conditional = ("scv_icb", "extremal_quotient_icb")

    assert [name for name in INDICES if np.isnan(full[name][0])] == []
    assert [name for name in INDICES if np.isnan(thin[name][0])] == list(conditional)


def test_the_systematic_component_lies_below_0_by_chance_where_most_are_treated() -> None:
    made = areas(0.0, scale=2)
    redrawn = redraw_events(made.strata.people, made.strata.events, seed=1, replicate=0, redraws=60)
    floor = floor_of(indices_of(made, redrawn, 9)["scv_icb"])

    assert floor.mean < -Z_AT_1E4 * floor.sd / math.sqrt(60)
