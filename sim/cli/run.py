"""``sim run``: make the missing runs of a study, then show what they say."""

import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from sim.cli.failure import INTERRUPTED, UsageError
from sim.cli.price_lines import price_lines
from sim.report.lines import shown_outcomes
from sim.report.publish import Published, publish
from sim.report.table import report_console
from sim.settings.plural import counted
from sim.specification.load import load_study
from sim.specification.run import Study
from sim.study import england
from sim.study.bench import Bench
from sim.study.collect import Collected, collect
from sim.study.execute import execute, worker_count
from sim.study.plan import Plan, make_plan
from sim.study.price import COMPILING_S, Price, compiled, people_simulated, price
from sim.study.progress import Progress, duration, progress_for
from sim.study.store import DamagedRunError, Store
from sim.world.world import load_england

SOME_FAILED, MANY_FAILED = 4, 5
MANY_FAILED_SHARE = 0.10
MANY_RUNS = 200
"""A study that has more to do than this says how long it will take before it begins."""
ROUNDS = 2
"""Runs that turn out to be damaged when they are read are made once more."""


@dataclass(frozen=True)
class Job:
    """One call of the command."""

    study: Study
    store: Store
    bench: Bench
    workers: str
    command: str

    @property
    def folder(self) -> Path:
        """Return the results folder."""
        return self.store.root.parent


def run_study(
    study: str,
    *,
    overrides: Sequence[str],
    out: str | None,
    workers: str,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Run what is missing of a study, write and print its tables and figures, and return the exit code.

    0 all runs are there; 4 some failed; 5 a tenth or more failed; 130 interrupted, to be continued by
    the same command. Raises ConfigError, DataError or UsageError before anything is run.
    """
    if out is not None and not out.strip():
        raise UsageError("--out wants the name of a folder, got an empty text; `--out .` is the current one")
    loaded = load_study(study, overrides)
    folder = Path(out) if out is not None else Path("results") / loaded.id
    command = shlex.join(_command(study, overrides, out))
    job = Job(loaded, Store(folder / "store"), england.england_bench(), workers, command)
    _check_workers(workers)
    if dry_run:
        return _show_price(job, as_json)
    load_england()  # a table that cannot be used stops the study, not each of its runs
    _check_folder(folder)
    console = report_console(sys.stderr if as_json else sys.stdout)
    progress = progress_for(quiet)
    collected, plan, interrupted = _make_runs(job, progress)
    if interrupted:
        return _stopped(job, plan, collected, as_json)
    published = publish(loaded, plan, collected, job.store)
    code = _exit_code(published)
    _show(job, published, console, code)
    if as_json:
        print(json.dumps(_as_json(job, published, code), ensure_ascii=False, indent=2))
    return code


def _command(study: str, overrides: Sequence[str], out: str | None) -> Iterator[str]:
    """Yield the words of the command that goes on where this one stops."""
    yield from ("sim", "run", study)
    for override in overrides:
        yield from ("--set", override)
    if out is not None:
        yield from ("--out", out)


def _check_folder(folder: Path) -> None:
    """Find out before any run whether results can be written."""
    probe = folder / ".probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise UsageError(
            f"cannot write results to {folder}: {error.strerror}; name another folder with --out"
        ) from None


def _check_workers(workers: str) -> None:
    try:
        worker_count(workers, 1)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _make_runs(job: Job, progress: Progress) -> tuple[Collected, Plan, bool]:
    """Make what is missing; what cannot be read back is set aside and made again."""
    for _ in range(ROUNDS):
        plan = make_plan(job.study, job.bench, job.store)
        _set_aside(plan.damaged, job)
        if plan.missing:
            number = worker_count(job.workers, len(plan.missing))
            _announce(job, plan, number, progress)
            report = execute(plan.missing, job.bench, job.store, number, progress)
            if report.interrupted:
                return _collect(job, plan), plan, True
        collected = _collect(job, plan)
        if not collected.damaged:
            break
        _set_aside(collected.damaged, job)
    return collected, plan, False


def _collect(job: Job, plan: Plan) -> Collected:
    """Read the finished runs; of a study with many points only what its table shows."""
    return collect(plan.runs, job.store, shown_outcomes() if job.study.axes else None)


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
    if not compiled():
        progress.say(f"compiling the rules once for this version: about {duration(COMPILING_S)} more")
        job.bench.prepare()


def _price(job: Job, plan: Plan, workers: int) -> Price:
    world = job.bench.load_world(job.study.run_specs()[0])
    return price(job.study, plan, job.store, people_simulated(job.study, world), workers)


def _exit_code(published: Published) -> int:
    bad = sum(row["status"] != "done" for row in published.runs)
    if bad == 0:
        return 0
    return SOME_FAILED if bad < MANY_FAILED_SHARE * len(published.runs) else MANY_FAILED


def _show(job: Job, published: Published, console: Console, code: int) -> None:
    """Print the table, what failed and how to repeat it, and where everything lies."""
    published.show(console)
    for line in [*_failures(job, published, code), *_places(published)]:
        console.print(line, soft_wrap=True)


def _failures(job: Job, published: Published, code: int) -> Iterator[str]:
    failed = [row for row in published.runs if row["status"] != "done"]
    if not failed:
        return
    share = "a tenth or more" if code == MANY_FAILED else "less than a tenth"
    yield ""
    yield f"{len(failed)} of {counted(len(published.runs), 'run')} failed ({share}; exit code {code}):"
    for row in failed:
        at = f"point {row['point']}, " if job.study.axes else ""
        yield f"  {at}{row['regime']}, replicate {row['replicate']}, seed {job.study.seed}, key {row['key']}"
        if row["status"] == "failed":
            yield f"    {row['error']}"
            yield f"    traceback: {job.store.failure_path(row['key'])}"
    yield f"Try them again with:  {job.command}"
    if published.comparison is None:
        yield f"There is no table, because no run of the baseline {job.study.baseline} finished."


def _places(published: Published) -> Iterator[str]:
    yield ""
    if published.comparison:
        yield f"Comparison  {published.comparison}"
    if published.gains:
        yield f"Gains       {published.gains}"
    yield f"Runs        {published.folder / 'runs.csv'}"
    for path in published.figures:
        if path.suffix in (".png", ".svg"):
            yield f"Figure      {path}"
    for name in published.empty_figures:
        yield f"{name:<12}nothing to draw"
    yield f"Store       {published.folder / 'store'}"


def _as_json(job: Job, published: Published, code: int) -> dict[str, Any]:
    done = [row for row in published.runs if row["status"] == "done"]
    return {
        "ok": code == 0,
        "exit_code": code,
        "study": job.study.id,
        "out": str(published.folder),
        "runs": len(published.runs),
        "digests": {_run_name(job, row): row["digest"] for row in done},
        "comparison": str(published.comparison) if published.comparison else None,
        "figures": [str(path) for path in published.figures],
        "failed": [
            {name: row[name] for name in ("point", "regime", "replicate", "key", "error")}
            | {"traceback": str(job.store.failure_path(row["key"]))}
            for row in published.runs
            if row["status"] != "done"
        ],
    }


def _run_name(job: Job, row: dict[str, Any]) -> str:
    name = f"{row['regime']}/{row['replicate']}"
    return f"{row['point']}/{name}" if job.study.axes else name


def _stopped(job: Job, plan: Plan, collected: Collected, as_json: bool) -> int:
    done, total = len(collected.manifests), plan.stored + plan.new
    print(f"interrupted: {done} of {counted(total, 'run')} done. Go on with:  {job.command}", file=sys.stderr)
    if as_json:
        content = {"ok": False, "exit_code": INTERRUPTED, "study": job.study.id, "out": str(job.folder)}
        print(json.dumps(content | {"runs": total, "done": done, "command": job.command}, indent=2))
    return INTERRUPTED


def _show_price(job: Job, as_json: bool) -> int:
    """Say what would be run and what it takes; write nothing."""
    plan = make_plan(job.study, job.bench, job.store)
    number = worker_count(job.workers, len(plan.missing))
    cost = _price(job, plan, number)
    content = {
        "study": job.study.id,
        "compares": list(job.study.scenarios),
        "baseline": job.study.baseline,
        "simulated_from": job.study.horizon.start,
        "measured_from": job.study.horizon.measured_from,
        "measured_years": job.study.horizon.years,
        "points": len(job.study.points),
        "runs": plan.stored + plan.new,
        "in_store": plan.stored,
        "new": plan.new,
        "damaged": len(plan.damaged),
        "workers": number,
        "seconds": round(cost.wall_s, 1),
        "seconds_low": round(cost.wall_low_s, 1),
        "seconds_high": round(cost.wall_high_s, 1),
        "basis": cost.basis,
        "mb_per_worker": round(cost.mb_per_worker),
        "disk_mb": round(cost.disk_mb, 1),
        "command": job.command,
    }
    if as_json:
        print(json.dumps({"ok": True, "exit_code": 0, **content}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(price_lines(job.study, plan, content, job.folder)))
    return 0
