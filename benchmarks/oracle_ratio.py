"""Benchmark O: how much faster the engine is than idiomatic Mesa: ``python -m benchmarks.oracle_ratio [--share 50]``.

The same world, people and rules (mechanisms 1, 2, 5, 8, 13 and 20, on policies as 3 and 4 make them), once as columns
with compiled rules and once as one Mesa object a patient. Every run has a process of its own, the two programs take
turns, and medians of CPU seconds are compared, of the simulation alone: the engine's rules are compiled beforehand. A
ratio is shown only when both programs gave every patient the same life and every account and centre the same pence.
"""

import argparse
import gc
import json
import statistics
import subprocess
import sys
from typing import Any

from benchmarks.one_run import START, Stopwatch, regime_of
from benchmarks.oracle.build import build, only_known
from benchmarks.oracle.compare import (
    books_of_engine,
    books_of_oracle,
    digest,
    lives_of_engine,
    lives_of_oracle,
)
from benchmarks.record import Table, keep, machine, rewrite
from sim.model.model import CommissioningModel
from sim.model.run import population_plan, simulated_timeline
from sim.model.warm import warm
from sim.specification.parameters import ParameterSet
from sim.specification.run import RunSpec
from sim.world.months import parse_month
from sim.world.population import build_population
from sim.world.world import World, load_england

PROGRAMS = ("engine", "oracle")
REGIME = "ics_2022"
TARGET = 100.0


def specification(world: World, regime: str, years: int, share: int, twins: int) -> RunSpec:
    """Describe a run of every service, in which a row stands for ``share`` people and every year is measured."""
    return RunSpec(
        timeline=((START, regime_of(regime)),),
        scenario_id=regime,
        seed=20130401,
        replicate=0,
        start=START,
        years=years,
        burn_in_years=0,
        services=world.services.ids,
        twin_sets=twins,
        parameters=only_known(ParameterSet()),
        weights=tuple((service, share) for service in world.services.ids if share > 1),
    )


def measure(program: str, regime: str, years: int, share: int, twins: int) -> dict[str, Any]:
    """Make one run of one program in this process, and return what it took and a digest of what came out."""
    warm()
    world, watch = load_england(), Stopwatch()
    spec = specification(world, regime, years, share, twins)
    people = build_population(world, spec.parameters.population, population_plan(spec))
    gc.collect()
    if program == "engine":
        about = (simulated_timeline(spec), spec.parameters, parse_month(spec.start))
        engine = watch.time("set-up", lambda: CommissioningModel(world, people, *about))
        watch.time("simulation", lambda: run_to_end(engine))
        came_out = digest({**lives_of_engine(engine), **books_of_engine(engine)})
    else:
        oracle = watch.time("set-up", lambda: build(world, people, spec))
        watch.time("simulation", lambda: run_to_end(oracle))
        came_out = digest({**lives_of_oracle(oracle), **books_of_oracle(oracle)})
    rows = people.people.size
    return {"patients": people.real, "twins": rows - people.real, "cpu": watch.cpu, "digest": came_out}


def run_to_end(model: Any) -> None:
    """Let a model run to its end."""
    while model.running:
        model.step()


def apart(program: str, arguments: list[str]) -> dict[str, Any]:
    """Make one run in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.oracle_ratio", "--once", program, *arguments]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    print(f"  {program}: {found['cpu']['simulation']:.2f} CPU s", file=sys.stderr, flush=True)
    return found


def in_turn(repeats: int, of_oracle: int, arguments: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Make all runs, the programs in turn; raise RuntimeError when two differ in a life or a penny."""
    found: dict[str, list[dict[str, Any]]] = {program: [] for program in PROGRAMS}
    for number in range(max(repeats, of_oracle)):
        for program, times in zip(PROGRAMS, (repeats, of_oracle), strict=True):
            if number < times:
                found[program].append(apart(program, arguments))
    if len({run["digest"] for runs in found.values() for run in runs}) > 1:
        raise RuntimeError("the two programs do not agree; tests/engine/test_oracle.py shows where")
    return found


def table(found: dict[str, list[dict[str, Any]]]) -> Table:
    """Tabulate medians, and how they are to each other."""
    steps = ("set-up", "simulation")
    median = {
        program: [float(statistics.median(run["cpu"][step] for run in runs)) for step in steps]
        for program, runs in found.items()
    }
    rows = [(program, str(len(found[program])), *(f"{one:.2f}" for one in median[program])) for program in PROGRAMS]
    ratios = [slow / fast for fast, slow in zip(median["engine"], median["oracle"], strict=True)]
    rows.append(("oracle / engine", "", *(f"{one:.1f}" for one in ratios)))
    return Table("oracle", ("program", "runs", *(f"{step}, CPU s" for step in steps)), tuple(rows))


def main() -> None:
    """Measure, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=int, default=50, help="people for whom a row stands (default 50)")
    parser.add_argument("--years", type=int, default=5, help="simulated years (default 5)")
    parser.add_argument("--twins", type=int, default=0, help="sets of twins a service (default 0)")
    parser.add_argument("--regime", default=REGIME, help=f"a shipped regime (default {REGIME})")
    parser.add_argument("--repeats", type=int, default=5, help="runs of the engine (default 5)")
    parser.add_argument("--oracle-repeats", type=int, default=5, help="runs of the oracle (default 5)")
    parser.add_argument("--record", action="store_true", help="keep the ratio, and rewrite its table")
    parser.add_argument("--once", choices=PROGRAMS, help="make one run of one program here and print it as JSON")
    asked = parser.parse_args()
    if asked.once:
        print(json.dumps(measure(asked.once, asked.regime, asked.years, asked.share, asked.twins)))
        return
    named = {"--share": asked.share, "--years": asked.years, "--twins": asked.twins, "--regime": asked.regime}
    found = in_turn(asked.repeats, asked.oracle_repeats, [str(part) for pair in named.items() for part in pair])
    patients, shown = found["engine"][0]["patients"], table(found)
    print(f"\n{machine().markdown()}\n\n{patients:,} patients, {asked.years} years, {asked.regime}; all lives agree")
    print(f"\n{shown.markdown()}\n\nratio of the simulation: {shown.rows[-1][-1]} (aim {TARGET:.0f})")
    if asked.record:
        keep("oracle_ratio", {f"oracle_over_engine_{asked.share}": float(shown.rows[-1][-1])}, asked.repeats)
        rewrite((shown,))


if __name__ == "__main__":
    main()
