"""Time to an event under censoring, and with other endings that compete for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, divide, level, not_negative, same_shape

ROUNDING = 1e-12
"""A curve this close to a quantile has reached it: a sum of shares is not exact in binary."""


class Curve(NamedTuple):
    """Kaplan-Meier's estimate at each time: the share without the event, with Greenwood's standard error."""

    time: FloatArray
    at_risk: FloatArray
    survival: FloatArray
    standard_error: FloatArray
    events: FloatArray


class Tally(NamedTuple):
    """People counted at each different time, in order: how many had the event, and how many left without it."""

    time: FloatArray
    events: FloatArray
    censored: FloatArray


def tally(time: npt.ArrayLike, happened: npt.ArrayLike) -> Tally:
    """Count people [n] by time; ``happened`` is 1 for the event and 0 for somebody still waiting when last seen.

    Raise ValueError on negative times, shapes that differ, or a mark that is neither 1 nor 0.
    """
    at, mark = not_negative("tally (time)", time), not_negative("tally (happened)", happened)
    same_shape("tally", at, mark)
    if not np.isin(mark, (0.0, 1.0)).all():
        raise ValueError("tally: an event either happened (1) or did not (0)")
    times, place = np.unique(at, return_inverse=True)
    return Tally(times, *(np.bincount(place, m, times.size).astype(np.float64) for m in (mark, 1 - mark)))


def kaplan_meier(time: npt.ArrayLike, events: npt.ArrayLike, censored: npt.ArrayLike) -> Curve:
    """Return the product-limit curve from counts at increasing times (Kaplan and Meier 1958).

    Someone censored at a time was still at risk at that time. The standard error is nan once nobody is left.
    Raise ValueError on negative counts, times that do not increase, or shapes that differ.
    """
    at, event, gone = (not_negative("kaplan_meier", part) for part in (time, events, censored))
    same_shape("kaplan_meier", at, event, gone)
    if (np.diff(at) <= 0).any():
        raise ValueError("kaplan_meier: the times must increase")
    at_risk = _at_risk(event + gone)
    survival = np.asarray(np.cumprod(1 - _share(event, at_risk)), dtype=np.float64)
    variance = np.where(survival > 0, np.cumsum(_greenwood(event, at_risk)), np.nan)
    return Curve(at, at_risk, survival, np.asarray(survival * np.sqrt(variance), dtype=np.float64), event)


@dataclass(frozen=True)
class SurvivalLimits:
    """Pointwise limits of a survival curve, one pair per time."""

    low: FloatArray
    high: FloatArray


def log_log_limits(curve: Curve, confidence: float = 0.95) -> SurvivalLimits:
    """Return pointwise limits on the log(-log) scale; nan where the curve is 1 or 0 (no spread to go by)."""
    from scipy.special import ndtri

    inside = (curve.survival > 0) & (curve.survival < 1)
    survival = np.where(inside, curve.survival, 0.5)
    log = np.log(survival)
    shift = float(ndtri(0.5 + float(level(confidence)) / 2)) * curve.standard_error / survival / log
    return SurvivalLimits(
        low=np.where(inside, np.exp(log * np.exp(-shift)), np.nan),
        high=np.where(inside, np.exp(log * np.exp(shift)), np.nan),
    )


def log_limits(curve: Curve, confidence: float = 0.95) -> SurvivalLimits:
    """Return pointwise limits on the log scale, R's default, the upper cut at 1; nan where the curve is 0."""
    from scipy.special import ndtri

    some = curve.survival > 0
    survival = np.where(some, curve.survival, np.nan)
    factor = np.exp(float(ndtri(0.5 + float(level(confidence)) / 2)) * curve.standard_error / survival)
    return SurvivalLimits(low=survival / factor, high=np.minimum(survival * factor, 1.0))


def quantile_time(curve: Curve, share: float = 0.5, middle_of_flat: bool = False) -> float:
    """Return the first time by which ``share`` of people had the event; nan when it is never reached.

    Where the curve is flat at exactly that share, R answers with the middle of the flat stretch, which ends at
    the next event or with the last person followed: ``middle_of_flat`` does so too. Raise ValueError on a share
    that is not above 0 and at most 1.
    """
    if not 0 < share <= 1:
        raise ValueError("quantile_time: the share is above 0 and at most 1")
    reached = np.flatnonzero(curve.survival <= 1 - share + ROUNDING)
    if not reached.size:
        return float("nan")
    first = int(reached[0])
    lower = np.flatnonzero(curve.survival < 1 - share - ROUNDING)
    if not middle_of_flat or (lower.size and lower[0] == first):
        return float(curve.time[first])
    end = curve.time[lower[0]] if lower.size else curve.time[-1]
    return float((curve.time[first] + end) / 2)


class RestrictedMean(NamedTuple):
    """Mean time without the event up to a horizon, with its standard error and normal limits, in units of time."""

    mean: float
    standard_error: float
    low: float
    high: float


def restricted_mean(curve: Curve, until: float, confidence: float = 0.95) -> RestrictedMean:
    """Return the mean time without the event up to ``until``: the area under the curve, with Greenwood's variance.

    Raise ValueError when nobody was followed that long while some had not had the event: the area is unknown.
    """
    from scipy.special import ndtri

    if not 0 < until < np.inf:
        raise ValueError("restricted_mean: the horizon must be above 0, and finite")
    if until > curve.time[-1] and curve.survival[-1] > 0:
        raise ValueError(f"restricted_mean: nobody was followed for {until}, the last for {curve.time[-1]}")
    within = curve.time < until
    edges = np.concatenate([[0.0], curve.time[within], [until]])
    areas = np.diff(edges) * np.concatenate([[1.0], curve.survival[within]])
    still_to_come = np.cumsum(areas[::-1])[::-1][1:]
    variance = float((still_to_come**2 * _greenwood(curve.events[within], curve.at_risk[within])).sum())
    mean, error = float(areas.sum()), float(np.sqrt(variance))
    half = float(ndtri(0.5 + float(level(confidence)) / 2)) * error
    return RestrictedMean(mean, error, mean - half, mean + half)


def cumulative_incidence(event: npt.ArrayLike, competing: npt.ArrayLike, censored: npt.ArrayLike) -> FloatArray:
    """Return the share of people who had the event by the end of each day (Aalen and Johansen 1978).

    Counts by day on the last axis, whose index is the day. ``competing`` endings end a person's chance of
    the event for ever; the censored were still at risk on the day they left. The curve stays
    at its last value once nobody is followed.
    """
    first: FloatArray = competing_incidences([event, competing], censored).incidence[0]
    return first


class CompetingIncidences(NamedTuple):
    """Shares [endings, ..., days] of people who ended in each way by then, and the share [..., days] of the rest.

    At every time the shares sum to 1.
    """

    incidence: FloatArray
    survival: FloatArray


def competing_incidences(endings: Sequence[npt.ArrayLike], censored: npt.ArrayLike) -> CompetingIncidences:
    """Return the cumulative incidence of each of several endings, such as treated, died and refused.

    Each ending and ``censored`` counts people by day (or another time in order) on the last axis, as for
    ``cumulative_incidence``. Raise ValueError on a negative count, when shapes differ or there is no ending.
    """
    if not len(endings):
        raise ValueError("competing_incidences: there is no ending")
    counts = [not_negative("competing_incidences", part) for part in endings]
    gone = not_negative("competing_incidences (censored)", censored)
    same_shape("competing_incidences", *counts, gone)
    ended = np.sum(counts, axis=0)
    at_risk = _at_risk(ended + gone)
    free_after = np.cumprod(1 - _share(ended, at_risk), axis=-1)
    free_before = np.concatenate([np.ones_like(free_after[..., :1]), free_after[..., :-1]], axis=-1)
    shares = np.stack([np.cumsum(free_before * _share(count, at_risk), axis=-1) for count in counts])
    return CompetingIncidences(shares, np.asarray(free_after, dtype=np.float64))


def median_days(incidence: FloatArray) -> float:
    """Return the first day on which the cumulative incidence [days] is a half; nan when that never comes.

    The last day stands for itself and all later ones, so a half reached only there has no date: nan.
    """
    reached = np.flatnonzero(incidence[:-1] >= 0.5 - ROUNDING)
    return float(reached[0]) if reached.size else float("nan")


def _at_risk(leaving: FloatArray) -> FloatArray:
    """Return who is still followed just before each time, from who leaves at it, along the last axis."""
    return np.asarray(np.cumsum(leaving[..., ::-1], axis=-1)[..., ::-1])


def _greenwood(events: FloatArray, at_risk: FloatArray) -> FloatArray:
    """Return each time's part of Greenwood's sum, d / (n (n - d)); 0 where nobody is left to vary."""
    return np.nan_to_num(divide(events, at_risk * (at_risk - events)))


def _share(count: FloatArray, at_risk: FloatArray) -> FloatArray:
    return count / np.where(at_risk > 0, at_risk, 1.0)
