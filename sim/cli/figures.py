"""``sim figures``: draw the figures of a study again from its store, without running anything."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from sim.cli.failure import UsageError
from sim.cli.finished import Finished, finished
from sim.figures.sheet import PRESETS
from sim.report.figures import (
    CLOUD_FIGURE,
    FIGURES,
    SWEEP_FIGURE,
    Drawn,
    FigureData,
    draw_clouds,
    draw_convergence,
    draw_figures,
    draw_sweep,
    draw_years,
)
from sim.report.publish import compare
from sim.report.sweep import LINES, sweep_lines, swept
from sim.report.yearly import years_of
from sim.settings.plural import counted
from sim.specification.run import Study
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
    if study.axes and wanted:
        raise UsageError(
            f"{study.id} varies {counted(len(study.axes), 'parameter')} and has one figure; leave --only out"
        )
    collected = _collect(results)
    if not (collected.frame["regime"] == study.baseline).any():
        raise UsageError(f"nothing to draw: {folder} holds no finished run of the baseline {study.baseline}")
    target = folder / "figures" if preset == "wide" else folder / "figures" / preset
    drawn = _draw(study, collected, target, wanted, preset)
    keys = sorted(collected.manifests)
    paths = list(drawn.paths)
    if not wanted:
        years = years_of(study, results.runs, results.store)
        paths += draw_years(study, years, keys, target, preset) if years else []
        paths += draw_convergence(study, collected.frame, keys, target, preset)
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


def _draw(study: Study, collected: Collected, target: Path, wanted: Sequence[str], preset: str) -> Drawn:
    """Draw the figures of one comparison, or of what a study varies the lines along its first axis."""
    keys = sorted(collected.manifests)
    if not study.axes:
        rows = compare(study, collected.frame).rows
        return draw_figures(FigureData(study, collected.frame, rows, keys), target, wanted, preset)
    paths = draw_sweep(study, sweep_lines(study, swept(study, collected)), keys, target, preset)
    paths += draw_clouds(study, collected.frame, keys, target, preset)
    return Drawn(paths, [] if paths else [CLOUD_FIGURE if study.design.sampled else SWEEP_FIGURE])


def _wanted(only: str) -> Sequence[str]:
    wanted = [name.strip().upper() for name in only.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in FIGURES]
    if unknown:
        raise UsageError(f"--only wants some of {', '.join(FIGURES)}, got {', '.join(unknown)}")
    return [name for name in FIGURES if name in wanted]


def _collect(results: Finished) -> Collected:
    # Of a study with many points only what its figure shows is read back.
    collected = collect(results.runs, results.store, frozenset(LINES) if results.study.axes else None)
    for error in collected.damaged:
        print(f"{error}; left out", file=sys.stderr)
    return collected
