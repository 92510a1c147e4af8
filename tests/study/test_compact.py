"""The compacted rows of a large store are those of its files, whatever happens to the file that holds them."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.study import index
from sim.study.collect import collect
from sim.study.plan import make_plan
from sim.study.store import Store
from tests.study import fakes
from tests.study.test_index import made, same, without_help

ONLY = {("access_from_diagnosis", "b")}
NOTHING = {("access_from_diagnosis", "c")}


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "FEWEST_RUNS", 3)


def file_of(store: Store) -> Path:
    return store.root / index.FOLDER / "areas.parquet"


def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list of the runs whose own files are read from now on."""
    keys: list[str] = []
    read = Store.read
    monkeypatch.setattr(Store, "read", lambda self, key: keys.append(key) or read(self, key))
    return keys


@pytest.mark.parametrize("only", [None, ONLY])
def test_compacted_rows_are_those_of_the_files(tmp_path: Path, only: Any) -> None:
    store = Store(tmp_path)
    plan = made(store)
    made(store, 4)
    collect(plan.runs, store, only)
    wider = make_plan(fakes.study(replicates=4), fakes.bench(), store)

    for asked in (wider, plan):
        same(collect(asked.runs, store, only), without_help(asked, store, only))


@pytest.mark.parametrize("only", [None, ONLY])
def test_a_run_that_goes_on_in_the_next_row_group_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, only: Any
) -> None:
    """Parquet parts a table of more than a million rows wherever the million ends; here after every row."""
    write = pq.ParquetWriter.write_table
    monkeypatch.setattr(pq.ParquetWriter, "write_table", lambda self, table, *_, **__: write(self, table, 1))
    store = Store(tmp_path)
    plan = made(store)

    same(collect(plan.runs, store, only), without_help(plan, store, only))
    assert pq.read_metadata(next((tmp_path / index.FOLDER).glob("[na]*.parquet"))).num_row_groups > len(plan.runs)


def test_where_no_row_is_asked_for_no_file_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    plan = made(store)
    collect(plan.runs, store, ONLY)
    opened = reads(monkeypatch)

    collected = collect(plan.runs, store, NOTHING)

    assert (len(collected.frame), len(collected.manifests), opened) == (0, 4, [])


def test_no_changed_bit_changes_a_row_and_the_damaged_file_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    plan = made(store)
    truth = without_help(plan, store)
    same(collect(plan.runs, store), truth)
    path, rng, opened = file_of(store), np.random.default_rng(5), reads(monkeypatch)
    whole = path.read_bytes()

    for place in rng.choice(len(whole), 100, replace=False).tolist():
        path.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << place % 8)]) + whole[place + 1 :])
        opened.clear()
        same(collect(plan.runs, store), truth)
        assert len(opened) == 4  # the damage was noticed, and
        same(collect(plan.runs, store), truth)
        assert len(opened) == 4  # what was made anew is whole


def test_a_file_that_cannot_be_read_to_its_end_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    plan = made(store)
    collect(plan.runs, store)

    def broken(*_: Any) -> None:
        raise OSError("input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(pq.ParquetFile, "read_row_group", broken)
        same(collect(plan.runs, store), without_help(plan, store))
    assert not file_of(store).exists()
    same(collect(plan.runs, store), without_help(plan, store))
    assert file_of(store).exists()


def test_what_changes_after_the_seal_was_looked_at_is_told_by_the_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    plan = made(store)
    collect(plan.runs, store)
    monkeypatch.setattr("sim.study.sealed._intact", lambda file: file.seek(0) == 0)
    path = file_of(store)
    chunk = pq.read_metadata(path).row_group(0).column(0)
    last = chunk.dictionary_page_offset + chunk.total_compressed_size - 1  # of the places of keys in their dictionary
    whole = path.read_bytes()
    path.write_bytes(whole[:last] + bytes([whole[last] ^ 1]) + whole[last + 1 :])

    same(collect(plan.runs, store), without_help(plan, store))
    assert not path.exists()


def test_a_file_that_is_replaced_while_rows_are_added_costs_no_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    collect(made(store).runs, store)
    narrow = file_of(store).read_bytes()
    collect(made(store, 4).runs, store)
    widest = made(store, 6)
    writer = pq.ParquetWriter.__init__

    def overtaken(self: pq.ParquetWriter, where: Path, *given: Any, **named: Any) -> None:
        """Another command, which has seen the store when it was young, is done just now."""
        if "runs" not in where.name:
            (tmp_path / "other").write_bytes(narrow)
            os.replace(tmp_path / "other", file_of(store))
        writer(self, where, *given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(pq.ParquetWriter, "__init__", overtaken)
        same(collect(widest.runs, store), without_help(widest, store))

    opened = reads(monkeypatch)
    same(collect(widest.runs, store), without_help(widest, store))
    assert len(opened) == 12  # of those that were read without help
