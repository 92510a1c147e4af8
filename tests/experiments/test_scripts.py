"""The scripts that use the public interface alone read their studies right, and run."""

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from experiments import pool_size, rare_or_common, tightness
from experiments.lines import Options, told
from tests.experiments.obedient import bench

SCRIPTS = {"tightness": tightness, "pool_size": pool_size, "rare_or_common": rare_or_common}


def made(script, folder: Path):
    """Return the experiment of the small version of a script, made on the obedient bench."""
    found = replace(script.study(Options(quick=True, out=str(folder))), bench=bench())
    assert found.run(workers=1).ok
    return found


@pytest.mark.parametrize("name", [*SCRIPTS, "lines"])
def test_a_script_imports_of_the_package_only_what_is_public(repository, name) -> None:
    tree = ast.parse((repository / "experiments" / f"{name}.py").read_text(encoding="utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}

    assert "sim" in modules
    assert [module for module in modules if module.startswith("sim.")] == []


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_the_whole_version_is_a_study_that_can_be_loaded_and_is_larger(script) -> None:
    whole, quick = (script.study(Options(quick, "")) for quick in (False, True))

    assert whole.folder.name == whole.study.id
    assert quick.folder.name == f"{quick.study.id}_quick"
    assert whole.study.replicates == 4
    assert whole.study.replicates * len(whole.study.points) > quick.study.replicates * len(quick.study.points)


def test_tightness_sees_where_the_sign_turns(tmp_path) -> None:
    found = made(tightness, tmp_path)
    shown = tightness.table(found)

    assert shown.index.tolist() == [0.96, 1.0, 1.04]
    assert shown.columns.tolist() == [0.2]
    assert shown.loc[0.96, 0.2].startswith("-40.0")
    assert shown.loc[1.04, 0.2].startswith("+40.0")
    assert tightness.conclusion(found).splitlines() == [
        "Boards treat more in time at money 1.04, pace 0.2.",
        "Boards treat fewer in time at money 0.96, pace 0.2.",
        "No difference can be told at money 1, pace 0.2.",
        "Within this range the sign turns.",
    ]


def test_pool_size_counts_purses_and_sets_them_in_order(tmp_path) -> None:
    found = made(pool_size, tmp_path)
    shown = pool_size.table(found)

    assert shown["purses"].to_dict() == {
        "national_2022": 1,
        "ics_joint_2025": 9,
        "area_teams_2012": 10,
        "ics_2022": 42,
    }
    assert shown.index.tolist() == ["national_2022", "ics_joint_2025", "area_teams_2012", "ics_2022"]
    tau, overspends, plans = pool_size.conclusion(found).splitlines()
    assert "under ics_joint_2025, area_teams_2012, ics_2022; less under none" in tau
    assert "under none; less under ics_joint_2025, area_teams_2012, ics_2022" in overspends
    assert "under none; less under none" in plans


def test_rare_or_common_sorts_by_size_and_leaves_out_what_boards_do_not_hold(tmp_path) -> None:
    rows = rare_or_common.differences(made(rare_or_common, tmp_path))
    shown = rare_or_common.table(rows)

    assert shown.index.get_level_values("service").tolist() == list(rare_or_common.FEW)
    assert shown.index.get_level_values(rare_or_common.CASES).tolist() == [1, 10, 100, 1000]
    assert shown["ics_2022"].iloc[0] == ""
    assert (shown["area_teams_2012"] != "").all()
    teams = next(line for line in rare_or_common.conclusion(rows).splitlines() if line.startswith("area"))
    assert "more discordance in pnh (1), cystic_fibrosis (10); less in kidney_transplant (100)" in teams


def test_the_services_that_boards_hold_are_those_of_the_group_that_can_be_delegated() -> None:
    from sim.world.world import load_england

    services = load_england().services
    groups = dict(zip(services.ids, services.groups, strict=True))

    assert {name for name in rare_or_common.SERVICES if groups[name] == "specialised_delegable"} == (
        rare_or_common.DELEGABLE
    )
    assert {groups[name] for name in tightness.SERVICES.split(", ")} == {"specialised_delegable"}


def test_a_difference_is_told_with_its_interval_and_verdict() -> None:
    row = {"difference": 0.0123, "difference_low": -0.001, "difference_high": 0.02, "verdict": "not distinguishable"}

    assert told(row) == "+1.23 [-0.10, +2.00] not distinguishable"


@pytest.mark.slow
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_runs_on_england(repository, tmp_path, name) -> None:
    command = [sys.executable, "-m", f"experiments.{name}", "--quick", "--out", str(tmp_path)]
    ended = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True, timeout=600)

    assert "[95 %]" in ended.stdout
    assert "Traceback" not in ended.stderr
