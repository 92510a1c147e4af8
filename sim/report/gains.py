"""Who gains and who loses: a file of every group, and a short section below the comparison table."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from sim.analysis.gains import (
    BETTER,
    INDICES,
    NOT_SURE,
    SURE_BELOW,
    WORSE,
    WORST,
    Counts,
    Gain,
    Moved,
    levelling_down,
    read_counts,
    who_gains,
    who_moves,
)
from sim.figures.numbers import number
from sim.measures.rows import ALL_PATIENTS
from sim.measures.who import PEOPLE_A_YEAR, RURAL_SHARES
from sim.report.files import write_csv
from sim.report.lines import SET_LABELS
from sim.report.table import number_texts
from sim.study.collect import Collected
from sim.study.plan import Plan
from sim.study.store import Store
from sim.world.world import World, load_england

NAMED_GROUPINGS = {
    "deprivation": "deprivation of the place",
    "rurality": "rurality of the place",
    "rarity": "rarity of the service",
    "tier": "tier of the service",
}
POINTS = 100.0
MOST_SERVICES = 5


@dataclass(frozen=True)
class Gains:
    """What a study says about who gains and who loses; empty where no run counted places of this world."""

    rows: Sequence[Gain] = ()
    moves: Sequence[Moved] = ()


def gains_of(plan: Plan, collected: Collected, store: Store, baseline: str) -> Gains:
    """Work out from the stored runs of a study who gains and who loses."""
    world: World = load_england()
    readable = [run for run in plan.runs if run.key in collected.manifests]
    counts: dict[tuple[str, int], Counts] = read_counts(readable, store, world)
    return Gains(who_gains(counts, baseline, world), who_moves(counts, baseline, world))


def write_gains(gains: Gains, path: Path) -> None:
    """Write one row for each regime, weighting, grouping and group."""
    write_csv([asdict(row) for row in gains.rows], [field.name for field in fields(Gain)], path)


def gain_lines(gains: Gains, benchmarks: Sequence[str] = ()) -> Iterator[str]:
    """Yield the section: for each regime and each weighting who gains, who loses, and what to mind."""
    if not gains.rows:
        return
    yield "WHO GAINS, WHO LOSES"
    yield "Share treated in time from diagnosis; regime less baseline, in percentage points."
    if not _can_be_sure(gains.rows):
        yield "One replicate: nobody can be said to gain or to lose for sure; who does so in it may do so by luck."
    for regime in dict.fromkeys(row.regime for row in gains.rows):
        if regime in benchmarks:
            continue
        for weighting in dict.fromkeys(row.weighting for row in gains.rows):
            rows = [row for row in gains.rows if (row.regime, row.weighting) == (regime, weighting)]
            yield ""
            yield f"{regime} against {rows[0].baseline}, {SET_LABELS[weighting]}"
            yield from (f"  {line}" for line in _one(rows, gains.moves))
    yield ""
    yield from _notes(len({row.group for row in gains.rows if row.grouping == "icb"}))
    yield ""


def _one(rows: Sequence[Gain], moves: Sequence[Moved]) -> Iterator[str]:
    """Yield the lines of one regime under one weighting."""
    icbs = [row for row in rows if row.grouping == "icb"]
    if icbs:
        yield from _icb_lines(icbs)
    where = "In an average replicate" if _can_be_sure(rows) else "In this replicate"
    for move in moves:
        if (move.regime, move.weighting) == (rows[0].regime, rows[0].weighting):
            yield (
                f"{where} {_percent(move.falls)} of people live in an ICB that loses a point or more, "
                f"{_percent(move.rises)} in one that gains as much; which ICBs these are changes with luck."
            )
    yield from _tail_line(rows)
    if not _can_be_sure(rows):
        return
    yield from _grouping_lines(rows)
    if rows[0].weighting == ALL_PATIENTS:
        yield from _service_lines([row for row in rows if row.grouping == "service"])
    if levelling_down(rows):
        yield (
            "Levelling down: the ICBs come closer to each other because access falls, not because the worst served "
            "gain."
        )


def _can_be_sure(rows: Sequence[Gain]) -> bool:
    """Tell whether any change has an interval; in a single replicate none has."""
    return any(math.isfinite(row.difference_low) for row in rows)


def _icb_lines(icbs: Sequence[Gain]) -> Iterator[str]:
    if _can_be_sure(icbs):
        worse, better, neither = (_counted(icbs, word) for word in (WORSE, BETTER, NOT_SURE))
        yield f"ICBs: worse off for sure {worse}; better off for sure {better}; not distinguishable {neither}."
    ordered = sorted(icbs, key=lambda row: (row.difference, row.group))
    yield f"Loses most: {_named(ordered[0])}." if ordered[0].difference < 0 else "No ICB loses."
    yield f"Gains most: {_named(ordered[-1])}." if ordered[-1].difference > 0 else "No ICB gains."


def _counted(icbs: Sequence[Gain], word: str) -> str:
    told = [row for row in icbs if row.for_sure == word]
    share = sum(row.residents for row in told) / sum(row.residents for row in icbs)
    return f"{len(told)} of {len(icbs)} ({_percent(share)} of people)"


def _tail_line(rows: Sequence[Gain]) -> Iterator[str]:
    for row in rows:
        if (row.grouping, row.group) == (INDICES, WORST):
            own, before = (f"{number(POINTS * share, 1)} %" for share in (row.mean, row.baseline_mean))
            yield f"The worst-served tenth of people, by ICB: {before} under the baseline, {own} here; {_change(row)}."


def _grouping_lines(rows: Sequence[Gain]) -> Iterator[str]:
    """Tell the groupings in which somebody gains or loses for sure, and name the others."""
    silent = []
    for grouping, words in NAMED_GROUPINGS.items():
        members = [row for row in rows if row.grouping == grouping]
        if any(row.for_sure != NOT_SURE for row in members):
            yield f"By {words}: {_from_to(members)}"
        elif members:
            silent.append(words)
    if silent:
        yield f"No group is better or worse off for sure by {', '.join(silent)}."


def _service_lines(services: Sequence[Gain]) -> Iterator[str]:
    """Name the services that change most, those that change for sure alone."""
    sure = [row for row in services if row.for_sure != NOT_SURE and abs(row.difference) >= row.smallest_difference]
    most = sorted(sure, key=lambda row: (-abs(row.difference), row.group))[:MOST_SERVICES]
    if most:
        yield f"Services that change most: {'; '.join(_named(row) for row in most)}."
    elif services:
        yield "No service changes for sure by a point or more."


def _from_to(members: Sequence[Gain]) -> str:
    """Name the group that fares worst and the one that fares best."""
    lowest, highest = (pick(members, key=lambda row: row.difference) for pick in (min, max))
    if lowest.difference == highest.difference:
        return f"{_change(lowest)} in each group."
    return f"from {_named(lowest)} to {_named(highest)}."


def _named(row: Gain) -> str:
    return f"{_short(row.label)} {_change(row)}"


def _short(label: str) -> str:
    """Leave out of an ICB's name what all of them share."""
    return label.removeprefix("NHS ").removesuffix(" Integrated Care Board")


def _change(row: Gain) -> str:
    value, interval = number_texts(row.difference, row.difference_low, row.difference_high, POINTS, signed=True)
    if not _can_be_sure([row]):
        return value
    return f"{value} {interval} ({row.for_sure if row.for_sure == NOT_SURE else f'{row.for_sure} for sure'})"


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{number(POINTS * share, 0 if share >= 0.1 or share == 0 else 1)} %"


def _notes(icbs: int) -> Iterator[str]:
    low, high = (number(POINTS * share) for share in RURAL_SHARES)
    edges = ", ".join(number(edge) for edge in PEOPLE_A_YEAR)
    sure, by_chance = number(POINTS * SURE_BELOW), number(icbs * SURE_BELOW, 1)
    yield (
        "Each group is compared with itself: the same people fall ill under every regime, so case mix needs no "
        f"standardisation. For sure: of the groups so called at most {sure} % should be called wrongly, after allowing "
        "for the length of each list (Benjamini and Hochberg); it says that a change is not zero, the table above "
        "whether it is larger than what matters. New patients count, those on treatment already do not."
        + (f" Of {icbs} ICBs about {by_chance} would pass a plain 95 % interval by chance." if icbs else "")
        + " Intervals in brackets are plain 95 %, over replicates."
    )
    yield (
        f"Rural places: by share of people in rural areas, cut at {low} and {high} %. Rarity: people a year in "
        f"England, cut at {edges}. Every group is in gains.csv."
    )
