"""Variation between areas, shrinkage, median odds ratio and intraclass correlation."""

import math
from typing import Any

import numpy as np

from sim.measures import inequality, odds, shrinkage, variation
from sim.measures.random_intercept import fit_random_intercept
from tests.reference.adapt import Adapter, Inputs, mean


def _scv(i: Inputs, p: Inputs) -> dict[str, Any]:
    in_logs = p["form"].startswith("log")
    form = variation.systematic_component_of_variation
    if in_logs:
        form = variation.systematic_component_of_variation_log
    raw = form(i["observed"], i["expected"]) * p["multiplier"]
    # The reference software reports a negative value as missing.
    return {"scv": raw if raw >= 0 else math.nan, "negative_before_truncation": raw < 0}


def _cv(i: Inputs, p: Inputs) -> dict[str, Any]:
    x, weights, ddof = i["x"], i.get("weights"), p.get("ddof", 1)
    middle = mean(x, weights)
    cv = variation.coefficient_of_variation(x, weights, ddof)
    population = variation.coefficient_of_variation(x, weights)
    return {"cv": cv, "mean": middle, "sd": cv * middle, "cv_population": population}


def _homogeneity(test: variation.Homogeneity) -> dict[str, Any]:
    return {
        "chi_square": test.chi_square,
        "df": test.degrees_of_freedom,
        "p_value": test.p_value,
        "index_of_dispersion": test.dispersion,
        "likelihood_ratio": test.likelihood_ratio,
    }


def _who(i: Inputs, _: Inputs) -> dict[str, Any]:
    x, people = i["estimate"], i["population"]
    return {
        "between_group_variance": 2 * inequality.generalised_entropy_2(x, people) * mean(x, people) ** 2,
        "theil_index_x1000": 1000 * inequality.theil_t(x, people),
        "mean_log_deviation_x1000": 1000 * inequality.theil_l(x, people),
    }


def _shrunk_rates(got: shrinkage.ShrunkRates) -> dict[str, Any]:
    return {
        "raw": got.raw,
        "smoothed": got.shrunk,
        "prior_mean": got.prior_mean,
        "prior_variance": got.prior_variance,
        "s2": got.prior_variance,
    }


def _gamma_moments(i: Inputs, _: Inputs) -> dict[str, Any]:
    got = shrinkage.gamma_moments_shrinkage(i["observed"], i["expected"])
    return {
        "smoothed_ratio": got.shrunk,
        "nu": got.shape,
        "alpha": got.rate,
        "systematic_variance": got.between_area_variance,
    }


def _gamma_likelihood(i: Inputs, _: Inputs) -> dict[str, Any]:
    got = shrinkage.gamma_likelihood_shrinkage(i["observed"], i["expected"])
    median = shrinkage.posterior_median(got, i["observed"], i["expected"])
    return {"smoothed_ratio": got.shrunk, "alpha": got.shape, "mu": got.prior_mean, "posterior_median": median}


def _random_intercept(i: Inputs, _: Inputs) -> dict[str, Any]:
    names, group = np.unique(i["group"], return_inverse=True)
    events, people = np.zeros((2, names.size, 1))
    np.add.at(events[:, 0], group, i["events"])
    np.add.at(people[:, 0], group, i["denominator"])
    fit = fit_random_intercept(events, people, [0.0])
    variance = fit.tau**2
    return {
        "agq25": {
            "variance": variance,
            "intercept": fit.shift,
            "icc": float(odds.intraclass_correlation(variance)),
            "mor": float(odds.median_odds_ratio_from_variance(variance)),
        }
    }


def _median_odds_ratio(i: Inputs, _: Inputs) -> dict[str, Any]:
    low, high = odds.median_odds_ratio_limits(i["variance"], i["variance_se"])
    return {
        "mor": odds.median_odds_ratio_from_variance(i["variance"]),
        "mor_lower95": low,
        "mor_upper95": high,
        "icc": odds.intraclass_correlation(i["variance"]),
    }


ADAPTERS: dict[str, Adapter] = {
    "chi_square_homogeneity_observed_expected": lambda i, _: _homogeneity(
        variation.homogeneity_of_counts(i["observed"], i["expected"])
    ),
    "chi_square_homogeneity_proportions": lambda i, _: _homogeneity(
        variation.homogeneity_of_proportions(i["numerator"], i["denominator"])
    ),
    "chi_square_homogeneity_rates": lambda i, _: _homogeneity(
        variation.homogeneity_of_counts(i["count"], i["population"])
    ),
    "coefficient_of_variation": _cv,
    "coefficient_of_variation_sample": _cv,
    "coefficient_of_variation_weighted": _cv,
    "empirical_bayes_binomial_moments": lambda i, _: _shrunk_rates(
        shrinkage.binomial_shrinkage(i["count"], i["population"])
    ),
    "empirical_bayes_gamma_maximum_likelihood": _gamma_likelihood,
    "empirical_bayes_gamma_moments": _gamma_moments,
    "empirical_bayes_marshall_global": lambda i, _: _shrunk_rates(
        shrinkage.marshall_shrinkage(i["count"], i["population"])
    ),
    "extremal_quotient": lambda i, _: {"eq": variation.extremal_quotient(i["rate"])},
    "icc_latent_from_variance": lambda i, _: {"icc": odds.intraclass_correlation(i["variance"])},
    "median_odds_ratio_from_variance": lambda i, _: {"mor": odds.median_odds_ratio_from_variance(i["variance"])},
    "mor_icc_from_variance": _median_odds_ratio,
    "random_intercept_logistic": _random_intercept,
    "systematic_component_of_variation": _scv,
    "variance_from_median_odds_ratio": lambda i, _: {"variance": odds.variance_from_median_odds_ratio(i["mor"])},
    "variance_to_mean_ratio": lambda i, p: {"ratio": variation.variance_to_mean(i["count"], p.get("ddof", 1))},
    "who_summary_measures": _who,
}
