"""Indices of functions whose indices are known; luck is measured, and is never told as an effect."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.analysis.chance import ABOVE_CHANCE, CHANCE_UNKNOWN, NOT_ABOVE_CHANCE, chance_of
from sim.analysis.emulator import LEAST_R2, fit, held_out
from sim.analysis.sensitivity import FIRST, MU_STAR, TOTAL, Sensitivity, morris, sobol
from sim.analysis.sensitivity_emulated import sobol_of_emulator
from sim.analysis.space import CannotAnalyseError, Space
from sim.specification.axes import Axis, Interval
from sim.specification.design import Design
from sim.specification.sampling import unit_points
from tests.analysis import sampled
from tests.analysis.sampled import ISHIGAMI, ishigami, latin, replicated, saltelli, trajectories

LINE = Space.of_numbers(("a", "b", "inert"), (0.0,) * 3, (1.0,) * 3)


def by_input(found: Sensitivity, index: str) -> dict[str, Any]:
    return {one.input: one for one in found.of(index)}


def check_ishigami(found: Sensitivity) -> None:
    for index, truth in ((FIRST, sampled.FIRST), (TOTAL, sampled.TOTAL)):
        for name, value in zip(ISHIGAMI.names, truth, strict=True):
            one = by_input(found, index)[name]
            assert one.low - 1e-3 <= value <= one.high + 1e-3, one
    assert by_input(found, FIRST)["inert"].low <= 0.0
    for index in (FIRST, TOTAL):
        assert by_input(found, index)["inert"].verdict == NOT_ABOVE_CHANCE


@pytest.mark.parametrize("second", [False, True], ids=["first and total", "with pairs"])
def test_sobol_on_the_model_reproduces_ishigami(second: bool) -> None:
    points = saltelli(ISHIGAMI, 1024, second)

    found = sobol(ISHIGAMI, points, replicated(ishigami(points), 2, 0.0), seed=0)

    check_ishigami(found)
    assert found.n == 1024
    assert by_input(found, TOTAL)["inert"].low <= 0.0
    assert by_input(found, TOTAL)["x3"].verdict == ABOVE_CHANCE


def test_sobol_on_an_emulator_reproduces_ishigami_and_says_how_well_it_foretells() -> None:
    points = latin(ISHIGAMI, 160)

    found = sobol_of_emulator(ISHIGAMI, points, replicated(ishigami(points), 2, 0.1), seed=2)

    check_ishigami(found)
    assert found.emulated is not None
    assert found.emulated.held_out_r2 > LEAST_R2
    assert by_input(found, FIRST)["x1"].chance == pytest.approx(1.0 - found.emulated.held_out_r2)


def test_held_out_intervals_hold_as_many_points_as_they_say() -> None:
    points = latin(LINE, 100)
    means = replicated(np.sin(3 * points[:, 0]) + points[:, 1], 4, 0.2).mean(axis=1)

    emulator = fit(LINE, points, means, 0.2**2 / 4, seed=1)
    score = held_out(emulator, points, means, seed=1)

    # 100 points at 95 %: outside 85 to 100 once in 10,000.
    assert 0.85 <= score.coverage <= 1.0
    assert score.r2 > 0.8


def test_an_emulator_of_noise_is_refused() -> None:
    points = latin(LINE, 40)

    with pytest.raises(CannotAnalyseError, match="foretells points that it has not seen too badly: R²"):
        sobol_of_emulator(LINE, points, replicated(np.zeros(40), 3, 1.0), seed=1)


def test_too_few_points_for_an_emulator_are_refused() -> None:
    points = latin(LINE, 14)

    with pytest.raises(CannotAnalyseError, match="3 inputs want 15"):
        sobol_of_emulator(LINE, points, replicated(points[:, 0], 2, 0.1), seed=1)


@pytest.mark.parametrize("common", [0.0, 2.0], ids=["own luck", "luck that moves all points alike"])
def test_the_share_of_luck_is_right(common: float) -> None:
    rng = np.random.default_rng(4)
    signal, noise, replicates = rng.standard_normal(4000), 0.8, 4

    outputs = replicated(signal, replicates, noise) + common * rng.standard_normal(replicates)
    found = chance_of(outputs)

    luck = noise**2 + float((outputs.mean(axis=0) - signal.mean()).var(ddof=1))
    assert found.of_runs == pytest.approx(luck / (luck + 1.0), abs=0.03)
    assert found.of_means == pytest.approx(noise**2 / 4 / (noise**2 / 4 + 1.0), abs=0.02)
    assert found.variance == pytest.approx(noise**2 / 4, rel=0.05)


def test_luck_makes_totals_of_an_inert_input_that_are_not_told_as_effects() -> None:
    points = saltelli(LINE, 512)
    found = sobol(LINE, points, replicated(points[:, 0], 2, 0.3), seed=1)
    inert = by_input(found, TOTAL)["inert"]

    assert inert.low > 0.0  # what SALib alone would give as a finding
    assert inert.low <= inert.chance <= inert.high + 0.05
    assert inert.verdict == NOT_ABOVE_CHANCE
    assert by_input(found, FIRST)["a"].verdict == ABOVE_CHANCE


def test_one_replicate_leaves_chance_unknown() -> None:
    points = saltelli(LINE, 64)
    found = sobol(LINE, points, replicated(points[:, 0], 1, 0.0), seed=1)

    assert math.isnan(found.chance.of_runs)
    assert by_input(found, TOTAL)["a"].verdict == CHANCE_UNKNOWN
    assert by_input(found, TOTAL)["inert"].verdict == NOT_ABOVE_CHANCE


def test_morris_gives_slopes_and_what_luck_gives_an_inert_input() -> None:
    points = trajectories(LINE, 200)
    outputs = replicated(3 * points[:, 0] - 2 * points[:, 1], 4, 0.2)

    found = by_input(morris(LINE, points, outputs, levels=4, seed=1), MU_STAR)

    assert found["a"].mu == pytest.approx(3.0, abs=0.06)
    assert found["b"].mu == pytest.approx(-2.0, abs=0.06)
    assert found["inert"].chance == pytest.approx(2 * 0.1 / (math.sqrt(math.pi) * 2 / 3), rel=0.1)
    assert found["inert"].value == pytest.approx(found["inert"].chance, rel=0.3)
    assert [found[name].verdict for name in LINE.names] == [ABOVE_CHANCE, ABOVE_CHANCE, NOT_ABOVE_CHANCE]


def test_morris_screens_choices_and_whole_numbers() -> None:
    space = Space(
        ("lever", "number", "share"),
        (0.0, 1.0, 0.0),
        (2.0, 3.0, 1.0),
        ("choice", "whole", "continuous"),
        (("a", "b", "c"), (), ()),
        ("",) * 3,
    )
    points = trajectories(space, 40)
    outputs = replicated(points[:, 1] + 0.5 * (points[:, 0] == 2), 2, 0.0)

    found = by_input(morris(space, points, outputs, levels=4, seed=1), MU_STAR)

    assert (found["share"].value, found["share"].verdict) == (0.0, NOT_ABOVE_CHANCE)
    assert found["number"].verdict == found["lever"].verdict == ABOVE_CHANCE


@pytest.mark.parametrize("levels", [4, 6])
def test_every_kind_of_input_has_its_effect_over_its_whole_range(levels: int) -> None:
    kinds = {
        "share": Axis("a.share", "", (0.0, 1.0), Interval(0.0, 1.0)),
        "switch": Axis("a.switch", "", (False, True)),
        "three": Axis("a.three", "", ("x", "y", "z")),
        "whole 0 to 2": Axis("a.two", "", (0, 2), Interval(0, 2, whole=True)),
        "five": Axis("a.five", "", tuple("vwxyz")),
    }
    shares = unit_points(Design("morris", trajectories=30, levels=levels, seed=1), len(kinds))
    columns = [
        [axis.at(share, levels) for share in column]
        for axis, column in zip(kinds.values(), zip(*shares, strict=True), strict=True)
    ]
    options = [axis.values if isinstance(axis.values[0], str | bool) else () for axis in kinds.values()]
    points = np.column_stack(
        [
            [list(known).index(value) if known else value for value in column]
            for known, column in zip(options, columns, strict=True)
        ]
    ).astype(float)
    space = Space(
        tuple(kinds),
        (0.0,) * len(kinds),
        (1.0, 1.0, 2.0, 2.0, 4.0),
        ("continuous", "choice", "choice", "whole", "choice"),
        tuple(tuple(map(str, known)) for known in options),
        ("",) * len(kinds),
    )
    outputs = replicated(space.scaled(points).sum(axis=1), 2, 0.0)

    found = by_input(morris(space, points, outputs, levels, seed=1), MU_STAR)

    assert [found[name].value for name in kinds] == pytest.approx([1.0] * len(kinds))


def shuffled(points: Any) -> Any:
    return points[np.random.default_rng(1).permutation(len(points))]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda points: points[:-1], "no whole Saltelli design of 3 inputs"),
        (shuffled, "no whole Saltelli design"),
        (lambda points: points[: 48 * 5], "N = 48 base samples is no power of 2"),
        (lambda points: points[: 8 * 5], "too few for an interval"),
    ],
    ids=["a hole", "another order", "not a power of 2", "too few"],
)
def test_other_designs_are_refused_for_sobol(change: Callable[[Any], Any], words: str) -> None:
    points = change(saltelli(LINE, 64))

    with pytest.raises(CannotAnalyseError, match=words):
        sobol(LINE, points, replicated(points[:, 0], 2, 0.1), seed=1)


@pytest.mark.parametrize("change", [lambda points: points[:-1], shuffled], ids=["a hole", "another order"])
def test_other_designs_are_refused_for_morris(change: Callable[[Any], Any]) -> None:
    points = change(trajectories(LINE, 20))

    with pytest.raises(CannotAnalyseError, match="no Morris"):
        morris(LINE, points, replicated(points[:, 0], 2, 0.1), levels=4, seed=1)


def test_outputs_that_are_not_finite_are_refused_by_point() -> None:
    points = saltelli(LINE, 64)
    outputs = replicated(points[:, 0], 2, 0.1)
    outputs[[4, 9], 1] = [np.nan, np.inf]

    for analyse in (
        lambda: sobol(LINE, points, outputs, 1),
        lambda: sobol_of_emulator(LINE, points, outputs, 1),
        lambda: morris(LINE, points, outputs, 4, 1),
    ):
        with pytest.raises(CannotAnalyseError, match="2 of 320 points lack a finite output: 5, 10"):
            analyse()


def test_an_output_that_never_changes_is_refused() -> None:
    points = saltelli(LINE, 64)

    with pytest.raises(CannotAnalyseError, match="the same at every point"):
        sobol(LINE, points, np.ones((len(points), 2)), seed=1)


def test_the_same_seed_gives_the_same_answer() -> None:
    points = saltelli(LINE, 64)
    outputs = replicated(points[:, 0], 2, 0.1)

    assert sobol(LINE, points, outputs, seed=0) == sobol(LINE, points, outputs, seed=0)
    assert sobol(LINE, points, outputs, seed=0) != replace(sobol(LINE, points, outputs, seed=9))
