"""An export says everything that the runs say, describes itself, and is there whole or not at all."""

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest

from sim.report import export as exporting
from sim.report.crate import ACTION, FILE, PROFILE, SOFTWARE
from sim.report.export import ExportError, export
from sim.report.export_columns import exported
from sim.specification.axes import Axis
from sim.specification.load import load_study
from sim.specification.run import Study
from sim.study.execute import execute
from sim.study.plan import NamedRun, make_plan
from sim.study.progress import Silent
from sim.study.store import DamagedRunError, Store
from tests.study import fakes

PLAN, YEAR_END = "budget.plan_share_of_expected", "levers.year_end"
FILES = {"study.yaml", "data_dictionary.md", "LICENCE.txt", "README.txt", FILE}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, tuple[NamedRun, ...], Store]:
    """Make the runs of a study that varies a word and a number."""
    axes = (Axis(YEAR_END, "", ("carry", "bail_out")), Axis(PLAN, "", (1, 0.9)))
    study, store = replace(fakes.study(replicates=2), axes=axes), Store(tmp_path_factory.mktemp("made") / "store")
    plan = make_plan(study, fakes.bench(), store)
    execute(plan.missing, fakes.bench(), store, 1, Silent())
    return study, plan.runs, store


def exported_to(out: Path, made: tuple[Study, tuple[NamedRun, ...], Store], form: str = "parquet") -> Path:
    export(*made, out, form, Silent())
    return out


def read(folder: Path, name: str, form: str) -> pd.DataFrame:
    path = folder / f"{name}.{form}"
    return pd.read_csv(path) if form == "csv" else pd.read_parquet(path)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_every_row_of_every_run_is_there_with_all_that_names_it(tmp_path: Path, made: Any, form: str) -> None:
    folder = exported_to(tmp_path / "out", made, form)

    rows, runs, points = (read(folder, name, form) for name in ("results", "runs", "points"))
    study, named, store = made
    for run in named:
        found = rows[(rows.regime == run.scenario) & (rows.replicate == run.replicate) & (rows.point == run.point)]
        assert found["value"].tolist() == store.read(run.key).table["value"].tolist()
    assert len(rows) == 2 * len(named)
    assert runs["key"].tolist() == [run.key for run in named]
    assert runs["digest"].tolist() == [store.manifest(run.key)["result_digest"] for run in named]
    assert points.to_dict("records") == [{"point": point.number, **dict(point.values)} for point in study.points]


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_the_columns_are_those_of_the_dictionary(tmp_path: Path, made: Any, form: str) -> None:
    folder = exported_to(tmp_path / "out", made, form)

    for table in exported(form):
        names = [
            name for column in table.columns for name in ([YEAR_END, PLAN] if column.name == "KEY" else [column.name])
        ]
        assert list(read(folder, Path(table.file).stem, form).columns) == names
        assert f"### `{table.file}`" in (folder / "data_dictionary.md").read_text(encoding="utf-8")


def test_an_undefined_number_is_an_empty_cell(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")

    def tabulate(outcome: Any, world: Any) -> Any:
        return {**fakes.tabulate(outcome, world), "value": [float("nan"), 0.5]}

    bench = replace(fakes.bench(), tabulate=tabulate)
    plan = make_plan(fakes.study(replicates=1), bench, store)
    execute(plan.missing, bench, store, 1, Silent())

    export(fakes.study(replicates=1), plan.runs, store, tmp_path / "out", "csv", Silent())

    text = (tmp_path / "out" / "results.csv").read_text()
    assert "nan" not in text.lower().replace("nation", "")
    assert pd.read_csv(tmp_path / "out" / "results.csv")["value"].isna().tolist() == [True, False] * 2


def test_the_study_in_it_is_the_study_that_was_run(tmp_path: Path) -> None:
    study, store = load_study("regional_2013", ["replicates=1"]), Store(tmp_path / "store")
    plan = make_plan(study, fakes.bench(), store)
    execute(plan.missing, fakes.bench(), store, 1, Silent())

    export(study, plan.runs, store, tmp_path / "out", "parquet", Silent())

    assert load_study(str(tmp_path / "out" / "study.yaml")).run_specs() == study.run_specs()


def test_the_crate_describes_what_is_there_and_nothing_else(tmp_path: Path, made: Any) -> None:
    folder = exported_to(tmp_path / "out", made)

    graph = json.loads((folder / FILE).read_text(encoding="utf-8"))["@graph"]
    entities = {entity["@id"]: entity for entity in graph}
    files = {name: entity for name, entity in entities.items() if entity["@type"] == "File"}
    assert len(entities) == len(graph)
    assert {unquote(name) for name in files} == set(contents(folder)) - {FILE}
    for name, entity in files.items():
        content = (folder / unquote(name)).read_bytes()
        assert entity["contentSize"] == str(len(content))
        assert entity["sha256"] == hashlib.sha256(content).hexdigest()
    referred = set(ids(graph)) - set(entities)
    assert referred == {"https://w3id.org/ro/crate/1.1"}  # the specification itself
    root = entities["./"]
    assert entities[FILE]["about"] == {"@id": "./"}
    assert {"name", "description", "datePublished", "license"} <= set(root)
    assert root["conformsTo"] == {"@id": PROFILE}
    assert {part["@id"] for part in root["hasPart"]} == set(files)


def ids(value: Any) -> list[str]:
    """List every id that something refers to."""
    if isinstance(value, list):
        return [name for inside in value for name in ids(inside)]
    if not isinstance(value, dict):
        return []
    if set(value) == {"@id"}:
        return [value["@id"]]
    return [name for inside in value.values() for name in ids(inside)]


def test_the_crate_says_which_program_made_what_of_what_and_when(tmp_path: Path, made: Any) -> None:
    folder = exported_to(tmp_path / "out", made)

    entities = {e["@id"]: e for e in json.loads((folder / FILE).read_text(encoding="utf-8"))["@graph"]}
    action, ends = entities[ACTION], [made[2].manifest(run.key)["created_utc"] for run in made[1]]
    assert action["@type"] == "CreateAction"
    assert entities["./"]["mentions"] == {"@id": ACTION}
    assert action["instrument"] == {"@id": SOFTWARE}
    assert entities[SOFTWARE]["@type"] == "SoftwareApplication"
    assert entities[SOFTWARE]["softwareVersion"]
    assert {part["@id"] for part in action["result"]} == {"results.parquet", "runs.parquet", "points.parquet"}
    assert {"study.yaml", "compared/north.yaml"} <= {part["@id"] for part in action["object"]}
    assert action["startTime"] <= min(ends)
    assert action["endTime"] == max(ends)


def test_exported_again_it_is_the_same_and_replaces_the_earlier(tmp_path: Path, made: Any) -> None:
    before = contents(exported_to(tmp_path / "out", made))

    assert contents(exported_to(tmp_path / "out", made)) == before
    assert set(contents(exported_to(tmp_path / "out", made, "csv"))) >= FILES | {"results.csv"}
    assert not (tmp_path / "out" / "results.parquet").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_is_no_export_is_never_overwritten(tmp_path: Path, made: Any) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    with pytest.raises(ExportError, match="not empty and no earlier export"):
        exported_to(tmp_path / "notes", made)

    folder = exported_to(tmp_path / "out", made)
    (folder / "mine.txt").write_text("mine")
    before = contents(folder)
    with pytest.raises(ExportError, match=r"mine\.txt, which is no part of the earlier export"):
        exported_to(folder, made)
    assert contents(folder) == before


@pytest.mark.parametrize("broken", ["write_crate", "write_resolved"])
def test_an_export_that_fails_leaves_the_earlier_as_it_was(
    tmp_path: Path, made: Any, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(exported_to(tmp_path / "out", made))

    def full(*_: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(exporting, broken, full)
    with pytest.raises(OSError, match="no space"):
        exported_to(tmp_path / "out", made, "csv")

    assert contents(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_damaged_run_is_not_handed_on(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    plan = make_plan(fakes.study(), fakes.bench(), store)
    execute(plan.missing, fakes.bench(), store, 1, Silent())
    path = store.path(plan.runs[0].key)
    whole = path.read_bytes()
    path.write_bytes(whole[:40] + b"\x00" * 40 + whole[80:])

    with pytest.raises(DamagedRunError):
        export(fakes.study(), plan.runs, store, tmp_path / "out", "parquet", Silent())

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_what_the_readme_says_to_type_works(
    tmp_path: Path, made: Any, form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = exported_to(tmp_path / "out", made, form)
    lines = [line[4:] for line in (folder / "README.txt").read_text().splitlines() if line.startswith("    ")]
    monkeypatch.chdir(folder)

    exec("\n".join(lines).replace('"all_patients"', '"a"'), {})

    assert len(lines) == 6
    assert "access_from_diagnosis" in capsys.readouterr().out
    assert os.getcwd() == str(folder)
