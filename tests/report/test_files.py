"""The comparison file holds every row, and empty cells where a number is undefined."""

import csv
from dataclasses import fields
from pathlib import Path

import pandas as pd

from sim.analysis.paired import Comparison
from sim.report.files import write_comparison
from tests.report.test_table import compared, runs


def test_every_comparison_is_written_and_reads_back(tmp_path: Path) -> None:
    given = compared()

    write_comparison(given.rows, tmp_path / "comparison.csv")

    back = pd.read_csv(tmp_path / "comparison.csv", float_precision="round_trip")
    assert list(back.columns) == [field.name for field in fields(Comparison)]
    assert len(back) == len(given.rows)
    assert back["difference_low"].tolist() == [row.difference_low for row in given.rows]


def test_an_undefined_interval_is_an_empty_cell(tmp_path: Path) -> None:
    write_comparison(compared(runs(replicates=1)).rows, tmp_path / "comparison.csv")

    with (tmp_path / "comparison.csv").open(encoding="utf-8", newline="") as file:
        assert {row["mean_low"] for row in csv.DictReader(file)} == {""}
