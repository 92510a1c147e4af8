"""Rates made comparable between areas of different make-up: direct and indirect standardisation.

Arrays run over the bands (age, sex, severity) of one area. A band in which an area has nobody adds nothing
and keeps its weight. Every function raises ValueError on negative numbers or shapes that differ.
"""

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.checks import FloatArray, divide, level, not_negative, same_shape
from sim.measures.rates import byar_limits, count_limits

FEWEST_EVENTS = 10
"""English public-health practice shows no directly standardised rate of fewer events than this."""


class StandardisedRate(NamedTuple):
    """A standardised rate, the crude one beside it, and the limits of the first, all per the same people."""

    value: float
    low: float
    high: float
    crude: float


class StandardisedRatio(NamedTuple):
    """Observed over expected events with its limits; nan when nothing was expected."""

    value: float
    low: float
    high: float
    observed: float
    expected: float


def direct_standardised_rate(
    count: npt.ArrayLike,
    population: npt.ArrayLike,
    standard: npt.ArrayLike,
    confidence: float = 0.95,
    limits: Literal["dobson", "fay_feuer"] = "dobson",
) -> StandardisedRate:
    """Return sum(w x / n) / sum(w), per person, with w the standard population's people.

    "dobson" scales Byar's limits of the total count (Dobson et al. 1991), and is nan altogether below
    FEWEST_EVENTS events; "fay_feuer" are gamma limits (Fay and Feuer 1997), which hold for any count.
    """
    x, people, weight = _bands("direct_standardised_rate", count, population, standard)
    if weight.sum() <= 0:
        raise ValueError("direct_standardised_rate: the weights sum to 0")
    share = weight / weight.sum() / np.where(people > 0, people, 1.0)
    total, value, variance = float(x.sum()), float((share * x).sum()), float((share**2 * x).sum())
    crude = total / float(people.sum())
    if limits == "fay_feuer":
        low, high = _fay_feuer(value, variance, float(share[people > 0].max()), confidence)
    elif total < FEWEST_EVENTS:
        return StandardisedRate(np.nan, np.nan, np.nan, crude)
    else:
        scale = np.sqrt(variance / total)
        low, high = (value + scale * (float(limit) - total) for limit in byar_limits(total, confidence))
    return StandardisedRate(value, float(low), float(high), crude)


def indirect_standardised_ratio(
    count: npt.ArrayLike,
    population: npt.ArrayLike,
    reference_count: npt.ArrayLike,
    reference_population: npt.ArrayLike,
    confidence: float = 0.95,
) -> StandardisedRatio:
    """Return observed over expected, where the expected are the reference's rates in this area's bands.

    Limits are those of the observed count (``count_limits``) over the expected.
    """
    what = "indirect_standardised_ratio"
    x, people, cases = _bands(what, count, population, reference_count)
    base = not_negative(f"{what} (reference population)", reference_population)
    same_shape(what, people, base)
    if ((base == 0) & (cases > 0)).any():
        raise ValueError(f"{what}: the reference has events in a band without people")
    expected = float((people * cases / np.where(base > 0, base, 1.0)).sum())
    observed = float(x.sum())
    fewest, most = count_limits(observed, confidence)
    value, low, high = (float(divide(part, expected)) for part in (observed, fewest, most))
    return StandardisedRatio(value, low, high, observed, expected)


def reference_rate(reference_count: npt.ArrayLike, reference_population: npt.ArrayLike) -> float:
    """Return the reference's crude rate per person, which turns a standardised ratio into a rate."""
    cases, base = not_negative("reference_rate", reference_count), not_negative("reference_rate", reference_population)
    if base.sum() <= 0:
        raise ValueError("reference_rate: the reference has no people")
    return float(cases.sum() / base.sum())


def _fay_feuer(value: float, variance: float, largest: float, confidence: float) -> tuple[float, float]:
    """Return the gamma limits of a weighted sum of Poisson counts; ``largest`` is the largest weight of one event."""
    from scipy.special import gammaincinv

    tail = (1 - float(level(confidence))) / 2
    low = variance / value * float(gammaincinv(value**2 / variance, tail)) if value > 0 else 0.0
    above, spread = value + largest, variance + largest**2
    return low, spread / above * float(gammaincinv(above**2 / spread, 1 - tail))


def _bands(
    what: str, count: npt.ArrayLike, population: npt.ArrayLike, third: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    x, people, other = (not_negative(what, part) for part in (count, population, third))
    same_shape(what, x, people, other)
    if ((people == 0) & (x > 0)).any():
        raise ValueError(f"{what}: there are events in a band without people")
    if people.sum() <= 0:
        raise ValueError(f"{what}: nobody lives in any band")
    return x, people, other
