"""``sim status``: how far a study is, what failed, and what lies in its store besides; it cleans up when told to."""

import json
import sys
import time
from collections.abc import Sequence
from typing import Any

from sim.cli.failure import UsageError
from sim.cli.job import MANY_FAILED, MANY_FAILED_SHARE, SOME_FAILED
from sim.cli.results import Results, results_of
from sim.report.status import print_status
from sim.report.table import report_console
from sim.settings.plural import counted
from sim.study import england
from sim.study.provenance import BYTES_PER_MB
from sim.study.status import STATES, Status, clean, status_of

SECONDS_BETWEEN_LOOKS = 3.0


def show_status(
    source: str,
    *,
    overrides: Sequence[str],
    out: str | None,
    cleaning: bool,
    stale: bool,
    watch: bool,
    as_json: bool,
) -> int:
    """Print the state of a study, clean up if told to, and return 0, or 4 or 5 as a run does when runs failed.

    Raise UsageError on options that do not go together and where there are no results; ConfigError as loading does.
    """
    if stale and not cleaning:
        raise UsageError("--stale says what --clean removes besides; write --clean --stale")
    if watch and (as_json or cleaning or not sys.stdout.isatty()):
        raise UsageError("--watch wants a terminal, and neither --json nor --clean")
    results = results_of(source, out, overrides)
    if watch:
        return _watch(results)
    status = _look(results)
    if stale and status.at_work:
        rival = status.at_work[0].in_words
        raise UsageError(
            f"a command is making runs here ({rival}); --clean --stale might remove them; wait for its end"
        )
    gone = clean(status, stale) if cleaning else []
    if gone:
        sizes = {entry.path: entry.size for entry in status.stale}
        freed = sum(sizes.get(path, 0) for path in gone) / BYTES_PER_MB
        print(f"removed {counted(len(gone), 'file')}, {freed:.1f} MB", file=sys.stderr if as_json else sys.stdout)
        status = _look(results)
    elif cleaning:
        print("nothing to remove", file=sys.stderr if as_json else sys.stdout)
    if as_json:
        print(json.dumps(_as_json(results, status, [str(path) for path in gone]), ensure_ascii=False, indent=2))
    else:
        print_status(results.study, status, report_console(sys.stdout), results.command_for)
    return exit_code(status)


def exit_code(status: Status) -> int:
    """Return 0 unless runs failed: 4 when some did, 5 when a tenth or more of all did."""
    failed = status.count("failed")
    if not failed:
        return 0
    return SOME_FAILED if failed < MANY_FAILED_SHARE * status.total else MANY_FAILED


def _look(results: Results) -> Status:
    return status_of(results.study, england.england_bench(), results.store)


def _watch(results: Results) -> int:
    """Print the state anew every few seconds until Ctrl-C."""
    console = report_console(sys.stdout)
    status = _look(results)
    try:
        while True:
            console.clear()
            print_status(results.study, status, console, results.command_for)
            time.sleep(SECONDS_BETWEEN_LOOKS)
            status = _look(results)
    except KeyboardInterrupt:
        return exit_code(status)


def _as_json(results: Results, status: Status, removed: Sequence[str]) -> dict[str, Any]:
    code = exit_code(status)
    reasons = sorted({entry.reason for entry in status.stale})
    return {
        "ok": code == 0,
        "exit_code": code,
        "study": results.study.id,
        "out": str(results.folder),
        "complete": status.count("done") == status.total,
        "runs": status.total,
        **{state: status.count(state) for state in STATES},
        "failures": [
            {
                "error": group.error,
                "message": group.message,
                "runs": group.count,
                "key": group.example.key,
                "point": group.example.point,
                "regime": group.example.scenario,
                "replicate": group.example.replicate,
                "traceback": str(group.record),
                "command": results.command_for(group.example.key),
            }
            for group in status.failures
        ],
        "damaged_files": dict(status.damaged),
        "stale": {
            reason: {
                "files": len(status.stale_of(reason)),
                "mb": round(sum(entry.size for entry in status.stale_of(reason)) / BYTES_PER_MB, 3),
            }
            for reason in reasons
        },
        "further": {"replicates": status.further.replicates, "files": len(status.further.keys)},
        "at_work": [rival.in_words for rival in status.at_work],
        "leftovers": [str(path) for path in status.leftovers],
        "set_aside": [str(path) for path in status.set_aside],
        "removed": list(removed),
    }
