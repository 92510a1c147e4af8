"""What the missing runs of a study will take: time, memory, disk."""

import heapq
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.model.worth import weigh_lives
from sim.settings.plural import counted
from sim.specification.run import Study
from sim.study.bench import Unit
from sim.study.index import Entry, read_index, shape_of_study
from sim.study.plan import Plan
from sim.study.provenance import BYTES_PER_MB
from sim.study.store import Store
from sim.world.world import World

SECONDS_PER_RUN = 0.4
SECONDS_PER_PERSON = 1.7e-6
"""Time of one run: a part that does not grow (the table with its chance floors, the file) and one for
each person simulated, twins included; from runs of England over three simulated years, with every patient and with a
row for ten people of the commonest services, two side by side."""
COMPILING_S = 40.0
"""What the model's rules take to be compiled, once for each version of the code on a machine."""
ELSEWHERE = "measured on another machine"
FEW_UNITS, FEW_UNITS_FACTOR = 5, 1.5
"""With fewer units of work than this the time told may be off by this factor: other points take longer or less, and
processors that share memory are slower together than one alone."""
MB_PER_WORKER = 1000.0
MB_PER_RUN = 0.12
"""What a worker holds and a file takes, until the store has runs that tell."""


@dataclass(frozen=True)
class Price:
    """What the missing runs will take; ``wall_low_s`` to ``wall_high_s`` is the range to expect."""

    wall_s: float
    wall_low_s: float
    wall_high_s: float
    mb_per_worker: float
    disk_mb: float
    basis: str


def people_simulated(study: Study, world: World) -> float:
    """Return the patients of one run: those who fall ill in the simulated years, and the twins.

    A patient of weight 10 stands for ten people and costs the time of one.
    """
    wanted = [index for index, name in enumerate(world.services.ids) if name in study.services]
    weights = dict(study.weights)
    need = world.expected_need.sum(axis=0)
    per_year = float(sum(need[index] / weights.get(world.services.ids[index], 1) for index in wanted))
    twins = study.twin_sets * len(wanted) * len(world.places.codes)
    return per_year * (study.horizon.years + study.horizon.burn_in_years) + twins


def price(study: Study, plan: Plan, store: Store, people: float, workers: int) -> Price:
    """Estimate from like runs in the store, or, without any, from what another machine took.

    A worker does the regimes of a unit one after the other, so the longest queue sets the time. What the first
    run of a version of the code takes to compile is no part of a run and is added by itself.
    """
    in_line = runs_in_line(plan.missing, workers)
    compiling = 0.0 if compiled() or not plan.missing else COMPILING_S
    shape = shape_of_study(study)
    past = [entry for entry in read_index(store).values() if entry.current and entry.shape == shape]
    if not past:
        each = SECONDS_PER_RUN + SECONDS_PER_PERSON * people
        span = (in_line * each + compiling, in_line * each / 2, in_line * each * 2 + compiling)
        return Price(*span, MB_PER_WORKER, plan.new * MB_PER_RUN, ELSEWHERE)
    middle, low, high = _seconds_per_run(past)
    return Price(
        in_line * middle + compiling,
        in_line * low,
        in_line * high + compiling,
        max(entry.peak_mb for entry in past),
        plan.new * statistics.mean(entry.stamp.size for entry in past) / BYTES_PER_MB,
        f"{counted(len(past), 'run')} in the store",
    )


def _seconds_per_run(past: Sequence[Entry]) -> tuple[float, float, float]:
    """Return what one run takes in the mean, and from where to where that lies from one unit of work to the next.

    By unit, since its first run also sets up the people and regimes differ in what they take. Of a few units, such
    as a pilot alone, the spread is not known, and FEW_UNITS_FACTOR stands for it.
    """
    units: dict[str, list[float]] = {}
    for entry in past:
        units.setdefault(entry.unit, []).append(entry.wall_s)
    mean = statistics.fmean(entry.wall_s for entry in past)
    each = sorted(map(statistics.fmean, units.values()))
    if len(each) < FEW_UNITS:
        return mean, mean / FEW_UNITS_FACTOR, mean * FEW_UNITS_FACTOR
    return mean, min(mean, each[len(each) // 10]), max(mean, each[len(each) * 9 // 10])


def runs_in_line(units: Sequence[Unit], workers: int) -> int:
    """Return the runs of the busiest worker when each takes the next unit as soon as it is free."""
    busy = [0] * workers
    for unit in units:
        heapq.heapreplace(busy, busy[0] + len(unit.runs))
    return max(busy)


def compiled() -> bool:
    """Tell whether the rules of exactly this version, in this folder, were compiled on this machine before.

    Asked of the last rule that a run needs: compiled rules are kept by the folder of their source, so another
    copy of the same code starts anew.
    """
    stats = getattr(weigh_lives, "stats", None)
    if stats is None:  # rules run as plain Python
        return True
    stem = weigh_lives.__module__.rsplit(".", 1)[-1]
    return any(Path(stats.cache_path).glob(f"{stem}.{weigh_lives.__name__}-*.nbi"))
