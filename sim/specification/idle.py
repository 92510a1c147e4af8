"""Which of what a study varies can change nothing, because its mechanism is off in every run."""

from collections.abc import Iterator, Mapping

from sim.specification.axes import LEVERS
from sim.specification.run import DISTANCE, Study
from sim.specification.switches import mechanisms

BEHIND: Mapping[str, tuple[str, ...]] = {
    "pooling.enabled": ("co_commissioning.over_approval_of_plan",),
    "budget.cap_enabled": (
        "budget.tolerated_share_of_plan",
        "budget.crossing_share_of_plan",
        "co_commissioning.over_approval_of_plan",
        "priority.volume_exponent",
        "priority.days_per_log_weight",
    ),
    "policy.divergence_enabled": (
        "policy.shared_evidence_share",
        "appraisal.staff_exponent",
        "diffusion.imitation_per_year",
        "co_commissioning.partner_staff_share",
        "co_commissioning.coordination_months",
    ),
    "appraisal.enabled": (
        "appraisal.decision_months",
        "appraisal.decision_time_sd_log",
        "appraisal.staff_exponent",
        "co_commissioning.partner_staff_share",
    ),
    "panels.enabled": (
        "panels.request_share",
        "panels.approval_share",
        "panels.panel_concentration",
        "panels.decision_months",
        "administration.request_gbp",
    ),
    "diffusion.enabled": ("diffusion.innovation_per_year", "diffusion.imitation_per_year"),
    "experiments.enabled": (
        "experiments.effect_log_odds",
        "experiments.imitation_share_per_year",
        "experiments.trial_share_per_year",
    ),
    "referral.travel_enabled": ("referral.travel_weight_per_hour", "referral.non_referral_log_odds_per_hour"),
    "expertise.outcome_enabled": ("expertise.volume_exponent", "expertise.kept_share_per_year"),
    "expertise.learning_enabled": ("expertise.kept_share_per_year",),
    "administration.enabled": (
        "co_commissioning.coordination_gbp",
        "administration.allowance_share_of_plan",
        "administration.body_gbp",
        "administration.contract_gbp",
        "administration.contract_minimum_patients",
        "administration.request_gbp",
    ),
    "prices.enabled": ("prices.ceiling_ratio", "prices.bargaining_half_share", "prices.history_sd_log"),
    "network.planning_enabled": ("network.opening_share_per_year", "network.minimum_volume_share"),
    "referral.in_footprint_enabled": ("referral.in_footprint_log_odds",),
    "priority.enabled": ("priority.volume_exponent", "priority.days_per_log_weight"),
    "incentives.enabled": (
        "incentives.log_odds_per_100_000_gbp",
        "incentives.living_donor_share",
        "incentives.saving_years",
    ),
    "common_pool.enabled": ("common_pool.marginal_share", "common_pool.gatekeeper_people"),
    "handover.enabled": (
        "handover.baseline_error_mean_share",
        "handover.baseline_error_sd_share",
        "handover.correction_years",
        "handover.staff_lost_share",
        "handover.staff_recovery_years",
        "handover.body_gbp",
        "handover.redundancy_gbp",
        "handover.staff_posts",
    ),
    "diagnosis.enabled": (
        "diagnosis.recognition_share_per_contact",
        "diagnosis.expertise_exponent",
        "diagnosis.reach_hours",
    ),
    "deprivation.enabled": ("deprivation.non_referral_log_odds",),
    "waiting.capacity_enabled": ("referral.wait_weight_per_month", "waiting.capacity_scale"),
    "local_fit.enabled": ("local_fit.need_sd", "local_fit.loss_log_odds", "local_fit.range_km"),
    "co_commissioning.enabled": (
        "co_commissioning.partner_staff_share",
        "co_commissioning.coordination_gbp",
        "co_commissioning.coordination_months",
        "co_commissioning.dispute_share",
        "co_commissioning.over_approval_share",
        "co_commissioning.over_approval_of_plan",
    ),
}
"""By switch, what changes no part of any result while it is off. What only values or plans is not among them."""
HANDOVER = "handover.enabled"
ONLY_BENCHMARKS = "only benchmarks are compared"


def idle(study: Study) -> Iterator[str]:
    """Yield a sentence for each axis that certainly changes nothing, whatever the values of the others."""
    benchmarks = all(scenario.benchmark for scenario in study.compare)
    off = _off_everywhere(study)
    switches = {switch.key for switch in mechanisms(study.parameters)}
    for axis in study.axes:
        behind = [switch for switch, keys in BEHIND.items() if axis.key in keys and switch in off]
        why = ""
        if benchmarks and axis.group == LEVERS:
            why = f"{ONLY_BENCHMARKS}, in which no lever acts"
        elif benchmarks and axis.key in switches and axis.key in off:
            why = f"{ONLY_BENCHMARKS}, in which every mechanism is off"
        elif behind and benchmarks:
            why = f"{ONLY_BENCHMARKS}, in which {behind[0]} is off"
        elif behind:
            why = f"{behind[0]} is off in every run"
        elif axis.key in BEHIND[HANDOVER] and not _hands_change(study):
            why = "each run has one regime from its first month to its last, so nothing changes hands"
        if why:
            yield f"{axis.key} is varied and changes nothing: {why}"


def _hands_change(study: Study) -> bool:
    """Tell whether another regime follows in any run."""
    return any(len(scenario.within(study.horizon)) > 1 for scenario in study.compare)


def _off_everywhere(study: Study) -> set[str]:
    """Return the switches that are off in every run: at every point, or because a benchmark turns them off."""
    varied = {axis.key: axis.values for axis in study.axes}
    one_by_one = study.design.method == "one_at_a_time"  # at the points of all other axes the study's own value holds
    acting = [scenario for scenario in study.compare if not scenario.benchmark]
    off = set[str]()
    for switch in mechanisms(study.parameters):
        kept = acting or (switch.key == DISTANCE and any(scenario.with_distance for scenario in study.compare))
        values = varied.get(switch.key, (switch.value,))
        if not kept or not any((*values, switch.value) if one_by_one else values):
            off.add(switch.key)
    return off
