"""What of the reference vectors is not compared yet, and why."""

_LATER = "not used by any shipped table yet"

NOT_YET_IMPLEMENTED = dict.fromkeys(
    (
        "concentration_index",
        "concentration_index_extended",
        "concentration_index_standard_error",
        "dcea_welfare_decomposition",
        "direct_standardised_rate",
        "empirical_bayes_binomial_moments",
        "empirical_bayes_gamma_maximum_likelihood",
        "empirical_bayes_gamma_moments",
        "empirical_bayes_marshall_global",
        "enhanced_two_step_floating_catchment",
        "equally_distributed_equivalent_extended_gini",
        "equally_distributed_equivalent_health",
        "funnel_limits_proportion_exact_binomial_quantile",
        "funnel_limits_rate_exact_poisson",
        "funnel_limits_ratio_exact_poisson_at_expected",
        "funnel_limits_ratio_exact_poisson_inverse",
        "funnel_overdispersion_RC",
        "funnel_overdispersion_SR_CQC",
        "funnel_overdispersion_SR_SHMI",
        "funnel_significance_proportion",
        "funnel_significance_rate",
        "funnel_significance_ratio",
        "gini_small_sample_corrected",
        "gravity_access",
        "gravity_with_competition",
        "incremental_cost_effectiveness",
        "indirect_standardised_rate",
        "indirect_standardised_ratio",
        "mmck_finite_waiting_room",
        "psa_ceac_evpi",
        "sii_rii_weighted_regression",
        "sii_weighted_least_squares",
        "three_step_floating_catchment",
        "two_step_floating_catchment",
        "variance_to_mean_ratio",
    ),
    _LATER,
) | {
    "byar_rate_ci_epitools_variant": "another formula under Byar's name, kept to show the clash",
    "indirect_standardised_rate_esda": "log-normal limits, a convention that the project does not follow",
}
"""Whole metrics without an adapter: metric -> reason."""

FIELDS_NOT_COMPARED: dict[str, dict[str, str]] = {
    "chi_square_homogeneity_rates": {"likelihood_ratio": _LATER},
    "crude_rate_ci": {"method": "a label of the limits' formula, not a number"},
    "funnel_overdispersion_PR": {"y_transformed": "z and s are compared; y is their product and the target"},
    "kaplan_meier": {
        "log_lower95": "limits are on the log-log scale, which stays inside [0, 1]",
        "log_upper95": "limits are on the log-log scale, which stays inside [0, 1]",
    },
    "mmc_queue": {
        "p_empty": _LATER,
        "probability_time_in_system_at_most": _LATER,
    },
    "mor_icc_from_variance": {
        "mor_lower95": "a delta-method interval of the variance is poor near 0",
        "mor_upper95": "a delta-method interval of the variance is poor near 0",
    },
    "random_intercept_logistic": {
        "laplace": "another estimator of the same model; the project's uses quadrature",
        "glmmTMB": "another estimator of the same model; the project's uses quadrature",
    },
    "restricted_mean_survival_time": {"se": _LATER, "lower95": _LATER, "upper95": _LATER},
}
"""Fields of expected answers that an adapter leaves out: metric -> field -> reason."""

AXES = ("at", "d", "population", "t", "events")
"""Fields of expected answers that are not answers but the points at which to evaluate."""
