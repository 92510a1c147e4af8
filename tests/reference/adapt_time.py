"""Survival and queues."""

from collections.abc import Callable
from typing import Any

from sim.measures import queueing, survival
from tests.reference.adapt import Adapter, Inputs


def _kaplan_meier(i: Inputs, _: Inputs) -> dict[str, Any]:
    """Answer as R does, which takes the middle of a stretch that is flat at exactly the quantile."""
    counted = survival.tally(i["time"], i["event"])
    curve = survival.kaplan_meier(*counted)
    got: dict[str, Any] = {
        "time": curve.time,
        "n_risk": curve.at_risk,
        "n_event": counted.events,
        "n_censor": counted.censored,
        "survival": curve.survival,
        "greenwood_se_of_survival": curve.standard_error,
    }
    for name, limits in (("log", survival.log_limits(curve)), ("loglog", survival.log_log_limits(curve))):
        got |= {f"{name}_lower95": limits.low, f"{name}_upper95": limits.high}
    for name, share in (("median", 0.5), ("quartile25", 0.25), ("quartile75", 0.75)):
        got[name] = survival.quantile_time(curve, share, middle_of_flat=True)
    return got


def _kaplan_meier_from_zero(i: Inputs, p: Inputs) -> dict[str, Any]:
    """Put the start of the clock, where everybody is still waiting, in front as lifelines does."""
    curve = survival.kaplan_meier(*survival.tally(i["time"], i["event"]))
    limits = survival.log_log_limits(curve)
    # Before the first event lifelines says 1 where there is no spread to go by.
    low, high = (
        [1.0 if s == 1 else x for s, x in zip(curve.survival, part, strict=True)] for part in (limits.low, limits.high)
    )
    columns = {"time": curve.time, "survival": curve.survival, "loglog_lower95": low, "loglog_upper95": high}
    if curve.time[0] > 0:
        start = {"time": 0.0, "survival": 1.0, "loglog_lower95": 1.0, "loglog_upper95": 1.0}
        columns = {name: [start[name], *values] for name, values in columns.items()}
    return {"median": survival.quantile_time(curve), **columns}


def _restricted_mean(i: Inputs, p: Inputs) -> dict[str, Any]:
    curve = survival.kaplan_meier(*survival.tally(i["time"], i["event"]))
    got = survival.restricted_mean(curve, p["tau"])
    return {"rmst": got.mean, "se": got.standard_error, "lower95": got.low, "upper95": got.high}


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
    got |= {"p_empty": queue.probability_empty, "mean_time_in_system": queue.mean_wait + 1 / queue.service_rate}
    for name, law in (
        ("probability_wait_at_most", queue.probability_wait_at_most),
        ("probability_time_in_system_at_most", queue.probability_time_in_system_at_most),
    ):
        got[name] = {"p": [law(time) for time in i.get("at", ())]}
    return got


def _loss_system(i: Inputs, _: Inputs) -> dict[str, Any]:
    load = i["arrival_rate"] / i["service_rate"]
    blocking = queueing.erlang_b(i["servers"], load)
    served = 1 - blocking
    return {"blocking": blocking, "throughput": i["arrival_rate"] * served, "mean_in_system": load * served}


def _finite_queue(i: Inputs, _: Inputs) -> dict[str, Any]:
    queue = queueing.FiniteQueue(i["arrival_rate"], i["service_rate"], i["servers"], i["capacity"])
    got = {name: getattr(queue, name) for name in ("mean_queue_length", "mean_wait", "mean_in_system", "throughput")}
    return got | {"p_full": queue.probability_full}


def _erlang(formula: Callable[[int, float], float], name: str) -> Adapter:
    return lambda i, _: {name: [formula(*pair) for pair in zip(i["servers"], i["offered_load"], strict=True)]}


ADAPTERS: dict[str, Adapter] = {
    "erlang_b": _erlang(queueing.erlang_b, "blocking"),
    "erlang_c": _erlang(queueing.erlang_c, "probability_of_wait"),
    "kaplan_meier": _kaplan_meier,
    "kaplan_meier_lifelines": _kaplan_meier_from_zero,
    "mmc_queue": _queue,
    "mmcc_loss_system": _loss_system,
    "mmck_finite_waiting_room": _finite_queue,
    "restricted_mean_survival_time": _restricted_mean,
}
