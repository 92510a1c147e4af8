import math
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.measures.area_indices import INDICES
from sim.measures.chance import floor_of
from sim.measures.headline import run_table
from sim.measures.lottery_rows import beyond_chance
from sim.measures.outcomes import OUTCOMES
from sim.model.result import ENDINGS, MAX_DAYS, REASONS, RunResult
from sim.study.table import STORED_COLUMNS, canonical_table
from tests.measures.synthetic import GROUPS, result_of, world_of

WORLD = world_of(places=12, areas=4)
RESULT = result_of(places=12)
POOLED = ("all_patients", *GROUPS)


def frame(result: RunResult = RESULT, world: Any = WORLD, redraws: int = 3) -> pd.DataFrame:
    return pd.DataFrame(run_table(result, world, redraws))


TABLE = frame()


def nation(measure: str, service: str, table: pd.DataFrame = TABLE) -> Any:
    found = table[(table["measure"] == measure) & (table["service"] == service) & (table["geography"] == "nation")]
    found = found[found["period_start"] == "all"]
    assert len(found) == 1
    return found.iloc[0]


def part(geography: str, measure: str, service: str) -> pd.DataFrame:
    table = TABLE
    return table[(table["geography"] == geography) & (table["measure"] == measure) & (table["service"] == service)]


def test_the_store_takes_the_table() -> None:
    assert list(canonical_table(run_table(RESULT, WORLD, 3))) == list(STORED_COLUMNS)


def test_every_registered_outcome_is_reported_and_no_other() -> None:
    national = TABLE[TABLE["geography"] == "nation"]

    assert set(national["measure"]) == set(OUTCOMES)
    assert set(national["area"]) == {"England"}
    assert (TABLE["unit"] == [OUTCOMES[name].unit for name in TABLE["measure"]]).all()


@pytest.mark.parametrize(
    ("measure", "wanted"),
    [
        ("access_from_diagnosis", {*POOLED, "all_services", *RESULT.service_ids}),
        ("median_days_to_treatment", {*POOLED, "all_services", *RESULT.service_ids}),
        ("twin_discordance", {*POOLED, "all_services", *RESULT.service_ids}),
        ("tau_icb", set(POOLED)),
        ("overdispersion_icb_chance_floor", set(POOLED)),
        ("cost_total_gbp", {"all"}),
        ("qalys", {"all", *GROUPS, *RESULT.service_ids}),
    ],
)
def test_each_measure_is_shown_for_its_sets_of_services(measure: str, wanted: set[str]) -> None:
    national = TABLE[(TABLE["geography"] == "nation") & (TABLE["measure"] == measure)]

    assert set(national["service"]) == wanted


def test_a_value_is_its_numerator_over_its_denominator() -> None:
    counted = TABLE[(TABLE["denominator"] > 0) & (TABLE["measure"] != "spend_over_plan_share")]

    assert np.allclose(counted["value"], counted["numerator"] / counted["denominator"])


def test_access_pools_patients_and_averages_services() -> None:
    people, reached = (counts[0].sum(axis=(0, 2, 3)) for counts in (RESULT.people, RESULT.reached))

    assert nation("access_from_diagnosis", "all_patients").value == reached.sum() / people.sum()
    assert nation("access_from_diagnosis", "all_services").value == pytest.approx((reached / people).mean())
    delegable = nation("access_from_diagnosis", "specialised_delegable")
    assert (delegable.numerator, delegable.denominator) == (reached[1], people[1])


@pytest.mark.parametrize("service", ["all_patients", *RESULT.service_ids, *GROUPS])
def test_areas_and_places_add_up_to_the_nation(service: str) -> None:
    whole = nation("access_from_diagnosis", service)
    areas = part("icb_2022", "access_from_diagnosis", service)

    assert len(areas) == 4
    assert (areas["numerator"].sum(), areas["denominator"].sum()) == (whole.numerator, whole.denominator)
    if service in RESULT.service_ids:
        places = part("place", "access_from_diagnosis", service)
        assert (places["denominator"] > 0).all()
        assert places["numerator"].sum() == whole.numerator


@pytest.mark.parametrize("geography", ["nation", "place"])
def test_reasons_sum_to_the_whole(geography: str) -> None:
    rows = TABLE[(TABLE["geography"] == geography) & TABLE["measure"].str.startswith("reason_")]

    clock = rows["measure"].str.contains("from_diagnosis")
    sums = rows.groupby(["area", "service", clock])["value"].agg(["sum", "size"])

    assert np.allclose(sums["sum"], 1.0)
    assert (sums["size"] == len(REASONS)).all()
    groups = rows[(rows["measure"] == "reason_died") & rows["service"].isin(GROUPS)]
    assert groups["denominator"].sum() == RESULT.people[1].sum()


def test_reasons_are_told_from_onset() -> None:
    in_time = nation("reason_treated_in_time", "all_patients")

    assert in_time[["numerator", "denominator"]].equals(
        nation("access_from_onset", "all_patients")[["numerator", "denominator"]]
    )


LINES = ("treatment", "rest_of_portfolio", "low_value", "administration")


def test_cost_lines_are_pounds_a_year_and_add_up() -> None:
    lines = [nation(f"cost_{line}_gbp", "all").value for line in LINES]
    travel = nation("cost_patient_travel_gbp", "all").value

    assert lines[0] == pytest.approx(RESULT.treatment_pence.sum() / 100 / RESULT.measured_years)
    assert nation("cost_total_gbp", "all").value == pytest.approx(sum(lines) + travel)
    assert nation("cost_price_premium_gbp", "all").value == pytest.approx(
        RESULT.price_premium_pence.sum() / 100 / RESULT.measured_years
    )


def test_what_is_owed_and_promised_at_the_end_stands_beside_the_totals() -> None:
    assert nation("balance_at_end_gbp", "all").value == pytest.approx(RESULT.balance_pence.sum() / 100)
    assert nation("committed_at_end_gbp", "all").value == pytest.approx(RESULT.committed_pence.sum() / 100)


def test_spend_beyond_plan_is_a_share_of_plan() -> None:
    assert nation("spend_over_plan_share", "all").value == pytest.approx(0.1)


def test_twins_pool_by_people_in_need() -> None:
    people = RESULT.people[0].sum(axis=(0, 2, 3))
    each = np.array([nation("twin_discordance", name).value for name in RESULT.service_ids])

    assert nation("twin_discordance", "all_services").value == pytest.approx(each.mean())
    pooled = nation("twin_discordance", "all_patients")
    assert pooled.value == pytest.approx(np.average(each, weights=people))
    assert pooled.denominator == people.sum()


def test_twins_wait_no_longer_than_the_window() -> None:
    short = frame(replace(RESULT, access_window_days=np.full(4, 20.0)))

    assert 20.0 < nation("twin_wait_gap_days", "all_services").value <= 126.0
    assert 1.0 < nation("twin_wait_gap_days", "all_services", short).value <= 20.0


def test_variation_stands_out_from_its_floor_only_where_places_differ() -> None:
    world = world_of(places=120, areas=40)
    same, apart = (frame(result_of(120, 6, people=20.0, tau=tau), world, 20) for tau in (0.0, 0.5))

    def excess(measure: str, table: pd.DataFrame) -> float:
        index, floor = (nation(measure + end, "all_patients", table).value for end in ("", "_chance_floor"))
        return float(index - floor)

    # Three places an ICB share their differences out: 0.5 / sqrt(3) is about 0.29.
    assert excess("tau_icb", apart) > 0.15
    assert abs(excess("tau_icb", same)) < 0.05
    assert excess("overdispersion_icb", apart) > 3 * abs(excess("overdispersion_icb", same))
    mor = nation("mor_icb", "all_patients", apart).value
    tau = nation("tau_icb", "all_patients", apart).value
    assert mor == pytest.approx(math.exp(0.6744897501960817 * math.sqrt(2) * tau))


def test_variation_is_counted_in_agents_not_in_the_people_they_stand_for() -> None:
    ten = np.full(4, 10)
    heavy = replace(RESULT, weight=ten, people=RESULT.people * 10, reached=RESULT.reached * 10)
    indices = [f"{name}{end}" for name in INDICES for end in ("", "_chance_floor", "_excess_low")]

    one, other = ([nation(name, "all_patients", t).value for name in indices] for t in (TABLE, frame(heavy)))

    np.testing.assert_array_equal(one, other)


def test_the_floor_does_not_depend_on_the_regime_name_and_does_on_the_replicate() -> None:
    floor = nation("tau_icb_chance_floor", "all_patients").value

    renamed = frame(replace(RESULT, regime_id="another"))
    next_one = frame(replace(RESULT, replicate=1))

    assert nation("tau_icb_chance_floor", "all_patients", renamed).value == floor
    assert nation("overdispersion_icb_chance_floor", "all_patients", next_one).value != (
        nation("overdispersion_icb_chance_floor", "all_patients").value
    )


def test_medians_wait_for_half_of_the_people_and_may_never_come() -> None:
    counts = np.zeros((4, len(ENDINGS), MAX_DAYS + 1), dtype=np.int64)
    counts[:, ENDINGS.index("started"), 10] = (6, 4, 0, 0)
    counts[:, ENDINGS.index("died"), 5] = (4, 0, 5, 0)
    counts[:, ENDINGS.index("not_referred_or_refused"), 5] = (0, 6, 0, 0)
    table = frame(replace(RESULT, time_to_treatment=counts))

    medians = [nation("median_days_to_treatment", name, table).value for name in RESULT.service_ids]

    assert medians == pytest.approx([10.0, math.nan, math.nan, math.nan], nan_ok=True)
    assert math.isnan(nation("median_days_to_treatment", "all_patients", table).value)
    assert math.isnan(nation("median_days_to_treatment", "all_services", table).value)


def test_the_median_over_services_leaves_out_those_without_patients() -> None:
    counts = np.zeros((4, len(ENDINGS), MAX_DAYS + 1), dtype=np.int64)
    counts[:3, ENDINGS.index("started"), 10] = 6
    counts[:3, ENDINGS.index("died"), 5] = 4
    table = frame(replace(RESULT, time_to_treatment=counts))

    # 0.6 over the three services with patients; over all four it would stay below a half.
    assert nation("median_days_to_treatment", "all_services", table).value == 10.0


def test_a_service_without_patients_is_undefined_and_left_out_of_the_mean() -> None:
    people, reached, reasons = (counts.copy() for counts in (RESULT.people, RESULT.reached, RESULT.reasons))
    for counts in (people, reached, reasons):
        counts[:, :, 1] = 0
    table = frame(replace(RESULT, people=people, reached=reached, reasons=reasons))

    assert math.isnan(nation("access_from_diagnosis", "service_01", table).value)
    assert nation("access_from_diagnosis", "all_services", table).denominator == 3
    # Service 1 is the only one of its group, so its group has no index either.
    assert math.isnan(nation("tau_icb", "specialised_delegable", table).value)
    assert math.isnan(nation("overdispersion_icb", "specialised_delegable", table).value)


def test_a_world_without_twins_has_no_discordance() -> None:
    none = np.zeros((4, 0, 12))
    table = frame(replace(RESULT, twin_reached=none.astype(np.int8), twin_wait_days=none.astype(np.int32)))

    assert math.isnan(nation("twin_discordance", "all_patients", table).value)


def test_order_of_places_does_not_change_national_counts_or_indices() -> None:
    order = np.random.default_rng(1).permutation(12)
    places = WORLD.places
    moved = world_of(places=12, areas=4)
    moved.places.population = places.population[order]
    moved.places.unit_of = {level: units[order] for level, units in places.unit_of.items()}
    moved.places.deprivation_fifth = places.deprivation_fifth[order]
    by_place = ("starts", "deaths_waiting", "travel_minutes", "qalys", "qalys_discounted", "budget_holder")
    result = replace(
        RESULT,
        people=RESULT.people[:, order],
        reached=RESULT.reached[:, order],
        reasons=RESULT.reasons[:, order],
        twin_reached=RESULT.twin_reached[:, :, order],
        twin_wait_days=RESULT.twin_wait_days[:, :, order],
        **{name: getattr(RESULT, name)[order] for name in by_place},
    )

    one, other = (table[table["geography"] == "nation"] for table in (TABLE, frame(result, moved)))

    assert np.allclose(one["value"], other["value"], rtol=1e-9, equal_nan=True)


def test_a_result_of_another_world_is_refused() -> None:
    with pytest.raises(ValueError, match="different places"):
        run_table(RESULT, world_of(places=13, areas=4))


def test_a_worker_that_measures_loads_no_pandas_and_no_scipy() -> None:
    code = "import sys, sim.measures.headline; print(*[m for m in ('pandas', 'scipy') if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""


def test_access_of_single_years_sums_to_that_of_all_years() -> None:
    yearly = TABLE[(TABLE["measure"] == "access_from_diagnosis") & (TABLE["geography"] == "nation")]
    yearly = yearly[yearly["period_start"] != "all"]

    for service in ("all_patients", *RESULT.service_ids):
        whole = nation("access_from_diagnosis", service)
        single = yearly[yearly["service"] == service]
        assert single["numerator"].sum() == whole["numerator"]
        assert single["denominator"].sum() == whole["denominator"]
        assert (single["denominator"] > 0).all()
    assert yearly["period_start"].nunique() == RESULT.measured_years


def test_years_to_see_are_those_of_a_spread_and_not_of_its_excess() -> None:
    """The likelihood has taken the luck of counts out of tau, so it is not taken out again; a tau of chance is none."""
    luck = np.random.default_rng(8).normal(0.2, 0.03, 20)
    floor = floor_of(luck)

    assert beyond_chance(0.5, floor) == 0.5
    assert beyond_chance(0.2, floor) == beyond_chance(float(np.quantile(luck, 0.9)), floor) == 0.0


@pytest.mark.parametrize(("tau", "luck"), [(np.nan, [0.1, 0.2, 0.3]), (0.5, [0.1]), (0.5, [])])
def test_where_a_tau_or_its_floor_is_unknown_so_are_the_years(tau: float, luck: list[float]) -> None:
    assert np.isnan(beyond_chance(tau, floor_of(np.array(luck))))
