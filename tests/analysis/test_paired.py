import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.analysis.paired import paired_differences
from sim.measures.headline import run_table
from sim.measures.intervals import mean_interval, mean_intervals
from sim.measures.outcomes import OUTCOMES, UnknownOutcomeError
from tests.measures.synthetic import result_of, world_of

Z_AT_1E4 = 3.8906
WHOLE = {"national": [0.7, 0.72, 0.69, 0.75], "local": [0.6, 0.65, 0.66, 0.61]}
HOLED = {"national": [0.7, math.nan, 0.69, 0.75], "local": [0.6, 0.65, 0.66, 0.61]}


def runs(
    values: dict[str, Sequence[float]], measure: str = "access_from_diagnosis", service: str = "all_patients"
) -> pd.DataFrame:
    """Lay out one value per regime and replicate as several runs do."""
    rows = [
        {"regime": regime, "replicate": replicate, "value": value}
        for regime, column in values.items()
        for replicate, value in enumerate(column)
    ]
    fixed = {"measure": measure, "service": service, "geography": "nation", "area": "England"}
    return pd.DataFrame(rows).assign(period_start="all", **fixed)


def compared(values: dict[str, Sequence[float]], baseline: str = "national", **names: str) -> Any:
    table = paired_differences(runs(values, **names), baseline)
    return table[table["regime"] == "local"].iloc[0]


def test_a_constant_gain_is_seen_through_noise_that_pairs_share() -> None:
    noise = np.random.default_rng(1).normal(0.5, 0.2, 6)

    row = compared({"national": noise, "local": noise + 0.03})

    assert row.difference == pytest.approx(0.03)
    assert row.difference_high - row.difference_low == pytest.approx(0, abs=1e-12)
    assert row.mean_high - row.mean_low > 0.1
    assert (row.verdict, row.distinguishable, row.pairs, row.dropped_pairs) == ("larger", True, 6, 0)


@pytest.mark.parametrize(
    ("differences", "verdict", "distinguishable"),
    [
        ([0.030, 0.031, 0.032], "larger", True),
        ([-0.030, -0.031, -0.032], "smaller", True),
        ([0.004, 0.005, 0.006], "equivalent", True),
        ([-0.001, 0.0, 0.001], "equivalent", False),
        ([-0.1, 0.0, 0.1], "not distinguishable", False),
        ([0.011, 0.02, 0.03], "not distinguishable", False),
        ([0.005, 0.010, 0.015], "not distinguishable", False),
        ([0.009, 0.010, 0.012], "cannot be told", True),
    ],
)
def test_verdicts_on_access(differences: list[float], verdict: str, distinguishable: bool) -> None:
    base = np.array([0.4, 0.5, 0.6])

    row = compared({"national": base, "local": base + differences})

    assert (row.verdict, row.distinguishable) == (verdict, distinguishable)


def test_what_matters_is_relative_for_cost() -> None:
    base = np.array([1e9, 1.1e9, 0.9e9])

    row = compared({"national": base, "local": base + 4e6}, measure="cost_total_gbp", service="all")

    assert row.smallest_difference == pytest.approx(0.005 * 1e9)
    assert row.verdict == "equivalent"


def test_one_replicate_has_no_interval() -> None:
    row = compared({"national": [0.5], "local": [0.9]})

    assert row.difference == pytest.approx(0.4)
    assert math.isnan(row.difference_low)
    assert math.isnan(row.mean_high)
    assert (row.verdict, row.distinguishable, row.pairs) == ("no verdict", False, 1)


def test_a_pair_with_a_hole_is_dropped_from_every_number_and_counted() -> None:
    row = compared({"national": [1.0, 0.2, 0.3, 0.4], "local": [math.nan, 0.3, 0.4, 0.5, 9.0]})

    assert (row.pairs, row.dropped_pairs) == (3, 2)
    assert (row["mean"], row.baseline_mean) == (pytest.approx(0.4), pytest.approx(0.3))
    assert row.difference == pytest.approx(0.1)


def test_no_pair_at_all_tells_nothing() -> None:
    row = compared({"national": [math.nan, 0.2], "local": [0.3, math.nan]}, measure="qalys", service="all")

    assert math.isnan(row.difference)
    assert (row.verdict, row.pairs, row.dropped_pairs) == ("no verdict", 0, 2)


def test_the_baseline_comes_first_and_is_compared_with_nothing() -> None:
    table = paired_differences(runs({"a": [0.1, 0.2], "national": [0.3, 0.4], "b": [0.5, 0.6]}), "national")

    assert table["regime"].tolist() == ["national", "a", "b"]
    assert set(table["baseline"]) == {"national"}
    assert table["verdict"][0] == "baseline"
    assert table["difference"][0] == 0.0


def test_an_unknown_baseline_is_refused() -> None:
    with pytest.raises(ValueError, match="'nowhere'"):
        paired_differences(runs({"national": [1.0]}), "nowhere")


def test_a_value_given_twice_is_refused() -> None:
    once = runs({"national": [0.1, 0.2]})

    with pytest.raises(ValueError, match="two values"):
        paired_differences(pd.concat([once, once]), "national")


def test_an_unregistered_measure_is_refused() -> None:
    with pytest.raises(UnknownOutcomeError, match="luck"):
        paired_differences(runs({"national": [0.1]}, measure="luck"), "national")


def test_order_of_rows_does_not_matter() -> None:
    table = runs({"national": [0.1, 0.2, 0.4], "local": [0.2, 0.2, 0.3]})

    shuffled = table.sample(frac=1, random_state=3)

    pd.testing.assert_frame_equal(paired_differences(table, "national"), paired_differences(shuffled, "national"))


def test_pairing_covers_the_truth_and_ignoring_it_covers_too_much() -> None:
    rng = np.random.default_rng(2)
    trials, n = 600, 5
    shared = rng.normal(0, 1, (trials, n))
    values = shared + 0.3 + 0.1 * rng.standard_normal((trials, n))
    bound = Z_AT_1E4 * math.sqrt(0.95 * 0.05 / trials)
    got = [compared({"national": b, "local": v}) for b, v in zip(shared, values, strict=True)]

    covered = np.mean([row.difference_low < 0.3 < row.difference_high for row in got])
    half = [
        2.306 * math.hypot(np.std(b, ddof=1), np.std(v, ddof=1)) / math.sqrt(n)
        for b, v in zip(shared, values, strict=True)
    ]
    unpaired = np.mean(np.abs((values - shared).mean(axis=1) - 0.3) < half)

    assert abs(covered - 0.95) < bound
    assert abs(unpaired - 0.95) > bound


def test_whole_runs_compare_in_reading_order() -> None:
    world = world_of(places=12, areas=4)
    frames = [
        pd.DataFrame(run_table(result_of(seed=seed), world, 2)).assign(regime=regime, replicate=seed)
        for regime, seeds in (("national", (1, 2)), ("local", (1, 2)))
        for seed in seeds
    ]

    table = paired_differences(pd.concat(frames), "national")

    assert list(dict.fromkeys(table["measure"])) == list(OUTCOMES)
    assert table["service"].tolist()[0] == "all_patients"
    told = table[(table["regime"] == "local") & (table["pairs"] == 2)]
    assert set(told["difference"]) == {0.0}
    assert set(told["verdict"]) == {"equivalent"}


def test_many_rows_at_once_have_the_numbers_of_one_at_a_time() -> None:
    rng = np.random.default_rng(31)
    for replicates in (1, 2, 7, 40):
        values = rng.normal(0.7, 0.1, (5, 3, replicates))
        for confidence in (0.95, 0.5):
            means, lows, highs = mean_intervals(values, confidence)
            for at in np.ndindex(5, 3):
                one = mean_interval(values[at], confidence)
                np.testing.assert_array_equal([means[at], lows[at], highs[at]], [one.mean, one.low, one.high])


def test_a_hole_in_one_row_changes_no_other() -> None:
    rows = [runs(given, measure) for given, measure in ((WHOLE, "access_from_diagnosis"), (HOLED, "access_from_onset"))]

    both = paired_differences(pd.concat(rows), "national")

    alone = [paired_differences(part, "national") for part in rows]
    pd.testing.assert_frame_equal(both, pd.concat(alone, ignore_index=True), check_exact=True)
    assert both["dropped_pairs"].tolist() == [0, 0, 1, 1]
