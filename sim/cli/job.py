"""The runs that a command makes: what it says of what they take, of what failed, and of how to go on."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.cli.failure import INTERRUPTED, LIMITED, UsageError
from sim.cli.price_lines import price_lines
from sim.report.publish import run_rows
from sim.settings.plural import counted
from sim.specification.run import Study
from sim.study import make
from sim.study.collect import Collected
from sim.study.execute import Report, worker_count
from sim.study.make import Making, estimate
from sim.study.part import NoSuchRunError
from sim.study.plan import Plan

SOME_FAILED, MANY_FAILED = 4, 5
MANY_FAILED_SHARE = 0.10
KEPT_BY_RESULTS = ("store", "compared", "figures")
"""The folders of a results folder, in which nothing else is kept."""


@dataclass(frozen=True)
class Job(Making):
    """One call of a command that makes runs.

    ``command`` goes on where this one stops; ``alone`` is the command that runs one of the runs again, but for its key,
    "" where there is none.
    """

    command: str = ""
    alone: str = ""

    def plan(self) -> Plan:
        """Return the runs of this job against its store; raise UsageError when it asks for a run that is not there."""
        try:
            return super().plan()
        except NoSuchRunError as error:
            raise UsageError(f"--key: {error}") from None


def results_folder(out: str | None, study: Study) -> Path:
    """Return where results go; raise UsageError on a name that will not do, or of a folder within other results."""
    if out is None:
        return Path("results") / study.id
    folder = folder_named("--out", out)
    for place in (folder.absolute(), *folder.absolute().parents):
        if place.name in KEPT_BY_RESULTS and all(
            (place.parent / name).is_file() for name in ("study.yaml", "runs.csv")
        ):
            raise UsageError(f"--out: {out} lies within {place.name} of the results in {place.parent}; name another")
    return folder


def folder_named(option: str, name: str) -> Path:
    """Return the folder of a name that an option was given; raise UsageError on a name that will not do."""
    if not name.strip():
        raise UsageError(f"{option} wants the name of a folder, got an empty text; `{option} .` is the current one")
    if name.startswith("~"):
        raise UsageError(f"{option}: the shell left the ~ of {name} as it is; write the whole path, or $HOME for ~")
    if "\0" in name or not is_text(name):
        raise UsageError(f"{option}: {name!r} is no name in UTF-8; files in such a folder cannot be read")
    return Path(name)


def check_name(source: str) -> None:
    """Raise UsageError on the name of a study or of results that is no text."""
    if not is_text(source):
        raise UsageError(f"{source!r} is no name in UTF-8; rename it, for its files cannot be read")


def is_text(name: str) -> bool:
    """Tell whether a name can be written in UTF-8: that of a file from elsewhere may not."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_folder(folder: Path) -> None:
    """Find out before any run whether results can be written; raise UsageError when they cannot."""
    try:
        make.check_folder(folder)
    except OSError as error:
        why = error.strerror
        if isinstance(error, FileExistsError):
            taken = Path(error.filename or folder)
            why = f"{taken} is {'a link that leads nowhere' if taken.is_symlink() else 'a file'}"
        raise UsageError(f"cannot write results to {folder}: {why}; name another folder with --out") from None


def check_workers(workers: str) -> None:
    """Raise UsageError on a number of workers that is none."""
    try:
        worker_count(workers, 1)
    except ValueError as error:
        raise UsageError(str(error)) from None


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
    content = estimate(job, plan) | {"command": job.command} | (more or {})
    if as_json:
        print(json.dumps({"ok": True, "exit_code": 0, **content}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(price_lines(job.study, plan, content, job.folder, what)))
    return 0
