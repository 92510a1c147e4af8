"""Control limits of a funnel plot of ratios or rates, exact under Poisson counts."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, divide, level, not_negative, same_shape
from sim.measures.rates import count_limits, poisson_limits


class RatioLimits(NamedTuple):
    """Limits of the ratio at each observed count, and the expected counts at which they hold."""

    low: FloatArray
    high: FloatArray
    expected_at_low: FloatArray
    expected_at_high: FloatArray


def ratio_limits_at_observed(observed: npt.ArrayLike, confidence: float = 0.95) -> RatioLimits:
    """Return limits of observed over expected along an axis of observed counts, as English public health draws them.

    A count O lies on the lower limit where P(X <= O) is half of what is left over by ``confidence``, with X
    Poisson of that expected count; on the upper where P(X >= O) is. No expected count makes 0 events too many,
    so the upper limit at 0 is nan. Raise ValueError on a negative count.
    """
    count = not_negative("ratio_limits_at_observed", observed)
    few, many = poisson_limits(count, confidence)
    return RatioLimits(divide(count, many), divide(count, few), many, few)


def ratio_limits_at_expected(expected: npt.ArrayLike, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Return limits of observed over expected along an axis of expected counts: Garwood's of a count equal to it.

    Close to, but not the same as, the Poisson quantile. Nan where nothing is expected. Raise ValueError on a
    negative expected count.
    """
    mean = not_negative("ratio_limits_at_expected", expected)
    low, high = poisson_limits(mean, confidence)
    return divide(low, mean), divide(high, mean)


def pooled_rate(events: npt.ArrayLike, rate: npt.ArrayLike, population: npt.ArrayLike | None = None) -> float:
    """Return the baseline of a funnel of rates, per one person: all events over the populations that rates imply.

    ``rate`` [areas] is per person; a standardised rate implies events / rate people. An area without events
    counts with its ``population`` where that is given and is left out otherwise. Raise ValueError where
    there are events at a rate of 0, or no events at all.
    """
    count, per_person = not_negative("pooled_rate (events)", events), not_negative("pooled_rate (rate)", rate)
    same_shape("pooled_rate", count, per_person)
    if ((count > 0) & (per_person == 0)).any():
        raise ValueError("pooled_rate: there are events at a rate of 0")
    if count.sum() <= 0:
        raise ValueError("pooled_rate: there are no events")
    known = np.zeros_like(count) if population is None else not_negative("pooled_rate (population)", population)
    same_shape("pooled_rate", count, known)
    people = np.where(count > 0, count / np.where(per_person > 0, per_person, 1.0), known)
    return float(count.sum() / people.sum())


LABELS = ("Low (0.001)", "Low (0.025)", "Not significant", "High (0.025)", "High (0.001)")
"""Where an area lies: beyond 99.8 % limits, beyond 95 % limits, or between them."""


def label(z: npt.ArrayLike) -> list[str]:
    """Return the label of each standardised score; an area without a score (nan) is not significant."""
    from scipy.special import ndtri

    score = np.nan_to_num(np.asarray(z, dtype=np.float64))
    edges = [float(ndtri(share)) for share in (0.001, 0.025, 0.975, 0.999)]
    low = (score < edges[0]).astype(int) + (score < edges[1])
    high = (score > edges[2]).astype(int) + (score > edges[3])
    return [LABELS[2 + up - down] for up, down in zip(np.ravel(high), np.ravel(low), strict=True)]


def label_proportions(events: npt.ArrayLike, people: npt.ArrayLike) -> list[str]:
    """Return where each area's proportion lies against the pooled one, by Wilson's limits turned round."""
    count, n = not_negative("label_proportions (events)", events), not_negative("label_proportions (people)", people)
    same_shape("label_proportions", count, n)
    pooled = float(divide(count.sum(), n.sum()))
    return label(divide(count - n * pooled, np.sqrt(n * pooled * (1 - pooled))))


def label_ratios(observed: npt.ArrayLike, expected: npt.ArrayLike) -> list[str]:
    """Return where each area's ratio lies against 1: whether the limits of its count (``count_limits``) hold E.

    An area with nothing expected is not significant. Raise ValueError on negative counts.
    """
    count, mean = not_negative("label_ratios (observed)", observed), not_negative("label_ratios (expected)", expected)
    same_shape("label_ratios", count, mean)
    side = np.zeros(count.shape, dtype=np.int64)
    for confidence in (0.95, 0.998):
        low, high = count_limits(count, float(level(confidence)))
        side += np.where(mean > 0, (low > mean).astype(np.int64) - (high < mean), 0)
    return [LABELS[2 + step] for step in np.ravel(side)]
