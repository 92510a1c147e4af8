"""A study whose points are drawn and whose outcomes are a known function of its inputs, run by a model that is quick.

Two inputs matter (``referral.travel_weight_per_hour`` for the level under both regimes, ``travel.fixed_minutes`` for
the difference of the second regime from the first), the third does nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from sim.cli.run import run_study
from sim.model.result import RunResult
from sim.specification.run import RunSpec
from sim.study import england
from sim.study.bench import Bench
from sim.study.table import COLUMNS, Columns
from tests.study import fakes

LEVEL, DIFFERENCE, INERT = "referral.travel_weight_per_hour", "travel.fixed_minutes", "travel.speed_km_per_hour"
RANGES = {LEVEL: (0.0, 6.0), DIFFERENCE: (5.0, 20.0), INERT: (40.0, 75.0)}
NORTH, SOUTH = "national_2013", "scg_2006"
EXACT = 1e9
NOISE = 0.002


def simulate(specs: Sequence[RunSpec], world: Any) -> Iterator[tuple[RunSpec, RunResult]]:
    """Yield results whose access is written, in parts of a thousand million, where the checksum would stand."""
    for spec in specs:
        drawn = spec.parameters.referral.travel_weight_per_hour / 6
        apart = 0.1 * (spec.parameters.travel.fixed_minutes - 12) / 15 if spec.scenario_id == SOUTH else 0.0
        yield spec, replace(fakes.result(spec), lives_checksum=round(EXACT * (0.8 - 0.2 * drawn**2 - apart)))


def tabulate(outcome: RunResult, world: Any) -> Columns:
    """Return access with a little luck of each run, and the cost and QALYs that go with it."""
    rng = np.random.default_rng([outcome.lives_checksum, outcome.replicate])
    access = outcome.lives_checksum / EXACT + NOISE * rng.standard_normal()
    values = {
        ("access_from_diagnosis", "all_patients"): access,
        ("access_from_diagnosis", "all_services"): access / 2,
        ("cost_commissioners_discounted_gbp", "all"): 1e9 + 1e8 * rng.standard_normal() * NOISE,
        ("qalys_in_all_discounted", "all"): 1e5 + 1e4 * access,
    }
    count = len(values)
    columns: dict[str, Any] = dict.fromkeys(COLUMNS, [""] * count)
    columns |= dict.fromkeys(("numerator", "denominator"), [np.nan] * count)
    columns |= {"geography": ["nation"] * count, "area": ["England"] * count, "period_start": ["all"] * count}
    measures, services = zip(*values, strict=True)
    return columns | {"measure": list(measures), "service": list(services), "value": list(values.values())}


def run(folder: Path, points: npt.NDArray[np.float64], *more: str, replicates: int = 2) -> Path:
    """Run the study at points [P, 3] of its inputs; return its folder."""
    columns = {key: [round(value, 6) for value in points[:, place].tolist()] for place, key in enumerate(RANGES)}
    overrides = [f"vary={{{', '.join(f'{key}: {values}' for key, values in columns.items())}}}", "design=zip"]
    return run_with(folder, *(more or overrides), replicates=replicates)


def run_with(folder: Path, *overrides: str, replicates: int = 2) -> Path:
    """Run the study with what it varies given."""
    bench = Bench(fakes.small_world, simulate, tabulate, "0" * 64)
    sets = [f"compare=[{NORTH}, {SOUTH}]", f"replicates={replicates}", *overrides]
    options: dict[str, Any] = {"workers": "1", "dry_run": False, "as_json": False, "quiet": True}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(england, "england_bench", lambda: bench)
        patch.setattr("sim.report.publish.draw_sweep", lambda *_: [])
        patch.setattr("sim.report.publish.draw_clouds", lambda *_: [])
        code = run_study("regional_2013", overrides=sets, out=str(folder), **options)
    assert code == 0
    return folder
