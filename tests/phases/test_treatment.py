"""A start changes a life: the procedure may kill, the treated hazard runs, and the payer owes the price."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.world.people import ENTRY_TREATED
from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from sim.world.world import World
from tests.builders import small_world
from tests.phases.by_hand import (
    day_in,
    ill,
    model_by_hand,
    months_of_start,
    one_centre,
    run_by_hand,
    states,
)

ALPHA = 1e-4


def with_events(world: World, **probabilities: float) -> World:
    """Return a world whose episodes and procedures kill with given probabilities."""
    arrays = {name: np.full(len(world.services.ids), value) for name, value in probabilities.items()}
    return replace(world, services=replace(world.services, **arrays))


def test_a_procedure_may_kill_on_its_day() -> None:
    world = with_events(one_centre(120.0), treated_event_probability=0.3)
    model = run_by_hand(world, [ill(day, identity=day + 1) for day in range(300)], {"waiting.capacity_enabled": False})
    patients = model.state.roster.patients
    died = (patients["state"] == 11).sum()
    low, high = stats.binom(300, 0.3).ppf([ALPHA / 2, 1 - ALPHA / 2])
    assert low <= died <= high
    assert not low <= 2 * died <= high
    dead = patients["state"] == 11
    assert (patients["death_day"][dead] == patients["start_day"][dead]).all()


@pytest.mark.parametrize(("beds", "bedless_dies", "treated_dies"), [(0.0, 1.0, 0.0), (1e4, 1.0, 0.0), (0.0, 0.0, 1.0)])
def test_an_emergency_without_a_bed_meets_the_untreated_risk(
    beds: float, bedless_dies: float, treated_dies: float
) -> None:
    world = one_centre(beds, kinds=(EMERGENCY,))
    world = with_events(world, untreated_event_probability=bedless_dies, treated_event_probability=treated_dies)
    model = run_by_hand(world, [ill(7)])
    has_bed = beds > 0
    dies = treated_dies if has_bed else bedless_dies
    assert states(model) == [("dead" if dies else "treated" if has_bed else "no bed")]
    assert (model.state.roster.patients["death_day"][0] == 7) == bool(dies)
    assert (model.government.books.spend.sum() > 0) == has_bed


def test_treatment_replaces_the_untreated_hazard() -> None:
    hazards = {"untreated_annual_hazard": 2.0, "treated_annual_hazard": 0.5}
    world = one_centre(12.0, **hazards)
    person = ill(0, excess_budget=1.0)
    treated = run_by_hand(world, [person], {"waiting.capacity_enabled": False})
    untreated = run_by_hand(world, [person], {"waiting.capacity_scale": 0.0})
    fact = treated.state.roster.facts[0]
    assert treated.state.roster.patients["death_day"][0] == int(365.25 / 0.5)
    assert untreated.state.roster.patients["death_day"][0] == int(365.25 / fact.untreated_hazard)


def test_ongoing_treatment_stops_at_its_own_rate_and_the_stop_is_final() -> None:
    world = small_world(
        1, 1, 1, 100_000, {"nation": 1}, kinds=(ONGOING,), stop_rate_per_year=2.0, capacity_share_of_need=1e3
    )
    model = run_by_hand(world, [ill(0, identity=row + 1, luck_owner=row + 1) for row in range(400)])
    patients = model.state.roster.patients
    years = (patients["stop_day"] - patients["start_day"] + 0.5) / 365.25
    assert stats.kstest(years, stats.expon(scale=0.5).cdf).pvalue > ALPHA
    assert stats.kstest(years, stats.expon(scale=0.7).cdf).pvalue < ALPHA
    assert ((patients["stop_day"] < 730) == (patients["state"] == 7)).all()


# --- those on treatment at the start ------------------------------------------------------------------


def on_treatment(number: int, **also: Any) -> list[dict[str, Any]]:
    return [{"onset_day": -400, "given_day": -200, "entry": ENTRY_TREATED, **also} for _ in range(number)]


def one_place_each(n_providers: int, n_places: int = 1, **options: Any) -> World:
    """Build a world in which every centre has one place."""
    world = small_world(n_places, 1, n_providers, 100_000, {"nation": 1}, kinds=(ONGOING,), **options)
    offers = replace(world.offers, capacity=np.ones(n_providers))
    return replace(world, offers=offers)


def test_the_treated_stock_keeps_its_places_and_is_paid_for_from_the_first_month() -> None:
    model = model_by_hand(one_place_each(1), on_treatment(1))
    model.step()
    assert states(model) == ["on treatment"]
    assert model.state.cells["occupied"].tolist() == [1]
    assert model.state.accounts["running"].tolist() == [1_000_000 // 12]
    assert model.state.accounts["committed"].tolist() == [0]
    assert model.government.books.spend.sum() == 0
    assert model.state.ledger.provider_income.sum() == 1_000_000 // 12


def test_whoever_finds_the_chosen_place_taken_keeps_treatment_at_the_nearest_free_one() -> None:
    world = one_place_each(3, n_places=9, place_area_km2=2_500.0)
    model = model_by_hand(world, on_treatment(3, place=0), {"referral.travel_enabled": True})
    model.step()
    assert states(model) == ["on treatment"] * 3
    assert sorted(model.state.roster.patients["cell"]) == [0, 1, 2]


def test_whoever_finds_every_place_taken_waits_at_the_centre_of_choice_and_comes_first() -> None:
    world = one_place_each(3, n_places=9, place_area_km2=2_500.0)
    leaving = on_treatment(3, place=0, background_death_day=day_in(2))
    staying = on_treatment(1, place=0, identity=99, luck_owner=4)
    chosen = {"referral.travel_enabled": True, "referral.travel_weight_per_hour": 50.0}  # the nearest is chosen
    model = run_by_hand(world, [*leaving, *staying, ill(20, place=0)], chosen)
    patients = model.state.roster.patients
    nearest = int(np.argmin(world.travel_hours[0]))
    assert patients["cell"][3] == nearest
    assert months_of_start(model)[3] == 3
    assert states(model)[3] == "on treatment"


def test_whoever_waits_for_a_place_runs_the_hazard_of_the_untreated() -> None:
    world = one_place_each(1, untreated_annual_hazard=2.0, treated_annual_hazard=0.1)
    model = model_by_hand(world, on_treatment(2))
    model.step()
    facts, hazard = model.state.roster.facts[0], model.state.roster.patients["hazard_per_year"]
    assert states(model) == ["on treatment", "awaiting a slot"]
    assert hazard.tolist() == [facts.treated_hazard, facts.untreated_hazard]


def test_a_start_counts_as_a_case_of_its_centre_until_april() -> None:
    model = model_by_hand(one_centre(120.0, kinds=(ONE_OFF,)), [ill(0), ill(1), ill(day_in(5))])
    cases = []
    while model.running:
        model.step()
        cases.append(int(model.state.cells["cases"][0]))
    assert cases[:12] == [2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 0]
