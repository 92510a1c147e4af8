"""Of many points the page tells the range of each outcome and how many favour which side."""

import io
from collections import Counter
from dataclasses import replace
from typing import Any

import pandas as pd

from sim.measures.intervals import EQUIVALENT, LARGER, SMALLER
from sim.report.lines import HEADLINES
from sim.report.publish import print_sweep_report
from sim.report.spread import THE_SAME, counts, spread_lines
from sim.report.sweep import Swept, changed_axis, lie_on_lines, sweep_columns, sweep_lines, sweep_rows, swept
from sim.report.table import report_console
from sim.specification.load import load_study
from sim.specification.run import Study
from sim.study.collect import Collected
from tests.report.test_table import runs

WEIGHT, YEAR_END = "referral.travel_weight_per_hour", "levers.year_end"
TAU = ("tau_icb", "all_patients")
LHS = "design={method: lhs, samples: 9}"


def study(*more: str) -> Study:
    return load_study("regional_2013", ["replicates=2", f"vary.{WEIGHT}=prior", f"vary.{YEAR_END}=prior", *more])


def results(given: Study, replicates: int = 2, changes: dict[int, Any] | None = None) -> list[Swept]:
    frames = [
        runs(replicates, **({"tau": changes[point.number]} if changes else {})).assign(point=point.number)
        for point in given.points
    ]
    return swept(given, Collected(pd.concat(frames, ignore_index=True)))


def lines(given: Study, found: list[Swept]) -> list[str]:
    return list(spread_lines(given, [entry.compared for entry in found]))


def page(given: Study, found: list[Swept]) -> str:
    stream = io.StringIO()
    print_sweep_report(given, found, report_console(stream), most=25)
    return stream.getvalue()


def test_it_counts_the_points_on_each_side() -> None:
    given = study(LHS)
    wide, narrow, same = (0.3, 0.6, 0.1), (0.6, 0.3, 0.1), (0.3, 0.3, 0.1)
    found = results(given, changes={n: wide if n <= 5 else narrow if n <= 7 else same for n in range(1, 10)})
    rows = [row for entry in found if (row := entry.compared.find(*TAU, "scg_2006")) is not None]

    told = counts(rows, surely=True)

    assert told == dict(Counter(row.verdict for row in rows)) == {LARGER: 5, SMALLER: 2, EQUIVALENT: 2}
    text = "\n".join(lines(given, found))
    assert "larger (worse) at 5 of 9 points, smaller (better) at 2, equivalent at 2" in text  # a wider spread is worse


def test_a_difference_too_small_to_matter_is_on_no_side() -> None:
    given = study(LHS)
    rows = [row for entry in results(given) if (row := entry.compared.find(*TAU, "scg_2006")) is not None]
    small = [replace(row, difference=0.001, difference_low=0.0005, difference_high=0.0015) for row in rows]

    assert counts([replace(row, verdict=EQUIVALENT) for row in small], surely=True) == {EQUIVALENT: 9}


def test_it_gives_the_lowest_and_the_highest_point_and_the_middle() -> None:
    given = study(LHS)
    tau = {n: (0.3, 0.3 + n / 10, 0.1) for n in range(1, 10)}
    found = results(given, changes=tau)
    at = [row.mean for entry in found if (row := entry.compared.find(*TAU, "scg_2006")) is not None]

    [line] = [line for line in lines(given, found) if line.startswith("  scg_2006") and f"{min(at):.3f}" in line]

    assert f"{min(at):.3f} to {max(at):.3f} (middle {sorted(at)[4]:.3f})" in line
    assert "less national_2013 +" in line


def test_with_one_replicate_no_side_is_sure() -> None:
    given = study(LHS, "replicates=1")
    text = "\n".join(lines(given, results(given, replicates=1)))

    assert "not distinguishable" not in text
    assert "(one replicate each: any one may be luck)" in text


def test_a_difference_of_nothing_favours_nobody() -> None:
    given = study(LHS)
    [row] = [row for row in [results(given)[0].compared.find(*TAU, "scg_2006")] if row is not None]

    assert counts([replace(row, difference=0.0)], surely=False) == {THE_SAME: 1}


def test_points_that_are_drawn_are_told_together_and_stand_in_no_table() -> None:
    given = study(LHS)
    text = page(given, results(given))

    assert "9 points (lhs, 9 samples, seed" in text
    assert f"Varied: {WEIGHT} (log odds per hour): 0 to 6, uniform" in text
    assert "mean [95 %]" not in text
    assert max(map(len, text.splitlines()[:40])) <= 100
    rows = list(sweep_rows(given, results(given)))
    assert {row["point"] for row in rows} == set(range(1, 10))


def test_a_long_grid_is_told_together_before_its_table() -> None:
    given = study(f"vary.{WEIGHT}={{linspace: {{from: 0, to: 6, n: 13}}}}", f"vary.{YEAR_END}=[carry, bail_out]")
    text = page(given, results(given))

    assert "26 points (grid)" in text
    assert "25 of 26 points are shown" in text


def test_drawn_points_of_several_axes_lie_on_no_line() -> None:
    given = study(LHS)
    alone = load_study("regional_2013", ["replicates=2", f"vary.{WEIGHT}=prior", LHS])

    assert not lie_on_lines(given)
    assert sweep_lines(given, results(given)).empty
    assert set(sweep_lines(alone, results(alone))["value"]) == {dict(point.values)[WEIGHT] for point in alone.points}


def test_one_at_a_time_every_axis_has_its_lines_and_every_point_its_name() -> None:
    given = study(f"vary.{WEIGHT}=[1, 5]", f"vary.{YEAR_END}=[bail_out]", "design=one_at_a_time")
    found = results(given)

    axes = [changed_axis(given, point) for point in given.points]
    assert [axis and axis.key for axis in axes] == [None, WEIGHT, WEIGHT, YEAR_END]
    frame = sweep_lines(given, found)
    assert {(row.parameter, row.value) for row in frame.itertuples()} == {
        (WEIGHT, 1.0),
        (WEIGHT, 5.0),
        (YEAR_END, "bail_out"),
    }
    text = page(given, found)
    assert "\nthe study " in text
    assert "travel_weight_per_hour" in text
    first = next(row for row in sweep_rows(given, found) if row["point"] == 1)
    assert list(first) == sweep_columns(given)
    assert first[YEAR_END] == ""  # where each regime has it


def test_every_headline_is_told() -> None:
    given = study(LHS)

    assert sum(line.startswith("  national_2013 (baseline): ") for line in lines(given, results(given))) == len(
        HEADLINES
    )
