"""Inequality between areas, concentration, gradients and the spread of health."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import logit, ndtri

from sim.measures import concentration, decomposition, distributional, gradient, inequality
from tests.reference.adapt import Adapter, Inputs, mean

SCALES = {0: "as is", 1: "log", 2: "logit"}
"""The scale on which the reference software draws a value of each type."""


def _weighted(index: Callable[..., float], name: str) -> Adapter:
    return lambda i, _: {name: index(i["x"], i.get("weights"))}


def _theil(i: Inputs, _: Inputs) -> dict[str, Any]:
    x, weights = i["x"], i.get("weights")
    return {"theil_T": inequality.theil_t(x, weights), "theil_L": inequality.theil_l(x, weights)}


def _decomposed(split: Callable[..., decomposition.Decomposition]) -> Adapter:
    return lambda i, _: split(i["x"], i.get("weights"), i["group"])._asdict()


def _extended_gini(i: Inputs, p: Inputs) -> dict[str, Any]:
    return {f"v{v:g}": inequality.gini(i["x"], i.get("weights"), v) for v in p["v"]}


def _atkinson(i: Inputs, p: Inputs) -> dict[str, Any]:
    x, weights = i["x"], i.get("weights")
    return {
        "mean": mean(x, weights),
        "atkinson": [inequality.atkinson(x, e, weights) for e in p["epsilon"]],
        "ede": [inequality.equally_distributed_equivalent(x, e, weights) for e in p["epsilon"]],
    }


def _kolm(i: Inputs, p: Inputs) -> dict[str, Any]:
    return {"kolm": [inequality.kolm(i["x"], a, i.get("weights")) for a in p["alpha"]]}


def _concentration(i: Inputs, p: Inputs) -> dict[str, Any]:
    h, rank, weights = i["outcome"], i["rank_by"], i.get("weights")
    index = concentration.concentration_index(h, rank, weights)
    got = {"concentration_index": index.standard, "generalised": index.generalised}
    if p.get("bounds"):
        got["erreygers"] = concentration.erreygers_index(h, rank, p["bounds"], weights)
        got["wagstaff"] = concentration.wagstaff_index(h, rank, p["bounds"], weights)
    return got


def _concentration_error(i: Inputs, _: Inputs) -> dict[str, Any]:
    h, rank, weights = i["outcome"], i["rank_by"], i.get("weights")
    return {
        "concentration_index": concentration.concentration_index(h, rank, weights).standard,
        "se": concentration.concentration_standard_error(h, rank, weights),
    }


def _concentration_extended(i: Inputs, p: Inputs) -> dict[str, Any]:
    args = i["outcome"], i["rank_by"], p["v"], i.get("weights")
    return {"value": concentration.extended_concentration_index(*args)}


def _slope(i: Inputs, _: Inputs) -> dict[str, Any]:
    got = gradient.slope_index(i["value"], i["population"])
    return {
        "intercept": got.intercept,
        "sii": got.slope_index,
        "sii_se": got.standard_error,
        "sii_se_hc1": got.robust_standard_error,
        "sii_lower95_t": got.low,
        "sii_upper95_t": got.high,
        "p_value": got.p_value,
        "rii_over_mean": got.relative_to_mean,
        "rii_end_ratio": got.ratio_of_ends,
        "r_squared": got.r_squared,
        "predicted_at_0": got.intercept,
        "predicted_at_1": got.intercept + got.slope_index,
    }


def _slope_of_ranked_groups(i: Inputs, p: Inputs) -> dict[str, Any]:
    """Order groups by quantile; the wording of the case tells multiplier and transform."""
    order = np.argsort(i.get("quantile", np.arange(len(i["value"]))), kind="stable")
    value, people = (np.array(i[name], dtype=float)[order] for name in ("value", "population"))
    scale, words = SCALES[p["value_type"]], p.get("test_description", "")
    fitted_on = scale if "transform" in words and "no transform" not in words else "as is"
    found = re.search(r"\(x (-?[\d.]+)\)", words)
    multiplier = float(found[1]) if found else -1.0 if "negative multiplier" in words else 1.0
    ends = gradient.multiplied_ends(gradient.slope_ends(value, people, fitted_on), multiplier)
    got: dict[str, Any] = {"sii": ends.slope_index, "rii": ends.ratio_of_ends, "intercept": ends.intercept}
    error = _standard_error(i, scale)
    if error is not None:
        luck = np.random.default_rng(20)
        drawn = gradient.simulated_ends(value, error[order], people, luck, scale, fitted_on)
        got["simulated_ci"] = _simulated(drawn, multiplier)
    return got


def _standard_error(i: Inputs, scale: str) -> Any:
    """Return the standard errors given, or those that 95 % limits imply on the scale of the draws."""
    if "standarderror" in i:
        return np.array(i["standarderror"], dtype=float)
    if "lowercl" not in i:
        return None
    to = {"as is": np.asarray, "log": np.log, "logit": logit}[scale]
    return (to(np.array(i["uppercl"])) - to(np.array(i["lowercl"]))) / (2 * ndtri(0.975))


def _simulated(drawn: tuple[Any, Any], multiplier: float) -> dict[str, float]:
    slope, ratio = drawn[0] * multiplier, drawn[1] if multiplier > 0 else 1 / drawn[1]
    got = {}
    for digits, tail in (("95", 0.025), ("998", 0.001)):
        for name, values in (("sii", slope), ("rii", ratio)):
            got[f"{name}_lowercl{digits}"], got[f"{name}_uppercl{digits}"] = np.quantile(values, [tail, 1 - tail])
    return got


def _equivalents(i: Inputs, p: Inputs) -> dict[str, Any]:
    health, people = i["health"], i["population"]
    return {
        "mean": mean(health, people),
        "atkinson_ede": [distributional.atkinson_equivalent(health, e, people) for e in p["atkinson_epsilon"]],
        "kolm_ede": [distributional.kolm_equivalent(health, a, people) for a in p["kolm_alpha"]],
    }


def _gini_equivalents(i: Inputs, p: Inputs) -> dict[str, Any]:
    return {"ede": [distributional.gini_equivalent(i["health"], eta, i["population"]) for eta in p["eta"]]}


def _welfare(i: Inputs, p: Inputs) -> dict[str, Any]:
    def equivalent(health: Any, people: Any) -> float:
        return distributional.atkinson_equivalent(health, p["atkinson_epsilon"], people)

    got = distributional.welfare_change(i["baseline_health"], i["post_health"], i["population"], equivalent)
    return {
        "ede_baseline": got.before,
        "ede_post": got.after,
        "delta_ede": got.change,
        "efficiency_component": got.efficiency,
        "equity_component": got.equity,
    }


ADAPTERS: dict[str, Adapter] = {
    "atkinson": _atkinson,
    "concentration_index": _concentration,
    "concentration_index_extended": _concentration_extended,
    "concentration_index_standard_error": _concentration_error,
    "dcea_welfare_decomposition": _welfare,
    "equally_distributed_equivalent_extended_gini": _gini_equivalents,
    "equally_distributed_equivalent_health": _equivalents,
    "generalised_entropy_2": _weighted(inequality.generalised_entropy_2, "ge2"),
    "gini": _weighted(inequality.gini, "gini"),
    "gini_extended": _extended_gini,
    "gini_small_sample_corrected": lambda i, _: {"gini": inequality.gini_of_sample(i["x"])},
    "hoover": _weighted(inequality.hoover, "hoover"),
    "kolm": _kolm,
    "sii_rii_weighted_regression": _slope_of_ranked_groups,
    "sii_weighted_least_squares": _slope,
    "theil": _theil,
    "theil_L_decomposition": _decomposed(decomposition.decompose_theil_l),
    "theil_T_decomposition": _decomposed(decomposition.decompose_theil_t),
    "theil_T_only": _weighted(inequality.theil_t, "theil_T"),
}
