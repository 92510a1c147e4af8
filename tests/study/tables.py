"""Result tables with every registered outcome and every area of the map, made from luck alone."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.figures.tile_grid import load_tile_grid
from sim.governance.matrix import GROUPS
from sim.measures.outcomes import OUTCOMES
from sim.measures.rows import AREA_LEVEL
from sim.model.result import RunResult
from sim.study.table import COLUMNS, Columns

SERVICES = ("car_t", "ert_fabry")
SETS = ("all", "all_patients", "all_services", *GROUPS)


def full_table(seed: Sequence[int], share: float = 0.7, tau: float = 0.3) -> Columns:
    """Return a table whose access lies near ``share`` and whose spread lies near ``tau``."""
    rng = np.random.default_rng(list(seed))
    rows: list[tuple[Any, ...]] = []
    for measure, outcome in OUTCOMES.items():
        for service in SETS:
            usual = 0.5 if outcome.highest == 1.0 else 100.0
            base = {"tau_icb": tau, "access_from_diagnosis": share, "standardised_access": share}.get(measure, usual)
            value = base * (1 + 0.01 * rng.normal())
            rows.append((measure, "nation", "England", service, "all", np.nan, np.nan, value, outcome.unit))
    for tile in load_tile_grid():
        for service in ("all_patients", *SERVICES):
            people = float(rng.integers(50, 100))
            reached = float(rng.binomial(int(people), share))
            unit = OUTCOMES["access_from_diagnosis"].unit
            for measure in ("access_from_diagnosis", "standardised_access"):
                row = (measure, AREA_LEVEL, tile.code, service, "all")
                rows.append((*row, reached, people, reached / people, unit))
    return {name: list(column) for name, column in zip(COLUMNS, zip(*rows, strict=True), strict=True)}


def tabulate_all(outcome: RunResult, world: Any) -> Columns:
    """Tabulate a fake result; the regime is recognised by its checksum alone."""
    return full_table((outcome.lives_checksum, outcome.replicate))
