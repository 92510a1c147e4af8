"""Pure functions on counts: access, variation, inequality, time, cost; usable without the model.

Each public name below can be imported from here; its module is read only then, so that nothing heavy is
imported before it is needed. docs/measures.md says which measure to use when.
"""

from importlib import import_module

_NAMES = {
    "area_variation": "area_dispersion area_tau",
    "chance": "Floor floor_of redraw_events",
    "concentration": (
        "Concentration concentration_index concentration_standard_error erreygers_index "
        "extended_concentration_index wagstaff_index"
    ),
    "cost_effectiveness": "Incremental incremental_ratios net_health_benefit net_monetary_benefit",
    "decision_uncertainty": "Uncertainty uncertainty_of_choice",
    "decomposition": (
        "Decomposition NestedDecomposition decompose_theil_l decompose_theil_l_nested decompose_theil_t "
        "decompose_theil_t_nested"
    ),
    "distributional": "Welfare atkinson_equivalent gini_equivalent kolm_equivalent welfare_change",
    "funnel": "arcsine_limit exact_limit normal_limit quantile_limit",
    "funnel_poisson": (
        "RatioLimits label_proportions label_ratios pooled_rate ratio_limits_at_expected ratio_limits_at_observed"
    ),
    "gradient": "Ends SlopeIndex midpoint_ranks multiplied_ends simulated_ends slope_ends slope_index",
    "inequality": (
        "atkinson equally_distributed_equivalent generalised_entropy_2 gini gini_of_sample hoover kolm theil_l theil_t"
    ),
    "intervals": "Interval mean_interval paired_interval verdict",
    "odds": (
        "intraclass_correlation median_odds_ratio_from_variance median_odds_ratio_limits "
        "variance_from_median_odds_ratio"
    ),
    "overdispersion": (
        "additive_variance arcsine_scores count_ratio_scores dispersion log_ratio_limit log_ratio_scores "
        "multiplicative_factor root_ratio_limit root_ratio_scores truncate winsorise winsorised_dispersion"
    ),
    "power": "Yearly years_to_see",
    "proportions": "agresti_coull_interval clopper_pearson_interval jeffreys_interval wilson_interval",
    "queueing": "FiniteQueue Queue erlang_b erlang_c",
    "random_intercept": "RandomIntercept fit_random_intercept",
    "rates": "Rate byar_limits count_limits crude_rate poisson_limits",
    "shrinkage": (
        "ShrunkRates ShrunkRatios binomial_shrinkage gamma_likelihood_shrinkage gamma_moments_shrinkage "
        "marshall_shrinkage posterior_median"
    ),
    "spatial_access": (
        "floating_catchment gaussian_weights gravity_access inside_catchment power_weights step_weights "
        "three_step_floating_catchment two_step_floating_catchment"
    ),
    "standardisation": (
        "StandardisedRate StandardisedRatio direct_standardised_rate indirect_standardised_ratio reference_rate"
    ),
    "strata": "log_odds national_probability",
    "survival": (
        "CompetingIncidences Curve RestrictedMean SurvivalLimits Tally competing_incidences "
        "cumulative_incidence kaplan_meier log_limits log_log_limits quantile_time restricted_mean tally"
    ),
    "variation": (
        "Homogeneity coefficient_of_variation extremal_quotient homogeneity_of_counts "
        "homogeneity_of_proportions systematic_component_of_variation systematic_component_of_variation_log "
        "variance_to_mean"
    ),
}
_HOME = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = [
    "CompetingIncidences",
    "Concentration",
    "Curve",
    "Decomposition",
    "Ends",
    "FiniteQueue",
    "Floor",
    "Homogeneity",
    "Incremental",
    "Interval",
    "NestedDecomposition",
    "Queue",
    "RandomIntercept",
    "Rate",
    "RatioLimits",
    "RestrictedMean",
    "ShrunkRates",
    "ShrunkRatios",
    "SlopeIndex",
    "StandardisedRate",
    "StandardisedRatio",
    "SurvivalLimits",
    "Tally",
    "Uncertainty",
    "Welfare",
    "Yearly",
    "additive_variance",
    "agresti_coull_interval",
    "arcsine_limit",
    "arcsine_scores",
    "area_dispersion",
    "area_tau",
    "atkinson",
    "atkinson_equivalent",
    "binomial_shrinkage",
    "byar_limits",
    "clopper_pearson_interval",
    "coefficient_of_variation",
    "competing_incidences",
    "concentration_index",
    "concentration_standard_error",
    "count_limits",
    "count_ratio_scores",
    "crude_rate",
    "cumulative_incidence",
    "decompose_theil_l",
    "decompose_theil_l_nested",
    "decompose_theil_t",
    "decompose_theil_t_nested",
    "direct_standardised_rate",
    "dispersion",
    "equally_distributed_equivalent",
    "erlang_b",
    "erlang_c",
    "erreygers_index",
    "exact_limit",
    "extended_concentration_index",
    "extremal_quotient",
    "fit_random_intercept",
    "floating_catchment",
    "floor_of",
    "gamma_likelihood_shrinkage",
    "gamma_moments_shrinkage",
    "gaussian_weights",
    "generalised_entropy_2",
    "gini",
    "gini_equivalent",
    "gini_of_sample",
    "gravity_access",
    "homogeneity_of_counts",
    "homogeneity_of_proportions",
    "hoover",
    "incremental_ratios",
    "indirect_standardised_ratio",
    "inside_catchment",
    "intraclass_correlation",
    "jeffreys_interval",
    "kaplan_meier",
    "kolm",
    "kolm_equivalent",
    "label_proportions",
    "label_ratios",
    "log_limits",
    "log_log_limits",
    "log_odds",
    "log_ratio_limit",
    "log_ratio_scores",
    "marshall_shrinkage",
    "mean_interval",
    "median_odds_ratio_from_variance",
    "median_odds_ratio_limits",
    "midpoint_ranks",
    "multiplicative_factor",
    "multiplied_ends",
    "national_probability",
    "net_health_benefit",
    "net_monetary_benefit",
    "normal_limit",
    "paired_interval",
    "poisson_limits",
    "pooled_rate",
    "posterior_median",
    "power_weights",
    "quantile_limit",
    "quantile_time",
    "ratio_limits_at_expected",
    "ratio_limits_at_observed",
    "redraw_events",
    "reference_rate",
    "restricted_mean",
    "root_ratio_limit",
    "root_ratio_scores",
    "simulated_ends",
    "slope_ends",
    "slope_index",
    "step_weights",
    "systematic_component_of_variation",
    "systematic_component_of_variation_log",
    "tally",
    "theil_l",
    "theil_t",
    "three_step_floating_catchment",
    "truncate",
    "two_step_floating_catchment",
    "uncertainty_of_choice",
    "variance_from_median_odds_ratio",
    "variance_to_mean",
    "verdict",
    "wagstaff_index",
    "welfare_change",
    "wilson_interval",
    "winsorise",
    "winsorised_dispersion",
    "years_to_see",
]


def __getattr__(name: str) -> object:
    """Return a public name from the module that it lives in; raise AttributeError when there is none."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
