"""The page on calibration names every target, shows the code's defaults, and cites facts that are there."""

import re
from math import isclose

import pytest

from experiments.calibration import MET, PAGE, counted, defaults_of, is_number, renewed, unset
from experiments.calibration_kinds import Estimate, Target
from experiments.calibration_targets import TARGETS
from sim.specification.parameters import ParameterSet
from sim.specification.switches import declared
from sim.world.evidence import system_facts

PARTS = ("sets", "predictions", "overspend", "bounds", "missed", "unset")
CALIBRATED = ("B1", "B2", "B4", "B5", "B10", "B15", "B16", "B17", "B18", "B19")


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def line_on(page: str, target: Target) -> list[str]:
    """Return the cells of the one row of a target."""
    rows = [line.strip("|").split(" | ") for line in page.splitlines() if line.startswith(f"| {target.row} | ")]
    found = [row for row in rows if row[1].strip().startswith(target.what) and row[2].strip() == target.in_words]
    assert len(found) == 1, target.id
    return [cell.strip() for cell in found[0]]


def a_target(**of: float) -> Target:
    return Target("id", "B0", "what", "published", "%", 0, "prediction", **of)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.id)
def test_every_target_has_one_row_with_its_facts_and_the_codes_defaults(page: str, target: Target) -> None:
    cells = line_on(page, target)

    assert cells[3] == ", ".join(f"`{name}`" for name in target.facts)
    assert cells[5] == target.allowed
    assert cells[6] in MET.values()
    assert cells[7:] == ([defaults_of(target)] if target.use == "sets" else [])


def test_every_row_that_is_to_be_calibrated_on_is_there() -> None:
    assert set(CALIBRATED) <= {row for target in TARGETS for row in target.row.split(", ")}


def test_targets_differ_cite_facts_and_set_what_is_declared() -> None:
    keys = {one.key for one in declared(ParameterSet()) if is_number(one)}

    assert len({target.id for target in TARGETS}) == len(TARGETS)
    assert [target.id for target in TARGETS if not target.facts] == []
    assert {name for target in TARGETS for name in target.facts} <= set(system_facts())
    assert [target.id for target in TARGETS if (target.use == "sets") is not bool(target.parameters)] == []
    assert {key for target in TARGETS for key in target.parameters} <= keys


def test_what_lies_beyond_says_why_and_nothing_else_goes_unjudged() -> None:
    assert [target.id for target in TARGETS if target.use == "beyond" and not target.note] == []
    assert [
        target.id for target in TARGETS if (target.met(Estimate(0.0, 0.0, 0.0)) is None) != (target.use == "beyond")
    ] == []


def test_the_numbers_in_the_targets_are_those_of_the_facts() -> None:
    value = {name: fact.value for name, fact in system_facts().items()}
    by_id = {target.id: target for target in TARGETS}

    assert by_id["panel_lowest"].down_to == value["ifr_pct_approval_min"]
    assert by_id["panel_highest"].up_to == value["ifr_pct_approval_max"]
    assert by_id["months_shortest"].covers == value["orphan_months_min"]
    assert by_id["months_longest"].covers == value["orphan_months_max"]
    assert by_id["as_cataract"].up_to == round(100 * value["cataract_restricted"] / value["cataract_trusts"])
    assert by_id["as_ivf"].up_to == 100 - value["ivf_three_cycles_2017"]
    share = value["misclassified_2013_14"] / value["spec_plan_handover_2013_14"] / 10
    assert isclose(share, (by_id["misclassified"].low + by_id["misclassified"].high) / 2, abs_tol=0.05)
    overspend = by_id["overspend_first"]
    assert isclose(value["overspend_share_2013_14"], (overspend.low + overspend.high) / 2)


def test_the_count_of_what_no_fact_sets_is_that_of_the_code(page: str) -> None:
    assert unset() in page


def test_the_list_of_misses_names_what_the_tables_say_is_missed(page: str) -> None:
    listed = page.split("<!-- begin: missed -->")[1].split("<!-- end: missed -->", maxsplit=1)[0]
    wrong = [target for target in TARGETS if line_on(page, target)[6] == MET[False]]

    assert counted(wrong) in listed
    named = (rf"^- {re.escape(target.what)}(: | \()" for target in wrong)
    assert [name for name in named if not re.search(name, listed, flags=re.MULTILINE)] == []
    assert listed.count("\n- ") == len(wrong)


@pytest.mark.parametrize("name", PARTS)
def test_every_mark_has_one_place(page: str, name: str) -> None:
    assert "anew" in renewed(page, {name: "anew"})
    with pytest.raises(ValueError, match=f"no one place for the part `{name}`"):
        renewed(page.replace(f"<!-- end: {name} -->", ""), {name: "anew"})


def test_a_range_judges_the_value_and_not_its_interval() -> None:
    target = a_target(low=21.0, high=31.0)

    assert target.met(Estimate(30.0, 20.0, 40.0))
    assert not target.met(Estimate(32.5, 25.0, 40.0))
    assert target.missed_by(Estimate(32.5, 25.0, 40.0)) == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("of", "inside", "outside", "by"),
    [
        ({"covers": 50.0}, (49.0, 51.0), (51.0, 60.0), 1.0),
        ({"covers": 50.0}, (49.0, 51.0), (40.0, 48.0), 2.0),
        ({"down_to": 7.5}, (0.0, 5.0), (8.0, 20.0), 0.5),
        ({"up_to": 84.0}, (90.0, 95.0), (70.0, 80.0), 4.0),
    ],
)
def test_a_single_history_is_judged_by_the_range_of_histories(
    of: dict[str, float], inside: tuple[float, float], outside: tuple[float, float], by: float
) -> None:
    target = a_target(**of)

    assert target.met(Estimate(50.0, *inside))
    assert not target.met(Estimate(50.0, *outside))
    assert target.missed_by(Estimate(50.0, *outside)) == pytest.approx(by)
