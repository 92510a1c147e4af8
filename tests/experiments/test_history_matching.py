"""What the waves are matched to follows from the registry of targets; what is left can be used again."""

import csv
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from experiments.calibration_runs import measured_of
from experiments.calibration_targets import TARGETS
from experiments.history_matching import KEYS, aim_of, input_of, main, matched_targets, values_of, write_left
from experiments.history_runs import at, remembered
from sim.analysis.history_matching import CUT_OFF, History, Input, Wave
from sim.specification.parameters import ParameterSet

INPUTS = [input_of(key) for key in KEYS]


def test_targets_are_those_that_a_run_can_miss() -> None:
    found = {target.id for target in matched_targets()}

    assert "overspend_first" in found
    assert "growth" not in found  # beyond the model
    assert found < {target.id for target in TARGETS if target.run}


def test_every_matched_target_has_a_value_in_a_run() -> None:
    money = np.array([[100, 200, 400, 800]])
    result: Any = SimpleNamespace(
        requests=np.array([[1, 2, 3, 4], [10, 20, 30, 40]]),
        plan_pence=money,
        spend_pence=money * 2,
        crossed_pence=-money,
        treatment_pence=np.full((3, 4), 10**10),
        service_ids=("radiotherapy", "renal_dialysis", "chemotherapy"),
    )

    found = measured_of(result)

    assert {target.id for target in matched_targets()} <= set(found)
    assert (found["requests_regional"], found["requests_national"], found["requests_third"]) == (11, 27.5, 44)
    assert (found["overspend_first"], found["misclassified"]) == (100.0, 50.0)
    assert (found["growth"], found["radiotherapy"], found["dialysis_chemotherapy"]) == pytest.approx((0.0, 81.0, 162.0))


def test_a_tolerance_ends_at_the_cut_off() -> None:
    [target] = [one for one in TARGETS if one.id == "overspend_first"]
    aim = aim_of(target)

    assert aim.observed == pytest.approx(2.9)
    assert (target.high - aim.observed) / aim.discrepancy_sd == pytest.approx(CUT_OFF)


def test_inputs_have_the_range_that_the_parameter_declares() -> None:
    assert all(one.low < one.high for one in INPUTS)
    with pytest.raises(ValueError, match="no parameter"):
        input_of("budget.nonsense")


def test_a_setting_reaches_the_parameters() -> None:
    found = at(ParameterSet(), INPUTS, [0.02, -0.01, 0.1])

    assert found.budget.tolerated_share_of_plan == 0.02
    assert found.handover.baseline_error_mean_share == -0.01
    assert found.appraisal.national_error_log == 0.1


def test_a_wave_is_read_again_where_the_same_settings_were_run(tmp_path: Path) -> None:
    calls = []

    def simulate(settings: np.ndarray) -> np.ndarray:
        calls.append(len(settings))
        return settings[:, np.newaxis, :1]

    first, second = np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]])
    remembered(simulate, tmp_path, ["a"])(first)
    again = remembered(simulate, tmp_path, ["a"])
    assert again(first).tolist() == [[[1.0]]]
    again(second)
    remembered(simulate, tmp_path, ["other"])(first)

    for spoilt in (b"", b"spoilt", (tmp_path / "wave_1.npz").read_bytes()[:200]):
        (tmp_path / "wave_1.npz").write_bytes(spoilt)
        assert remembered(simulate, tmp_path, ["other"])(first).tolist() == [[[1.0]]]

    assert calls == [1] * 6
    assert sorted(path.name for path in tmp_path.iterdir()) == ["wave_1.npz", "wave_2.npz"]


def test_what_is_left_is_a_table_and_a_study(tmp_path: Path) -> None:
    history = History([Input("budget.a", 0.0, 1.0), Input("budget.b", 0.0, 1.0)])
    history.left = np.array([[0.1, 0.25], [0.3, 1e-7]])

    table, varied = write_left(history, tmp_path, "three_regimes")

    with table.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["budget.a", "budget.b"], ["0.1", "0.25"], ["0.3", "1e-07"]]
    content = YAML(typ="safe", pure=True).load(varied)
    assert (content["extends"], content["design"]) == ("three_regimes", "list")
    assert content["vary"] == [{"budget.a": 0.1, "budget.b": 0.25}, {"budget.a": 0.3, "budget.b": 1e-7}]


def test_where_nothing_is_left_nothing_is_written_and_nothing_stays_of_an_earlier_call(tmp_path: Path) -> None:
    nothing = History([Input("budget.a", 0.0, 1.0)])
    assert write_left(nothing, tmp_path / "out", "three_regimes") == []
    for name in ("left.csv", "left.yaml"):
        (tmp_path / name).write_text("of an earlier call", encoding="utf-8")
    assert write_left(nothing, tmp_path, "three_regimes") == []

    assert list(tmp_path.iterdir()) == []


def test_the_last_wave_is_told_against_what_is_allowed() -> None:
    [target] = [one for one in TARGETS if one.id == "overspend_first"]
    history = History(INPUTS)
    history.waves.append(Wave(np.zeros((3, 3)), np.array([[[1.0]], [[2.0]], [[3.0]]]), [], 0.5))

    [line] = values_of(history, [target])
    assert "1.0 to 3.0 % of plan" in line
    assert "which 2 of 3 give" in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--keys", "budget.nonsense"], "budget.nonsense is no parameter"),
        (["--without", "requests_thrid"], "did you mean `requests_third`?"),
        (["--points", "5"], "--points: 6 or more for 3 parameters, not 5"),
        (["--replicates", "1"], "--replicates: 2 or more, as one tells nothing of chance, not 1"),
        (["--workers", "many"], "--workers"),
        (["--study", "three_regime"], "three_regimes"),
    ],
)
def test_what_cannot_be_run_is_told_before_anything_is_run(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["history_matching", "--out", str(tmp_path / "out"), *arguments])
    with pytest.raises(SystemExit):
        main()

    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
