"""From the points of a study that draws them to what its figure shows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.figures.cloud_content import Cloud, Clouds, FloatArray, Input, cloud_of
from sim.figures.numbers import factor_of, shown_unit
from sim.figures.tile_content import measured_period
from sim.measures.outcomes import outcome
from sim.measures.rows import ALL
from sim.report.lines import set_label
from sim.report.sweep import LINES
from sim.specification.axes import Axis, Point
from sim.specification.run import Study

if TYPE_CHECKING:
    import pandas as pd

INDEPENDENT = ("lhs", "sobol")
"""The designs that draw each point by itself; in the others points share values, so that means of them mislead."""


def clouds_of(study: Study, frame: "pd.DataFrame", keys: Sequence[str]) -> Clouds | None:
    """Gather the paired differences of the headline outcomes at every point; None where nothing can be drawn.

    ``frame`` has the national rows of runs with regime, replicate and point. Benchmarks are left out, as nobody
    chooses one. Only points that are drawn each by itself are drawn.
    """
    if study.design.method not in INDEPENDENT:
        return None
    inputs = [_input(axis, study.points) for axis in study.axes if _is_number(axis)]
    clouds = [cloud for line in LINES if (cloud := _cloud(study, frame, inputs, line)) is not None]
    if not clouds:
        return None
    return Clouds(
        clouds=clouds,
        regimes=list(study.scenarios),
        baseline=study.baseline,
        design=study.design.in_words,
        points=[point.number for point in study.points],
        inputs=len(study.axes),
        years=measured_period(study.horizon),
        replicates=study.replicates,
        descriptions=[(scenario.id, scenario.title) for scenario in study.compare if not scenario.benchmark],
        run_keys=keys,
    )


def _is_number(axis: Axis) -> bool:
    return all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in axis.values)


def _input(axis: Axis, points: Sequence[Point]) -> Input:
    values = [dict(point.values)[axis.key] for point in points]
    return Input(axis.key, axis.unit, np.array(values, dtype=np.float64))


def _cloud(study: Study, frame: "pd.DataFrame", inputs: Sequence[Input], line: tuple[str, str]) -> Cloud | None:
    measure, service = line
    known = outcome(measure)
    national = (frame["geography"] == "nation") & (frame["period_start"] == "all")
    rows = frame[national & (frame["measure"] == measure) & (frame["service"] == service)]
    there = {}
    for scenario in study.compare:
        if not scenario.benchmark and scenario.id != study.baseline:
            differences = _laid_out(study, rows, scenario.id) - _laid_out(study, rows, study.baseline)
            if np.isfinite(differences).any():
                there[scenario.id] = factor_of(known) * differences
    if not there:
        return None
    label = known.label if service == ALL else f"{known.label}, {set_label(service)}"
    unit = shown_unit(known)
    return cloud_of((measure, label, "percentage points" if unit == "%" else unit), inputs, there)


def _laid_out(study: Study, rows: "pd.DataFrame", regime: str) -> FloatArray:
    """Return the values of a regime, [points, replicates], nan where there is no run."""
    own = rows[rows["regime"] == regime]
    table = own.pivot(index="point", columns="replicate", values="value")
    table = table.reindex(index=[point.number for point in study.points], columns=range(study.replicates))
    return np.asarray(table, dtype=np.float64)
