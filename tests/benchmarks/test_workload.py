"""Benchmark W: its implementations follow one law, and the keyed ones agree in every count."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import t as student

from benchmarks.workload import DIGESTS, MONTHLY, WEEKLY, c_program, columnar, engine, mesa_objects
from benchmarks.workload.__main__ import Case, check, for_targets, tabulate
from benchmarks.workload.law import COMMISSIONERS, SEED, STATES, World, digest, draw_world
from benchmarks.workload.made import Made
from tests.benchmarks.reading import Reading

needs_compiler = pytest.mark.skipif(c_program.compiler() is None, reason="no C compiler")

SMALL = 2_000
MANY, FEW = 40, 6
ERROR = 1e-4


def test_the_world_is_the_one_on_record() -> None:
    world = draw_world(100_000)

    assert world.size == 100_000
    assert world.cost[:4].tolist() == [1, 8, 5, 2]
    assert int(world.budget.sum()) == sum(
        int(0.075 * world.cost[world.service[world.commissioner == payer]].sum()) for payer in range(COMMISSIONERS)
    )


@pytest.mark.parametrize("per_year", [MONTHLY, pytest.param(WEEKLY, marks=pytest.mark.slow)])
def test_the_engine_counts_what_a_plain_reading_of_the_rules_counts(per_year: int) -> None:
    world = draw_world(300, per_year)

    read = np.array(Reading(world, SEED).counts())

    assert (read[-1].sum(axis=0) > 0).sum() >= STATES - 1
    np.testing.assert_array_equal(engine.run(world).counts, read)


def test_the_engine_keeps_the_counts_on_record() -> None:
    made = engine.run(draw_world(10_000))

    assert digest(made.counts) == DIGESTS[10_000]
    assert made.events == 40_966
    assert made.counts[-1].sum(axis=0).tolist() == [250, 61, 136, 832, 1664, 3893, 3164]


@needs_compiler
@pytest.mark.parametrize(("size", "per_year"), [(10_000, MONTHLY), (SMALL, WEEKLY)])
def test_the_c_program_agrees_with_the_engine(size: int, per_year: int) -> None:
    world = draw_world(size, per_year)

    in_c, here = c_program.run(world), engine.run(world)

    np.testing.assert_array_equal(in_c.counts, here.counts)
    assert in_c.events == here.events


def national(run: Callable[[World, int], Made], seeds: range) -> np.ndarray:
    """Return patients by state half-way and at the end, one row a seed."""
    world = draw_world(SMALL)
    runs = [run(world, seed).counts.sum(axis=1) for seed in seeds]
    return np.array([np.concatenate([counts[59], counts[-1]]) for counts in runs])


@pytest.mark.parametrize(("run", "runs"), [(columnar.run, MANY), (mesa_objects.run, FEW)])
def test_numpy_and_mesa_follow_the_same_law(run: Callable[[World, int], Made], runs: int) -> None:
    expected, found = national(engine.run, range(100, 100 + MANY)), national(run, range(runs))

    spread = expected.std(axis=0, ddof=1)
    apart = np.abs(found.mean(axis=0) - expected.mean(axis=0)) / (spread * np.sqrt(1 / runs + 1 / MANY))
    assert apart.max() < student.ppf(1 - ERROR / 2 / apart.size, MANY - 1)


@pytest.mark.parametrize("run", [engine.run, columnar.run, mesa_objects.run])
def test_every_implementation_counts_everyone_and_every_change(run: Callable[[World, int], Made]) -> None:
    world = draw_world(500)

    made = run(world, SEED)

    everyone = np.bincount(world.commissioner, minlength=COMMISSIONERS)
    assert made.counts.shape == (120, COMMISSIONERS, STATES)
    assert (made.counts.sum(axis=2) == everyone).all()
    assert made.events > 500
    assert made.cpu_s > 0
    assert made.peak_mb > 1


ENGINE = Case("engine", 10_000, MONTHLY)
FOUND = {"cpu_s": 0.1, "events": 40_966, "peak_mb": 100.0, "digest": DIGESTS[10_000]}


def test_a_wrong_count_is_no_benchmark() -> None:
    check({ENGINE: FOUND, ENGINE._replace(implementation="numpy"): FOUND | {"digest": "another"}})

    with pytest.raises(RuntimeError, match="are not 00921b927e10"):
        check({ENGINE: FOUND | {"digest": "another"}})
    weekly = ENGINE._replace(per_year=WEEKLY)
    with pytest.raises(RuntimeError, match="counts two are not one"):
        check({weekly: FOUND | {"digest": "two"}, weekly._replace(implementation="C"): FOUND | {"digest": "one"}})


def test_ratios_are_taken_inside_a_round() -> None:
    mesa, weekly = ENGINE._replace(implementation="Mesa"), ENGINE._replace(per_year=WEEKLY)
    rounds = [
        {ENGINE: FOUND, mesa: FOUND | {"cpu_s": 10.0}, weekly: FOUND | {"cpu_s": 0.12}},
        {ENGINE: FOUND | {"cpu_s": 0.2}, mesa: FOUND | {"cpu_s": 20.0}, weekly: FOUND | {"cpu_s": 0.24}},
    ]

    assert for_targets(rounds, [10_000]) == pytest.approx(
        {"mesa_over_engine_10000": 100.0, "weekly_over_monthly_10000": 1.2}
    )
    assert tabulate(rounds).rows[0] == ("engine", "10,000", "month", "0.1500", "3,662", "100.0", "", "100")
