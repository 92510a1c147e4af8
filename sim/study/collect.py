"""Read the finished runs of a study back from its store, as one long table."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.measures.rows import ALL_YEARS, AREA_LEVEL, FIFTH, REGION_LEVEL
from sim.study.plan import NamedRun
from sim.study.store import DamagedRunError, Manifest, Store, StoredRun
from sim.study.table import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

GEOGRAPHIES = ("nation", REGION_LEVEL, AREA_LEVEL, FIFTH)
"""What comparisons, maps and the lottery need, the nation first, over all years; the rest stays in the store."""
NAMES = ("regime", "replicate", "point")
"""What a row is called besides: the columns that its study adds to it."""


@dataclass
class Collected:
    """The runs that could be read: rows with regime, replicate and point beside them, manifests by key."""

    frame: "pd.DataFrame"
    manifests: dict[str, Manifest] = field(default_factory=dict)
    damaged: list[DamagedRunError] = field(default_factory=list)


def collect(runs: Sequence[NamedRun], store: Store, only: Collection[tuple[str, str]] | None = None) -> Collected:
    """Read every run that is in the store; name those that are damaged, pass over those that are missing.

    With ``only`` (pairs of measure and service) the national rows of those outcomes are kept and no others,
    so that a study of many points fits in memory.
    """
    import pandas as pd

    collected = Collected(pd.DataFrame(columns=[*COLUMNS, *NAMES]))
    frames = []
    read: dict[str, pd.DataFrame] = {}
    damaged = set[str]()
    for run in runs:
        if run.key not in read and run.key not in damaged and store.path(run.key).exists():
            try:
                stored = store.read(run.key)
            except DamagedRunError as error:
                collected.damaged.append(error)
                damaged.add(run.key)
                continue
            collected.manifests[run.key] = stored.manifest
            read[run.key] = _frame(stored, only)
        if run.key in read:
            named = read[run.key].assign(regime=run.scenario, replicate=run.replicate, point=run.point)
            frames.append(named)
    if frames:
        collected.frame = pd.concat(frames, ignore_index=True)
    return collected


def _frame(stored: StoredRun, only: Collection[tuple[str, str]] | None) -> "pd.DataFrame":
    import pandas as pd

    wanted = np.isin(stored.table["geography"], GEOGRAPHIES if only is None else GEOGRAPHIES[:1])
    wanted &= stored.table["period_start"] == ALL_YEARS
    frame = pd.DataFrame({name: stored.table[name][wanted] for name in COLUMNS})
    if only is None:
        return frame
    kept = [pair in only for pair in zip(frame["measure"], frame["service"], strict=True)]
    return frame[kept]
