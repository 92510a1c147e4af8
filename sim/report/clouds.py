"""From the points of a study that draws them to what its figure shows."""

import math
from collections.abc import Sequence

import numpy as np

from sim.analysis.paired import Comparison
from sim.figures.cloud_content import HIGHER, LOWER, Cloud, Clouds, Differences, Input, cloud_of
from sim.figures.numbers import factor_of, shown_unit
from sim.figures.tile_content import measured_period
from sim.measures.outcomes import outcome
from sim.measures.rows import ALL
from sim.report.lines import set_label
from sim.report.sweep import LINES, Swept
from sim.specification.axes import Axis
from sim.specification.run import Study


def clouds_of(study: Study, found: Sequence[Swept], keys: Sequence[str]) -> Clouds | None:
    """Gather the differences of the headline outcomes over the points; None where nothing can be drawn.

    Benchmarks are left out, as nobody chooses one.
    """
    inputs = [_input(axis, found) for axis in study.axes if _is_number(axis)]
    regimes = [scenario.id for scenario in study.compare if not scenario.benchmark and scenario.id != study.baseline]
    clouds = [_cloud(found, inputs, regimes, *line) for line in LINES]
    drawn = [cloud for cloud in clouds if cloud is not None]
    if not drawn:
        return None
    return Clouds(
        clouds=drawn,
        regimes=list(study.scenarios),
        baseline=study.baseline,
        design=study.design.in_words,
        points=[entry.point.number for entry in found],
        inputs=len(study.axes),
        years=measured_period(study.horizon),
        replicates=study.replicates,
        descriptions=[(scenario.id, scenario.title) for scenario in study.compare if not scenario.benchmark],
        run_keys=keys,
    )


def _is_number(axis: Axis) -> bool:
    return all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in axis.values)


def _input(axis: Axis, found: Sequence[Swept]) -> Input:
    values = [dict(entry.point.values)[axis.key] for entry in found]
    return Input(axis.key, axis.unit, np.array(values, dtype=np.float64))


def _cloud(
    found: Sequence[Swept], inputs: Sequence[Input], regimes: Sequence[str], measure: str, service: str
) -> Cloud | None:
    known = outcome(measure)
    by_regime = {regime: _differences(found, measure, service, regime) for regime in regimes}
    there = {name: entry for name, entry in by_regime.items() if np.isfinite(entry.values).any()}
    if not there:
        return None
    label = known.label if service == ALL else f"{known.label}, {set_label(service)}"
    unit = shown_unit(known)
    return cloud_of((measure, label, "percentage points" if unit == "%" else unit), inputs, there)


def _differences(found: Sequence[Swept], measure: str, service: str, regime: str) -> Differences:
    rows = [entry.compared.find(measure, service, regime) for entry in found]
    factor = factor_of(outcome(measure))
    values = [factor * row.difference if row is not None and row.pairs else math.nan for row in rows]
    return Differences(np.array(values), np.array([_side(row) for row in rows], dtype=np.int64))


def _side(row: Comparison | None) -> int:
    """Return on which side of the baseline a point lies for sure or, of one replicate, at all."""
    if row is None or not row.pairs or (row.pairs > 1 and not row.distinguishable):
        return 0
    return HIGHER if row.difference > 0 else LOWER if row.difference < 0 else 0
