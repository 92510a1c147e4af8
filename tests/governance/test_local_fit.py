"""Mechanism 21: one choice for a country costs ½·b·σ²; local ones win back what lies between their areas."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from sim.governance.local_fit import Choosers, LocalFitParameters, fit_log_odds, local_needs, standardised
from sim.governance.units import share_of_people
from sim.luck.draws import luck_of
from sim.luck.identity import text_identity
from sim.world.synthetic import square_places
from tests.analytic.bounds import Z

PLACES, SERVICES = 64, 20
MAP = square_places(PLACES, 1_000, {"nation": 1}, 100.0)  # 8 by 8, 10 km apart
MATTERS = np.array([text_identity("pathway", str(number)) for number in range(SERVICES)], dtype=np.uint64)
LUCK = luck_of(11, 0)
PARAMETERS = LocalFitParameters(need_sd=0.8, loss_log_odds=1.5)
UNIFORM_LOSS = 0.5 * 1.5 * 0.8**2
PEOPLE = np.random.default_rng(5).integers(50, 2_000, PLACES)


def areas(count: int) -> npt.NDArray[np.uint64]:
    """Return units of neighbours, the same for all services; ``count`` divides the number of places."""
    unit = np.arange(PLACES) * count // PLACES
    return np.repeat(unit[:, np.newaxis], SERVICES, axis=1).astype(np.uint64)


def alone(unit: npt.NDArray[np.uint64], share: np.ndarray) -> Choosers:
    """Return holders that choose without partners."""
    return Choosers(unit, np.zeros_like(unit), np.zeros(unit.shape), share)


def needs(range_km: float = 20.0, people: npt.NDArray[np.int64] = MAP.population) -> np.ndarray:
    field = local_needs(MAP, MATTERS, range_km, LUCK)
    return standardised(field, people)


def gain(count: int, knows: bool = False, need: np.ndarray | None = None, people: np.ndarray = PEOPLE) -> np.ndarray:
    """Return what each place gains under so many holders; when they know everything, whatever their size."""
    unit = areas(count)
    share = np.zeros(unit.shape) if knows else share_of_people(unit, people)
    return fit_log_odds(needs(people=people) if need is None else need, alone(unit, share), people, PARAMETERS)


def between(need: np.ndarray, count: int, people: np.ndarray) -> np.ndarray:
    """Return the part of the variance over people that lies between areas, by service."""
    weight, unit = people / people.sum(), areas(count)[:, 0].astype(int)
    share = np.bincount(unit, weights=weight)
    means = np.stack([np.bincount(unit, weights=weight * x) for x in need.T], axis=1) / share[:, np.newaxis]
    return np.asarray(share @ means**2)


def test_needs_have_mean_0_and_standard_deviation_1_over_people() -> None:
    for people in (MAP.population, PEOPLE):
        need = needs(people=people)
        assert np.average(need, axis=0, weights=people) == pytest.approx(np.zeros(SERVICES), abs=1e-12)
        assert np.average(need**2, axis=0, weights=people) == pytest.approx(np.ones(SERVICES))


def test_where_nothing_can_differ_nothing_does() -> None:
    assert (standardised(np.full((3, 2), 0.1), np.array([1, 2, 3])) == 0.0).all()
    one_place = square_places(1, 1_000, {"nation": 1}, 100.0)
    need = local_needs(one_place, MATTERS, 20.0, LUCK)
    unit = np.ones((1, SERVICES), dtype=np.uint64)
    who = alone(unit, share_of_people(unit, one_place.population))
    assert (fit_log_odds(need, who, one_place.population, PARAMETERS) == 0.0).all()


def test_neighbours_are_alike_as_far_as_the_range_reaches() -> None:
    row, column = np.divmod(np.arange(PLACES), 8)
    apart = np.hypot(row[:, None] - row, column[:, None] - column)

    def likeness(range_km: float, steps: float) -> float:
        products = needs(range_km) @ needs(range_km).T / SERVICES
        return float(products[np.isclose(apart, steps)].mean())

    limit = Z / np.sqrt(SERVICES * PLACES)
    assert likeness(20.0, 1.0) > 0.7 > likeness(20.0, 4.0)
    assert abs(likeness(0.1, 1.0)) < limit < likeness(10.0, 1.0)


def test_a_need_is_that_of_a_place_and_a_service_whatever_stands_beside_it() -> None:
    field = needs()
    assert local_needs(MAP, MATTERS[::-1], 20.0, LUCK)[:, ::-1] == pytest.approx(field)
    assert len({round(float(x), 9) for x in field.ravel()}) == field.size


def test_one_choice_for_the_country_is_the_zero_on_average_and_leaves_out_whoever_is_far_from_the_mean() -> None:
    need = needs(people=PEOPLE)
    found = gain(1)
    assert np.average(found, axis=0, weights=PEOPLE) == pytest.approx(np.zeros(SERVICES), abs=1e-12)
    assert found == pytest.approx(UNIFORM_LOSS * (1.0 - need**2))
    assert ((found < 0.0) == (np.abs(need) > 1.0)).all()


@pytest.mark.parametrize("count", [2, 8, 32, 64])
def test_holders_that_know_their_people_win_back_exactly_what_lies_between_areas(count: int) -> None:
    need = needs(people=PEOPLE)
    won = np.average(gain(count, knows=True), axis=0, weights=PEOPLE)
    assert won == pytest.approx(UNIFORM_LOSS * between(need, count, PEOPLE))
    if count == PLACES:
        assert won == pytest.approx(np.full(SERVICES, UNIFORM_LOSS))


@pytest.mark.parametrize("count", [2, 8, 32, 64])
def test_a_holder_with_a_share_of_the_people_sees_so_much_less_of_them(count: int) -> None:
    equal = MAP.population
    need = needs()
    won = np.average(gain(count, people=equal), axis=0, weights=equal)
    assert won == pytest.approx(UNIFORM_LOSS * between(need, count, equal) * (1.0 - count**-2.0))
    assert (won > 0.0).all()


def test_independent_areas_win_back_the_part_of_the_variance_that_chance_puts_between_them() -> None:
    need, count = needs(0.1), 8
    won = gain(count, knows=True, need=need, people=MAP.population).mean(axis=0) / UNIFORM_LOSS
    expected = (count - 1) / (PLACES - 1)
    error = won.std(ddof=1) / np.sqrt(SERVICES)
    assert abs(won.mean() - expected) < Z * error
    assert abs(won.mean() - count / PLACES * 2) > Z * error
    assert gain(count, knows=True).mean() / UNIFORM_LOSS > won.mean()  # areas of people who are alike win more


def test_a_place_unlike_its_area_loses_under_a_local_holder_too() -> None:
    need = np.zeros((PLACES, SERVICES))
    need[0], need[1] = 3.0, -3.0
    assert gain(8, knows=True, need=need)[:2].max() < 0.0


@pytest.mark.parametrize("changes", [{"need_sd": 0.0}, {"loss_log_odds": 0.0}])
def test_without_differences_or_without_a_loss_nothing_is_gained(changes: dict[str, Any]) -> None:
    unit = areas(8)
    who = alone(unit, share_of_people(unit, PEOPLE))
    assert (fit_log_odds(needs(people=PEOPLE), who, PEOPLE, LocalFitParameters(**changes)) == 0.0).all()


def test_a_partner_chooses_its_part_for_its_own_area() -> None:
    nation, district = areas(1), areas(8)
    known, need = np.zeros(nation.shape), needs(people=PEOPLE)

    def gained(part: float) -> np.ndarray:
        who = Choosers(nation, district + np.uint64(1), np.full(nation.shape, part), known)
        return fit_log_odds(need, who, PEOPLE, PARAMETERS)

    assert gained(0.0) == pytest.approx(gain(1, knows=True), abs=1e-12)
    assert gained(1.0) == pytest.approx(gain(8, knows=True), abs=1e-12)
    mean = [np.average(gained(part), axis=0, weights=PEOPLE).min() for part in (0.0, 0.5, 1.0)]
    assert mean == sorted(mean)
