"""``sim run``: make the missing runs of a study, then show what they say."""

import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from rich.console import Console

from sim.cli.failure import UsageError
from sim.cli.how import PLAIN, How
from sim.cli.job import (
    Job,
    check_folder,
    check_workers,
    exit_code,
    failure_lines,
    failures_as_json,
    results_folder,
    say_pilot_failed,
    say_stopped,
    show_price,
)
from sim.cli.part_lines import show_part
from sim.report.batches import make_batches
from sim.report.lines import shown_outcomes
from sim.report.publish import Published, publish
from sim.report.stopping import batches_as_json
from sim.report.table import report_console
from sim.settings.plural import counted
from sim.specification.load import load_study
from sim.study import england
from sim.study.collect import collect
from sim.study.earlier import told_before
from sim.study.make import make_pilot, make_runs, warnings_of
from sim.study.part import OneRun
from sim.study.progress import progress_for
from sim.study.store import Store
from sim.study.until import check_until
from sim.world.world import load_england


def run_study(
    study: str,
    *,
    overrides: Sequence[str],
    out: str | None,
    workers: str,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    how: How = PLAIN,
) -> int:
    """Run what is missing of a study, write and print its tables and figures, and return the exit code.

    0 all runs are there; 4 some failed; 5 a tenth or more failed; 6 stopped by a limit and 130 interrupted, to be
    continued by the same command. Raises ConfigError, DataError or UsageError before anything is run.
    """
    check_workers(workers)
    if how.pilot and not dry_run:
        raise UsageError("--pilot belongs to --dry-run: it makes one unit of work to tell how long all of them take")
    how.check_places(workers)
    limits, part = how.limits(), how.part()
    loaded = load_study(study, overrides)
    check_until(loaded)
    if loaded.stopping and how.shard:
        raise UsageError(
            f"--shard cannot be had with `until`: {loaded.id} looks at all its runs before it makes more; "
            "run the shards with a number of replicates and without `until`"
        )
    folder = results_folder(out, loaded)
    whole = shlex.join([*_command(study, overrides, out), *how.lasting()])
    command = shlex.join([*shlex.split(whole), *_chosen(how)])
    # Of a study with many points only what its table shows is read back.
    kept = shown_outcomes() if loaded.axes else None
    store, bench = Store(folder / "store"), england.england_bench()
    with how.cluster_in_use() as cluster:
        job = Job(
            loaded, store, bench, workers, kept, limits=limits, part=part, cluster=cluster, command=command, alone=whole
        )
        if not dry_run:
            return _make_and_show(job, whole, as_json, quiet)
        if how.pilot:
            return _priced_by_pilot(job, as_json, quiet)
        return show_price(job, as_json, _words(job), _told_before(job))


def _make_and_show(job: Job, whole_command: str, as_json: bool, quiet: bool) -> int:
    load_england()  # a table that cannot be used stops the study, not each of its runs
    check_folder(job.folder)
    for sentence in () if isinstance(job.part, OneRun) else told_before(job.study, job.folder):
        print(f"warning: {sentence}", file=sys.stderr)
    if job.cluster and job.cluster.warning:
        print(job.cluster.warning, file=sys.stderr)
    job, collected, plan, cut_short = make_batches(job, progress_for(quiet))
    if cut_short:
        return say_stopped(job, plan, collected, as_json, cut_short)
    if job.part and (isinstance(job.part, OneRun) or job.whole_plan().new):
        return show_part(job, plan, collected, whole_command, as_json)
    if job.part:  # the last shard to be made shows what all of them say
        job = replace(job, part=None, command=whole_command)
        collected, plan, _ = make_runs(job, progress_for(quiet))
    console = report_console(sys.stderr if as_json else sys.stdout)
    published = publish(job.study, plan, collected, job.store)
    code = exit_code(published.runs)
    _show(job, published, console, code)
    if as_json:
        print(json.dumps(_as_json(job, published, code), ensure_ascii=False, indent=2))
    return code


def _priced_by_pilot(job: Job, as_json: bool, quiet: bool) -> int:
    """Make and store one unit of work, then say what the rest takes; return the exit code."""
    load_england()
    check_folder(job.folder)
    report = make_pilot(job, progress_for(quiet))
    if report.interrupted:
        plan = job.plan()
        return say_stopped(job, plan, collect(plan.runs, job.store, job.kept), as_json, report)
    if report.failed:
        return say_pilot_failed(job, report, as_json)
    return show_price(job, as_json, _words(job), {"pilot_runs": len(report.outcomes)} | _told_before(job))


def _told_before(job: Job) -> dict[str, Any]:
    """Return what a dry run says besides: warnings, the tables that would be replaced, and batches."""
    other = () if isinstance(job.part, OneRun) else told_before(job.study, job.folder)
    return {"warnings": [*warnings_of(job.study), *other]} | batches_as_json(job.study)


def _words(job: Job) -> str:
    """Word the runs of a part for the dry run; "" for the whole study, which needs no words."""
    return f"{job.part.in_words}, {counted(len(job.plan().runs), 'run')}" if job.part else ""


def _chosen(how: How) -> Iterator[str]:
    """Yield the words of a command that choose a part of the study."""
    for option, value in (("--shard", how.shard), ("--key", how.key)):
        if value:
            yield from (option, value)


def _command(study: str, overrides: Sequence[str], out: str | None) -> Iterator[str]:
    """Yield the words of the command that goes on where this one stops."""
    yield from ("sim", "run", study)
    for override in overrides:
        yield from ("--set", override)
    if out is not None:
        yield from ("--out", out)


def _show(job: Job, published: Published, console: Console, code: int) -> None:
    """Print the table, what failed and how to repeat it, and where everything lies."""
    published.show(console)
    for line in [*_failures(job, published, code), *_places(published)]:
        console.print(line, soft_wrap=True)


def _failures(job: Job, published: Published, code: int) -> Iterator[str]:
    yield from failure_lines(job, published.runs, code)
    if code and published.comparison is None:
        yield f"There is no table, because no run of the baseline {job.study.baseline} finished."


def _places(published: Published) -> Iterator[str]:
    yield ""
    if published.comparison:
        yield f"Comparison  {published.comparison}"
    if published.gains:
        yield f"Gains       {published.gains}"
    if published.years:
        yield f"Years       {published.years}"
    if published.lottery:
        yield f"Lottery     {published.lottery}"
    if published.looks:
        yield f"Looks       {published.looks}"
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
        "failed": failures_as_json(job, published.runs),
    } | ({"stopping": published.stopping} if job.study.stopping else {})


def _run_name(job: Job, row: dict[str, Any]) -> str:
    name = f"{row['regime']}/{row['replicate']}"
    return f"{row['point']}/{name}" if job.study.axes else name
