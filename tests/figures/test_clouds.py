"""A figure of points drawn at random chooses the input that matters, and its title says no more than its means do."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.figures.cloud_content import Cloud, Clouds, Differences, Input, cloud_of, parts_of
from sim.figures.cloud_plot import MOST_DOTS, draw
from sim.figures.cloud_words import message
from sim.figures.output import Finished
from sim.figures.overlap import layout_problems
from sim.figures.sheet import PRESETS
from sim.figures.style import styled
from tests.figures.studies import FONT

NAMES = ("twin_discordance", "Twins of two places treated unlike, every service alike", "percentage points")
POINTS = 100


def inputs(points: int = POINTS) -> list[Input]:
    rng = np.random.default_rng(3)
    keys = ("budget.plan_share_of_expected", "referral.non_referral_log_odds_per_hour")
    return [Input(key, "share of expected", rng.uniform(0.9, 1.1, points)) for key in keys]


def differences(slope: float, points: int = POINTS, level: float = 0.0, noise: float = 0.2) -> Differences:
    """Return differences that rise by ``slope`` from end to end of the second input."""
    x = (inputs(points)[1].values - 1.0) / 0.2
    values = level + slope * x + noise * np.random.default_rng(5).normal(size=points)
    return Differences(values, np.sign(values).astype(np.int64))


def cloud(*slopes: float, points: int = POINTS, **of: float) -> Cloud:
    regimes = {f"regime_{place}": differences(slope, points, **of) for place, slope in enumerate(slopes, start=1)}
    found = cloud_of(NAMES, inputs(points), regimes)
    assert found is not None
    return found


def content(*clouds: Cloud, replicates: int = 3) -> Clouds:
    regimes = ["national_2013", *clouds[0].by_regime]
    points = range(1, clouds[0].over.values.size + 1)
    return Clouds(clouds, regimes, regimes[0], "lhs, 100 samples", points, 2, "April 2015 to March 2018", replicates)


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
    found = [
        cloud_of(NAMES, inputs(), {"one": Differences(np.random.default_rng(seed).normal(size=POINTS), np.zeros(0))})
        for seed in range(200)
    ]

    shares = np.array([one.share for one in found if one])
    expected = np.array([one.by_chance for one in found if one])
    assert abs(shares.mean() - expected.mean()) < 3.9 * shares.std() / math.sqrt(shares.size)
    assert shares.mean() > 1.2 * (5 - 1) / (POINTS - 1)  # a single input would have less: the best of two is drawn


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
    found = cloud_of(NAMES, inputs(), {"one": rising, "two": rising, "three": falling, "four": falling, "five": level})
    assert found is not None

    assert message(content(found)).endswith(
        "three and four higher at the low end, lower at the high end; 1 other regime otherwise"
    )


def test_with_few_points_there_are_dots_alone() -> None:
    found = content(cloud(2.0, points=9))

    assert "has too few points to tell" in message(found)
    assert {row["drawn"] for row in drawn(found).rows} == {"point"}
    assert "nan" not in drawn(found).words.alt_text


def test_a_point_without_a_value_is_left_out_of_dots_means_and_shares() -> None:
    holes = differences(2.0)
    holes.values[::7] = math.nan
    found = cloud_of(NAMES, inputs(), {"one": holes})
    assert found is not None

    rows = drawn(content(found)).rows
    points = [row for row in rows if row["drawn"] == "point"]
    assert len(points) == np.isfinite(holes.values).sum()
    assert {row["place"] for row in points} == set((np.flatnonzero(np.isfinite(holes.values)) + 1).tolist())
    assert all(math.isfinite(row["difference"]) for row in rows)
    assert found.share > 0.8


def test_parts_hold_every_point_once_and_follow_the_input() -> None:
    order = np.random.default_rng(9).uniform(size=53)

    parts = parts_of(order, np.ones(53))

    assert sorted(np.concatenate(parts).tolist()) == list(range(53))
    assert [len(part) for part in parts] == [11, 11, 11, 10, 10]
    ends = [(order[part].min(), order[part].max()) for part in parts]
    assert all(one[1] < other[0] for one, other in pairwise(ends))


def test_numbers_behind_the_drawing_are_those_of_every_point_even_where_not_all_have_a_dot() -> None:
    found = content(cloud(2.0, points=3 * MOST_DOTS + 1))
    figure = drawn(found)

    assert sum(row["drawn"] == "point" for row in figure.rows) == 3 * MOST_DOTS + 1
    dots: Any = figure.page.figure.axes[0].lines[0]
    assert len(dots.get_xdata()) <= MOST_DOTS
