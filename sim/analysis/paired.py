"""Regimes compared replicate by replicate: the same world and the same luck under each."""

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.measures.intervals import mean_interval, of_shares, paired_interval, verdict
from sim.measures.outcomes import OUTCOMES, outcome
from sim.measures.rows import ALL, ALL_PATIENTS, ALL_SERVICES

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]

KEYS = ["measure", "service", "regime", "replicate"]

BASELINE = "baseline"
"""The verdict of the baseline's own row, which is compared with nothing."""


@dataclass(frozen=True)
class Comparison:
    """One row: a national outcome under one regime, and its mean paired difference from the baseline.

    All numbers are in ``unit`` and over the same replicates, ``pairs`` of them: those in which both regimes
    have the outcome. ``dropped_pairs`` counts the others, which no number of the row contains.
    ``distinguishable`` says that the interval of the difference leaves out zero.
    """

    measure: str
    label: str
    service: str
    unit: str
    regime: str
    mean: float
    mean_low: float
    mean_high: float
    baseline: str
    baseline_mean: float
    difference: float
    difference_low: float
    difference_high: float
    smallest_difference: float
    verdict: str
    distinguishable: bool
    pairs: int
    dropped_pairs: int


@dataclass(frozen=True)
class NationalValues:
    """National values [row, regime, replicate], nan where a run lacks one; the baseline is regime 0."""

    rows: list[tuple[str, str]]  # measure and service, in reading order
    regimes: list[str]
    replicates: list[int]
    values: FloatArray

    def of(self, measure: str, service: str, regime: str) -> FloatArray:
        """Return one regime's values [replicate], all nan where it has no such outcome."""
        if (measure, service) not in self.rows or regime not in self.regimes:
            return np.full(len(self.replicates), np.nan)
        found: FloatArray = self.values[self.rows.index((measure, service)), self.regimes.index(regime)]
        return found


def paired_differences(runs: "pd.DataFrame", baseline: str, confidence: float = 0.95) -> "pd.DataFrame":
    """Return one row per national measure, service and regime, with intervals over replicates.

    ``runs`` is the long table of several runs: the columns of a results table with regime and replicate.
    A difference is regime minus baseline. With one pair the intervals are undefined (nan) and the verdict is
    "no verdict". Limits of a mean stop where no value can lie.
    Raise ValueError when the baseline was not run or a value appears twice, and
    UnknownOutcomeError on a measure that is not registered.
    """
    import pandas as pd

    table = national_values(runs, baseline)
    rows = [
        asdict(_compare(table, (row, regime), confidence))
        for row in range(len(table.rows))
        for regime in range(len(table.regimes))
    ]
    return pd.DataFrame(rows, columns=[field.name for field in fields(Comparison)])


def national_values(runs: "pd.DataFrame", baseline: str) -> NationalValues:
    """Lay the national values out by row, regime and replicate; raises as ``paired_differences``."""
    import pandas as pd

    national = runs[(runs["geography"] == "nation") & (runs["period_start"] == "all")]
    twice = national.duplicated(KEYS)
    if twice.any():
        raise ValueError(f"the runs hold two values for {national.loc[twice, KEYS].iloc[0].to_dict()}")
    others = set(national["regime"]) - {baseline}
    if len(others) == national["regime"].nunique():
        raise ValueError(f"baseline {baseline!r} is not among the regimes that were run")
    regimes = [baseline, *sorted(others)]
    replicates = sorted(set(national["replicate"]))
    wide = national.set_index(KEYS)["value"].unstack(["regime", "replicate"])
    rows = sorted(wide.index, key=_reading_order)
    wide = wide.reindex(index=rows, columns=pd.MultiIndex.from_product([regimes, replicates]))
    values = wide.to_numpy(dtype=np.float64).reshape(len(rows), len(regimes), len(replicates))
    return NationalValues(rows, regimes, replicates, values)


def _reading_order(row: tuple[str, str]) -> tuple[int, int, str]:
    """Sort measures as registered, and pooled services before single ones."""
    measure, service = row
    outcome(measure)
    pooled = (ALL, ALL_PATIENTS, ALL_SERVICES)
    return list(OUTCOMES).index(measure), pooled.index(service) if service in pooled else len(pooled), service


def _compare(table: NationalValues, at: tuple[int, int], confidence: float) -> Comparison:
    """Compare one regime with the baseline over the replicates that both have."""
    row, regime = at
    measure, service = table.rows[row]
    known = outcome(measure)
    values, reference = table.values[row, regime], table.values[row, 0]
    complete = np.isfinite(values) & np.isfinite(reference)
    own = mean_interval(values[complete], confidence).within(known.lowest, known.highest)
    against = mean_interval(reference[complete], confidence)
    difference = paired_interval(values[complete], reference[complete], confidence)
    difference = of_shares(difference, confidence) if known.is_share else difference
    smallest = known.smallest_difference_from(against.mean)
    return Comparison(
        measure=measure,
        label=known.label,
        service=service,
        unit=known.unit,
        regime=table.regimes[regime],
        mean=own.mean,
        mean_low=own.low,
        mean_high=own.high,
        baseline=table.regimes[0],
        baseline_mean=against.mean,
        difference=difference.mean,
        difference_low=difference.low,
        difference_high=difference.high,
        smallest_difference=smallest,
        verdict=verdict(difference, smallest) if regime else BASELINE,
        distinguishable=difference.excludes_zero,
        pairs=own.n,
        dropped_pairs=int((~complete).sum()),
    )
