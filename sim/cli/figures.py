"""``sim figures``: draw the figures of a study again from its store, without running anything."""

import json
import sys
from collections.abc import Sequence

from sim.cli.failure import UsageError
from sim.cli.finished import Finished, finished
from sim.figures.sheet import PRESETS
from sim.report.figures import FIGURES, FigureData, draw_convergence, draw_figures
from sim.report.publish import compare
from sim.study.collect import Collected, collect


def redraw(source: str, *, only: str, preset: str, as_json: bool) -> int:
    """Draw figures of a results folder, or of the folder of a study, and return the exit code 0.

    Slides go into a folder of their own beside the figures of a page. Raise UsageError when there are no
    results, no run of the baseline, or no such figure or preset; ConfigError when the study cannot be read.
    """
    wanted = _wanted(only)
    if preset not in PRESETS:
        raise UsageError(f"--preset wants one of {', '.join(PRESETS)}, got {preset!r}")
    results = finished(source)
    folder, study = results.folder, results.study
    collected = _collect(results)
    if not (collected.frame["regime"] == study.baseline).any():
        raise UsageError(f"nothing to draw: {folder} holds no finished run of the baseline {study.baseline}")
    rows = compare(study, collected.frame).rows
    target = folder / "figures" if preset == "wide" else folder / "figures" / preset
    keys = sorted(collected.manifests)
    drawn = draw_figures(FigureData(study, collected.frame, rows, keys), target, wanted, preset)
    paths = [*drawn.paths, *(() if wanted else draw_convergence(study, collected.frame, keys, target, preset))]
    if as_json:
        figures = [str(path) for path in paths]
        print(json.dumps({"ok": True, "exit_code": 0, "figures": figures, "empty": list(drawn.empty)}, indent=2))
        return 0
    for path in paths:
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


def _collect(results: Finished) -> Collected:
    collected = collect(results.runs, results.store)
    for error in collected.damaged:
        print(f"{error}; left out", file=sys.stderr)
    return collected
