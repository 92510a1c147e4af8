"""A stored run is made again from its file alone; a mismatch is named with its numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.specification.run import RunSpec
from sim.study.bench import Bench
from sim.study.execute import execute
from sim.study.plan import NamedRun, make_plan
from sim.study.progress import Silent
from sim.study.store import Store, StoredRun
from sim.study.table import Columns
from sim.study.verify import sample, spec_of, verify
from tests.study import fakes


@pytest.fixture
def stored(tmp_path: Path) -> StoredRun:
    store = Store(tmp_path)
    plan = make_plan(fakes.study(replicates=1), fakes.bench(), store)
    execute(plan.missing, fakes.bench(), store, 1, Silent())
    return store.read(plan.runs[0].key)


def changed(factor: float) -> Bench:
    """Return a bench whose model has come to other values."""

    def tabulate(outcome: Any, world: Any) -> Columns:
        columns = fakes.tabulate(outcome, world)
        return {**columns, "value": np.asarray(columns["value"]) * [1.0, factor]}

    return replace(fakes.bench(), tabulate=tabulate)


def test_the_same_run_comes_again(stored: StoredRun) -> None:
    found = verify(stored, fakes.bench())

    assert found.digest == found.stored_digest
    assert found.agrees(0.0)
    assert (found.differing, list(found.circumstances), found.lives_differ) == (0, [], False)
    assert (found.regime, found.replicate) == ("north", 0)


def test_the_file_alone_says_what_was_run(stored: StoredRun) -> None:
    spec = fakes.study(replicates=1).run_specs()[0]

    again = spec_of(stored.manifest)

    assert replace(again, timeline=()) == replace(spec, timeline=())
    assert again.timeline[0][1].levers == spec.timeline[0][1].levers


def test_a_mismatch_names_the_row_and_both_values(stored: StoredRun) -> None:
    found = verify(stored, changed(1.01))

    assert not found.agrees(0.0)
    assert found.differing == 1
    [difference] = found.first
    assert (difference.row["measure"], difference.row["service"], difference.column) == (
        "access_from_diagnosis",
        "b",
        "value",
    )
    assert difference.again == pytest.approx(1.01 * float(difference.stored or 0))
    assert found.largest == pytest.approx(0.01 / 1.01)


def test_a_tolerance_lets_small_differences_pass_and_no_others(stored: StoredRun) -> None:
    assert verify(stored, changed(1 + 1e-10)).agrees(1e-9)
    assert not verify(stored, changed(1 + 1e-10)).agrees(0.0)
    assert not verify(stored, changed(1 + 1e-8)).agrees(1e-9)
    assert not verify(stored, changed(float("nan"))).agrees(0.5)


def test_a_row_that_is_gone_is_a_difference_of_any_size(stored: StoredRun) -> None:
    def tabulate(outcome: Any, world: Any) -> Columns:
        return {name: list(column)[:1] for name, column in fakes.tabulate(outcome, world).items()}

    found = verify(stored, replace(fakes.bench(), tabulate=tabulate))

    assert found.differing == 1
    assert found.first[0].again is None
    assert not found.agrees(0.99)


def test_what_is_not_as_it_was_is_said_the_code_first(stored: StoredRun) -> None:
    manifest = dict(stored.manifest)
    manifest["environment"] = {**manifest["environment"], "python": "3.9.0", "packages": {"numpy": "1.0"}}
    other = replace(fakes.bench(), code_hash="f" * 64, data_hash="1" * 64)

    found = verify(replace(stored, manifest=manifest), other)

    assert found.agrees(0.0)
    assert "code" in found.circumstances[0]
    assert "data tables" in found.circumstances[1]
    assert any(words.startswith("Python 3.9.0 then") for words in found.circumstances)
    assert any(words.startswith("numpy 1.0 then") for words in found.circumstances)


def test_lives_that_differ_are_told_even_when_no_row_does(stored: StoredRun) -> None:
    def simulate(specs: Sequence[RunSpec], world: Any) -> Iterator[Any]:
        for spec, result in fakes.simulate(specs, world):
            yield spec, replace(result, twins_checksum=5)

    found = verify(stored, replace(fakes.bench(), simulate=simulate))

    assert found.lives_differ
    assert found.differing == 0
    assert not found.agrees(0.0)


def test_a_sample_is_drawn_by_its_seed() -> None:
    runs = [NamedRun(name, number, f"{name}{number}") for name in ("a", "b") for number in range(20)]

    assert [run.scenario for run in sample(runs, None, 1)] == ["a", "b"]
    assert sample(runs, 5, 1) == sample(runs, 5, 1)
    assert len({tuple(sample(runs, 5, seed)) for seed in range(8)}) > 4
    assert len(sample([*runs, *runs], 99, 0)) == 40
