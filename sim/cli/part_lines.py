"""What ``sim run`` says when it made a part of a study only: a shard, or one run."""

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console

from sim.cli.job import Job, exit_code, failure_lines, failures_as_json
from sim.report.publish import run_rows
from sim.settings.plural import counted
from sim.study.collect import Collected
from sim.study.part import OneRun
from sim.study.plan import Plan

Rows = Sequence[dict[str, Any]]


def show_part(job: Job, plan: Plan, collected: Collected, whole_command: str, as_json: bool) -> int:
    """Say what became of the runs of a part and how many of the study are there; return the exit code."""
    whole, rows = job.whole_plan(), list(run_rows(job.study, plan, collected, job.store))
    code = exit_code(rows)
    console = Console(stderr=as_json, soft_wrap=True, markup=False, highlight=False)
    for line in _lines(job, rows, whole, whole_command, code):
        console.print(line)
    if as_json:
        answer = _as_json(job, rows, whole, whole_command, code)
        print(json.dumps(answer, ensure_ascii=False, indent=2), file=sys.stdout)
    return code


def _lines(job: Job, rows: Rows, whole: Plan, whole_command: str, code: int) -> Iterator[str]:
    part = job.part.in_words if job.part else "everything"
    done = [row for row in rows if row["status"] == "done"]
    yield f"{job.study.id}, {part}: {len(done)} of {counted(len(rows), 'run')} done"
    if isinstance(job.part, OneRun):
        for row in done:
            at = f"point {row['point']}, " if job.study.axes else ""
            yield f"  {at}{row['regime']}, replicate {row['replicate']}: {row['seconds']} s, digest {row['digest']}"
    yield from failure_lines(job, rows, code)
    yield f"Of all {counted(whole.stored + whole.new, 'run')} of the study {whole.stored} are there."
    yield f"When all are, this shows what they say:  {whole_command}"


def _as_json(job: Job, rows: Rows, whole: Plan, whole_command: str, code: int) -> dict[str, Any]:
    return {
        "ok": code == 0,
        "exit_code": code,
        "study": job.study.id,
        "out": str(job.folder),
        "part": job.part.in_words if job.part else "",
        "runs": len(rows),
        "done": sum(row["status"] == "done" for row in rows),
        "digests": {row["key"]: row["digest"] for row in rows if row["status"] == "done"},
        "runs_of_study": whole.stored + whole.new,
        "done_of_study": whole.stored,
        "failed": failures_as_json(job, rows),
        "command": whole_command,
    }
