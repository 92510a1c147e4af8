"""A centre is chosen by travel and expected wait; the further it is, the more are not referred."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from sim.agents.columns import NOT_REFERRED, TOO_FAR, Reach
from sim.agents.state import State
from sim.phases import PHASES
from sim.phases.choice import fade, fill_choices, new_looks
from sim.phases.referral import (
    ReferralParameters,
    attendance_share,
    chosen_cell,
    expected_wait_months,
    look_at_centres,
)
from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from sim.world.world import World
from tests.builders import few, finished_model, held_by, model_of, small_world, spec_of
from tests.phases.by_hand import PLAIN, day_in, ill, model_by_hand, one_centre, run_by_hand, states

ALPHA = 1e-4
WAIT_WEIGHT = {"referral.wait_weight_per_month": 0.0}


def wide_world(**options: object) -> World:
    """Build a world some hours across, with plenty of people and slots."""
    return small_world(9, 1, 4, 2_000_000, {"nation": 1}, place_area_km2=6_000.0, capacity_share_of_need=9.0, **options)


def finished_state(world: World, **changes: float) -> State:
    named = {f"referral.{name}": value for name, value in changes.items()}
    return finished_model(world, spec_of(world, held_by("nation"), {"budget.cap_enabled": False, **named})).state


@given(st.lists(st.floats(0.01, 1.0), min_size=1, max_size=7), st.floats(0.0, 1.0))
@few(50)
def test_the_choice_is_the_first_centre_whose_cumulative_share_is_reached(weights: list[float], u: float) -> None:
    table = np.cumsum([weights], axis=1) / sum(weights)
    expected = min(int(np.searchsorted(table[0], u)), len(weights) - 1)
    assert chosen_cell(table, 0, len(weights), 0, u) == expected


def test_the_choice_is_made_within_the_cells_of_the_service() -> None:
    table = np.array([[0.1, 1.0, 0.3, 0.6, 1.0]])
    assert [chosen_cell(table, 2, 5, 0, u) for u in (0.2, 0.5, 0.99, 1.0)] == [2, 3, 4, 4]
    assert chosen_cell(table, 4, 5, 0, 0.01) == 4


def test_one_hour_more_lowers_the_odds_of_a_centre_by_its_weight() -> None:
    share = shares([0.0, 0.0, 0.0], hours=[0.5, 1.5, 2.0])
    assert share.sum() == pytest.approx(1.0)
    assert share[0] / share[1] == pytest.approx(np.exp(3.0))
    assert share[1] / share[2] == pytest.approx(np.exp(1.5))


def test_the_holders_area_and_what_draws_people_raise_the_odds_and_a_closed_centre_has_none() -> None:
    share = shares([-np.inf, 0.5, 0.0], hours=[1.0, 1.0, 1.0], at_home=[True, False, True])
    assert share[0] == 0.0
    assert share[2] / share[1] == pytest.approx(np.exp(0.7 - 0.5))


def test_where_no_centre_is_open_all_are_equally_likely() -> None:
    assert shares([-np.inf] * 3, hours=[0.5, 1.5, 2.0]) == pytest.approx([1 / 3] * 3)


@cache
def some_reach() -> Reach:
    return finished_state(wide_world(), travel_weight_per_hour=1.0).reach


def shares(drawn: list[float], hours: list[float], at_home: tuple[bool, ...] | list[bool] = (False,) * 3) -> np.ndarray:
    """Return the shares of three centres of one service as seen from one place."""
    far, first = np.array([hours]), np.array([0, 3], dtype=np.int32)
    nearness = np.empty_like(far)
    fade(far, 3.0, nearness)
    reach = some_reach()._replace(first=first, hours=far, nearness=nearness, in_footprint=np.array([list(at_home)]))
    table = np.empty((1, 3))
    fill_choices(reach, new_looks(first, np.array(drawn), (3.0, 0.7), 1), table)
    return np.diff(table, prepend=0.0)[0]


@given(
    drawn=st.lists(st.floats(-3000.0, 50.0) | st.just(-np.inf), min_size=3, max_size=3),
    hours=st.lists(st.floats(0.0, 400.0), min_size=3, max_size=3),
)
def test_shares_are_those_of_the_logit_however_far_and_however_long_the_queues(
    drawn: list[float], hours: list[float]
) -> None:
    odds = np.array(drawn) - 3.0 * np.array(hours) + 0.7 * np.array([True, False, False])
    expected = np.full(3, 1 / 3) if np.isneginf(odds).all() else special.softmax(odds)
    assert shares(drawn, hours, [True, False, False]) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_people_choose_centres_as_the_logit_says_and_another_weight_is_rejected() -> None:
    world = wide_world()
    state = finished_state(world, travel_weight_per_hour=1.0, wait_weight_per_month=0.0)
    people, cell = state.roster.people, state.roster.patients["cell"]
    hours = world.travel_hours[:, world.offers.provider]

    def fit(weight: float) -> float:
        odds = np.exp(-weight * hours)
        share = odds / odds.sum(axis=1, keepdims=True)
        seen = np.zeros_like(share)
        referred = cell >= 0
        np.add.at(seen, (people["place"][referred], cell[referred]), 1)
        expected = share * seen.sum(axis=1, keepdims=True)
        kept = expected > 5
        statistic = ((seen - expected) ** 2 / expected)[kept].sum()
        return float(stats.chi2(kept.sum() - share.shape[0]).sf(statistic))

    assert fit(1.0) > ALPHA
    assert fit(1.2) < ALPHA
    assert fit(0.8) < ALPHA


def test_non_referral_rises_with_travel_as_the_logistic_says_and_another_slope_is_rejected() -> None:
    world = wide_world()
    state = finished_state(world, not_referred_share=0.1, non_referral_log_odds_per_hour=0.6)
    patients, people = state.roster.patients, state.roster.people
    met = patients["diagnosis_day"] <= patients["death_day"]
    hours = world.travel_hours[people["place"], world.offers.provider[patients["cell"]]][met]
    away = np.isin(patients["lost"], [NOT_REFERRED, TOO_FAR])[met]

    def z(slope: float, share: float = 0.1) -> float:
        parameters = ReferralParameters(not_referred_share=share, non_referral_log_odds_per_hour=slope)
        missing = 1.0 - attendance_share(hours, parameters)
        return float((away - missing).sum() / np.sqrt((missing * (1 - missing)).sum()))

    limit = stats.norm.isf(ALPHA / 2)
    assert hours.max() > 3.0
    assert abs(z(0.6)) < limit
    assert abs(z(0.48)) > limit
    assert abs(z(0.72)) > limit
    near = (patients["lost"] == NOT_REFERRED)[met]
    low, high = stats.binom(near.size, 0.1).ppf([ALPHA / 2, 1 - ALPHA / 2])
    assert low <= near.sum() <= high


def test_without_travel_distance_deters_nobody_and_people_spread_as_supply_does() -> None:
    world = wide_world()
    offers = replace(world.offers, capacity=world.offers.capacity * np.array([1.0, 2.0, 3.0, 4.0]))
    state = finished_state(replace(world, offers=offers), travel_enabled=False, wait_weight_per_month=0.0)
    patients = state.roster.patients
    assert not (patients["lost"] == TOO_FAR).any()
    seen = np.bincount(patients["cell"][patients["cell"] >= 0], minlength=4)
    share = offers.capacity / offers.capacity.sum()
    assert stats.chisquare(seen, share * seen.sum()).pvalue > ALPHA
    assert stats.chisquare(seen).pvalue < ALPHA


def test_expected_waits_are_the_queue_over_what_a_centre_clears_in_a_month() -> None:
    world = small_world(n_services=2, n_providers=2, kinds=(ONE_OFF, ONGOING), duration_on_treatment_years=2.0)
    state = model_of(world, spec_of(world, held_by("nation"), weights=((world.services.ids[0], 3),))).state
    state.cells["queued"] = [6, 0, 5, 10]
    capacity = world.offers.capacity
    expected = [6 * 3 * 12 / capacity[0], 0, 5 * 12 * 2 / capacity[2], 10 * 12 * 2 / capacity[3]]
    assert expected_wait_months(state) == pytest.approx(expected)


def test_a_long_queue_sends_people_elsewhere_from_the_next_quarter_on() -> None:
    world = small_world(1, 1, 2, 100_000, {"nation": 1}, capacity_share_of_need=0.01)
    crowd = [ill(0, identity=row + 1, luck_owner=row + 1) for row in range(400)]
    later = [
        ill(day_in(month), identity=1000 + 200 * month + row, luck_owner=1000 + 200 * month + row)
        for month in (2, 3)
        for row in range(200)
    ]
    model = model_by_hand(world, [*crowd, *later], {"referral.wait_weight_per_month": 2.0})
    while model.state.month < 4:
        model.step()
        if model.state.month == 1:
            model.state.cells["queued"] = [50, 0]
    cell = model.state.roster.patients["cell"]
    assert 60 < cell[400:600].sum() < 140  # the tables of the first quarter know of no queue
    assert cell[600:].mean() == 1.0


def test_whoever_chooses_sees_the_centres_as_they_were_when_waits_were_last_published() -> None:
    world = wide_world()
    model = model_of(world, spec_of(world, held_by("nation")))
    for month in range(8):
        if month % 3 == 0:
            seen = np.empty_like(model.state.reach.choice)
        for phase in PHASES:
            if phase.name == "referral" and month % 3 == 0:
                look_at_centres(model.state, model.situation.parameters.referral, seen)
            model.act(phase)
        model.state.month += 1
        looked = model.situation.looks.looked[:, world.offers.service]
        assert looked.any()
        assert (model.state.reach.choice[looked] == seen[looked]).all()


def test_with_no_weight_on_waits_the_table_never_changes() -> None:
    world = small_world(n_services=1)
    model = model_of(world, spec_of(world, held_by("nation"), WAIT_WEIGHT))
    before = model.state.reach.choice.copy()
    model.state.cells["queued"] = 100
    while model.running:
        model.step()
    assert (model.state.reach.choice == before).all()


def test_emergencies_are_never_lost_to_distance() -> None:
    state = finished_state(wide_world(kinds=(EMERGENCY,)), not_referred_share=0.5, non_referral_log_odds_per_hour=3.0)
    assert not np.isin(state.roster.patients["lost"], [NOT_REFERRED, TOO_FAR]).any()


def test_where_no_centre_offers_the_service_nobody_is_referred() -> None:
    world = one_centre()
    offers = replace(
        world.offers,
        service=world.offers.service[:0],
        provider=world.offers.provider[:0],
        capacity=world.offers.capacity[:0],
        first=np.array([0, 0], dtype=np.int32),
    )
    model = run_by_hand(replace(world, offers=offers), [ill(0)])
    assert states(model) == ["not referred"]


def test_of_centres_equally_far_the_larger_comes_first() -> None:
    world = small_world(1, 1, 3, 100_000, {"nation": 1})
    world = replace(world, offers=replace(world.offers, capacity=np.array([2.0, 5.0, 3.0])))
    assert model_of(world, spec_of(world, held_by("nation"))).state.reach.nearest.tolist() == [[1, 2, 0]]


def test_the_nearest_centres_come_first_in_their_list() -> None:
    world = wide_world()
    model = model_of(world, spec_of(world, held_by("nation"), PLAIN | {"referral.travel_enabled": True}))
    reach = model.state.reach
    in_order = np.take_along_axis(reach.hours, reach.nearest.astype(np.int64), axis=1)
    assert (np.diff(in_order, axis=1) >= 0).all()
    assert (np.sort(reach.nearest, axis=1) == np.arange(4)).all()
