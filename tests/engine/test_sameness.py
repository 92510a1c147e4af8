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
from sim.governance.allocation import BudgetParameters
from sim.model import common as sharing
from sim.model import run as running
from sim.model.run import simulate_unit
from sim.specification.parameters import ParameterSet
from sim.specification.run import RunSpec
from sim.world.population import Population
from sim.world.world import World
from tests.builders import ALL_ON, SHORT_OF_MONEY, differing, held_by, lively_world, result_of, spec_of
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


def unit_of_regimes() -> list[RunSpec]:
    """Return regimes that differ in everything that a matrix and levers say, one of them with other parameters."""
    one = spec_of(lively_world(), held_by("region"), {**ALL_ON, **SHORT_OF_MONEY}, twin_sets=1)
    turn = ((one.start, held_by("nation")), ("2015-04", held_by("district")))
    dear = held_by("district", "dear", price_rule="local", allocation="historic")
    lax = one.parameters.model_copy(update={"budget": BudgetParameters(cap_enabled=False)})
    return [
        one,
        replace(one, timeline=turn, scenario_id="turn"),
        replace(one, timeline=((one.start, dear),), scenario_id="dear"),
        replace(one, parameters=lax, scenario_id="lax"),
    ]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (2, 3, 1, 0)])
def test_a_regime_is_the_same_alone_and_among_others_in_any_order(order: tuple[int, ...]) -> None:
    world, specs = lively_world(), unit_of_regimes()
    alone = {spec.scenario_id: digest(result_of(world, spec)) for spec in specs}

    together = {spec.scenario_id: digest(result) for spec, result in simulate_unit([specs[at] for at in order], world)}

    assert together == alone
    assert len(set(alone.values())) == len(specs)


def test_what_regimes_share_is_worked_out_once_for_those_of_the_same_parameters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[ParameterSet] = []
    money_of = sharing.money_of

    def counted(world: World, population: Population, parameters: ParameterSet, start_month: int) -> Any:
        made.append(parameters)
        return money_of(world, population, parameters, start_month)

    monkeypatch.setattr(sharing, "money_of", counted)
    specs = unit_of_regimes()
    for _ in simulate_unit(specs, lively_world()):
        pass
    assert made == [specs[0].parameters, specs[3].parameters]


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
