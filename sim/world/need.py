"""Expected need by place: what an allocation formula can see of it (age and deprivation)."""

from math import erf, sqrt

import numpy as np

from sim.world.places import Places
from sim.world.services import Services
from sim.world.tables import FloatArray

BAND_STARTS = (0.0, 16.0, 65.0)  # ages at which the three bands of places.csv begin
FIFTHS_APART = 0.8  # deprivation rank between the middles of the most and the least deprived fifth


def expected_need(places: Places, services: Services) -> FloatArray:
    """Return people a year in need, float64[P, S]; every column sums to the service's need_per_year.

    Need goes with population, with the place's age bands weighted by where onsets fall, and with
    deprivation, so that the most deprived fifth has deprivation_gradient times the rate of the least.
    """
    relative = age_factor(places, services) * deprivation_factor(places, services)
    weight = places.population[:, None] * relative
    return np.asarray(weight * (services.need_per_year / weight.sum(axis=0)), dtype=np.float64)


def age_factor(places: Places, services: Services) -> FloatArray:
    """Return the rate of onsets a place's ages imply, over the rate in England, float64[P, S]."""
    share = np.stack([places.share_0_15, 1 - places.share_0_15 - places.share_65_plus, places.share_65_plus], axis=1)
    national = np.average(share, axis=0, weights=places.population)
    ratio = np.divide(share, national, out=np.ones_like(share), where=national > 0)
    return np.asarray(ratio @ onset_shares(services).T, dtype=np.float64)


def onset_shares(services: Services) -> FloatArray:
    """Return the share of onsets in each age band, float64[S, 3]; onset ages are normal, cut off below 0."""
    shares = np.empty((len(services.ids), len(BAND_STARTS)))
    for s, (mean, sd) in enumerate(zip(services.onset_age_mean, services.onset_age_sd, strict=True)):
        below = [_normal_below(start, mean, sd) for start in BAND_STARTS] + [1.0]
        shares[s] = np.diff(below) / (1.0 - below[0])
    return shares


def _normal_below(age: float, mean: float, sd: float) -> float:
    """Return the share of a normal distribution below an age; everybody at the mean when sd is 0."""
    if sd == 0:
        return float(age > mean)
    return 0.5 * (1 + erf((age - mean) / (sd * sqrt(2))))


def deprivation_factor(places: Places, services: Services) -> FloatArray:
    """Return the rate of onsets a place's deprivation implies, 1 in the middle, float64[P, S]."""
    steps = (places.deprivation_rank - 0.5) / FIFTHS_APART
    return np.asarray(services.deprivation_gradient[None, :] ** steps[:, None], dtype=np.float64)
