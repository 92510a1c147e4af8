"""Regimes compared replicate by replicate: the same world and the same luck under each."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.measures.intervals import Interval, mean_interval, mean_intervals, of_shares, paired_interval, verdict
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
    """Return what ``compare_regimes`` returns as a table, a column for each field of a comparison."""
    import pandas as pd

    rows = [vars(row) for row in compare_regimes(runs, baseline, confidence)]
    return pd.DataFrame(rows, columns=[field.name for field in fields(Comparison)])


def compare_regimes(runs: "pd.DataFrame", baseline: str, confidence: float = 0.95) -> list[Comparison]:
    """Return one comparison per national measure, service and regime, with intervals over replicates.

    ``runs`` is the long table of several runs: the columns of a results table with regime and replicate.
    A difference is regime minus baseline. With one pair the intervals are undefined (nan) and the verdict is
    "no verdict". Limits of a mean stop where no value can lie.
    Raise ValueError when the baseline was not run or a value appears twice, and
    UnknownOutcomeError on a measure that is not registered.
    """
    table = national_values(runs, baseline)
    whole: npt.NDArray[np.bool_] = np.asarray(np.isfinite(table.values).all(axis=2))
    reference = np.broadcast_to(table.values[:, :1], table.values.shape)
    with np.errstate(invalid="ignore"):  # rows with holes are compared one by one
        many = [mean_intervals(values, confidence) for values in (table.values, reference, table.values - reference)]
    compared = []
    for row, regime in np.ndindex(whole.shape):
        if whole[row, regime] and whole[row, 0]:
            own, against, difference = (_interval(parts, (row, regime), len(table.replicates)) for parts in many)
        else:
            own, against, difference = _with_holes(table, (row, regime), confidence)
        compared.append(_comparison(table, (row, regime), (own, against, difference), confidence))
    return compared


def _interval(parts: tuple[FloatArray, FloatArray, FloatArray], at: tuple[int, int], pairs: int) -> Interval:
    mean, low, high = (float(part[at]) for part in parts)
    return Interval(mean, low, high, pairs)


def national_values(runs: "pd.DataFrame", baseline: str) -> NationalValues:
    """Lay the national values out by row, regime and replicate; raises as ``compare_regimes``."""
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
    values = np.ascontiguousarray(wide, dtype=np.float64).reshape(len(rows), len(regimes), len(replicates))
    return NationalValues(rows, regimes, replicates, values)


def _reading_order(row: tuple[str, str]) -> tuple[int, int, str]:
    """Sort measures as registered, and pooled services before single ones."""
    measure, service = row
    outcome(measure)
    pooled = (ALL, ALL_PATIENTS, ALL_SERVICES)
    return list(OUTCOMES).index(measure), pooled.index(service) if service in pooled else len(pooled), service


def _with_holes(table: NationalValues, at: tuple[int, int], confidence: float) -> tuple[Interval, Interval, Interval]:
    """Return the mean of a regime, of the baseline and of their differences over the replicates that both have."""
    values, reference = table.values[at], table.values[at[0], 0]
    complete = np.isfinite(values) & np.isfinite(reference)
    own, against = (mean_interval(part[complete], confidence) for part in (values, reference))
    return own, against, paired_interval(values[complete], reference[complete], confidence)


def _comparison(
    table: NationalValues, at: tuple[int, int], found: tuple[Interval, Interval, Interval], confidence: float
) -> Comparison:
    """Put into words and limits what was found of one regime, the baseline and their difference."""
    row, regime = at
    measure, service = table.rows[row]
    known = outcome(measure)
    own, against, difference = found
    own = own.within(known.lowest, known.highest)
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
        dropped_pairs=len(table.replicates) - own.n,
    )
