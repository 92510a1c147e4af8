"""``sim analyse value``: what it would be worth to know the uncertain inputs before a regime is chosen."""

import json
import math
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sim.analysis.economics import COST, EFFECT, THRESHOLDS
from sim.analysis.value_of_information import Choice, value_of_information
from sim.cli.analyse_points import Points, refusals_of, say_written, without_nan, write_whole
from sim.cli.failure import UsageError
from sim.cli.stage import check_file_to_write
from sim.measures.rows import ALL
from sim.report.files import write_csv
from sim.report.table import report_console
from sim.report.value_of_information import VALUE_COLUMNS, print_value, value_rows
from sim.report.wrap import print_hanging
from sim.specification.axes import LEVERS

DRAWN = ("lhs", "sobol", "grid", "list")
"""Designs whose points stand for the uncertainty, each as likely as the others; of a list its writer says so."""


@dataclass(frozen=True)
class Wanted:
    """What one call asks for; ``worth`` is pounds a QALY, 0 for the usual three."""

    source: str
    worth: float
    out: str
    as_json: bool
    quiet: bool


def show_value(wanted: Wanted) -> int:
    """Print what knowing would be worth and return 0; raises UsageError on what is missing or cannot be asked."""
    if not (math.isfinite(wanted.worth) and wanted.worth >= 0.0):
        raise UsageError(f"--worth wants pounds a QALY above 0, got {wanted.worth:g}")
    check_file_to_write(wanted.out, ".csv")
    points = Points.of(wanted.source, wanted.quiet)
    _check_design(points)
    found = _choices(points, (wanted.worth,) if wanted.worth else THRESHOLDS)
    if wanted.out:
        write_whole(Path(wanted.out), lambda path: write_csv(value_rows(found), VALUE_COLUMNS, path))
    if wanted.as_json:
        content = {"ok": True, "exit_code": 0, "study": points.study.id, "choices": [asdict(one) for one in found]}
        print(json.dumps(without_nan(content), ensure_ascii=False, indent=2))
    else:
        console = report_console(sys.stdout)
        print_value(found, console)
        if points.design.method == "list":
            print_hanging(["The points are those of a list; each counts as likely as another."], console)
        say_written(wanted.out)
    return 0


def _check_design(points: Points) -> None:
    study, method = points.study, points.design.method
    levers = [axis.key for axis in study.axes if axis.group == LEVERS]
    if levers:
        raise UsageError(
            f"{study.id} varies {', '.join(levers)}; levers are chosen, not found out, so they have no value"
        )
    if method not in DRAWN:
        raise UsageError(
            f"{study.id} has a {method} design, whose points do not stand for the uncertainty; "
            "draw them with `design: {method: lhs, samples: 200}`"
        )
    if len(points.options) < 2:
        raise UsageError(f"{study.id} compares one regime; there is nothing to choose between")


def _choices(points: Points, worths: Sequence[float]) -> list[Choice]:
    wanted = [points.pair(measure, ALL) for measure in (COST, EFFECT)]
    cost, effect = points.read(points.options, wanted)
    with refusals_of(points):
        return [
            value_of_information(
                points.design.space,
                points.design.points,
                effect * worth - cost,
                points.options,
                worth,
                points.study.seed,
            )
            for worth in worths
        ]
