"""The lottery of each regime: its outcomes over replicates, and what of the twins' difference is distance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.analysis.paired import NationalValues, national_values
from sim.measures.intervals import Interval, mean_interval, paired_interval
from sim.measures.lottery_outcomes import twin_outcomes, variation_outcomes
from sim.measures.outcomes import outcome
from sim.measures.rows import NATION
from sim.specification.run import Study

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]

DISCORDANCE = "twin_discordance"
GEOGRAPHY, COMMISSIONING = f"{DISCORDANCE}_geography", f"{DISCORDANCE}_commissioning"
MEASURES = tuple(one.id for one in (*variation_outcomes(), *twin_outcomes()) if one.id != "standardised_access")
KEYS = ["regime", "measure", "service", "geography", "area"]
LABELS = {
    GEOGRAPHY: "Of it, what distance alone makes: the same under the benchmark with distance",
    COMMISSIONING: "Of it, the rest: regime less the benchmark with distance, replicate by replicate",
}


@dataclass(frozen=True)
class LotteryRow:
    """One outcome of the lottery under one regime, its mean over the replicates that have it, and the 95 % limits."""

    regime: str
    measure: str
    service: str
    geography: str
    area: str
    label: str
    unit: str
    mean: float
    low: float
    high: float
    median: float
    replicates: int


def lottery_rows(frame: "pd.DataFrame", study: Study) -> list[LotteryRow]:
    """Return every outcome of the lottery, for the nation and for parts of it, and the split of discordance.

    ``frame`` is the long table of the runs with regime and replicate.
    """
    wanted = frame[frame["measure"].isin(MEASURES) & np.isfinite(frame["value"].astype(np.float64))]
    rows = [
        _row([str(part) for part in key], mean_interval(values), float(np.median(values)))
        for key, values in (
            (k, group.to_numpy(dtype=np.float64)) for k, group in wanted.groupby(KEYS, sort=True)["value"]
        )
    ]
    return [*rows, *_split(national_values(frame[frame["measure"] == DISCORDANCE], study.baseline), study)]


def benchmark_with_distance(study: Study) -> str:
    """Name the benchmark of a study under which distance still matters; empty when it has none."""
    return next((scenario.id for scenario in study.compare if scenario.with_distance), "")


def _split(table: NationalValues, study: Study) -> list[LotteryRow]:
    """Split discordance into what distance alone makes and the rest, over the replicates that have both."""
    benchmark = benchmark_with_distance(study)
    if benchmark not in table.regimes:
        return []
    rows = []
    for scenario in study.compare:
        for measure, service in table.rows if not scenario.benchmark else ():
            own, distance = (table.of(measure, service, regime) for regime in (scenario.id, benchmark))
            both = np.isfinite(own) & np.isfinite(distance)
            if not both.any():
                continue
            own, distance = own[both], distance[both]
            names = (service, "nation", NATION)
            rows.append(_row((scenario.id, GEOGRAPHY, *names), mean_interval(distance), float(np.median(distance))))
            rest = float(np.median(own - distance))
            rows.append(_row((scenario.id, COMMISSIONING, *names), paired_interval(own, distance), rest))
    return rows


def _row(key: Sequence[str], found: Interval, median: float) -> LotteryRow:
    regime, measure, service, geography, area = key
    known = outcome(measure if measure not in LABELS else DISCORDANCE)
    limits = found if measure == COMMISSIONING else found.within(known.lowest, known.highest)
    label = LABELS.get(measure, known.label)
    names = (regime, measure, service, geography, area, label, known.unit)
    return LotteryRow(*names, found.mean, limits.low, limits.high, median, found.n)
