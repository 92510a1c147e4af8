"""The tables of an export, written run by run so that no more than one is in memory."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sim.report.export_columns import RUN_COLUMNS
from sim.report.files import write_csv
from sim.specification.run import Study
from sim.study.plan import NamedRun
from sim.study.store import Manifest, Store, StoredRun
from sim.study.tidy import SCHEMA, TIDY_COLUMNS

PARQUET, CSV = FORMATS = ("parquet", "csv")
PLAIN_SCHEMA = pa.schema([(f.name, pa.utf8() if pa.types.is_dictionary(f.type) else f.type) for f in SCHEMA])


def write_results(
    runs: Sequence[NamedRun], store: Store, path: Path, told: Callable[[int], None]
) -> dict[str, Manifest]:
    """Write every row of every run as its suffix says, and return the manifests by key.

    ``told`` is given the number of runs written so far. Raise DamagedRunError on a run whose rows do not match
    their digest.
    """
    manifests: dict[str, Manifest] = {}
    with closing(_writer(path)) as writer:
        for number, run in enumerate(runs, start=1):
            stored = store.read(run.key)
            manifests[run.key] = stored.manifest
            writer.write_table(_named(run, stored, plain=path.suffix == f".{CSV}"))
            told(number)
    return manifests


def write_runs(runs: Sequence[NamedRun], manifests: Mapping[str, Manifest], path: Path) -> None:
    """Write one row for each run."""
    _write([_run_row(run, manifests[run.key]) for run in runs], [column.name for column in RUN_COLUMNS], path)


def write_points(study: Study, path: Path) -> None:
    """Write one row for each combination of what the study varies, one column for each axis."""
    rows = [{"point": point.number, **dict(point.values)} for point in study.points]
    _write(rows, ["point", *(axis.key for axis in study.axes)], path)


def _writer(path: Path) -> Any:
    if path.suffix == f".{CSV}":
        from pyarrow.csv import CSVWriter

        return CSVWriter(path, PLAIN_SCHEMA)
    return pq.ParquetWriter(path, SCHEMA, compression="zstd")


def _named(run: NamedRun, stored: StoredRun, plain: bool) -> pa.Table:
    """Return the rows of a run with its names beside them; plain, words are no dictionary and no number is NaN."""
    rows = len(stored.table["value"])
    beside = {"regime": run.scenario, "replicate": run.replicate, "point": run.point}
    schema = PLAIN_SCHEMA if plain else SCHEMA
    columns = {
        **{name: np.repeat(np.array([value]), rows) for name, value in beside.items()},
        **{name: column for name, column in stored.table.items() if name in TIDY_COLUMNS},
    }
    arrays = [_array(columns[field.name], field.type, plain) for field in schema]
    return pa.table(arrays, schema=schema)


def _array(column: npt.NDArray[Any], kind: pa.DataType, plain: bool) -> pa.Array:
    if column.dtype.kind != "U":
        return pa.array(column, from_pandas=plain).cast(kind)
    words = pa.array(column.tolist(), pa.utf8())
    return words if plain else words.dictionary_encode().cast(kind)


def _run_row(run: NamedRun, manifest: Manifest) -> dict[str, Any]:
    return {
        "key": run.key,
        "regime": run.scenario,
        "replicate": run.replicate,
        "point": run.point,
        "digest": manifest["result_digest"],
        "seconds": manifest["timing"]["wall_s"],
        "created_utc": manifest["created_utc"],
        "package_version": manifest["code"]["package_version"],
        "code_hash": manifest["code"]["code_hash"],
        "data_hash": manifest["data_hash"],
    }


def _write(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], path: Path) -> None:
    if path.suffix == f".{CSV}":
        write_csv(rows, columns, path)
        return
    pq.write_table(pa.table({name: _column([row[name] for row in rows]) for name in columns}), path, compression="zstd")


def _column(values: Sequence[Any]) -> pa.Array:
    """Return a column of one type: of truths, of numbers, or of words where values are of several kinds."""
    if all(isinstance(value, bool) for value in values):
        return pa.array(values, pa.bool_())
    if any(isinstance(value, bool | str) for value in values):
        return pa.array([str(value) for value in values], pa.utf8())
    return pa.array(values) if all(isinstance(value, int) for value in values) else pa.array(map(float, values))
