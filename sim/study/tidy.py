"""One tidy table of a whole study: every row of every run, with its regime, replicate and point beside it."""

import os
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.measures.rows import ALL_YEARS, AREA_LEVEL, NATIONAL, PAYER, PROVIDER
from sim.study.plan import NamedRun
from sim.study.store import Store

GEOGRAPHIES = (NATIONAL, AREA_LEVEL, PAYER, PROVIDER)
"""What the table of a study holds; places are in the files of the runs."""
NUMBERS = ("numerator", "denominator", "value")
TIDY_COLUMNS = (
    "regime",
    "replicate",
    "point",
    "measure",
    "service",
    "geography",
    "area",
    "area_name",
    "period_start",
    "first_month",
    "last_month",
    *NUMBERS,
    "unit",
)
TEXT = pa.dictionary(pa.int32(), pa.utf8())
SCHEMA = pa.schema(
    [
        (name, pa.int32() if name in ("replicate", "point") else pa.float64() if name in NUMBERS else TEXT)
        for name in TIDY_COLUMNS
    ]
)


def write_tidy(runs: Sequence[NamedRun], store: Store, path: Path, only_national: bool = False) -> None:
    """Write the rows of stored runs one after another, so that no more than one run is in memory.

    ``only_national`` leaves out areas, payers, providers and single years, as befits a study of many points. The file
    takes its name when it is whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with pq.ParquetWriter(temporary, SCHEMA, compression="zstd") as writer:
            for run in runs:
                writer.write_table(_named(run, pq.read_table(store.path(run.key)), only_national))
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _named(run: NamedRun, table: pa.Table, only_national: bool) -> pa.Table:
    geographies = pa.array(GEOGRAPHIES[:1] if only_national else GEOGRAPHIES)
    wanted = pc.is_in(table["geography"].cast(pa.utf8()), value_set=geographies)
    if only_national:
        wanted = pc.and_(wanted, pc.equal(table["period_start"].cast(pa.utf8()), ALL_YEARS))
    kept = table.filter(wanted)
    beside = {"regime": run.scenario, "replicate": run.replicate, "point": run.point}
    arrays = [
        pa.array([beside[name]] * kept.num_rows) if name in beside else kept[name].combine_chunks()
        for name in TIDY_COLUMNS
    ]
    return pa.table([array.cast(field.type) for array, field in zip(arrays, SCHEMA, strict=True)], schema=SCHEMA)
