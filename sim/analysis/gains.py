"""Who gains and who loses under each regime, group by group and replicate by replicate against the baseline."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.measures.intervals import Interval, mean_interval, of_shares, paired_interval, verdict
from sim.measures.outcomes import outcome
from sim.measures.who import (
    WEIGHTINGS,
    Grouping,
    access_of_groups,
    benjamini_hochberg,
    groupings,
    moved,
    residents_of_groups,
    spread,
    tail_mean,
    two_sided_p,
)
from sim.study.plan import NamedRun
from sim.study.store import Store
from sim.world.world import World

FloatArray = npt.NDArray[np.float64]
Counts = tuple[FloatArray, FloatArray]
"""People in need and those treated in time, both [P, S]."""

MEASURE = "access_from_diagnosis"
BETTER, WORSE, NOT_SURE = "better off", "worse off", "not distinguishable"
SURE_BELOW = 0.05
INDICES = "between_icbs"
WORST, BEST, SPREAD = "worst_served_tenth", "best_served_tenth", "spread"


@dataclass(frozen=True)
class Gain:
    """One row: the share of a group treated in time under one regime, less that under the baseline.

    Numbers are shares over the ``pairs`` of replicates in which both regimes have the group. ``p_adjusted``
    allows for the number of groups looked at in one list (Benjamini and Hochberg); ``for_sure`` is told by it,
    and the verdict by the plain interval. For a spread "better off" means smaller.
    """

    regime: str
    baseline: str
    weighting: str
    grouping: str
    group: str
    label: str
    residents: float  # nan for groups of services
    mean: float
    baseline_mean: float
    difference: float
    difference_low: float
    difference_high: float
    smallest_difference: float
    verdict: str
    p_value: float
    p_adjusted: float
    for_sure: str
    pairs: int
    dropped_pairs: int


def read_counts(runs: Sequence[NamedRun], store: Store, world: World) -> dict[tuple[str, int], Counts]:
    """Read the counts of every stored run by regime and replicate; runs about other places have none.

    Raises DamagedRunError on a file that cannot be trusted, so ask only for runs that could be read before.
    """
    places = {code: row for row, code in enumerate(world.places.codes)}
    services = {name: column for column, name in enumerate(world.services.ids)}
    by_key: dict[str, Counts] = {}
    for key in dict.fromkeys(run.key for run in runs):
        table = store.read(key).table
        wanted = (table["geography"] == "place") & (table["measure"] == MEASURE)
        rows = [places.get(code, -1) for code in table["area"][wanted].tolist()]
        columns = [services.get(name, -1) for name in table["service"][wanted].tolist()]
        if not rows or min(rows) < 0 or min(columns) < 0:
            continue
        people, reached = np.zeros((2, len(places), len(services)))
        people[rows, columns] = table["denominator"][wanted]
        reached[rows, columns] = table["numerator"][wanted]
        by_key[key] = (people, reached)
    return {(run.scenario, run.replicate): by_key[run.key] for run in runs if run.key in by_key}


def who_gains(counts: Mapping[tuple[str, int], Counts], baseline: str, world: World) -> list[Gain]:
    """Return one row for each regime but the baseline, weighting, grouping and group, in reading order.

    The same people fall ill under every regime, so a group is compared with itself and needs no standardisation.
    """
    replicates = sorted({replicate for _, replicate in counts})
    regimes = list(dict.fromkeys(regime for regime, _ in counts if regime != baseline))
    gains: list[Gain] = []
    for weighting in WEIGHTINGS:
        tables = list(_tables(counts, replicates, weighting, world))
        for regime in regimes:
            for grouping, residents, values in tables:
                if regime in values and baseline in values:
                    gains += _adjusted(list(_gains(grouping, residents, values, (regime, baseline, weighting))))
    return sorted(gains, key=lambda gain: regimes.index(gain.regime))


Values = dict[str, FloatArray]
"""By regime: the share of each group in each replicate, float64[N, G], nan where there is none."""


def _tables(
    counts: Mapping[tuple[str, int], Counts], replicates: Sequence[int], weighting: str, world: World
) -> Iterator[tuple[Grouping, FloatArray, Values]]:
    """Yield each grouping with its residents [G] and values; the indices between ICBs follow the ICBs."""
    for grouping in groupings(world):
        residents = residents_of_groups(world.places.population, grouping)
        values = {
            regime: np.full((len(replicates), len(grouping.groups)), np.nan)
            for regime in dict.fromkeys(regime for regime, _ in counts)
        }
        for (regime, replicate), (people, reached) in counts.items():
            shares = access_of_groups(people, reached, grouping, weighting)
            values[regime][replicates.index(replicate)] = shares
        yield grouping, residents, values
        if grouping.id == "icb":
            yield _between(values, residents)


def _between(values: Values, residents: FloatArray) -> tuple[Grouping, FloatArray, Values]:
    """Turn the shares of the ICBs into what the worst and best served tenth have, and the spread."""
    groups = (
        (WORST, "the worst-served tenth of people"),
        (BEST, "the best-served tenth of people"),
        (SPREAD, "spread between ICBs (standard deviation)"),
    )
    indices = {
        regime: np.array(
            [
                (tail_mean(row, residents), tail_mean(row, residents, best=True), spread(row, residents))
                for row in shares
            ]
        )
        for regime, shares in values.items()
    }
    return Grouping(INDICES, "between ICBs", groups), np.full(len(groups), np.nan), indices


def _gains(grouping: Grouping, residents: FloatArray, values: Values, names: tuple[str, str, str]) -> Iterator[Gain]:
    """Yield one row for each group of which both regimes have a value in some replicate."""
    regime, baseline, weighting = names
    smallest = outcome(MEASURE).smallest_difference
    for column, (group, label) in enumerate(grouping.groups):
        own, against = values[regime][:, column], values[baseline][:, column]
        complete = np.isfinite(own) & np.isfinite(against)
        if not complete.any():
            continue
        own, against = own[complete], against[complete]
        difference = of_shares(paired_interval(own, against))
        yield Gain(
            regime=regime,
            baseline=baseline,
            weighting=weighting,
            grouping=grouping.id,
            group=group,
            label=label,
            residents=float(residents[column]),
            mean=mean_interval(own).mean,
            baseline_mean=mean_interval(against).mean,
            **_difference(difference),
            smallest_difference=smallest,
            verdict=verdict(difference, smallest),
            p_value=two_sided_p(own - against),
            p_adjusted=float("nan"),
            for_sure=NOT_SURE,
            pairs=int(complete.sum()),
            dropped_pairs=int((~complete).sum()),
        )


def _difference(found: Interval) -> dict[str, float]:
    return {"difference": found.mean, "difference_low": found.low, "difference_high": found.high}


def _adjusted(gains: Sequence[Gain]) -> list[Gain]:
    """Allow for the length of a list, and say who is better or worse off for sure."""
    adjusted = benjamini_hochberg([gain.p_value for gain in gains])
    return [
        replace(gain, p_adjusted=float(p), for_sure=_for_sure(gain, float(p)))
        for gain, p in zip(gains, adjusted, strict=True)
    ]


def _for_sure(gain: Gain, p_adjusted: float) -> str:
    if not p_adjusted <= SURE_BELOW:
        return NOT_SURE
    higher_is_better = gain.group != SPREAD
    return BETTER if (gain.difference > 0) == higher_is_better else WORSE


@dataclass(frozen=True)
class Moved:
    """Shares of people whose ICB's access falls, and rises, by the smallest difference that matters or more.

    Means over replicates: in each, other ICBs may be the losers, so that none loses for sure.
    """

    regime: str
    weighting: str
    falls: float
    rises: float


def who_moves(counts: Mapping[tuple[str, int], Counts], baseline: str, world: World) -> list[Moved]:
    """Return one row for each regime but the baseline and each weighting; none in a world without ICBs."""
    icbs = next((grouping for grouping in groupings(world) if grouping.id == "icb"), None)
    if icbs is None:
        return []
    residents, by = residents_of_groups(world.places.population, icbs), outcome(MEASURE).smallest_difference
    found = []
    for regime in dict.fromkeys(regime for regime, _ in counts if regime != baseline):
        pairs = [(counts[regime, n], counts[baseline, n]) for r, n in counts if r == regime and (baseline, n) in counts]
        for weighting in WEIGHTINGS if pairs else ():
            shares = [tuple(access_of_groups(*one, icbs, weighting) for one in pair) for pair in pairs]
            falls, rises = np.mean([moved(own, before, residents, by) for own, before in shares], axis=0)
            found.append(Moved(regime, weighting, float(falls), float(rises)))
    return found


def levelling_down(gains: Sequence[Gain]) -> bool:
    """Say whether one regime under one weighting levels down.

    The spread between ICBs is surely smaller, the mean or the best-served tenth surely lower, and the
    worst-served tenth not surely higher.
    """
    sure = {(gain.grouping, gain.group): gain.for_sure for gain in gains}
    mean = next((gain.for_sure for gain in gains if gain.grouping == "england"), NOT_SURE)
    falls = WORSE in (mean, sure.get((INDICES, BEST)))
    return sure.get((INDICES, SPREAD)) == BETTER and falls and sure.get((INDICES, WORST)) != BETTER
