"""The index of a store and its compacted rows save opening files, and are never believed against them."""

import errno
import json
import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.study import index
from sim.study.collect import Collected, collect
from sim.study.execute import execute
from sim.study.index import Entries, read_index, shape_of_study
from sim.study.plan import Plan, make_plan
from sim.study.progress import Silent
from sim.study.store import MANIFEST_FIELD, Store
from tests.study import fakes


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "FEWEST_RUNS", 3)


def made(store: Store, replicates: int = 2) -> Plan:
    plan = make_plan(fakes.study(replicates=replicates), fakes.bench(), store)
    execute(plan.missing, fakes.bench(), store, 1, Silent())
    return plan


def opened(store: Store, monkeypatch: pytest.MonkeyPatch) -> tuple[Entries, list[str]]:
    """Read the index and return it with the keys of the files that were opened for it."""
    keys: list[str] = []
    read = Store.any_manifest

    def noted(self: Store, key: str) -> dict[str, Any]:
        keys.append(key)
        return read(self, key)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "any_manifest", noted)
        return read_index(store), keys


def without_help(plan: Plan, store: Store, only: Any = None) -> Collected:
    """Collect from the files alone."""
    before, index.FEWEST_RUNS = index.FEWEST_RUNS, 10**9
    try:
        return collect(plan.runs, store, only)
    finally:
        index.FEWEST_RUNS = before


def same(one: Collected, other: Collected) -> None:
    pd.testing.assert_frame_equal(one.frame, other.frame)
    assert {key: found["result_digest"] for key, found in one.manifests.items()} == {
        key: found["result_digest"] for key, found in other.manifests.items()
    }
    assert {key: found["timing"]["wall_s"] for key, found in one.manifests.items()} == {
        key: found["timing"]["wall_s"] for key, found in other.manifests.items()
    }


def test_an_entry_says_what_the_manifest_says(tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan = made(store)

    entries = read_index(store)

    assert list(entries) == sorted({run.key for run in plan.runs})
    for key, entry in entries.items():
        manifest = store.manifest(key)
        assert entry.digest == manifest["result_digest"]
        assert entry.wall_s == manifest["timing"]["wall_s"]
        assert entry.code_hash == manifest["code"]["code_hash"]
        assert entry.scenario == manifest["labels"]["scenario"]
        assert entry.shape == shape_of_study(fakes.study())
        assert entry.current


def test_files_are_opened_once_and_new_ones_alone_after_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    first = {run.key for run in made(store).runs}
    read_index(store)
    assert opened(store, monkeypatch)[1] == []

    more = {run.key for run in made(store, 3).runs}

    entries, keys = opened(store, monkeypatch)
    assert set(keys) <= more - first
    assert set(entries) == more


def test_without_its_index_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    plan = made(store)
    before, collected = read_index(store), collect(plan.runs, store)
    shutil.rmtree(tmp_path / index.FOLDER)

    entries, keys = opened(store, monkeypatch)

    assert entries == before
    assert sorted(keys) == list(before)
    same(collect(plan.runs, store), collected)


@pytest.mark.parametrize("content", [b"", b"PAR1 not a table", None])
def test_a_damaged_index_is_made_anew_without_a_word(
    tmp_path: Path, content: bytes | None, capfd: pytest.CaptureFixture[str]
) -> None:
    store = Store(tmp_path)
    plan = made(store)
    before, collected = read_index(store), collect(plan.runs, store)
    for path in (tmp_path / index.FOLDER).iterdir():
        if content is None:
            pq.write_table(pa.table({"key": ["of another version"]}), path)
        else:
            path.write_bytes(content)

    assert read_index(store) == before
    same(collect(plan.runs, store), collected)
    assert pq.read_table(tmp_path / index.FOLDER / "runs.parquet").num_rows == 4
    assert capfd.readouterr() == ("", "")


def test_a_file_changed_behind_its_back_is_noticed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan = made(store)
    collect(plan.runs, store)
    path = store.path(plan.runs[0].key)
    whole, times = path.read_bytes(), path.stat()
    path.write_bytes(whole[:40] + b"\x00" * 40 + whole[80:])
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    collected = collect(plan.runs, store)

    assert [error.key for error in collected.damaged] == [plan.runs[0].key]
    assert plan.runs[0].key not in collected.manifests
    same(Collected(collected.frame, collected.manifests), without_help(plan, store))


def test_a_file_cut_short_is_planned_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan = made(store)
    read_index(store)
    path = store.path(plan.runs[0].key)
    path.write_bytes(path.read_bytes()[:-9])

    again = make_plan(fakes.study(replicates=2), fakes.bench(), store)

    assert [error.key for error in again.damaged] == [plan.runs[0].key]
    assert again.new == 1


def test_a_removed_file_is_gone_from_the_index_and_from_the_rows(tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan = made(store)
    collect(plan.runs, store)
    store.path(plan.runs[0].key).unlink()

    assert plan.runs[0].key not in read_index(store)
    assert len(collect(plan.runs, store).frame) == 3 * 2


def test_a_file_that_goes_between_listing_and_opening_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    plan = made(store)
    gone, later = store.path(plan.runs[0].key), store.path(plan.runs[1].key)
    listed = list(index._stamps(tmp_path))
    gone.unlink()
    monkeypatch.setattr(index, "_stamps", lambda root: iter(listed))

    assert gone.stem not in read_index(store)
    assert make_plan(fakes.study(replicates=2), fakes.bench(), store).damaged == ()
    later.unlink()  # the index knows this one by now
    for fewest in (3, 10**9):
        monkeypatch.setattr(index, "FEWEST_RUNS", fewest)
        collected = collect(plan.runs, store)
        assert collected.damaged == []
        assert set(collected.manifests) == {run.key for run in plan.runs} - {gone.stem, later.stem}


def test_of_two_writers_either_may_win(tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan = made(store)
    collect(plan.runs, store)
    early = {path.name: path.read_bytes() for path in (tmp_path / index.FOLDER).iterdir()}
    wider = made(store, 3)
    collect(wider.runs, store)
    for name, content in early.items():  # the slower writer had seen less
        (tmp_path / index.FOLDER / name).write_bytes(content)

    assert set(read_index(store)) == {run.key for run in wider.runs}
    same(collect(wider.runs, store), without_help(wider, store))


def test_where_nothing_may_be_written_the_files_are_read(tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan = made(store)
    (tmp_path / index.FOLDER).write_text("in the way")

    same(collect(plan.runs, store), without_help(plan, store))


def test_what_is_half_written_has_a_name_that_is_swept_and_goes_when_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    plan = made(store)
    half: list[Path] = []

    def full(path: Path, *_: Any, **__: Any) -> None:
        path.write_bytes(b"PAR1")
        half.append(path)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(pq, "write_table", lambda table, path, **_: full(path))
        patched.setattr(pq, "ParquetWriter", full)
        collected = collect(plan.runs, store)

    same(collected, without_help(plan, store))
    assert len(half) == 2
    assert {path.parent for path in half} == {tmp_path / "tmp"}
    assert all(f"-{socket.gethostname()}-{os.getpid()}-" in path.name for path in half)
    assert [*(tmp_path / "tmp").iterdir(), *(tmp_path / index.FOLDER).iterdir()] == []


def test_a_small_store_has_no_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "FEWEST_RUNS", 200)
    store = Store(tmp_path)

    collect(made(store).runs, store)

    assert not (tmp_path / index.FOLDER).exists()


def test_a_run_of_an_older_schema_is_told_apart_from_a_damaged_one(tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan = made(store)
    old = aged(store, plan.runs[0].key)

    entry = read_index(store)[old]

    assert (entry.problem, entry.schema, entry.current) == ("", "sim/result/1", False)
    assert make_plan(fakes.study(replicates=2), fakes.bench(), store).new == 0


def test_a_manifest_of_something_else_is_damage_and_no_crash(tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan = made(store)
    path = store.path(plan.runs[0].key)
    table = pq.read_table(path)
    manifest = json.loads(table.schema.metadata[MANIFEST_FIELD]) | {"spec": {"years": 3}, "labels": 3}
    pq.write_table(table.replace_schema_metadata({MANIFEST_FIELD: json.dumps(manifest)}), path)

    assert "its manifest is not that of a run" in read_index(store)[plan.runs[0].key].problem


def aged(store: Store, key: str) -> str:
    """Leave beside a run the same as an older version of the results schema would have; return its key."""
    table = pq.read_table(store.path(key))
    old = "00" + key[2:]
    manifest = json.loads(table.schema.metadata[MANIFEST_FIELD]) | {"schema": "sim/result/1", "key": old}
    store.path(old).parent.mkdir(exist_ok=True)
    pq.write_table(table.replace_schema_metadata({MANIFEST_FIELD: json.dumps(manifest)}), store.path(old))
    return old
