"""A sealed file is as it was written, or it is not there."""

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.study import sealed
from sim.study.sealed import opened, sealing

TABLE = pa.table({"word": ["one", "two", "two"], "number": [1.0, 2.0, 2.5]})


def written(path: Path) -> bytes:
    with sealing(path, TABLE.schema) as writer:
        writer.write_table(TABLE)
        writer.add_key_value_metadata({"noted": "by hand"})
    return path.read_bytes()


def found(path: Path) -> pa.Table | None:
    with opened(path) as source:
        return None if source is None else pq.read_table(source)


@pytest.mark.parametrize("at_once", [sealed.BYTES_AT_ONCE, 7])
def test_what_was_written_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(sealed, "BYTES_AT_ONCE", at_once)
    path = tmp_path / "sealed.parquet"
    written(path)

    assert found(path).equals(TABLE)
    assert pq.read_metadata(path).metadata[b"noted"] == b"by hand"


def test_no_bit_of_it_can_change(tmp_path: Path) -> None:
    path = tmp_path / "sealed.parquet"
    whole = written(path)
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << place % 8)]) + whole[place + 1 :])

        assert found(path) is None, place
        assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1 not a table", b"\xff\xff\xff\xffPAR1", b"0123crc32 is "])
def test_what_was_never_sealed_is_removed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sealed.parquet"
    path.write_bytes(content)

    assert found(path) is None
    assert not path.exists()


def test_a_file_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert found(tmp_path / "sealed.parquet") is None
    assert found(tmp_path) is None


def test_a_file_that_has_been_replaced_is_not_removed_for_the_fault_of_the_one_before(tmp_path: Path) -> None:
    path, other = tmp_path / "sealed.parquet", tmp_path / "other.parquet"
    written(path)
    written(other)

    def read() -> None:
        with opened(path):
            os.replace(other, path)
            raise OSError("cannot be read")

    with pytest.raises(OSError, match="cannot be read"):
        read()
    assert found(path).equals(TABLE)
