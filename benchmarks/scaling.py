"""How time and memory grow, from a hundredth of England to ten Englands: ``python -m benchmarks.scaling``.

    python -m benchmarks.scaling                                   # a hundredth, a tenth, one, ten; 12 years
    python -m benchmarks.scaling --sizes 0.01 0.1 1 --years 5

The full model, every mechanism on. Below one England a row stands for several people. Above it the world has so many
times the people, need, stocks, capacity and money, in the same places and with the same centres. Every size has a
process of its own, and is repeated, but for what is larger than England; medians are shown. Ten Englands are left
out where less than 14 GB of memory are free.
"""

import argparse
import json
import math
import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.events import changes_of_state
from benchmarks.one_run import Stopwatch, regime_of, specification
from benchmarks.record import Table, keep, machine, rewrite
from sim.model.model import CommissioningModel
from sim.model.run import population_plan, simulated_timeline
from sim.model.summary import summarise
from sim.model.warm import warm
from sim.specification.run import RunSpec
from sim.world.months import parse_month
from sim.world.population import build_population
from sim.world.world import World, load_england

REGIME = "ics_2022"
SIZES = (0.01, 0.1, 1.0, 10.0)
GB_AN_ENGLAND = 1.4
"""Memory to ask for before a size is tried: ten Englands over twelve years took 9.2 GB, and need some to spare."""
STEPS = ("population", "set-up", "simulation", "summary")
MEMORY = ("before_mb", "simulated_mb", "peak_mb")
PEOPLE = ("need_per_year", "capacity_per_year", "undiagnosed", "waiting_2013", "waiting_2022")
TREATED = ("treated_2013", "treated_2022")
MEGA = 1024**2


def larger(world: World, times: int) -> World:
    """Return a world with so many times the people, need, stocks and capacity."""
    services = {name: getattr(world.services, name) * times for name in (*PEOPLE, *TREATED)}
    return replace(
        world,
        places=replace(world.places, population=world.places.population * times),
        services=replace(world.services, **services),
        offers=replace(world.offers, capacity=world.offers.capacity * times),
        expected_need=world.expected_need * times,
    )


def richer(spec: RunSpec, times: int) -> RunSpec:
    """Return a specification in which all specialised services cost so many times as much."""
    portfolio = spec.parameters.portfolio
    more = portfolio.model_copy(update={"specialised_spend_gbp_m": portfolio.specialised_spend_gbp_m * times})
    return replace(spec, parameters=spec.parameters.model_copy(update={"portfolio": more}))


def sized(size: float, years: int) -> tuple[World, RunSpec]:
    """Return the world and the specification of one size, without twins, whose number does not grow with it."""
    times, weight = max(round(size), 1), max(round(1.0 / size), 1)
    world = larger(load_england(), times)
    return world, richer(replace(specification(world, regime_of(REGIME), years, weight), twin_sets=0), times)


def peak_mb() -> float:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux counts in kilobytes


def measure(size: float, years: int) -> dict[str, Any]:
    """Make one run, the compiled rules loaded beforehand, and return what it took."""
    warm()
    world, spec = sized(size, years)
    watch, before = Stopwatch(), peak_mb()
    plan, parameters = population_plan(spec), spec.parameters
    people = watch.time("population", lambda: build_population(world, parameters.population, plan))
    about = (simulated_timeline(spec), parameters, parse_month(spec.start))
    model = watch.time("set-up", lambda: CommissioningModel(world, people, *about))

    def simulate() -> None:
        while model.running:
            model.step()

    watch.time("simulation", simulate)
    simulated = peak_mb()
    watch.time("summary", lambda: summarise(model, spec))
    tables = int(people.people.nbytes + model.state.roster.patients.nbytes)
    return {
        "size": size,
        "patients": people.real,
        "events": sum(changes_of_state(model).values()),
        "cpu": watch.cpu,
        "before_mb": before,
        "simulated_mb": simulated,
        "peak_mb": peak_mb(),
        "bytes_a_patient": tables / people.real,
    }


def apart(size: float, years: int) -> dict[str, Any]:
    """Make one run in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.scaling", "--years", str(years), "--once", str(size)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    print(f"  {size:g} of England: {found['cpu']['simulation']:.1f} CPU s", file=sys.stderr, flush=True)
    return found


def repeated(size: float, years: int, repeats: int) -> dict[str, Any]:
    """Make runs of one size, each in a process of its own; return their medians."""
    runs = [apart(size, years) for _ in range(repeats if size <= 1.0 else 1)]
    cpu = {step: statistics.median(run["cpu"][step] for run in runs) for step in STEPS}
    memory = {name: statistics.median(run[name] for run in runs) for name in MEMORY}
    return {**runs[0], "cpu": cpu, **memory}


def available_gb() -> float:
    """Return the memory that a new process may have, caches that the system would give up included."""
    with suppress(OSError):
        for line in Path("/proc/meminfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) / 1024**2
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2 / 1024**3


def with_room(sizes: Sequence[float]) -> list[float]:
    """Return the sizes, smallest first, for which there is memory; say which are left out."""
    free_gb = available_gb()
    room = [size for size in sorted(sizes) if size <= 1.0 or size * GB_AN_ENGLAND <= free_gb]
    for size in sorted(set(sizes) - set(room)):
        print(f"  {size:g} of England is left out: {free_gb:.0f} GB are free", file=sys.stderr, flush=True)
    return room


def power_of(smaller: dict[str, Any], larger: dict[str, Any]) -> str:
    """Write with what power of the patients the time of the simulation grows from one run to another."""
    slower = larger["cpu"]["simulation"] / smaller["cpu"]["simulation"]
    return f"{math.log(slower) / math.log(larger['patients'] / smaller['patients']):.2f}"


def table(runs: list[dict[str, Any]]) -> Table:
    """Tabulate time, speed and memory by size, and with what power of the patients the simulation's time grows."""
    rows = []
    for number, run in enumerate(runs):
        cpu, patients = run["cpu"], run["patients"]
        held = (run["simulated_mb"] - run["before_mb"]) * MEGA / patients
        speed = run["events"] / cpu["simulation"]
        memory = (f"{run['peak_mb']:,.0f}", f"{run['bytes_a_patient']:.0f}", f"{held:.0f}")
        times = (f"{cpu[step]:.2f}" for step in STEPS)
        power = power_of(runs[number - 1], run) if number else ""
        rows.append((f"{run['size']:g}", f"{patients:,}", *times, f"{speed / 1e6:.2f}", power, *memory))
    head = (
        *("of England", "patients", *(f"{step}, CPU s" for step in STEPS), "million events a CPU s", "power"),
        *("peak MB", "bytes a patient in tables", "in memory while simulated"),
    )
    return Table("scaling", head, tuple(rows))


def main() -> None:
    """Measure every size, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=float, nargs="+", default=SIZES, help="of England (default 0.01 0.1 1 10)")
    parser.add_argument("--years", type=int, default=12, help="simulated years (default 12)")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each size up to one England (default 5)")
    parser.add_argument("--record", action="store_true", help="keep what has a target, and rewrite the table")
    parser.add_argument("--once", type=float, metavar="SIZE", help="make one run here and print it as JSON")
    asked = parser.parse_args()
    if asked.once:
        print(json.dumps(measure(asked.once, asked.years)))
        return
    sizes = with_room(asked.sizes)
    if not sizes:
        return
    runs = [repeated(size, asked.years, asked.repeats) for size in sizes]
    shown = table(runs)
    print(f"\n{machine().markdown()}\n\nthe full model, {asked.years} years, {REGIME}\n\n{shown.markdown()}")
    if asked.record and sizes != sorted(SIZES):
        print("not recorded: that wants all the default sizes, and the memory for them", file=sys.stderr)
    elif asked.record:
        least, most = runs[0], runs[-1]
        whole = {"power": float(power_of(least, most)), "bytes_a_patient": most["bytes_a_patient"]}
        keep("scaling", whole, asked.repeats)
        rewrite((shown,))


if __name__ == "__main__":
    main()
