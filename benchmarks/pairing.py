"""How many runs pairing saves: ``python -m benchmarks.pairing [STUDY] [--set KEY=VALUE] [--out FOLDER] [--measure]``.

A study with ``until`` is run to where it stops, on the real England, and for each difference that it asks for the runs
that it took are set against those that independent replication would take for the same half-width: every run with
people and luck of its own. They are counted for a plain interval and a number of replicates that was known beforehand,
which favours independent replication, as nobody knows it; and for the interval of the looks that was taken. With
``--measure`` they are made: runs of one regime with the seed of the study and of the other with the next seed, looked
at likewise until the same rule stops them. By default three regimes share two services, one simulated dialysis patient
standing for thirty: two regimes that are near one another (a part of the services is delegated, or a larger part), and
one that is far from both.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from sim.analysis.savings import Savings, savings_of
from sim.analysis.stopping import Look, look_at, pairs_of, worst
from sim.measures.intervals import paired_interval
from sim.report.batches import make_batches
from sim.report.stopping import asked_in_words, stopping_lines
from sim.specification.load import load_study
from sim.specification.run import Study
from sim.specification.until import Stopping
from sim.study.england import england_bench
from sim.study.make import Making, make_runs
from sim.study.progress import Lines
from sim.study.store import Store
from sim.study.until import check_until, rows_of

STUDY = "three_regimes"
SMALL = (
    "compare=[ics_2022, ics_2022_90, national_2022]",
    "baseline=ics_2022",
    "services=[renal_dialysis, pnh]",
    "weights={renal_dialysis: 30}",
    "horizon.years=2",
    "horizon.burn_in_years=1",
    "replicates=6",
    "twin_sets=12",
    "until=[{half_width: 1.0e6, of: cost_total_gbp, contrast: ics_2022_90 - ics_2022}, "
    "{half_width: 30.0, of: qalys, contrast: ics_2022_90 - ics_2022}, "
    "{half_width: 2.0e6, of: cost_total_gbp, contrast: national_2022 - ics_2022}, "
    "{half_width: 0.01, of: access_from_diagnosis, contrast: national_2022 - ics_2022}]",
)
MOST_INDEPENDENT = 4000
TARGET = 10.0
"""Pairing is worth its name when it takes no more than one run for so many independent ones."""


def study_of(name: str, overrides: Sequence[str]) -> Study:
    """Return the study, made small when it is the one by default; raise SystemExit when it never stops."""
    study = load_study(name, [*(SMALL if name == STUDY else ()), *overrides])
    check_until(study)
    if study.stopping is None:
        raise SystemExit(f"{name} has no `until`")
    return study


def each_alone(study: Study) -> Iterator[Study]:
    """Yield the study for each of its rules by itself, so that none takes the runs of another."""
    stopping = study.stopping
    for rule in stopping.rules if stopping else ():
        yield replace(study, stopping=Stopping((rule,), study.replicates))


def independent(job: Making, look: Look) -> int | None:
    """Make runs of both regimes with seeds of their own until their difference is known as well; return how many.

    The interval is taken at the level of the paired comparison, although there are more looks at which it may miss.
    None is returned where that takes more than ``MOST_INDEPENDENT`` replicates.
    """
    study, rule = job.study, look.rule
    for count in Stopping((replace(rule, most_replicates=MOST_INDEPENDENT),), study.replicates).looks:
        sides = []
        for regime, seed in zip(rule.regimes, (study.seed, study.seed + 1), strict=True):
            compare = (study.scenarios[regime],)
            single = replace(study, compare=compare, baseline=regime, replicates=count, seed=seed, stopping=None)
            collected, _, cut_short = make_runs(replace(job, study=single), Lines())
            if cut_short:
                raise SystemExit("interrupted")
            sides.append(collected.frame)
        pairs = pairs_of(pd.concat(sides), rule)[1]
        interval = paired_interval(pairs.first, pairs.second, look.level)
        if (interval.high - interval.low) / 2 <= rule.half_width:
            return 2 * count
    return None


def counted(job: Making, look: Look, saved: Savings, measured: bool) -> Iterator[str]:
    """Yield the runs of independent replication for each of those that were made, by every way of counting."""
    counts: dict[str, int | None] = {
        "known beforehand, plain interval": 2 * saved.independent_known,
        "known beforehand, interval of the looks": 2 * saved.independent,
    }
    if measured and look.narrow:
        counts["made until the same rule stopped them"] = independent(job, look)
    yield f"  {asked_in_words(look.rule)}: {saved.made} paired runs"
    for how, runs in counts.items():
        if runs is None:
            yield f"    independent ones, {how}: more than {2 * MOST_INDEPENDENT}"
            continue
        times = runs / saved.made
        met = "met" if times >= TARGET else "missed"
        yield f"    independent ones, {how}: {runs}, 1 for {times:.1f} (target: {TARGET:.0f}, {met})"


def lines_of(study: Study, store: Store, measured: bool) -> Iterator[str]:
    """Run a study of one rule to where it stops and yield what it took."""
    kept = {row for rule in study.stopping.rules for row in rows_of(rule)} if study.stopping else set()
    job = Making(study, store, england_bench(), "auto", kept)
    ended, collected, _, interrupted = make_batches(job, Lines())
    if interrupted:
        raise SystemExit("interrupted")
    frame = collected.frame
    yield from stopping_lines(ended.study, frame)
    for look in worst(look_at(ended.study, frame)):
        saved = savings_of(look, pairs_of(frame, look.rule, look.point)[1])
        if saved is None:
            yield f"  {asked_in_words(look.rule)}: no variance to compare"
        else:
            yield from counted(job, look, saved, measured)
    seconds = [manifest["timing"]["wall_s"] for manifest in collected.manifests.values()]
    yield f"  {len(seconds)} runs, {sum(seconds) / len(seconds):.2f} seconds each"


def main() -> None:
    """Run the study and print what pairing saves."""
    command = argparse.ArgumentParser(description="Count the runs that pairing saves.")
    command.add_argument("study", nargs="?", default=STUDY)
    command.add_argument("--set", dest="overrides", action="append", default=[], metavar="KEY=VALUE")
    command.add_argument("--out", help="keep the runs in this folder and go on from those that are there")
    command.add_argument("--measure", action="store_true", help="make the independent runs as well (half an hour)")
    given = command.parse_args()
    study = study_of(given.study, given.overrides)
    if given.measure and study.axes:
        raise SystemExit(f"--measure wants a study that varies nothing, and {given.study} does")
    with TemporaryDirectory() as folder:
        store = Store(Path(given.out or folder) / "store")
        for one in each_alone(study):
            for line in lines_of(one, store, given.measure):
                print(line, flush=True)


if __name__ == "__main__":
    main()
