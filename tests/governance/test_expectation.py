"""What treating everyone referred is expected to cost, where it can be worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from sim.world.months import parse_month
from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from tests.builders import START
from tests.governance.projected import PENCE, expected, one_service, pounds

LIMITED = {"waiting.capacity_enabled": True}
MONTH = 1 / 12


# --- one-off treatment --------------------------------------------------------------------------------


def test_a_start_costs_its_price_once() -> None:
    assert pounds(one_service(24.0)) == pytest.approx([12_000.0] * 3)


def test_those_who_wait_on_the_first_day_are_paid_for_in_its_year() -> None:
    assert pounds(one_service(24.0, stock_waiting=10.0)) == pytest.approx([17_000.0, 12_000.0, 12_000.0])


def test_those_who_are_not_referred_cost_nothing() -> None:
    changes = {"referral.not_referred_share": 0.25}
    assert pounds(one_service(24.0, stock_waiting=8.0), 1, changes) == pytest.approx([0.75 * 16_000.0])


def test_a_diagnosis_takes_its_time() -> None:
    found = pounds(one_service(24.0, diagnosis_delay_years=2.0), 4)
    undiagnosed = 24.0 * 2.0 * (1.0 - np.exp(-np.arange(5) / 2.0))
    assert found == pytest.approx(500.0 * (24.0 - np.diff(undiagnosed)))


def test_the_severe_die_first_before_they_are_diagnosed() -> None:
    """In the long run 1 / (1 + (h + b)·delay) live to be diagnosed, h by severity, b of anything else."""
    hazards = {"untreated_annual_hazard": 0.6, "background_annual_hazard": 0.1}
    world = one_service(24.0, diagnosis_delay_years=0.5, **hazards)
    severe = {"population.severe_share": 0.5, "population.severe_hazard_ratio": 3.0}
    alive = (1 / (1 + 0.5 * 0.4) + 1 / (1 + 0.5 * 1.0)) / 2
    assert pounds(world, 20, severe)[-1] == pytest.approx(12_000.0 * alive, rel=1e-4)


def test_where_too_few_can_start_capacity_is_what_is_spent() -> None:
    world = one_service(24.0, capacity_share_of_need=0.25, stock_waiting=100.0)
    assert pounds(world, 3, LIMITED) == pytest.approx([3_000.0] * 3)
    assert pounds(world, 3, {**LIMITED, "waiting.capacity_scale": 1.5}) == pytest.approx([4_500.0] * 3)


def test_those_who_die_in_the_queue_are_not_paid_for() -> None:
    """With h the hazard, 12 starts a year and Q on the first day: starts end when all of Q have begun or died."""
    options = {"capacity_share_of_need": 12 / 1e-3, "stock_waiting": 60.0, "untreated_annual_hazard": 0.5}
    world = one_service(1e-3, **options)
    limited = {**LIMITED, "population.severe_share": 0.0, "referral.wait_weight_per_month": 0.0}
    begun = pounds(world, 6, limited).sum() / 500.0
    assert begun == pytest.approx(12 * np.log(1 + 60 * 0.5 / 12) / 0.5, rel=0.03)


# --- ongoing treatment --------------------------------------------------------------------------------


def test_the_stock_on_treatment_follows_from_starts_and_every_way_out() -> None:
    """Stock' = need − (stop + treated + background)·stock, billed at the end of each month."""
    ways_out = {"stop_rate_per_year": 0.2, "treated_annual_hazard": 0.1, "background_annual_hazard": 0.05}
    world = one_service(24.0, kinds=(ONGOING,), stock_treated=100.0, cost_gbp=600.0, **ways_out)
    ends = np.arange(1, 121) * MONTH
    stock = 100 * np.exp(-0.35 * ends) + 24 / 0.35 * (1 - np.exp(-0.35 * ends))
    assert pounds(world, 10) == pytest.approx(stock.reshape(10, 12).mean(axis=1) * 600.0, rel=1e-5)


def test_the_starting_queue_of_ongoing_treatment_is_planned_for() -> None:
    world = one_service(1e-9, kinds=(ONGOING,), stock_waiting=10.0, cost_gbp=600.0)
    assert pounds(world) == pytest.approx([6_000.0] * 3)
    assert expected(world).worked_off == pytest.approx([0.0])


def test_no_more_are_held_on_treatment_than_there_are_places() -> None:
    """The stock finds no room for most; the others wait, and take every place that a leaver frees."""
    world = one_service(240.0, kinds=(ONGOING,), stock_treated=100.0, cost_gbp=600.0, stop_rate_per_year=0.2)
    places = replace(world, offers=replace(world.offers, capacity=np.array([4.0, 3.0, 3.0])))
    full_at_each_start = 6_000.0 * np.exp(-0.2 * MONTH)
    assert pounds(places, 3, LIMITED) == pytest.approx([full_at_each_start] * 3, rel=1e-3)


# --- emergencies --------------------------------------------------------------------------------------


def test_emergencies_are_paid_for_as_far_as_beds_reach() -> None:
    assert pounds(one_service(24.0, kinds=(EMERGENCY,))) == pytest.approx([12_000.0] * 3)
    many = one_service(3_600.0, kinds=(EMERGENCY,), capacity_share_of_need=1.0)
    lost = np.sqrt(300.0 / (2 * np.pi)) * 12 * 500.0  # mean excess of a Poisson count of 300 over its mean
    assert pounds(many, 1, LIMITED) == pytest.approx([1_800_000.0 - lost])


# --- technologies that arrive -------------------------------------------------------------------------


@pytest.mark.parametrize(("every", "months"), [(1, 18), (6, 18), (10, 10), (600, 0)])
def test_those_who_waited_for_policy_come_when_they_next_apply(every: int, months: int) -> None:
    """Two fall ill a month; funding comes after 18 months, and those of so many months apply again by the 24th."""
    world = one_service(24.0, available_from_month=parse_month(START) + 18)
    first_years = pounds(world, 2, {"funding.months_between_applications": every}) / 500.0
    assert first_years == pytest.approx([0.0, 2.0 * (months + 6)])


def test_those_who_die_before_policy_comes_are_not_paid_for() -> None:
    world = one_service(1e-9, stock_waiting=10.0, available_from_month=parse_month(START) + 12)
    dying = replace(world, services=replace(world.services, untreated_annual_hazard=np.array([0.7])))
    alike = {"population.severe_hazard_ratio": 1.0}
    assert pounds(dying, 2, alike)[1] == pytest.approx(5_000.0 * np.exp(-0.7 * (12.5 / 12)), rel=0.01)


# --- what is agreed to before it is paid --------------------------------------------------------------


def test_what_was_promised_before_the_first_day_is_worked_off_in_its_year() -> None:
    free, short = (one_service(24.0, stock_waiting=10.0, capacity_share_of_need=share) for share in (9.0, 0.25))
    assert expected(free).worked_off / PENCE == pytest.approx([10 * 500.0])
    assert expected(short, 3, LIMITED).worked_off / PENCE == pytest.approx([-(24 - 6) * 500.0], rel=0.01)


def test_nothing_was_promised_of_what_is_funded_later() -> None:
    world = one_service(24.0, stock_waiting=10.0, available_from_month=parse_month(START) + 12, kinds=(ONE_OFF,))
    assert expected(world).worked_off == pytest.approx([0.0])
