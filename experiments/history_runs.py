"""The model at many settings of a few parameters, on several processors, and each wave of settings kept in a folder."""

import multiprocessing
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from experiments.calibration_runs import VARIANTS, measured_of, specifications
from sim.analysis.history_matching import FloatArray, Input, Simulator
from sim.model.run import simulate_unit
from sim.specification.parameters import ParameterSet
from sim.specification.run import RunSpec
from sim.study.pool import one_thread_each, prepare
from sim.study.progress import Progress

SHARE = 10
"""Settings that a process takes at a time: enough that drawing the people once is shared, few enough to tell time."""


@dataclass(frozen=True)
class England:
    """The model at settings of some parameters: ten regional groups until 2013, then one nation.

    ``targets`` are the names of what is measured. ``weight`` is how many people a row stands for; every setting meets
    the same people with the same luck.
    """

    inputs: Sequence[Input]
    targets: Sequence[str]
    replicates: int
    weight: int
    processes: int
    progress: Progress

    def __call__(self, settings: FloatArray) -> FloatArray:
        """Return the value of every target [setting, replicate, target]."""
        values = np.full((len(settings), self.replicates, len(self.targets)), np.nan)
        shares = [
            (replicate, range(first, min(first + SHARE, len(settings))))
            for replicate in range(self.replicates)
            for first in range(0, len(settings), SHARE)
        ]
        context = multiprocessing.get_context("spawn")
        self.progress.begin(len(settings) * self.replicates)
        try:
            with one_thread_each(), ProcessPoolExecutor(self.processes, context, prepare) as pool:
                given = {pool.submit(measured, self._specs(settings, *share)): share for share in shares}
                try:
                    self._gather(given, values)
                except BaseException:
                    pool.shutdown(cancel_futures=True)
                    raise
        finally:
            self.progress.end()
        return values

    def _gather(self, given: Mapping[Future[list[dict[str, float]]], tuple[int, range]], values: FloatArray) -> None:
        """Put what each share measured where it belongs, as the shares end."""
        done = 0
        for future in as_completed(given):
            replicate, numbers = given[future]
            for number, found in zip(numbers, future.result(), strict=True):
                values[number, replicate] = [found[target] for target in self.targets]
            done += len(numbers)
            self.progress.advance_to(done)

    def _specs(self, settings: FloatArray, replicate: int, numbers: range) -> list[RunSpec]:
        [spec] = specifications(replicate, VARIANTS[:1])
        weights = tuple((service, self.weight) for service in spec.services) if self.weight > 1 else spec.weights
        return [
            replace(
                spec,
                scenario_id=str(number),
                weights=weights,
                parameters=at(spec.parameters, self.inputs, settings[number].tolist()),
            )
            for number in numbers
        ]


def measured(specs: Sequence[RunSpec]) -> list[dict[str, float]]:
    """Return what each run of one replicate gives for the targets."""
    return [measured_of(result) for _, result in simulate_unit(specs)]


def at(parameters: ParameterSet, inputs: Sequence[Input], setting: Sequence[float]) -> ParameterSet:
    """Return parameters at a setting; raise ValidationError where they do not fit one another."""
    changed: dict[str, dict[str, float]] = {}
    for one, value in zip(inputs, setting, strict=True):
        group, name = one.key.split(".")
        changed.setdefault(group, {})[name] = value
    groups = {name: getattr(parameters, name) for name in changed}
    return parameters.model_copy(
        update={
            name: type(group).model_validate({**group.model_dump(), **changed[name]}) for name, group in groups.items()
        }
    )


def remembered(simulate: Simulator, folder: Path, names: Sequence[str]) -> Simulator:
    """Return a simulator that keeps each wave in the folder, and reads it where the same settings were run before."""
    numbers = iter(range(1, 1000))

    def simulate_or_read(settings: FloatArray) -> FloatArray:
        path = folder / f"wave_{next(numbers)}.npz"
        # A file that cannot be read is run again.
        with (
            suppress(OSError, ValueError, KeyError, EOFError, BadZipFile),
            path.open("rb") as file,
            np.load(file) as kept,
        ):
            if list(kept["names"]) == list(names) and np.array_equal(kept["settings"], settings):
                return np.asarray(kept["values"], dtype=np.float64)
        values = simulate(settings)
        folder.mkdir(parents=True, exist_ok=True)
        whole = path.with_name(f".{path.name}")
        np.savez(whole.with_suffix(".part.npz"), names=np.array(names), settings=settings, values=values)
        os.replace(whole.with_suffix(".part.npz"), path)
        return values

    return simulate_or_read
