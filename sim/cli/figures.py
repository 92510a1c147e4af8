"""``sim figures``: draw the figures of a study again from its store, without running anything."""

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from sim.cli.failure import UsageError
from sim.figures.sheet import PRESETS
from sim.report.figures import FIGURES, FigureData, draw_figures
from sim.report.publish import compare
from sim.settings.problem import ConfigError
from sim.specification.load import load_study
from sim.specification.run import Study
from sim.study.collect import Collected, collect
from sim.study.plan import NamedRun
from sim.study.store import Store


def redraw(source: str, *, only: str, preset: str, as_json: bool) -> int:
    """Draw figures of a results folder, or of the folder of a study, and return the exit code 0.

    Slides go into a folder of their own beside the figures of a page. Raise UsageError when there are no
    results, no run of the baseline, or no such figure or preset; ConfigError when the study cannot be read.
    """
    wanted = _wanted(only)
    if preset not in PRESETS:
        raise UsageError(f"--preset wants one of {', '.join(PRESETS)}, got {preset!r}")
    folder, study = _results(source)
    collected = _collect(folder)
    if not (collected.frame["regime"] == study.baseline).any():
        raise UsageError(f"nothing to draw: {folder} holds no finished run of the baseline {study.baseline}")
    rows = compare(study, collected.frame).rows
    target = folder / "figures" if preset == "wide" else folder / "figures" / preset
    drawn = draw_figures(FigureData(study, collected.frame, rows, sorted(collected.manifests)), target, wanted, preset)
    if as_json:
        figures = [str(path) for path in drawn.paths]
        print(json.dumps({"ok": True, "exit_code": 0, "figures": figures, "empty": list(drawn.empty)}, indent=2))
        return 0
    for path in drawn.paths:
        if path.suffix in (".png", ".svg", ".pdf"):
            print(f"Figure      {path}")
    for name in drawn.empty:
        print(f"{name:<12}nothing to draw")
    return 0


def _wanted(only: str) -> Sequence[str]:
    wanted = [name.strip().upper() for name in only.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in FIGURES]
    if unknown:
        raise UsageError(f"--only wants some of {', '.join(FIGURES)}, got {', '.join(unknown)}")
    return [name for name in FIGURES if name in wanted]


def _results(source: str) -> tuple[Path, Study]:
    """Find the results folder and the study as it was run."""
    given = None if Path(source).is_dir() else load_study(source)
    folder = Path("results") / given.id if given else Path(source)
    if not (folder / "study.yaml").exists() or not (folder / "runs.csv").exists():
        raise UsageError(f"no results in {folder}; make them with:  sim run {source if given else 'STUDY'}")
    try:
        return folder, load_study(str(folder / "study.yaml"))
    except ConfigError:
        if given is None:
            raise
        return folder, given  # its regimes are files of the user's own, known only to the study itself


def _collect(folder: Path) -> Collected:
    with (folder / "runs.csv").open(encoding="utf-8", newline="") as file:
        runs = [NamedRun(row["regime"], int(row["replicate"]), row["key"]) for row in csv.DictReader(file)]
    collected = collect(runs, Store(folder / "store"))
    for error in collected.damaged:
        print(f"{error}; left out", file=sys.stderr)
    return collected
