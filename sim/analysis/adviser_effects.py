"""What moving one service does: to itself, to the others, and to the whole, replicate by replicate."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
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
BoolArray = npt.NDArray[np.bool_]
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
MEANS = tuple(judged.whole[1] == ALL_SERVICES for judged in JUDGED)
"""Which of them are means over services."""
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
    means at the reference, ``own_reference`` [K, S, R, P] and ``reference`` [K, R, P] are it in each run.

    A whole that is a mean over services is the mean of the differences of those that have one: a service that is not
    measured neither takes part in it nor counts as unchanged, and one measured in one of two runs alone moves no mean.
    ``everything_lost`` [K, S, M] tells what is not measured where a level holds everything, though it is at the
    reference. What is not measured is nan.
    """

    own: FloatArray
    elsewhere: FloatArray
    whole: FloatArray
    everything: FloatArray
    everything_lost: BoolArray
    own_level: FloatArray
    whole_level: FloatArray
    own_reference: FloatArray
    reference: FloatArray

    @property
    def nothing(self) -> FloatArray:
        """Return what changes when nothing is moved, [K, R, P]: none, but nan where the reference has no value."""
        return self.reference - self.reference

    @cached_property
    def own_steps(self) -> FloatArray:
        """Return the smallest difference that matters in each service, [K, S]; nan where it would be nothing."""
        rows = zip(JUDGED, self.own_level, strict=True)
        return np.array([[_step(judged.own, float(level)) for level in levels] for judged, levels in rows])

    @cached_property
    def whole_steps(self) -> FloatArray:
        """Return the smallest difference that matters in the whole, [K]."""
        rows = zip(JUDGED, self.whole_level, strict=True)
        return np.array([_step(judged.whole[0], float(level)) for judged, level in rows])

    @cached_property
    def own_gains(self) -> FloatArray:
        """Return the own effects in smallest differences that matter, more is better, [K, S, M, R, P].

        Nan where an outcome is not measured, and where a service with none of it at the reference has some elsewhere,
        which no number of steps can tell. None of it in both is no difference.
        """
        steps = self.own_steps[:, :, None, None, None]
        never = ~(np.abs(self.own) > 0.0).any(axis=(3, 4), keepdims=True)
        counted = np.where(never, 1.0, steps)
        return np.asarray(SIGNS[:, None, None, None, None] * self.own / counted)

    @cached_property
    def whole_gains(self) -> FloatArray:
        """Return the effects on the whole in smallest differences that matter, more is better, [K, S, M, R, P].

        Nan where the service that moves is not measured itself.
        """
        return np.asarray((SIGNS / self.whole_steps)[:, None, None, None, None] * self.whole_seen)

    @cached_property
    def whole_seen(self) -> FloatArray:
        """Return the effects on the whole, nan in runs in which the service that moves is not measured itself."""
        return np.asarray(np.where(np.isnan(self.own_gains), np.nan, self.whole))

    @cached_property
    def unmeasured(self) -> BoolArray:
        """Tell of which outcomes the own effect of a service at a level is known at every point in no replicate.

        [K, S, M]; what is told of all points rests on replicates that have every one.
        """
        return never_whole(self.own_gains)

    @cached_property
    def counted(self) -> BoolArray:
        """Tell which outcomes any service has, [K]; the others are nobody's, and left out of every comparison."""
        return np.asarray(~self.unmeasured.all(axis=(1, 2)) & np.isfinite(self.whole_steps))

    @cached_property
    def untold(self) -> BoolArray:
        """Tell of which of the outcomes that others have an own effect is not known, [K, S, M]."""
        return self.unmeasured & self.counted[:, None, None]

    @property
    def told_of(self) -> BoolArray:
        """Tell of which services every outcome that others have is known at every level, [S]."""
        return np.asarray(~self.untold.any(axis=(0, 2)))


def effects_of(advice: Advice, frame: "pd.DataFrame") -> Effects:
    """Take the effects from the national rows of the advice's runs, with regime, replicate and point."""
    services, study = advice.services, advice.study
    values = lay_out(frame, study, pairs_wanted(services))
    at = {name: number for number, name in enumerate(study.scenarios)}
    count = len(services)
    moved = [[at[moved_id(service, level)] for level in advice.moved] for service in services]
    held = [at[everything_id(level)] for level in advice.moved]
    own_all, whole_all, overhead = _apart(values, count)
    changed = own_all[:, :, moved] - own_all[:, :, 0][:, :, None, None]
    everywhere = _changes(own_all, whole_all, own_all[:, :, 0], whole_all[:, 0])
    whole = everywhere[:, moved]
    own = np.stack([changed[:, service, service] for service in range(count)], axis=1)
    own[-1] += overhead[moved] - overhead[0]
    elsewhere = whole - own
    for kind in np.flatnonzero(MEANS).tolist():
        elsewhere[kind] = _mean_of_others(changed[kind])
    return Effects(
        own=own,
        elsewhere=elsewhere,
        whole=whole,
        everything=everywhere[:, held],
        everything_lost=_lost(own_all[:, :, held], own_all[:, :, 0]),
        own_level=_mean(own_all[:, :, 0]),
        whole_level=_mean(whole_all[:, 0]),
        own_reference=own_all[:, :, 0],
        reference=whole_all[:, 0],
    )


def effects_of_whole(effects: Effects, frame: "pd.DataFrame", study: Study) -> FloatArray:
    """Return what the regimes of a study of whole assignments change, [K, A, R, P]."""
    values = lay_out(frame, study, pairs_wanted(study.services))
    own, whole, _ = _apart(values, len(study.services))
    return _changes(own, whole, effects.own_reference, effects.reference)


def lost_in_whole(effects: Effects, frame: "pd.DataFrame", study: Study) -> BoolArray:
    """Tell what the regimes of a study of whole assignments do not measure, though the reference does, [K, S, A]."""
    values = lay_out(frame, study, pairs_wanted(study.services))
    return _lost(_apart(values, len(study.services))[0], effects.own_reference)


def never_whole(values: FloatArray) -> BoolArray:
    """Tell of what [..., R, P] no replicate has a value at every point, [...]."""
    return np.asarray(~np.isfinite(values.mean(axis=-1)).any(axis=-1))


def _lost(own: FloatArray, reference: FloatArray) -> BoolArray:
    """Tell which outcomes by service [K, S, A, R, P] are never whole, where those of the reference [K, S, R, P] are.

    A regime of which no run is there lost nothing: of it nothing is known.
    """
    ran = np.isfinite(own).any(axis=(0, 1, 3, 4))
    return np.asarray(never_whole(own) & ~never_whole(reference)[:, :, None] & ran)


def _apart(values: FloatArray, services: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return outcomes by service [K, S, A, R, P], those of the whole [K, A, R, P], and overhead [A, R, P]."""
    own, whole, overhead = np.split(values, np.cumsum([len(JUDGED) * services, len(JUDGED)]))
    return own.reshape(len(JUDGED), services, *values.shape[1:]), whole, overhead.sum(axis=0)


def _changes(own: FloatArray, whole: FloatArray, own_reference: FloatArray, reference: FloatArray) -> FloatArray:
    """Return the effects on the whole of regimes, [K, A, R, P], from their outcomes and those of the reference."""
    found = whole - reference[:, None]
    for kind in np.flatnonzero(MEANS).tolist():
        found[kind] = _mean_along(own[kind] - own_reference[kind][:, None], 0)
    return found


def _mean_of_others(changed: FloatArray) -> FloatArray:
    """Return the mean change of the services that were not moved, [S, M, R, P], from [of S, moved S, M, R, P]."""
    alone = np.eye(changed.shape[0], dtype=np.bool_)[:, :, None, None, None]
    return _mean_along(np.where(alone, np.nan, changed), 0)


def _mean(values: FloatArray) -> FloatArray:
    """Return the mean over replicates and points that have a value, the last two axes; nan where none has."""
    return _mean_along(values, (-2, -1))


def _mean_along(values: FloatArray, axes: int | tuple[int, ...]) -> FloatArray:
    """Return the mean along axes of what has a value; nan where nothing has."""
    known = np.isfinite(values)
    number = known.sum(axis=axes)
    total = np.where(known, values, 0.0).sum(axis=axes)
    return np.asarray(np.where(number > 0, total / np.maximum(number, 1), np.nan))


def _step(measure: str, level: float) -> float:
    step = outcome(measure).smallest_difference_from(level)
    return step if step > 0.0 else float("nan")
