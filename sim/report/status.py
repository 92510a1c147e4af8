"""The state of a study in words."""

from collections.abc import Callable, Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from sim.settings.plural import counted
from sim.specification.run import Study
from sim.study.provenance import BYTES_PER_MB
from sim.study.status import OLDER_SCHEMA, OTHER_VERSION, STATES, UNNAMED, UNREADABLE, FailureGroup, Stale, Status

MOST_POINTS_SHOWN = 12
MOST_FAILURES_SHOWN = 10
STALE_WORDS = {
    OLDER_SCHEMA: "of an older version of the results' schema, not used",
    OTHER_VERSION: "of another version of the model, its measures or its data, not used",
    UNNAMED: "of this version that the study does not name (it was edited, or another study made them)",
    UNREADABLE: "that the study does not name and that cannot be read",
}


def print_status(study: Study, status: Status, console: Console, command: Callable[[str], str]) -> None:
    """Print how far a study is; ``command`` words the command that repeats the run of a key."""
    console.print(f"{study.id}: {progress_words(status)}")
    console.print()
    console.print(_table(study, status))
    for line in [*_failures(study, status.failures, command), *_damaged(status), *_besides(status)]:
        console.print(line, soft_wrap=True, markup=False, highlight=False)


def progress_words(status: Status) -> str:
    """Say how many runs are done, and how many are not for which reason."""
    rest = [f"{status.count(state)} {state}" for state in STATES[1:] if status.count(state)]
    whole = "complete" if status.count("done") == status.total else "not complete"
    return f"{whole}, {status.count('done')} of {counted(status.total, 'run')} done{''.join(f', {w}' for w in rest)}"


def _table(study: Study, status: Status) -> Table:
    """Count by regime, and by point where there are few."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    by_point = 1 < len(study.points) <= MOST_POINTS_SHOWN
    for heading in (*(("point",) if by_point else ()), "regime"):
        table.add_column(heading)
    for state in STATES:
        table.add_column(state, justify="right")
    counts: dict[tuple[int, str], dict[str, int]] = {}
    for run, state in status.states:
        row = counts.setdefault((run.point if by_point else 0, run.scenario), dict.fromkeys(STATES, 0))
        row[state] += 1
    words = {point.number: f"{point.number}  {point.in_words}" for point in study.points} if by_point else {}
    for (point, regime), row in counts.items():
        table.add_row(*((words[point],) if by_point else ()), regime, *(str(number or "-") for number in row.values()))
    return table


def _failures(study: Study, groups: Sequence[FailureGroup], command: Callable[[str], str]) -> Iterator[str]:
    for group in groups[:MOST_FAILURES_SHOWN]:
        run = group.example
        at = f"point {run.point}, " if study.axes else ""
        yield f"{counted(group.count, 'run')} failed by {group.error}: {group.message}"
        yield f"  as {at}{run.scenario}, replicate {run.replicate}, seed {study.seed}, key {run.key}"
        yield f"  traceback: {group.record}"
        yield f"  repeat it: {command(run.key)}"
    if len(groups) > MOST_FAILURES_SHOWN:
        yield f"and {counted(len(groups) - MOST_FAILURES_SHOWN, 'other kind')} of failure (--json lists all)"


def _damaged(status: Status) -> Iterator[str]:
    for problem in list(status.damaged.values())[:MOST_FAILURES_SHOWN]:
        yield f"damaged: {problem}; `sim run` sets it aside and makes it again"
    if len(status.damaged) > MOST_FAILURES_SHOWN:
        yield f"and {counted(len(status.damaged) - MOST_FAILURES_SHOWN, 'other damaged file')} (--json lists all)"


def _besides(status: Status) -> Iterator[str]:
    """Say what lies in the store besides the runs of the study, and what removes it."""
    for rival in status.at_work:
        yield f"a command is making runs here: {rival.in_words}; they may be of more than this study names"
    if status.further.keys:
        most, runs = status.further.replicates, counted(len(status.further.keys), "run")
        yield f"{runs} of further replicates of this study, up to {most}, kept; --set replicates={most} counts them"
    for reason, words in STALE_WORDS.items():
        files = status.stale_of(reason)
        if files:
            removed = "--clean" if reason in (OLDER_SCHEMA, OTHER_VERSION) else "--clean --stale"
            yield f"{counted(len(files), 'file')} {words}: {megabytes(files)}; {removed} removes them"
    if status.leftovers:
        yield f"{counted(len(status.leftovers), 'temporary file')} of processes that ended; --clean removes them"
    if status.set_aside:
        folder = status.set_aside[0].parent
        yield f"{counted(len(status.set_aside), 'damaged file')} set aside in {folder}, kept for a look"


def megabytes(files: Sequence[Stale]) -> str:
    """Word the size of files: ``1.2 MB``."""
    return f"{sum(file.size for file in files) / BYTES_PER_MB:.1f} MB"
