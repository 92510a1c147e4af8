"""Rates and proportions."""

import re
from collections.abc import Callable
from typing import Any

from sim.measures import proportions, rates, standardisation
from sim.measures.checks import divide
from tests.reference.adapt import Adapter, Inputs, at_levels

BANDS = ("count", "population")
REFERENCE = ("count", "population", "reference_count", "reference_population")


def _wilson(i: Inputs, p: Inputs) -> dict[str, Any]:
    scale = p["multiplier"]
    x, n = i["numerator"], i["denominator"]
    value = scale * divide(x, n)
    return {"value": value} | at_levels(
        lambda level: [scale * side for side in proportions.wilson_interval(x, n, level)]
    )


def _wilson_rows(i: Inputs, _: Inputs) -> dict[str, Any]:
    low, high = proportions.wilson_interval(i["numerator"], i["denominator"], i["confidence"])
    return {"lower": low, "upper": high}


def _proportion(interval: Callable[..., tuple[Any, Any]]) -> Adapter:
    def adapter(i: Inputs, p: Inputs) -> dict[str, Any]:
        low, high = interval(i["numerator"], i["denominator"], p["confidence"])
        digits = re.sub(r"\D", "", f"{100 * p['confidence']:g}")
        return {f"lower{digits}": low, f"upper{digits}": high}

    return adapter


def _crude_rate(i: Inputs, p: Inputs) -> dict[str, Any]:
    count, people, per = i["numerator"], i["denominator"], p["multiplier"]
    value = rates.crude_rate(count, people, per=per).value
    return {"value": value} | at_levels(lambda level: rates.crude_rate(count, people, level, per)[1:])


def _poisson_rate(i: Inputs, p: Inputs) -> dict[str, Any]:
    count, time = i["count"], i["person_time"]
    low, high = rates.poisson_limits(count, p["confidence"])
    return {"rate": divide(count, time), "lower": divide(low, time), "upper": divide(high, time)}


def _byar(i: Inputs, _: Inputs) -> dict[str, Any]:
    low, high = rates.byar_limits(i["x"], i["confidence"])
    return {"lower": low, "upper": high}


def _direct(i: Inputs, p: Inputs) -> dict[str, Any]:
    limits = "fay_feuer" if "fay" in p.get("ci", "").lower() else "dobson"
    scale = p["multiplier"]
    bands = [i[name] for name in (*BANDS, "standard_population")]
    got = standardisation.direct_standardised_rate(*bands, limits=limits)

    def at(level: float) -> Any:
        return [scale * x for x in standardisation.direct_standardised_rate(*bands, level, limits)[1:3]]

    return {"value": scale * got.value, "crude": scale * got.crude} | at_levels(at)


def _indirect(of_rate: bool) -> Adapter:
    def adapter(i: Inputs, p: Inputs) -> dict[str, Any]:
        scale = float(re.findall(r"(?:per|x) ([\d.]+)", p["scale_text"])[0])
        if of_rate:
            scale *= standardisation.reference_rate(i["reference_count"], i["reference_population"])
        bands = [i[name] for name in REFERENCE]
        got = standardisation.indirect_standardised_ratio(*bands)

        def at(level: float) -> Any:
            return [scale * x for x in standardisation.indirect_standardised_ratio(*bands, level)[1:3]]

        return {"observed": got.observed, "expected": got.expected, "value": scale * got.value} | at_levels(at)

    return adapter


ADAPTERS: dict[str, Adapter] = {
    "byars_count_ci": _byar,
    "crude_rate_ci": _crude_rate,
    "direct_standardised_rate": _direct,
    "indirect_standardised_rate": _indirect(of_rate=True),
    "indirect_standardised_ratio": _indirect(of_rate=False),
    "poisson_exact_ci": _poisson_rate,
    "proportion_ci_agresti_coull": _proportion(proportions.agresti_coull_interval),
    "proportion_ci_beta": _proportion(proportions.clopper_pearson_interval),
    "proportion_ci_jeffreys": _proportion(proportions.jeffreys_interval),
    "proportion_ci_wilson": _proportion(proportions.wilson_interval),
    "proportion_wilson_ci": _wilson,
    "proportion_wilson_ci_rows": _wilson_rows,
}
