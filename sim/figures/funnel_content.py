"""From the rows of a study to what the funnel plots show: one simulated country under each regime."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.paired import Comparison, NationalValues, national_values
from sim.figures.tile_content import FLOOR, SPREAD, measured_period
from sim.figures.words import UNKNOWN, Estimate
from sim.measures.funnel import exact_limit
from sim.measures.funnel_rows import LIMITS
from sim.measures.intervals import EQUIVALENT, mean_interval, verdict
from sim.measures.outcomes import outcome
from sim.measures.rows import ALL_PATIENTS, AREA_LEVEL
from sim.specification.run import Scenario, Study

if TYPE_CHECKING:
    import pandas as pd

MEASURE = "standardised_access"


@dataclass(frozen=True)
class Point:
    """One area: people simulated, standardised share (0 to 1), and the widest limits it lies outside of."""

    area: str
    people: int
    share: float
    outside: str


@dataclass(frozen=True)
class Outside:
    """The share of areas outside one pair of limits over all replicates, and the same by chance."""

    share: Estimate
    chance: float


@dataclass(frozen=True)
class Excess:
    """The spread between areas less what chance makes of it, over all replicates, with its verdict."""

    spread: Estimate
    verdict: str

    @property
    def beyond_chance(self) -> bool:
        """Tell whether the spread is more than chance explains, and not by too little to matter."""
        return self.spread.low > 0 and self.verdict != EQUIVALENT


@dataclass(frozen=True)
class FunnelPanel:
    """One regime: its national share in the replicate that is drawn, its areas, and what lies outside."""

    regime: str
    description: str
    benchmark: bool
    national: float
    points: Sequence[Point]
    outside: Mapping[str, Outside]
    excess: Excess


@dataclass(frozen=True)
class FunnelContent:
    """All that the figure shows and says."""

    panels: Sequence[FunnelPanel]
    regimes: Sequence[str]
    baseline: str
    replicate: int
    replicates: int
    years: str
    weighted: bool
    run_keys: Sequence[str]


def funnel_content(
    study: Study, frame: "pd.DataFrame", rows: Sequence[Comparison], run_keys: Sequence[str]
) -> FunnelContent | None:
    """Gather the panels in the order of the study, the benchmark last; None where there is nothing to draw."""
    areas = frame[(frame["geography"] == AREA_LEVEL) & (frame["measure"] == MEASURE)]
    areas = areas[(areas["service"] == ALL_PATIENTS) & (areas["denominator"] > 0) & np.isfinite(areas["value"])]
    if areas.empty:
        return None
    values = national_values(frame, study.baseline)
    compared = {(row.measure, row.regime): row for row in rows if row.service == ALL_PATIENTS}
    there = [s for s in sorted(study.compare, key=lambda s: s.benchmark) if (areas["regime"] == s.id).any()]
    replicate = typical_replicate(values, [s.id for s in there if not s.benchmark] or [s.id for s in there])
    drawn = areas[areas["replicate"] == replicate]
    panels = [_panel(s, drawn[drawn["regime"] == s.id], values, compared) for s in there]
    return FunnelContent(
        panels=[panel for panel in panels if panel.points],
        regimes=list(study.scenarios),
        baseline=study.baseline,
        replicate=replicate,
        replicates=int(frame["replicate"].nunique()),
        years=measured_period(study.horizon),
        weighted=any(weight > 1 for _, weight in study.weights),
        run_keys=run_keys,
    )


def typical_replicate(values: NationalValues, regimes: Sequence[str]) -> int:
    """Return the replicate whose spread lies nearest the median, summed over regimes; the first of equals.

    Where the spread cannot be measured it is the first replicate that all regimes have.
    """
    spreads = np.array([values.of(SPREAD, ALL_PATIENTS, regime) for regime in regimes])
    known = np.isfinite(spreads).all(axis=0)
    if not known.any():
        shares = np.array([values.of(MEASURE, ALL_PATIENTS, regime) for regime in regimes])
        return values.replicates[int(np.argmax(np.isfinite(shares).all(axis=0)))]
    # An even number of replicates has two in the middle; the lower one is a replicate, their mean is not.
    middle = np.quantile(spreads[:, known], 0.5, axis=1, method="lower", keepdims=True)
    away = np.where(known, np.abs(spreads - middle).sum(axis=0), math.inf)
    return values.replicates[int(np.argmin(away))]


def _panel(
    scenario: Scenario,
    drawn: "pd.DataFrame",
    values: NationalValues,
    compared: Mapping[tuple[str, str], Comparison],
) -> FunnelPanel:
    everyone = float(drawn["denominator"].sum())
    here = values.of(MEASURE, ALL_PATIENTS, scenario.id)
    replicate = int(drawn["replicate"].iloc[0]) if everyone else values.replicates[0]
    national = float(here[values.replicates.index(replicate)])
    return FunnelPanel(
        regime=scenario.id,
        description=scenario.title,
        benchmark=scenario.benchmark,
        national=national,
        points=[
            Point(str(area), round(people), float(share), _outside(round(people), float(share), national))
            for area, people, share in zip(drawn["area"], drawn["denominator"], drawn["value"], strict=True)
        ],
        outside={name: _over_replicates(name, scenario.id, compared) for name in LIMITS},
        excess=_excess(values, scenario.id),
    )


def _outside(people: int, share: float, national: float) -> str:
    """Name the widest limits that a share lies outside of, none where everybody or nobody was treated."""
    if not 0 < national < 1:
        return ""
    for name in reversed(LIMITS):
        low, high = (float(exact_limit(people, national, probability)) for probability in LIMITS[name])
        if not low <= share <= high:
            return name
    return ""


def _over_replicates(name: str, regime: str, compared: Mapping[tuple[str, str], Comparison]) -> Outside:
    measure = f"funnel_outside_{name}_icb"
    found, floor = compared.get((measure, regime)), compared.get((f"{measure}_chance_floor", regime))
    return Outside(
        share=Estimate(found.mean, found.mean_low, found.mean_high) if found else UNKNOWN,
        chance=floor.mean if floor else math.nan,
    )


def _excess(values: NationalValues, regime: str) -> Excess:
    """Compare the spread with its chance floor replicate by replicate."""
    difference = values.of(SPREAD, ALL_PATIENTS, regime) - values.of(FLOOR, ALL_PATIENTS, regime)
    found = mean_interval(difference[np.isfinite(difference)])
    word = verdict(found, outcome(SPREAD).smallest_difference)
    return Excess(Estimate(found.mean, found.low, found.high), word)
