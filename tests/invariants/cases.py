"""Worlds and specifications in which anything may happen, for hypothesis."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from sim.governance.levers import Levers
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime
from sim.specification.run import RunSpec
from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from sim.world.world import World
from tests.builders import COMPLICATIONS, small_world, spec_of

Case = tuple[World, RunSpec]

ARRIVAL = (2014 - 1900) * 12 + 7  # a technology of November 2014, in the second year of a run

WORLDS = st.fixed_dictionaries(
    {
        "n_places": st.integers(6, 8),
        "n_services": st.integers(1, 4),
        "n_providers": st.integers(1, 4),
        "need_per_head_per_year": st.sampled_from([5e-5, 2e-4]),
        "need_ratio": st.sampled_from([0.4, 1.0]),
        "kinds": st.permutations([ONE_OFF, ONGOING, EMERGENCY]).map(tuple),
        "cost_gbp": st.sampled_from([0.0, 999.99, 10_000.0, 250_000.0]),
        "capacity_share_of_need": st.sampled_from([0.3, 0.8, 1.2]),
        "access_window_days": st.sampled_from([7.0, 126.0]),
        "diagnosis_delay_years": st.sampled_from([0.0, 0.4]),
        "duration_on_treatment_years": st.sampled_from([0.5, 5.0]),
        "untreated_annual_hazard": st.sampled_from([0.0, 1.5]),
        "treated_annual_hazard": st.sampled_from([0.0, 0.2]),
        "background_annual_hazard": st.sampled_from([0.0, 0.05]),
        "stop_rate_per_year": st.sampled_from([0.0, 0.7]),
        "need_unobserved_sd_log": st.sampled_from([0.0, 0.6]),
        "available_from_month": st.sampled_from([-1, ARRIVAL]),
        "gbp_per_qaly": st.sampled_from([(float("nan"),), (40_000.0, float("nan"), 900_000.0)]),
        "stock_waiting": st.sampled_from([0.0, 25.0]),
        "stock_treated": st.sampled_from([0.0, 40.0, 150.0]),
        "linked": st.booleans(),
    }
)

LEVEL = st.sampled_from(["nation", "region", "district"])
ALONE = st.builds(Cell, LEVEL, st.none() | LEVEL)
LEAD = st.sampled_from(["holder", "partner", "none"])
SHARED = st.builds(Cell, LEVEL, st.none() | LEVEL, LEVEL, LEAD)
REGIONS = st.sets(st.integers(0, 2)).map(lambda found: tuple(f"region_{unit:05d}" for unit in sorted(found)))
SOMEWHERE = st.builds(
    lambda cell, units, other: replace(cell, where=(("region", units),), elsewhere=other),
    ALONE | SHARED,
    REGIONS,
    ALONE | SHARED,
)
CELLS = ALONE | ALONE | SHARED | SOMEWHERE
ROWS = st.fixed_dictionaries(dict.fromkeys(FUNCTIONS, CELLS))
REGIMES = st.builds(
    Regime,
    id=st.sampled_from(["this", "that"]),
    matrix=st.fixed_dictionaries(dict.fromkeys(GROUPS, ROWS)),
    levers=st.builds(
        Levers,
        specification_binding_share=st.sampled_from([0.0, 0.6, 1.0]),
        allocation=st.sampled_from(["weighted_capitation", "capitation", "historic"]),
        year_end=st.sampled_from(["carry", "bail_out", "freeze"]),
        co_commissioning_share=st.sampled_from([0.0, 0.3, 1.0]),
        price_rule=st.sampled_from(["national_tariff", "local"]),
        ring_fence=st.booleans(),
        budget_lines=st.sampled_from(["one", "highly_specialised_apart", "by_group"]),
        risk_share=st.sampled_from([0.0, 0.0, 0.5, 1.0]),
        pace_of_change_share_per_year=st.sampled_from([1.0, 0.3]),
        resource_shift_share=st.sampled_from([1.0, 0.7, 0.0]),
        staff_transferred_share=st.sampled_from([1.0, 0.5]),
    ),
)

PARAMETERS = st.fixed_dictionaries(
    {
        "budget.plan_share_of_expected": st.sampled_from([0.0, 0.6, 0.9, 1.1]),
        "budget.tolerated_share_of_plan": st.sampled_from([0.0, 0.03]),
        "budget.crossing_share_of_plan": st.sampled_from([0.0, 0.05]),
        "portfolio.specialised_spend_gbp_m": st.sampled_from([0.0, 3.0, 30.0]),
        "portfolio.absorbed_share": st.sampled_from([0.0, 0.65]),
        "funding.months_between_applications": st.sampled_from([1, 6]),
        "referral.not_referred_share": st.sampled_from([0.0, 0.1]),
        "waiting.capacity_scale": st.sampled_from([0.0, 0.7, 1.0]),
        "budget.cap_enabled": st.sampled_from([True, True, False]),
        "waiting.capacity_enabled": st.sampled_from([True, True, False]),
        "referral.travel_enabled": st.booleans(),
        "pooling.enabled": st.booleans(),
        "administration.allowance_share_of_plan": st.sampled_from([0.0, 0.3]),
        "administration.body_gbp": st.sampled_from([0.0, 20_000.0]),
        "appraisal.national_error_log": st.sampled_from([0.0, 0.5]),
        "appraisal.decision_months": st.sampled_from([0.0, 20.0]),
        "priority.volume_exponent": st.sampled_from([0.0, 0.5]),
        "priority.days_per_log_weight": st.sampled_from([30.0, 400.0]),
        "common_pool.marginal_share": st.sampled_from([0.0, 0.1, 0.5]),
        "common_pool.gatekeeper_people": st.sampled_from([1.0, 60_000.0]),
        "appraisal.rarest_discretion_log": st.sampled_from([0.0, 4.1]),
        "diffusion.innovation_per_year": st.sampled_from([0.0, 0.02, 2.0]),
        "diffusion.imitation_per_year": st.sampled_from([0.0, 0.4, 20.0]),
        "experiments.effect_log_odds": st.sampled_from([0.0, 2.0]),
        "experiments.imitation_share_per_year": st.sampled_from([0.0, 0.5, 1.0]),
        "experiments.trial_share_per_year": st.sampled_from([0.0, 0.5]),
        "local_fit.need_sd": st.sampled_from([0.0, 1.5]),
        "panels.decision_months": st.integers(0, 2),
        "handover.baseline_error_mean_share": st.sampled_from([-0.048, 0.1]),
        "handover.baseline_error_sd_share": st.sampled_from([0.0, 0.3]),
        "handover.body_gbp": st.sampled_from([0.0, 5_000.0]),
        "handover.staff_posts": st.sampled_from([0.0, 3.0]),
        "co_commissioning.coordination_gbp": st.sampled_from([0.0, 20_000.0]),
        "co_commissioning.dispute_share": st.sampled_from([0.0, 0.5]),
        "co_commissioning.over_approval_share": st.sampled_from([0.0, 0.5]),
        "incentives.log_odds_per_100_000_gbp": st.sampled_from([0.2, 5.0]),
        "prices.ceiling_ratio": st.sampled_from([1.0, 1.8]),
        "prices.history_sd_log": st.sampled_from([0.0, 0.4]),
        **dict.fromkeys(COMPLICATIONS, st.booleans()),
    }
)


@st.composite
def cases(draw: st.DrawFn, regimes: st.SearchStrategy[Regime] = REGIMES, **fixed: Any) -> Case:
    """Draw a world and a run of two or three years on it, at times with one reorganisation or two."""
    world = small_world(**draw(WORLDS))
    timeline = (("2013-04", draw(regimes)),)
    if draw(st.booleans()):
        timeline = (*timeline, ("2014-04", draw(regimes)))
        if draw(st.booleans()):
            timeline = (*timeline, ("2015-04", draw(regimes)))
    weights = tuple((service, draw(st.integers(1, 3))) for service in world.services.ids)
    given = {
        "seed": draw(st.integers(0, 5)),
        "years": draw(st.integers(1, 2)),
        "twin_sets": draw(st.integers(0, 2)),
        "weights": weights,
    }
    return world, spec_of(world, timeline, draw(PARAMETERS), **{**given, **fixed})
