"""Read back what the runs of a study say of single years."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.measures.rows import ALL_YEARS, NATIONAL
from sim.study.collect import named_frame
from sim.study.plan import NamedRun
from sim.study.store import DamagedRunError, Store
from sim.study.table import Table

if TYPE_CHECKING:
    import pandas as pd


def collect_years(runs: Sequence[NamedRun], store: Store, measure: str) -> "pd.DataFrame":
    """Return the national rows of one measure by single years, as ``collect`` returns those of all years together.

    Runs that are missing or damaged are passed over; ``collect`` names them.
    """
    found: dict[str, Table] = {}
    for key in dict.fromkeys(run.key for run in runs):
        try:
            found[key] = _national_years(store.read(key).table, measure)
        except DamagedRunError:
            continue
    return named_frame([run for run in runs if run.key in found], found)


def _national_years(table: Table, measure: str) -> Table:
    wanted = (table["measure"] == measure) & (table["geography"] == NATIONAL)
    wanted = np.asarray(wanted & (table["period_start"] != ALL_YEARS), dtype=np.bool_)
    return {name: column[wanted] for name, column in table.items()}
