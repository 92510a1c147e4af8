"""Time to an event under censoring, and with other endings that compete for it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

ROUNDING = 1e-12
"""A curve this close to a quantile has reached it: a sum of shares is not exact in binary."""


class Curve(NamedTuple):
    """Kaplan-Meier's estimate at each time: the share without the event, with Greenwood's standard error."""

    time: FloatArray
    at_risk: FloatArray
    survival: FloatArray
    standard_error: FloatArray


def kaplan_meier(time: npt.ArrayLike, events: npt.ArrayLike, censored: npt.ArrayLike) -> Curve:
    """Return the product-limit curve from counts at increasing times (Kaplan and Meier 1958).

    Someone censored at a time was still at risk at that time. The standard error is nan once nobody is left.
    """
    at, event, gone = (np.asarray(a, dtype=np.float64) for a in (time, events, censored))
    at_risk = _at_risk(event + gone)
    survival = np.asarray(np.cumprod(1 - _share(event, at_risk)), dtype=np.float64)
    left = at_risk - event
    hazard = event / np.where(left > 0, at_risk * left, np.inf)
    variance = np.where(survival > 0, np.cumsum(hazard), np.nan)
    return Curve(at, at_risk, survival, np.asarray(survival * np.sqrt(variance), dtype=np.float64))


@dataclass(frozen=True)
class LogLogLimits:
    """Limits of a survival curve on the log(-log) scale, which keeps them inside [0, 1]."""

    low: FloatArray
    high: FloatArray


def log_log_limits(curve: Curve, confidence: float = 0.95) -> LogLogLimits:
    """Return pointwise limits on the log(-log) scale; nan where the curve is 1 or 0 (no spread to go by)."""
    from scipy.special import ndtri

    inside = (curve.survival > 0) & (curve.survival < 1)
    survival = np.where(inside, curve.survival, 0.5)
    log = np.log(survival)
    shift = float(ndtri(0.5 + confidence / 2)) * curve.standard_error / survival / log
    return LogLogLimits(
        low=np.where(inside, np.exp(log * np.exp(-shift)), np.nan),
        high=np.where(inside, np.exp(log * np.exp(shift)), np.nan),
    )


def quantile_time(curve: Curve, share: float = 0.5) -> float:
    """Return the first time by which ``share`` of people had the event; nan when it is never reached."""
    reached = np.flatnonzero(curve.survival <= 1 - share + ROUNDING)
    return float(curve.time[reached[0]]) if reached.size else float("nan")


def restricted_mean(curve: Curve, until: float) -> float:
    """Return the mean time without the event up to ``until``: the area under the curve."""
    within = curve.time < until
    edges = np.concatenate([[0.0], curve.time[within], [until]])
    heights = np.concatenate([[1.0], curve.survival[within]])
    return float((np.diff(edges) * heights).sum())


def cumulative_incidence(event: npt.ArrayLike, competing: npt.ArrayLike, censored: npt.ArrayLike) -> FloatArray:
    """Return the share of people who had the event by the end of each day (Aalen and Johansen 1978).

    Counts by day on the last axis, whose index is the day. ``competing`` endings end a person's chance of
    the event for ever; the censored were still at risk on the day they left. The curve stays
    at its last value once nobody is followed.
    """
    target, other, gone = (np.asarray(a, dtype=np.float64) for a in (event, competing, censored))
    at_risk = _at_risk(target + other + gone)
    free_after = np.cumprod(1 - _share(target + other, at_risk), axis=-1)
    free_before = np.concatenate([np.ones_like(free_after[..., :1]), free_after[..., :-1]], axis=-1)
    return np.cumsum(free_before * _share(target, at_risk), axis=-1)


def median_days(incidence: FloatArray) -> float:
    """Return the first day on which the cumulative incidence [days] is a half; nan when that never comes.

    The last day stands for itself and all later ones, so a half reached only there has no date: nan.
    """
    reached = np.flatnonzero(incidence[:-1] >= 0.5 - ROUNDING)
    return float(reached[0]) if reached.size else float("nan")


def _at_risk(leaving: FloatArray) -> FloatArray:
    """Return who is still followed just before each time, from who leaves at it, along the last axis."""
    return np.asarray(np.cumsum(leaving[..., ::-1], axis=-1)[..., ::-1])


def _share(count: FloatArray, at_risk: FloatArray) -> FloatArray:
    return count / np.where(at_risk > 0, at_risk, 1.0)
