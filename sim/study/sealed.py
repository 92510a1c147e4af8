"""Parquet files of which no changed bit is believed: in the footer stands a checksum of every other byte of the file.

The checksums of pages, which Parquet has of its own, leave out what stands between and behind the pages: their
headers, the schema, where rows begin, and what whoever wrote the file noted down.
"""

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sim.study.store import Stamp, stamp_of

FIELD = "sim.seal"
MARK = b"crc32 is "
BLANK = b"--------"
"""Where the checksum is to stand; it is taken of the file without these bytes."""
LENGTH, MAGIC = 4, b"PAR1"
"""A Parquet file ends with the length of its footer in so many bytes, and this word."""
BYTES_AT_ONCE = 2**20
UNREADABLE = (OSError, pa.ArrowInvalid)
"""What the reader raises on a file that cannot be read."""


@contextmanager
def sealing(path: Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """Write a Parquet file that has its pages' checksums, and its seal when it is whole."""
    with pq.ParquetWriter(path, schema, compression="zstd", write_page_checksum=True) as writer:
        yield writer
        writer.add_key_value_metadata({FIELD: MARK + BLANK})
    with path.open("r+b") as file:
        place = _place(file)
        seal = _checksum(file, place)
        file.seek(place)
        file.write(seal)


@contextmanager
def opened(path: Path) -> Iterator[pa.NativeFile | None]:
    """Open a sealed file, once for all that is read from it; None when there is none or its seal is broken.

    A file that is damaged, or turns out to be while it is read, is removed, so that it is made anew.
    """
    source, stamp = None, None
    with suppress(OSError):
        stamp = stamp_of(path.stat())
        source = pa.OSFile(str(path))
    if source is not None and not _intact(source):
        source.close()
        source = None
        _remove(path, stamp)
    try:
        yield source
    except UNREADABLE:
        _remove(path, stamp)
        raise
    finally:
        if source is not None:
            source.close()


def _intact(file: pa.NativeFile) -> bool:
    """Tell whether every byte of a file is as it was sealed, and go back to its beginning."""
    try:
        place = _place(file)
        seal = _checksum(file, place)
        file.seek(place)
        return bool(file.read(len(BLANK)) == seal and file.seek(0) == 0)
    except (OSError, ValueError):
        return False


def _place(file: pa.NativeFile) -> int:
    """Return where in a file the checksum stands; raise ValueError where there is no place for one."""
    end = file.seek(0, os.SEEK_END) - LENGTH - len(MAGIC)
    if end < 0:
        raise ValueError("no Parquet file")
    file.seek(end)
    start = max(0, end - int.from_bytes(file.read(LENGTH), "little"))
    file.seek(start)
    return int(start + file.read(end - start).rindex(MARK) + len(MARK))


def _checksum(file: pa.NativeFile, place: int) -> bytes:
    """Return the CRC-32 of a file without the checksum itself, as it stands there."""
    after = place + len(BLANK)
    found = 0
    for start, end in ((0, place), (after, file.seek(0, os.SEEK_END))):
        file.seek(start)
        for position in range(start, end, BYTES_AT_ONCE):
            found = zlib.crc32(file.read(min(BYTES_AT_ONCE, end - position)), found)
    return f"{found:08x}".encode()


def _remove(path: Path, stamp: Stamp | None) -> None:
    """Remove a damaged file, unless another writer has replaced it meanwhile."""
    with suppress(OSError):
        if stamp_of(path.stat()) == stamp:
            path.unlink()
