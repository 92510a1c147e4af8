"""Every point, regime and outcome stands in the tidy table; page and lines show the same numbers."""

import io
import re
from typing import Any

import pandas as pd
import pytest

from sim.report.lines import HEADLINES, SECTIONS, shown_outcomes
from sim.report.notes import sweep_notes
from sim.report.sweep import LINE_COLUMNS, LINES, Swept, print_sweep, sweep_columns, sweep_lines, sweep_rows, swept
from sim.report.table import PAGE_WIDTH, report_console
from sim.specification.load import load_study
from sim.specification.run import Study
from sim.study.collect import Collected
from tests.report.test_notes import with_queues
from tests.report.test_table import REGIMES, runs

WEIGHT, YEAR_END = "referral.travel_weight_per_hour", "levers.year_end"


def study(*more: str) -> Study:
    return load_study(
        "regional_2013",
        ["replicates=2", f"vary.{WEIGHT}=[1, 3]", f"vary.{YEAR_END}=[carry, bail_out]", *more],
    )


def results(given: Study, replicates: int = 2, **changes: Any) -> list[Swept]:
    frames = [runs(replicates, **changes).assign(point=point.number) for point in given.points]
    return swept(given, Collected(pd.concat(frames, ignore_index=True)))


def page(given: Study, found: list[Swept], most: int | None = None) -> str:
    stream = io.StringIO()
    print_sweep(given, found, report_console(stream), most)
    return stream.getvalue()


def test_every_point_regime_and_outcome_of_the_table_is_a_row() -> None:
    given = study()
    rows = list(sweep_rows(given, results(given)))

    shown = {(row["measure"], row["service"]) for row in rows}
    assert shown == shown_outcomes()
    assert len(rows) == 4 * len(REGIMES) * len(shown)
    assert all(list(row) == sweep_columns(given) for row in rows)
    assert {(row["point"], row[WEIGHT], row[YEAR_END]) for row in rows} == {
        (1, 1.0, "carry"),
        (2, 1.0, "bail_out"),
        (3, 3.0, "carry"),
        (4, 3.0, "bail_out"),
    }


def test_a_difference_is_from_the_baseline_at_the_same_point() -> None:
    given = study()
    one, other = runs(2, tau=(0.3, 0.5, 0.1)).assign(point=1), runs(2, tau=(0.7, 0.8, 0.1)).assign(point=2)
    found = swept(given, Collected(pd.concat([one, other], ignore_index=True)))

    told = {
        row["point"]: row["difference"]
        for row in sweep_rows(given, found)
        if (row["measure"], row["service"], row["regime"]) == ("tau_icb", "all_patients", "scg_2006")
    }
    assert told[1] == pytest.approx(0.2, abs=0.03)
    assert told[2] == pytest.approx(0.1, abs=0.03)


def test_a_point_without_its_baseline_is_left_out() -> None:
    given = study()
    frame = runs(2)
    lacking = frame[frame["regime"] != "national_2013"].assign(point=2)

    found = swept(given, Collected(pd.concat([frame.assign(point=1), lacking], ignore_index=True)))

    assert [entry.point.number for entry in found] == [1]


def test_no_line_joins_points_that_differ_in_more_than_the_parameter() -> None:
    given = study()
    frame = sweep_lines(given, results(given))

    assert tuple(frame.columns) == LINE_COLUMNS
    assert set(frame["parameter"]) == {WEIGHT}
    assert set(frame["unit"]) == {"log odds per hour"}
    assert set(frame["regime"]) == {
        f"{regime}, year_end {word}" for regime in REGIMES for word in ("carry", "bail_out")
    }
    assert len(frame) == 2 * 6 * len(LINES)
    assert not frame.duplicated(["regime", "measure", "value"]).any()


def test_lines_carry_the_numbers_of_the_table() -> None:
    given = study()
    found = results(given)
    frame = sweep_lines(given, found)

    row = frame[(frame["measure"] == "access_from_diagnosis") & (frame["regime"] == "scg_2006, year_end carry")].iloc[0]
    same = found[0].compared.find("access_from_diagnosis", "all_services", "scg_2006")
    assert same is not None
    assert tuple(row[["value", "mean", "low", "high"]]) == (1.0, same.mean, same.mean_low, same.mean_high)
    assert row["label"] == f"{same.label}, every service alike"


def test_zipped_values_are_one_line_a_regime() -> None:
    given = study("design=zip")

    assert set(sweep_lines(given, results(given))["regime"]) == set(REGIMES)


def test_the_page_tells_every_headline_point_and_regime_within_100_characters() -> None:
    given = study()
    text = page(given, results(given))

    assert f"Varied: {WEIGHT} (log odds per hour): 1, 3" in text
    assert text.count("\n3 · bail_out ") == len(HEADLINES)
    assert text.count("(baseline)") == 4 * len(HEADLINES)
    assert text.count(" scg_2006 ") == 4 * len(HEADLINES)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= PAGE_WIDTH
    assert "larger" in text


def test_cells_of_one_replicate_are_plain_numbers() -> None:
    given = study("replicates=1")

    text = page(given, results(given, replicates=1))

    assert [word for word in ("interval", "verdict", "[95 %]") if word in text] == []
    assert re.search(r"scg_2006 +0\.449 +\+0\.146 *\n", text)
    assert "[95 %]" in page(study(), results(study()))


def test_a_long_page_stops_and_says_where_the_rest_is() -> None:
    given = study()
    text = page(given, results(given), most=3)

    assert "bail_out national" in text
    assert "3 · bail_out" not in text
    assert "3 of 4 points are shown; all stand in sweep.txt and sweep.csv" in text


def test_a_headline_has_a_name_that_stands_alone() -> None:
    given = study()
    text = page(given, results(given))

    assert "\nCost in all, £m a year\n" in text.replace(" \n", "\n")
    assert "All six" not in text


def test_every_headline_is_a_line_of_the_table() -> None:
    assert set(HEADLINES) <= {
        (line.measure, name) for section in SECTIONS for line in section.lines for name in line.sets
    }


def test_notes_tell_what_a_lever_cannot_reach_and_count_drifting_points() -> None:
    given = study()
    text = " ".join(sweep_notes(given, [entry.compared for entry in results(given)]))

    assert "No lever acts under a benchmark: equal_access does not follow year_end." in text
    assert "nothing between points was simulated" in text
    assert "Warning" not in text
    drifting = " ".join(sweep_notes(given, [with_queues(1000.0, 1500.0), with_queues(1000.0, 1000.0)]))
    assert "at 1 of 2 points the queue" in drifting
