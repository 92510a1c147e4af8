"""The facts behind the numbers: complete, graded, and one with the tables they explain."""

import pytest

from sim.world.evidence import GRADES, service_facts, system_facts
from sim.world.tables import DataError
from sim.world.world import World
from tests.world.editable import Tables


def test_every_fact_has_a_range_a_grade_and_a_source(england: World) -> None:
    facts = service_facts()
    assert {fact.service_id for fact in facts} == set(england.services.ids)
    assert all(fact.low <= fact.value <= fact.high for fact in facts)
    assert {fact.grade for fact in facts} == set(GRADES)
    assert all(fact.source for fact in facts)


def test_about_three_numbers_in_four_are_assumptions() -> None:
    grades = [fact.grade for fact in service_facts()]
    assert grades.count("assumption") / len(grades) == pytest.approx(0.76, abs=0.02)


def test_published_spend_can_be_looked_up() -> None:
    spend = system_facts()["spec_spend_2022_23"]
    assert (spend.value, spend.unit) == (23.0, "GBP bn (around)")
    assert spend.grade == "published"


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("value", "1e9", "its own range"),
        ("value", "", "a number"),
        ("grade", "certain", "approximate, assumption, official, published"),
        ("source", "", "anything but a blank cell"),
        ("reason", "", "why, wherever the grade is assumption"),
    ],
)
def test_a_wrong_cell_is_refused(tables: Tables, column: str, value: str, said: str) -> None:
    assert tables.rows("services_derived_long.csv")[0]["grade"] == "assumption"
    tables.set("services_derived_long.csv", 0, column, value)
    with pytest.raises(DataError, match=said):
        service_facts(tables.directory)


def test_a_number_given_twice_is_refused(tables: Tables) -> None:
    tables.edit("services_derived_long.csv", lambda rows: [*rows, rows[3]])
    with pytest.raises(DataError, match="of ert_gaucher once"):
        service_facts(tables.directory)


def test_a_system_fact_without_a_grade_is_refused(tables: Tables) -> None:
    tables.set("system_facts.csv", 0, "quality", "")
    with pytest.raises(DataError, match=r"system_facts\.csv:2: quality"):
        system_facts(tables.directory)
