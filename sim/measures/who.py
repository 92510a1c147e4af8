"""Who gains and who loses: access by groups of places and of services, and how the worst and best served fare."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.measures.rows import ALL_PATIENTS, ALL_SERVICES, AREA_LEVEL, NATION

if TYPE_CHECKING:
    from sim.world.world import World

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

WEIGHTINGS = (ALL_PATIENTS, ALL_SERVICES)
"""Patients pooled, so that common services count most; or the mean over services, each counting alike."""

RURAL_SHARES = (0.26, 0.50)
RURALITY = (
    ("urban", "mainly urban places, under 26 % of people rural"),
    ("mixed", "places with 26 to 50 % of people rural"),
    ("rural", "mainly rural places, 50 % of people rural or more"),
)
"""Classes of places, cut where the official classification of local authorities (2011) cuts."""
PEOPLE_A_YEAR = (50.0, 500.0, 5000.0)
RARITY = (
    ("under_50", "services for under 50 people a year"),
    ("50_to_500", "services for 50 to 500 people a year"),
    ("500_to_5000", "services for 500 to 5,000 people a year"),
    ("over_5000", "services for 5,000 people a year or more"),
)
"""Classes of services by the people in England who come to need them in a year."""
FIFTHS = (
    ("1_most_deprived", "the fifth of people in the most deprived places"),
    ("2", "the second most deprived fifth"),
    ("3", "the middle fifth by deprivation"),
    ("4", "the second least deprived fifth"),
    ("5_least_deprived", "the fifth of people in the least deprived places"),
)


@dataclass(frozen=True)
class Grouping:
    """A way to sort people into groups: by the place they live in or by the service they need.

    ``of_place`` is int[P] and ``of_service`` int[S], positions in ``groups``; exactly one of them is given.
    """

    id: str
    label: str
    groups: Sequence[tuple[str, str]]  # id and words
    of_place: IntArray | None = None
    of_service: IntArray | None = None


def groupings(world: "World") -> list[Grouping]:
    """Return the groupings of a world: England, ICBs (if any), deprivation, rurality, rarity, tier and service."""
    places, services = world.places, world.services
    found = [_by_place("england", "England", [(NATION, NATION)], np.zeros(len(places.codes)))]
    if AREA_LEVEL in places.unit_of:
        names = zip(places.unit_codes[AREA_LEVEL], places.unit_names[AREA_LEVEL], strict=True)
        found.append(_by_place("icb", "ICB", list(names), places.unit_of[AREA_LEVEL]))
    rural = np.digitize(places.rural_share, RURAL_SHARES)
    rarity = np.digitize(services.need_per_year, PEOPLE_A_YEAR)
    tiers = sorted(set(services.groups))
    tier = np.array([tiers.index(group) for group in services.groups])
    every = np.arange(len(services.ids), dtype=np.int64)
    words = [(name, f"{name.replace('_', ' ')} services") for name in tiers]
    return [
        *found,
        _by_place("deprivation", "deprivation", FIFTHS, places.deprivation_fifth.astype(np.int64) - 1),
        _by_place("rurality", "rurality", RURALITY, rural),
        Grouping("rarity", "rarity of the service", RARITY, of_service=rarity.astype(np.int64)),
        Grouping("tier", "tier of the service", words, of_service=tier.astype(np.int64)),
        Grouping("service", "service", list(zip(services.ids, services.names, strict=True)), of_service=every),
    ]


def _by_place(name: str, label: str, groups: Sequence[tuple[str, str]], of_place: npt.ArrayLike) -> Grouping:
    return Grouping(name, label, groups, of_place=np.asarray(of_place, dtype=np.int64))


def access_of_groups(people: FloatArray, reached: FloatArray, grouping: Grouping, weighting: str) -> FloatArray:
    """Return the share treated in time in each group, float64[G], nan where nobody was in need.

    ``people`` and ``reached`` are counts [P, S]. With every service alike, a group's share is the mean over
    those of its services that anybody in it needed.
    """
    need, hits = (_by_group(counts, grouping) for counts in (people, reached))
    if weighting == ALL_PATIENTS:
        need, hits = need.sum(axis=1, keepdims=True), hits.sum(axis=1, keepdims=True)
    share = np.divide(hits, need, out=np.zeros_like(need), where=need > 0)
    services = (need > 0).sum(axis=1)
    mean: FloatArray = np.divide(share.sum(axis=1), services, out=np.full(services.size, np.nan), where=services > 0)
    return mean


def _by_group(counts: FloatArray, grouping: Grouping) -> FloatArray:
    """Sum counts [P, S] to [G, S]; a service outside a group has none there."""
    groups = np.arange(len(grouping.groups))[:, np.newaxis]
    if grouping.of_place is not None:
        belongs = (grouping.of_place == groups).astype(np.float64)
        by_place: FloatArray = belongs @ counts
        return by_place
    by_service: FloatArray = (grouping.of_service == groups) * counts.sum(axis=0)
    return by_service


def residents_of_groups(population: IntArray, grouping: Grouping) -> FloatArray:
    """Return the people who live in each group, float64[G]; nan for groups of services."""
    if grouping.of_place is None:
        return np.full(len(grouping.groups), np.nan)
    return np.bincount(grouping.of_place, population, len(grouping.groups)).astype(np.float64)


def tail_mean(share: FloatArray, residents: FloatArray, part: float = 0.1, best: bool = False) -> float:
    """Return the mean access of the worst (or best) served ``part`` of the residents, by the area they live in.

    Areas stand in order of their share; the area at the edge counts with the residents that still fit in.
    Areas without anyone in need are left out; nan when none is left.
    """
    known = np.isfinite(share)
    value, weight = share[known], residents[known]
    if weight.sum() <= 0:
        return float("nan")
    order = np.argsort(-value if best else value, kind="stable")
    value, weight = value[order], weight[order] / weight.sum()
    before = np.concatenate([[0.0], np.cumsum(weight)[:-1]])
    counted = np.clip(part - before, 0.0, weight)
    return float((counted * value).sum() / counted.sum())


def spread(share: FloatArray, residents: FloatArray) -> float:
    """Return the standard deviation of access between areas, weighted by residents; nan without anyone in need."""
    known = np.isfinite(share)
    value, weight = share[known], residents[known]
    if weight.sum() <= 0:
        return float("nan")
    mean = np.average(value, weights=weight)
    return float(np.sqrt(np.average((value - mean) ** 2, weights=weight)))


def moved(share: FloatArray, before: FloatArray, residents: FloatArray, by: float) -> tuple[float, float]:
    """Return the shares of residents whose area's access falls, and rises, by at least ``by``."""
    change, everyone = share - before, residents.sum()
    falls, rises = (residents[mask].sum() / everyone for mask in (change <= -by, change >= by))
    return float(falls), float(rises)


def two_sided_p(differences: npt.ArrayLike) -> float:
    """Return the p value of Student's t test that paired differences have mean 0; nan for fewer than two.

    Differences that are all the same number have p = 1 when it is 0, and otherwise that of the sign test, 2^(1 - n).
    """
    from scipy.special import stdtr

    sample = np.asarray(differences, dtype=np.float64)
    if sample.size < 2:
        return float("nan")
    error = float(sample.std(ddof=1) / np.sqrt(sample.size))
    if error == 0.0:
        return 1.0 if sample[0] == 0.0 else 2.0 ** (1 - sample.size)
    return float(2 * stdtr(sample.size - 1, -abs(float(sample.mean())) / error))


def benjamini_hochberg(p: npt.ArrayLike) -> FloatArray:
    """Return adjusted p values (Benjamini and Hochberg 1995, JRSS B 57:289), nan where p is.

    Calling all those at or below 0.05 keeps the expected share of false calls among them at 5 % at most.
    """
    given = np.asarray(p, dtype=np.float64)
    adjusted = np.full_like(given, np.nan)
    known = np.flatnonzero(np.isfinite(given))
    order = known[np.argsort(given[known], kind="stable")]
    scaled = given[order] * order.size / np.arange(1, order.size + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted
