"""The figure of points drawn at random is made from differences as tables show them, over inputs that are numbers."""

import math

import numpy as np
import pytest

from sim.report.clouds import clouds_of
from sim.report.sweep import LINES
from sim.specification.load import load_study
from tests.report.test_sweep import WEIGHT, YEAR_END, results, study


def test_every_headline_outcome_has_the_differences_of_the_table_in_the_unit_in_which_it_is_shown() -> None:
    given = study()
    found = results(given)

    content = clouds_of(given, found, ["key"])

    assert content is not None
    assert [cloud.measure for cloud in content.clouds] == [measure for measure, _ in LINES]
    for cloud, (measure, service) in zip(content.clouds, LINES, strict=True):
        factor = {"access_from_diagnosis": 100.0, "twin_discordance": 100.0, "cost_total_gbp": 1e-6}.get(measure, 1.0)
        for regime, differences in cloud.by_regime.items():
            rows = [entry.compared.find(measure, service, regime) for entry in found]
            expected = [factor * row.difference if row else math.nan for row in rows]
            assert differences.values == pytest.approx(expected)
    assert content.points == [1, 2, 3, 4]
    assert content.inputs == 2


def test_a_benchmark_and_the_baseline_have_no_dots_and_words_no_axis() -> None:
    given = study()

    content = clouds_of(given, results(given), [])

    assert content is not None
    benchmarks = {scenario.id for scenario in given.compare if scenario.benchmark}
    assert benchmarks
    for cloud in content.clouds:
        assert not set(cloud.by_regime) & {given.baseline, *benchmarks}
        assert cloud.over.key == WEIGHT
        assert cloud.over.values.tolist() == [1.0, 1.0, 3.0, 3.0]


def test_without_an_input_that_is_a_number_there_is_no_figure() -> None:
    given = load_study("regional_2013", ["replicates=2", f"vary.{YEAR_END}=[carry, bail_out]"])

    assert clouds_of(given, results(given), []) is None


def test_a_side_is_that_of_the_interval_and_of_one_replicate_that_of_the_difference() -> None:
    given, alone = study(), study("replicates=1")

    for one, replicates in ((given, 2), (alone, 1)):
        found = results(one, replicates)
        content = clouds_of(one, found, [])
        assert content is not None
        for cloud, line in zip(content.clouds, LINES, strict=True):
            for regime, differences in cloud.by_regime.items():
                rows = [entry.compared.find(*line, regime) for entry in found]
                sides = [
                    np.sign(row.difference) if row and (row.distinguishable or row.pairs == 1) else 0 for row in rows
                ]
                assert differences.sides.tolist() == sides
