"""Commands that work in one folder at the same time make each run once, and none waits for one that is gone."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from sim.specification.run import RunSpec
from sim.study import in_hand
from sim.study.bench import Bench, Unit
from sim.study.execute import Report, execute
from sim.study.in_hand import InHand
from sim.study.limits import Limits
from sim.study.part import Shard
from sim.study.plan import Plan, make_plan
from sim.study.progress import Silent
from sim.study.store import Store
from tests.study import fakes
from tests.study.test_kill import PATIENCE_S, REPLICATES, start, wait_for_runs

SLOW = ("slow", "slow_too")


class Told(Silent):
    """Remember what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)


class Counting:
    """A model that counts how often each run was made."""

    def __init__(self) -> None:
        self.made = Counter[tuple[str, int]]()

    def simulate(self, specs: Sequence[RunSpec], world: Any) -> Iterator[Any]:
        for spec in specs:
            self.made[spec.scenario_id, spec.replicate] += 1
            yield from fakes.simulate([spec], world)

    @property
    def bench(self) -> Bench:
        return Bench(fakes.small_world, self.simulate, fakes.tabulate, "0" * 64)


def plan_of(root: Path, names: tuple[str, ...] = SLOW, replicates: int = 6) -> Plan:
    return make_plan(fakes.study(names, replicates), fakes.bench(), Store(root))


def side_by_side(root: Path, bench: Bench, plans: Sequence[Plan]) -> tuple[list[Report], list[str]]:
    """Make plans at the same time in threads, which have the same process but notes of their own."""
    told = Told()
    reports: list[Report] = []

    def make(plan: Plan) -> None:
        reports.append(execute(plan.missing, bench, Store(root), 1, told))

    threads = [threading.Thread(target=make, args=(plan,)) for plan in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return reports, told.said


def note(root: Path, keys: Sequence[str], host: str = "elsewhere", process: int = 4_242, age_s: float = 0.0) -> Path:
    """Write the note of another command, last touched some seconds ago."""
    path = root / "tmp" / f"{in_hand.NAME}-{host}-{process}-0"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"host": host, "process": process, "since": "2026-01-01T00:00:00Z", "keys": list(keys)}
    path.write_text(json.dumps(content), encoding="utf-8")
    os.utime(path, (time.time() - age_s,) * 2)
    return path


def keys_of(plan: Plan) -> list[str]:
    return [run.key for run in plan.runs]


@pytest.mark.parametrize("commands", [2, 3])
def test_commands_at_the_same_time_make_each_run_once(tmp_path: Path, commands: int) -> None:
    counting = Counting()
    reports, said = side_by_side(tmp_path, counting.bench, [plan_of(tmp_path)] * commands)
    execute(plan_of(tmp_path / "alone").missing, fakes.bench(), Store(tmp_path / "alone"), 1, Silent())

    assert set(counting.made.values()) == {1}
    assert len(counting.made) == 12
    assert [(len(report.outcomes), report.stopped, report.failed) for report in reports] == [(12, "", [])] * commands
    assert fakes.digests(tmp_path) == fakes.digests(tmp_path / "alone")
    assert len(said) >= commands - 1
    assert all(re.search(rf"process {os.getpid()} on .*, since 20.* taken from there", line) for line in said)
    assert list((tmp_path / "tmp").glob("*")) == []


def test_shards_in_one_folder_have_nothing_to_tell_one_another(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)

    _, said = side_by_side(tmp_path, fakes.bench(), [Shard(number, 2).of(plan) for number in (1, 2)])

    assert said == []
    assert len(fakes.digests(tmp_path)) == 12


def test_a_run_that_fails_elsewhere_meanwhile_has_failed_here_and_an_older_failure_is_tried_again(
    tmp_path: Path,
) -> None:
    counting = Counting()
    plans = [plan_of(tmp_path, ("slow", "fails"), 4)] * 2

    reports, _ = side_by_side(tmp_path, counting.bench, plans)

    assert set(counting.made.values()) == {1}
    assert [len(report.failed) for report in reports] == [4, 4]
    assert len({outcome.error for report in reports for outcome in report.failed}) == 4
    again = execute(plan_of(tmp_path, ("slow", "fails"), 4).missing, counting.bench, Store(tmp_path), 1, Silent())
    assert len(again.failed) == 4
    assert {counting.made["fails", replicate] for replicate in range(4)} == {2}


def test_what_lies_in_the_store_is_taken_though_the_rest_of_its_unit_is_held_by_another(tmp_path: Path) -> None:
    execute(plan_of(tmp_path, ("north",), 1).missing, fakes.bench(), Store(tmp_path), 1, Silent())
    both = make_plan(fakes.study(("north", "south"), 1), fakes.bench(), Store(tmp_path))
    unit = Unit(0, tuple(both.runs))
    note(tmp_path, keys_of(both)[1:])
    told: list[int] = []

    class Watching(Silent):
        def advance_to(self, done: int) -> None:
            told.append(done)

    report = execute([unit], fakes.bench(), Store(tmp_path), 1, Watching(), Limits(until=time.time() + 1.0))

    assert [outcome.status for outcome in report.outcomes] == ["done"]
    assert told[0] == 1


def test_what_was_stored_since_the_plan_is_not_made_again(tmp_path: Path) -> None:
    counting, plan = Counting(), plan_of(tmp_path, ("north", "south"), 3)
    execute(plan.missing[:2], fakes.bench(), Store(tmp_path), 1, Silent())
    Store(tmp_path).path(plan.missing[0].runs[1].key).unlink()

    report = execute(plan.missing, counting.bench, Store(tmp_path), 1, Silent())

    assert set(counting.made) == {("south", 0), ("north", 2), ("south", 2)}
    assert {outcome.key for outcome in report.outcomes if outcome.status == "done"} == set(keys_of(plan))


@pytest.mark.parametrize("age_s", [0.0, 1e6])
def test_a_command_of_this_machine_that_was_killed_keeps_nobody_waiting(tmp_path: Path, age_s: float) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    plan = plan_of(tmp_path, ("north", "south"), 2)
    left = note(tmp_path, keys_of(plan), in_hand.this_machine(), gone.pid, age_s)

    report = execute(plan.missing, fakes.bench(), Store(tmp_path), 1, Silent(), Limits(until=time.time() + 5.0))

    assert report.stopped == ""
    assert not left.exists()


def test_a_command_of_another_machine_is_waited_for_until_its_note_grows_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_hand, "BEAT_S", 0.05)
    monkeypatch.setattr(in_hand, "GONE_S", 1.0)
    plan, told = plan_of(tmp_path, ("north", "south"), 2), Told()
    note(tmp_path, [plan.missing[0].runs[1].key])

    began = time.monotonic()
    report = execute(plan.missing, fakes.bench(), Store(tmp_path), 1, told)

    assert 0.9 < time.monotonic() - began < 10.0
    assert [outcome.key for outcome in report.outcomes] == [*keys_of(plan)[2:], *keys_of(plan)[:2]]
    assert len([line for line in told.said if "process 4242 on elsewhere, since 2026-01-01" in line]) == 1


@pytest.mark.parametrize("content", ["", "[]", "{", '{"host": 1}', '{"host": "a", "process": "b"}'])
def test_a_note_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    note(tmp_path, []).write_text(content, encoding="utf-8")
    plan = plan_of(tmp_path, ("north", "south"), 1)

    assert len(execute(plan.missing, fakes.bench(), Store(tmp_path), 1, Silent()).outcomes) == 2


def test_a_run_in_hand_is_refused_to_others_until_it_is_put_down(tmp_path: Path) -> None:
    with InHand(Store(tmp_path)) as mine, InHand(Store(tmp_path)) as yours:
        assert mine.take(["a", "b"]) is None
        assert yours.take(["c"]) is None
        holder = yours.take(["b", "d"])
        assert holder is not None
        assert holder.keys == {"a", "b"}
        assert mine.take(["d"]) is None
        mine.put_down(["b"])
        assert yours.take(["b"]) is None


def test_waiting_for_another_command_ends_when_the_time_is_over(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, ("north", "south"), 1)
    note(tmp_path, keys_of(plan))

    report = execute(plan.missing, fakes.bench(), Store(tmp_path), 1, Silent(), Limits(until=time.time() + 0.3))

    assert (report.stopped, report.outcomes) == ("time", [])


@pytest.mark.slow
def test_a_command_goes_on_alone_when_the_other_is_killed(tmp_path: Path, repository: Path) -> None:
    first, second = (start(tmp_path, repository, 1, *SLOW) for _ in range(2))
    wait_for_runs(tmp_path, 3, second)

    os.kill(first.pid, signal.SIGKILL)
    first.communicate(timeout=PATIENCE_S)
    second.communicate(timeout=PATIENCE_S)

    assert second.returncode == 0
    assert len(fakes.digests(tmp_path)) == 2 * REPLICATES
