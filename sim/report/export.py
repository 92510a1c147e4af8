"""A folder to hand to others: every row of a study, what it means, what was run, and where it is from."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.report.crate import FILE, Part, parts_of_export, write_crate
from sim.report.dictionary import dictionary_text
from sim.report.export_columns import exported
from sim.report.export_tables import CSV, write_points, write_results, write_runs
from sim.settings.plural import counted
from sim.specification.run import Study
from sim.study.plan import NamedRun
from sim.study.progress import Progress
from sim.study.resolved import FOLDER, write_resolved
from sim.study.store import Store

DICTIONARY = """\
What the tables of this folder hold. Text is UTF-8; CSV has commas and one header line, and an undefined number is an
empty cell (NaN in Parquet). Money is in pounds of one price year.
"""
LICENCE = """\
The results in this folder were simulated from these data, whose licences ask for this statement:

Source of geography: Office for National Statistics licensed under the Open Government Licence v.3.0. Contains OS data
© Crown copyright and database right. Indices of Deprivation 2019: MHCLG, Open Government Licence v3.0. Some columns use
packagings by mySociety (CC BY 4.0).

Open Government Licence v3.0: https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/
CC BY 4.0: https://creativecommons.org/licenses/by/4.0/
The simulator is under the MIT licence.
"""


class ExportError(Exception):
    """An export that would overwrite what is not an export, or for which there are no runs."""


def export(
    study: Study, runs: Sequence[NamedRun], store: Store, out: Path, form: str, progress: Progress
) -> list[Path]:
    """Write an export of finished runs into a folder, whole or not at all, and return its files.

    An earlier export in its place is replaced. Raise ExportError on a folder of anything else; DamagedRunError on a
    run that is not what its name promises.
    """
    check_place(out)
    if not runs:
        raise ExportError("there is no finished run to export")
    out.parent.mkdir(parents=True, exist_ok=True)
    building = out.parent / f".{out.name}.{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    try:
        parts = _fill(study, runs, store, building, form, progress)
        _put_in_place(building, out)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return [out / FILE, *(out / part.path for part in parts)]


def check_place(out: Path) -> None:
    """Raise ExportError when a folder holds anything but an earlier export."""
    if out.is_symlink() and not out.exists():
        raise ExportError(f"{out} is a link that leads nowhere; name a folder")
    if not out.exists():
        return
    if not out.is_dir():
        raise ExportError(f"{out} is a file; name a folder")
    there = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir())
    if not there:
        return
    listed = parts_of_export(out)
    if listed is None:
        raise ExportError(f"{out} is not empty and no earlier export; name another folder")
    strange = [path for path in there if path not in listed]
    if strange:
        raise ExportError(f"{out} holds {strange[0]}, which is no part of the earlier export; name another folder")


def _fill(
    study: Study, runs: Sequence[NamedRun], store: Store, folder: Path, form: str, progress: Progress
) -> list[Part]:
    progress.begin(len(runs))
    try:
        manifests = write_results(runs, store, folder / f"results.{form}", progress.advance_to)
    finally:
        progress.end()
    write_runs(runs, manifests, folder / f"runs.{form}")
    write_points(study, folder / f"points.{form}")
    write_resolved(study, folder / "study.yaml")
    tables = exported(form)
    (folder / "data_dictionary.md").write_text(dictionary_text(DICTIONARY, tables), encoding="utf-8")
    (folder / "LICENCE.txt").write_text(LICENCE, encoding="utf-8")
    (folder / "README.txt").write_text(_readme(study, len(runs), form), encoding="utf-8")
    parts = [*_tables(form), *_beside(folder)]
    write_crate(folder, study, parts, manifests)
    return parts


def _put_in_place(building: Path, out: Path) -> None:
    """Give a finished folder its name; what was there is removed only when the new one stands."""
    if not out.exists():
        os.replace(building, out)
        return
    old = building.with_name(f"{building.name}.old")
    os.replace(out, old)
    try:
        os.replace(building, out)
    except OSError:
        os.replace(old, out)
        raise
    shutil.rmtree(old)


def _tables(form: str) -> Iterator[Part]:
    for table in exported(form):
        yield Part(table.file, f"One row: {table.row}.", "result")


def _beside(folder: Path) -> Iterator[Part]:
    yield Part("study.yaml", "The study as it was run, every value written out: `sim run study.yaml`.", "object")
    for path in sorted((folder / FOLDER).iterdir()):
        yield Part(f"{FOLDER}/{path.name}", "A regime or scenario that the study compares.", "object")
    yield Part("data_dictionary.md", "Every column of the tables, and every measure.")
    yield Part("LICENCE.txt", "Licence and attribution of the data.")
    yield Part("README.txt", "How to read this folder.")


def _reading(form: str) -> str:
    """Return the lines that read the nation's rows only: all rows of a large study may not fit into memory."""
    if form == CSV:
        return """\
    import pandas as pd
    parts = pd.read_csv("results.csv", chunksize=1_000_000)
    wanted = 'geography == "nation" and period_start == "all" and service == "all_patients"'
    nation = pd.concat(part.query(wanted) for part in parts).merge(pd.read_csv("points.csv"), on="point")"""
    return """\
    import pandas as pd
    wanted = [("geography", "==", "nation"), ("period_start", "==", "all"), ("service", "==", "all_patients")]
    rows = pd.read_parquet("results.parquet", filters=wanted)
    nation = rows.merge(pd.read_parquet("points.parquet"), on="point")"""


def _readme(study: Study, finished: int, form: str) -> str:
    named = len(study.points) * len(study.compare) * study.replicates
    missing = "" if finished == named else f" {named - finished} of {named} runs are missing."
    return f"""\
Results of the study {study.id}. {study.title}

Simulated, not observed: {counted(finished, "run")}, {study.horizon.in_words}.{missing}
Differences are from {study.baseline}: regimes of one replicate and point meet the same people with the same luck.

In pandas:

{_reading(form)}
    means = nation.groupby(["measure", "regime"], observed=True)["value"].mean().unstack()
    print(means.round(4))

results.{form}       every row of every run
runs.{form}          every run: its key, digest, time and code
points.{form}        what was varied
data_dictionary.md   what the columns and measures mean
study.yaml           what was run: sim run study.yaml; the regimes are in the folder {FOLDER}
LICENCE.txt          licence and attribution of the data
{FILE}  the same for machines (RO-Crate)
"""
