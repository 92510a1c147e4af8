"""Every shipped file loads, says where it comes from, and gives a reason for what it sets."""

import re

import pytest

from sim.governance.levers import Levers
from sim.governance.matrix import FUNCTIONS, GROUPS
from sim.specification.catalogue import KINDS, shipped
from sim.specification.load import load, load_regime_file, load_study
from sim.world.evidence import system_facts

REGIMES = list(shipped("regime"))


@pytest.mark.parametrize("name", [name for kind in KINDS for name in shipped(kind)])
def test_a_shipped_file_loads_and_has_the_id_of_its_name(name: str) -> None:
    assert load(name).id == name


def test_the_first_regimes_are_there() -> None:
    assert {"national_2013", "scg_2006", "equal_access"} <= set(REGIMES)


@pytest.mark.parametrize("name", REGIMES)
def test_a_regime_says_where_it_comes_from_and_what_it_leaves_out(name: str) -> None:
    file = load_regime_file(name)

    assert file.title
    assert file.dates
    assert file.sources
    assert file.cannot_represent


@pytest.mark.parametrize("name", REGIMES)
def test_a_regime_gives_a_reason_for_every_lever_and_cell(name: str) -> None:
    reasons = load_regime_file(name).reasons
    cells = [(group, function) for group in GROUPS for function in FUNCTIONS]

    assert [lever for lever in Levers.model_fields if f"levers.{lever}" not in reasons] == []
    bare = [(g, f) for g, f in cells if not {f"matrix.{g}", f"matrix.{g}.{f}"} & set(reasons)]
    assert bare == []


@pytest.mark.parametrize("name", REGIMES)
def test_the_facts_that_a_regime_names_exist(name: str) -> None:
    file = load_regime_file(name)
    texts = [*file.sources, *(given.reason for given in file.reasons.values())]
    named = {fact for text in texts for fact in re.findall(r"\b[a-z]+(?:_[a-z0-9]+){2,}\b", text)}

    assert named - set(system_facts()) == set()


def holders(name: str) -> list[str]:
    """The matrix as the design writes it: policy/budget/contracting/cases for each group."""
    matrix = load_regime_file(name).matrix
    rows = [getattr(matrix, group) for group in GROUPS]
    return [
        "/".join(
            [
                row.policy.holder,
                f"{row.budget.holder}>{row.budget.pooled_at}",
                row.contracting.holder,
                row.cases.holder,
            ]
        )
        for row in rows
    ]


def test_the_matrices_are_those_of_the_design() -> None:
    national = "nation/nation>None/nation/nation"
    hubs = "nation/nation>None/spec_hub_2013/nation"
    groups = "sha_2006/pct_2006_ods>sha_2006/sha_2006/pct_2006_ods"

    assert holders("national_2013") == [national, hubs, hubs]
    assert holders("scg_2006") == [national, groups, groups]
    assert load_regime_file("equal_access").benchmark


def test_the_demo_compares_two_regimes_with_a_benchmark() -> None:
    demo = load_study("demo")

    assert list(demo.scenarios) == ["national_2013", "scg_2006", "equal_access"]
    assert demo.baseline == "national_2013"
    assert [scenario.benchmark for scenario in demo.compare] == [False, False, True]
