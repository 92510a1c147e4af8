"""Make the missing runs of a study for a command, and say what they take, what failed and how to go on."""

import json
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.cli.failure import INTERRUPTED, LIMITED, UsageError
from sim.cli.price_lines import price_lines, warnings_of
from sim.report.publish import run_rows
from sim.settings.plural import counted
from sim.specification.run import Study
from sim.study.bench import Bench, Unit
from sim.study.cluster import Cluster
from sim.study.collect import Collected, collect
from sim.study.execute import Report, execute, execute_on, worker_count
from sim.study.limits import USUAL, Limits
from sim.study.part import NoSuchRunError, OneRun, Part
from sim.study.plan import Plan, make_plan
from sim.study.pool import Processes
from sim.study.price import COMPILING_S, Price, compiled, people_simulated, price
from sim.study.progress import Progress, duration
from sim.study.store import DamagedRunError, Store

SOME_FAILED, MANY_FAILED = 4, 5
MANY_FAILED_SHARE = 0.10
MANY_RUNS = 200
"""A study that has more to do than this says how long it will take before it begins."""
ROUNDS = 2
"""Runs that turn out to be damaged when they are read are made once more."""


@dataclass(frozen=True)
class Job:
    """One call of a command that makes runs.

    ``kept`` are the outcomes (measure and set of services) of which the national rows are read back, None for
    everything; ``asked`` the point numbers and replicates that are run, None for all; ``alone`` the command that
    runs one of them again, but for its key, "" where there is none.
    """

    study: Study
    store: Store
    bench: Bench
    workers: str
    command: str
    kept: Collection[tuple[str, str]] | None = None
    asked: Collection[tuple[int, int]] | None = None
    limits: Limits = USUAL
    part: Part | None = None
    cluster: Cluster | None = None
    alone: str = ""

    @property
    def folder(self) -> Path:
        """Return the results folder."""
        return self.store.root.parent

    def plan(self) -> Plan:
        """Return the runs of this job against its store; raise UsageError when it asks for a run that is not there."""
        try:
            return self.part.of(self.whole_plan()) if self.part else self.whole_plan()
        except NoSuchRunError as error:
            raise UsageError(f"--key: {error}") from None

    def whole_plan(self) -> Plan:
        """Return the runs of the study, whichever part of them this job makes."""
        return make_plan(self.study, self.bench, self.store, self.asked)

    def number_of_workers(self, units: Sequence[Unit]) -> int:
        """Return how many workers there are for so many units."""
        return min(self.cluster.workers, max(1, len(units))) if self.cluster else worker_count(self.workers, len(units))


def results_folder(out: str | None, study: Study) -> Path:
    """Return where results go; raise UsageError on an empty name."""
    if out is not None and not out.strip():
        raise UsageError("--out wants the name of a folder, got an empty text; `--out .` is the current one")
    return Path(out) if out is not None else Path("results") / study.id


def check_folder(folder: Path) -> None:
    """Find out before any run whether results can be written."""
    try:
        for place in (folder, folder / "store"):
            place.mkdir(parents=True, exist_ok=True)
            probe = place / ".probe"
            probe.write_text("")
            probe.unlink()
    except OSError as error:
        raise UsageError(
            f"cannot write results to {folder}: {error.strerror}; name another folder with --out"
        ) from None


def check_workers(workers: str) -> None:
    """Raise UsageError on a number of workers that is none."""
    try:
        worker_count(workers, 1)
    except ValueError as error:
        raise UsageError(str(error)) from None


def make_runs(job: Job, progress: Progress) -> tuple[Collected, Plan, Report | None]:
    """Make what is missing; what cannot be read back is set aside and made again.

    The report is that of an execution that was cut short, and None when none was.
    """
    for _ in range(ROUNDS):
        plan = job.plan()
        _set_aside(plan.damaged, job)
        if plan.missing:
            number = job.number_of_workers(plan.missing)
            _announce(job, plan, number, progress)
            report = _execute(job, plan.missing, number, progress)
            if report.stopped:
                return collect(plan.runs, job.store, job.kept), plan, report
        collected = collect(plan.runs, job.store, job.kept)
        if not collected.damaged:
            break
        _set_aside(collected.damaged, job)
    return collected, plan, None


def _execute(job: Job, units: Sequence[Unit], workers: int, progress: Progress) -> Report:
    """Make units on the cluster or on this machine; one run alone in a process of its own, which may die of it."""
    if job.cluster:
        from sim.study.far import DaskWorkers

        engine = DaskWorkers(job.cluster, job.bench, job.store, job.limits)
        return execute_on(engine, units, job.store, progress, job.limits)
    if isinstance(job.part, OneRun):
        return execute_on(Processes(1, job.bench, job.store, job.limits), units, job.store, progress, job.limits)
    return execute(units, job.bench, job.store, workers, progress, job.limits)


def make_pilot(job: Job, progress: Progress) -> Report:
    """Make the first unit of work that is missing, in this process, and store it; without one do nothing."""
    plan = job.plan()
    _set_aside(plan.damaged, job)
    if not plan.missing:
        return Report()
    _compile(job, progress)
    return execute(plan.missing[:1], job.bench, job.store, 1, progress)


def _set_aside(damaged: Sequence[DamagedRunError], job: Job) -> None:
    """Move damaged files away and say so, even when told to be quiet."""
    for error in damaged:
        print(f"{error}; moved to {job.store.set_aside(error.key)}, to be run again", file=sys.stderr)


def _announce(job: Job, plan: Plan, workers: int, progress: Progress) -> None:
    """Say what lies ahead, and compile what has to be compiled before any run is timed."""
    if plan.stored:
        progress.say(f"{plan.stored} of {counted(plan.stored + plan.new, 'run')} already in the store")
    if plan.new > MANY_RUNS:
        cost = _price(job, plan, workers)
        span = f"{duration(cost.wall_low_s)} to {duration(cost.wall_high_s)}"
        progress.say(f"{plan.new} runs: {span} on {workers} workers, {cost.disk_mb:.0f} MB in {job.folder}")
    _compile(job, progress)


def _compile(job: Job, progress: Progress) -> None:
    if not compiled():
        progress.say(f"compiling the rules once for this version: about {duration(COMPILING_S)} more")
        job.bench.prepare()


def _price(job: Job, plan: Plan, workers: int) -> Price:
    world = job.bench.load_world(job.study.run_specs()[0])
    return price(job.study, plan, job.store, people_simulated(job.study, world), workers)


def _at_most(job: Job, workers: int) -> dict[str, Any]:
    """Return the runs of all batches that there may come to be, and how long those to be made take."""
    whole = replace(job, study=replace(job.study, replicates=job.study.most_replicates))
    plan = whole.plan()
    return {"most_runs": plan.stored + plan.new, "most_seconds": round(_price(whole, plan, workers).wall_s, 1)}


def exit_code(runs: Sequence[dict[str, Any]]) -> int:
    """Return 0 when all runs are there, 4 when some failed, 5 when a tenth or more did."""
    bad = sum(row["status"] != "done" for row in runs)
    if bad == 0:
        return 0
    return SOME_FAILED if bad < MANY_FAILED_SHARE * len(runs) else MANY_FAILED


def failure_lines(job: Job, runs: Sequence[dict[str, Any]], code: int) -> Iterator[str]:
    """Name every run that failed and say how to repeat it; nothing where none did."""
    failed = [row for row in runs if row["status"] != "done"]
    if not failed:
        return
    share = "a tenth or more" if code == MANY_FAILED else "less than a tenth"
    yield ""
    yield f"{len(failed)} of {counted(len(runs), 'run')} failed ({share}; exit code {code}):"
    for row in failed:
        yield from _failure(job, row)
    yield f"Try them again with:  {job.command}"


def _failure(job: Job, row: dict[str, Any]) -> Iterator[str]:
    """Name a run that failed or is missing, with the command that makes it alone."""
    at = f"point {row['point']}, " if job.study.axes else ""
    yield f"  {at}{row['regime']}, replicate {row['replicate']}, seed {job.study.seed}, key {row['key']}"
    if row["status"] == "failed":
        yield f"    {row['error']}"
        yield f"    traceback: {job.store.failure_path(row['key'])}"
    if job.alone:
        yield f"    alone:     {job.alone} --key {row['key']}"


def failures_as_json(job: Job, runs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the same as records."""
    return [
        {name: row[name] for name in ("point", "regime", "replicate", "key", "error")}
        | {"traceback": str(job.store.failure_path(row["key"]))}
        | ({"command": f"{job.alone} --key {row['key']}"} if job.alone else {})
        for row in runs
        if row["status"] != "done"
    ]


def say_stopped(job: Job, plan: Plan, collected: Collected, as_json: bool, report: Report | None = None) -> int:
    """Say how far a command came that was cut short, what failed, and how to go on; return its exit code."""
    done, total = len(collected.manifests), plan.stored + plan.new
    why, broken = (report.why, {outcome.key for outcome in report.failed}) if report else ("interrupted", set[str]())
    rows = [row for row in run_rows(job.study, plan, collected, job.store) if row["key"] in broken]
    code = INTERRUPTED if report is None or report.stopped == "interrupted" else LIMITED
    if report and report.stopped == "failure":
        code = SOME_FAILED if len(broken) < MANY_FAILED_SHARE * total else MANY_FAILED
    for row in rows:
        print("\n".join(_failure(job, row)), file=sys.stderr)
    print(f"{why}: {done} of {counted(total, 'run')} done. Go on with:  {job.command}", file=sys.stderr)
    if as_json:
        content = {"ok": False, "exit_code": code, "message": why, "study": job.study.id, "out": str(job.folder)}
        more = {"runs": total, "done": done, "failed": failures_as_json(job, rows), "command": job.command}
        print(json.dumps(content | more, ensure_ascii=False, indent=2))
    return code


def say_pilot_failed(job: Job, report: Report, as_json: bool) -> int:
    """Say what failed in a pilot and return the exit code; the study would fail likewise."""
    failed = [{"key": outcome.key, "error": outcome.error} for outcome in report.failed]
    code = MANY_FAILED if len(failed) >= MANY_FAILED_SHARE * len(report.outcomes) else SOME_FAILED
    for row in failed:
        print(f"the pilot failed: key {row['key']}: {row['error']}", file=sys.stderr)
        print(f"  traceback: {job.store.failure_path(row['key'])}", file=sys.stderr)
    if as_json:
        content = {"ok": False, "exit_code": code, "study": job.study.id, "out": str(job.folder), "failed": failed}
        print(json.dumps(content, ensure_ascii=False, indent=2))
    return code


def show_price(job: Job, as_json: bool, what: str = "", more: dict[str, Any] | None = None) -> int:
    """Say what would be run and what it takes; write nothing.

    ``what`` words the runs where they are no product of points, regimes and replicates.
    """
    plan = job.plan()
    number = job.number_of_workers(plan.missing)
    cost = _price(job, plan, number)
    content = {
        "study": job.study.id,
        "compares": list(job.study.scenarios),
        "baseline": job.study.baseline,
        "simulated_from": job.study.horizon.start,
        "measured_from": job.study.horizon.measured_from,
        "measured_years": job.study.horizon.years,
        "points": len(job.study.points),
        "design": job.study.design.method,
        "replicates": job.study.replicates,
        "runs": plan.stored + plan.new,
        "in_store": plan.stored,
        "new": plan.new,
        "damaged": len(plan.damaged),
        "workers": number,
        "seconds": round(cost.wall_s, 1),
        "seconds_low": round(cost.wall_low_s, 1),
        "seconds_high": round(cost.wall_high_s, 1),
        "basis": cost.basis,
        "warnings": list(warnings_of(job.study)),
        "mb_per_worker": round(cost.mb_per_worker),
        "disk_mb": round(cost.disk_mb, 1),
        "command": job.command,
    } | (more or {})
    if job.study.stopping:
        content |= _at_most(job, number)
    if as_json:
        print(json.dumps({"ok": True, "exit_code": 0, **content}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(price_lines(job.study, plan, content, job.folder, what)))
    return 0
