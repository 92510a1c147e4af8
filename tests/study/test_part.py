"""Shards share a study out without a word between them, and a key names one run."""

from pathlib import Path

import pytest

from sim.study.execute import execute
from sim.study.part import NoSuchRunError, OneRun, Shard, one_run_of, shard_of
from sim.study.plan import Plan, make_plan
from sim.study.progress import Silent
from sim.study.store import Store
from tests.study import fakes


def plan_of(root: Path, names: tuple[str, ...] = ("north", "south"), replicates: int = 7) -> Plan:
    return make_plan(fakes.study(names, replicates), fakes.bench(), Store(root))


def make(root: Path, shard: Shard) -> None:
    execute(shard.of(plan_of(root)).missing, fakes.bench(), Store(root), 1, Silent())


def keys(plan: Plan) -> set[str]:
    return {run.key for unit in plan.missing for run in unit.runs}


def test_shards_are_all_of_a_study_and_have_no_run_in_common(tmp_path: Path) -> None:
    parts = [keys(Shard(number, 3).of(plan_of(tmp_path))) for number in (1, 2, 3)]

    assert [len(part) for part in parts] == [6, 4, 4]
    assert set.union(*parts) == keys(plan_of(tmp_path))
    assert sum(map(len, parts)) == 14


def test_a_shard_stays_the_same_when_some_runs_are_there(tmp_path: Path) -> None:
    before = {run.key for run in Shard(2, 3).of(plan_of(tmp_path)).runs}
    make(tmp_path, Shard(1, 3))

    after = Shard(2, 3).of(plan_of(tmp_path))

    assert {run.key for run in after.runs} == keys(after) == before
    assert Shard(1, 3).of(plan_of(tmp_path)).missing == ()


def test_shards_one_after_the_other_make_the_runs_of_one_process(tmp_path: Path) -> None:
    for number in (3, 1, 2):
        make(tmp_path / "shards", Shard(number, 3))
    make(tmp_path / "whole", Shard(1, 1))

    assert fakes.digests(tmp_path / "shards") == fakes.digests(tmp_path / "whole")
    assert len(fakes.digests(tmp_path / "whole")) == 14


def test_more_shards_than_units_leave_some_with_nothing(tmp_path: Path) -> None:
    assert Shard(9, 9).of(plan_of(tmp_path)) == Plan((), (), ())


def test_a_key_names_one_run(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    wanted = plan.runs[5]

    found = OneRun(wanted.key[:6]).of(plan)

    assert [run.key for run in found.runs] == [wanted.key]
    assert [[run.key for run in unit.runs] for unit in found.missing] == [[wanted.key]]


def test_a_key_that_names_no_run_or_several_is_refused(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    twins = Plan((plan.runs[0], plan.runs[1]), (), ())

    with pytest.raises(NoSuchRunError, match="no run of this study"):
        OneRun("f" * 16).of(plan)
    with pytest.raises(NoSuchRunError, match=r"may be any of .*, .*: give more digits"):
        OneRun("").of(twins)


@pytest.mark.parametrize("text", ["3/20", " 1/1 ", "20/20"])
def test_a_shard_is_read(text: str) -> None:
    assert "/".join((str(shard_of(text).number), str(shard_of(text).count))) == text.strip()


@pytest.mark.parametrize("text", ["", "3", "0/2", "3/2", "-1/2", "1/0", "1.5/2", "1/2/3", "one/2", "1/ 2"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="--shard wants"):
        shard_of(text)


@pytest.mark.parametrize("text", ["", "9f3a1", "9f3a1g", "9f3a1c0000000000f", "9f3a 1c"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="--key wants"):
        one_run_of(text)
    assert one_run_of(" 9F3A1C ") == OneRun("9f3a1c")
