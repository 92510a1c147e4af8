"""The table tells the truth of its numbers: digits, intervals, verdicts, chance floors."""

import io
import math
import re
from typing import Any

import pandas as pd
import pytest

from sim.analysis.paired import Comparison, compare_regimes
from sim.figures.numbers import factor_of
from sim.measures.intervals import VERDICTS
from sim.measures.outcomes import OUTCOMES
from sim.report.lines import SECTIONS
from sim.report.table import (
    NARROW,
    PAGE_WIDTH,
    WIDE,
    Compared,
    measured_ones,
    number_texts,
    print_tables,
    report_console,
)
from tests.study.tables import full_table

REGIMES = ["national_2013", "scg_2006", "equal_access"]
NUMBER = r"[−+]?[\d,]*\.?\d+"


def runs(replicates: int = 4, tau: tuple[float, ...] = (0.30, 0.45, 0.05)) -> pd.DataFrame:
    tables = [
        pd.DataFrame(full_table((number, replicate), tau=tau[number])).assign(regime=regime, replicate=replicate)
        for number, regime in enumerate(REGIMES)
        for replicate in range(replicates)
    ]
    return pd.concat(tables, ignore_index=True)


def compared(frame: pd.DataFrame | None = None, regimes: list[str] = REGIMES) -> Compared:
    found = compare_regimes(runs() if frame is None else frame, "national_2013")
    return Compared(measured_ones(found), regimes, "national_2013", ["equal_access"])


def printed(given: Compared, width: int | None = None) -> str:
    stream = io.StringIO()
    console = report_console(stream)
    if width:
        console.width = width
    print_tables(given, console)
    return stream.getvalue()


def row(**changes: Any) -> Comparison:
    found = compared().find("tau_icb", "all_patients", "scg_2006")
    assert found is not None
    return Comparison(**(vars(found) | changes))


def test_on_a_pipe_no_line_is_longer_than_100_characters_and_no_colour_is_used() -> None:
    text = printed(compared())

    assert max(len(line.rstrip()) for line in text.splitlines()) <= PAGE_WIDTH
    assert "\x1b" not in text
    assert len(re.findall("^ACCESS", text, re.MULTILINE)) == 1


def test_all_sections_lines_and_regimes_are_there() -> None:
    text = printed(compared(), 160)

    for section in SECTIONS:
        assert section.title.upper() in text
        for line in section.lines:
            assert line.label.split(",")[0] in text
    for regime in REGIMES:
        assert regime in text
    assert "benchmark less baseline" in text


@pytest.mark.parametrize("width", [100, 160])
def test_every_number_lies_in_its_interval(width: int) -> None:
    lines = printed(compared(), width).splitlines()
    layout = NARROW if width == PAGE_WIDTH else WIDE
    starts = [layout.label + 1, *(layout.label + layout.baseline + 2 + n * (layout.regime + 1) for n in range(2))]
    columns = [" ".join(line[a:b] for line in lines) for a, b in zip(starts, [*starts[1:], width], strict=True)]
    cells = " ".join(" ".join(columns).split())
    found = re.findall(rf"({NUMBER}) (?:[a-z ]+)?\[({NUMBER}) to ({NUMBER})\]", cells)

    assert len(found) == cells.count("[") - 1  # but for the heading
    assert len(found) > 60
    for numbers in found:
        value, low, high = (float(part.replace("−", "-").replace(",", "")) for part in numbers)
        assert low <= value <= high


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((0.71234, 0.7081, 0.7166, 100.0), ("71.23", "[70.81 to 71.66]")),
        ((6.084e9, 6.055e9, 6.113e9, 1e-6), ("6,084", "[6,055 to 6,113]")),
        ((812_345.0, 800_111.0, 824_579.0, 1.0), ("812,000", "[800,000 to 825,000]")),
        ((0.3, math.nan, math.nan, 1.0), ("0.300", "[no interval]")),
    ],
)
def test_digits_follow_the_half_width(numbers: tuple[float, float, float, float], expected: tuple[str, str]) -> None:
    assert number_texts(*numbers) == expected


def test_the_table_and_the_file_use_one_vocabulary() -> None:
    given = compared()
    cells = " ".join(printed(given, 160).split())

    for verdict in {row.verdict for row in given.rows} - {"baseline"}:
        assert verdict in VERDICTS
        assert verdict in cells


def test_what_nobody_could_be_measured_on_has_no_line() -> None:
    frame = runs()
    frame.loc[(frame["measure"] == "tau_icb") & (frame["service"] == "specialised_retained"), "value"] = math.nan
    given = compared(frame)

    assert given.find("tau_icb", "specialised_retained", "scg_2006") is None
    assert given.find("tau_icb", "highly_specialised", "scg_2006") is not None


def test_a_regime_without_anyone_to_measure_gets_no_verdict() -> None:
    frame = runs()
    here = (frame["measure"] == "tau_icb") & (frame["regime"] == "scg_2006")
    frame.loc[here & (frame["service"] == "highly_specialised"), "value"] = math.nan

    assert "not measured" in printed(compared(frame))


def test_a_clear_change_is_told_with_its_sign() -> None:
    text = printed(compared(), 160)
    line = next(line for line in text.splitlines() if "every patient alike" in line and "+0.15" in line)

    assert "larger" in line
    assert "−0.25" in line
    assert "smaller" in line


def test_the_chance_floor_stands_below_tau_and_over_dispersion_for_every_regime() -> None:
    given = compared()
    text = printed(given)

    floors = [given.find("tau_icb_chance_floor", "all_patients", regime) for regime in REGIMES]
    line = "".join(rf" *by chance {floor.mean:.3f}" for floor in floors if floor)
    assert re.search(line, text)
    assert text.count("by chance") == 3 * (4 + 1)


def test_many_regimes_are_told_in_parts_that_fit() -> None:
    frame = runs()
    more = [frame[frame["regime"] == "scg_2006"].assign(regime=f"regime_{number}") for number in range(4)]
    names = [*REGIMES, *(f"regime_{number}" for number in range(4))]

    text = printed(compared(pd.concat([frame, *more], ignore_index=True), names))

    assert len(re.findall("^ACCESS", text, re.MULTILINE)) == 3
    assert all(name in text for name in names)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= PAGE_WIDTH


def test_a_regime_without_runs_is_told_as_such() -> None:
    frame = runs()

    assert "not run" in printed(compared(frame[frame["regime"] != "scg_2006"]))


@pytest.mark.parametrize("width", [100, 160])
def test_cells_of_one_replicate_are_plain_numbers(width: int) -> None:
    text = printed(compared(runs(replicates=1)), width)

    assert [word for word in ("interval", "verdict", "[", "larger") if word in text] == []
    assert "+0.15" in text
    assert "(baseline)" in text


def test_where_only_some_numbers_have_no_interval_they_say_so() -> None:
    frame = runs()
    here = (frame["measure"] == "tau_icb") & (frame["service"] == "highly_specialised") & (frame["replicate"] > 0)
    frame.loc[here, "value"] = math.nan

    text = printed(compared(frame))

    assert "[no interval]" in text
    assert "no verdict" in text


def test_money_is_in_millions_and_shares_in_per_cent() -> None:
    assert factor_of(OUTCOMES["cost_total_gbp"]) == 1e-6
    assert factor_of(OUTCOMES["access_from_onset"]) == 100.0
    assert factor_of(OUTCOMES["tau_icb"]) == 1.0


def test_every_line_is_a_registered_outcome_and_its_label_has_the_unit() -> None:
    for line in (line for section in SECTIONS for line in section.lines):
        factor = factor_of(OUTCOMES[line.measure])
        assert ("%" in line.label) == (factor == 100.0)
        assert ("£m" in line.label) == (factor == 1e-6)
        assert not line.chance_floor or line.chance_floor in OUTCOMES
