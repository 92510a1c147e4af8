"""``sim run`` says before it replaces the tables of another study."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.results import use
from tests.cli.test_run import SMALL, run


@pytest.fixture(autouse=True)
def fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch)
    monkeypatch.setattr("sim.report.publish.draw_figures", lambda *_: SimpleNamespace(paths=[], empty=[]))


def test_tables_of_another_study_are_not_replaced_without_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = [*SMALL, "seed=5"]
    run(tmp_path, ["replicates=1"])
    run(tmp_path)
    assert "warning" not in capsys.readouterr().err

    run(tmp_path, other, dry_run=True, as_json=True)
    [warning] = json.loads(capsys.readouterr().out)["warnings"]
    run(tmp_path, other, dry_run=True)
    shown = capsys.readouterr().out
    run(tmp_path, other)

    assert "another regional_2013, which differs in seed;" in warning
    assert "warning" in shown
    assert f"warning: {warning}" in capsys.readouterr().err
    run(tmp_path, other)
    assert "warning" not in capsys.readouterr().err
