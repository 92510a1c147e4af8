"""Read the finished runs of a study back from its store, as one long table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.measures.rows import AREA_LEVEL
from sim.study.plan import NamedRun
from sim.study.store import DamagedRunError, Manifest, Store, StoredRun
from sim.study.table import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

GEOGRAPHIES = ("nation", AREA_LEVEL)
"""What comparisons and maps need; places stay in the store."""


@dataclass
class Collected:
    """The runs that could be read: rows with regime and replicate beside them, manifests by key."""

    frame: "pd.DataFrame"
    manifests: dict[str, Manifest] = field(default_factory=dict)
    damaged: list[DamagedRunError] = field(default_factory=list)


def collect(runs: Sequence[NamedRun], store: Store) -> Collected:
    """Read every run that is in the store; name those that are damaged, pass over those that are missing."""
    import pandas as pd

    collected = Collected(pd.DataFrame(columns=[*COLUMNS, "regime", "replicate"]))
    frames = []
    stored: dict[str, StoredRun] = {}
    for run in runs:
        if run.key not in stored and store.path(run.key).exists():
            try:
                stored[run.key] = store.read(run.key)
            except DamagedRunError as error:
                collected.damaged.append(error)
                continue
            collected.manifests[run.key] = stored[run.key].manifest
        if run.key in stored:
            frames.append(_frame(run, stored[run.key]))
    if frames:
        collected.frame = pd.concat(frames, ignore_index=True)
    return collected


def _frame(run: NamedRun, stored: StoredRun) -> "pd.DataFrame":
    import pandas as pd

    wanted = np.isin(stored.table["geography"], GEOGRAPHIES)
    frame = pd.DataFrame({name: stored.table[name][wanted] for name in COLUMNS})
    return frame.assign(regime=run.scenario, replicate=run.replicate)
