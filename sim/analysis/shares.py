"""Shares of an outcome by group of mechanisms, with intervals over replicates, from the runs of a decomposition."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.decomposition import Decomposition
from sim.analysis.shapley import FloatArray, shapley_values, shapley_values_of_orders, subsets_on_the_way
from sim.measures.intervals import NO_VERDICT, NOT_DISTINGUISHABLE, Interval, mean_interval
from sim.measures.outcomes import outcome

if TYPE_CHECKING:
    import pandas as pd

OFF, TOGETHER, AT_WORK = "Every mechanism off", "All groups together", "Every mechanism at work"
"""The parts beside the groups: where one begins, the sum of the shares, and where one arrives."""
RAISES, LOWERS, NO_EFFECT = "raises", "lowers", "no effect"
ROUNDING = 1e-12
"""A share smaller than this, as a part of the outcome, is rounding of equal numbers."""


@dataclass(frozen=True)
class Share:
    """What one part adds to an outcome of a regime, or to its difference from ``baseline`` where that is named.

    All numbers are in the outcome's unit and means over ``replicates``; ``dropped`` replicates lack a run or a
    value. ``alone`` is what the group does when nothing else is at work and ``last`` what it does when all else
    is, nan where orders were sampled.
    """

    measure: str
    service: str
    label: str
    unit: str
    regime: str
    baseline: str
    part: str
    title: str
    mean: float
    low: float
    high: float
    verdict: str
    alone: float
    last: float
    replicates: int
    dropped: int

    @property
    def distinguishable(self) -> bool:
        """Tell whether the interval leaves out zero."""
        return self.verdict in (RAISES, LOWERS)


@dataclass(frozen=True)
class Account:
    """One outcome of one regime, or its difference from ``baseline``: its parts in the order of the groups."""

    measure: str
    service: str
    regime: str
    baseline: str
    off: Share
    groups: tuple[Share, ...]
    together: Share
    at_work: Share

    @property
    def parts(self) -> tuple[Share, ...]:
        """Return every part in the order in which it is told."""
        return (self.off, *self.groups, self.together, self.at_work)


def accounts(found: Decomposition, frame: "pd.DataFrame", outcomes: Sequence[tuple[str, str]]) -> list[Account]:
    """Explain each outcome (measure and set of services): every regime's level, then its difference from the baseline.

    ``frame`` holds the national rows of the runs with regime, replicate and point. An outcome for which no
    replicate has every value is left out.
    """
    return [account for wanted in outcomes for account in _of_outcome(found, frame, wanted)]


def _of_outcome(found: Decomposition, frame: "pd.DataFrame", wanted: tuple[str, str]) -> Iterator[Account]:
    values = values_of(found, frame, wanted)
    regimes, base = list(found.study.scenarios), found.study.baseline
    reference = values[regimes.index(base)]
    for compared in ("", base):
        for regime, own in zip(regimes, values, strict=True):
            if regime == compared:
                continue
            told = _Told(found, *wanted, regime, compared)
            account = told.account(own - reference if compared else own, np.nanmax(np.abs([own, reference]), initial=0))
            if account.off.replicates:
                yield account


def values_of(found: Decomposition, frame: "pd.DataFrame", wanted: tuple[str, str]) -> FloatArray:
    """Lay one outcome out as [regime, replicate, point], nan where there is no run or no value."""
    import pandas as pd

    study = found.study
    index = pd.MultiIndex.from_product(
        [list(study.scenarios), range(study.replicates), range(1, len(found.subsets) + 1)],
        names=["regime", "replicate", "point"],
    )
    kept = (frame["measure"] == wanted[0]) & (frame["service"] == wanted[1])
    values = frame[kept & (frame["geography"] == "nation")].set_index(index.names)["value"].reindex(index)
    shape = (len(study.scenarios), study.replicates, len(found.subsets))
    return values.to_numpy(dtype=np.float64).reshape(shape)


def shares_of(found: Decomposition, values: FloatArray) -> FloatArray:
    """Return the share of each group [replicate, group] from values [replicate, point]."""
    if not found.orders:
        return shapley_values(values)
    at = np.array(found.subsets)
    shares = np.empty((len(found.orders), len(found.groups)))
    for replicate, orders in enumerate(found.orders):
        on_the_way = values[replicate, np.searchsorted(at, subsets_on_the_way(orders))]
        shares[replicate] = shapley_values_of_orders(on_the_way, orders)
    return shares


@dataclass(frozen=True)
class _Told:
    """What one account is about."""

    found: Decomposition
    measure: str
    service: str
    regime: str
    baseline: str

    def account(self, values: FloatArray, scale: float) -> Account:
        """Tell the parts from values [replicate, point]; ``scale`` is how large the outcome itself is."""
        shares = shares_of(self.found, values)
        off, at_work = values[:, 0], values[:, -1]
        complete = np.isfinite(shares).all(axis=1) & np.isfinite(off) & np.isfinite(at_work)
        least, dropped = ROUNDING * scale, int((~complete).sum())

        def part(name: str, title: str, amounts: FloatArray, level: bool = False) -> Share:
            kept = amounts[complete]
            interval = mean_interval(np.where(np.abs(kept) <= least, 0.0, kept))
            return self._share(name, title, self._possible(interval) if level else interval, dropped)

        groups = tuple(
            self._with_extremes(part(group.id, group.title, shares[:, place]), values[complete], place)
            for place, group in enumerate(self.found.groups)
        )
        return Account(
            self.measure,
            self.service,
            self.regime,
            self.baseline,
            part("off", OFF, off, level=True),
            groups,
            part("together", TOGETHER, at_work - off),
            part("at_work", AT_WORK, at_work, level=True),
        )

    def _possible(self, interval: Interval) -> Interval:
        """Cut the interval of a level where no value can lie; a difference has no such bounds."""
        known = outcome(self.measure)
        return interval if self.baseline else interval.within(known.lowest, known.highest)

    def _with_extremes(self, share: Share, values: FloatArray, place: int) -> Share:
        """Add what the group does alone and what it does last, where every subset was run."""
        if self.found.orders or not len(values):
            return share
        everyone = self.found.everyone
        alone = values[:, 1 << place] - values[:, 0]
        last = values[:, everyone] - values[:, everyone ^ (1 << place)]
        return replace(share, alone=float(alone.mean()), last=float(last.mean()))

    def _share(self, name: str, title: str, interval: Interval, dropped: int) -> Share:
        known = outcome(self.measure)
        return Share(
            measure=self.measure,
            service=self.service,
            label=known.label,
            unit=known.unit,
            regime=self.regime,
            baseline=self.baseline,
            part=name,
            title=title,
            mean=interval.mean,
            low=interval.low,
            high=interval.high,
            verdict=share_verdict(interval),
            alone=math.nan,
            last=math.nan,
            replicates=interval.n,
            dropped=dropped,
        )


def share_verdict(interval: Interval) -> str:
    """Tell a share in words: raising, lowering, not to be told from zero, or zero in every replicate."""
    if not math.isfinite(interval.low):
        return NO_VERDICT
    if interval.excludes_zero:
        return RAISES if interval.mean > 0.0 else LOWERS
    return NO_EFFECT if interval.low == interval.high else NOT_DISTINGUISHABLE
