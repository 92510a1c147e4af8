from dataclasses import replace
from pathlib import Path

from sim.governance.matrix import Cell
from sim.specification.comparison import cell_in_words, compare
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
    words = cell_in_words(some).removeprefix("42 integrated care boards (2022) in ")
    assert words == "East of England and Midlands (nhs_region_2022), elsewhere the national body"
    words = cell_in_words(Cell("pct_2006_ods", "sha_2006"))
    assert words.endswith("primary care trusts (2006), pooled and spent by 10 strategic health authorities (2006)")
