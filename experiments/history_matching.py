"""Which values of a few parameters are not ruled out by the published numbers for which England is run.

``python -m experiments.history_matching --out FOLDER`` runs waves of settings and writes, in the folder, each wave as
CSV, the settings that are left as CSV, and the same as ``vary:`` of a study with ``design: list``. It takes hours with
everyone simulated singly; ``--weight 30`` lets a row stand for thirty people. Waves that are in the folder already
are read and not run again.
"""

import argparse
import csv
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from experiments.calibration_kinds import Target
from experiments.calibration_runs import VARIANTS, measured_of, specifications
from experiments.calibration_targets import TARGETS
from sim.analysis.history_matching import CUT_OFF, Aim, FloatArray, History, Input, Simulator, lines_of, match
from sim.model.run import simulate_unit
from sim.specification.keys import declared_at
from sim.specification.parameters import ParameterSet
from sim.specification.run import RunSpec
from sim.study.progress import Progress, progress_for
from sim.study.provenance import code_hash
from sim.world.world import DATA_DIRECTORY, sources_hash

KEYS = (
    "budget.tolerated_share_of_plan",
    "handover.baseline_error_mean_share",
    "appraisal.national_error_log",
)
WAVES, POINTS, REPLICATES, SEED = 3, 40, 4, 20130401


@dataclass(frozen=True)
class England:
    """The model at settings of some parameters: ten regional groups until 2013, then one nation.

    ``weight`` is how many people a row stands for; every setting meets the same people with the same luck.
    """

    inputs: Sequence[Input]
    targets: Sequence[Target]
    replicates: int
    weight: int
    progress: Progress

    def __call__(self, settings: FloatArray) -> FloatArray:
        """Return the value of every target [setting, replicate, target]; a worker holds one replicate at a time."""
        values = np.full((len(settings), self.replicates, len(self.targets)), np.nan)
        self.progress.begin(len(settings) * self.replicates)
        try:
            for replicate in range(self.replicates):
                specs = self._specs(settings, replicate)
                for done, (spec, result) in enumerate(simulate_unit(specs), start=1):
                    found = measured_of(result)
                    values[int(spec.scenario_id), replicate] = [found[target.id] for target in self.targets]
                    self.progress.advance_to(replicate * len(settings) + done)
        finally:
            self.progress.end()
        return values

    def _specs(self, settings: FloatArray, replicate: int) -> list[RunSpec]:
        [spec] = specifications(replicate, VARIANTS[:1])
        weights = tuple((service, self.weight) for service in spec.services) if self.weight > 1 else spec.weights
        return [
            replace(
                spec, scenario_id=str(number), weights=weights, parameters=at(spec.parameters, self.inputs, setting)
            )
            for number, setting in enumerate(settings.tolist())
        ]


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


def input_of(key: str) -> Input:
    """Return a parameter with its plausible range; raise SystemExit for one that is none or declares no range."""
    declared = declared_at(key)
    if declared is None or declared.low is None or declared.high is None:
        raise SystemExit(f"{key} is no parameter with a plausible range; `sim explain parameters` lists them")
    return Input(key, declared.low, declared.high)


def matched_targets() -> list[Target]:
    """Return the targets for which England is run and whose value has a range of what is allowed."""
    return [one for one in TARGETS if one.run and one.use != "beyond" and np.isfinite([one.low, one.high]).all()]


def aim_of(target: Target) -> Aim:
    """Return what was observed as the middle of what is allowed, and its tolerance as a discrepancy.

    What is allowed follows from how good the published number is, so it stands for observation and model together;
    its half is as many standard deviations as the cut-off, so that without chance or emulator a setting is ruled
    out exactly where its value is not allowed.
    """
    return Aim(target.id, (target.low + target.high) / 2, 0.0, (target.high - target.low) / 2 / CUT_OFF)


def remembered(simulate: Simulator, folder: Path, names: Sequence[str]) -> Simulator:
    """Return a simulator that keeps each wave in the folder, and reads it where the same settings were run before."""
    numbers = iter(range(1, 1000))

    def simulate_or_read(settings: FloatArray) -> FloatArray:
        path = folder / f"wave_{next(numbers)}.npz"
        if path.exists():
            with np.load(path) as kept:
                if list(kept["names"]) == list(names) and np.array_equal(kept["settings"], settings):
                    return np.asarray(kept["values"], dtype=np.float64)
        values = simulate(settings)
        folder.mkdir(parents=True, exist_ok=True)
        whole = path.with_name(f".{path.name}")
        np.savez(whole.with_suffix(".part.npz"), names=np.array(names), settings=settings, values=values)
        os.replace(whole.with_suffix(".part.npz"), path)
        return values

    return simulate_or_read


def write_left(history: History, folder: Path, study: str) -> list[Path]:
    """Write the settings that are left as CSV, and as a study that varies them; nothing where none is left."""
    if not len(history.left):
        return []
    folder.mkdir(parents=True, exist_ok=True)
    keys = [one.key for one in history.inputs]
    table, varied = folder / "left.csv", folder / "left.yaml"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([keys, *history.left.tolist()])
    points = "".join(
        f"  - {{{', '.join(f'{k}: {v!r}' for k, v in zip(keys, point, strict=True))}}}\n"
        for point in history.left.tolist()
    )
    varied.write_text(
        "# Settings that history matching did not rule out, each a point of the study.\n"
        f"schema: sim/study/1\nid: left\nextends: {study}\ndesign: list\nvary:\n{points}",
        encoding="utf-8",
    )
    return [table, varied]


def values_of(history: History, targets: Sequence[Target]) -> Iterator[str]:
    """Yield for each target what the settings of the last wave gave, and what is allowed."""
    if not history.waves:
        return
    for place, target in enumerate(targets):
        means = history.waves[-1].values[:, :, place].mean(axis=1)
        inside = int(((means >= target.low) & (means <= target.high)).sum())
        low, high = (f"{value:,.{target.decimals}f}" for value in (means.min(), means.max()))
        yield (
            f"  {target.id}: {low} to {high} {target.unit} over the settings of the last wave; allowed "
            f"{target.allowed}, which {inside} of {len(means)} give"
        )


def main() -> None:
    """Run the waves, print what each leaves, and write what is left."""
    command = argparse.ArgumentParser(description="Rule out settings by published numbers.")
    command.add_argument("--out", required=True, metavar="FOLDER", help="where waves and results are written")
    command.add_argument("--keys", default=",".join(KEYS), help="parameters, with commas")
    command.add_argument("--waves", type=int, default=WAVES)
    command.add_argument("--points", type=int, default=POINTS, help="settings a wave")
    command.add_argument("--replicates", type=int, default=REPLICATES)
    command.add_argument("--weight", type=int, default=1, help="people a row stands for")
    command.add_argument("--without", default="", help="targets to leave out, with commas")
    command.add_argument("--study", default="three_regimes", help="the study that left.yaml extends")
    given = command.parse_args()
    if given.replicates < 2:
        command.error("--replicates: one replicate tells nothing of chance; take two or more")
    inputs = [input_of(key.strip()) for key in given.keys.split(",")]
    left_out = {name.strip() for name in given.without.split(",")}
    targets = [target for target in matched_targets() if target.id not in left_out]
    folder = Path(given.out)
    england = England(inputs, targets, given.replicates, given.weight, progress_for(quiet=False))
    names = [*given.keys.split(","), *(target.id for target in targets), str(given.replicates), str(given.weight)]
    names += [code_hash(), sources_hash(DATA_DIRECTORY)]  # a wave of another model or of other data is run again
    simulate = remembered(england, folder, names)
    history = match(simulate, inputs, [aim_of(one) for one in targets], given.waves, given.points, SEED)
    for line in [*lines_of(history), *values_of(history, targets)]:
        print(line)
    for path in write_left(history, folder, given.study):
        print(f"Written     {path}")


if __name__ == "__main__":
    main()
