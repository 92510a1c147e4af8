"""Who falls ill is drawn once; nothing added elsewhere moves anybody's life, and counts are Poisson people."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.world.facts import PopulationParameters, service_facts
from sim.world.life_table import LifeTable
from sim.world.people import ENTRY_DIAGNOSED, ENTRY_ILL, ENTRY_TREATED, NEVER
from sim.world.population import require_unique
from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from sim.world.time import first_day, month_of
from tests.builders import LIVELY, few, lively_world, small_world
from tests.world.drawn import draw, lives, people_by_month

ALPHA = 1e-4
Changes = dict[str, Any]


def bounds(distribution: Any) -> tuple[float, float]:
    """Return between which values a draw falls but once in 1 / ALPHA."""
    low, high = distribution.ppf([ALPHA / 2, 1 - ALPHA / 2])
    return float(low), float(high)


# --- identity ---------------------------------------------------------------------------------------


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "n_places": st.integers(7, 9),
            "n_services": st.integers(4, 5),
            "n_providers": st.integers(1, 5),
            "capacity_share_of_need": st.just(0.2),
            "cost_gbp": st.just(5.0),
        },
    ),
    st.fixed_dictionaries({}, optional={"months": st.integers(25, 40), "twin_sets": st.integers(1, 3)}),
)
@few(15)
def test_what_is_added_elsewhere_moves_nobody(world_changes: Changes, plan_changes: Changes) -> None:
    stocks = {"stock_waiting": 0.0, "stock_treated": 0.0}  # national stocks are shared by all places
    world, larger = lively_world(**stocks), lively_world(**stocks, **world_changes)

    before, after = lives(world, draw(world)), lives(larger, draw(larger, **plan_changes))

    assert {identity: after.get(identity) for identity in before} == before


def test_a_place_more_thins_the_starting_stock_and_moves_nobody_who_stays() -> None:
    # The wait of the starting queue follows from its size and need, so there is none here.
    world, larger = lively_world(stock_waiting=0.0), lively_world(stock_waiting=0.0, n_places=7)
    before, after = lives(world, draw(world)), lives(larger, draw(larger))

    both = before.keys() & after.keys()

    assert len(both) > 0.8 * len(before)
    assert {identity: after[identity] for identity in both} == {identity: before[identity] for identity in both}


def test_services_left_out_move_nobody_in_the_others() -> None:
    world = lively_world()
    everyone, some = lives(world, draw(world)), lives(world, draw(world, services=world.services.ids[:2]))

    assert some == {identity: life for identity, life in everyone.items() if life[1] in world.services.ids[:2]}


def test_sampling_one_service_moves_nobody_in_the_others() -> None:
    world = lively_world()
    sampled = world.services.ids[0]
    plain, weighted = lives(world, draw(world)), lives(world, draw(world, weights={sampled: 3}))

    def others(of: dict[int, tuple[Any, ...]]) -> dict[int, tuple[Any, ...]]:
        return {identity: life for identity, life in of.items() if life[1] != sampled}

    assert others(weighted) == others(plain)
    rows, fewer = (sum(life[1] == sampled for life in of.values()) for of in (plain, weighted))
    assert rows > 2 * fewer > 0


def test_the_order_of_places_changes_nothing() -> None:
    world = lively_world()
    order = np.array([3, 0, 5, 1, 4, 2])
    places = replace(world.places, codes=tuple(world.places.codes[place] for place in order))
    shuffled = replace(world, places=places, expected_need=world.expected_need[order])

    one, other = draw(world, twin_sets=2), draw(shuffled, twin_sets=2)
    assert lives(shuffled, other) == lives(world, one)
    assert lives(shuffled, other, twins=True) == lives(world, one, twins=True)


@pytest.mark.parametrize("changes", [{"seed": 6}, {"replicate": 1}])
def test_another_replicate_gives_other_luck(changes: Changes) -> None:
    world = lively_world()
    one, two = lives(world, draw(world)), lives(world, draw(world, **changes))
    both = one.keys() & two.keys()  # the first ordinals of every month are people of both
    assert both
    assert not any(one[identity] == two[identity] for identity in both)


def test_everyone_has_an_identity_of_their_own() -> None:
    world = lively_world()
    people = draw(world, twin_sets=3).people
    assert np.unique(people["identity"]).size == people.size
    with pytest.raises(ValueError, match="one identity"):
        require_unique(np.array([3, 1, 3], dtype=np.uint64))


def test_rows_stand_in_the_month_in_which_they_enter() -> None:
    world = lively_world()
    population = draw(world, twin_sets=3)
    for month in range(population.plan.months):
        real = slice(population.real_from[month], population.real_from[month + 1])
        twins = slice(population.twins_from[month], population.twins_from[month + 1])
        entered = np.maximum(population.people["onset_day"][real], 0)
        assert {int(month_of(int(day))) for day in entered} <= {month}
        assert {int(month_of(int(day))) for day in population.people["given_day"][twins]} <= {month}
    assert population.real_from[-1] == population.real
    assert population.twins_from[-1] == population.people.size


# --- counts -----------------------------------------------------------------------------------------


def dispersion(counts: np.ndarray, mean: float, variance: float) -> float:
    return float(((counts - mean) ** 2).sum() / variance)


def test_people_who_fall_ill_are_poisson_and_a_fifth_more_is_rejected() -> None:
    world = small_world(n_places=12, n_services=1)
    counts = people_by_month(draw(world, months=120), world).ravel()
    mean = 10.0 / 12.0
    low, high = bounds(stats.poisson(mean * counts.size))
    assert low <= counts.sum() <= high
    assert not low <= 1.2 * counts.sum() <= high
    low, high = bounds(stats.chi2(counts.size))
    assert low < dispersion(counts, mean, mean) < high
    assert not low < dispersion(counts, mean, 1.2 * mean) < high


WEIGHT = 10


def sampled_totals() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the people of each place over two years: drawn one by one, sampled, and by a wrong rule."""
    world = small_world(n_places=300, n_services=1, n_providers=1, need_per_head_per_year=2e-3)
    one_by_one = people_by_month(draw(world), world).sum(axis=(0, 2))
    sampled = people_by_month(draw(world, weights={world.services.ids[0]: WEIGHT}), world).sum(axis=(0, 2)) * WEIGHT
    wrong = np.random.default_rng(1).poisson(200.0 / WEIGHT, 300) * WEIGHT
    return one_by_one, sampled, wrong


def test_a_sampled_service_keeps_the_variance_of_people_not_of_rows() -> None:
    one_by_one, sampled, wrong = sampled_totals()
    mean, rounding = 200.0, (WEIGHT**2 - 1) / 6  # of the difference of two even remainders
    low, high = bounds(stats.chi2(300))
    assert low < dispersion(one_by_one, mean, mean) < high
    assert low < dispersion(sampled, mean, mean + rounding) < high
    assert not low < dispersion(wrong, mean, mean + rounding) < high


def test_a_sampled_service_follows_the_very_people_of_the_whole_one() -> None:
    one_by_one, sampled, _ = sampled_totals()
    assert np.abs(sampled - one_by_one).max() < WEIGHT
    error = (sampled - one_by_one).mean() / np.sqrt((WEIGHT**2 - 1) / 6 / 300)
    assert abs(error) < stats.norm.isf(ALPHA / 2)  # no bias: always rounding down would be 9 of these


@pytest.mark.parametrize("weight", [1, 4])
def test_starting_stocks_have_their_national_totals(weight: int) -> None:
    stocks = {"stock_waiting": 600.0, "stock_treated": 900.0, "diagnosis_delay_years": 5.0}
    world = small_world(n_places=20, n_services=1, kinds=(ONGOING,), **stocks)
    world = replace(world, services=replace(world.services, undiagnosed=np.array([400.0])))
    weights = {world.services.ids[0]: weight}
    entries = np.concatenate([stock_of(draw(world, replicate=replicate, weights=weights)) for replicate in range(10)])
    for entry, total in ((ENTRY_ILL, 400.0), (ENTRY_DIAGNOSED, 600.0), (ENTRY_TREATED, 900.0)):
        low, high = bounds(stats.norm(total * 10, np.sqrt(total * 10 + 200 * (weight**2 - 1) / 12)))
        people = weight * (entries == entry).sum()
        assert low < people < high
        assert not low < 1.2 * people < high


def stock_of(population: Any) -> np.ndarray:
    """Return how each row of the starting stock enters."""
    people, first = population.people, population.real_from[1]
    entry, onset = people["entry"][:first], people["onset_day"][:first]
    return entry[(entry != ENTRY_ILL) | (onset < 0)]


def test_the_starting_stock_lies_where_need_is() -> None:
    world = small_world(n_places=6, n_services=1, kinds=(ONGOING,), stock_treated=6_000.0, need_unobserved_sd_log=0.8)
    population = draw(world)
    treated = population.people["entry"][: population.real_from[1]] == ENTRY_TREATED
    seen = np.bincount(population.people["place"][: population.real_from[1]][treated], minlength=6)
    share = population.true_need[:, 0] / population.true_need[:, 0].sum()
    assert stats.chisquare(seen, share * seen.sum()).pvalue > ALPHA
    assert stats.chisquare(seen).pvalue < ALPHA  # not as heads do


def test_nobody_waits_for_an_emergency_on_the_first_day() -> None:
    world = small_world(n_services=2, kinds=(EMERGENCY, ONE_OFF), stock_waiting=100.0)
    population = draw(world)
    waiting = population.people["entry"] == ENTRY_DIAGNOSED
    assert waiting.sum() > 50
    assert (population.people["service"][waiting] == 1).all()


# --- lives ------------------------------------------------------------------------------------------


@given(st.floats(0.0, 2.0), st.integers(0, 3))
@few(10)
def test_everyone_is_alive_on_entry_and_every_past_lies_behind(hazard: float, replicate: int) -> None:
    world = lively_world(**{"background_annual_hazard": hazard, "diagnosis_delay_years": 3.0})
    people = draw(world, replicate=replicate, twin_sets=1).people
    entered = np.where(people["entry"] == ENTRY_ILL, people["onset_day"], people["given_day"])
    assert (people["background_death_day"] >= np.maximum(entered, 0)).all()
    assert (people["excess_budget"] > 0).all()
    given = people["given_day"] != NEVER
    assert (people["onset_day"][given] <= people["given_day"][given]).all()
    assert (people["given_day"][people["entry"] == ENTRY_TREATED] <= 0).all()
    assert (people["entry"][~given] == ENTRY_ILL).all()


def test_onsets_fall_evenly_on_the_days_of_their_month() -> None:
    world = small_world(n_places=12, n_services=1, people_per_place=500_000)
    people = draw(world).people
    month = np.array([month_of(int(day)) for day in people["onset_day"]])
    starts = np.array([first_day(int(one)) for one in range(25)])
    within = (people["onset_day"] - starts[month] + 0.5) / np.diff(starts)[month]
    assert stats.kstest(within, stats.uniform().cdf).pvalue > ALPHA
    assert stats.kstest(within**1.2, stats.uniform().cdf).pvalue < ALPHA


def test_budgets_of_hazard_are_unit_exponential() -> None:
    world = small_world(n_places=12, n_services=1, people_per_place=500_000)
    budget = draw(world).people["excess_budget"]
    assert stats.kstest(budget, stats.expon().cdf).pvalue > ALPHA
    assert stats.kstest(budget * 1.2, stats.expon().cdf).pvalue < ALPHA


def test_background_deaths_follow_the_life_table() -> None:
    world = small_world(n_places=12, n_services=1, people_per_place=500_000, background_annual_hazard=0.3)
    people = draw(world).people
    years = (people["background_death_day"] - people["onset_day"] + 0.5) / 365.25
    young = years < 20.0  # the table ends at 100
    conditional = stats.truncexpon(20.0 * 0.3, scale=1 / 0.3)
    assert stats.kstest(years[young], conditional.cdf).pvalue > ALPHA
    assert stats.kstest(years[young], stats.truncexpon(20.0 * 0.36, scale=1 / 0.36).cdf).pvalue < ALPHA


def test_whoever_has_been_ill_for_years_is_older_by_as_much() -> None:
    """Let everyone fall ill at 40 and nobody live far beyond 50: the years already ill are gone."""
    world = small_world(n_services=1, kinds=(ONGOING,), stock_treated=2_000.0)
    world.services.onset_age_mean[:], world.services.onset_age_sd[:] = 40.0, 0.0
    hazard = np.maximum(world.life_table.ages - 50.0, 0.0) * 1e3
    world = replace(world, life_table=LifeTable(world.life_table.ages, hazard))
    people = draw(world).people
    fiftieth = people["onset_day"] + 10 * 365.25
    assert (people["onset_day"] < -5 * 365).sum() > 500
    assert np.abs(people["background_death_day"] - np.maximum(fiftieth, 0)).max() < 7


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_the_severe_have_their_share_and_the_mean_hazard_is_kept(share: float) -> None:
    parameters = PopulationParameters(severe_share=share, severe_hazard_ratio=3.0)
    world = small_world(n_places=12, n_services=1, people_per_place=500_000, untreated_annual_hazard=0.2)
    severity = draw(world, parameters).people["severity"]
    low, high = bounds(stats.binom(severity.size, share))
    assert low <= severity.sum() <= high
    assert not low <= 1.5 * severity.sum() <= high
    fact = service_facts(world.services, parameters)[0]
    assert fact.untreated_hazard_severe == pytest.approx(3.0 * fact.untreated_hazard)
    mean = share * fact.untreated_hazard_severe + (1 - share) * fact.untreated_hazard
    assert mean == pytest.approx(0.2)


def test_a_stated_severe_form_takes_its_own_share_and_hazard() -> None:
    world = small_world(n_services=1, untreated_annual_hazard=0.2)
    services = replace(world.services, severe_form_share=np.array([0.4]), severe_form_untreated_hazard=np.array([2.5]))
    fact = service_facts(services, PopulationParameters())[0]
    assert (fact.severe_share, fact.untreated_hazard, fact.untreated_hazard_severe) == (0.4, 0.2, 2.5)


def test_prices_are_by_month_for_ongoing_treatment_and_by_start_otherwise() -> None:
    facts = service_facts(small_world(kinds=LIVELY["kinds"], cost_gbp=1_200.0).services, PopulationParameters())
    assert facts.price_pence.tolist() == [120_000, 10_000, 120_000]


def test_unobserved_need_has_mean_1_and_its_spread() -> None:
    world = small_world(n_places=1_500, n_services=1, n_providers=1, need_unobserved_sd_log=0.5)
    factor = draw(world, months=1).true_need[:, 0] / world.expected_need[:, 0]
    log = np.log(factor)
    assert stats.kstest(log, stats.norm(-0.125, 0.5).cdf).pvalue > ALPHA
    assert stats.kstest(log, stats.norm(0.0, 0.5).cdf).pvalue < ALPHA  # a median of 1 would add need
    assert stats.kstest(log, stats.norm(-0.18, 0.6).cdf).pvalue < ALPHA


def test_need_is_as_the_formula_sees_it_when_nothing_is_unobserved() -> None:
    world = small_world(need_unobserved_sd_log=0.5)
    assert (draw(world, PopulationParameters(unobserved_need_scale=0.0)).true_need == world.expected_need).all()
