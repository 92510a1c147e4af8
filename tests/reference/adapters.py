"""How each reference metric is computed with the project's own functions."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from sim.measures import funnel, inequality, odds, overdispersion, proportions, queueing, rates, survival
from sim.measures import variation as between
from sim.measures.random_intercept import fit_random_intercept

Inputs = dict[str, Any]
Adapter = Callable[[Inputs, Inputs], dict[str, Any]]

Z_95, Z_998 = 1.959964, 3.090232
"""The rounded constants of the reference software for over-dispersed funnels."""


def _levels(limits: Callable[[float], tuple[Any, Any]], multiplier: float = 1.0) -> dict[str, Any]:
    """Evaluate limits at the two public-health levels."""
    got = {}
    for name, confidence in (("95", 0.95), ("998", 0.998)):
        low, high = limits(confidence)
        got |= {f"lower{name}": low * multiplier, f"upper{name}": high * multiplier}
    return got


def _wilson(i: Inputs, p: Inputs) -> dict[str, Any]:
    value = p["multiplier"] * np.array(i["numerator"]) / np.array(i["denominator"])
    return {"value": value} | _levels(
        lambda level: proportions.wilson_interval(i["numerator"], i["denominator"], level), p["multiplier"]
    )


def _wilson_rows(i: Inputs, _: Inputs) -> dict[str, Any]:
    low, high = proportions.wilson_interval(i["numerator"], i["denominator"], i["confidence"])
    return {"lower": low, "upper": high}


def _proportion(interval: Callable[..., tuple[Any, Any]]) -> Adapter:
    def adapter(i: Inputs, p: Inputs) -> dict[str, Any]:
        low, high = interval(i["numerator"], i["denominator"], p["confidence"])
        return {"lower95": low, "upper95": high}

    return adapter


def _funnel_exact(i: Inputs, p: Inputs) -> dict[str, Any]:
    return _funnel(lambda share: funnel.exact_limit(i["n"], p["target"], share))


def _funnel_normal(i: Inputs, _: Inputs) -> dict[str, Any]:
    target = sum(i["numerator"]) / sum(i["denominator"])
    return {"target": target} | _funnel(lambda share: funnel.normal_limit(i["at"], target, share))


def _funnel_wilson(i: Inputs, p: Inputs) -> dict[str, Any]:
    target = sum(i["numerator"]) / sum(i["denominator"])
    scale = p["multiplier"]
    limits = _funnel(lambda share: np.clip(funnel.normal_limit(i["at"], target, share), 0, 1) * scale)
    return {"baseline": target * scale} | limits


def _funnel(limit: Callable[[float], Any]) -> dict[str, Any]:
    shares = {"lower_95": 0.025, "upper_95": 0.975, "lower_998": 0.001, "upper_998": 0.999}
    return {name: limit(share) for name, share in shares.items()}


def _overdispersion(i: Inputs, p: Inputs) -> dict[str, Any]:
    z, s = overdispersion.arcsine_scores(i["numerator"], i["denominator"])
    adjusted = overdispersion.winsorise(z, p["trim_by"])
    phi = float(overdispersion.dispersion(adjusted))
    tau2 = overdispersion.additive_variance(phi, s)
    target = sum(i["numerator"]) / sum(i["denominator"])
    got = {"target": target, "s": s, "z": z, "z_adjusted": adjusted, "n_used": z.size}
    plain, wide = {}, {}
    for name, z_limit in (("95", Z_95), ("998", Z_998)):
        for side, sign in (("l", -1), ("u", 1)):
            plain[f"{side}l{name}"] = funnel.arcsine_limit(i["at"], target, sign * z_limit)
            wide[f"od{side}l{name}"] = funnel.arcsine_limit(i["at"], target, sign * z_limit, tau2)
    return got | {"phi": phi, "tau2": tau2, "limits": plain, "limits_overdispersed": wide}


def _random_intercept(i: Inputs, _: Inputs) -> dict[str, Any]:
    names, group = np.unique(i["group"], return_inverse=True)
    events, people = np.zeros((2, names.size, 1))
    np.add.at(events[:, 0], group, i["events"])
    np.add.at(people[:, 0], group, i["denominator"])
    fit = fit_random_intercept(events, people, [0.0])
    return {"agq25": {"variance": fit.tau**2, "intercept": fit.shift}}


def _kaplan_meier(i: Inputs, _: Inputs) -> dict[str, Any]:
    curve, events, censored = _curve(i)
    limits = survival.log_log_limits(curve)
    return {
        "time": curve.time,
        "n_risk": curve.at_risk,
        "n_event": events,
        "n_censor": censored,
        "survival": curve.survival,
        "greenwood_se_of_survival": curve.standard_error,
        "loglog_lower95": limits.low,
        "loglog_upper95": limits.high,
        "median": survival.quantile_time(curve),
        "quartile25": survival.quantile_time(curve, 0.25),
        "quartile75": survival.quantile_time(curve, 0.75),
    }


def _kaplan_meier_from_zero(i: Inputs, p: Inputs) -> dict[str, Any]:
    """Put the start of the clock, where everybody is still waiting, in front as lifelines does."""
    got = _kaplan_meier(i, p)
    start = {"time": 0.0, "survival": 1.0, "loglog_lower95": 1.0, "loglog_upper95": 1.0}
    return {"median": got["median"]} | {name: [value, *got[name]] for name, value in start.items()}


def _restricted_mean(i: Inputs, p: Inputs) -> dict[str, Any]:
    return {"rmst": survival.restricted_mean(_curve(i)[0], p["tau"])}


def _curve(i: Inputs) -> tuple[survival.Curve, Any, Any]:
    times, at = np.unique(i["time"], return_inverse=True)
    happened = np.array(i["event"])
    events = np.bincount(at, weights=happened, minlength=times.size)
    censored = np.bincount(at, weights=1 - happened, minlength=times.size)
    return survival.kaplan_meier(times, events, censored), events, censored


def _queue(i: Inputs, _: Inputs) -> dict[str, Any]:
    queue = queueing.Queue(i["arrival_rate"], i["service_rate"], i["servers"])
    got = {
        name: getattr(queue, name)
        for name in (
            "utilisation",
            "mean_queue_length",
            "mean_wait",
            "variance_of_wait",
            "mean_in_system",
            "mean_wait_of_those_who_wait",
        )
    }
    got["mean_time_in_system"] = queue.mean_wait + 1 / queue.service_rate
    at_most = [queue.probability_wait_at_most(t) for t in i["at"]]
    return got | {"probability_wait_at_most": {"p": at_most}}


def _loss_system(i: Inputs, _: Inputs) -> dict[str, Any]:
    load = i["arrival_rate"] / i["service_rate"]
    blocking = queueing.erlang_b(i["servers"], load)
    served = 1 - blocking
    return {"blocking": blocking, "throughput": i["arrival_rate"] * served, "mean_in_system": load * served}


def _erlang(formula: Callable[[int, float], float], name: str) -> Adapter:
    return lambda i, _: {name: [formula(*pair) for pair in zip(i["servers"], i["offered_load"], strict=True)]}


def _weighted(index: Callable[..., float], name: str) -> Adapter:
    return lambda i, _: {name: index(i["x"], i.get("weights"))}


def _theil(i: Inputs, _: Inputs) -> dict[str, Any]:
    x, weights = i["x"], i.get("weights")
    return {"theil_T": inequality.theil_t(x, weights), "theil_L": inequality.theil_l(x, weights)}


def _extended_gini(i: Inputs, p: Inputs) -> dict[str, Any]:
    return {f"v{v:g}": inequality.gini(i["x"], i.get("weights"), v) for v in p["v"]}


def _atkinson(i: Inputs, p: Inputs) -> dict[str, Any]:
    x, weights = i["x"], i.get("weights")
    return {
        "mean": np.average(x, weights=weights),
        "atkinson": [inequality.atkinson(x, e, weights) for e in p["epsilon"]],
        "ede": [inequality.equally_distributed_equivalent(x, e, weights) for e in p["epsilon"]],
    }


def _kolm(i: Inputs, p: Inputs) -> dict[str, Any]:
    return {"kolm": [inequality.kolm(i["x"], a, i.get("weights")) for a in p["alpha"]]}


def _scv(i: Inputs, p: Inputs) -> dict[str, Any]:
    in_logs = p["form"].startswith("log")
    form = between.systematic_component_of_variation
    if in_logs:
        form = between.systematic_component_of_variation_log
    raw = form(i["observed"], i["expected"]) * p["multiplier"]
    # The reference software reports a negative value as missing.
    return {"scv": raw if raw >= 0 else math.nan, "negative_before_truncation": raw < 0}


def _cv(i: Inputs, p: Inputs) -> dict[str, Any]:
    x, weights, ddof = i["x"], i.get("weights"), p.get("ddof", 1)
    mean = np.average(x, weights=weights)
    cv = between.coefficient_of_variation(x, weights, ddof)
    population = between.coefficient_of_variation(x, weights)
    return {"cv": cv, "mean": mean, "sd": cv * mean, "cv_population": population}


def _homogeneity(test: between.Homogeneity) -> dict[str, Any]:
    return {
        "chi_square": test.chi_square,
        "df": test.degrees_of_freedom,
        "p_value": test.p_value,
        "index_of_dispersion": test.dispersion,
    }


def _who(i: Inputs, _: Inputs) -> dict[str, Any]:
    x, people = i["estimate"], i["population"]
    mean = np.average(x, weights=people)
    return {
        "between_group_variance": 2 * inequality.generalised_entropy_2(x, people) * mean**2,
        "theil_index_x1000": 1000 * inequality.theil_t(x, people),
        "mean_log_deviation_x1000": 1000 * inequality.theil_l(x, people),
    }


def _crude_rate(i: Inputs, p: Inputs) -> dict[str, Any]:
    count, people = np.array(i["numerator"]), np.array(i["denominator"])
    scale = p["multiplier"] / people
    return {"value": count * scale} | _levels(lambda level: rates.count_limits(count, level), scale)


def _poisson_rate(i: Inputs, p: Inputs) -> dict[str, Any]:
    count, time = np.array(i["count"]), np.array(i["person_time"])
    low, high = rates.poisson_limits(count, p["confidence"])
    return {"rate": count / time, "lower": low / time, "upper": high / time}


def _byar(i: Inputs, _: Inputs) -> dict[str, Any]:
    low, high = rates.byar_limits(i["x"], i["confidence"])
    return {"lower": low, "upper": high}


ADAPTERS: dict[str, Adapter] = {
    "atkinson": _atkinson,
    "byars_count_ci": _byar,
    "chi_square_homogeneity_observed_expected": lambda i, _: _homogeneity(
        between.homogeneity_of_counts(i["observed"], i["expected"])
    ),
    "chi_square_homogeneity_proportions": lambda i, _: _homogeneity(
        between.homogeneity_of_proportions(i["numerator"], i["denominator"])
    ),
    "chi_square_homogeneity_rates": lambda i, _: _homogeneity(
        between.homogeneity_of_counts(i["count"], i["population"])
    ),
    "coefficient_of_variation": _cv,
    "coefficient_of_variation_sample": _cv,
    "coefficient_of_variation_weighted": _cv,
    "crude_rate_ci": _crude_rate,
    "erlang_b": _erlang(queueing.erlang_b, "blocking"),
    "erlang_c": _erlang(queueing.erlang_c, "probability_of_wait"),
    "extremal_quotient": lambda i, _: {"eq": between.extremal_quotient(i["rate"])},
    "funnel_limits_proportion_exact_binomial_interpolated": _funnel_exact,
    "funnel_limits_proportion_normal": _funnel_normal,
    "funnel_limits_proportion_wilson": _funnel_wilson,
    "funnel_overdispersion_PR": _overdispersion,
    "generalised_entropy_2": _weighted(inequality.generalised_entropy_2, "ge2"),
    "gini": _weighted(inequality.gini, "gini"),
    "gini_extended": _extended_gini,
    "hoover": _weighted(inequality.hoover, "hoover"),
    "icc_latent_from_variance": lambda i, _: {"icc": odds.intraclass_correlation(i["variance"])},
    "kaplan_meier": _kaplan_meier,
    "kaplan_meier_lifelines": _kaplan_meier_from_zero,
    "kolm": _kolm,
    "median_odds_ratio_from_variance": lambda i, _: {"mor": odds.median_odds_ratio_from_variance(i["variance"])},
    "mmc_queue": _queue,
    "mmcc_loss_system": _loss_system,
    "mor_icc_from_variance": lambda i, _: {"mor": odds.median_odds_ratio_from_variance(i["variance"])},
    "poisson_exact_ci": _poisson_rate,
    "proportion_ci_agresti_coull": _proportion(proportions.agresti_coull_interval),
    "proportion_ci_beta": _proportion(proportions.clopper_pearson_interval),
    "proportion_ci_jeffreys": _proportion(proportions.jeffreys_interval),
    "proportion_ci_wilson": _proportion(proportions.wilson_interval),
    "proportion_wilson_ci": _wilson,
    "proportion_wilson_ci_rows": _wilson_rows,
    "random_intercept_logistic": _random_intercept,
    "restricted_mean_survival_time": _restricted_mean,
    "systematic_component_of_variation": _scv,
    "theil": _theil,
    "theil_L_decomposition": lambda i, _: inequality.decompose_theil_l(**i)._asdict(),
    "theil_T_decomposition": lambda i, _: inequality.decompose_theil_t(**i)._asdict(),
    "theil_T_only": _weighted(inequality.theil_t, "theil_T"),
    "variance_from_median_odds_ratio": lambda i, _: {"variance": odds.variance_from_median_odds_ratio(i["mor"])},
    "who_summary_measures": _who,
}
