"""Areas by stratum: the counts from which variation between areas is measured."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class AreaStrata:
    """People and events by area and stratum; a stratum is one service, severity and cohort year."""

    people: IntArray  # [area, stratum]
    events: IntArray  # [area, stratum]
    service: IntArray  # [stratum]: index of the stratum's service
    severity: IntArray  # [stratum]: 0 or 1

    def of_services(self, wanted: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return which strata belong to the services marked in ``wanted`` [S]."""
        return wanted[self.service]

    def part(self, used: npt.NDArray[np.bool_]) -> "AreaStrata":
        """Return the strata marked in ``used`` [stratum]."""
        return AreaStrata(self.people[:, used], self.events[:, used], self.service[used], self.severity[used])

    def pooled_years(self) -> npt.NDArray[np.intp]:
        """Return where the strata of each service and severity begin, for ``np.add.reduceat`` over strata."""
        kind = 2 * self.service + self.severity
        return np.flatnonzero(np.diff(kind, prepend=-1))


def area_strata(people: IntArray, events: IntArray, area_of_place: npt.ArrayLike, areas: int) -> AreaStrata:
    """Add places up to areas: counts [P, S, severity, cohort] to [area, stratum], strata in that order.

    Strata without anyone in the nation are left out.
    """
    index = np.asarray(area_of_place, dtype=np.intp)
    flat = tuple(_sum_to_areas(counts, index, areas) for counts in (people, events))
    present = flat[0].sum(axis=0) > 0
    service, severity, _ = (axis.ravel()[present] for axis in np.indices(people.shape[1:]))
    return AreaStrata(flat[0][:, present], flat[1][:, present], service.astype(np.int64), severity.astype(np.int64))


def _sum_to_areas(counts: IntArray, area_of_place: npt.NDArray[np.intp], areas: int) -> IntArray:
    flat = counts.reshape(counts.shape[0], -1)
    return np.stack([flat[area_of_place == area].sum(axis=0) for area in range(areas)])


def national_probability(events: npt.NDArray[np.integer], people: IntArray) -> FloatArray:
    """Return the pooled probability of each stratum, [..., area, stratum] to [..., stratum]."""
    return np.asarray(events.sum(axis=-2) / people.sum(axis=-2), dtype=np.float64)


def log_odds(probability: FloatArray) -> FloatArray:
    """Return the log odds; minus or plus infinity where nobody or everybody had the event."""
    with np.errstate(divide="ignore"):
        return np.log(probability) - np.log1p(-probability)
