"""Results of a study made by a model that is quick, for the commands that look at a results folder."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sim.specification.load import load_study
from sim.specification.run import RunSpec
from sim.study import england
from sim.study.bench import Bench
from sim.study.execute import execute
from sim.study.plan import make_plan
from sim.study.progress import Silent
from sim.study.resolved import write_resolved
from sim.study.store import MANIFEST_FIELD, Store
from sim.study.table import Columns
from tests.study import fakes, tables

SMALL = ("replicates=2",)


def use(
    monkeypatch: pytest.MonkeyPatch,
    simulate: Callable[[Sequence[RunSpec], Any], Iterator[Any]] = fakes.simulate,
    tabulate: Callable[..., Columns] = tables.tabulate_all,
    **more: Any,
) -> None:
    """Let commands run a quick model instead of England's."""
    bench = Bench(fakes.small_world, simulate, tabulate, "0" * 64, **more)
    monkeypatch.setattr(england, "england_bench", lambda: bench)


def made(folder: Path, overrides: Sequence[str] = SMALL) -> None:
    """Make the runs of regional_2013 in a folder with the study beside them; comparisons and figures are left out."""
    study, store = load_study("regional_2013", overrides), Store(folder / "store")
    execute(make_plan(study, england.england_bench(), store).missing, england.england_bench(), store, 1, Silent())
    write_resolved(study, folder / "study.yaml")


def rewritten(store: Store, key: str, to: str, changes: dict[str, Any]) -> Path:
    """Leave beside a run the same under another key and with another manifest; return its file."""
    table = pq.read_table(store.path(key))
    manifest = json.loads(table.schema.metadata[MANIFEST_FIELD]) | changes | {"key": to}
    store.path(to).parent.mkdir(exist_ok=True)
    pq.write_table(table.replace_schema_metadata({MANIFEST_FIELD: json.dumps(manifest)}), store.path(to))
    return store.path(to)
