"""A figure of points drawn at random chooses the input that matters, and its title says no more than its means do."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from sim.figures.cloud_content import Cloud, Clouds, FloatArray, Input, cloud_of, mean_of_part, parts_of
from sim.figures.cloud_plot import MOST_DOTS, draw
from sim.figures.cloud_words import message
from sim.figures.output import Finished
from sim.figures.overlap import layout_problems
from sim.figures.sheet import PRESETS
from sim.figures.style import styled
from sim.measures.intervals import Interval, mean_interval
from tests.figures.studies import FONT

NAMES = ("twin_discordance", "Twins of two places treated unlike, every service alike", "percentage points")
POINTS = 100


def inputs(points: int = POINTS) -> list[Input]:
    rng = np.random.default_rng(3)
    keys = ("budget.plan_share_of_expected", "referral.non_referral_log_odds_per_hour")
    return [Input(key, "share of expected", rng.uniform(0.9, 1.1, points)) for key in keys]


def differences(
    slope: float, points: int = POINTS, level: float = 0.0, noise: float = 0.2, replicates: int = 6
) -> FloatArray:
    """Return differences [points, replicates] that rise by ``slope`` from end to end of the second input."""
    x = (inputs(points)[1].values - 1.0) / 0.2
    return (level + slope * x)[:, None] + noise * np.random.default_rng(5).normal(size=(points, replicates))


def cloud(*slopes: float, points: int = POINTS, **of: Any) -> Cloud:
    regimes = {f"regime_{place}": differences(slope, points, **of) for place, slope in enumerate(slopes, start=1)}
    return chosen(regimes, points)


def chosen(regimes: dict[str, FloatArray], points: int = POINTS) -> Cloud:
    found = cloud_of(NAMES, inputs(points), regimes)
    assert found is not None
    return found


def content(*clouds: Cloud) -> Clouds:
    regimes = ["national_2013", *clouds[0].by_regime]
    points, replicates = next(iter(clouds[0].by_regime.values())).shape
    numbers, years = range(1, points + 1), "April 2015 to March 2018"
    return Clouds(clouds, regimes, regimes[0], "lhs, 100 samples", numbers, 2, years, replicates)


def drawn(found: Clouds, preset: str = "wide") -> Finished:
    with styled(FONT):
        return draw(found, PRESETS[preset])


@pytest.mark.parametrize("preset", ["wide", "slide"])
@pytest.mark.parametrize("number", [1, 2, 4])
def test_no_text_overlaps_or_leaves_the_page(number: int, preset: str) -> None:
    with styled(FONT):
        assert layout_problems(drawn(content(*[cloud(2.0, -1.0)] * number), preset).page.figure) == []


def test_the_input_on_which_differences_hang_is_chosen_and_told_apart_from_chance() -> None:
    found = cloud(2.0)

    assert found.over.key == "referral.non_referral_log_odds_per_hour"
    assert found.share > 0.8
    assert 0.03 < found.by_chance < 0.1  # of one input (5 - 1) / (100 - 1)


def test_where_nothing_matters_the_best_input_explains_what_chance_does() -> None:
    rng = np.random.default_rng(17)
    found = [chosen({"one": rng.normal(size=(POINTS, 2))}) for _ in range(200)]

    shares, expected = (np.array([getattr(one, name) for one in found]) for name in ("share", "by_chance"))
    assert abs(shares.mean() - expected.mean()) < 3.9 * shares.std() / math.sqrt(shares.size)
    assert shares.mean() > 1.2 * (5 - 1) / (POINTS - 1)  # a single input would have less: the best of two is drawn


def named_sides(trials: int, luck: float, replicates: int) -> int:
    """Count of studies in which nothing differs those whose title names a side; replicates share luck over points."""
    rng = np.random.default_rng(23)
    named = 0
    for _ in range(trials):
        shared = luck * rng.normal(size=(2, 1, replicates)) + rng.normal(size=(2, POINTS, replicates))
        found = chosen({"one": shared[0], "two": shared[1]})
        ends = [end for regime in ("one", "two") for end in found.ends(regime) or ()]
        named += any(end.excludes_zero for end in ends)
    return named


@pytest.mark.parametrize("replicates", [2, 3, 8])
@pytest.mark.parametrize("luck", [0.0, 1.0])
def test_where_nothing_differs_a_title_seldom_names_a_side(
    luck: float, replicates: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.figures.cloud_content.SHUFFLES", 1)

    assert named_sides(300, luck, replicates) <= binom.ppf(1 - 1e-4, 300, 0.05)


def test_intervals_over_points_alone_would_name_sides_that_are_luck(monkeypatch: pytest.MonkeyPatch) -> None:
    def over_points(differences: FloatArray, confidence: float) -> Interval:
        return mean_interval(differences.mean(axis=1), confidence)

    monkeypatch.setattr("sim.figures.cloud_content.SHUFFLES", 1)
    monkeypatch.setattr("sim.figures.cloud_content.mean_of_part", over_points)

    assert named_sides(300, 1.0, 3) > binom.ppf(1 - 1e-4, 300, 0.05)


def test_the_interval_of_a_part_covers_when_points_differ_and_share_their_luck() -> None:
    rng = np.random.default_rng(29)
    missed = 0
    for _ in range(2000):
        block = 2.0 + rng.normal(size=(20, 1)) + 0.5 * rng.normal(size=(1, 4)) + rng.normal(size=(20, 4))
        interval = mean_of_part(block, 0.95)
        missed += not interval.low <= 2.0 <= interval.high

    assert binom.ppf(1e-4, 2000, 0.02) <= missed <= binom.ppf(1 - 1e-4, 2000, 0.05)


@pytest.mark.parametrize(
    ("slopes", "level", "words"),
    [
        ((4.0,), 0.0, "regime 1 lower at the low end, higher at the high end"),
        ((-4.0,), 0.0, "regime 1 higher at the low end, lower at the high end"),
        ((0.0,), 5.0, "regime 1 higher at both ends"),
        ((0.0,), 0.0, "regime 1 without a clear difference at either end"),
        ((2.0,), 1.0 - 0.2, "regime 1 higher at the high end, without a clear difference at the low end"),
        ((4.0, 4.0), 0.0, "regime 1 and regime 2 lower at the low end"),
        ((4.0, 4.0, 4.0), 0.0, "3 other regimes lower at the low end, higher at the high end"),
        ((4.0, -4.0, 4.0), 0.0, "regime 1 and regime 3 lower at the low end, higher at the high end; regime 2 higher"),
    ],
)
def test_the_title_says_which_side_at_which_end(slopes: Sequence[float], level: float, words: str) -> None:
    noise = 0.2 if slopes != (0.0,) or level else 1.0

    title = message(content(cloud(*slopes, level=level, noise=noise)))

    assert title.startswith("Twins of two places treated unlike, every service alike, against national 2013, by “")
    assert f"”: {words}" in title


def test_a_title_has_two_groups_of_regimes_and_counts_the_rest() -> None:
    rising, falling, level = differences(4.0), differences(-4.0), differences(0.0, level=5.0)
    found = chosen({"one": rising, "two": rising, "three": falling, "four": falling, "five": level})

    assert message(content(found)).endswith(
        "three and four higher at the low end, lower at the high end; 1 other regime otherwise"
    )


def test_with_few_points_there_are_dots_alone() -> None:
    found = content(cloud(2.0, points=9))

    assert "regime 1 with too few points to tell" in message(found)
    assert {row["drawn"] for row in drawn(found).rows} == {"point"}
    assert "nan" not in drawn(found).words.alt_text


def test_one_replicate_tells_nothing_for_sure_and_has_no_interval() -> None:
    found = content(cloud(4.0, replicates=1))
    figure = drawn(found)

    assert message(found).endswith("one replicate tells no difference for sure")
    assert {row["low"] for row in figure.rows} == {""}
    assert "interval" not in figure.words.note.replace("there are no intervals", "")
    assert "nan" not in figure.words.alt_text


def test_a_point_without_a_run_has_no_dot_and_one_that_lacks_a_replicate_is_in_no_mean() -> None:
    holes = differences(2.0)
    holes[::7] = math.nan
    holes[1::7, 0] = math.nan
    found = chosen({"one": holes})

    rows = drawn(content(found)).rows
    points = [row for row in rows if row["drawn"] == "point"]
    assert [row["place"] for row in points] == [place + 1 for place in range(POINTS) if place % 7]
    assert all(math.isfinite(row["difference"]) for row in rows)
    assert sum(end.n for _, end in found.parts("one")) == np.isfinite(holes).all(axis=1).sum()


def test_a_regime_with_too_few_points_does_not_dilute_what_the_others_say() -> None:
    few = differences(2.0)
    few[8:] = math.nan

    assert chosen({"one": differences(2.0), "two": few}).share == chosen({"one": differences(2.0)}).share


def test_equal_differences_have_no_share() -> None:
    found = chosen({"one": np.full((POINTS, 3), 0.05)})

    assert math.isnan(found.share)
    assert "nan" not in drawn(content(found)).words.alt_text
    with styled(FONT):
        assert layout_problems(drawn(content(chosen({"one": np.zeros((POINTS, 3))}))).page.figure) == []


def test_points_with_the_same_input_are_in_the_same_part() -> None:
    order = np.repeat([1.0, 2.0, 3.0], [20, 10, 30])

    parts = parts_of(order, np.ones(60))

    assert [sorted(set(order[part])) for part in parts] == [[1.0], [2.0], [3.0]]
    assert parts_of(np.ones(60), np.ones(60)) == []


def test_parts_hold_every_point_once_and_follow_the_input() -> None:
    order = np.random.default_rng(9).uniform(size=53)

    parts = parts_of(order, np.ones(53))

    assert sorted(np.concatenate(parts).tolist()) == list(range(53))
    assert [len(part) for part in parts] == [10, 11, 10, 11, 11]
    ends = [(order[part].min(), order[part].max()) for part in parts]
    assert all(one[1] < other[0] for one, other in pairwise(ends))


def test_numbers_behind_the_drawing_are_those_of_every_point_even_where_not_all_have_a_dot() -> None:
    found = content(cloud(2.0, points=3 * MOST_DOTS + 1))
    figure = drawn(found)

    assert sum(row["drawn"] == "point" for row in figure.rows) == 3 * MOST_DOTS + 1
    dots: Any = figure.page.figure.axes[0].lines[0]
    assert len(dots.get_xdata()) <= MOST_DOTS
