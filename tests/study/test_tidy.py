"""The table of a study holds the rows of its runs, with their names beside them."""

import errno
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.measures.headline import run_table
from sim.study import tidy
from sim.study.plan import NamedRun
from sim.study.store import RESULT_SCHEMA, Store
from sim.study.table import result_digest
from sim.study.tidy import GEOGRAPHIES, TIDY_COLUMNS, write_tidy
from tests.measures.synthetic import result_of, world_of

WORLD = world_of(places=12, areas=4)
KEYS = {"north": "aa" * 8, "south": "bb" * 8}


def written(root: Path, only_national: bool = False) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    store, tables = Store(root / "store"), {}
    for seed, (name, key) in enumerate(KEYS.items()):
        columns = run_table(result_of(seed=seed), WORLD, redraws=2)
        manifest = {"schema": RESULT_SCHEMA, "checksums": {}, "result_digest": result_digest(columns, {})}
        store.write(key, columns, manifest)
        tables[name] = pd.DataFrame(columns)
    runs = [NamedRun(name, 3, key, 2) for name, key in KEYS.items()]
    write_tidy(runs, store, root / "tidy.parquet", only_national)
    return pq.read_table(root / "tidy.parquet").to_pandas(), tables


def test_every_row_is_there_once_with_all_that_names_it(tmp_path: Path) -> None:
    found, tables = written(tmp_path)

    assert list(found.columns) == list(TIDY_COLUMNS)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["tidy.parquet"]
    for name, table in tables.items():
        rows = found[found["regime"] == name]
        wanted = table[table["geography"].isin(GEOGRAPHIES)]
        assert len(rows) == len(wanted)
        assert (
            rows["value"].sum() == wanted["value"].sum() or abs(rows["value"].sum() / wanted["value"].sum() - 1) < 1e-12
        )
    assert set(found["replicate"]) == {3}
    assert set(found["point"]) == {2}
    key = ["regime", "measure", "service", "geography", "area", "period_start"]
    assert not found.duplicated(key).any()
    assert (found[["area_name", "first_month", "last_month", "unit"]].astype(str) != "").all(axis=None)


def test_of_many_points_only_the_nation_is_kept(tmp_path: Path) -> None:
    found, _ = written(tmp_path, only_national=True)

    assert set(found["geography"]) == {"nation"}
    assert set(found["period_start"]) == {"all"}


def test_when_the_disk_is_full_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tidy, "_named", full)

    with pytest.raises(OSError, match="No space left"):
        written(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["store"]
