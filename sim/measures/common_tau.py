"""One spread for many services: each has area effects of its own, and all have the same tau.

Rare services say little alone. Here each service keeps its own likelihood, with a level of its own and area
effects of its own, and the likelihoods are multiplied; counts of different services are never added. Years are
pooled, because a stratum with two patients in the nation would take its own level from its own luck.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.area_likelihood import AreaLikelihood, tabulate_each
from sim.measures.intervals import Interval
from sim.measures.random_intercept import (
    FIRST_TAU,
    LARGEST_TAU,
    LONGEST_STEP,
    MOST_STEPS,
    NODES,
    SMALLEST_TAU,
    Surface,
    modes,
    surface_at,
)
from sim.measures.strata import AreaStrata, log_odds, national_probability

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

Z_95 = 1.959963984540054
BOUNDLESS = 50.0
"""An interval of the logarithm of tau this wide to either side says nothing of tau."""
FLAT = 1e-12
"""Below this curvature a service says nothing about its own level."""
TOLERANCE = 1e-5
"""In tau, and in the levels' own standard errors: a service that says next to nothing about its level never stands
quite still, and need not."""


class CommonTau(NamedTuple):
    """Maximum-likelihood tau of each data set [R] and its standard error, nan at tau = 0."""

    tau: FloatArray
    standard_error: FloatArray

    def interval(self, data_set: int = 0) -> Interval:
        """Return tau with Wald's 95 % limits on the log scale; without limits at tau = 0 or where boundless."""
        tau, error = float(self.tau[data_set]), float(self.standard_error[data_set])
        if not tau > 0 or Z_95 * error / tau > BOUNDLESS:
            return Interval(tau, math.nan, math.nan, 1)
        factor = math.exp(Z_95 * error / tau)
        return Interval(tau, tau / factor, tau * factor, 1)


def common_tau(strata: AreaStrata, events: IntArray, nodes: int = NODES) -> CommonTau:
    """Fit events [R, area, stratum] of the same people, all data sets at once; nan without a usable stratum."""
    if not strata.service.size:
        nothing = np.full(len(events), np.nan)
        return CommonTau(nothing, nothing)
    first = strata.pooled_years()
    people = np.add.reduceat(strata.people, first, axis=1)
    counts = np.add.reduceat(events, first, axis=2)
    offset = log_odds(national_probability(counts, people))
    service = strata.service[first]
    names = np.unique(service)
    kinds = [service == name for name in names]
    likelihoods = tabulate_each(
        [(counts[:, :, of].astype(np.float64), people[:, of].astype(np.float64), offset[:, of]) for of in kinds]
    )
    tau, error = _climb(likelihoods, len(names), nodes)
    usable = np.isfinite(offset).any(axis=1)
    at_zero = tau <= SMALLEST_TAU
    return CommonTau(np.where(usable, np.where(at_zero, 0.0, tau), np.nan), np.where(usable & ~at_zero, error, np.nan))


def _climb(likelihoods: AreaLikelihood, services: int, nodes: int) -> tuple[FloatArray, FloatArray]:
    """Step uphill in all levels and the common tau; the likelihoods stand service by service, [V * R]."""
    sets = len(likelihoods.events) // services
    shift, tau = np.zeros((services, sets)), np.full(sets, FIRST_TAU)
    effect = np.zeros_like(likelihoods.events)
    for _ in range(MOST_STEPS):
        of_each = np.tile(tau, services)
        effect, spread = modes(likelihoods, shift.ravel(), of_each, effect)
        found = surface_at(likelihoods, (shift.ravel(), of_each), (effect, spread), nodes)
        step_shift, next_tau, error = _newton(found, tau, services)
        certain = np.sqrt(np.maximum(-found.hessian[0], 0.0)).reshape(services, -1)
        moved = np.maximum((np.abs(step_shift) * certain).max(axis=0), np.abs(next_tau - tau))
        if (moved < TOLERANCE).all():
            break
        shift, tau = shift + step_shift, next_tau
    return tau + np.where(moved < TOLERANCE, 0.0, np.nan), error


def _newton(found: Surface, tau: FloatArray, services: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the steps of the levels [V, R], the next tau [R] and the standard error of tau here [R].

    The Hessian is an arrow: levels meet each other only through tau, which is solved for first (Schur).
    """
    by_shift, by_tau, a, b, c = (part.reshape(services, -1) for part in (*found.gradient, *found.hessian))
    bent = a < -FLAT
    safe = np.where(bent, a, -1.0)
    slope = (by_tau - np.where(bent, b / safe * by_shift, 0.0)).sum(axis=0)
    curvature = (c - np.where(bent, b**2 / safe, 0.0)).sum(axis=0)
    dome = curvature < 0
    downhill = np.where(dome, curvature, -1.0)
    uphill = tau * np.where(by_tau.sum(axis=0) > 0, 1.5, 1 / 1.5)
    next_tau = np.where(dome, tau - slope / downhill, uphill)
    next_tau = np.clip(np.clip(next_tau, tau / 4, tau * 3), SMALLEST_TAU, LARGEST_TAU)
    step_tau = np.where(dome, next_tau - tau, 0.0)
    step_shift = np.where(bent, -(by_shift + b * step_tau) / safe, 0.0)
    return np.clip(step_shift, -LONGEST_STEP, LONGEST_STEP), next_tau, np.where(dome, np.sqrt(-1 / downhill), np.nan)
