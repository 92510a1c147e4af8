"""How far a study is: which of its runs are there, why others are not, and what else lies in its store."""

import re
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from sim.specification.run import Study
from sim.study.bench import Bench
from sim.study.in_hand import Rival, alive, others_at_work
from sim.study.index import Entries, Entry, read_index
from sim.study.plan import NamedRun, named_runs, runs_of_replicate
from sim.study.store import ORPHAN_SECONDS, RESULT_SCHEMA, Manifest, Store

State = Literal["done", "failed", "damaged", "missing"]
STATES: tuple[State, ...] = ("done", "failed", "damaged", "missing")
OLDER_SCHEMA, OTHER_VERSION, UNNAMED, UNREADABLE = "older schema", "other version", "not named", "unreadable"
YOUNGEST_LEFTOVER_S = 60.0
"""A temporary file that is younger than this may be one that is being written."""
NUMBER = re.compile(r"\d+(\.\d+)?")
TEMPORARY = re.compile(r"(at-)?[^-]+-(?P<host>.+)-(?P<process>[0-9]+)-[0-9]+")
"""A name of Store.temporary: of a file to be, or of the note of a worker, which says what it is at."""


@dataclass(frozen=True)
class FailureGroup:
    """Runs that failed alike: by the same error, with messages that differ in numbers at most."""

    error: str
    message: str
    count: int
    example: NamedRun
    record: Path


@dataclass(frozen=True)
class Stale:
    """A file of the store that the study does not name, and why not."""

    path: Path
    size: int
    reason: str


@dataclass(frozen=True)
class Further:
    """Runs in the store that the study would name if it had so many replicates, by their keys."""

    replicates: int
    keys: frozenset[str]


@dataclass(frozen=True)
class Status:
    """The state of every run of a study, in its order, and what its store holds besides.

    ``further`` are runs of more replicates than the study asks for, ``at_work`` other commands that make runs here.
    """

    states: Sequence[tuple[NamedRun, State]]
    failures: Sequence[FailureGroup]
    stale: Sequence[Stale]
    leftovers: Sequence[Path]
    set_aside: Sequence[Path]
    damaged: Mapping[str, str] = field(default_factory=dict)
    further: Further = field(default_factory=lambda: Further(0, frozenset()))
    at_work: Sequence[Rival] = ()

    def count(self, state: State) -> int:
        """Return how many runs, as the study names them, are in a state."""
        return sum(found == state for _, found in self.states)

    @property
    def total(self) -> int:
        """Return how many runs the study names."""
        return len(self.states)

    def stale_of(self, *reasons: str) -> list[Stale]:
        """List the files that the study does not name for one of these reasons."""
        return [entry for entry in self.stale if entry.reason in reasons]


def status_of(study: Study, bench: Bench, store: Store) -> Status:
    """Look at a study against its store; nothing is written but the index of a large store."""
    runs, entries = list(named_runs(study, bench)), read_index(store)
    # What a further batch would ask for is named as well: a study that was cut short goes on with it.
    all_batches = replace(study, replicates=max(study.replicates, study.most_replicates))
    keys = {run.key for run in (named_runs(all_batches, bench) if study.stopping else runs)}
    usable = {key for key, entry in entries.items() if not _why_stale(entry, bench)}
    further = _further(study, bench, usable - keys)
    keys |= further.keys
    failures = {path.stem: path for path in _files(store.root / "failed", "*.json")}
    states = [(run, _state(run.key, entries, failures)) for run in runs]
    return Status(
        states=states,
        failures=_grouped([run for run, state in states if state == "failed"], store),
        stale=[
            *(_stale(entry, bench, store) for key, entry in entries.items() if key not in keys),
            *_stale_failures([path for key, path in failures.items() if key not in keys], bench, store),
        ],
        leftovers=[path for path in _files(store.root / "tmp", "*") if _abandoned(path)],
        set_aside=list(_files(store.root / "damaged", "*.parquet")),
        damaged={run.key: entries[run.key].problem for run, state in states if state == "damaged"},
        further=further,
        at_work=others_at_work(store),
    )


def clean(status: Status, unnamed_too: bool) -> list[Path]:
    """Remove temporary leftovers and what this version of model, data and schema cannot use; return what went.

    A finished run of this version is removed only with ``unnamed_too``, and never one that the study names.
    """
    reasons = (OLDER_SCHEMA, OTHER_VERSION, *((UNNAMED, UNREADABLE) if unnamed_too else ()))
    gone = []
    for path in [*status.leftovers, *(entry.path for entry in status.stale_of(*reasons))]:
        with suppress(FileNotFoundError, IsADirectoryError):
            path.unlink()
            gone.append(path)
    return gone


def _state(key: str, entries: Entries, failures: Mapping[str, Path]) -> State:
    if key in entries:
        return "done" if entries[key].current else "damaged"
    return "failed" if key in failures else "missing"


def _grouped(failed: Sequence[NamedRun], store: Store) -> list[FailureGroup]:
    """Group failed runs, the most frequent failure first; the first run of the study is the example."""
    groups: dict[tuple[str, str], list[tuple[NamedRun, str]]] = {}
    for run in failed:
        record = _failure(store, run.key)
        error, message = str(record.get("error", "")), str(record.get("message", ""))
        groups.setdefault((error, NUMBER.sub("#", message)), []).append((run, message))
    found = [
        FailureGroup(error, members[0][1], len(members), members[0][0], store.failure_path(members[0][0].key))
        for (error, _), members in groups.items()
    ]
    return sorted(found, key=lambda group: -group.count)


def _failure(store: Store, key: str) -> Manifest:
    """Return the record of a failure, or what can be said of one that cannot be read."""
    unreadable = {"error": "unreadable record", "message": f"{store.failure_path(key).name} is no record of a failure"}
    try:
        record = store.failure(key)
    except (OSError, ValueError):
        return unreadable
    return record if isinstance(record, dict) else unreadable


def _further(study: Study, bench: Bench, unnamed: set[str]) -> Further:
    """Look for runs of more replicates among those that the study does not name, one replicate after another."""
    replicates, found = study.replicates, set[str]()
    while unnamed - found:
        here = unnamed.intersection(run.key for run in runs_of_replicate(study, bench, replicates))
        if not here:
            break
        found |= here
        replicates += 1
    return Further(replicates, frozenset(found))


def _stale(entry: Entry, bench: Bench, store: Store) -> Stale:
    return Stale(store.path(entry.key), entry.stamp.size, _why_stale(entry, bench) or UNNAMED)


def _why_stale(entry: Entry, bench: Bench) -> str:
    """Say why this version cannot use a run; "" where it can."""
    if entry.problem:
        return UNREADABLE
    if entry.schema != RESULT_SCHEMA:
        return OLDER_SCHEMA
    return OTHER_VERSION if (entry.code_hash, entry.data_hash) != (bench.code_hash, bench.data_hash) else ""


def _stale_failures(paths: Sequence[Path], bench: Bench, store: Store) -> Iterator[Stale]:
    """Yield the records of failures that the study does not name; one of this model may be another study's."""
    for path in paths:
        record = _failure(store, path.stem)
        code = record.get("code", {}).get("code_hash")
        reason = UNREADABLE if code is None else UNNAMED if code == bench.code_hash else OTHER_VERSION
        with suppress(FileNotFoundError):
            yield Stale(path, path.stat().st_size, reason)


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    yield from (path for path in sorted(folder.glob(pattern)) if path.is_file())


def _abandoned(path: Path) -> bool:
    """Tell whether a temporary file belongs to no living process: of this machine, or of any after a day."""
    try:
        age = time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return False
    found = TEMPORARY.fullmatch(path.name)
    if found is None or found["host"] != socket.gethostname():
        return age > ORPHAN_SECONDS
    return age > YOUNGEST_LEFTOVER_S and not alive(int(found["process"]))
