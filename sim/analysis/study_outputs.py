"""From a study that was run to arrays: its space of inputs, its points, and one output of its runs at each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.chance import numbers_in_words
from sim.analysis.space import CannotAnalyseError, FloatArray, Kind, Space
from sim.measures.rows import ALL, ALL_PATIENTS, ALL_SERVICES, ALL_YEARS, NATIONAL
from sim.settings.plural import counted
from sim.specification.axes import Axis, Value, value_text
from sim.specification.run import Study
from sim.study.collect import collect
from sim.study.plan import NamedRun
from sim.study.progress import Progress, Silent
from sim.study.store import DamagedRunError, Store

MANY_RUNS = 100
"""How far the reading of more runs than these is, is told."""
POOLED = (ALL_PATIENTS, ALL_SERVICES, ALL)
Pair = tuple[str, str]
"""Measure and set of services."""


class MissingRunsError(CannotAnalyseError):
    """Some points lack finished runs, so the design has holes."""


@dataclass(frozen=True)
class Sampled:
    """The inputs that a study varies, its points [P, inputs] in its order, and the design that made them.

    ``levels`` is the grid of a Morris design, 0 of others.
    """

    space: Space
    points: FloatArray
    method: str
    levels: int


def sampled(study: Study) -> Sampled:
    """Return what a study varies; raise CannotAnalyseError where that is nothing, or a point leaves an input open."""
    if not study.axes:
        raise CannotAnalyseError(f"{study.id} varies nothing (no `vary`), so no input can be told to matter")
    inputs = [_input(axis) for axis in study.axes]
    low, high, kind, options, listed = zip(*inputs, strict=True)
    names, units = tuple(axis.key for axis in study.axes), tuple(axis.unit for axis in study.axes)
    space = Space(names, low, high, kind, options, units, listed)
    rows = []
    for point in study.points:
        values = dict(point.values)
        left = [name for name in names if name not in values]
        if left:
            raise CannotAnalyseError(f"point {point.number} leaves {', '.join(left)} to the study or its regimes")
        rows.append([_code(values[name], own) for name, own in zip(names, options, strict=True)])
    return Sampled(space, np.array(rows, dtype=np.float64), study.design.method, study.design.levels)


def _input(axis: Axis) -> tuple[float, float, Kind, tuple[str, ...], tuple[float, ...]]:
    """Return the limits of an axis, its kind, the words of its options where it is a choice, and listed numbers."""
    if axis.interval is not None:
        kind: Kind = "whole" if axis.interval.whole else "continuous"
        return float(axis.interval.low), float(axis.interval.high), kind, (), ()
    values = list(dict.fromkeys(axis.values))
    if any(isinstance(value, bool | str) for value in values):
        return 0.0, float(len(values) - 1), "choice", tuple(value_text(value) for value in values), ()
    numbers = tuple(sorted(float(value) for value in values))
    whole = all(isinstance(value, int) for value in values)
    return numbers[0], numbers[-1], "whole" if whole else "continuous", (), numbers


def _code(value: Value, options: Sequence[str]) -> float:
    return float(options.index(value_text(value))) if options else float(value)


def measured(runs: Sequence[NamedRun], store: Store) -> dict[str, list[str]]:
    """Return every national measure of the first run that can be read, with its sets of services, pooled ones first."""
    for run in runs:
        if not store.path(run.key).exists():
            continue
        try:
            table = store.read(run.key).table
        except DamagedRunError:
            continue
        wanted = (table["geography"] == NATIONAL) & (table["period_start"] == ALL_YEARS)
        found: dict[str, list[str]] = {}
        for measure, service in zip(table["measure"][wanted].tolist(), table["service"][wanted].tolist(), strict=True):
            found.setdefault(measure, []).append(service)
        return {measure: sorted(sets, key=_pooled_first) for measure, sets in found.items()}
    return {}


def _pooled_first(service: str) -> tuple[int, str]:
    return POOLED.index(service) if service in POOLED else len(POOLED), service


def outputs(
    study: Study,
    runs: Sequence[NamedRun],
    store: Store,
    regimes: Sequence[str],
    wanted: Sequence[Pair],
    progress: Progress,
) -> FloatArray:
    """Return outputs [outcomes, P, R, regimes]; a value that a finished run does not define is nan.

    Raise MissingRunsError where a run of these regimes is missing or damaged.
    """
    values = np.full((len(wanted), len(study.points), study.replicates, len(regimes)), np.nan)
    there = np.zeros(values.shape[1:], dtype=np.bool_)
    place = {pair: number for number, pair in enumerate(wanted)}
    asked = [run for run in runs if run.scenario in regimes and run.replicate < study.replicates]
    progress = progress if len(asked) > MANY_RUNS else Silent()
    progress.begin(len(asked))
    found = collect(asked, store, frozenset(wanted), progress.advance_to)
    for run in asked:
        there[_at(run, regimes)] = run.key in found.manifests
    columns = (found.frame[name] for name in ("measure", "service", "regime", "replicate", "point", "value"))
    for measure, service, regime, replicate, point, value in zip(*columns, strict=True):
        values[place[measure, service], point - 1, replicate, regimes.index(regime)] = value
    progress.advance_to(len(asked))
    progress.end()
    _refuse_holes(~there)
    return values


def _at(run: NamedRun, regimes: Sequence[str]) -> tuple[int, int, int]:
    return run.point - 1, run.replicate, regimes.index(run.scenario)


def _refuse_holes(missing: "np.typing.NDArray[np.bool_]") -> None:
    points = np.flatnonzero(missing.any(axis=(1, 2))) + 1
    if points.size:
        runs = counted(int(missing.sum()), "finished run")
        raise MissingRunsError(
            f"{runs} missing or damaged, at {len(points)} of {counted(len(missing), 'point')}: "
            f"{numbers_in_words(points)}"
        )
