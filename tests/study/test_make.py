"""Commands that make the same runs at the same time do not get into each other's way."""

from pathlib import Path

import pytest

from sim.study import make
from sim.study.execute import Report
from sim.study.make import Making, make_runs
from sim.study.plan import Plan
from sim.study.progress import Silent
from sim.study.store import Store
from tests.study import fakes


@pytest.fixture(autouse=True)
def nothing_to_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "compiled", lambda: True)


def making(root: Path) -> Making:
    return Making(fakes.study(replicates=2), Store(root), fakes.bench(), "1")


@pytest.mark.parametrize("remade", [True, False])
def test_of_two_commands_that_planned_a_damaged_run_one_sets_it_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], remade: bool
) -> None:
    _, plan, _ = make_runs(making(tmp_path), Silent())
    path = Store(tmp_path).path(plan.runs[0].key)
    path.write_bytes(path.read_bytes()[:-9])
    planned = Making.plan

    def overtaken(self: Making) -> Plan:
        """Plan, and then be overtaken by another command that planned the same."""
        found = planned(self)
        with monkeypatch.context() as patched:
            patched.setattr(Making, "plan", planned)
            if not remade:
                patched.setattr(make, "_execute", lambda *_: Report(stopped="interrupted"))
            make_runs(self, Silent())
        return found

    monkeypatch.setattr(Making, "plan", overtaken)
    collected, _, report = make_runs(making(tmp_path), Silent())

    assert report is None
    assert set(collected.manifests) == {run.key for run in plan.runs}
    assert len(list((tmp_path / "damaged").iterdir())) == 1
    assert capsys.readouterr().err.count("to be run again") == 1
