"""What the missing runs of a study will take: time, memory, disk."""

import statistics
from dataclasses import dataclass

from sim.luck.compiled import cache_directory
from sim.settings.plural import counted
from sim.specification.run import Study
from sim.study.plan import Plan
from sim.study.provenance import BYTES_PER_MB
from sim.study.store import Manifest, Store
from sim.world.world import World

SECONDS_PER_RUN = 0.5
SECONDS_PER_PERSON = 2.8e-6
"""Time of one run: a part that does not grow (the table with its chance floors, the file) and one for
each person simulated, twins included; from runs of the shipped demo over two and five simulated years."""
COMPILING_S = 30.0
"""What the model's rules take to be compiled, once for each version of the code on a machine."""
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
    """Return the people of one run: those who fall ill in the simulated years, and the twins."""
    wanted = [index for index, name in enumerate(world.services.ids) if name in study.services]
    per_year = float(world.expected_need[:, wanted].sum())
    twins = study.twin_sets * len(wanted) * len(world.places.codes)
    return per_year * (study.horizon.years + study.horizon.burn_in_years) + twins


def price(study: Study, plan: Plan, store: Store, people: float, workers: int) -> Price:
    """Estimate from like runs in the store, or, without any, from what another machine took.

    A worker does the regimes of a replicate one after the other, so the longest queue sets the time.
    """
    rounds = -(-len(plan.missing) // workers)
    in_line = rounds * max((len(unit.runs) for unit in plan.missing), default=0)
    compiling = 0.0 if compiled() or not plan.missing else COMPILING_S
    past = [manifest["timing"] for manifest in store.manifests() if _alike(manifest, study)]
    if not past:
        each = SECONDS_PER_RUN + SECONDS_PER_PERSON * people
        span = (in_line * each + compiling, in_line * each / 2, in_line * each * 2 + compiling)
        return Price(*span, MB_PER_WORKER, plan.new * MB_PER_RUN, "measured on another machine")
    seconds = sorted(timing["wall_s"] for timing in past)
    middle, low, high = (
        statistics.median(seconds),
        seconds[len(seconds) // 10],
        seconds[len(seconds) * 9 // 10],
    )
    return Price(
        in_line * middle + compiling,
        in_line * low,
        in_line * high + compiling,
        max(timing["peak_mb"] for timing in past),
        plan.new * store.bytes_per_run() / BYTES_PER_MB,
        f"{counted(len(past), 'run')} in the store",
    )


def compiled() -> bool:
    """Tell whether rules of exactly this version were compiled on this machine before."""
    return any(cache_directory().rglob("*.nbi"))


def _alike(manifest: Manifest, study: Study) -> bool:
    """Tell whether a stored run simulated as many years, services and twins as the study does."""
    spec, horizon = manifest["spec"], study.horizon
    there = (spec["years"], spec["burn_in_years"], spec["services"], spec["twin_sets"])
    return there == (horizon.years, horizon.burn_in_years, sorted(study.services), study.twin_sets)
