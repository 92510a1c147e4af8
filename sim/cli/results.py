"""The results folder that a command is about: given by itself, or by the study that fills it."""

import csv
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.cli.failure import UsageError
from sim.cli.job import check_name, results_folder
from sim.specification.load import load_study
from sim.specification.run import Study
from sim.study.store import Store

KEY_DIGITS = 12
"""So many digits of a key are printed in commands; no two runs of a store are likely to share them."""


@dataclass(frozen=True)
class Results:
    """A results folder and the study that it is looked at with; ``words`` begin the command that runs the study."""

    folder: Path
    study: Study
    words: tuple[str, ...]

    @property
    def store(self) -> Store:
        """Return where the runs are kept."""
        return Store(self.folder / "store")

    def command_for(self, key: str) -> str:
        """Return the command that runs one run again."""
        return shlex.join([*self.words, "--key", key[:KEY_DIGITS]])


def results_of(source: str, out: str | None = None, overrides: Sequence[str] = ()) -> Results:
    """Find the results of a study as its file is now, or of a folder as its study was last run.

    Raise UsageError on a folder without a study or without runs; ConfigError on a study that cannot be read.
    """
    if Path(source).is_dir():
        return _of_folder(Path(source), out, overrides)
    study = load_study(source, overrides)
    folder = results_folder(out, study)
    if not (folder / "store").is_dir():
        raise UsageError(f"no runs in {folder}; make them with:  {shlex.join(['sim', 'run', source])}")
    return Results(folder, _as_it_ended(study, folder), tuple(_words(source, out, overrides)))


def _of_folder(folder: Path, out: str | None, overrides: Sequence[str]) -> Results:
    if out is not None or overrides:
        raise UsageError(f"{folder} is a results folder, whose study is known; --out and --set go with the name of one")
    check_name(str(folder))
    file = folder / "study.yaml"
    if not file.exists():
        known = (
            f"{folder} holds runs of a study that has not ended yet; name the study:  sim status STUDY --out {folder}"
        )
        raise UsageError(known if (folder / "store").is_dir() else f"no results in {folder}; it holds no study.yaml")
    study = load_study(str(file))
    usual = folder.resolve() == (Path("results") / study.id).resolve()
    words = tuple(_words(str(file), None if usual else str(folder), ()))
    return Results(folder, _as_it_ended(study, folder), words)


def _as_it_ended(study: Study, folder: Path) -> Study:
    """Return a study that ran in batches with the replicates that it came to, as far as the list of runs tells."""
    file = folder / "runs.csv"
    if study.stopping is None or not file.exists():
        return study
    with file.open(encoding="utf-8", newline="") as lines:
        count = 1 + max((int(row["replicate"]) for row in csv.DictReader(lines)), default=0)
    return replace(study, replicates=min(max(count, study.replicates), study.most_replicates))


def _words(study: str, out: str | None, overrides: Sequence[str]) -> list[str]:
    sets = [word for override in overrides for word in ("--set", override)]
    return ["sim", "run", study, *sets, *(["--out", out] if out is not None else [])]
