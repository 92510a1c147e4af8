"""A study from Python: what it takes, its runs, and what they say, as data frames."""

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.paired import paired_differences
from sim.governance.matrix import GROUPS
from sim.measures.outcomes import OUTCOMES
from sim.measures.rows import ALL, ALL_PATIENTS, ALL_SERVICES
from sim.report.batches import make_batches
from sim.report.publish import RUN_COLUMNS, point_columns, run_rows, write_record
from sim.settings.hints import did_you_mean
from sim.specification.load import load_study
from sim.specification.run import Study
from sim.study.bench import Bench
from sim.study.collect import Collected, collect
from sim.study.earlier import told_before
from sim.study.england import england_bench
from sim.study.execute import worker_count
from sim.study.index import read_index
from sim.study.make import Making, check_folder, estimate
from sim.study.plan import NamedRun, Plan, named_runs
from sim.study.progress import progress_for
from sim.study.store import Store

if TYPE_CHECKING:
    import pandas as pd

Names = str | Iterable[str] | None
Pair = tuple[str, str]
"""Measure and set of services."""
RUN_NAMES = ("regime", "replicate")
VALUES = ("measure", "service", "value", "numerator", "denominator", "unit")


@dataclass(frozen=True)
class Made:
    """How many runs of a study there are, failed and were not made, and why work stopped early ("" if it did not)."""

    done: int
    failed: int
    left: int
    stopped: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether every run is there."""
        return not self.failed and not self.left


@dataclass(frozen=True)
class Experiment:
    """A study and the folder of its results.

    What is asked of an experiment is read from its folder at that moment, so runs that another process or an earlier
    day made are found. Names that do not exist raise ValueError with what may have been meant, and so does a number of
    workers that is none.
    """

    study: Study
    folder: Path
    bench: Bench

    @staticmethod
    def of(study: str | Path, overrides: Sequence[str] = (), out: str | Path | None = None) -> "Experiment":
        """Return the experiment of a study, regime or scenario, by shipped name or by file.

        ``overrides`` are the texts that ``--set`` takes (``"replicates=4"``). Results go into ``out``, or where
        ``sim run`` puts them: results/ID. Raise ConfigError with everything that is wrong.
        """
        loaded = load_study(str(study), overrides)
        return Experiment(loaded, Path("results") / loaded.id if out is None else Path(out), england_bench())

    @property
    def store(self) -> Store:
        """Return where the runs are kept."""
        return Store(self.folder / "store")

    def price(self, workers: int | str = "auto") -> dict[str, Any]:
        """Return what ``sim run --dry-run --json`` says: among others ``runs``, ``new`` and ``seconds``.

        Nothing is run or written. Raise DataError when a table of England cannot be used.
        """
        making = self._making(workers)
        found = estimate(making, making.plan())
        return found | {"warnings": [*found["warnings"], *told_before(self.study, self.folder)]}

    def run(self, workers: int | str = "auto", quiet: bool = True) -> Made:
        """Make the runs that are missing and return how many there are; called again, go on or try again.

        With more than one worker each is a process that imports the calling script anew, which therefore has to
        call this below ``if __name__ == "__main__":``. Runs that fail do not raise: ``runs`` names them. Raise
        DataError when a table of England cannot be used, OSError when the folder cannot be written. Warn when the
        folder holds the tables and figures of another study, which are removed.
        """
        making = self._making(workers)
        self.bench.load_world(self.study.run_specs()[0])  # a bad table stops the study, not each of its runs
        check_folder(self.folder)
        for sentence in told_before(self.study, self.folder):
            warnings.warn(sentence, stacklevel=2)
        made, collected, plan, cut_short = make_batches(making, progress_for(quiet))
        rows = write_record(made.study, plan, collected, self.store)
        status = {row["key"]: row["status"] for row in rows}
        done, failed = (sum(found == word for found in status.values()) for word in ("done", "failed"))
        return Made(done, failed, len(status) - done - failed, cut_short.why if cut_short else "")

    def points(self) -> "pd.DataFrame":
        """Return one row a point: its number, and its value on every axis; one row where nothing is varied."""
        import pandas as pd

        return pd.DataFrame({"point": [point.number for point in self.study.points], **self._values()})

    def runs(self) -> "pd.DataFrame":
        """Return one row a run of the study, whether it was made or not.

        Columns: regime, replicate, point, one for each axis, key, status (done, failed, not made), digest of the
        results, seconds, error.
        """
        import pandas as pd

        entries = read_index(self.store)
        manifests = {
            key: {"result_digest": entry.digest, "timing": {"wall_s": entry.wall_s}}
            for key, entry in entries.items()
            if entry.current
        }
        plan = Plan(self._named, (), ())
        rows = list(run_rows(self.study, plan, Collected(pd.DataFrame(), manifests), self.store))
        rest = [name for name in RUN_COLUMNS if name not in RUN_NAMES]
        return pd.DataFrame(rows, columns=[*RUN_NAMES, "point", *self._axes, *rest])

    def outcomes(self, measures: Names = None, services: Names = None) -> "pd.DataFrame":
        """Return the national outcomes over all measured years of every finished run, one row for each.

        ``measures`` and ``services`` are names or lists of names, None for all; a service is one of the study's, a
        group of them, or ``all``, ``all_patients``, ``all_services``. Columns: regime, replicate, point, one for each
        axis, measure, service, value, numerator, denominator, unit.
        """
        frame = self._rows(measures, services)
        return frame[[*RUN_NAMES, "point", *self._axes, *VALUES]]

    def compare(
        self, measures: Names, services: Names, regime: str, baseline: str | None = None, confidence: float = 0.95
    ) -> "pd.DataFrame":
        """Return how a regime differs from the baseline at each point, replicate by replicate.

        One row for each point, measure and set of services, with the columns of ``sim.analysis.paired.Comparison``:
        among others ``difference`` (regime less baseline) with ``difference_low`` and ``difference_high``,
        ``verdict`` and ``pairs``, the number of replicates that both have. A point at which the baseline has no
        finished run is left out.
        """
        import pandas as pd

        against = self.study.baseline if baseline is None else baseline
        known = list(self.study.scenarios)
        for name in (regime, against):
            _check("regime", name, known)
        frame = self._rows(measures, services)
        frame = frame[frame["regime"].isin((regime, against))]
        compared = []
        for number, rows in frame.groupby("point"):
            if (rows["regime"] == against).any():
                found = paired_differences(rows, against, confidence)
                compared.append(found[found["regime"] == regime].assign(point=number))
        if not compared:
            raise ValueError(f"{self.folder} holds no finished run of {against}; make them with run()")
        return self._with_axes(pd.concat(compared, ignore_index=True), "point")

    @property
    def _named(self) -> tuple[NamedRun, ...]:
        """Return all runs of the study; of replicates that only its stopping rule may ask for, those that are there."""
        if self.study.stopping is None:
            return self._possible
        there = read_index(self.store)
        return tuple(run for run in self._possible if run.replicate < self.study.replicates or run.key in there)

    @cached_property
    def _possible(self) -> tuple[NamedRun, ...]:
        return tuple(named_runs(replace(self.study, replicates=self.study.most_replicates), self.bench))

    @property
    def _axes(self) -> list[str]:
        return point_columns(self.study)[1:]

    def _making(self, workers: int | str) -> Making:
        worker_count(str(workers), 1)  # so that a number that is none is refused even where nothing is to be made
        return Making(self.study, self.store, self.bench, str(workers), kept=())

    def _values(self) -> dict[str, list[Any]]:
        """Return the values of all points by axis; None where a point leaves a lever as each regime has it."""
        return {key: [dict(point.values).get(key) for point in self.study.points] for key in self._axes}

    def _rows(self, measures: Names, services: Names) -> "pd.DataFrame":
        """Return the national rows of these outcomes as they are stored, with the values of the axes beside them."""
        sets = [ALL, ALL_PATIENTS, ALL_SERVICES, *GROUPS, *self.study.services]
        chosen = _chosen("measure", measures, OUTCOMES), _chosen("service", services, sets)
        wanted = frozenset((measure, service) for measure in chosen[0] for service in chosen[1])
        return self._with_axes(collect(self._named, self.store, wanted).frame)

    def _with_axes(self, frame: "pd.DataFrame", *first: str) -> "pd.DataFrame":
        """Return the rows with a column for each axis; the columns named ``first`` come before them, the rest after."""
        numbers = [point.number for point in self.study.points]
        for key, values in self._values().items():
            frame[key] = frame["point"].map(dict(zip(numbers, values, strict=True)))
        front = [*first, *self._axes]
        return frame[[*front, *(name for name in frame.columns if name not in front)]]


def _chosen(kind: str, names: Names, known: Iterable[str]) -> list[str]:
    """Return the names that are asked for, all that are known for None; raise ValueError on another."""
    every = list(known)
    if names is None:
        return every
    asked = [names] if isinstance(names, str) else list(names)
    for name in asked:
        _check(kind, name, every)
    return asked


def _check(kind: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise ValueError(f"there is no {kind} `{name}`; {did_you_mean(name, known, listing='known are')}")
