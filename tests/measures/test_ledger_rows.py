"""Money by year, payer and provider adds up to the nation's, row by row, and says of whom and when it is."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.governance.levers import Levers
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime
from sim.measures.cost_lines import COMMISSIONERS, cost_lines
from sim.measures.headline import run_table
from sim.measures.ledger_rows import plan_rows, years_of
from sim.measures.names import payer_names
from sim.model.result import RunResult
from tests.builders import held_by, lively_world, result_of, spec_of
from tests.measures import synthetic

WORLD = synthetic.world_of(places=12, areas=4)
RESULT = synthetic.result_of(places=12)
TABLE = pd.DataFrame(run_table(RESULT, WORLD, 3))
BY_PAYER = ("cost_treatment_gbp", "cost_price_premium_gbp", "cost_rest_of_portfolio_gbp", "cost_low_value_gbp")
BY_PROVIDER = ("cost_treatment_gbp", "cost_price_premium_gbp")


def chosen(measure: str, geography: str, period: str = "all", service: str = "all") -> pd.DataFrame:
    found = TABLE[(TABLE["measure"] == measure) & (TABLE["geography"] == geography)]
    return found[(found["period_start"] == period) & (found["service"] == service)]


@pytest.mark.parametrize(
    ("measure", "geography"), [*((m, "payer") for m in BY_PAYER), *((m, "provider") for m in BY_PROVIDER)]
)
@pytest.mark.parametrize("period", ["all", *years_of(RESULT)])
def test_payers_and_providers_add_up_to_the_nation_in_every_year(measure: str, geography: str, period: str) -> None:
    parts, whole = chosen(measure, geography, period), chosen(measure, "nation", period)

    assert len(whole) == 1
    assert parts["numerator"].sum() == pytest.approx(whole["numerator"].item(), abs=1e-3)


@pytest.mark.parametrize("measure", ["cost_treatment_gbp", "cost_low_value_gbp", "cost_patient_travel_gbp"])
def test_services_and_years_add_up_to_the_whole(measure: str) -> None:
    whole = chosen(measure, "nation")["numerator"].item()
    by_service = [chosen(measure, "nation", service=name)["numerator"].sum() for name in RESULT.service_ids]
    by_year = [chosen(measure, "nation", year)["numerator"].sum() for year in years_of(RESULT)]

    assert sum(by_service) == pytest.approx(whole)
    assert sum(by_year) == pytest.approx(whole)


def test_the_lines_of_commissioners_are_their_total_and_nothing_is_counted_twice() -> None:
    lines = cost_lines(RESULT)

    total = sum(lines[f"cost_{name}_gbp"].total for name in COMMISSIONERS)
    assert (lines["cost_commissioners_gbp"].total == total).all()
    assert (lines["cost_total_gbp"].total == total + RESULT.patient_travel_pence).all()
    assert not {"price_premium", "running", "contracting", "coordination", "panels"} & set(COMMISSIONERS)


def test_every_row_says_from_which_month_to_which() -> None:
    assert set(TABLE["first_month"].str.len()) == set(TABLE["last_month"].str.len()) == {7}
    whole, year = chosen("cost_total_gbp", "nation").iloc[0], chosen("cost_total_gbp", "nation", "2016-04").iloc[0]
    assert (whole["first_month"], whole["last_month"]) == ("2015-04", "2018-03")
    assert (year["first_month"], year["last_month"], year["denominator"]) == ("2016-04", "2017-03", 1.0)
    end, start = chosen("waiting_at_end", "nation").iloc[0], chosen("waiting_at_start", "nation").iloc[0]
    assert (end["first_month"], end["last_month"]) == ("2018-03", "2018-03")
    assert (start["first_month"], start["last_month"]) == ("2015-04", "2015-04")


def test_spend_against_plan_is_told_of_each_account_and_year() -> None:
    rows = chosen("spend_over_plan_share", "payer", "2016-04")

    assert rows["value"].tolist() == pytest.approx([0.1, 0.1])
    assert rows["numerator"].sum() == RESULT.spend_pence[:, 1].sum() / 100


def test_overspends_are_not_set_off_against_underspends() -> None:
    plan = np.array([[100, 100, 0], [100, 0, 0]]) * 100
    spend = np.array([[120, 80, 0], [100, 0, 0]]) * 100
    result = replace(RESULT, plan_pence=plan, spend_pence=spend)

    found = {(row.measure, row.period): row.value for row in plan_rows(result)}

    assert found["spend_over_plan_share", "all"] == pytest.approx(0.0)
    assert found["overspend_share_of_plan", "all"] == pytest.approx(20 / 300)
    assert found["overspent_plans_share", "all"] == pytest.approx(1 / 3)
    assert found["overspent_plans_share", years_of(RESULT)[0]] == pytest.approx(1 / 2)


def named(regime: Regime) -> tuple[RunResult, list[str]]:
    world = lively_world()
    result = result_of(world, spec_of(world, regime, {"co_commissioning.enabled": True}))
    return result, payer_names(world.places, result)


def test_accounts_are_named_by_unit_and_level() -> None:
    _, names = named(held_by("district"))
    assert sorted(names) == sorted(set(names))
    assert all(name.endswith("(district)") for name in names)
    assert named(held_by("nation"))[1][0].endswith("(nation)")


def test_a_shared_purse_is_named_by_both_who_bear_it() -> None:
    row = dict.fromkeys(FUNCTIONS, Cell("nation", partner="region"))
    _, names = named(
        Regime("shared", dict.fromkeys(GROUPS, row), Levers(co_commissioning_share=0.5, budget_lines="one"))
    )
    assert len(names) == 3
    assert all(" with " in name and "(nation)" in name and "(region)" in name for name in names)


def test_a_line_of_a_budget_is_named_by_its_body_and_its_group() -> None:
    _, names = named(held_by("nation", budget_lines="highly_specialised_apart"))
    assert sorted(name.partition(", ")[2] for name in names) == ["", "highly specialised"]
    assert all("(nation)" in name for name in names)


def test_a_body_of_several_units_is_named_by_them() -> None:
    world = lively_world()
    result = result_of(world, spec_of(world, held_by("district")))
    units = world.places.unit_of["region"] <= 1
    odd = replace(result, account_bearers=np.array([[7, 0]], dtype=np.uint64), account_places=units[np.newaxis])
    odd = replace(odd, account_line=np.array([-1]))
    first, second = world.places.unit_names["region"][:2]
    assert payer_names(world.places, replace(odd, account_identities=(7,))) == [f"{first} and {second} (region)"]


def test_accounts_of_one_name_carry_their_code() -> None:
    same = replace(RESULT, account_places=np.ones_like(RESULT.account_places))
    names = payer_names(WORLD.places, same)
    assert len(set(names)) == 2
    assert all(name.endswith("]") for name in names)
