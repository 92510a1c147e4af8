"""A study in which hands change is told year by year; one in which none do is not."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.cli.figures import redraw
from sim.measures.outcomes import OUTCOMES
from sim.report.columns import YEARS
from sim.report.figures import Drawn
from sim.report.yearly import COLUMNS as YEAR_COLUMNS
from sim.study import england
from sim.study.bench import Bench
from sim.study.table import COLUMNS
from tests.cli.command import sim
from tests.study import fakes, tables

ACCESS = "access_from_diagnosis"
MONTHS = ("2026-04", "2027-04", "2028-04", "2029-04")


def tabulate(outcome: Any, world: Any) -> Any:
    """Tabulate everything, and access by year: it falls by a tenth of a point a year."""
    table = tables.tabulate_all(outcome, world)
    unit = OUTCOMES[ACCESS].unit
    luck = (outcome.lives_checksum % 100) / 1e4
    rows = [
        (ACCESS, "nation", "England", name, month, np.nan, np.nan, 0.9 - 0.001 * at - luck, unit)
        for name in ("all_patients", "all_services")
        for at, month in enumerate(MONTHS)
    ]
    return {name: [*table[name], *column] for name, column in zip(COLUMNS, zip(*rows, strict=True), strict=True)}


def run(out: Path, study: str = "branch_2026") -> str:
    bench = Bench(fakes.small_world, fakes.simulate, tabulate, "0" * 64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(england, "england_bench", lambda: bench)
        ended = sim("run", study, "--set", "replicates=2", "--out", str(out), "--workers", "1", "--quiet")
    assert ended.code == 0, ended.err
    return ended.out


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the folder of a study in which hands change, and what its run said."""
    folder = tmp_path_factory.mktemp("years")
    return folder, run(folder)


def test_years_are_told_written_and_drawn(finished: tuple[Path, str]) -> None:
    folder, said = finished

    rows = list(csv.DictReader((folder / "years.csv").read_text(encoding="utf-8").splitlines()))
    assert list(rows[0]) == list(YEAR_COLUMNS) == [column.name for column in YEARS.columns]
    assert [row["year"] for row in rows if row["service"] == "all_patients"] == sorted(MONTHS * 3)
    assert "YEAR BY YEAR" in said
    assert "Hands change: branch_2026_boards in 2026-04; branch_2026_national in 2026-04." in said
    assert said.count("2029-04 ") == 2
    assert (folder / "figures" / "F16.svg").exists()
    assert "YEAR BY YEAR" in (folder / "comparison.txt").read_text(encoding="utf-8")


def test_the_figure_is_drawn_again_the_same(finished: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = finished
    figure = folder / "figures" / "F16.png"
    before = figure.read_bytes()
    figure.unlink()

    monkeypatch.setattr("sim.cli.figures.draw_figures", lambda *_: Drawn([], []))  # those of every study

    assert redraw(str(folder), only="", preset="wide", as_json=False) == 0
    assert figure.read_bytes() == before


def test_where_no_hands_change_there_are_no_years(tmp_path: Path) -> None:
    said = run(tmp_path, "regional_2013")

    assert "YEAR BY YEAR" not in said
    assert not (tmp_path / "years.csv").exists()
    assert not list(tmp_path.glob("figures/F16*"))
