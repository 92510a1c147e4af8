"""``sim analyse sensitivity``: which of the inputs that a study varies drive an outcome, or a difference of regimes."""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.sensitivity import Sensitivity, morris, sobol
from sim.analysis.sensitivity_emulated import sobol_of_emulator
from sim.analysis.space import FloatArray
from sim.cli.analyse_points import Points, refusals_of, say_written, without_nan, write_whole
from sim.cli.failure import UsageError
from sim.cli.stage import check_file_to_write
from sim.report.files import write_csv
from sim.report.sensitivity import SENSITIVITY_COLUMNS, Output, print_sensitivity, sensitivity_rows
from sim.report.table import report_console


@dataclass(frozen=True)
class Wanted:
    """What one call asks for."""

    source: str
    outcome: str
    services: str
    contrast: str
    regime: str
    emulator: bool
    out: str
    figure: str
    as_json: bool
    quiet: bool


def show_sensitivity(wanted: Wanted) -> int:
    """Print the indices of finished runs and return 0; raises UsageError on what is missing or does not exist."""
    check_file_to_write(wanted.out, ".csv")
    points = Points.of(wanted.source, wanted.quiet)
    points.design  # noqa: B018 - a study that varies nothing is refused before its runs are read
    output = _output(points, wanted)
    with refusals_of(points):
        found = _analysed(points, output, wanted.emulator)
    rows = sensitivity_rows(output, found)
    if wanted.out:
        write_whole(Path(wanted.out), lambda path: write_csv(rows, SENSITIVITY_COLUMNS, path))
    figures = _draw(points, output, found, wanted.figure)
    if wanted.as_json:
        print(json.dumps(without_nan(_as_json(output, found, figures)), ensure_ascii=False, indent=2))
    else:
        print_sensitivity(output, found, report_console(sys.stdout))
        say_written(wanted.out)
        for path in figures:
            if path.suffix in (".png", ".svg"):
                print(f"Figure      {path}")
    return 0


def _output(points: Points, wanted: Wanted) -> Output:
    """Return the output that is asked for; a difference from the baseline where no regime is named."""
    if wanted.contrast and wanted.regime:
        raise UsageError("--contrast and --regime exclude each other: one is of two regimes, the other of one")
    measure, service = points.pair(wanted.outcome, wanted.services)
    if wanted.regime:
        return Output(measure, service, points.regime(wanted.regime, "--regime"), "")
    if wanted.contrast:
        names = [name.strip() for name in wanted.contrast.split("-")]
        if len(names) != 2 or not all(names) or names[0] == names[1]:
            raise UsageError(f"--contrast wants two regimes, A-B for A less B, got {wanted.contrast!r}")
        return Output(measure, service, *(points.regime(name, "--contrast") for name in names))
    others = [name for name in points.options if name != points.study.baseline]
    if not others:
        return Output(measure, service, points.study.baseline, "")
    return Output(measure, service, others[0], points.study.baseline)


def _analysed(points: Points, output: Output, emulator: bool) -> Sensitivity:
    design, seed = points.design, points.study.seed
    if not emulator and design.method not in ("morris", "saltelli"):
        raise UsageError(
            f"{points.study.id} has a {design.method} design, which has no indices of its own; add --emulator, or give "
            "the study `design: {method: morris, trajectories: 20}` or `{method: saltelli, samples: 256}`"
        )
    values = _values(points, output)
    if emulator:
        return sobol_of_emulator(design.space, design.points, values, seed)
    if design.method == "morris":
        return morris(design.space, design.points, values, design.levels, seed)
    return sobol(design.space, design.points, values, seed)


def _values(points: Points, output: Output) -> FloatArray:
    """Return the output [P, R]: of one regime, or the difference of two in the same world with the same luck."""
    regimes = [output.regime, *([output.baseline] if output.baseline else [])]
    values: FloatArray = points.read(regimes, [(output.measure, output.service)])[0]
    return np.asarray(values[..., 0] - values[..., 1] if output.baseline else values[..., 0], dtype=np.float64)


def _draw(points: Points, output: Output, found: Sensitivity, folder: str) -> list[Path]:
    if not folder:
        return []
    from sim.report.figures import draw_tornado

    keys = sorted({run.key for run in points.results.runs if run.scenario in (output.regime, output.baseline)})
    return draw_tornado(points.study, output, found, keys, Path(folder))


def _as_json(output: Output, found: Sensitivity, figures: list[Path]) -> dict[str, Any]:
    return {
        "ok": True,
        "exit_code": 0,
        "output": asdict(output),
        "method": found.method,
        "n": found.n,
        "points": found.points,
        "variance": found.variance,
        "chance": asdict(found.chance),
        "emulator": None if found.emulated is None else asdict(found.emulated),
        "indices": [asdict(one) for one in found.indices],
        "figures": [str(path) for path in figures],
    }
