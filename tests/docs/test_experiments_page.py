"""Every example of docs/experiments.md loads as it stands there, and every command does what is said."""

import re
import shlex
from pathlib import Path

import pytest

from sim.specification.design import METHODS, Design
from sim.specification.load import load_study
from sim.study import england
from sim.study.bench import Bench
from tests.cli.command import sim
from tests.study import fakes, tables

PAGE = Path(__file__).resolve().parents[2] / "docs" / "experiments.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, flags=re.DOTALL)
COMMANDS = [line.split("  #")[0].strip() for line in re.findall(r"^    (sim .+)$", TEXT, flags=re.MULTILINE)]
AROUND = """schema: sim/study/1
id: example
compare: [national_2022, ics_2022]
baseline: national_2022
services: all
horizon: {start: 2022-04, years: 2}
replicates: 2
seed: 1
"""


@pytest.mark.parametrize("block", BLOCKS)
def test_every_example_loads(block: str, tmp_path: Path) -> None:
    (tmp_path / "example.yaml").write_text(AROUND + block, encoding="utf-8")

    study = load_study(str(tmp_path / "example.yaml"))

    assert len(study.points) > 1
    assert len(study.points) == study.design.number_of_points([len(axis.values) for axis in study.axes])


def test_every_design_is_explained_and_all_but_the_grid_have_an_example() -> None:
    shown = re.findall(r"^design: (?:{method: )?(\w+)", TEXT, flags=re.MULTILINE)

    assert {"grid", *shown} == set(METHODS)
    assert [method for method in METHODS if not re.search(rf"^\| `(?:{{method: )?{method}\b", TEXT, flags=re.M)] == []


def test_the_budgets_are_those_of_twelve_axes() -> None:
    assert Design("morris", trajectories=20, levels=4).number_of_points([1] * 12) == 260
    assert Design("saltelli", samples=256).number_of_points([1] * 12) == 3584
    assert "| 260 |" in TEXT
    assert "| 3,584 |" in TEXT


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_does_what_is_said(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(fakes.small_world, fakes.simulate, tables.tabulate_all, "0" * 64)
    monkeypatch.setattr(england, "england_bench", lambda: bench)
    monkeypatch.chdir(tmp_path)

    ended = sim(*shlex.split(command)[1:])

    assert ended.code == 0, ended.err
    assert "1,200 runs" in ended.out
    assert (tmp_path / "results" / "uncertainty" / "store").exists() == ("--pilot" in command)


def test_the_studies_that_it_names_are_as_it_says() -> None:
    uncertainty, screening = load_study("uncertainty"), load_study("screening")

    assert (len(uncertainty.points), len(uncertainty.axes)) == (200, 3)
    assert (len(screening.points), len(screening.axes)) == (260, 12)
    assert all(axis.interval is not None for axis in (*uncertainty.axes, *screening.axes))
