"""The figure of points drawn at random is made from differences as tables show them, over inputs that are numbers."""

import numpy as np
import pandas as pd
import pytest

from sim.report.clouds import clouds_of
from sim.report.sweep import LINES, swept
from sim.specification.load import load_study
from sim.specification.run import Study
from sim.study.collect import Collected
from tests.report.test_table import runs

SHARE, YEAR_END = "budget.plan_share_of_expected", "levers.year_end"
LHS = "design={method: lhs, samples: 4}"


def study(*more: str) -> Study:
    return load_study("regional_2013", ["replicates=2", f"vary.{SHARE}=prior", LHS, *more])


def rows_of(given: Study, replicates: int = 2) -> pd.DataFrame:
    return pd.concat([runs(replicates).assign(point=point.number) for point in given.points], ignore_index=True)


def test_every_headline_outcome_has_the_differences_of_the_table_in_the_unit_in_which_it_is_shown() -> None:
    given = study()
    frame = rows_of(given)
    frame["value"] *= 1 + 0.1 * frame["point"] * (frame["regime"] == "scg_2006")

    content = clouds_of(given, frame, ["key"])

    assert content is not None
    assert [cloud.measure for cloud in content.clouds] == [measure for measure, _ in LINES]
    found = swept(given, Collected(frame))
    for cloud, line in zip(content.clouds, LINES, strict=True):
        factor = {"access_from_diagnosis": 100.0, "twin_discordance": 100.0, "cost_total_gbp": 1e-6}.get(line[0], 1.0)
        rows = [entry.compared.find(*line, "scg_2006") for entry in found]
        assert cloud.means("scg_2006") == pytest.approx([factor * row.difference for row in rows if row])
    assert content.points == [1, 2, 3, 4]


def test_the_inputs_are_those_of_the_points_in_their_order() -> None:
    given = study()

    content = clouds_of(given, rows_of(given).sample(frac=1.0, random_state=1), [])

    assert content is not None
    assert {cloud.over.key for cloud in content.clouds} == {SHARE}
    assert content.clouds[0].over.values.tolist() == [dict(point.values)[SHARE] for point in given.points]


def test_a_benchmark_and_the_baseline_have_no_dots() -> None:
    given = study()

    content = clouds_of(given, rows_of(given), [])

    assert content is not None
    benchmarks = {scenario.id for scenario in given.compare if scenario.benchmark}
    assert benchmarks
    for cloud in content.clouds:
        assert not set(cloud.by_regime) & {given.baseline, *benchmarks}


def test_a_run_that_is_missing_leaves_a_hole() -> None:
    given = study()
    frame = rows_of(given)
    lost = (frame["regime"] == "scg_2006") & (frame["point"] == 3) & (frame["replicate"] == 1)

    content = clouds_of(given, frame[~lost], [])

    assert content is not None
    for cloud in content.clouds:
        assert np.argwhere(np.isnan(cloud.by_regime["scg_2006"])).tolist() == [[2, 1]]


@pytest.mark.parametrize("design", ["{method: morris, trajectories: 2}", "{method: saltelli, samples: 2}"])
def test_points_that_share_values_are_not_drawn(design: str) -> None:
    given = load_study("regional_2013", ["replicates=2", f"vary.{SHARE}=prior", f"design={design}"])

    assert clouds_of(given, rows_of(given), []) is None


def test_a_grid_is_not_drawn_nor_is_what_has_no_input_that_is_a_number() -> None:
    grid = load_study("regional_2013", ["replicates=2", f"vary.{SHARE}=[0.9, 1.0]"])
    words = load_study("regional_2013", ["replicates=2", f"vary.{YEAR_END}=[carry, bail_out]", LHS])

    assert clouds_of(grid, rows_of(grid), []) is None
    assert clouds_of(words, rows_of(words), []) is None
