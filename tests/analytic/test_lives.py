"""Lives under constant hazards: delays, deaths, stays, stocks and QALYs have closed forms."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import kstwobign

from sim.model.summary import summarise
from sim.world.people import ENTRY_TREATED
from sim.world.services import ONGOING
from sim.world.technologies import ESTABLISHED_BEFORE
from sim.world.time import DAYS_PER_YEAR, first_day
from sim.world.world import World
from tests.analytic.bounds import ALPHA, agrees, count_agrees, share_agrees
from tests.analytic.worlds import NOTHING_ELSE, Lives, after, world_of
from tests.builders import finished_model, held_by, spec_of

NEED = 3000.0
BEFORE, UNTREATED, TREATED, LIFE_TABLE = 0.9, 0.3, 0.1, 0.05  # yearly hazards on the way
FUNDED_AFTER_YEARS = 4


def follows_exponential(times: np.ndarray, mean: float) -> bool:
    """Say whether whole days (taken at their middle) may be exponential: Kolmogorov and Smirnov's test."""
    ordered = np.sort(times)
    theory = 1.0 - np.exp(-(ordered + 0.5) / mean)
    steps = np.arange(ordered.size + 1) / ordered.size
    distance = max((steps[1:] - theory).max(), (theory - steps[:-1]).max())
    return bool(distance * np.sqrt(ordered.size) <= kstwobign.isf(ALPHA))


def test_the_way_to_a_diagnosis_is_exponential() -> None:
    lives = Lives(after(world_of(need=20_000.0, diagnosis_delay_years=3.0), 1))
    delay = lives.diagnosis - lives.onset

    assert agrees(delay + 0.5, 3.0 * DAYS_PER_YEAR)
    assert follows_exponential(delay, 3.0 * DAYS_PER_YEAR)
    assert not follows_exponential(delay, 1.1 * 3.0 * DAYS_PER_YEAR)
    assert not follows_exponential(delay**0.8 * delay.mean() / (delay**0.8).mean(), 3.0 * DAYS_PER_YEAR)


def staged_world(life_table: float) -> World:
    """Let hazards change at diagnosis and at treatment, which is not funded in the first years."""
    world = world_of(
        need=NEED,
        diagnosis_delay_years=1.0,
        untreated_annual_hazard=UNTREATED,
        treated_annual_hazard=TREATED,
        background_annual_hazard=life_table,
        available_from_month=ESTABLISHED_BEFORE + 12 * FUNDED_AFTER_YEARS,
    )
    more = np.array([BEFORE / UNTREATED])
    return replace(world, services=replace(world.services, hazard_multiplier_before_diagnosis=more))


def deaths_and_years(lives: Lives, begin: np.ndarray, end: np.ndarray) -> tuple[int, float]:
    """Count the deaths between two days of each life, and the years lived between them."""
    last = np.minimum(np.minimum(end, lives.death + 0.5), lives.end)  # deaths fall in the middle of their day
    alive = begin <= lives.death
    died = alive & (lives.death < np.minimum(end, lives.end))
    return int(died.sum()), float(np.clip(last - begin, 0, None)[alive].sum() / DAYS_PER_YEAR)


@pytest.mark.parametrize("life_table", [0.0, LIFE_TABLE])
def test_deaths_follow_the_hazard_of_each_stage_beside_the_life_table(life_table: float) -> None:
    changes = {"population.severe_hazard_ratio": 1.0, "funding.months_between_applications": 1}
    lives = Lives(after(staged_world(life_table), 10, changes))
    # Whoever dies in the month in which funding begins does not apply again in it, so that month is left out.
    funded = first_day(12 * FUNDED_AFTER_YEARS)
    never = np.full(lives.start.size, np.inf)
    stages = {
        BEFORE: (lives.onset, lives.diagnosis),
        UNTREATED: (lives.diagnosis, np.minimum(lives.start, funded)),
        TREATED: (np.where(lives.start > funded, lives.start, np.inf), never),
    }

    for hazard, (begin, end) in stages.items():
        deaths, years = deaths_and_years(lives, begin, end)
        assert deaths > 1000
        assert count_agrees(deaths, (hazard + life_table) * years)
        assert not count_agrees(deaths, (1.2 * hazard + life_table) * years)
        assert life_table == 0.0 or not count_agrees(deaths, hazard * years)


@pytest.mark.parametrize("life_table", [0.0, LIFE_TABLE])
def test_survival_without_treatment_is_exponential(life_table: float) -> None:
    world = world_of(need=20_000.0, untreated_annual_hazard=UNTREATED, background_annual_hazard=life_table)
    never = replace(world, services=replace(world.services, available_from_month=np.array([20_000], dtype=np.int32)))
    lives = Lives(after(never, 1, {"funding.months_between_applications": 600}))
    mean = DAYS_PER_YEAR / (UNTREATED + life_table)

    assert follows_exponential(lives.death - lives.onset, mean)
    assert not follows_exponential(lives.death - lives.onset, mean / 1.1)


def test_the_severe_die_faster_and_the_mean_hazard_of_all_is_kept() -> None:
    world = world_of(need=40_000.0, untreated_annual_hazard=UNTREATED, diagnosis_delay_years=500.0)
    lives = Lives(after(world, 1, {"population.severe_share": 0.25, "population.severe_hazard_ratio": 3.0}))
    severe = lives.severity == 1
    milder = UNTREATED / (0.75 + 0.25 * 3.0)
    survived = lives.death - lives.onset

    assert share_agrees(np.array([severe.sum()]), np.array([severe.size]), np.array([0.25]))
    assert follows_exponential(survived[~severe & (lives.diagnosis > lives.death)], DAYS_PER_YEAR / milder)
    assert agrees(survived[severe] + 0.5, DAYS_PER_YEAR / (3.0 * milder))
    assert not agrees(survived[severe] + 0.5, DAYS_PER_YEAR / UNTREATED)


def ongoing_world(stop: float, **options: Any) -> World:
    return world_of(kinds=(ONGOING,), stop_rate_per_year=stop, duration_on_treatment_years=1 / stop, **options)


def test_ongoing_treatment_lasts_an_exponential_time() -> None:
    lives = Lives(after(ongoing_world(0.25, need=20_000.0), 1))
    stay = lives.stop - lives.start

    assert follows_exponential(stay, 4.0 * DAYS_PER_YEAR)
    assert not follows_exponential(stay, 1.1 * 4.0 * DAYS_PER_YEAR)


@pytest.mark.parametrize("life_table", [0.0, LIFE_TABLE])
def test_the_stock_on_treatment_decays_by_stops_and_deaths(life_table: float) -> None:
    world = ongoing_world(
        0.2, need=1.0, treated_annual_hazard=TREATED, background_annual_hazard=life_table, stock_treated=20_000.0
    )
    model = after(world, 6)
    lives = Lives(model)
    stock = lives.entry == ENTRY_TREATED
    years = np.arange(1, 7)
    on_treatment = np.minimum(lives.stop, lives.death)[stock]
    left = np.array([(on_treatment >= year * DAYS_PER_YEAR).sum() for year in years])
    everyone = np.full(6, stock.sum())

    for year in years - 1:
        one = slice(year, year + 1)
        assert share_agrees(left[one], everyone[one], np.exp(-(0.2 + TREATED + life_table) * years[one]))
        assert not share_agrees(left[one], everyone[one], np.exp(-(1.2 * 0.2 + TREATED + life_table) * years[one]))
    begun = (~stock) & (lives.start < lives.end) & (np.minimum(lives.stop, lives.death) >= lives.end)
    assert model.state.cells.occupied.sum() == left[-1] + begun.sum()


def qalys(world: World, discount: float, years: int) -> tuple[float, float, Lives]:
    """Return QALYs plain and discounted of a run without treatment, and its lives."""
    changes = {**NOTHING_ELSE, "economics.discount_rate_share_per_year": discount}
    spec = spec_of(world, held_by("nation"), changes, years=years, burn_in_years=0)
    model = finished_model(world, spec)
    result = summarise(model, spec)
    return float(result.qalys.sum()), float(result.qalys_discounted.sum()), Lives(model)


@pytest.mark.parametrize("discount", [0.0, 0.035])
def test_qalys_lived_without_treatment_have_a_closed_form(discount: float) -> None:
    world = world_of(need=NEED, untreated_annual_hazard=UNTREATED, diagnosis_delay_years=1e5, utility_untreated=0.6)
    plain, weighed, lives = qalys(world, discount, 10)
    rate = np.log1p(discount)
    since = lives.onset / DAYS_PER_YEAR
    left = (lives.end - lives.onset) / DAYS_PER_YEAR
    lived = np.minimum(lives.death + 0.5, lives.end) - lives.onset
    error = 4.0 * 0.6 * lived.std() / DAYS_PER_YEAR * np.sqrt(lived.size)

    def expected(hazard: float, at: float) -> float:
        total = hazard + at
        return float((0.6 * np.exp(-at * since) * (1.0 - np.exp(-total * left)) / total).sum())

    assert abs(plain - expected(UNTREATED, 0.0)) <= error
    assert abs(weighed - expected(UNTREATED, rate)) <= error
    assert abs(plain - expected(1.2 * UNTREATED, 0.0)) > error
    assert discount == 0.0 or abs(weighed - expected(UNTREATED, 0.0)) > error


def test_qalys_of_the_immortal_are_known_to_the_day() -> None:
    late = ESTABLISHED_BEFORE + 12 * 2
    world = world_of(
        need=NEED, diagnosis_delay_years=1.0, utility_untreated=0.4, utility_treated=0.9, available_from_month=late
    )
    plain, weighed, lives = qalys(world, 0.05, 5)
    start = np.minimum(lives.start, lives.end)
    assert (start > lives.diagnosis).sum() > 1000
    before, after_start = start - lives.onset, lives.end - start

    def discounted(begin: np.ndarray, end: np.ndarray) -> np.ndarray:
        return np.asarray((1.05 ** (-begin / DAYS_PER_YEAR) - 1.05 ** (-end / DAYS_PER_YEAR)) / np.log(1.05))

    exact = 0.4 * discounted(lives.onset, start) + 0.9 * discounted(start, np.full(start.size, lives.end))
    assert plain == pytest.approx((0.4 * before + 0.9 * after_start).sum() / DAYS_PER_YEAR)
    assert weighed == pytest.approx(exact.sum())
