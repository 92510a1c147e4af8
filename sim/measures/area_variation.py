"""Indices of variation between areas, after indirect standardisation by stratum."""

import numpy as np
import numpy.typing as npt

from sim.measures.overdispersion import standardised_scores, winsorised_dispersion
from sim.measures.random_intercept import NODES, fit_random_intercepts
from sim.measures.strata import areas_by_strata, log_odds, national_probability

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


def area_tau(people: IntArray, events: IntArray, nodes: int = NODES) -> FloatArray:
    """Return tau, the SD of area effects in log odds, of events [R, area, stratum]; people [area, stratum].

    Strata enter with their own data set's national log odds; those at 0 or 1 say nothing and are dropped.
    """
    people, events = areas_by_strata("area_tau", people, events)
    if events.ndim != 3:
        raise ValueError("area_tau: events are data sets by areas by strata")
    offset = log_odds(national_probability(events, people))
    return fit_random_intercepts(events.astype(np.float64), people.astype(np.float64), offset, nodes).tau


def area_dispersion(people: IntArray, events: IntArray) -> FloatArray:
    """Return winsorised phi of the areas' standardised scores, of events [R, area, stratum]."""
    people, events = areas_by_strata("area_dispersion", people, events)
    probability = national_probability(events, people)
    total = events.sum(axis=-1).astype(np.float64)
    return winsorised_dispersion(standardised_scores(total, people.astype(np.float64), probability))
