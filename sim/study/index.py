"""The index of a store: what listing runs needs to know of each, so that not every file has to be opened again.

The files are the truth. An entry counts only while its file has the size and the times that it had when it was
read; an index that is lost, damaged or of another version is made anew, and of two writers either may win.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sim.specification.run import Study
from sim.study.sealed import opened, sealing
from sim.study.store import RESULT_SCHEMA, DamagedRunError, Manifest, MissingRunError, Stamp, Store, stamp_of

INDEX_SCHEMA = b"sim/index/1"
VERSION_FIELD = b"sim.index"
FEWEST_RUNS = 200
"""A store with fewer runs is read file by file, which is quick, and no index is written."""
READERS = 4
FOLDER = "index"


@dataclass(frozen=True)
class Entry:
    """What is known of one stored file; of one that cannot be read only its key, its stamp and the problem.

    ``shape`` says in canonical JSON how large the run was (see ``shape_of``), ``unit`` with which others it shared
    its people: the seed, the replicate and what was varied.
    """

    key: str
    stamp: Stamp
    problem: str = ""
    schema: str = ""
    digest: str = ""
    wall_s: float = 0.0
    peak_mb: float = 0.0
    code_hash: str = ""
    data_hash: str = ""
    package_version: str = ""
    created_utc: str = ""
    scenario: str = ""
    shape: str = ""
    unit: str = ""

    @property
    def current(self) -> bool:
        """Tell whether the file is a finished run of the present result schema."""
        return not self.problem and self.schema == RESULT_SCHEMA

    @property
    def error(self) -> DamagedRunError:
        """Return what is wrong with a file that cannot be read as a run of today."""
        other = f"holds run {self.key} of {self.schema}, not {self.key} of {RESULT_SCHEMA}"
        return DamagedRunError(self.key, self.problem or other, self.stamp)


Entries = Mapping[str, Entry]
COLUMNS = [field.name for field in fields(Stamp)] + [field.name for field in fields(Entry) if field.name != "stamp"]


def read_index(store: Store) -> Entries:
    """Return an entry for every file of a store by key, in the order of the keys.

    Only files that are new or changed since the last time are opened. Raise PermissionError on a file that may not
    be read.
    """
    stamps = dict(sorted(_stamps(store.root)))
    known = _load(_path(store))
    entries = {key: known[key] for key, stamp in stamps.items() if key in known and known[key].stamp == stamp}
    unknown = [key for key in stamps if key not in entries]
    with ThreadPoolExecutor(READERS) as readers:
        read = readers.map(lambda key: _entry(store, key, stamps[key]), unknown)
        entries |= {entry.key: entry for entry in read if entry is not None}
    if len(stamps) >= FEWEST_RUNS and (unknown or len(known) != len(stamps)):
        _save(entries.values(), store)
    return {key: entries[key] for key in stamps if key in entries}


def shape_of(
    years: int, burn_in_years: int, services: Iterable[str], twin_sets: int, weights: Mapping[str, int]
) -> str:
    """Return in canonical JSON how much a run simulates: runs of one shape take about as long."""
    content = [years, burn_in_years, sorted(services), twin_sets, dict(weights)]
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def shape_of_study(study: Study) -> str:
    """Return the shape of the runs of a study."""
    horizon = study.horizon
    return shape_of(horizon.years, horizon.burn_in_years, study.services, study.twin_sets, dict(study.weights))


@contextmanager
def written_whole(store: Store, path: Path) -> Iterator[Path]:
    """Give the name of a temporary file to write beside a store's runs; written, it takes the name of ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = store.temporary(path.stem)
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _path(store: Store) -> Path:
    return store.root / FOLDER / "runs.parquet"


def _stamps(root: Path) -> Iterator[tuple[str, Stamp]]:
    """Yield the key and the stamp of every run file; what vanishes meanwhile is not there."""
    with suppress(FileNotFoundError), os.scandir(root) as folders:
        for folder in folders:
            if len(folder.name) == 2 and folder.is_dir():
                yield from _stamps_in(folder.path)


def _stamps_in(folder: str) -> Iterator[tuple[str, Stamp]]:
    with suppress(FileNotFoundError), os.scandir(folder) as files:
        for file in files:
            if file.name.endswith(".parquet"):
                with suppress(FileNotFoundError):
                    yield file.name.removesuffix(".parquet"), stamp_of(file.stat())


def _entry(store: Store, key: str, stamp: Stamp) -> Entry | None:
    """Open one file, None when it has gone; an older schema is no damage, since nothing asks for such a run."""
    try:
        manifest = store.any_manifest(key)
        if manifest.get("schema") != RESULT_SCHEMA:
            return Entry(key, stamp, schema=str(manifest.get("schema")))
        return _whole(key, stamp, manifest)
    except MissingRunError:
        return None
    except DamagedRunError as error:
        return Entry(key, stamp, problem=str(error))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        problem = f"{store.path(key)}: its manifest is not that of a run ({type(error).__name__}: {error})"
        return Entry(key, stamp, problem=problem)


def _whole(key: str, stamp: Stamp, manifest: Manifest) -> Entry:
    spec, timing = manifest.get("spec", {}), manifest.get("timing", {})
    shape = (
        shape_of(*(spec[name] for name in ("years", "burn_in_years", "services", "twin_sets", "weights")))
        if spec
        else ""
    )
    return Entry(
        key,
        stamp,
        schema=manifest["schema"],
        digest=str(manifest.get("result_digest", "")),
        wall_s=float(timing.get("wall_s", 0.0)),
        peak_mb=float(timing.get("peak_mb", 0.0)),
        data_hash=str(manifest.get("data_hash", "")),
        created_utc=str(manifest.get("created_utc", "")),
        scenario=str(manifest.get("labels", {}).get("scenario", "")),
        shape=shape,
        unit=json.dumps([manifest.get("seed"), manifest.get("labels", {}).get("varied")], sort_keys=True),
        **_code(manifest),
    )


def _code(manifest: Manifest) -> dict[str, str]:
    code = manifest.get("code", {})
    return {name: str(code.get(name, "")) for name in ("code_hash", "package_version")}


def _load(path: Path) -> dict[str, Entry]:
    """Return what an earlier index says; nothing when it cannot be read or is of another version."""
    try:
        with opened(path) as source:
            table = pq.read_table(source) if source is not None else pa.table({})
        if (table.schema.metadata or {}).get(VERSION_FIELD) != INDEX_SCHEMA:
            return {}
        columns = [table[name].to_pylist() for name in COLUMNS]
        rows = [Entry(row[3], Stamp(*row[:3]), *row[4:]) for row in zip(*columns, strict=True)]
    except Exception:  # whatever is wrong with it, the files tell all that it told
        return {}
    return {entry.key: entry for entry in rows}


def _save(entries: Iterable[Entry], store: Store) -> None:
    """Write the index; where the folder may not be written, every reading opens the files."""
    rows = [(*astuple(entry.stamp), entry.key, *(getattr(entry, name) for name in COLUMNS[4:])) for entry in entries]
    columns = dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    table = pa.table(columns).replace_schema_metadata({VERSION_FIELD: INDEX_SCHEMA})
    with suppress(OSError), written_whole(store, _path(store)) as temporary, sealing(temporary, table.schema) as writer:
        writer.write_table(table)
