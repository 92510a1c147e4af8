import math

import numpy as np
import pytest

from sim.measures.area_variation import area_dispersion, area_tau
from sim.measures.chance import chance_floor, redraw_events
from sim.measures.strata import area_strata, log_odds, national_probability

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
        floor = chance_floor(lambda drawn: index(people, drawn), redrawn)  # type: ignore[operator]
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
    redrawn = np.zeros((3, 2, 1), dtype=np.int64)

    floor = chance_floor(lambda _: np.array([1.0, np.nan, 3.0]), redrawn)

    assert floor.mean == 2.0
    assert floor.sd == pytest.approx(math.sqrt(2))
    assert math.isnan(chance_floor(lambda _: np.full(3, np.nan), redrawn).mean)


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
