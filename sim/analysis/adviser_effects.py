"""What moving one service does: to itself, to the others, and to the whole, replicate by replicate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.analysis.adviser import Advice, everything_id, moved_id
from sim.measures.outcomes import outcome
from sim.measures.rows import ALL, ALL_SERVICES
from sim.specification.run import Study

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]
Pair = tuple[str, str]
"""A measure and a set of services."""


@dataclass(frozen=True)
class Judged:
    """One of the four outcomes: the measure of one service, and that of the whole with its set of services."""

    id: str
    own: str
    whole: Pair


JUDGED = (
    Judged("access", "access_from_diagnosis", ("access_from_diagnosis", ALL_SERVICES)),
    Judged("discordance", "twin_discordance", ("twin_discordance", ALL_SERVICES)),
    Judged("health", "qalys", ("qalys_in_all", ALL)),
    Judged("cost", "cost_treatment_gbp", ("cost_total_gbp", ALL)),
)
"""Access and discordance are means over services, so that the rarest count; health and cost count patients."""
OVERHEAD: tuple[Pair, ...] = (("cost_administration_gbp", ALL), ("cost_handover_gbp", ALL))
"""Lines of cost without a service that change because one was moved; they are counted as that service's own."""
SIGNS: FloatArray = np.array([1.0 if outcome(judged.own).better == "higher" else -1.0 for judged in JUDGED])
"""By which an effect is multiplied so that more is better [K]."""


def pairs_wanted(services: Sequence[str]) -> list[Pair]:
    """Return every national outcome that advice is made from."""
    own = [(judged.own, service) for judged in JUDGED for service in services]
    return [*own, *(judged.whole for judged in JUDGED), *OVERHEAD]


def lay_out(frame: "pd.DataFrame", study: Study, pairs: Sequence[Pair]) -> FloatArray:
    """Lay national outcomes out as [pair, regime, replicate, point], nan where there is no run or no value."""
    import pandas as pd

    points = [point.number for point in study.points]
    names = ["measure", "service", "regime", "replicate", "point"]
    index = pd.MultiIndex.from_tuples(
        [
            (*pair, regime, replicate, point)
            for pair in pairs
            for regime in study.scenarios
            for replicate in range(study.replicates)
            for point in points
        ],
        names=names,
    )
    kept = frame[(frame["geography"] == "nation") & (frame["period_start"] == "all")]
    values = kept.set_index(names)["value"].astype(np.float64).reindex(index).to_numpy()
    shape = (len(pairs), len(study.scenarios), study.replicates, len(points))
    return np.asarray(values.reshape(shape), dtype=np.float64)


@dataclass(frozen=True)
class Effects:
    """Differences from the reference in the outcomes' own units, K outcomes in the order of JUDGED.

    ``own``, ``elsewhere`` and ``whole`` are [K, S, M, R, P]: service, level it was moved to, replicate, point; of cost,
    own holds what running the bodies takes too, and elsewhere all that is left of the whole. ``everything``
    [K, M, R, P] is the whole where a level holds everything. ``own_level`` [K, S] and ``whole_level`` [K] are the
    means at the reference, ``at_reference`` [K, R, P] is its whole in each run.
    """

    own: FloatArray
    elsewhere: FloatArray
    whole: FloatArray
    everything: FloatArray
    own_level: FloatArray
    whole_level: FloatArray
    at_reference: FloatArray

    @property
    def own_steps(self) -> FloatArray:
        """Return the smallest difference that matters in each service, [K, S]; nan where it would be nothing."""
        rows = zip(JUDGED, self.own_level, strict=True)
        return np.array([[_step(judged.own, float(level)) for level in levels] for judged, levels in rows])

    @property
    def whole_steps(self) -> FloatArray:
        """Return the smallest difference that matters in the whole, [K]."""
        rows = zip(JUDGED, self.whole_level, strict=True)
        return np.array([_step(judged.whole[0], float(level)) for judged, level in rows])

    @property
    def own_gains(self) -> FloatArray:
        """Return the own effects in smallest differences that matter, more is better, [K, S, M, R, P].

        An outcome that a service does not have in any run (nobody in need, no twins followed) counts nothing.
        """
        shape = (-1, *self.own.shape[1:2], 1, 1, 1)
        gains = SIGNS[:, None, None, None, None] * self.own / self.own_steps.reshape(shape)
        never = np.isnan(gains).all(axis=(2, 3, 4), keepdims=True)
        return np.where(never, 0.0, gains)

    @property
    def whole_gains(self) -> FloatArray:
        """Return the effects on the whole in smallest differences that matter, more is better, [K, S, M, R, P]."""
        return (SIGNS / self.whole_steps)[:, None, None, None, None] * self.whole


def effects_of(advice: Advice, frame: "pd.DataFrame") -> Effects:
    """Take the effects from the national rows of the advice's runs, with regime, replicate and point."""
    services, study = advice.services, advice.study
    values = lay_out(frame, study, pairs_wanted(services))
    at = {name: number for number, name in enumerate(study.scenarios)}
    count, kinds = len(services), len(JUDGED)
    moved = [[at[moved_id(service, level)] for level in advice.moved] for service in services]
    own_all = values[: kinds * count].reshape(kinds, count, *values.shape[1:])
    whole_all, overhead = values[kinds * count : kinds * count + kinds], values[kinds * count + kinds :].sum(axis=0)
    changed = own_all[:, :, moved] - own_all[:, :, 0][:, :, None, None]
    whole = whole_all[:, moved] - whole_all[:, 0][:, None, None]
    own = np.stack([changed[:, service, service] for service in range(count)], axis=1)
    own[-1] += overhead[moved] - overhead[0]
    elsewhere = whole - own
    for kind, judged in enumerate(JUDGED):
        if judged.whole[1] == ALL_SERVICES:
            elsewhere[kind] = _mean_of_others(changed[kind])
    levels = [at[everything_id(level)] for level in advice.moved]
    return Effects(
        own=own,
        elsewhere=elsewhere,
        whole=whole,
        everything=whole_all[:, levels] - whole_all[:, :1],
        own_level=_mean(own_all[:, :, 0]),
        whole_level=_mean(whole_all[:, 0]),
        at_reference=whole_all[:, 0],
    )


def effects_of_whole(effects: Effects, frame: "pd.DataFrame", study: Study) -> FloatArray:
    """Return what the regimes of a study of whole assignments change, [K, A, R, P]."""
    values = lay_out(frame, study, [judged.whole for judged in JUDGED])
    return np.asarray(values - effects.at_reference[:, None])


def _mean_of_others(changed: FloatArray) -> FloatArray:
    """Return the mean change of the services that were not moved, [S, M, R, P], from [of S, moved S, M, R, P]."""
    alone = np.eye(changed.shape[0], dtype=np.bool_)[:, :, None, None, None]
    counted = np.isfinite(changed) & ~alone
    number = counted.sum(axis=0)
    total = np.where(counted, changed, 0.0).sum(axis=0)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def _mean(values: FloatArray) -> FloatArray:
    """Return the mean over replicates and points that have a value, the last two axes; nan where none has."""
    known = np.isfinite(values)
    number = known.sum(axis=(-2, -1))
    total = np.where(known, values, 0.0).sum(axis=(-2, -1))
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def _step(measure: str, level: float) -> float:
    step = outcome(measure).smallest_difference_from(level)
    return step if step > 0.0 else float("nan")
