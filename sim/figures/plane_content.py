"""From the rows of a study to the equity-cost plane: what each regime changes against the baseline."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.analysis.paired import Comparison, NationalValues, national_values
from sim.figures.tile_content import measured_period
from sim.figures.words import Estimate
from sim.measures.rows import ALL, ALL_PATIENTS
from sim.specification.run import Study

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]

COST = "cost_total_gbp"
LEAST_POINTS = 5
"""With fewer the region of the mean would be wider than that of the replicates, and would say nothing."""


@dataclass(frozen=True)
class Inequity:
    """A measure of inequity, its name on the axis, and what a value is multiplied by there."""

    measure: str
    label: str
    factor: float = 1.0


SPREAD = Inequity("tau_icb", "spread of access between ICBs, τ (SD of log odds)")
TWINS = Inequity("twin_discordance", "twins of two places treated unlike (percentage points)", 100.0)


@dataclass(frozen=True)
class Move:
    """One regime against the baseline: paired replicates and their mean, inequity across and cost (%) up.

    The verdicts are those of the comparison table; ``inequity_clear`` and ``cost_clear`` say that the
    interval of the difference leaves out zero.
    """

    regime: str
    description: str
    benchmark: bool
    replicates: Sequence[int]
    points: FloatArray  # [replicate, 2]
    inequity: Estimate
    cost: Estimate
    inequity_verdict: str
    cost_verdict: str
    inequity_clear: bool
    cost_clear: bool


@dataclass(frozen=True)
class PlaneContent:
    """All that the figure shows and says."""

    moves: Sequence[Move]
    regimes: Sequence[str]
    baseline: str
    baseline_description: str
    inequity: Inequity
    years: str
    replicates: int
    run_keys: Sequence[str]


def plane_content(
    study: Study,
    frame: "pd.DataFrame",
    rows: Sequence[Comparison],
    run_keys: Sequence[str],
    inequity: Inequity = SPREAD,
) -> PlaneContent | None:
    """Gather every regime but the baseline, the benchmark last; None where no pair was measured on both."""
    values = national_values(frame, study.baseline)
    found = {(row.measure, row.service, row.regime): row for row in rows}
    moves = []
    for scenario in sorted(study.compare, key=lambda s: s.benchmark):
        across = found.get((inequity.measure, ALL_PATIENTS, scenario.id))
        up = found.get((COST, ALL, scenario.id))
        points, replicates = _points(values, scenario.id, inequity, up.baseline_mean if up else math.nan)
        if scenario.id == study.baseline or across is None or up is None or not replicates:
            continue
        moves.append(
            Move(
                regime=scenario.id,
                description=scenario.title,
                benchmark=scenario.benchmark,
                replicates=replicates,
                points=points,
                inequity=_difference(across, inequity.factor),
                cost=_difference(up, 100 / up.baseline_mean),
                inequity_verdict=across.verdict,
                cost_verdict=up.verdict,
                inequity_clear=across.distinguishable,
                cost_clear=up.distinguishable,
            )
        )
    if not moves:
        return None
    return PlaneContent(
        moves=moves,
        regimes=list(study.scenarios),
        baseline=study.baseline,
        baseline_description=study.scenarios[study.baseline].title,
        inequity=inequity,
        years=measured_period(study.horizon),
        replicates=int(frame["replicate"].nunique()),
        run_keys=run_keys,
    )


def _points(
    values: NationalValues, regime: str, inequity: Inequity, baseline_cost: float
) -> tuple[FloatArray, list[int]]:
    """Return the paired differences [replicate, 2] of the replicates that have both, cost in % of the baseline."""
    if not baseline_cost:
        return np.empty((0, 2)), []
    own = [values.of(inequity.measure, ALL_PATIENTS, regime), values.of(COST, ALL, regime)]
    base = [values.of(inequity.measure, ALL_PATIENTS, values.regimes[0]), values.of(COST, ALL, values.regimes[0])]
    factors = (inequity.factor, 100 / baseline_cost)
    both = np.column_stack([f * (a - b) for f, a, b in zip(factors, own, base, strict=True)])
    known = np.flatnonzero(np.isfinite(both).all(axis=1))
    return both[known], [values.replicates[index] for index in known]


def _difference(row: Comparison, factor: float) -> Estimate:
    return Estimate(factor * row.difference, factor * row.difference_low, factor * row.difference_high)


def ellipse_of(points: FloatArray, of_mean: bool) -> tuple[FloatArray, FloatArray] | None:
    """Return the half-axes [2] and directions [2, 2] of a 95 % ellipse; None below five points.

    For the mean Hotelling's T squared, 2 (n-1) F(2, n-2) / (n (n-2)) times the covariance; for the
    replicates the ellipse that holds 95 % of a normal distribution of that covariance.
    """
    from scipy.special import fdtri

    n = len(points)
    if n < LEAST_POINTS:
        return None
    size = 2 * (n - 1) / (n * (n - 2)) * float(fdtri(2, n - 2, 0.95)) if of_mean else -2 * math.log(0.05)
    spread, directions = np.linalg.eigh(np.cov(points.T))
    return np.sqrt(np.maximum(spread, 0.0) * size), np.asarray(directions)


def outline(points: FloatArray, of_mean: bool) -> FloatArray:
    """Return the outline of the 95 % ellipse around the mean [step, 2], empty below five points."""
    found = ellipse_of(points, of_mean)
    if found is None:
        return np.empty((0, 2))
    half_axes, directions = found
    angle = np.linspace(0.0, 2 * np.pi, 181)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    return np.asarray(points.mean(axis=0) + (circle * half_axes) @ directions.T)
