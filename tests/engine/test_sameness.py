"""The same run gives the same result wherever and in whatever company it is made; another seed gives another."""

import gc
import weakref
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest

from sim.agents.state import State
from sim.model import run as running
from sim.model.run import simulate_unit
from sim.specification.run import RunSpec
from tests.builders import SHORT_OF_MONEY, differing, held_by, lively_world, result_of, spec_of
from tests.engine.digest import digest


def replicate_of(number: int, seed: int = 1) -> RunSpec:
    return spec_of(lively_world(), held_by("region"), SHORT_OF_MONEY, twin_sets=1, replicate=number, seed=seed)


def digest_of(number: int) -> str:
    """Return the digest of one replicate; a worker process can find this."""
    return digest(result_of(lively_world(), replicate_of(number)))


def test_two_processes_compute_what_one_does() -> None:
    here = [digest_of(number) for number in range(4)]

    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        there = list(pool.map(digest_of, range(4)))

    assert there == here
    assert len(set(here)) == 4


def test_a_regime_does_not_care_which_regimes_ran_before_it() -> None:
    world, alone = lively_world(), replicate_of(0)
    other = replace(alone, timeline=((alone.start, held_by("nation")),), scenario_id="nation")

    (_, before), (_, after) = simulate_unit([other, alone], world)

    assert digest(after) == digest(result_of(world, alone)) != digest(before)


@pytest.mark.parametrize(("number", "seed"), [(1, 1), (0, 2)])
def test_replicates_and_seeds_differ_in_luck_and_not_in_size(number: int, seed: int) -> None:
    world = lively_world()
    one, another = result_of(world, replicate_of(0)), result_of(world, replicate_of(number, seed))
    sizes = np.array([result.people[1].sum() for result in (one, another)])

    assert {"people", "lives_checksum", "twins_checksum", "qalys"} <= set(differing(one, another))
    assert abs(sizes[1] - sizes[0]) < 5 * np.sqrt(sizes.sum())


def test_a_seed_and_a_replicate_do_not_change_places() -> None:
    world = lively_world()
    one, other = (result_of(world, replicate_of(number, seed)) for number, seed in ((2, 1), (1, 2)))

    assert one.lives_checksum != other.lives_checksum


def test_a_finished_run_leaves_no_columns_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    states: list[weakref.ref[State]] = []
    summarise = running.summarise

    def watched(model: Any, spec: RunSpec) -> Any:
        states.append(weakref.ref(model.state))
        return summarise(model, spec)

    monkeypatch.setattr(running, "summarise", watched)
    gc.disable()  # a sweep makes too few objects for the collector of cycles to come by in time
    try:
        result = result_of(lively_world(), replicate_of(0))
        alive = [state() for state in states]
    finally:
        gc.enable()

    assert result.people.sum() > 0
    assert alive == [None]
