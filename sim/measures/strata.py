"""Areas by stratum: the counts from which variation between areas is measured."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.measures.checks import divide

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
    """Return the pooled probability of each stratum, [..., area, stratum] to [..., stratum]; nan without people."""
    among, happened = areas_by_strata("national_probability", people, events)
    return divide(happened.sum(axis=-2), among.sum(axis=-2))


def log_odds(probability: FloatArray) -> FloatArray:
    """Return the log odds; minus or plus infinity where nobody or everybody had the event, nan where it is unknown.

    Raise ValueError on what is no probability.
    """
    share = np.asarray(probability, dtype=np.float64)
    if ((share < 0) | (share > 1)).any():
        raise ValueError("log_odds: a probability lies from 0 to 1")
    with np.errstate(divide="ignore"):
        return np.log(share) - np.log1p(-share)


def areas_by_strata(what: str, people: npt.ArrayLike, events: npt.ArrayLike) -> tuple[IntArray, IntArray]:
    """Return people [area, stratum] and events [..., area, stratum] as arrays; raise ValueError on others."""
    among, happened = np.asarray(people), np.asarray(events)
    if among.ndim != 2 or happened.shape[-2:] != among.shape:
        raise ValueError(f"{what}: people are areas by strata, and events end in the same two dimensions")
    if not ((happened >= 0) & (happened <= among)).all():
        raise ValueError(f"{what}: events are from 0 to the number of people")
    return among, happened
