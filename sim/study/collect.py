"""Read the finished runs of a study back from its store, as one long table."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.measures.rows import AREA_LEVEL, FIFTH, REGION_LEVEL
from sim.study import index
from sim.study.compact import all_years, compacted, untold
from sim.study.index import Entries, read_index
from sim.study.plan import NamedRun
from sim.study.store import DamagedRunError, Manifest, MissingRunError, Store
from sim.study.table import COLUMNS, Table

if TYPE_CHECKING:
    import pandas as pd

GEOGRAPHIES = ("nation", REGION_LEVEL, AREA_LEVEL, FIFTH)
"""What comparisons, maps and the lottery need, the nation first, over all years; the rest stays in the store."""
NAMES = ("regime", "replicate", "point")
"""What a row is called besides: the columns that its study adds to it."""


@dataclass
class Collected:
    """The runs that could be read: rows with regime, replicate and point beside them, manifests by key.

    Of a large store a manifest says no more than its index does: digest and timing.
    """

    frame: "pd.DataFrame"
    manifests: dict[str, Manifest] = field(default_factory=dict)
    damaged: list[DamagedRunError] = field(default_factory=list)


def collect(
    runs: Sequence[NamedRun],
    store: Store,
    only: Collection[tuple[str, str]] | None = None,
    told: Callable[[int], None] = untold,
) -> Collected:
    """Read every run that is in the store; name those that are damaged, pass over those that are missing.

    With ``only`` (pairs of measure and service) the national rows of those outcomes are kept and no others,
    so that a study of many points fits in memory. ``told`` is given the number of runs read so far.
    """
    import pandas as pd

    collected = Collected(pd.DataFrame(columns=[*COLUMNS, *NAMES]))
    entries = read_index(store)
    keys = [key for key in dict.fromkeys(run.key for run in runs) if key in entries]
    found: dict[str, Table] = {}
    if len(keys) >= index.FEWEST_RUNS:
        found = _many(keys, store, entries, collected, only, told)
    damaged = {error.key for error in collected.damaged}
    for key, table in _one_by_one((key for key in keys if key not in found and key not in damaged), store, collected):
        found[key] = _only(all_years(table, GEOGRAPHIES if only is None else GEOGRAPHIES[:1]), only)
        told(len(found))
    frame = named_frame([run for run in runs if run.key in found], found)
    if len(frame):
        collected.frame = frame
    return collected


def _many(
    keys: Sequence[str],
    store: Store,
    entries: Entries,
    collected: Collected,
    only: Collection[tuple[str, str]] | None,
    told: Callable[[int], None],
) -> dict[str, Table]:
    """Return the rows of the runs of a large store that can be had from its compacted file."""
    geographies = GEOGRAPHIES if only is None else GEOGRAPHIES[:1]
    wanted = [entries[key] for key in keys if entries[key].current]
    rows, collected.damaged = compacted(store, entries, wanted, geographies, only, told)
    for key in rows:
        timing = {"wall_s": entries[key].wall_s, "peak_mb": entries[key].peak_mb}
        collected.manifests[key] = {"result_digest": entries[key].digest, "timing": timing}
    return dict(rows)


def _one_by_one(keys: Iterator[str], store: Store, collected: Collected) -> Iterator[tuple[str, Table]]:
    """Yield the table of each run from its own file, noting its manifest or what is wrong with it."""
    for key in keys:
        try:
            stored = store.read(key)
        except MissingRunError:
            continue
        except DamagedRunError as error:
            collected.damaged.append(error)
            continue
        collected.manifests[key] = stored.manifest
        yield key, stored.table


def _only(table: Table, only: Collection[tuple[str, str]] | None) -> Table:
    if only is None:
        return table
    kept = np.array(
        [pair in only for pair in zip(table["measure"].tolist(), table["service"].tolist(), strict=True)],
        dtype=np.bool_,
    )
    return {name: column[kept] for name, column in table.items()}


def named_frame(runs: Sequence[NamedRun], found: Mapping[str, Table]) -> "pd.DataFrame":
    """Return the rows of runs one after another, named as the study names them."""
    import pandas as pd

    if not runs:
        return pd.DataFrame(columns=[*COLUMNS, *NAMES])
    lengths = [len(found[run.key]["value"]) for run in runs]
    columns = {name: np.concatenate([found[run.key][name] for run in runs]) for name in COLUMNS}
    columns["regime"] = np.repeat(np.array([run.scenario for run in runs], dtype=np.object_), lengths)
    for name in NAMES[1:]:
        columns[name] = np.repeat(np.array([getattr(run, name) for run in runs], dtype=np.int64), lengths)
    return pd.DataFrame(columns)
