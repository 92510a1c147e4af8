"""What the analyses of a study's points have in common: which output is asked for, and what is missing."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.analysis.space import CannotAnalyseError, FloatArray
from sim.analysis.study_outputs import MissingRunsError, Pair, Sampled, measured, outputs, sampled
from sim.cli.failure import UsageError
from sim.cli.finished import Finished, finished
from sim.measures.outcomes import OUTCOMES
from sim.report.lines import HEADLINES
from sim.settings.hints import did_you_mean
from sim.specification.run import Study
from sim.study.progress import READING, progress_for


@dataclass(frozen=True)
class Points:
    """A finished study whose points are analysed."""

    results: Finished
    quiet: bool

    @staticmethod
    def of(source: str, quiet: bool) -> "Points":
        """Find the results of a folder or of a study; raise UsageError where there are none."""
        return Points(finished(source), quiet)

    @property
    def study(self) -> Study:
        """Return the study as it was run."""
        return self.results.study

    @property
    def options(self) -> list[str]:
        """Return the regimes that can be chosen: all but benchmarks, the baseline first."""
        names = [one.id for one in self.study.compare if not one.benchmark or one.id == self.study.baseline]
        return sorted(names, key=lambda name: name != self.study.baseline)

    @cached_property
    def design(self) -> Sampled:
        """Return inputs and points."""
        with refusals_of(self):
            return sampled(self.study)

    @property
    def command(self) -> str:
        """Return the command that makes what is missing."""
        return f"sim run {self.results.folder / 'study.yaml'} --out {self.results.folder}"

    def regime(self, name: str, option: str) -> str:
        """Return a regime that the study compares; raise UsageError on another."""
        known = list(self.study.scenarios)
        if name not in known:
            hint = did_you_mean(name, known, listing="it compares")
            raise UsageError(f"{option}: {self.study.id} does not compare `{name}`; {hint}")
        return name

    def pair(self, measure: str, service: str) -> Pair:
        """Return the outcome that is asked for and its set of services, or the usual set where none is named."""
        found = measured(self.results.runs, self.results.store)
        if not found:
            raise UsageError(f"{self.results.folder} holds no finished run; make them with:  {self.command}")
        if measure not in found:
            known = [name for name in OUTCOMES if name in found]
            hint = did_you_mean(measure, known) or "`sim explain measures` lists what there is"
            raise UsageError(f"--outcome: no run has a measure called `{measure}`; {hint}")
        sets = found[measure]
        if service and service not in sets:
            hint = did_you_mean(service, sets, listing="it is measured for")
            raise UsageError(f"--services: {measure} is not measured for `{service}`; {hint}")
        usual = [one for name, one in HEADLINES if name == measure and one in sets]
        return measure, service or (usual or sets)[0]

    def read(self, regimes: Sequence[str], wanted: Sequence[Pair]) -> FloatArray:
        """Return outputs [outcomes, P, R, regimes]; raise UsageError where runs are missing."""
        results, progress = self.results, progress_for(self.quiet, work=READING)
        with refusals_of(self):
            return outputs(results.study, results.runs, results.store, regimes, wanted, progress)


@contextmanager
def refusals_of(points: Points) -> Iterator[None]:
    """Turn an analysis that cannot be made into what the user reads, with the command that fills holes."""
    try:
        yield
    except MissingRunsError as error:
        raise UsageError(f"{error}; make them with:  {points.command}") from None
    except CannotAnalyseError as error:
        raise UsageError(f"{points.study.id}: {error}") from None


def without_nan(value: Any) -> Any:
    """Return the same content with null where a number is undefined or infinite, which JSON cannot write."""
    if isinstance(value, dict):
        return {name: without_nan(inside) for name, inside in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(inside) for inside in value]
    return None if isinstance(value, float) and not abs(value) < float("inf") else value


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file under another name and give it its own when it is whole; raise UsageError when that cannot be."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(temporary)
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UsageError(f"cannot write {path}: {error.strerror}") from None


def say_written(out: str) -> None:
    """Name the table that was written, if one was."""
    if out:
        print(f"\nTable       {out}")
