"""What of the reference vectors is not compared, and why; what their marks mean."""

NOT_COMPARED = {
    "byar_rate_ci_epitools_variant": "another formula under Byar's name, kept to show the clash",
    "indirect_standardised_rate_esda": "multiplied by a reference rate pooled over areas that the case does not hold, "
    "with log-normal limits, a convention that the project does not follow",
}
"""Whole metrics without an adapter: metric -> reason."""

OTHER_SCALE = "the package's limits for ratios of counts use another standard error than its own scores"
OTHER_ESTIMATOR = "another estimator of the same model; the project's uses quadrature"

FIELDS_NOT_COMPARED: dict[str, dict[str, str]] = {
    "crude_rate_ci": {"method": "a label of the limits' formula, not a number"},
    "funnel_overdispersion_RC": {"limits": OTHER_SCALE, "limits_overdispersed": OTHER_SCALE},
    "random_intercept_logistic": {"laplace": OTHER_ESTIMATOR, "glmmTMB": OTHER_ESTIMATOR},
}
"""Fields of expected answers that an adapter leaves out: metric -> field -> reason."""

AXES = ("at", "d", "population", "t", "events")
"""Fields of expected answers that are not answers but the points at which to evaluate."""

SIMULATED = "simulated_ci"
"""Fields of this name come from a Monte Carlo and are compared at the case's ``ci_relative_tolerance``."""

MISSING_MEANS_ZERO = {
    "enhanced_two_step_floating_catchment",
    "gravity_access",
    "gravity_with_competition",
    "three_step_floating_catchment",
    "two_step_floating_catchment",
}
"""Metrics whose reference has no row for an area that reaches nobody, which the project gives as 0."""
