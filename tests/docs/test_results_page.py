"""What docs/results.md says to type in pandas works on a results folder as it is written."""

import re
from pathlib import Path

import pytest

from sim.specification.load import load_study
from sim.study.execute import execute
from sim.study.plan import make_plan
from sim.study.progress import Silent
from sim.study.store import Store
from sim.study.tidy import write_tidy
from tests.cli.command import sim
from tests.cli.results import use
from tests.study import tables

PAGE = Path(__file__).resolve().parents[2] / "docs" / "results.md"


def test_the_snippet_prints_a_line_for_each_measure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.study import england

    use(monkeypatch, tabulate=tables.tabulate_all)
    folder = tmp_path / "results" / "regional_2013"
    plan = make_plan(load_study("regional_2013", ["replicates=1"]), england.england_bench(), Store(folder / "store"))
    execute(plan.missing, england.england_bench(), Store(folder / "store"), 1, Silent())
    write_tidy(plan.runs, Store(folder / "store"), folder / "tidy.parquet")
    monkeypatch.chdir(tmp_path)
    [snippet] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)

    exec(snippet, {})

    printed = capsys.readouterr().out
    assert "access_from_diagnosis" in printed
    assert "national_2013" in printed


def test_every_option_that_the_page_names_exists() -> None:
    for command in ("status", "export", "verify"):
        known = sim(command, "--help").out
        lines = [
            line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"    sim {command} ")
        ]
        assert lines
        for option in {word for line in lines for word in line.split("#")[0].split() if word.startswith("--")}:
            assert option in known
