"""Which values of a few parameters are not ruled out by the published numbers for which England is run.

``python -m experiments.history_matching --out FOLDER`` runs waves of settings and writes, in the folder, each wave,
the settings that are left as CSV, and the same as ``vary:`` of a study with ``design: list``. Waves that are in the
folder already are read and not run again.
"""

import argparse
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from experiments.calibration_kinds import Target
from experiments.calibration_targets import TARGETS
from experiments.history_runs import England, remembered
from sim.analysis.history_matching import CUT_OFF, Aim, History, Input, lines_of, match
from sim.settings.hints import did_you_mean
from sim.settings.problem import ConfigError
from sim.specification.keys import declared_at
from sim.specification.load import load_study
from sim.study.execute import worker_count
from sim.study.progress import progress_for
from sim.study.provenance import code_hash
from sim.world.world import DATA_DIRECTORY, sources_hash

KEYS = (
    "budget.tolerated_share_of_plan",
    "handover.baseline_error_mean_share",
    "appraisal.national_error_log",
)
WAVES, POINTS, REPLICATES, SEED = 3, 40, 4, 20130401


def input_of(key: str) -> Input:
    """Return a parameter with its plausible range; raise ValueError for one that is none or declares no range."""
    declared = declared_at(key)
    if declared is None or declared.low is None or declared.high is None:
        raise ValueError(f"{key} is no parameter with a plausible range; `sim explain parameters` lists them")
    return Input(key, declared.low, declared.high)


def matched_targets() -> list[Target]:
    """Return the targets for which England is run and whose value has a range of what is allowed."""
    return [one for one in TARGETS if one.run and one.use != "beyond" and np.isfinite([one.low, one.high]).all()]


def targets_without(names: Sequence[str]) -> list[Target]:
    """Return the targets but for those named; raise ValueError for a name that is none, or where none is left."""
    targets = {one.id: one for one in matched_targets()}
    for name in names:
        if name not in targets:
            raise ValueError(f"--without: {name} is no target; {did_you_mean(name, targets, listing='targets')}")
    kept = [one for one in targets.values() if one.id not in names]
    if not kept:
        raise ValueError("--without: no target is left")
    return kept


def refuse_too_little(given: argparse.Namespace, inputs: int) -> None:
    """Raise ValueError for numbers with which nothing can be ruled out, before anything is run."""
    least = {"waves": 1, "points": 2 * inputs, "replicates": 2, "weight": 1}
    why = {"points": f" for {inputs} parameters", "replicates": ", as one tells nothing of chance"}
    for name, number in least.items():
        if getattr(given, name) < number:
            raise ValueError(f"--{name}: {number} or more{why.get(name, '')}, not {getattr(given, name)}")


def aim_of(target: Target) -> Aim:
    """Return what was observed as the middle of what is allowed, and its tolerance as a discrepancy.

    What is allowed follows from how good the published number is, so it stands for observation and model together;
    its half is as many standard deviations as the cut-off, so that without chance or emulator a setting is ruled
    out exactly where its value is not allowed.
    """
    return Aim(target.id, (target.low + target.high) / 2, 0.0, (target.high - target.low) / 2 / CUT_OFF)


def write_left(history: History, folder: Path, study: str) -> list[Path]:
    """Write the settings that are left as CSV, and as a study that varies them.

    Where none is left nothing is, not even what an earlier call had found.
    """
    table, varied = folder / "left.csv", folder / "left.yaml"
    if not len(history.left):
        for path in (table, varied):
            path.unlink(missing_ok=True)
        return []
    folder.mkdir(parents=True, exist_ok=True)
    keys = [one.key for one in history.inputs]
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


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    command = argparse.ArgumentParser(
        prog="python -m experiments.history_matching", description="Rule out settings by published numbers."
    )
    command.add_argument("--out", required=True, metavar="FOLDER", help="where waves and results are written")
    command.add_argument("--keys", default=",".join(KEYS), help="parameters, with commas")
    command.add_argument("--waves", type=int, default=WAVES)
    command.add_argument("--points", type=int, default=POINTS, help="settings a wave")
    command.add_argument("--replicates", type=int, default=REPLICATES)
    command.add_argument("--weight", type=int, default=1, help="people a row stands for")
    command.add_argument("--without", default="", help="targets to leave out, with commas")
    command.add_argument("--study", default="three_regimes", help="the study that left.yaml extends")
    command.add_argument("--workers", default="auto", help="processes; by default as many as there are processors")
    return command


def main() -> None:
    """Run the waves, print what each leaves, and write what is left."""
    command = parser()
    given = command.parse_args()
    try:
        inputs = [input_of(key.strip()) for key in given.keys.split(",")]
        targets = targets_without([name.strip() for name in given.without.split(",") if name.strip()])
        refuse_too_little(given, len(inputs))
        workers = worker_count(given.workers, given.points * given.replicates)
        load_study(given.study)
        folder = Path(given.out)
        folder.mkdir(parents=True, exist_ok=True)
    except (ValueError, OSError, ConfigError) as error:
        command.error(str(error))
    england = England(
        inputs, [one.id for one in targets], given.replicates, given.weight, workers, progress_for(quiet=False)
    )
    names = [*(one.key for one in inputs), *england.targets, str(given.replicates), str(given.weight)]
    names += [code_hash(), sources_hash(DATA_DIRECTORY)]  # a wave of another model or of other data is run again
    simulate = remembered(england, folder, names)
    try:
        history = match(simulate, inputs, [aim_of(one) for one in targets], given.waves, given.points, SEED)
    except KeyboardInterrupt:
        command.exit(130, f"interrupted; the waves that ended are in {folder}, and the same command goes on\n")
    for line in [*lines_of(history), *values_of(history, targets)]:
        print(line)
    for path in write_left(history, folder, given.study):
        print(f"Written     {path}")


if __name__ == "__main__":
    main()
