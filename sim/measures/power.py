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
    return _power(years, moments(yearly, tau), yearly.share)


def years_to_see(yearly: Yearly, tau: float) -> float:
    """Return the years after which the test has a power of POWER, at most LONGEST_YEARS; nan without anyone in need."""
    if not (np.isfinite(tau) and yearly.people.sum() > 0):
        return float("nan")
    found = moments(yearly, tau)
    low, high = np.log(SHORTEST_YEARS), np.log(LONGEST_YEARS)
    if found.binomial == 0 or tau <= 0 or _power(LONGEST_YEARS, found, yearly.share) < POWER:
        return LONGEST_YEARS
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        enough = _power(float(np.exp(middle)), found, yearly.share) >= POWER
        low, high = (low, middle) if enough else (middle, high)
    return float(np.exp(high))


def _power(years: float, found: Moments, share: FloatArray) -> float:
    from scipy.special import chdtrc, chdtri

    inflation = np.maximum(1 + (years * share * found.shared - found.single) / found.binomial, 0.0)
    # The nation's own share is estimated, which projects the scores off the direction sqrt(share).
    mean = float((inflation * (1 - share)).sum())
    square = (inflation**2 * (1 - 2 * share)).sum() + (share * inflation).sum() ** 2
    scale = float(square) / mean
    limit = float(chdtri(share.size - 1, LEVEL))
    return float(chdtrc(mean / scale, limit / scale))
