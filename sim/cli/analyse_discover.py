"""``sim analyse discover``: at which values of the inputs is one regime worse than another?"""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sim.analysis.discovery import WAYS, Discovery, discover
from sim.analysis.discovery_contrast import contrast_of
from sim.analysis.discovery_held_out import HeldOut
from sim.cli.analyse_points import Points, refusals_of, say_written, without_nan, write_whole
from sim.cli.failure import UsageError
from sim.cli.stage import check_file_to_write
from sim.report.discovery import Question, answer, box_in_words, print_discovery, warnings
from sim.report.discovery_rows import DISCOVERY_COLUMNS, discovery_rows, sides_numbers
from sim.report.files import write_csv
from sim.report.sensitivity import Output
from sim.report.table import report_console
from sim.settings.hints import did_you_mean


@dataclass(frozen=True)
class Wanted:
    """What one call asks for."""

    source: str
    worse: str
    than: str
    outcome: str
    services: str
    by: str
    out: str
    as_json: bool
    quiet: bool


def show_discovery(wanted: Wanted) -> int:
    """Print the boxes and return 0; raises UsageError on what is missing, does not exist or tells nothing."""
    if wanted.by not in WAYS:
        raise UsageError(f"--by: no way called `{wanted.by}`; {did_you_mean(wanted.by, WAYS, listing='it is one of')}")
    check_file_to_write(wanted.out, ".csv")
    points = Points.of(wanted.source, wanted.quiet)
    design = points.design
    first, second = points.regime(wanted.worse, "--worse"), points.regime(wanted.than, "--than")
    if first == second:
        raise UsageError(f"--worse and --than name the same regime, {first}")
    measure, service = points.pair(wanted.outcome, wanted.services)
    question = Question(Output(measure, service, first, second))
    values = points.read([first, second], [(measure, service)])[0]
    with refusals_of(points):
        contrast = contrast_of(values[..., 0], values[..., 1], question.known)
        found = discover(design.space, design.points, contrast, points.study.seed, wanted.by)
    if wanted.out:
        rows = discovery_rows(found, question.known.unit)
        write_whole(Path(wanted.out), lambda path: write_csv(rows, DISCOVERY_COLUMNS, path))
    if wanted.as_json:
        print(json.dumps(without_nan(_as_json(question, found)), ensure_ascii=False, indent=2))
    else:
        print_discovery(question, found, report_console(sys.stdout))
        say_written(wanted.out)
    return 0


def _as_json(question: Question, found: Discovery) -> dict[str, Any]:
    return {
        "ok": True,
        "exit_code": 0,
        "question": question.in_words,
        "answer": answer(question, found),
        "warnings": list(warnings(found)),
        "output": asdict(question.output),
        "points": len(found.worse),
        "by": found.by,
        "worse": found.worse.tolist(),
        "labels": list(found.contrast.words),
        "mostly_undecided": found.mostly_undecided,
        "replicates_held_out": found.replicates_held_out,
        "findings": [
            {
                "method": finding.method,
                "words": box_in_words(found.space, finding.box),
                "inside": finding.counts.inside,
                "worse": finding.counts.interesting,
                "density": finding.counts.density,
                "coverage": finding.counts.coverage,
                "mass": finding.counts.mass,
                "quasi_p": {found.space.names[at]: p for at, p in finding.chances},
                "sides": sides_numbers(finding.sides),
                "held_out": _held_out(finding.held_out),
                "verdict": finding.verdict,
                "finding": finding.holds,
            }
            for finding in found.findings
        ],
        "limits": discovery_rows(found, question.known.unit),
        "paths": [
            [{"coverage": step.coverage, "density": step.density, "mass": step.mass} for _, step in path]
            for path in found.paths
        ],
    }


def _held_out(held: HeldOut) -> dict[str, Any]:
    return {
        "inside": held.inside,
        "worse": held.worse,
        "density": held.density,
        "low": held.low,
        "high": held.high,
        "shared": held.shared,
        "sides": sides_numbers(held.sides),
        "verdict": held.verdict,
    }
