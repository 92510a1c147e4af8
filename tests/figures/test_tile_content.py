"""What the map shows is what the runs say, weighted as it claims."""

import pandas as pd
import pytest

from sim.analysis.paired import compare_regimes
from sim.figures.tile_content import EACH_SERVICE, Weighting, measured_period, of_patients, tile_map_content
from sim.figures.tile_words import TileMapContent
from sim.report.table import measured_ones
from sim.specification.load import load_study
from sim.specification.run import Horizon
from tests.study.tables import full_table

AREA = "E54000008"
REGIMES = ("national_2013", "scg_2006", "equal_access")


def frame() -> pd.DataFrame:
    tables = [
        pd.DataFrame(full_table((number, replicate))).assign(regime=regime, replicate=replicate)
        for number, regime in enumerate(REGIMES)
        for replicate in range(3)
    ]
    return pd.concat(tables, ignore_index=True)


def shown(runs: pd.DataFrame, weighting: Weighting = EACH_SERVICE) -> TileMapContent:
    rows = measured_ones(compare_regimes(runs, "national_2013"))
    return tile_map_content(load_study("regional_2013"), runs, rows, ("00" * 8,), weighting)


def with_counts(service: str, reached: float, people: float) -> pd.DataFrame:
    """Set one service's counts in one area for all runs."""
    runs = frame()
    here = (runs["area"] == AREA) & (runs["service"] == service)
    runs.loc[here, "numerator"], runs.loc[here, "denominator"] = reached, people
    return runs


def test_a_tile_is_the_mean_over_services_of_pooled_shares() -> None:
    runs = with_counts("car_t", 1.0, 4.0)
    here = runs[(runs["area"] == AREA) & (runs["service"] == "ert_fabry") & (runs["regime"] == "scg_2006")]

    content = shown(runs)

    other = here["numerator"].sum() / here["denominator"].sum()
    assert content.panels[1].share[AREA] == pytest.approx((0.25 + other) / 2)


def test_a_service_that_nobody_needed_is_left_out() -> None:
    runs = with_counts("car_t", 0.0, 0.0)

    share = shown(runs).panels[0].share[AREA]

    assert 0.5 < share < 0.9


def test_patients_can_be_pooled_instead_and_are_counted_by_the_year() -> None:
    runs = with_counts("all_patients", 1.0, 10.0)

    content = shown(runs, of_patients())

    assert content.panels[0].share[AREA] == pytest.approx(0.1)
    assert content.panels[0].people[AREA] == pytest.approx(10.0 / 3)
    assert content.selection == "all patients together"


def test_the_benchmark_stands_last_and_is_not_in_the_title() -> None:
    study = load_study("regional_2013", ["compare=[equal_access, national_2013, scg_2006]"])
    runs = frame()
    rows = measured_ones(compare_regimes(runs, "national_2013"))

    content = tile_map_content(study, runs, rows, ())

    assert [panel.regime for panel in content.panels] == ["national_2013", "scg_2006", "equal_access"]
    assert [contrast.regime for contrast in content.contrasts] == ["scg_2006"]


def test_a_regime_that_was_not_run_has_no_panel() -> None:
    runs = frame()

    content = shown(runs[runs["regime"] != "scg_2006"])

    assert [panel.regime for panel in content.panels] == ["national_2013", "equal_access"]


@pytest.mark.parametrize(
    ("horizon", "words"),
    [
        (Horizon("2013-04", 4, 1), "April 2014 to March 2018"),
        (Horizon("2013-01", 1, 0), "January 2013 to December 2013"),
        (Horizon("2013-12", 1, 0), "December 2013 to November 2014"),
    ],
)
def test_the_measured_months_are_named(horizon: Horizon, words: str) -> None:
    assert measured_period(horizon) == words
