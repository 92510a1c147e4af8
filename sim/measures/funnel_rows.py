"""What a funnel plot needs: standardised access by area, and the share of areas outside the limits."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.funnel import exact_limit
from sim.measures.rows import AREA_LEVEL, Grid, Row, ratio
from sim.measures.strata import AreaStrata, national_probability

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

LIMITS = {"95": (0.025, 0.975), "998": (0.001, 0.999)}
"""The two pairs of control limits and the share of areas that lies below each by chance."""


class Standardised(NamedTuple):
    """Observed and expected events [..., area], the people [area] and the national share [...]."""

    observed: FloatArray
    expected: FloatArray
    people: IntArray
    national: FloatArray

    @property
    def share(self) -> FloatArray:
        """Return observed over expected times the national share; nan where nothing could be expected.

        Where nobody in the nation was treated in time every area with people has 0.
        """
        possible = self.expected > 0
        quotient = self.observed / np.where(possible, self.expected, 1.0)
        nobody = (self.national[..., None] == 0) & (self.people > 0)
        return np.where(possible, quotient * self.national[..., None], np.where(nobody, 0.0, np.nan))


def standardise(people: IntArray, events: IntArray) -> Standardised:
    """Standardise events [..., area, stratum] indirectly: what each area would have at the nation's shares."""
    expected = np.einsum("as,...s->...a", people.astype(np.float64), national_probability(events, people))
    everyone = people.sum()
    national = events.sum(axis=(-2, -1)) / everyone if everyone else np.full(events.shape[:-2], np.nan)
    return Standardised(events.sum(axis=-1).astype(np.float64), expected, people.sum(axis=-1), np.asarray(national))


def share_outside(standardised: Standardised, limits: tuple[float, float]) -> FloatArray:
    """Return the share of areas [...] outside exact binomial limits; nan when no area can be judged.

    Nobody can stand out where everybody or nobody in the nation was treated in time: then it is 0.
    """
    judged = (standardised.people > 0) & np.isfinite(standardised.share)
    open_outcome = (standardised.national > 0) & (standardised.national < 1)
    target = np.where(open_outcome, standardised.national, 0.5)[..., None]
    people = np.maximum(standardised.people, 1)
    low, high = (exact_limit(people, target, probability) for probability in limits)
    with np.errstate(invalid="ignore"):
        outside = (standardised.share < low) | (standardised.share > high)
    counted = judged.sum(axis=-1)
    share = (outside & judged & open_outcome[..., None]).sum(axis=-1) / np.maximum(counted, 1)
    return np.asarray(np.where(counted > 0, share, np.nan), dtype=np.float64)


def standardised_rows(service: str, strata: AreaStrata, grid: Grid) -> list[Row]:
    """Return standardised access for the nation and each area, counted in agents: one stroke of luck each.

    A numerator is the events that an area of the nation's case mix would have, the denominator its people.
    """
    found = standardise(strata.people, strata.events)
    total, everyone = float(found.observed.sum()), float(found.people.sum())
    measure = "standardised_access"
    rows = [Row(measure, service, total, everyone, ratio(total, everyone))]
    for code, share, people in zip(grid.area_codes, found.share.tolist(), found.people.tolist(), strict=True):
        rows.append(Row(measure, service, share * people, float(people), share, AREA_LEVEL, code))
    return rows
