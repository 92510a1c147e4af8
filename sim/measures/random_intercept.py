"""Random-intercept logistic regression over areas: how far areas differ beyond chance."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.area_likelihood import AreaLikelihood, tabulate
from sim.measures.checks import events_among

FloatArray = npt.NDArray[np.float64]

NODES = 25
"""Gauss-Hermite points per area, placed around the area's own most likely effect."""

SMALLEST_TAU = 1e-3
LARGEST_TAU = 5.0
"""Bounds of the search; an estimate that ends on the lower one is reported as 0."""

FIRST_TAU = 0.5
MOST_STEPS = 100
LONGEST_STEP = 2.0
TOLERANCE = 1e-8
PEAK_TOLERANCE = 1e-5
"""The nodes need only stand near the peak; the answer does not depend on where exactly."""


class RandomIntercept(NamedTuple):
    """The fitted model: every area's log odds are offset + shift + N(0, tau)."""

    shift: float
    tau: float
    log_likelihood: float


class RandomIntercepts(NamedTuple):
    """The same for R data sets: shift, tau and log likelihood, each [R]."""

    shift: FloatArray
    tau: FloatArray
    log_likelihood: FloatArray


def fit_random_intercept(events: npt.ArrayLike, people: npt.ArrayLike, offset_logit: npt.ArrayLike) -> RandomIntercept:
    """Fit by maximum likelihood from events and people [area, stratum] and known log odds [stratum].

    A stratum with infinite log odds (nobody or everybody had the event) says nothing and is dropped.
    The log likelihood leaves out the binomial coefficients. All nan when no stratum is left. Raise ValueError
    on negative counts, more events than people, or shapes that do not match.
    """
    count, n = events_among("fit_random_intercept", events, people)
    offset = np.asarray(offset_logit, dtype=np.float64)
    if count.ndim != 2 or count.shape != n.shape or offset.shape != count.shape[1:]:
        raise ValueError("fit_random_intercept: events and people are areas by strata, with log odds by stratum")
    fit = fit_random_intercepts(count[None], n, offset[None])
    return RandomIntercept(float(fit.shift[0]), float(fit.tau[0]), float(fit.log_likelihood[0]))


def fit_random_intercepts(
    events: FloatArray, people: FloatArray, offset_logit: FloatArray, nodes: int = NODES
) -> RandomIntercepts:
    """Fit R data sets at once: events [R, area, stratum], people [area, stratum], log odds [R, stratum].

    Adaptive Gauss-Hermite quadrature over the area effect, Newton steps with the exact Hessian
    (Louis 1982). Deterministic: no random start, no threaded sums. A data set without a usable stratum,
    or whose search does not settle, comes back as nan.
    """
    areas = tabulate(events, people, offset_logit)
    shift, tau, log_likelihood = _climb(areas, nodes)
    used = np.isfinite(offset_logit)
    constant = np.einsum("ras,rs->r", events, np.where(used, offset_logit, 0.0))
    unknown = np.where(used.any(axis=1), 0.0, np.nan)
    at_zero = tau <= SMALLEST_TAU
    return RandomIntercepts(shift + unknown, np.where(at_zero, 0.0, tau) + unknown, log_likelihood + constant + unknown)


def _climb(areas: AreaLikelihood, nodes: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Step uphill from no shift and a middling tau until every data set stands still."""
    sets = len(areas.events)
    shift, tau = np.zeros(sets), np.full(sets, FIRST_TAU)
    effect = np.zeros_like(areas.events)
    for _ in range(MOST_STEPS):
        effect, spread = modes(areas, shift, tau, effect)
        surface = surface_at(areas, (shift, tau), (effect, spread), nodes)
        step_shift, next_tau = _newton(surface, tau)
        moved = np.maximum(np.abs(step_shift), np.abs(next_tau - tau))
        if (moved < TOLERANCE).all():
            break
        shift, tau = shift + step_shift, next_tau
    settled = np.where(moved < TOLERANCE, 0.0, np.nan)
    return shift + settled, tau + settled, surface.log_likelihood


def modes(
    areas: AreaLikelihood, shift: FloatArray, tau: FloatArray, effect: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return each area's most likely effect [R, A] and the width of the peak there."""
    precision = 1 / tau[:, None] ** 2
    for _ in range(MOST_STEPS):
        slope, curvature = areas.slope_and_curvature(effect)
        peak = curvature + precision
        step = (areas.events - slope - precision * (effect - shift[:, None])) / peak
        effect = effect + np.clip(step, -LONGEST_STEP, LONGEST_STEP)
        if np.abs(step).max() < PEAK_TOLERANCE:
            break
    return effect, 1 / np.sqrt(peak)


class Surface(NamedTuple):
    """Log likelihood [R] with its gradient and Hessian in (shift, tau)."""

    log_likelihood: FloatArray
    gradient: tuple[FloatArray, FloatArray]
    hessian: tuple[FloatArray, FloatArray, FloatArray]  # shift-shift, shift-tau, tau-tau


def surface_at(
    areas: AreaLikelihood,
    at: tuple[FloatArray, FloatArray],
    peaks: tuple[FloatArray, FloatArray],
    nodes: int,
) -> Surface:
    """Integrate out the area effects around their peaks; differentiate by Fisher's and Louis's identities."""
    shift, tau = at[0][:, None], at[1][:, None]
    effect, spread = peaks
    points, weights = (part[:, None, None] for part in quadrature(nodes))
    x = effect + np.sqrt(2.0) * spread * points  # [node, R, A]
    d = x - shift
    log = areas.events * x - areas.normaliser(x) - d**2 / (2 * tau**2)
    log += points**2 + np.log(weights)
    top = log.max(axis=0)
    mass = np.exp(log - top)
    total = sum_over_nodes(mass)
    likelihood = top + np.log(total * spread / (tau * np.sqrt(np.pi)))
    mass /= total
    m1, m2, m3, m4 = _raw_moments(mass, d)
    gradient = ((m1 / tau**2).sum(axis=1), (m2 / tau**3 - 1 / tau).sum(axis=1))
    hessian = (
        ((m2 - m1**2) / tau**4 - 1 / tau**2).sum(axis=1),
        ((m3 - m1 * m2) / tau**5 - 2 * m1 / tau**3).sum(axis=1),
        ((m4 - m2**2) / tau**6 - 3 * m2 / tau**4 + 1 / tau**2).sum(axis=1),
    )
    return Surface(likelihood.sum(axis=1), gradient, hessian)


@lru_cache
def quadrature(nodes: int) -> tuple[FloatArray, FloatArray]:
    """Return the points and weights of Gauss-Hermite quadrature."""
    points, weights = np.polynomial.hermite.hermgauss(nodes)
    return points, weights


def sum_over_nodes(terms: FloatArray) -> FloatArray:
    """Add terms [node, ...] over the nodes in the order in which numpy adds along a last axis.

    Nodes that come first make every step run along the areas, which is several times faster. The order keeps the
    last digits of published tables: eight sums run beside each other, are added in pairs, and the rest follows.
    """
    beside = 8
    whole = len(terms) // beside * beside
    if not whole:
        return np.asarray(terms.sum(axis=0))
    sums = terms[:whole].reshape(-1, beside, *terms.shape[1:]).sum(axis=0)
    while len(sums) > 1:
        sums = sums[::2] + sums[1::2]
    total: FloatArray = sums[0]
    for term in terms[whole:]:
        total = total + term
    return total


def _raw_moments(mass: FloatArray, d: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return the first four raw moments of d [node, ...] under the probabilities in ``mass``."""
    first = mass * d
    second = first * d
    third = second * d
    return sum_over_nodes(first), sum_over_nodes(second), sum_over_nodes(third), sum_over_nodes(third * d)


def _newton(surface: Surface, tau: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the step of the shift and the next tau; off the dome, tau goes uphill by half of itself."""
    by_shift, by_tau = surface.gradient
    a, b, c = surface.hessian
    determinant = a * c - b**2
    dome = (determinant > 0) & (a < 0)
    safe = np.where(dome, determinant, 1.0)
    step_shift = np.where(dome, -(c * by_shift - b * by_tau) / safe, -by_shift / np.minimum(a, -1e-300))
    newton_tau = tau - (a * by_tau - b * by_shift) / safe
    next_tau = np.where(dome, newton_tau, tau * np.where(by_tau > 0, 1.5, 1 / 1.5))
    next_tau = np.clip(np.clip(next_tau, tau / 4, tau * 3), SMALLEST_TAU, LARGEST_TAU)
    return np.clip(step_shift, -LONGEST_STEP, LONGEST_STEP), next_tau
