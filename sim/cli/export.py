"""``sim export``: a folder with the results of a study to hand to others."""

import json
import sys
from pathlib import Path

from sim.cli.failure import ResultsError, UsageError
from sim.cli.job import folder_named
from sim.cli.results import results_of
from sim.report.export import ExportError, check_place, export
from sim.report.export_tables import FORMATS
from sim.settings.plural import counted
from sim.study import england
from sim.study.index import read_index
from sim.study.plan import NamedRun, named_runs
from sim.study.progress import READING, progress_for
from sim.study.provenance import BYTES_PER_MB
from sim.study.store import DamagedRunError


def export_results(source: str, *, out: str, form: str, as_json: bool, quiet: bool) -> int:
    """Write an export of all finished runs of a study and return 0.

    Raise UsageError where there is nothing to export or no place for it; ResultsError on a damaged run.
    """
    if form not in FORMATS:
        raise UsageError(f"--format wants one of {', '.join(FORMATS)}, got {form!r}")
    place, results = folder_named("--out", out), results_of(source)
    planned = list(named_runs(results.study, england.england_bench()))
    there = read_index(results.store)
    runs = [run for run in planned if run.key in there]
    missing = len(planned) - len(runs)
    try:
        check_place(place)
        files = export(results.study, runs, results.store, place, form, progress_for(quiet, work=READING))
    except ExportError as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror}") from None
    except DamagedRunError as error:
        raise ResultsError(f"{error}; `sim run` sets it aside and makes it again") from None
    return _say(runs, missing, place, files, as_json)


def _say(runs: list[NamedRun], missing: int, place: Path, files: list[Path], as_json: bool) -> int:
    size = sum(path.stat().st_size for path in files) / BYTES_PER_MB
    if missing:
        print(f"{counted(missing, 'run')} of the study not made; left out", file=sys.stderr)
    if as_json:
        content = {"ok": True, "exit_code": 0, "out": str(place), "runs": len(runs), "missing": missing}
        print(json.dumps(content | {"files": [str(path) for path in files], "mb": round(size, 3)}, indent=2))
    else:
        print(f"{counted(len(runs), 'run')} in {counted(len(files), 'file')}, {size:.1f} MB: {place / 'README.txt'}")
    return 0
