"""What makes runs: an engine takes units of work and tells how their runs ended. The plainest one is this process."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Protocol, Self

from sim.study.bench import Bench, Outcome, PlannedRun, Unit, work
from sim.study.limits import Limits
from sim.study.store import DamagedRunError, Store
from sim.study.watch import Alarm


class EngineStoppedError(Exception):
    """An engine cannot go on; what it was doing is lost, and the same command does it again."""


class Engine(Protocol):
    """Takes units and hands back one outcome for every run of them; a context, killed when left by an exception."""

    @property
    def free(self) -> bool:
        """Tell whether it takes another unit now."""

    @property
    def busy(self) -> bool:
        """Tell whether it owes outcomes of units that it took."""

    def start(self, unit: Unit) -> None:
        """Take a unit; only when free."""

    def outcomes(self, timeout_s: float) -> Sequence[Outcome]:
        """Return how runs ended since the last call, waiting a little when none has.

        An outcome is "lost" when the worker was, which may be the fault of another run. Raise
        EngineStoppedError when nothing more can be expected.
        """

    def ended_in_hand(self) -> int:
        """Return the number of runs that have ended and whose outcomes are still to come."""

    def __enter__(self) -> Self:
        """Make ready."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End by itself, or at once when there is an exception."""


class ThisProcess:
    """Make runs here, one after the other."""

    def __init__(self, bench: Bench, store: Store, limits: Limits) -> None:
        self._bench, self._store = bench, store
        self._alarm = Alarm(limits)
        self._going: Iterator[Outcome] | None = None

    @property
    def free(self) -> bool:
        """Tell whether no unit is under way."""
        return self._going is None

    @property
    def busy(self) -> bool:
        """Tell whether a unit is under way."""
        return self._going is not None

    def start(self, unit: Unit) -> None:
        """Take a unit; its runs are made as outcomes are asked for."""
        self._going = work(unit, self._bench, self._store, self._alarm)

    def outcomes(self, timeout_s: float) -> Sequence[Outcome]:
        """Make the next run of the unit, however long it takes."""
        outcome = next(self._going, None) if self._going is not None else None
        if outcome is None:
            self._going = None
            return []
        return [outcome]

    def ended_in_hand(self) -> int:
        """Return nothing: each outcome is handed over as it comes."""
        return 0

    def __enter__(self) -> Self:
        """Listen to the alarm."""
        self._alarm.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Listen to it no longer."""
        self._alarm.__exit__(kind, error, at)


def stored_outcomes(unit: Unit, store: Store) -> list[Outcome]:
    """Return the outcomes of those runs of a unit that are whole in the store, whoever put them there."""
    outcomes = []
    for run in unit.runs:
        with suppress(DamagedRunError):
            outcomes.append(Outcome(run.key, "done", store.manifest(run.key)["timing"]["wall_s"]))
    return outcomes


def failed_since(run: PlannedRun, store: Store, began: float) -> Outcome | None:
    """Return how a run failed if that was written down since a moment, by the clock of the disk; None otherwise."""
    try:
        if store.failure_path(run.key).stat().st_mtime <= began:
            return None
        failure = store.failure(run.key)
    except (OSError, ValueError):
        return None
    return Outcome(run.key, "failed", error=f"{failure['error']}: {failure['message']}") if failure else None


def stored_runs(units: Sequence[Unit], store: Store) -> int:
    """Return how many runs of some units are in the store."""
    return sum(store.path(run.key).exists() for unit in units for run in unit.runs)
