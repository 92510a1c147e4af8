"""The data dictionary says what the tables hold: every column and every measure is there, and none has drifted."""

import csv
from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sim.analysis.bottlenecks import COLUMNS as BOTTLENECK_COLUMNS
from sim.analysis.gains import Gain
from sim.analysis.lottery import LotteryRow
from sim.analysis.money import MoneyRow
from sim.analysis.paired import Comparison
from sim.cli.analyse_decompose import RUN_COLUMNS
from sim.cli.failure import USAGE
from sim.cli.run import run_study
from sim.measures.fractions import fraction_of, unsaid
from sim.measures.headline import run_table
from sim.measures.outcomes import OUTCOMES
from sim.measures.rows import AREA_LEVEL
from sim.report.analysis_columns import BOTTLENECKS, SHARE_RUNS, SHARES
from sim.report.columns import COMPARISON, GAINS, LOTTERY, MONEY, RUN_FILE, SWEEP, SWEEP_LINES, TIDY, DataTable
from sim.report.dictionary import TABLES, dictionary_text
from sim.report.sweep import LINE_COLUMNS, RESULT_COLUMNS
from sim.report.why import SHARE_COLUMNS
from sim.study import england
from sim.study.bench import Bench
from sim.study.table import STORED_COLUMNS
from sim.study.tidy import TIDY_COLUMNS
from tests.cli.command import sim
from tests.measures import synthetic
from tests.study import fakes, tables

RENEW = "run  python -m sim.cli.dictionary docs/data_dictionary.md"
VARIED = "budget.plan_share_of_expected"
TABLE = run_table(synthetic.result_of(places=12), synthetic.world_of(places=12, areas=4), 2)


def names(table: DataTable, varied: str = "") -> list[str]:
    """Return the columns of a table; one for each axis stands as KEY, and the point only where something is varied."""
    found = [column.name for column in table.columns]
    if varied:
        return [varied if name == "KEY" else name for name in found]
    return [name for name in found if name not in ("KEY", "point")]


def header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run a study and a sweep with a model that is quick."""
    folder = tmp_path_factory.mktemp("dictionary")
    bench = Bench(fakes.small_world, fakes.simulate, tables.tabulate_all, "0" * 64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(england, "england_bench", lambda: bench)
        options: dict[str, Any] = {"workers": "1", "dry_run": False, "as_json": False, "quiet": True}
        run_study("regional_2013", overrides=["replicates=2"], out=str(folder / "plain"), **options)
        swept = ["replicates=2", f"vary={{{VARIED}: [0.9, 1.0]}}"]
        run_study("regional_2013", overrides=swept, out=str(folder / "swept"), **options)
        drawn = ["replicates=2", f"vary={{{VARIED}: prior}}", "design={method: lhs, samples: 4}"]
        run_study("regional_2013", overrides=drawn, out=str(folder / "drawn"), **options)
    return folder


def test_the_page_says_what_the_code_says_now(repository: Path) -> None:
    page = (repository / "docs" / "data_dictionary.md").read_text(encoding="utf-8")
    assert page == dictionary_text(), f"docs/data_dictionary.md has drifted from the code: {RENEW}"


def test_every_table_that_a_study_leaves_is_told_column_by_column(results: Path) -> None:
    told = {table.file: table for table in TABLES}
    found = {
        (folder, path.relative_to(results / folder).as_posix())
        for folder in ("plain", "swept", "drawn")
        for path in (results / folder).rglob("*")
        if path.suffix in (".csv", ".parquet") and "store" not in path.parts
    }
    least = {"tidy.parquet", "comparison.csv", "runs.csv", "sweep.csv", "figures/F11.csv", "figures/F17.csv"}
    assert {name for _, name in found} >= least
    for folder, name in sorted(found):
        path = results / folder / name
        columns = pq.read_schema(path).names if path.suffix == ".parquet" else header(path)
        if name == "tidy.parquet":
            assert columns == [column.name for column in told[name].columns]
        else:
            assert columns == names(told[name], "" if folder == "plain" else VARIED), name


def test_tables_that_are_declared_elsewhere_have_the_same_columns() -> None:
    assert [column.name for column in TIDY.columns] == list(TIDY_COLUMNS)
    assert sorted(column.name for column in RUN_FILE.columns) == sorted(STORED_COLUMNS)
    assert names(COMPARISON) == [field.name for field in fields(Comparison)]
    assert names(GAINS) == [field.name for field in fields(Gain)]
    assert names(LOTTERY) == [field.name for field in fields(LotteryRow)]
    assert names(MONEY) == [field.name for field in fields(MoneyRow)]
    assert names(SWEEP)[-len(RESULT_COLUMNS) :] == list(RESULT_COLUMNS)
    assert names(SWEEP_LINES) == list(LINE_COLUMNS)
    assert names(BOTTLENECKS) == [*BOTTLENECK_COLUMNS, AREA_LEVEL]
    assert names(SHARES) == list(SHARE_COLUMNS)
    assert names(SHARE_RUNS) == ["at_work", *RUN_COLUMNS]


def test_every_column_says_what_it_means() -> None:
    bare = [
        f"{table.file} {one.name}" for table in TABLES for one in table.columns if not (one.meaning and one.allowed)
    ]
    numbers = [one for table in TABLES for one in table.columns if one.type not in ("text", "true or false")]
    assert bare == []
    assert [one.name for one in numbers if not one.unit] == []


@pytest.mark.parametrize("measure", OUTCOMES)
def test_every_measure_says_what_is_divided_by_what(measure: str) -> None:
    assert unsaid() == [], "tell it in sim/measures/fractions.py"
    assert all(fraction_of(measure))
    assert f"### `{measure}`" in dictionary_text()


def test_a_measure_told_as_an_index_has_no_numerator_in_the_tables_and_others_have() -> None:
    rows = zip(TABLE["measure"], TABLE["numerator"], strict=True)
    stored = {measure for measure, numerator in rows if numerator == numerator}  # noqa: PLR0124 - only nan differs
    told = {measure for measure in OUTCOMES if not fraction_of(measure)[0].startswith("none")}
    assert told == stored


@pytest.mark.parametrize("form", [(), ("--markdown",), ("--json",)])
def test_a_measure_is_explained_in_every_form(form: tuple[str, ...]) -> None:
    ended = sim("explain", "overspend_share_of_plan", *form)
    assert (ended.code, ended.err) == (0, "")
    assert "numerator" in ended.out


def test_measures_are_listed_and_a_misspelt_one_is_answered() -> None:
    rows = sim("explain", "measures", "--json").json["rows"]
    assert [row["measure"] for row in rows] == list(OUTCOMES)
    ended = sim("explain", "cost_tretment_gbp")
    assert ended.code == USAGE
    assert "did you mean `cost_treatment_gbp`?" in ended.err


def test_the_page_is_printed_by_explain() -> None:
    assert sim("explain", "dictionary").out.strip() == dictionary_text().strip()
