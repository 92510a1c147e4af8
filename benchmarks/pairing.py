"""How many runs pairing saves: ``python -m benchmarks.pairing [STUDY] [--set KEY=VALUE] [--out FOLDER]``.

A study with ``until`` is run to where it stops, on the real England, and for each difference that it asks for the runs
that it took are set against those that independent replication would take for the same half-width: every run with
people and luck of its own, a plain interval, and the number of replicates known beforehand. Both variances come from
the same runs. By default three regimes share two services, one simulated dialysis patient standing for thirty: two
regimes that are near one another (a part of the services is delegated, or a larger part), and one that is far from
both.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.analysis.savings import savings_of
from sim.analysis.stopping import look_at, pairs_of, worst
from sim.report.batches import make_batches
from sim.report.stopping import asked_in_words, stopping_lines
from sim.specification.load import load_study
from sim.specification.run import Study
from sim.specification.until import Stopping
from sim.study.england import england_bench
from sim.study.make import Making
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
    "until=[{half_width: 2.5e6, of: cost_total_gbp, contrast: ics_2022_90 - ics_2022}, "
    "{half_width: 80.0, of: qalys, contrast: ics_2022_90 - ics_2022}, "
    "{half_width: 5.0e6, of: cost_total_gbp, contrast: national_2022 - ics_2022}, "
    "{half_width: 0.025, of: access_from_diagnosis, contrast: national_2022 - ics_2022}]",
)
TARGET = 10.0
"""Pairing is worth its name when it takes no more than one run for so many independent ones."""


def study_of(name: str, overrides: Sequence[str]) -> Study:
    """Return the study, made small when it is the one by default; raise SystemExit when it never stops."""
    study = load_study(name, [*(SMALL if name == STUDY else ()), *overrides])
    check_until(study)
    if study.stopping is None:
        raise SystemExit(f"{name} has no `until`")
    return study


def alone(study: Study) -> Iterator[Study]:
    """Yield the study for each of its rules by itself, so that none takes the runs of another."""
    stopping = study.stopping
    for rule in stopping.rules if stopping else ():
        yield replace(study, stopping=Stopping((rule,), study.replicates))


def lines_of(study: Study, store: Store) -> Iterator[str]:
    """Run a study of one rule to where it stops and yield what it took."""
    kept = {row for rule in study.stopping.rules for row in rows_of(rule)} if study.stopping else set()
    job = Making(study, store, england_bench(), "1", kept)
    ended, collected, _, interrupted = make_batches(job, Lines())
    if interrupted:
        raise SystemExit("interrupted")
    frame = collected.frame
    yield from stopping_lines(ended.study, frame)
    for look in worst(look_at(ended.study, frame)):
        saved = savings_of(look, pairs_of(frame, look.rule, look.point)[1])
        if saved is None:
            yield f"  {asked_in_words(look.rule)}: no variance to compare"
            continue
        times = 2 * saved.independent / saved.made
        met = "met" if times >= TARGET else "missed"
        yield (
            f"  {look.rule.measure}: {saved.made} paired runs for {2 * saved.independent} independent ones, 1 for "
            f"{times:.1f} (target: 1 for {TARGET:.0f} or more, {met}); had the variance been known beforehand, 1 for "
            f"{saved.independent / saved.paired:.1f}"
        )
    seconds = [manifest["timing"]["wall_s"] for manifest in collected.manifests.values()]
    yield f"  {len(seconds)} runs, {sum(seconds) / len(seconds):.2f} seconds each"


def main() -> None:
    """Run the study and print what pairing saves."""
    command = argparse.ArgumentParser(description="Count the runs that pairing saves.")
    command.add_argument("study", nargs="?", default=STUDY)
    command.add_argument("--set", dest="overrides", action="append", default=[], metavar="KEY=VALUE")
    command.add_argument("--out", help="keep the runs in this folder and go on from those that are there")
    given = command.parse_args()
    study = study_of(given.study, given.overrides)
    with TemporaryDirectory() as folder:
        store = Store(Path(given.out or folder) / "store")
        for one in alone(study):
            for line in lines_of(one, store):
                print(line, flush=True)


if __name__ == "__main__":
    main()
