"""Every shipped file loads, says where it comes from, and gives a reason for what it sets."""

import re

import pytest

from sim.governance.levers import Levers
from sim.governance.matrix import FUNCTIONS, GROUPS
from sim.specification.catalogue import KINDS, shipped
from sim.specification.load import load, load_regime_file, load_study
from sim.specification.switches import declared
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

    shared = load_regime_file(name).matrix.model_dump_json(exclude_none=True).count('"partner":') > 0
    silent = set() if shared else {"co_commissioning_share"}  # decides nothing where no function has a partner
    assert [lever for lever in Levers.model_fields if f"levers.{lever}" not in reasons if lever not in silent] == []
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


def test_the_demo_is_the_headline_in_short() -> None:
    demo, headline = load_study("demo"), load_study("three_regimes")

    assert list(demo.scenarios) == ["national_2022", "area_teams_2012", "ics_2022", "ics_joint_2025", "equal_access"]
    assert demo.baseline == "national_2022"
    assert [scenario.benchmark for scenario in demo.compare] == [False, False, False, False, True]
    assert (demo.parameters, demo.seed, demo.services) == (headline.parameters, headline.seed, headline.services)
    assert demo.horizon.years < headline.horizon.years


BEHAVIOURS = {
    "policy.mean_margin_log": -1,
    "policy.shared_evidence_share": -1,
    "appraisal.national_error_log": 1,
    "appraisal.staff_exponent": 1,
    "network.opening_share_per_year": 1,
    "network.minimum_volume_share": -1,
    "panels.panel_concentration": -1,
    "expertise.volume_exponent": 1,
    "expertise.kept_share_per_year": -1,
    "administration.body_gbp": 1,
    "administration.contract_gbp": 1,
    "administration.request_gbp": 1,
    "referral.in_footprint_log_odds": 1,
    "budget.plan_share_of_expected": -1,
    "budget.tolerated_share_of_plan": -1,
    "portfolio.absorbed_share": -1,
    "population.unobserved_need_scale": 1,
}
"""1 where a larger value speaks against many commissioners, −1 where it speaks for them."""


@pytest.mark.parametrize(
    ("name", "quarters"), [("three_regimes", 0), ("three_regimes_pro_national", 1), ("three_regimes_pro_local", -1)]
)
def test_a_prior_of_behaviours_stands_in_the_middle_or_a_quarter_of_the_range_to_one_side(
    name: str, quarters: int
) -> None:
    found = {one.key: one for one in declared(load_study(name).parameters)}
    for key, sign in BEHAVIOURS.items():
        facts = found[key].facts
        assert facts.low is not None
        assert facts.high is not None
        middle, quarter = (facts.low + facts.high) / 2, (facts.high - facts.low) / 4
        assert found[key].value == pytest.approx(middle + quarters * sign * quarter), key


def test_a_prior_changes_nothing_but_behaviours() -> None:
    plain = {one.key: one.value for one in declared(load_study("three_regimes").parameters)}
    for name in ("three_regimes_pro_national", "three_regimes_pro_local"):
        moved = {one.key for one in declared(load_study(name).parameters) if one.value != plain[one.key]}
        assert moved == set(BEHAVIOURS)
