"""The interval of a difference holds however often one looks; the plain one does not."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy.special import ndtri, stdtrit
from scipy.stats import binom

from sim.analysis.looks import level_of_looks
from sim.analysis.paired import compare_regimes
from sim.analysis.savings import Savings, savings_of
from sim.analysis.stopping import FloatArray, allowing_for_looks, look_at, pairs_of, worst
from sim.measures.intervals import paired_interval
from sim.report.table import measured_ones
from sim.specification.axes import Axis
from sim.specification.run import Study
from sim.specification.until import Stopping, Until
from tests.study import fakes

MEASURE = "access_from_diagnosis"
PATHS, CHANCE = 20_000, 1e-4
RULE = Until(0.01, MEASURE, "north", "south", most_replicates=40)
LEVEL = level_of_looks(Stopping((RULE,), 4).looks_allowed_for, 0.95)


def study(*rules: Until, replicates: int = 9, first: int = 4, **changes: Any) -> Study:
    return fakes.study(replicates=replicates, stopping=Stopping(rules or (RULE,), first), **changes)


def frame(values: dict[str, Sequence[float]], service: str = "all_patients", point: int = 1) -> pd.DataFrame:
    rows = [
        {"measure": MEASURE, "geography": "nation", "period_start": "all", "service": service, "point": point}
        | {"regime": regime, "replicate": number, "value": value}
        for regime, found in values.items()
        for number, value in enumerate(found)
    ]
    return pd.DataFrame(rows)


def drawn(replicates: int = 40, spread: float = 0.01) -> dict[str, list[float]]:
    rng = np.random.default_rng(7)
    common = rng.normal(0.7, 0.05, replicates)
    return {"north": (common + rng.normal(0.02, spread, replicates)).tolist(), "south": common.tolist()}


def half_widths(values: FloatArray, level: float) -> FloatArray:
    count = values.shape[1]
    return np.asarray(stdtrit(count - 1, 0.5 + level / 2) * values.std(axis=1, ddof=1) / math.sqrt(count))


def beyond(values: FloatArray, level: float) -> npt.NDArray[np.bool_]:
    """Tell of each study whether the interval of its mean misses 0."""
    return np.abs(values.mean(axis=1)) > half_widths(values, level)


def misses(first: int, most: int, half_width: float, naive: bool) -> tuple[int, int]:
    """Count of 20,000 studies of normal differences around 0 those whose interval misses it, at the end and ever."""
    rule = Stopping((Until(half_width, MEASURE, "a", "b", most_replicates=most),), first)
    looks = rule.looks
    values = np.random.default_rng(11).normal(size=(PATHS, most))
    going, missed, ever = np.ones(PATHS, bool), np.zeros(PATHS, bool), np.zeros(PATHS, bool)
    level = 0.95 if naive else level_of_looks(rule.looks_allowed_for, 0.95)
    for count in looks:
        half, wrong = half_widths(values[:, :count], level), beyond(values[:, :count], level)
        stops = going & ((half <= half_width) | (count == most))
        missed |= stops & wrong
        ever |= wrong
        going &= ~stops
    return int(missed.sum()), int(ever.sum())


@pytest.mark.parametrize(("first", "half_width"), [(2, 1.0), (2, 0.4), (4, 0.5), (8, 0.5)])
def test_the_interval_covers_at_its_confidence_however_one_stops(first: int, half_width: float) -> None:
    most_by_chance = binom.ppf(1 - CHANCE, PATHS, 0.05)
    at_the_end, ever = misses(first, 60, half_width, naive=False)

    assert at_the_end <= most_by_chance
    assert ever <= most_by_chance


@pytest.mark.parametrize(("first", "half_width"), [(2, 0.4), (4, 0.5)])
def test_looking_again_and_again_at_a_plain_interval_fails(first: int, half_width: float) -> None:
    most_by_chance = binom.ppf(1 - CHANCE, PATHS, 0.05)
    at_the_end, ever = misses(first, 60, half_width, naive=True)

    assert at_the_end > most_by_chance
    assert ever > 3 * most_by_chance


def test_a_look_is_student_s_t_at_the_level_of_the_look() -> None:
    values = drawn()
    [look] = look_at(study(), frame(values))

    expected = paired_interval(values["north"][:9], values["south"][:9], LEVEL)
    assert (look.number, look.replicates, look.service) == (3, 9, "all_patients")
    assert look.interval == expected
    assert look.half_width == pytest.approx((expected.high - expected.low) / 2)
    assert look.narrow == (look.half_width <= 0.01)


def test_an_earlier_look_is_the_same_whatever_came_after() -> None:
    values = drawn()
    early = {name: found[:6] for name, found in values.items()}

    assert look_at(study(), frame(values), 6) == look_at(study(replicates=6), frame(early))


def test_a_study_that_may_have_more_replicates_later_keeps_its_intervals() -> None:
    values = frame(drawn())
    more = [replace(RULE, most_replicates=count) for count in (40, 64, 200, 1000)]

    widths = [look_at(study(rule), values)[0].half_width for rule in more]

    assert widths == pytest.approx([widths[0]] * 4, rel=5e-3)  # a number of its own for the last look moves it a little


def test_raising_the_most_replicates_now_and_again_misses_no_more_often() -> None:
    """Nobody is narrow enough: all looks of a study of at most 9, then at most 20, then at most 200 are taken."""
    values = np.random.default_rng(13).normal(size=(PATHS, 200))
    ever = np.zeros(PATHS, bool)
    for most in (9, 20, 200):
        rules = Stopping((replace(RULE, most_replicates=most),), 4)
        for count in rules.looks:
            ever |= beyond(values[:, :count], level_of_looks(rules.looks_allowed_for, 0.95))

    assert ever.sum() <= binom.ppf(1 - CHANCE, PATHS, 0.05)


def test_a_replicate_that_lacks_one_side_is_no_pair() -> None:
    values = {"north": [0.7, math.nan, 0.8, 0.9], "south": [0.6, 0.6, 0.6]}

    _, pairs = pairs_of(frame(values), RULE)

    assert pairs.replicates.tolist() == [0, 2]
    assert pairs.differences == pytest.approx([0.1, 0.2])
    assert pairs.up_to(2).replicates.tolist() == [0]


def test_less_than_two_pairs_and_pairs_that_are_all_alike_are_never_narrow() -> None:
    single = look_at(study(), frame({"north": [0.7], "south": [0.6]}))
    alike = look_at(study(), frame({"north": [0.75] * 9, "south": [0.5] * 9}))

    assert [look.half_width for look in (*single, *alike)] == [math.inf, math.inf]
    assert not any(look.narrow or look.done for look in (*single, *alike))


def test_a_rule_is_done_when_it_is_narrow_or_has_had_its_replicates() -> None:
    rules = (replace(RULE, half_width=1.0), replace(RULE, half_width=1e-9, most_replicates=9), RULE)
    wide = replace(RULE, half_width=1e-9)

    looks = look_at(study(*rules, wide), frame(drawn()))

    assert [(look.narrow, look.done) for look in looks[:2]] == [(True, True), (False, True)]
    assert not looks[3].done


def test_what_nobody_measured_has_no_pairs() -> None:
    service, pairs = pairs_of(frame(drawn()), replace(RULE, services="all_services"))

    assert service == "all_services"
    assert pairs.differences.size == 0


def test_of_several_points_the_worst_counts() -> None:
    axis = Axis("waiting.capacity_scale", "", (0.9, 1.1))
    rows = pd.concat([frame(drawn()), frame(drawn(spread=0.03), point=2)])

    looks = look_at(study(axes=(axis,)), rows)

    assert [look.point for look in looks] == [1, 2]
    assert [look.point for look in worst(looks)] == [2]


def test_the_table_has_the_wider_interval_for_the_contrast_alone() -> None:
    values = {name: found[:9] for name, found in drawn().items()} | {"west": drawn(9, 0.02)["north"]}
    rows = frame(values)
    plain = measured_ones(compare_regimes(rows, "south"))

    shown = {row.regime: row for row in allowing_for_looks(plain, study())}
    before = {row.regime: row for row in plain}

    wide = paired_interval(values["north"], values["south"], LEVEL)
    assert shown["north"].difference_low == pytest.approx(wide.low)
    assert shown["north"].difference_high == pytest.approx(wide.high)
    assert shown["west"] == before["west"]
    assert shown["south"] == before["south"]


def test_a_verdict_that_only_a_plain_interval_allows_is_taken_back() -> None:
    differences = [0.0, 0.011, 0.03, -0.004, 0.02, 0.009, 0.03, -0.003, 0.014]
    values = {"south": [0.5] * 9, "north": [0.5 + part for part in differences]}
    plain = measured_ones(compare_regimes(frame(values), "south"))

    [before] = [row for row in plain if row.regime == "north"]
    [after] = [row for row in allowing_for_looks(plain, study()) if row.regime == "north"]

    assert before.distinguishable
    assert not after.distinguishable
    assert after.verdict == "not distinguishable"


def test_a_study_without_rules_keeps_its_table() -> None:
    plain = measured_ones(compare_regimes(frame(drawn(4)), "south"))

    assert allowing_for_looks(plain, fakes.study()) == plain
    assert look_at(fakes.study(), frame(drawn(4))) == []


def test_savings_follow_from_the_variances_of_each_regime() -> None:
    values = drawn()
    [look] = look_at(study(replace(RULE, half_width=0.05)), frame(values))
    saved = savings_of(look, pairs_of(frame(values), RULE)[1])

    assert saved is not None
    first, second = (np.array(values[name][:9]) for name in ("north", "south"))
    assert saved.first_variance == pytest.approx(first.var(ddof=1))
    assert saved.difference_variance == pytest.approx((first - second).var(ddof=1))
    variance = first.var(ddof=1) + second.var(ddof=1)
    assert saved.independent == math.ceil(ndtri(0.5 + LEVEL / 2) ** 2 * variance / 0.05**2)
    assert saved.independent_known == math.ceil(1.959964**2 * variance / 0.05**2)
    assert (saved.made, saved.saved) == (18, 2 * saved.independent - 18)


def test_without_the_half_width_asked_for_the_one_reached_is_compared() -> None:
    values = drawn()
    [look] = look_at(study(replace(RULE, half_width=1e-9)), frame(values))
    saved = savings_of(look, pairs_of(frame(values), RULE)[1])

    assert saved is not None
    assert saved.half_width == look.half_width


def test_independent_replication_of_that_many_has_that_half_width() -> None:
    saved = Savings(20, 0.1, 2.8, 1.959964, 1.0, 3.0, 0.04)
    means = np.random.default_rng(5).normal(0, [1.0, math.sqrt(3.0)], (200_000, 2))
    means /= math.sqrt(saved.independent_known)

    outside = int((np.abs(means[:, 0] - means[:, 1]) > saved.half_width).sum())

    assert binom.ppf(CHANCE, 200_000, 0.05) * 0.98 <= outside <= binom.ppf(1 - CHANCE, 200_000, 0.05)
    assert saved.by_pairing == pytest.approx(100.0)


def test_nothing_is_told_of_savings_without_variance() -> None:
    values = {"north": [0.75] * 9, "south": [0.5] * 9}
    [look] = look_at(study(), frame(values))

    assert savings_of(look, pairs_of(frame(values), RULE)[1]) is None
