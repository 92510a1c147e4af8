"""The notes say what the numbers are not, and warn where a queue has not settled."""

import math
from dataclasses import replace

import pytest

from sim.measures.rows import ALL
from sim.report.notes import Queue, assumed_inputs, notes, queues
from sim.report.table import Compared
from sim.specification.load import load_study
from tests.report.test_table import compared, row, runs


def told(given: Compared | None = None) -> str:
    study = load_study("regional_2013", ["replicates=4", "horizon.years=4"])
    return " ".join(notes(study, given or compared()))


def with_queues(at_start: float, at_end: float) -> Compared:
    rows = [
        row(measure=f"waiting_at_{when}", service=ALL, regime="scg_2006", mean=mean)
        for when, mean in (("start", at_start), ("end", at_end))
    ]
    return Compared(rows, ["scg_2006"], "national_2013", [])


def test_nothing_was_observed_and_the_share_of_assumptions_is_told() -> None:
    assumed, graded = assumed_inputs(load_study("regional_2013"))

    assert f"Simulated, not observed. {100 * assumed / graded:.0f} %" in told()
    assert 0 < assumed < graded


def test_fewer_services_have_fewer_inputs() -> None:
    one = assumed_inputs(load_study("regional_2013", ["services=[car_t]"]))

    assert one[1] < assumed_inputs(load_study("regional_2013"))[1]


def test_replicates_and_what_the_interval_leaves_out_are_told() -> None:
    text = told()

    assert "4 replicates" in text
    assert "do not hold doubt about inputs" in text
    assert "Warning: some outcomes" not in text


def test_a_group_without_anyone_in_some_replicates_is_no_warning() -> None:
    frame = runs()
    frame.loc[(frame["service"] == "highly_specialised") & (frame["replicate"] == 1), "value"] = math.nan

    text = told(compared(frame))

    assert "Warning: some outcomes" not in text
    assert "Some groups of services had nobody to measure" in text


def test_one_replicate_has_no_verdict_and_is_one() -> None:
    study = load_study("regional_2013", ["replicates=1"])
    text = " ".join(notes(study, compared(runs(1))))

    assert text.count("no interval and no verdict") == 1
    assert "equivalent: within it" not in text


def test_a_value_outside_its_plausible_range_is_warned_of() -> None:
    study = load_study("regional_2013", ["budget.plan_share_of_expected=0.9"])

    warning = "Warning: budget.plan_share_of_expected = 0.9 is outside its plausible range 0.95 to 1.05."
    assert warning in list(notes(study, compared()))
    assert "outside its plausible range" not in told()


def test_one_replicate_that_is_left_of_several_is_told_as_one() -> None:
    assert "One replicate, in which" in told(compared(runs(1)))
    assert "One replicate, in which" not in told()


def test_intervals_stop_where_no_value_can_lie_and_the_note_says_so() -> None:
    frame = runs(replicates=2)
    here = (frame["measure"] == "access_from_diagnosis") & (frame["regime"] == "national_2013")
    frame.loc[here & (frame["geography"] == "nation"), "value"] = [0.97] * 6 + [0.99] * 6
    given = compared(frame)
    access = given.find("access_from_diagnosis", "all_patients", "national_2013")

    assert access is not None
    assert access.mean_high == 1.0
    assert "Intervals of a regime end where no value can lie" in told(given)
    assert "Intervals of a regime end" not in told()


def test_dropped_pairs_are_warned_of() -> None:
    frame = runs()
    short = frame[(frame["regime"] != "scg_2006") | (frame["replicate"] != 2)]

    assert "rest on 3 of 4 replicates" in told(compared(short))


@pytest.mark.parametrize(
    ("start", "end", "warned"),
    [(1000.0, 1440.0, False), (1000.0, 1500.0, True), (1000.0, 500.0, True), (1000.0, 900.0, False), (0.0, 9.0, True)],
)
def test_a_queue_that_drifts_by_more_than_a_tenth_a_year_is_warned_of(start: float, end: float, warned: bool) -> None:
    text = told(with_queues(start, end))

    assert ("the queue changes by more than 10 % a year under scg_2006" in text) == warned
    assert f"scg_2006 {start:,.0f} to {end:,.0f}" in text


def test_growth_is_compounded_over_the_measured_years() -> None:
    assert Queue("x", 100.0, 121.0, 2).growth_per_year == pytest.approx(0.10)
    assert Queue("x", 0.0, 0.0, 2).growth_per_year == 0.0
    assert [queue.regime for queue in queues(with_queues(1.0, 1.0), 4)] == ["scg_2006"]


def test_sampled_services_are_named() -> None:
    study = load_study("regional_2013", ["replicates=4", "weights={chemotherapy: 10, sarcoma: 1}"])

    text = " ".join(notes(study, compared()))

    assert "one simulated patient stands for several people in chemotherapy (10 people each)." in text
    assert "Sampled" not in told()


def test_a_set_of_services_that_nobody_has_is_not_missing() -> None:
    given = compared()
    empty = [replace(row, pairs=0) if row.service == "highly_specialised" else row for row in given.rows]

    assert "Warning: some outcomes" not in told(replace(given, rows=empty))
