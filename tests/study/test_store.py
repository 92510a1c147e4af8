"""A stored run is whole and is what its name says, or it is not there."""

import json
import os
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sim.study.store import MANIFEST_FIELD, ORPHAN_SECONDS, RESULT_SCHEMA, DamagedRunError, MissingRunError, Store
from sim.study.table import result_digest
from tests.study.fakes import result, study, tabulate

KEY = "00ff" * 4


def stored(root: Path, key: str = KEY) -> Store:
    store = Store(root)
    table = tabulate(result(study().run_specs()[0]), None)
    digest = result_digest(table, {"lives": 1})
    store.write(key, table, {"schema": RESULT_SCHEMA, "checksums": {"lives": 1}, "result_digest": digest})
    return store


def test_a_run_comes_back_as_it_was_written(tmp_path: Path) -> None:
    store = stored(tmp_path)

    run = store.read(KEY)

    assert store.holds(KEY)
    assert result_digest(run.table, {"lives": 1}) == run.manifest["result_digest"]
    assert run.manifest["key"] == KEY
    assert store.path(KEY) == tmp_path / "00" / f"{KEY}.parquet"


def test_the_file_is_compressed_with_text_in_dictionaries_and_its_manifest_inside(tmp_path: Path) -> None:
    path = stored(tmp_path).path(KEY)

    chunk = pq.ParquetFile(path).metadata.row_group(0).column(0)

    assert chunk.compression == "ZSTD"
    assert any("DICTIONARY" in encoding for encoding in chunk.encodings)
    assert json.loads(pq.read_schema(path).metadata[MANIFEST_FIELD])["schema"] == RESULT_SCHEMA


def test_nothing_is_seen_before_the_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", die)
    with pytest.raises(KeyboardInterrupt):
        stored(tmp_path)

    assert not Store(tmp_path).holds(KEY)
    assert list(Store(tmp_path).manifests()) == []


def test_the_file_is_on_the_disk_before_it_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def synced(handle: int) -> None:
        steps.append("sync")
        fsync(handle)

    def renamed(source: Path, target: Path) -> None:
        steps.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)

    stored(tmp_path)

    assert steps == ["sync", "rename", "sync"]


def test_of_two_writers_the_first_to_finish_is_kept(tmp_path: Path) -> None:
    store = stored(tmp_path)
    first = store.path(KEY).stat().st_ino

    stored(tmp_path)

    assert store.path(KEY).stat().st_ino == first
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_cut_file_is_named_as_damaged(tmp_path: Path) -> None:
    store = stored(tmp_path)
    store.path(KEY).write_bytes(store.path(KEY).read_bytes()[:-20])

    with pytest.raises(DamagedRunError, match=f"{KEY}.parquet: not a readable run file"):
        store.holds(KEY)


def test_no_changed_byte_gives_a_changed_table(tmp_path: Path) -> None:
    store = stored(tmp_path)
    path = store.path(KEY)
    whole, digest = path.read_bytes(), store.read(KEY).manifest["result_digest"]
    noticed = 0

    for place in range(0, len(whole), 5):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            assert result_digest(store.read(KEY).table, {"lives": 1}) == digest
        except DamagedRunError:
            noticed += 1

    assert noticed > 300


def test_rows_that_do_not_match_their_digest_are_refused(tmp_path: Path) -> None:
    store = Store(tmp_path)
    table = tabulate(result(study().run_specs()[0]), None)
    other = result_digest(table, {"lives": 2})
    store.write(KEY, table, {"schema": RESULT_SCHEMA, "checksums": {"lives": 1}, "result_digest": other})

    with pytest.raises(DamagedRunError, match="do not match the digest"):
        store.read(KEY)


def test_a_file_under_a_wrong_name_is_damaged(tmp_path: Path) -> None:
    store = stored(tmp_path)
    other = "00aa" * 4
    os.rename(store.path(KEY), store.path(other))

    with pytest.raises(DamagedRunError, match="holds run"):
        store.holds(other)


def damaged(store: Store) -> DamagedRunError:
    """Damage a run and return what is found out about it."""
    store.path(KEY).write_bytes(store.path(KEY).read_bytes()[:-20])
    with pytest.raises(DamagedRunError) as found:
        store.read(KEY)
    return found.value


def test_a_damaged_file_is_kept_out_of_the_way(tmp_path: Path) -> None:
    store = stored(tmp_path)

    moved = store.set_aside(damaged(store))

    assert moved is not None
    assert moved.exists()
    assert not store.holds(KEY)
    assert list(store.manifests()) == []


def test_a_run_that_another_command_made_again_is_not_moved_away(tmp_path: Path) -> None:
    store = stored(tmp_path)
    found = damaged(store)
    store.set_aside(found)
    stored(tmp_path)

    assert store.set_aside(found) is None
    assert store.read(KEY).key == KEY


def test_a_file_that_has_gone_is_missing_and_not_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = stored(tmp_path)
    found = damaged(store)
    read_schema = pq.read_schema

    def too_late(path: Path) -> Any:
        path.unlink()
        return read_schema(path)

    monkeypatch.setattr(pq, "read_schema", too_late)

    assert not store.holds(KEY)  # it goes while it is looked at
    assert store.set_aside(found) is None
    with pytest.raises(MissingRunError, match="is not there"):
        store.read(KEY)


def test_a_failure_is_a_row_until_the_run_succeeds(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write_failure(KEY, {"error": "ZeroDivisionError"})
    failure = store.failure(KEY)
    assert failure is not None
    assert failure["error"] == "ZeroDivisionError"

    stored(tmp_path)

    assert store.failure(KEY) is None


def test_only_old_orphans_are_swept(tmp_path: Path) -> None:
    folder = tmp_path / "tmp"
    folder.mkdir()
    for name in ("old", "fresh"):
        (folder / name).write_text("half a run")
    past = (folder / "old").stat().st_mtime - ORPHAN_SECONDS - 60
    os.utime(folder / "old", (past, past))

    Store(tmp_path).sweep_orphans()

    assert [path.name for path in folder.iterdir()] == ["fresh"]
