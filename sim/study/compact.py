"""The rows that comparisons need, of all runs of a large store, in one file beside its index.

Opening ten thousand files takes far longer than reading what is in them. The files of the runs stay the truth: the
rows of one are taken from here only while it has the stamp that it had when its digest was checked, and a compacted
file that is lost or damaged is made anew.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.measures.rows import ALL_YEARS
from sim.study.index import FOLDER, Entries, Entry, written_whole
from sim.study.sealed import UNREADABLE, opened, sealing
from sim.study.store import DamagedRunError, MissingRunError, Store
from sim.study.table import COLUMNS, TEXT_COLUMNS, Table

STAMPS_FIELD = "sim.compacted"
RUNS_PER_GROUP = 200
"""So many runs share a row group; no more are in memory at once."""
TEXT = pa.dictionary(pa.int32(), pa.utf8())
SCHEMA = pa.schema([("key", TEXT), *((name, TEXT if name in TEXT_COLUMNS else pa.float64()) for name in COLUMNS)])


Rows = Mapping[str, Table]
"""The columns of each run by its key."""


def untold(number: int) -> None:
    """Let nobody know how many runs have been read."""


def all_years(table: Table, geographies: Sequence[str]) -> Table:
    """Return the COLUMNS of a run's rows over all measured years, of some geographies."""
    wanted = np.isin(table["geography"], geographies) & (table["period_start"] == ALL_YEARS)
    return {name: table[name][wanted] for name in COLUMNS}


def compacted(
    store: Store,
    entries: Entries,
    wanted: Sequence[Entry],
    geographies: Sequence[str],
    only: Collection[tuple[str, str]] | None,
    told: Callable[[int], None],
) -> tuple[Rows, list[DamagedRunError]]:
    """Return the rows of wanted runs from the compacted file, to which those that it lacks are added first.

    Runs that cannot be read are named. A run that is neither named nor returned has to be read from its own file:
    the folder could not be written, or another writer was quicker. ``told`` is given the number of runs read so far.
    """
    path = store.root / FOLDER / f"{'national' if len(geographies) == 1 else 'areas'}.parquet"
    asked, damaged = {entry.key: entry for entry in wanted}, list[DamagedRunError]()
    try:
        with opened(path) as source:
            old = _Compacted.of(source)
            new = [entry for entry in asked.values() if not old.holds(entry)]
            if not new:
                return _read(old, asked, only, told), damaged
            kept = [entries[key] for key in old.stamps if key in entries and old.holds(entries[key])]
            read = _counted(_checked(store, new, geographies, damaged), told, len(asked) - len(new))
            with suppress(*UNREADABLE), written_whole(store, path) as temporary:
                _write(temporary, old, kept, read)
        with opened(path) as source:
            return _read(_Compacted.of(source), asked, only, untold), damaged
    except UNREADABLE:
        return {}, damaged


@dataclass(frozen=True)
class _Compacted:
    """A compacted file that is open, and the stamps of its runs: rows and stamps are of one file, whoever replaces it.

    Where there is none, or one of another version, it is None and there are no stamps.
    """

    file: pq.ParquetFile | None
    stamps: Mapping[str, list[int]]

    @staticmethod
    def of(source: pa.NativeFile | None) -> "_Compacted":
        """Return what an open file holds."""
        file = pq.ParquetFile(source, page_checksum_verification=True) if source is not None else None
        if file is None or not file.schema_arrow.equals(SCHEMA):
            return _Compacted(None, {})
        return _Compacted(file, json.loads((file.metadata.metadata or {}).get(STAMPS_FIELD.encode(), "{}")))

    def holds(self, entry: Entry) -> bool:
        """Tell whether the rows of a run are there, of its file as it is now."""
        return self.stamps.get(entry.key) == list(astuple(entry.stamp))

    def groups(self, keys: Collection[str]) -> Iterator[pa.Table]:
        """Yield the row groups that hold any of these runs, of each the rows of these."""
        wanted = pa.array(list(keys), pa.utf8())
        if self.file is None or not keys:
            return
        for number in range(self.file.num_row_groups):
            group = self.file.read_row_group(number)
            kept = group.filter(pc.is_in(group["key"].cast(pa.utf8()), value_set=wanted))
            if kept.num_rows:
                yield kept


def _checked(
    store: Store, entries: Sequence[Entry], geographies: Sequence[str], damaged: list[DamagedRunError]
) -> Iterator[tuple[Entry, Table]]:
    """Yield the rows of each run whose digest is right, and list the others."""
    for entry in entries:
        try:
            yield entry, all_years(store.read(entry.key).table, geographies)
        except MissingRunError:
            continue
        except DamagedRunError as error:
            damaged.append(error)


def _counted(
    read: Iterator[tuple[Entry, Table]], told: Callable[[int], None], before: int
) -> Iterator[tuple[Entry, Table]]:
    """Pass on what is read, and tell how many runs that makes with those before."""
    for number, run in enumerate(read, before + 1):
        yield run
        told(number)


def _write(temporary: Path, old: _Compacted, kept: Sequence[Entry], new: Iterator[tuple[Entry, Table]]) -> None:
    """Write what is kept of a compacted file, then the rows of new runs."""
    stamps = {entry.key: list(astuple(entry.stamp)) for entry in kept}
    with sealing(temporary, SCHEMA) as writer:
        for group in old.groups(list(stamps)):
            writer.write_table(group)
        batch: list[pa.Table] = []
        for entry, table in new:
            batch.append(_to_arrow(entry.key, table))
            stamps[entry.key] = list(astuple(entry.stamp))
            if len(batch) == RUNS_PER_GROUP:
                writer.write_table(pa.concat_tables(batch).unify_dictionaries())
                batch = []
        if batch:
            writer.write_table(pa.concat_tables(batch).unify_dictionaries())
        writer.add_key_value_metadata({STAMPS_FIELD: json.dumps(stamps)})


def _to_arrow(key: str, table: Table) -> pa.Table:
    columns = {"key": np.full(len(table["value"]), key), **table}
    arrays = [_text(columns[name]) if SCHEMA.field(name).type == TEXT else columns[name] for name in SCHEMA.names]
    return pa.table(arrays, schema=SCHEMA)


def _text(words: npt.NDArray[Any]) -> pa.Array:
    return pa.array(words.tolist(), pa.utf8()).dictionary_encode().cast(TEXT)


def _read(
    found: _Compacted,
    wanted: Mapping[str, Entry],
    only: Collection[tuple[str, str]] | None,
    told: Callable[[int], None],
) -> Rows:
    """Return the rows of those wanted runs that a compacted file holds with their present stamps."""
    there = [key for key, entry in wanted.items() if found.holds(entry)]
    rows: dict[str, Table] = {key: {name: np.array([]) for name in COLUMNS} for key in there}
    done = set[str]()
    for group in found.groups(there):
        columns = {name: _decoded(group[name]) for name in COLUMNS}
        keys = group["key"].combine_chunks()
        names, codes = keys.dictionary.to_pylist(), np.asarray(keys.indices)
        done.update(names[code] for code in np.unique(codes))
        told(len(done))
        if only is not None:
            wanted_rows = _wanted(group, only)
            columns, codes = {name: column[wanted_rows] for name, column in columns.items()}, codes[wanted_rows]
        edges = np.flatnonzero(np.diff(codes, prepend=-1, append=-1))  # none where no row is wanted
        for start, end in pairwise(edges):
            key, part = names[codes[start]], {name: column[start:end] for name, column in columns.items()}
            before = rows[key]  # a large row group is written as several, so a run may go on in the next
            whole = {name: np.concatenate([before[name], part[name]]) for name in COLUMNS}
            rows[key] = whole if len(before["value"]) else part
    return rows


def _wanted(group: pa.Table, only: Collection[tuple[str, str]]) -> npt.NDArray[np.bool_]:
    """Tell which rows are of one of these pairs of measure and service, looked up by their places in a dictionary."""
    measures, services = (group[name].combine_chunks() for name in ("measure", "service"))
    pairs = [[(m, s) in only for s in services.dictionary.to_pylist()] for m in measures.dictionary.to_pylist()]
    allowed = np.array(pairs, dtype=np.bool_)
    found: npt.NDArray[np.bool_] = allowed[np.asarray(measures.indices), np.asarray(services.indices)]
    return found


def _decoded(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    array = column.combine_chunks()
    if not pa.types.is_dictionary(array.type):
        return np.asarray(array)
    words = np.array(array.dictionary.to_pylist(), dtype=np.object_)
    text: npt.NDArray[Any] = words[np.asarray(array.indices)]
    return text
