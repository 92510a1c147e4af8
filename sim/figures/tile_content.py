"""From the rows of a study to what the tile-grid map shows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.paired import Comparison
from sim.figures.tile_words import Contrast, Panel, TileMapContent
from sim.figures.words import Estimate
from sim.measures.rows import ALL_PATIENTS, ALL_SERVICES, AREA_LEVEL
from sim.specification.run import Horizon, Scenario, Study
from sim.world.months import MONTH_NAMES

if TYPE_CHECKING:
    import pandas as pd

MEASURE = "access_from_diagnosis"
SPREAD, FLOOR = "tau_icb", "tau_icb_chance_floor"


@dataclass(frozen=True)
class Weighting:
    """Which people a tile counts, and how: each service alike, or the patients of a set pooled."""

    england: str
    selection: str
    tau_of: str
    counted: str = ALL_PATIENTS
    spread_service: str = ALL_PATIENTS


EACH_SERVICE = Weighting(ALL_SERVICES, "each service counts the same", "all patients together")


def of_patients(service: str = ALL_PATIENTS) -> Weighting:
    """Return the weighting that pools the patients of all services, or of one group of services."""
    who = "all patients together" if service == ALL_PATIENTS else f"patients of {service.replace('_', ' ')} services"
    return Weighting(service, who, who, service, service)


def tile_map_content(
    study: Study,
    frame: "pd.DataFrame",
    rows: Sequence[Comparison],
    run_keys: Sequence[str],
    weighting: Weighting = EACH_SERVICE,
) -> TileMapContent | None:
    """Gather the panels of all regimes that were run, the benchmark last; None where there is nothing to draw.

    ``frame`` holds the runs' rows with regime and replicate. Counts are pooled over replicates before any
    share is taken; with ``EACH_SERVICE`` a tile is the mean over the services that anyone there needed.
    """
    found = {(row.measure, row.service, row.regime): row for row in rows}
    replicates = int(frame["replicate"].nunique())
    gathered = _Gathered(_pooled(frame), found, study.services, replicates * study.horizon.years)
    mapped = set(gathered.counts.index.get_level_values("regime"))
    there = [s for s in study.compare if s.id in mapped and (MEASURE, weighting.england, s.id) in found]
    if not there:
        return None
    panels = [_panel(scenario, gathered, weighting) for scenario in sorted(there, key=lambda s: s.benchmark)]
    contrasts = [
        Contrast(row.regime, row.difference, row.distinguishable, row.verdict)
        for panel in panels
        if not panel.benchmark and panel.regime != study.baseline
        and (row := found.get((SPREAD, weighting.spread_service, panel.regime))) is not None
    ]  # fmt: skip
    return TileMapContent(
        panels=panels,
        baseline=study.baseline,
        contrasts=contrasts,
        selection=weighting.selection,
        tau_of=weighting.tau_of,
        area_name=f"integrated care board (ICB, boundaries of {AREA_LEVEL.rpartition('_')[2]})",
        years=measured_period(study.horizon),
        replicates=replicates,
        run_keys=run_keys,
    )


@dataclass(frozen=True)
class _Gathered:
    """What the panels are made from: pooled counts by regime, area and service, and the comparisons."""

    counts: "pd.DataFrame"
    found: Mapping[tuple[str, str, str], Comparison]
    services: Sequence[str]
    person_years: int  # replicates times measured years


def _pooled(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Add the counts of access by area over replicates."""
    wanted = (frame["geography"] == AREA_LEVEL) & (frame["measure"] == MEASURE) & (frame["period_start"] == "all")
    by = frame[wanted].groupby(["regime", "area", "service"], sort=True)
    return by[["numerator", "denominator"]].sum()


def _panel(scenario: Scenario, gathered: _Gathered, weighting: Weighting) -> Panel:
    counts = gathered.counts.loc[[scenario.id]].droplevel("regime")
    england = gathered.found[MEASURE, weighting.england, scenario.id]
    tau = gathered.found.get((SPREAD, weighting.spread_service, scenario.id))
    floor = gathered.found.get((FLOOR, weighting.spread_service, scenario.id))
    everyone = counts[counts.index.get_level_values("service") == weighting.counted].droplevel("service")
    return Panel(
        regime=scenario.id,
        description=scenario.title,
        benchmark=scenario.benchmark,
        share=_shares(counts, gathered.services) if weighting is EACH_SERVICE else _ratio(everyone),
        people={str(area): float(n) / gathered.person_years for area, n in everyone["denominator"].items()},
        england=Estimate(england.mean, england.mean_low, england.mean_high),
        tau=Estimate(tau.mean, tau.mean_low, tau.mean_high) if tau else Estimate(math.nan, math.nan, math.nan),
        chance_floor=floor.mean if floor else math.nan,
    )


def _shares(counts: "pd.DataFrame", services: Sequence[str]) -> dict[str, float]:
    """Return the mean over the services that anyone needed of the share treated in time, by area."""
    single = counts[counts.index.get_level_values("service").isin(services)]
    needed = single[single["denominator"] > 0]
    means = (needed["numerator"] / needed["denominator"]).groupby(level="area").mean()
    return {str(area): float(share) for area, share in means.items()}


def _ratio(counts: "pd.DataFrame") -> dict[str, float]:
    needed = counts[counts["denominator"] > 0]
    return {str(area): float(v) for area, v in (needed["numerator"] / needed["denominator"]).items()}


def measured_period(horizon: Horizon) -> str:
    """Name the measured months.

    >>> measured_period(Horizon("2013-04", 4, 1))
    'April 2014 to March 2018'
    """
    year, month = int(horizon.start[:4]), int(horizon.start[5:]) - 1
    first = year + horizon.burn_in_years
    last = first + horizon.years - (month == 0)
    return f"{MONTH_NAMES[month]} {first} to {MONTH_NAMES[month - 1]} {last}"
