"""What the regimes of a replicate save by sharing world and patients: ``python -m benchmarks.shared [--record]``.

CPU seconds of one unit of three regimes over those of three units of one, each in a process of its own, all in
turn. World, population, runs and summaries are in; imports and compiling are not.
"""

import argparse
import statistics
import subprocess
import sys
import time

from benchmarks.record import Table, keep, machine, rewrite

REGIMES = ("national_2022", "area_teams_2012", "ics_2022")
TOGETHER = "the three together"


def once(regimes: list[str], years: int, weight: int) -> float:
    """Run regimes as one unit in this process and return its CPU seconds."""
    from benchmarks.one_run import regime_of, specification
    from sim.model.run import simulate_unit
    from sim.model.warm import warm
    from sim.world.world import load_england

    warm()
    england = load_england()
    specs = [specification(england, regime_of(regime), years, weight) for regime in regimes]
    begun = time.process_time()
    for _ in simulate_unit(specs):
        pass
    return time.process_time() - begun


def apart(regimes: tuple[str, ...], years: int, weight: int) -> float:
    """Do the same in a process of its own."""
    options = ["--years", str(years), "--weight", str(weight), "--once", *regimes]
    command = [sys.executable, "-m", "benchmarks.shared", *options]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def measured(years: int, weight: int, repeats: int) -> list[dict[str, float]]:
    """Make every round: each regime alone, then all together."""
    rounds = []
    for number in range(repeats):
        found = {regime: apart((regime,), years, weight) for regime in REGIMES}
        found[TOGETHER] = apart(REGIMES, years, weight)
        print(f"  {number + 1}: {share(found):.3f}", file=sys.stderr, flush=True)
        rounds.append(found)
    return rounds


def share(found: dict[str, float]) -> float:
    """Return what the unit of three takes, as a share of three units of one."""
    return found[TOGETHER] / sum(found[regime] for regime in REGIMES)


def tabulate(rounds: list[dict[str, float]]) -> Table:
    """Tabulate the medians."""
    rows = [(name, f"{statistics.median(one[name] for one in rounds):.2f}") for name in rounds[0]]
    alone = statistics.median(share(one) for one in rounds)
    return Table("shared", ("one unit of", "CPU s"), (*rows, ("together over alone", f"{alone:.2f} ×")))


def main() -> None:
    """Measure, print the table and, when asked, record it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", type=int, default=5, help="simulated years (default 5)")
    parser.add_argument("--weight", type=int, default=10, help="people for whom a row stands (default 10)")
    parser.add_argument("--repeats", type=int, default=5, help="rounds (default 5)")
    parser.add_argument("--record", action="store_true", help="keep the figure, and rewrite docs/performance.md")
    parser.add_argument("--once", nargs="+", metavar="REGIME", help="run these as one unit here and print CPU seconds")
    asked = parser.parse_args()
    if asked.once:
        print(once(asked.once, asked.years, asked.weight))
        return
    rounds = measured(asked.years, asked.weight, asked.repeats)
    table = tabulate(rounds)
    print(f"{machine().markdown()}\n\n{asked.years} years, a row for {asked.weight} people\n\n{table.markdown()}")
    if asked.record:
        keep("shared", {"three_over_singles": statistics.median(map(share, rounds))}, asked.repeats)
        rewrite((table,))


if __name__ == "__main__":
    main()
