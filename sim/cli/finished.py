"""The results of a study that was run: its folder, the study as it was, and its runs by name."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.cli.failure import UsageError
from sim.cli.job import check_name
from sim.settings.problem import ConfigError
from sim.specification.load import load_study
from sim.specification.run import Study
from sim.study.plan import NamedRun
from sim.study.store import Store


@dataclass(frozen=True)
class Finished:
    """A results folder, the study that made it, and every run that it planned."""

    folder: Path
    study: Study
    runs: Sequence[NamedRun]

    @property
    def store(self) -> Store:
        """Return where the runs are kept."""
        return Store(self.folder / "store")


def finished(source: str) -> Finished:
    """Find the results of a folder or of a study; raise UsageError where there are none."""
    check_name(source)
    given = None if Path(source).is_dir() else load_study(source)
    folder = Path("results") / given.id if given else Path(source)
    if not (folder / "study.yaml").exists() or not (folder / "runs.csv").exists():
        command = f"sim run {source}" if given else f"sim run STUDY --out {source}"
        if any((folder / "store").glob("[0-9a-f][0-9a-f]/*.parquet")):
            raise UsageError(f"{folder} holds runs of a study that has not ended; go on with:  {command}")
        raise UsageError(f"no results in {folder}; make them with:  {command}")
    with (folder / "runs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    runs = [NamedRun(row["regime"], int(row["replicate"]), row["key"], int(row.get("point") or 1)) for row in rows]
    try:
        return Finished(folder, _as_it_ended(load_study(str(folder / "study.yaml")), runs), runs)
    except ConfigError:
        if given is None:
            raise
        return Finished(folder, _as_it_ended(given, runs), runs)  # its regimes are files of the user's own


def _as_it_ended(study: Study, runs: Sequence[NamedRun]) -> Study:
    """Return a study that ran in batches with the replicates that it came to."""
    if study.stopping is None:
        return study
    return replace(study, replicates=1 + max((run.replicate for run in runs), default=0))
