"""The store: one Parquet file for each finished run, written whole or not at all."""

import io
import itertools
import json
import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sim.settings.room import out_of_room
from sim.study.limits import HaltError
from sim.study.table import (
    ADDED_COLUMNS,
    STORED_COLUMNS,
    TEXT_COLUMNS,
    Columns,
    Table,
    canonical_table,
    result_digest,
)

RESULT_SCHEMA = "sim/result/2"
TEXTS = (*TEXT_COLUMNS, *ADDED_COLUMNS)
MANIFEST_FIELD = b"sim.manifest"
ORPHAN_SECONDS = 24 * 3600
"""A temporary file older than this belongs to no living run and is removed."""

Manifest = dict[str, Any]
_numbers = itertools.count()


@dataclass(frozen=True)
class Stamp:
    """By what a changed file is known: its size in bytes and its times in nanoseconds."""

    size: int
    modified_ns: int
    changed_ns: int


def stamp_of(found: os.stat_result) -> Stamp:
    """Return the stamp of a file from what the system says of it."""
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns)


class DamagedRunError(Exception):
    """A stored file, as it was with this stamp, is not the finished run that its name promises."""

    def __init__(self, key: str, message: str, stamp: Stamp | None) -> None:
        super().__init__(message)
        self.key, self.stamp = key, stamp


class MissingRunError(DamagedRunError):
    """There is no such file, or no longer: another command has moved or removed it."""


class StoreFullError(HaltError):
    """There is no room left where runs are kept; what was half written is removed."""


class Keeper(Protocol):
    """Whatever keeps what becomes of runs: the store, or a parcel that is sent to it."""

    def write(self, key: str, columns: Columns, manifest: Mapping[str, Any]) -> None:
        """Keep one finished run."""

    def write_failure(self, key: str, failure: Mapping[str, Any]) -> None:
        """Keep what is known of a run that failed."""


@dataclass(frozen=True)
class StoredRun:
    """One finished run as it was read back: canonical table and manifest."""

    key: str
    table: Table
    manifest: Manifest


class Store:
    """A folder of finished and failed runs, named by their keys; safe under kill and under rivals."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, key: str) -> Path:
        """Return where the run of this key stands once it is finished."""
        return self.root / key[:2] / f"{key}.parquet"

    def failure_path(self, key: str) -> Path:
        """Return where the failure of this key is written down."""
        return self.root / "failed" / f"{key}.json"

    def write(self, key: str, columns: Columns, manifest: Mapping[str, Any]) -> None:
        """Write one finished run; drop it when another writer has finished the same run meanwhile."""
        self.put(key, packed(key, columns, manifest))

    def put(self, key: str, content: bytes) -> None:
        """Write the file of a finished run, whole or not at all; raise StoreFullError when there is no room."""
        if not self.path(key).exists():
            self._write_whole(key, content, self.path(key))
        self.failure_path(key).unlink(missing_ok=True)

    def holds(self, key: str) -> bool:
        """Tell whether a finished run of this key is there; look no further than its footer.

        Raise DamagedRunError when a file is there and cannot be that run.
        """
        try:
            self.manifest(key)
        except MissingRunError:
            return False
        return True

    def manifest(self, key: str) -> Manifest:
        """Return the manifest of a finished run; raise DamagedRunError when it cannot be trusted."""
        stamp, manifest = self._stamp(key), self.any_manifest(key)
        if manifest.get("schema") != RESULT_SCHEMA:
            raise DamagedRunError(key, self._other_run(key, manifest), stamp)
        return manifest

    def any_manifest(self, key: str) -> Manifest:
        """Return the manifest of a finished run of whatever result schema; raise DamagedRunError when there is none."""
        stamp = self._stamp(key)
        with self._judging(key, "not a readable run file", stamp):
            metadata = pq.read_schema(self.path(key)).metadata or {}
            content: Any = json.loads(metadata[MANIFEST_FIELD])
        manifest: Manifest = content if isinstance(content, dict) else {}
        if manifest.get("key") != key:
            raise DamagedRunError(key, self._other_run(key, manifest), stamp)
        return manifest

    def read(self, key: str) -> StoredRun:
        """Return a finished run whose content matches its digest; raise DamagedRunError otherwise."""
        stamp, manifest = self._stamp(key), self.manifest(key)
        path = self.path(key)
        with self._judging(key, "cannot be read", stamp):
            arrow = pq.read_table(path, columns=list(STORED_COLUMNS), page_checksum_verification=True)
            table = canonical_table({name: _to_numpy(arrow.column(name)) for name in STORED_COLUMNS})
            intact = result_digest(table, manifest["checksums"]) == manifest["result_digest"]
        if not intact:
            raise DamagedRunError(key, f"{path}: its rows do not match the digest in its manifest", stamp)
        return StoredRun(key, table, manifest)

    def _stamp(self, key: str) -> Stamp:
        """Return the stamp of a file before it is judged; raise MissingRunError when there is none."""
        try:
            return stamp_of(self.path(key).stat())
        except (FileNotFoundError, NotADirectoryError):
            raise MissingRunError(key, f"{self.path(key)}: is not there", None) from None

    @contextmanager
    def _judging(self, key: str, verdict: str, stamp: Stamp) -> Iterator[None]:
        """Say of a file that cannot be read that it is damaged, unless it may not be read or has gone."""
        try:
            yield
        except PermissionError:
            raise
        except FileNotFoundError:
            raise MissingRunError(key, f"{self.path(key)}: is no longer there", None) from None
        except Exception as error:  # a damaged footer can make the reader raise almost anything
            raise DamagedRunError(key, f"{self.path(key)}: {verdict} ({_first_line(error)})", stamp) from error

    def _other_run(self, key: str, manifest: Manifest) -> str:
        found = f"{manifest.get('key')} of {manifest.get('schema')}"
        return f"{self.path(key)}: holds run {found}, not {key} of {RESULT_SCHEMA}"

    def manifests(self) -> Iterator[Manifest]:
        """Yield the manifest of every readable finished run, in the order of the keys."""
        for path in sorted(self.root.glob("??/*.parquet")):
            with suppress(DamagedRunError):
                yield self.manifest(path.stem)

    def set_aside(self, error: DamagedRunError) -> Path | None:
        """Move a damaged file out of the way, keeping it for inspection, and return where it went.

        None when the file that was found damaged is no longer there: another command has moved it, and perhaps
        made the run again.
        """
        path, folder = self.path(error.key), self.root / "damaged"
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{error.key}-{time.time_ns()}.parquet"
        try:
            if stamp_of(path.stat()) != error.stamp:
                return None
            os.replace(path, target)
        except FileNotFoundError:
            return None
        return target

    def write_failure(self, key: str, failure: Mapping[str, Any]) -> None:
        """Write down that a run failed and why; the newest failure of a key replaces the older."""
        content = json.dumps({**failure, "key": key}, indent=1, sort_keys=True).encode()
        self._write_whole(key, content, self.failure_path(key))

    def failure(self, key: str) -> Manifest | None:
        """Return what is known of the failure of a run, or None when it has not failed."""
        path = self.failure_path(key)
        if not path.exists():
            return None
        failure: Manifest = json.loads(path.read_text(encoding="utf-8"))
        return failure

    def sweep_orphans(self) -> None:
        """Remove temporary files that a killed run left behind more than a day ago."""
        for path in (self.root / "tmp").glob("*"):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > ORPHAN_SECONDS:
                    path.unlink()

    def temporary(self, key: str) -> Path:
        """Return a name for a file that nobody else writes; when it is left behind it is removed a day later."""
        folder = self.root / "tmp"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{key}-{socket.gethostname()}-{os.getpid()}-{next(_numbers)}"

    def _write_whole(self, key: str, content: bytes, target: Path) -> None:
        temporary = None
        try:
            temporary = self.temporary(key)
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(temporary, target)
        except OSError as error:
            if out_of_room(error):
                raise StoreFullError(f"there is no room left in {self.root} ({error.strerror})") from error
            raise
        finally:
            if temporary is not None:
                temporary.unlink(missing_ok=True)
        _sync_folder(target.parent)


def packed(key: str, columns: Columns, manifest: Mapping[str, Any]) -> bytes:
    """Return the content of the file of a finished run."""
    payload = json.dumps({**manifest, "key": key}, sort_keys=True, allow_nan=False).encode()
    table = _to_arrow(canonical_table(columns)).replace_schema_metadata({MANIFEST_FIELD: payload})
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd", use_dictionary=list(TEXTS), write_page_checksum=True)
    return file.getvalue()


def _to_arrow(table: Table) -> pa.Table:
    text = pa.dictionary(pa.int32(), pa.utf8())
    arrays = {
        name: pa.array(table[name].tolist()).dictionary_encode().cast(text) if name in TEXTS else pa.array(table[name])
        for name in STORED_COLUMNS
    }
    return pa.table(arrays)


def _to_numpy(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """Return a column as an array; text is looked up in its dictionary, which is far shorter."""
    array = column.combine_chunks()
    if not pa.types.is_dictionary(array.type):
        return np.asarray(array)
    words = np.asarray(array.dictionary.to_pylist(), dtype=np.str_)
    text: npt.NDArray[Any] = words[np.asarray(array.indices)]
    return text


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; not every system can open a folder for that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
