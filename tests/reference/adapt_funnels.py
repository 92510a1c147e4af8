"""Funnel plots: control limits, labels and over-dispersion."""

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.measures import funnel, funnel_poisson, overdispersion
from sim.measures.checks import divide
from tests.reference.adapt import Adapter, Inputs, at_levels, numbers

Z_95, Z_998 = 1.959964, 3.090232
"""The rounded constants of the reference software for over-dispersed funnels."""

SEARCH_CELLS = 2**23
"""The reference software for Poisson funnels halves an interval until its cells are this fine."""

FEWEST_EVENTS = 10
NOT_APPLICABLE = "Not applicable for events less than 10 for dsrs"


def _shares(limit: Callable[[float], Any]) -> dict[str, Any]:
    shares = {"lower_95": 0.025, "upper_95": 0.975, "lower_998": 0.001, "upper_998": 0.999}
    return {name: limit(share) for name, share in shares.items()}


def _target(i: Inputs) -> float:
    return float(divide(sum(i["numerator"]), sum(i["denominator"])))


def _exact(i: Inputs, p: Inputs) -> dict[str, Any]:
    return _shares(lambda share: funnel.exact_limit(i["n"], p["target"], share))


def _quantile(i: Inputs, _: Inputs) -> dict[str, Any]:
    return {"target": _target(i)} | _shares(lambda share: funnel.quantile_limit(i["at"], _target(i), share))


def _normal(i: Inputs, _: Inputs) -> dict[str, Any]:
    return {"target": _target(i)} | _shares(lambda share: funnel.normal_limit(i["at"], _target(i), share))


def _wilson(i: Inputs, p: Inputs) -> dict[str, Any]:
    scale = p["multiplier"]
    limits = _shares(lambda share: np.clip(funnel.normal_limit(i["at"], _target(i), share), 0, 1) * scale)
    return {"baseline": _target(i) * scale} | limits


def _at_observed(observed: Any, confidence: float) -> dict[str, tuple[Any, Any]]:
    """Return ratio and expected count of each side, the expected count as finely as the reference finds it.

    Its search halves the interval of v = expected / (1 + observed + expected) and ends in the middle of a cell.
    """
    limits = funnel_poisson.ratio_limits_at_observed(observed, confidence)
    count = np.asarray(observed, dtype=float)
    got = {}
    for side, expected in (("lower", limits.expected_at_low), ("upper", limits.expected_at_high)):
        v = (np.floor(expected / (1 + count + expected) * SEARCH_CELLS) + 0.5) / SEARCH_CELLS
        coarse = np.where(expected > 0, (1 + count) * v / (1 - v), np.nan)
        np.testing.assert_allclose(coarse, np.where(expected > 0, expected, np.nan), rtol=1e-6, atol=1e-6)
        got[side] = count / coarse, coarse
    return got


def _ratio_at_observed(i: Inputs, p: Inputs) -> dict[str, Any]:
    got: dict[str, Any] = {}
    for digits in ("95", "998"):
        for side, (ratio, expected) in _at_observed(i["observed_events"], 1 - 2 * p[f"p_{digits}"]).items():
            got |= {f"{side}_{digits}_expected": expected, f"{side}_{digits}_isr": p["isr_multiplier"] * ratio}
    return got


def _ratio_at_expected(i: Inputs, _: Inputs) -> dict[str, Any]:
    return at_levels(
        lambda level: funnel_poisson.ratio_limits_at_expected(i["expected_events"], level), "{side}_{digits}"
    )


def _baseline(i: Inputs, p: Inputs) -> float:
    """Return the baseline per person; a crude rate's area without events counts with its people."""
    people = i.get("population") if p["rate_type"] == "crude" else None
    return funnel_poisson.pooled_rate(i["events"], _rates(i) / p["multiplier"], people)


def _rates(i: Inputs) -> Any:
    """Return the rates; one that is missing belongs to an area without events."""
    return np.nan_to_num(numbers(i["rate"]))


def _rate(i: Inputs, p: Inputs) -> dict[str, Any]:
    base = _baseline(i, p)
    got: dict[str, Any] = {"baseline": base * p["multiplier"]}
    for digits, confidence in (("95", 0.95), ("998", 0.998)):
        for side, (ratio, expected) in _at_observed(i["at"], confidence).items():
            got[f"{side}_{digits}"] = ratio * base * p["multiplier"]
            got[f"{side}_{digits}_population_1_year"] = expected / base / p["years_of_data"]
    return got


def _label_rates(i: Inputs, p: Inputs) -> dict[str, Any]:
    """Judge each count against what the baseline expects of the people that its rate implies."""
    events, rate = np.array(i["events"], dtype=float), _rates(i)
    people = np.where(events > 0, p["multiplier"] * events / np.where(rate > 0, rate, 1.0), 0.0)
    if p["rate_type"] == "crude":
        people = np.where(events > 0, people, i.get("population", people))
    labels = funnel_poisson.label_ratios(events, _baseline(i, p) * people)
    few = (events < FEWEST_EVENTS) & (p["rate_type"] == "dsr")
    return {"label": [NOT_APPLICABLE if small else label for small, label in zip(few, labels, strict=True)]}


Scores = Callable[[Any, Any], tuple[Any, Any]]


def _adjusted(i: Inputs, p: Inputs, scores: Scores) -> dict[str, Any]:
    """Return scores, their adjustment by the case's method, phi and tau squared of the areas that are left."""
    z, s = scores(i["numerator"], i["denominator"])
    truncated = p["method"].startswith("truncation")
    adjusted = (overdispersion.truncate if truncated else overdispersion.winsorise)(z, p["trim_by"])
    used = ~np.isnan(adjusted)
    phi = float(overdispersion.dispersion(adjusted[used]))
    tau2 = overdispersion.additive_variance(phi, s[used])
    return {"s": s, "z": z, "z_adjusted": adjusted, "n_used": used.sum(), "phi": phi, "tau2": tau2}


def _funnel(plain: Callable[[float], Any], wide: Callable[[float], Any]) -> dict[str, Any]:
    got: dict[str, Any] = {"limits": {}, "limits_overdispersed": {}}
    for digits, z in (("95", Z_95), ("998", Z_998)):
        for side, sign in (("l", -1), ("u", 1)):
            got["limits"][f"{side}l{digits}"] = plain(sign * z)
            got["limits_overdispersed"][f"od{side}l{digits}"] = wide(sign * z)
    return got


def _garwood(at: Any) -> Callable[[float], Any]:
    """Return the limits without over-dispersion of a standardised ratio, by the sign and size of z."""
    confidence = {Z_95: 0.95, Z_998: 0.998}

    def limit(z: float) -> Any:
        return funnel_poisson.ratio_limits_at_expected(at, confidence[abs(z)])[int(z > 0)]

    return limit


def _proportions(i: Inputs, p: Inputs) -> dict[str, Any]:
    got = _adjusted(i, p, overdispersion.arcsine_scores)
    target, at = _target(i), i["at"]
    limits = _funnel(
        lambda z: funnel.arcsine_limit(at, target, z), lambda z: funnel.arcsine_limit(at, target, z, got["tau2"])
    )
    middle = np.arcsin(np.sqrt(target))
    return got | limits | {"target": target, "y_transformed": middle + got["z"] * got["s"]}


def _log_ratios(i: Inputs, p: Inputs) -> dict[str, Any]:
    got = _adjusted(i, p, overdispersion.log_ratio_scores)
    limits = _funnel(_garwood(i["at"]), lambda z: overdispersion.log_ratio_limit(i["at"], z, got["tau2"]))
    return got | limits | {"target": 1.0, "y_transformed": got["z"] * got["s"]}


def _root_ratios(i: Inputs, p: Inputs) -> dict[str, Any]:
    """The package leaves these limits on the scale of the root, where a correct plot squares them back."""
    got = _adjusted(i, p, overdispersion.root_ratio_scores)
    limits = _funnel(
        _garwood(i["at"]), lambda z: overdispersion.root_ratio_limit(i["at"], z, got["tau2"], squared=False)
    )
    return got | limits | {"target": 1.0, "y_transformed": 1 + got["z"] * got["s"]}


def _count_ratios(i: Inputs, p: Inputs) -> dict[str, Any]:
    got = _adjusted(i, p, overdispersion.count_ratio_scores)
    return got | {"target": _target(i), "y_transformed": np.log(_target(i)) + got["z"] * got["s"]}


ADAPTERS: dict[str, Adapter] = {
    "funnel_limits_proportion_exact_binomial_interpolated": _exact,
    "funnel_limits_proportion_exact_binomial_quantile": _quantile,
    "funnel_limits_proportion_normal": _normal,
    "funnel_limits_proportion_wilson": _wilson,
    "funnel_limits_rate_exact_poisson": _rate,
    "funnel_limits_ratio_exact_poisson_at_expected": _ratio_at_expected,
    "funnel_limits_ratio_exact_poisson_inverse": _ratio_at_observed,
    "funnel_overdispersion_PR": _proportions,
    "funnel_overdispersion_RC": _count_ratios,
    "funnel_overdispersion_SR_CQC": _root_ratios,
    "funnel_overdispersion_SR_SHMI": _log_ratios,
    "funnel_significance_proportion": lambda i, _: {
        "label": funnel_poisson.label_proportions(i["numerator"], i["denominator"])
    },
    "funnel_significance_rate": _label_rates,
    "funnel_significance_ratio": lambda i, _: {
        "label": funnel_poisson.label_ratios(i["observed"], i["expected_events"])
    },
}
