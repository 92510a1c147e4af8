from dataclasses import replace
from pathlib import Path

import pytest

from sim.governance.matrix import Cell
from sim.specification.comparison import cell_in_words, compare
from sim.specification.levels import units_in_words
from sim.specification.load import load_scenario
from tests.specification.written import regime, scenario, write


def test_a_regime_does_not_differ_from_itself() -> None:
    assert compare(load_scenario("scg_2006"), load_scenario("scg_2006")) == ()


def test_holders_are_told_apart_by_group_and_function() -> None:
    [period] = compare(load_scenario("national_2013"), load_scenario("scg_2006"))

    assert {difference.function for difference in period.holders} == {
        "policy",
        "budget",
        "contracting",
        "cases",
    }
    assert {difference.services for difference in period.holders} == {
        ("specialised services (retained)", "specialised services (delegable)")
    }
    assert period.alike == ("highly specialised services",)


def test_a_listed_service_is_compared_with_its_group(tmp_path: Path) -> None:
    without = regime(id="without")
    del without["matrix"]["listed"]
    pair = (write(tmp_path / "a.yaml", regime()), write(tmp_path / "b.yaml", without))

    [period] = compare(*(load_scenario(name) for name in pair))

    [difference] = period.holders
    assert (difference.function, difference.first, difference.second) == (
        "budget",
        Cell("ccg_2013"),
        Cell("pct_2006_ods", "sha_2006"),
    )
    assert "dialysis" in difference.services[0].lower()


def test_levers_that_differ_are_named(tmp_path: Path) -> None:
    one = write(tmp_path / "a.yaml", regime())
    other = write(tmp_path / "b.yaml", regime(levers={"year_end": "bail_out"}))

    [period] = compare(load_scenario(one), load_scenario(other))

    assert [(lever.lever, lever.first, lever.second) for lever in period.levers] == [("year_end", "carry", "bail_out")]
    assert not period.same


def test_a_benchmark_differs_even_with_the_same_matrix(tmp_path: Path) -> None:
    one = write(tmp_path / "a.yaml", regime())
    other = write(tmp_path / "b.yaml", regime(id="bench", benchmark=True))

    [period] = compare(load_scenario(one), load_scenario(other))

    assert (period.benchmark, period.same) == ("bench", False)


def test_scenarios_are_compared_in_each_stretch_of_time(tmp_path: Path) -> None:
    branch = load_scenario(write(tmp_path / "branch.yaml", scenario()))

    [after] = compare(load_scenario("national_2013"), branch)
    [before] = compare(load_scenario("scg_2006"), branch)

    assert (after.month, after.until, after.first.id, after.second.id) == ("2016-04", "", "national_2013", "scg_2006")
    assert (before.month, before.until) == ("", "2016-04")


def test_a_cell_is_worded_with_the_number_of_units_in_the_data() -> None:
    assert cell_in_words(Cell("nation")) == "the national body"
    shared = Cell("nation", partner="ccg_2013")
    assert cell_in_words(shared).endswith(
        ", shared with 211 clinical commissioning groups (2013), the holder in the lead"
    )
    assert cell_in_words(replace(shared, lead="none")).endswith("(2013), nobody clearly in the lead")
    some = Cell("icb_2022", where=(("nhs_region_2022", ("E40000007", "E40000011")),), elsewhere=Cell("nation"))
    assert cell_in_words(some) == (
        "the integrated care boards (2022) in East of England and Midlands (nhs_region_2022), each by itself; "
        "elsewhere the national body"
    )
    words = cell_in_words(Cell("pct_2006_ods", "sha_2006"))
    assert words.endswith("primary care trusts (2006), pooled and spent by 10 strategic health authorities (2006)")


BOARDS = "the integrated care boards (2022) in East of England and Midlands (nhs_region_2022)"
REGIONS = (("nhs_region_2022", ("E40000007", "E40000011")),)
TWO = (("icb_2022", ("E54000008", "E54000048")),)
NAMED = "NHS Cheshire and Merseyside Integrated Care Board and NHS Lancashire and South Cumbria Integrated Care Board"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (
            Cell("icb_2022", where=TWO, elsewhere=Cell("icb_2022"), as_one=True),
            f"{NAMED}, together as one body; elsewhere the integrated care boards (2022), each by itself",
        ),
        (
            Cell("icb_2022", where=TWO, elsewhere=Cell("nation")),
            f"{NAMED}, each by itself; elsewhere the national body",
        ),
        (
            Cell("icb_2022", where=(("icb_2022", ("E54000008",)),), elsewhere=Cell("nation")),
            "NHS Cheshire and Merseyside Integrated Care Board; elsewhere the national body",
        ),
        (
            Cell("icb_2022", "joint_committee_2023", where=REGIONS, elsewhere=Cell("nation", partner="ccg_2013")),
            f"{BOARDS}, pooled and spent by the joint committees (2023), each by itself; elsewhere the national body, "
            "shared with the clinical commissioning groups (2013), the holder in the lead",
        ),
        (
            Cell(
                "icb_2022", where=REGIONS, as_one=True, elsewhere=Cell("icb_2022", where=TWO, elsewhere=Cell("nation"))
            ),
            f"{BOARDS}, together as one body; elsewhere {NAMED}, each by itself; elsewhere the national body",
        ),
    ],
)
def test_of_some_places_it_is_said_who_acts_there_and_whether_together(cell: Cell, words: str) -> None:
    assert cell_in_words(cell) == words


def test_names_with_a_comma_are_parted_by_semicolons() -> None:
    words = units_in_words("icb_2022", ("E54000008", "E54000011", "E54000048"))

    assert "Integrated Care Board; NHS Shropshire, Telford and Wrekin Integrated Care Board and NHS" in words
