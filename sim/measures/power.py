"""How many years of real data a spread between areas would need to show.

The test is the usual one of homogeneity: X2 = sum over areas of (O - E)^2 / V on A - 1 degrees of freedom, E and V the
expected events and their binomial variance at the nation's own shares. It is one-sided: only too much spread counts.

Let N_s people a year need stratum s, pi_j of them live in area j, and area effects have SD tau in log odds, so that
access in s is p_s(u), u standard normal, with mean p_s over areas. After Y years the variance of O_j is
V_j lambda_j with

    V_j = Y pi_j v,  v = sum N_s p_s (1 - p_s)
    lambda_j = 1 + (Y pi_j B - C) / v,  B = Var_u(sum N_s p_s(u)),  C = sum N_s Var_u(p_s(u)).

For a small tau that is 1 + tau^2 V_j. X2 is then about a sum of chi-squares with weights lambda_j, less what the
nation's share takes up; g chi-square on h degrees of freedom with the same mean and variance stands for it
(Satterthwaite 1946), and the power is P(g chi2_h > the 95 % point of chi2_{A-1}).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

LEVEL = 0.05
POWER = 0.8
LONGEST_YEARS = 1000.0
"""Years are counted up to here; whatever needs more, or can never show, counts as this."""
SHORTEST_YEARS = 1e-4
HALVINGS = 50
NODES = 15
ATTENUATION = 0.3458
"""(16 sqrt(3) / (15 pi))^2: a logistic curve averaged over normal effects is flatter (Zeger et al. 1988)."""


@dataclass(frozen=True)
class Yearly:
    """What a year brings: people in need [stratum], the share of them with the event [stratum], and where they live.

    ``share`` [area] are the areas' parts of the people, summing to 1.
    """

    people: FloatArray
    probability: FloatArray
    share: FloatArray


@dataclass(frozen=True)
class Moments:
    """v, B and C of the formula: binomial variance a year, and what area effects add to and take off it."""

    binomial: float
    shared: float
    single: float


def moments(yearly: Yearly, tau: float) -> Moments:
    """Return v, B and C by Gauss-Hermite quadrature over the area effect."""
    usable = (yearly.probability > 0) & (yearly.probability < 1) & (yearly.people > 0)
    n, p = yearly.people[usable], yearly.probability[usable]
    points, weight = np.polynomial.hermite_e.hermegauss(NODES)
    weight = weight / weight.sum()
    level = np.log(p / (1 - p)) * np.sqrt(1 + ATTENUATION * tau**2)
    at = 1 / (1 + np.exp(-(level[:, None] + tau * points)))  # [stratum, node]
    deviation = at - (at * weight).sum(axis=1, keepdims=True)
    together = (n[:, None] * deviation).sum(axis=0)
    single = float((n * (weight * deviation**2).sum(axis=1)).sum())
    return Moments(float((n * p * (1 - p)).sum()), float((weight * together**2).sum()), single)


def power(years: float, yearly: Yearly, tau: float) -> float:
    """Return the chance that the test finds the spread after so many years; LEVEL without any."""
    return float(_power(np.array([years]), [moments(yearly, tau)], yearly.share)[0])


def years_to_see(yearly: Yearly, tau: float) -> float:
    """Return the years after which the test has a power of POWER, at most LONGEST_YEARS; nan without anyone in need."""
    return years_to_see_each([yearly], [tau])[0]


def years_to_see_each(cases: Sequence[Yearly], taus: Sequence[float]) -> list[float]:
    """Return the same years for cases that share their areas, each with its own tau; all are searched for at once."""
    found = [float("nan")] * len(cases)
    told = [n for n, case in enumerate(cases) if np.isfinite(taus[n]) and case.people.sum() > 0]
    for n in told:
        found[n] = LONGEST_YEARS
    spread = {n: moments(cases[n], taus[n]) for n in told if taus[n] > 0}
    spread = {n: one for n, one in spread.items() if one.binomial != 0}
    if spread:
        share = cases[0].share
        last = _power(np.full(len(spread), LONGEST_YEARS), list(spread.values()), share)
        seen = {n: one for (n, one), chance in zip(spread.items(), last.tolist(), strict=True) if not chance < POWER}
        for n, years in zip(seen, _halve(list(seen.values()), share), strict=True):
            found[n] = years
    return found


def _halve(found: list[Moments], share: FloatArray) -> list[float]:
    """Return the years from which each has a power of POWER, on the logarithm's scale; all have it in the end."""
    low, high = (np.full(len(found), np.log(years)) for years in (SHORTEST_YEARS, LONGEST_YEARS))
    for _ in range(HALVINGS if found else 0):
        middle = (low + high) / 2
        enough = _power(np.exp(middle), found, share) >= POWER
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return [float(years) for years in np.exp(high)]


def _power(years: FloatArray, found: Sequence[Moments], share: FloatArray) -> FloatArray:
    """Return the power after years [case] of spreads [case] over areas of ``share`` [area]."""
    from scipy.special import chdtrc, chdtri

    parts = np.array([(one.binomial, one.shared, one.single) for one in found])
    binomial, shared, single = parts.T[:, :, None]
    inflation = np.maximum(1 + (years[:, None] * share * shared - single) / binomial, 0.0)
    # The nation's own share is estimated, which projects the scores off the direction sqrt(share).
    mean = (inflation * (1 - share)).sum(axis=1)
    along = np.array([one**2 for one in (share * inflation).sum(axis=1).tolist()])
    square = (inflation**2 * (1 - 2 * share)).sum(axis=1) + along
    scale = square / mean
    limit = chdtri(share.size - 1, LEVEL)
    return np.asarray(chdtrc(mean / scale, limit / scale), dtype=np.float64)
