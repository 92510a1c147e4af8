"""Every index of variation between areas, of the run itself and of its redraws alike."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.measures.area_variation import area_dispersion, area_tau
from sim.measures.funnel_rows import LIMITS, Standardised, share_outside, standardise
from sim.measures.odds import median_odds_ratio_from_variance
from sim.measures.random_intercept import NODES
from sim.measures.spread import (
    coefficients_of_variation,
    extremal_quotients,
    ginis,
    systematic_components,
    theil_parts,
    theils,
)
from sim.measures.strata import AreaStrata

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

SMALLEST_EXPECTED = 5.0
"""The systematic component and the extremal quotient need that many expected events in every area."""

INDICES = (
    "tau_icb",
    "mor_icb",
    "overdispersion_icb",
    *(f"funnel_outside_{name}_icb" for name in LIMITS),
    "cv_icb",
    "theil_icb",
    "theil_between_regions_icb",
    "theil_within_regions_icb",
    "gini_icb",
    "scv_icb",
    "extremal_quotient_icb",
)
"""The indices of ``indices_of``, by the id of their outcome."""


@dataclass(frozen=True)
class Areas:
    """The people and strata whose access is compared, the residents [area] and the region of each area [area]."""

    strata: AreaStrata
    residents: FloatArray
    region: npt.NDArray[np.intp]


def enough_expected(found: Standardised) -> npt.NDArray[np.bool_]:
    """Tell which areas expect enough events, [..., area]."""
    return np.asarray(found.expected >= SMALLEST_EXPECTED)


def indices_of(areas: Areas, events: IntArray, nodes: int = NODES) -> dict[str, FloatArray]:
    """Return each index of events [R, area, stratum] as [R]; nan where its conditions do not hold.

    The measures of inequality compare standardised access, weighted by residents. ``nodes`` are the points of
    the quadrature behind tau.
    """
    people = areas.strata.people
    found = standardise(people, events)
    tau = area_tau(people, events, nodes)
    parts = theil_parts(found.share, areas.residents, areas.region)
    # Whether an area is large enough is asked of the run, not of each redraw.
    dense = bool(enough_expected(standardise(people, areas.strata.events)).all())
    if dense:
        scv, quotient = systematic_components(found.observed, found.expected), extremal_quotients(found.share)
    else:
        scv = quotient = np.full(len(events), np.nan)
    return {
        "tau_icb": tau,
        "mor_icb": median_odds_ratio_from_variance(tau**2),
        "overdispersion_icb": area_dispersion(people, events),
        **{f"funnel_outside_{name}_icb": share_outside(found, limits) for name, limits in LIMITS.items()},
        "cv_icb": coefficients_of_variation(found.share, areas.residents),
        "theil_icb": theils(found.share, areas.residents),
        "theil_between_regions_icb": parts.between,
        "theil_within_regions_icb": parts.within,
        "gini_icb": ginis(found.share, areas.residents),
        "scv_icb": scv,
        "extremal_quotient_icb": quotient,
    }
