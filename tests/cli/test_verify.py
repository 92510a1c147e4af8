"""``sim verify`` finds the run that is meant, and ends with 7 when it cannot be made again."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.cli.failure import INVALID, USAGE
from sim.cli.verify import MISMATCH
from sim.study.store import Store
from tests.cli.command import sim
from tests.cli.results import made, rewritten, use
from tests.study import tables


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    use(monkeypatch)
    made(tmp_path / "results" / "regional_2013")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "results" / "regional_2013"


def a_key(folder: Path) -> str:
    return min(path.stem for path in (folder / "store").glob("??/*.parquet"))


def other_values(outcome: Any, world: Any) -> Any:
    columns = tables.tabulate_all(outcome, world)
    return {**columns, "value": np.asarray(columns["value"]) * (1 + 1e-10)}


def test_one_run_of_each_regime_is_made_again(folder: Path) -> None:
    ended = sim("verify", str(folder))

    assert ended.code == 0
    assert "3 of 3 runs the same" in ended.out
    for regime in ("national_2013", "scg_2006", "equal_access"):
        assert f"{regime}, replicate" in ended.out


def test_a_run_is_found_by_its_file_and_by_the_beginning_of_its_key(folder: Path, tmp_path: Path) -> None:
    key = a_key(folder)

    ways = (
        (str(Store(folder / "store").path(key)),),
        (key[:8],),
        (key[:8], "--results", str(folder)),
    )
    for way in ways:
        assert [run["key"] for run in sim("verify", *way, "--json").json["runs"]] == [key]


def test_a_mismatch_ends_with_7_and_names_rows_and_values(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, tabulate=other_values)

    ended = sim("verify", a_key(folder))

    assert ended.code == MISMATCH
    assert "NOT the same" in ended.out
    assert "the same: a fault of the model or of the machine" in ended.out
    assert ": value stored 0." in ended.out
    answer = sim("verify", a_key(folder), "--json").json
    assert (answer["ok"], answer["exit_code"]) == (False, MISMATCH)
    assert answer["runs"][0]["first"][0]["stored"] != answer["runs"][0]["first"][0]["again"]
    assert sim("verify", a_key(folder), "--tolerance", "1e-9").code == 0


def test_another_code_is_said_first_and_compared_still(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, key = Store(folder / "store"), a_key(folder)
    path = rewritten(store, key, "ab" * 8, {"code": {"code_hash": "f" * 64, "package_version": "0.0.1"}})

    ended = sim("verify", str(path))

    assert ended.code == 0
    assert ended.out.splitlines()[0].startswith("abababababababab: note: the model's code is not the code")
    assert "the same, digest" in ended.out


def test_a_run_of_parameters_that_are_gone_cannot_be_made(folder: Path) -> None:
    store, key = Store(folder / "store"), a_key(folder)
    spec = store.manifest(key)["spec"]
    path = rewritten(store, key, "ab" * 8, {"spec": {**spec, "parameters": {"referral": {"carpets": 1.0}}}})

    ended = sim("verify", str(path))

    assert ended.code == INVALID
    assert "referral.carpets" in ended.err


def test_a_changed_file_and_a_run_that_fails_now_are_mismatches(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def simulate(specs: Any, world: Any) -> Any:
        raise ZeroDivisionError("nobody")

    key = a_key(folder)
    use(monkeypatch, simulate)
    assert "it fails now: ZeroDivisionError: nobody" in sim("verify", key).out

    path = Store(folder / "store").path(key)
    whole = path.read_bytes()
    path.write_bytes(whole[:40] + b"\x00" * 40 + whole[80:])
    assert sim("verify", key).code == MISMATCH


def test_wrong_use_is_refused(folder: Path, tmp_path: Path) -> None:
    stray = tmp_path / "stray.parquet"
    stray.write_bytes(b"")
    for arguments in (
        ["abc"],
        ["abcdef012345"],
        [str(stray)],
        [str(tmp_path / "none.parquet")],
        [a_key(folder), "--sample", "2"],
        [str(folder), "--sample", "0"],
        [str(folder), "--tolerance", "-1"],
        [str(tmp_path)],
    ):
        ended = sim("verify", *arguments)
        assert ended.code == USAGE, arguments
        assert ended.err.startswith("error: ")
