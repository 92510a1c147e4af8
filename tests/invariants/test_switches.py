"""Behind its off-switch a mechanism has no say; what lies outside every switch is listed here by name."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.governance.administration import AdministrationParameters
from sim.governance.co_commissioning import CoCommissioningParameters
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell
from sim.model.result import REASONS, RunResult
from sim.specification.idle import BEHIND, HANDOVER
from sim.specification.parameters import ParameterSet
from sim.specification.switches import Declared, all_mechanisms_off, declared, mechanisms
from tests.builders import (
    ALL_ON,
    SHORT_OF_MONEY,
    differing,
    held_by,
    lively_world,
    result_of,
    spec_of,
    with_parameters,
    without_offer,
)

ALPHA = 1e-4
SWITCHES = tuple(switch.key for switch in mechanisms(ParameterSet()))
BUILT_INTO_THE_WORLD = ("travel.", "capacity.")
"""Groups that shape the world before a run is given it."""
NOT_OF_LIVES = {"budget.general_gbp_per_qaly", "expertise.weak_evidence_share", "expertise.no_evidence_share"}
"""What only values what has happened, or is about services with other evidence than those of this world."""


STRONG: dict[str, Any] = {
    "appraisal.national_error_log": 2.0,
    "policy.mean_margin_log": 1.5,
    "appraisal.decision_months": 10.0,
    "appraisal.staff_exponent": 0.3,
    "appraisal.rarest_discretion_log": 1.0,
    "diffusion.innovation_per_year": 0.3,
    "diffusion.imitation_per_year": 3.0,
    "budget.tolerated_share_of_plan": 0.02,
    "network.opening_share_per_year": 0.5,
    "network.minimum_volume_share": 0.72,
    "experiments.effect_log_odds": 1.0,
    "experiments.imitation_share_per_year": 0.4,
    "experiments.trial_share_per_year": 0.9,
    "local_fit.need_sd": 1.0,
    "local_fit.loss_log_odds": 1.0,
    "administration.allowance_share_of_plan": 0.01,
    "administration.body_gbp": 6_000.0,
    "administration.contract_gbp": 2_000.0,
    "administration.contract_minimum_patients": 200.0,
    "handover.body_gbp": 6_000.0,
    "handover.staff_lost_share": 0.9,
    "handover.staff_posts": 6.0,
    "common_pool.gatekeeper_people": 80_000.0,
    "referral.not_referred_share": 0.3,
    "co_commissioning.coordination_gbp": 1_000.0,
    "incentives.log_odds_per_100_000_gbp": 1.75,
}
"""Values under which every mechanism shows in a small world."""


ARRIVING: dict[str, Any] = {"available_from_month": 1_372, "gbp_per_qaly": (1e5, 3e4, float("nan"), float("nan"))}
"""Everything arrives in the second year, half of it with a known cost per QALY."""
SHARED = replace(
    held_by("region", ring_fence=False, staff_transferred_share=0.6, price_rule="local"),
    matrix=dict.fromkeys(GROUPS, dict.fromkeys(FUNCTIONS, Cell("region", partner="district", lead="none"))),
)
"""Regions that share every function with their districts, and nobody clearly leads."""


def numbers() -> tuple[Declared, ...]:
    """Return every declared number that a run reads."""
    found = (one for one in declared(ParameterSet()) if one.facts.low is not None)
    return tuple(one for one in found if not one.key.startswith(BUILT_INTO_THE_WORLD))


def moved(one: Declared) -> Any:
    """Return the end of a parameter's range that is further from its value."""
    low, high, value = (float(number) for number in (one.facts.low, one.facts.high, one.value))
    end = high if high - value > value - low else low
    return int(end) if isinstance(one.value, int) else end


def run_with(changes: Mapping[str, Any], off: Iterable[str] = ()) -> RunResult:
    """Run six payers, then shared ones, short of money, slots and neighbours, some parameters and switches changed."""
    scarce = {"need_ratio": 1.4, "capacity_share_of_need": 0.6, "place_area_km2": 2_500.0}
    world = lively_world(n_services=4, people_per_place=100_000, **scarce, **ARRIVING)
    world = without_offer(world, provider=2, service=0)
    changes = {**ALL_ON, **STRONG, **SHORT_OF_MONEY, **changes, **dict.fromkeys(off, False)}
    timeline = (("2013-04", held_by("district", ring_fence=False, price_rule="local")), ("2014-04", SHARED))
    return result_of(world, spec_of(world, timeline, changes, years=2, twin_sets=2))


def influential(off: tuple[str, ...], part: str = "lives_checksum", of: set[str] | None = None) -> set[str]:
    """Name the parameters, among all or some, that change a part of the result while some mechanisms are off."""
    base = run_with({}, off)
    tried = [one for one in numbers() if of is None or one.key in of]
    return {one.key for one in tried if part in differing(base, run_with({one.key: moved(one)}, off))}


WITHOUT_A_SWITCH = {
    "population.severe_share",
    "population.severe_hazard_ratio",
    "population.unobserved_need_scale",
    "referral.not_referred_share",
}
OF_POLICY = {
    "policy.topics_per_service",
    "policy.mean_margin_log",
    "policy.years_between_reviews",
    "appraisal.national_error_log",
    "appraisal.ordinary_gbp_per_qaly",
    "appraisal.rarest_gbp_per_qaly",
    "appraisal.ordinary_discretion_log",
    "appraisal.rarest_discretion_log",
}
"""Of the one error that mechanisms 3 and 4 share: without effect when both are off."""
OF_PRICES = {"prices.ceiling_ratio", "prices.bargaining_half_share", "prices.history_sd_log"}
CAP, CAPACITY, TRAVEL = "budget.cap_enabled", "waiting.capacity_enabled", "referral.travel_enabled"
OF_PLANS = {
    f"handover.{name}"
    for name in (
        "baseline_error_mean_share",
        "baseline_error_sd_share",
        "correction_years",
        "body_gbp",
        "redundancy_gbp",
        "staff_posts",
    )
}
"""Of a change of holder: what acts through the plans of payers."""
OWN: dict[str, set[str]] = {
    "pooling.enabled": {"co_commissioning.over_approval_of_plan"},
    CAP: {
        "budget.plan_share_of_expected",
        "budget.crossing_share_of_plan",
        "budget.tolerated_share_of_plan",
        "portfolio.specialised_spend_gbp_m",
        "portfolio.delegable_share",
        "portfolio.mean_case_gbp",
        "portfolio.absorbed_share",
        "portfolio.case_cost_cv",
        *OF_PLANS,
        "priority.volume_exponent",
        "priority.days_per_log_weight",
        "common_pool.marginal_share",
        "common_pool.gatekeeper_people",
        *(
            f"administration.{name}"
            for name in AdministrationParameters.model_fields
            if name not in ("enabled", "same_money")
        ),
        "co_commissioning.coordination_gbp",
        "co_commissioning.over_approval_of_plan",
    },
    "policy.divergence_enabled": {
        "policy.shared_evidence_share",
        "appraisal.staff_exponent",
        "co_commissioning.partner_staff_share",
        "co_commissioning.coordination_months",
        "diffusion.imitation_per_year",
    },
    "appraisal.enabled": {
        "appraisal.decision_months",
        "appraisal.decision_time_sd_log",
        "appraisal.staff_exponent",
        "co_commissioning.partner_staff_share",
    },
    "diffusion.enabled": {"diffusion.innovation_per_year", "diffusion.imitation_per_year"},
    "panels.enabled": {
        "panels.request_share",
        "panels.approval_share",
        "panels.panel_concentration",
        "panels.decision_months",
        "administration.request_gbp",
    },
    "co_commissioning.enabled": {
        f"co_commissioning.{name}" for name in CoCommissioningParameters.model_fields if name != "enabled"
    },
    "network.planning_enabled": {"network.opening_share_per_year", "network.minimum_volume_share"},
    TRAVEL: {"referral.travel_weight_per_hour", "referral.non_referral_log_odds_per_hour"},
    "expertise.outcome_enabled": {
        "expertise.volume_exponent",
        "expertise.kept_share_per_year",
    },
    "expertise.learning_enabled": {"expertise.kept_share_per_year"},
    "administration.enabled": {
        "administration.allowance_share_of_plan",
        "administration.body_gbp",
        "administration.contract_gbp",
        "administration.contract_minimum_patients",
        "administration.request_gbp",
        "co_commissioning.coordination_gbp",
    },
    "prices.enabled": OF_PRICES,
    "referral.in_footprint_enabled": {"referral.in_footprint_log_odds"},
    "handover.enabled": OF_PLANS | {"handover.staff_lost_share", "handover.staff_recovery_years"},
    "experiments.enabled": {
        "experiments.effect_log_odds",
        "experiments.imitation_share_per_year",
        "experiments.trial_share_per_year",
    },
    "local_fit.enabled": {"local_fit.need_sd", "local_fit.loss_log_odds", "local_fit.range_km"},
    "incentives.enabled": {
        "incentives.log_odds_per_100_000_gbp",
        "incentives.living_donor_share",
        "incentives.saving_years",
    },
    "diagnosis.enabled": {
        "diagnosis.recognition_share_per_contact",
        "diagnosis.expertise_exponent",
        "diagnosis.reach_hours",
    },
    "priority.enabled": {"priority.volume_exponent", "priority.days_per_log_weight"},
    "common_pool.enabled": {"common_pool.marginal_share", "common_pool.gatekeeper_people"},
    "deprivation.enabled": {"deprivation.non_referral_log_odds"},
    CAPACITY: {"waiting.capacity_scale", "referral.wait_weight_per_month"},
}
"""What has no say while a switch is off, by switch: its own parameters, and what acts only through it."""


@cache
def everything() -> set[str]:
    """Name all parameters that touch lives while every mechanism is on."""
    return influential(())


def test_the_switches_are_those_of_the_mechanisms_that_are_built() -> None:
    found = [switch.facts.mechanism for switch in mechanisms(ParameterSet())]
    assert found == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 13, 14, 15, 16, 17, 18, 19, 20, 21, None]
    assert set(SWITCHES) == set(OWN)


def test_every_number_touches_lives_while_its_mechanism_is_on() -> None:
    without_lives = {one.key for one in numbers() if one.key.startswith("economics.")}
    expected = {one.key for one in numbers()} - without_lives - NOT_OF_LIVES
    assert everything() == expected


@pytest.mark.parametrize("switch", SWITCHES)
def test_behind_its_switch_a_mechanism_has_no_say(switch: str) -> None:
    assert OWN[switch] <= everything()
    assert not influential((switch,), of=OWN[switch])


@pytest.mark.parametrize("switch", SWITCHES)
def test_what_is_told_to_be_idle_behind_a_switch_changes_no_part_of_a_result(switch: str) -> None:
    base, told = run_with({}, (switch,)), set(BEHIND[switch])
    moving = {one.key: run_with({one.key: moved(one)}, (switch,)) for one in numbers() if one.key in told}

    assert set(moving) == told <= OWN[switch]
    assert {key for key, result in moving.items() if differing(base, result)} == set()


def test_where_nothing_changes_hands_no_number_of_a_handover_changes_any_part_of_a_result() -> None:
    world = lively_world(capacity_share_of_need=0.6)

    def of(changes: dict[str, Any]) -> RunResult:
        return result_of(world, spec_of(world, held_by("region"), {**SHORT_OF_MONEY, **changes}, twin_sets=2))

    base, told = of({}), set(BEHIND[HANDOVER])
    moving = {one.key: of({one.key: moved(one)}) for one in numbers() if one.key in told}
    moving[HANDOVER] = of({HANDOVER: False})

    assert set(moving) == {HANDOVER, *told}
    assert {key for key, result in moving.items() if differing(base, result)} == set()


def test_with_policy_and_appraisal_off_their_error_is_gone_and_nobody_need_ask_a_panel() -> None:
    off = ("policy.divergence_enabled", "appraisal.enabled")
    gone = OF_POLICY | OWN[off[0]] | OWN[off[1]] | OWN["diffusion.enabled"]
    assert not influential(off, of=gone)


def test_with_everything_off_only_these_parameters_touch_lives() -> None:
    assert influential(SWITCHES) == WITHOUT_A_SWITCH | {"funding.months_between_applications"}


def test_with_everything_off_the_money_that_is_paid_does_not_depend_on_any_plan() -> None:
    assert influential(SWITCHES, "treatment_pence") <= WITHOUT_A_SWITCH | {"funding.months_between_applications"}


@pytest.mark.parametrize("switch", SWITCHES)
def test_each_switch_changes_lives(switch: str) -> None:
    assert run_with({}).lives_checksum != run_with({}, [switch]).lives_checksum


def test_without_pooling_it_does_not_matter_at_which_level_money_is_held() -> None:
    world = lively_world(capacity_share_of_need=0.6)
    one, two = (
        result_of(world, spec_of(world, held_by(level), {**SHORT_OF_MONEY, "pooling.enabled": False}, twin_sets=2))
        for level in ("nation", "district")
    )
    assert differing(one, two) == []


EVERY_LEVER: dict[str, Any] = {
    "allocation": "historic",
    "year_end": "bail_out",
    "ring_fence": False,
    "price_rule": "local",
    "risk_share": 0.5,
    "budget_lines": "by_group",
    "pace_of_change_share_per_year": 0.2,
}


def test_with_every_mechanism_off_no_regime_and_no_lever_matters() -> None:
    world = lively_world()
    regimes = (held_by("nation"), held_by("district", **EVERY_LEVER))
    parameters = all_mechanisms_off(with_parameters(SHORT_OF_MONEY))
    one, two = (
        result_of(world, replace(spec_of(world, regime, twin_sets=2), parameters=parameters)) for regime in regimes
    )
    money = ("plan_pence", "balance_pence", "crossed_pence", "displaced_qalys")
    assert differing(one, two, ("regime_id", *money)) == []


# --- the benchmark of equal access -------------------------------------------------------------------


def benchmark(**changes: Any) -> RunResult:
    """Run the benchmark in a large world of three kinds of service, with a tenth of people not referred."""
    options = {"stock_waiting": 0.0, "stock_treated": 0.0, "capacity_share_of_need": 0.1}
    world = lively_world(people_per_place=1_000_000, place_area_km2=2_500.0, **options)
    spec = spec_of(world, held_by("district"), {"referral.not_referred_share": 0.1, **changes}, twin_sets=20)
    return result_of(world, replace(spec, parameters=all_mechanisms_off(spec.parameters)))


def chance_alone(reached: np.ndarray, people: np.ndarray) -> bool:
    """Test the shares of places for being one share."""
    table = np.stack([reached, people - reached])
    return bool(stats.chi2_contingency(table).pvalue > ALPHA)


def test_the_benchmark_treats_everyone_who_is_referred_at_once() -> None:
    result = benchmark()
    started, died, _, waiting = result.time_to_treatment.sum(axis=0)
    assert started[0] > 500
    assert started[1:].sum() == died.sum() == waiting.sum() == 0
    reasons = result.reasons[0].sum(axis=(0, 1))
    seen = {name for name, people in zip(REASONS, reasons, strict=True) if people}
    assert seen == {"treated_in_time", "not_referred", "died"}  # whoever is not referred may die in the window
    assert (result.deaths_waiting == 0).all()
    assert (result.waiting_at_end == 0).all()
    assert (result.travel_minutes == 0).all()


def test_under_the_benchmark_places_differ_by_chance_alone() -> None:
    result = benchmark()
    reached, people = (table[0].sum(axis=(1, 2, 3)) for table in (result.reached, result.people))
    assert people.min() > 100
    assert chance_alone(reached, people)


def test_without_the_benchmark_the_same_places_differ_by_more() -> None:
    world = lively_world(people_per_place=1_000_000, place_area_km2=2_500.0, capacity_share_of_need=0.5)
    result = result_of(world, spec_of(world, held_by("district"), {"portfolio.specialised_spend_gbp_m": 80.0}))
    reached, people = (table[0].sum(axis=(1, 2, 3)) for table in (result.reached, result.people))
    assert not chance_alone(reached, people)


def test_under_the_benchmark_twins_never_differ() -> None:
    result = benchmark()
    followed = result.twin_reached
    assert (followed >= 0).all()
    assert (followed.max(axis=2) == followed.min(axis=2)).all()
    assert 0 < followed.mean() < 1
    assert set(np.unique(result.twin_wait_days)) == {-1, 0}
