"""One spread for many services: each has area effects of its own, and all have the same tau.

Rare services say little alone. Here each service keeps its own likelihood, with a level of its own and area
effects of its own, and the likelihoods are multiplied; counts of different services are never added. Years are
pooled, because a stratum with two patients in the nation would take its own level from its own luck.
"""

import numpy as np
import numpy.typing as npt

from sim.measures.area_likelihood import AreaLikelihood, tabulate_each
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

FLAT = 1e-12
"""Below this curvature a service says nothing about its own level."""
TOLERANCE = 1e-5
"""In tau, and in the levels' own standard errors: a service that says next to nothing about its level never stands
quite still, and need not."""


def common_tau(strata: AreaStrata, events: IntArray, nodes: int = NODES) -> FloatArray:
    """Fit events [R, area, stratum] of the same people, all data sets at once; return the tau of each [R].

    By maximum likelihood; nan without a usable stratum, 0 where the likelihood falls from there on.
    """
    if not strata.service.size:
        return np.full(len(events), np.nan)
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
    tau = _climb(likelihoods, len(names), nodes)
    return np.where(np.isfinite(offset).any(axis=1), np.where(tau <= SMALLEST_TAU, 0.0, tau), np.nan)


def _climb(likelihoods: AreaLikelihood, services: int, nodes: int) -> FloatArray:
    """Step uphill in all levels and the common tau; the likelihoods stand service by service, [V * R]."""
    sets = len(likelihoods.events) // services
    shift, tau = np.zeros((services, sets)), np.full(sets, FIRST_TAU)
    effect = np.zeros_like(likelihoods.events)
    for _ in range(MOST_STEPS):
        of_each = np.tile(tau, services)
        effect, spread = modes(likelihoods, shift.ravel(), of_each, effect)
        found = surface_at(likelihoods, (shift.ravel(), of_each), (effect, spread), nodes)
        step_shift, next_tau = _newton(found, tau, services)
        certain = np.sqrt(np.maximum(-found.hessian[0], 0.0)).reshape(services, -1)
        moved = np.maximum((np.abs(step_shift) * certain).max(axis=0), np.abs(next_tau - tau))
        if (moved < TOLERANCE).all():
            break
        shift, tau = shift + step_shift, next_tau
    return np.asarray(tau + np.where(moved < TOLERANCE, 0.0, np.nan))


def _newton(found: Surface, tau: FloatArray, services: int) -> tuple[FloatArray, FloatArray]:
    """Return the steps of the levels [V, R] and the next tau [R].

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
    return np.clip(step_shift, -LONGEST_STEP, LONGEST_STEP), next_tau
