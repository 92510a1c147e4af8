"""A run knows where it comes from, and a result that contradicts itself is no result."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.luck import compiled
from sim.study import provenance
from sim.study.execute import execute
from sim.study.plan import make_plan
from sim.study.progress import Silent
from sim.study.provenance import InvariantError, checked_invariants, code_hash, run_key
from sim.study.store import RESULT_SCHEMA, Store
from tests.study import fakes


def test_the_key_is_16_digits_and_depends_on_every_part() -> None:
    keys = {run_key(*parts) for parts in [("s", "c", "d"), ("t", "c", "d"), ("s", "e", "d"), ("s", "c", "f")]}

    assert len(keys) == 4
    assert all(len(key) == 16 and int(key, 16) >= 0 for key in keys)


def test_a_changed_measure_changes_the_code_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = code_hash()
    (tmp_path / "measures").mkdir()
    (tmp_path / "measures" / "access.py").write_text("x = 1\n")
    monkeypatch.setattr(provenance, "PACKAGE", tmp_path)
    code_hash.cache_clear()
    changed = code_hash()
    code_hash.cache_clear()

    assert before != changed


def test_a_manifest_holds_all_that_is_needed_to_repeat_the_run(tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan = make_plan(fakes.study(replicates=1), fakes.bench(), store)
    execute(plan.missing, fakes.bench(), store, 1, Silent())

    manifest = store.manifest(plan.runs[0].key)

    assert manifest["schema"] == RESULT_SCHEMA
    assert manifest["labels"] == {"study": "small", "scenario": "north"}
    assert manifest["seed"] == {"root": 7, "replicate": 0}
    assert {"timeline", "services", "parameters", "years", "start"} <= set(manifest["spec"])
    assert {"package_version", "model_hash", "code_hash", "git"} == set(manifest["code"])
    assert {"python", "platform", "packages", "threads"} <= set(manifest["environment"])
    assert {"wall_s", "cpu_s", "peak_mb"} == set(manifest["timing"])
    assert manifest["checksums"]["lives"] > 0
    assert manifest["data_hash"] == "0" * 64
    assert "host" not in str(manifest).lower()


def test_a_sound_result_passes_every_check() -> None:
    assert len(checked_invariants(fakes.result(fakes.study().run_specs()[0]))) == 5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("reasons", "reasons sum to the people in need"),
        ("reached", "nobody is reached who was not in need"),
        ("starts", "no count is negative"),
        ("provider_income_pence", "providers receive no more than payers pay"),
    ],
)
def test_a_result_that_contradicts_itself_is_refused(change: str, message: str) -> None:
    sound = fakes.result(fakes.study().run_specs()[0])
    wrong = getattr(sound, change).copy()
    wrong.flat[0] += -10_000 if change == "starts" else 10_000

    with pytest.raises(InvariantError, match=message):
        checked_invariants(replace(sound, **{change: wrong}))


def test_the_number_of_people_treated_in_time_must_be_told_twice_alike() -> None:
    sound = fakes.result(fakes.study().run_specs()[0])
    moved = np.roll(sound.reasons, 1, axis=-1)

    with pytest.raises(InvariantError, match="people treated in time are those reached"):
        checked_invariants(replace(sound, reasons=moved))


@pytest.mark.parametrize(
    ("edited", "voids"),
    [
        ("phases/referral.py", True),
        ("measures/rates.py", True),
        ("figures/style.py", False),
        ("report/notes.py", False),
        ("analysis/paired.py", False),
        ("cli/run.py", False),
        ("study/status.py", False),
    ],
)
def test_a_figure_fix_keeps_stored_runs_and_a_model_change_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edited: str, voids: bool
) -> None:
    copy = tmp_path / "sim"
    shutil.copytree(provenance.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "data"))
    for module in (provenance, compiled):
        monkeypatch.setattr(module, "PACKAGE", copy)
        monkeypatch.setattr(module, "model_hash", compiled.model_hash.__wrapped__)
    before = code_hash.__wrapped__()

    with (copy / edited).open("a", encoding="utf-8") as file:
        file.write("# a remark\n")

    assert (code_hash.__wrapped__() != before) == voids
