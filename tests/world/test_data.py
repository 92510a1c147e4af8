"""The packaged tables: consistent with themselves, with one another and with the totals they rest on."""

import re
from pathlib import Path

import numpy as np
import pytest

from sim.world.evidence import GRADES, service_facts, system_facts
from sim.world.life_table import hazard_at_age
from sim.world.world import DATA_DIRECTORY, World
from tests.world.editable import Tables

Row = dict[str, str]
CENSUS_2021 = 56_489_608
MODELLED = 29


def number(row: Row, column: str) -> float:
    return float(row[column] or 0)


@pytest.fixture(scope="module")
def derived(packaged: Tables) -> dict[str, Row]:
    return {row["service_id"]: row for row in packaged.rows("services_derived.csv")}


@pytest.fixture(scope="module")
def catalogue(packaged: Tables) -> dict[str, Row]:
    return {row["id"]: row for row in packaged.rows("services.csv")}


def yearly_hazard(england: World, age: float) -> float:
    cumulative = england.life_table.cumulative_hazard
    return hazard_at_age(cumulative, int(age) + 1.0) - hazard_at_age(cumulative, float(int(age)))


# places and footprints


def test_everybody_of_the_census_lives_somewhere(england: World, packaged: Tables) -> None:
    assert england.places.population.sum() == CENSUS_2021
    assert sum(int(row["population"]) for row in packaged.rows("icbs.csv")) == CENSUS_2021


def test_every_place_lies_in_exactly_one_unit_of_every_level(england: World) -> None:
    places = england.places
    for level, unit in places.unit_of.items():
        assert set(unit.tolist()) == set(range(len(places.unit_codes[level])))


def test_levels_have_their_known_numbers_of_units(england: World) -> None:
    known = {
        "nation": 1, "nhs_region_2022": 7, "nhs_region_2013": 4, "spec_hub_2013": 10, "area_team_2013": 25,
        "sha_2006": 10, "joint_committee_2023": 9, "icb_2022": 42, "icb_2026": 36, "sub_icb_2022": 106,
        "pct_2006_ods": 152, "ccg_2013": 211,
    }  # fmt: skip
    assert {level: len(codes) for level, codes in england.places.unit_codes.items()} == known


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ("sub_icb_2022", "icb_2022"),
        ("icb_2022", "nhs_region_2022"),
        ("icb_2022", "joint_committee_2023"),
        ("ccg_2013", "area_team_2013"),
        ("area_team_2013", "nhs_region_2013"),
        ("ccg_2013", "spec_hub_2013"),
        ("spec_hub_2013", "nhs_region_2013"),
        ("pct_2006_ods", "sha_2006"),
    ],
)
def test_levels_that_nest_in_law_nest_here(england: World, inner: str, outer: str) -> None:
    unit_of = england.places.unit_of
    pairs = set(zip(unit_of[inner].tolist(), unit_of[outer].tolist(), strict=True))
    assert len(pairs) == len(england.places.unit_codes[inner])


def test_boards_have_the_same_people_in_every_table(england: World, packaged: Tables) -> None:
    places = england.places
    people = np.bincount(places.unit_of["icb_2022"], weights=places.population)
    by_board = dict(zip(places.unit_codes["icb_2022"], people.tolist(), strict=True))
    assert by_board == {row["icb_code"]: float(row["population"]) for row in packaged.rows("icbs.csv")}


def test_every_board_has_a_tile_of_its_own(england: World, packaged: Tables) -> None:
    tiles = packaged.rows("tile_grid.csv")
    assert {tile["icb_code"] for tile in tiles} == set(england.places.unit_codes["icb_2022"])
    assert len({(tile["row"], tile["col"]) for tile in tiles}) == len(tiles)


def test_every_place_stands_in_england(england: World) -> None:
    places = england.places
    assert ((places.latitude > 49.8) & (places.latitude < 55.9)).all()
    assert ((places.longitude > -6.5) & (places.longitude < 1.8)).all()
    assert np.average(places.imd_score, weights=places.population) == pytest.approx(21.8, abs=0.05)


# services


def test_each_modelled_service_is_in_the_catalogue(derived: dict[str, Row], catalogue: dict[str, Row]) -> None:
    umbrellas = set(catalogue) - set(derived)
    assert len(derived) == MODELLED
    assert umbrellas == {"lysosomal_disorders", "enzyme_replacement_therapy"}
    assert umbrellas <= {row["parent_id"] for row in catalogue.values()}
    for service, row in derived.items():
        assert number(row, "patients_in_services_csv") == number(catalogue[service], "patients_england_per_year")


def test_parts_of_the_umbrella_add_up_to_it(catalogue: dict[str, Row]) -> None:
    parts = [
        number(row, "patients_england_per_year")
        for row in catalogue.values()
        if row["parent_id"] == "enzyme_replacement_therapy"
    ]
    assert sum(parts) == number(catalogue["enzyme_replacement_therapy"], "patients_england_per_year")


def test_catalogue_ranges_and_grades(catalogue: dict[str, Row]) -> None:
    for service, row in catalogue.items():
        for stem in ("epidemiology", "patients", "cost", "delay"):
            column = {"epidemiology": "epidemiology_value", "patients": "patients_england_per_year",
                      "cost": "cost_gbp", "delay": "diagnosis_delay_years"}[stem]  # fmt: skip
            assert number(row, f"{stem}_low") <= number(row, column) <= number(row, f"{stem}_high"), service
        grades = dict(part.split("=") for part in row["field_quality"].split("; "))
        assert set(grades.values()) <= set(GRADES), service
        assert row["quality"] in GRADES


def test_implied_stock_agrees_with_patients_but_for_the_explained(derived: dict[str, Row]) -> None:
    outside = {
        service
        for service, row in derived.items()
        if abs(number(row, "implied_treated_stock") / number(row, "patients_in_services_csv") - 1) > 0.1
    }
    assert outside == {"sma_gene_therapy"}
    assert all(derived[service]["ratio_note"] for service in outside)


def test_implied_stock_is_onsets_times_shares_times_duration(derived: dict[str, Row]) -> None:
    for service, row in derived.items():
        flow = number(row, "onsets_per_year_england") * number(row, "eligible_share")
        held = number(row, "duration_on_treatment_years") if row["kind"] == "ongoing" else 1.0
        implied = flow * number(row, "share_reaching_treatment") * held
        assert number(row, "implied_treated_stock") == pytest.approx(implied, rel=0.015), service


def test_share_reaching_treatment_follows_from_hazards_and_delays(derived: dict[str, Row], england: World) -> None:
    # the hazards of mitochondrial donation belong to the child; emergencies state their share as a prior
    others = {s: r for s, r in derived.items() if r["kind"] != "emergency" and s != "mitochondrial_donation"}
    for service, row in others.items():
        background = yearly_hazard(england, number(row, "onset_age_mean"))
        ill = number(row, "untreated_annual_hazard")
        before = ill * number(row, "hazard_multiplier_before_diagnosis") + background
        diagnosed = 1 / (1 + before * number(row, "diagnosis_delay_years_used"))
        alive = diagnosed / (1 + (ill + background) * number(row, "wait_years_used"))
        assert number(row, "share_reaching_treatment") == pytest.approx(alive, abs=0.002), service


def test_duration_on_treatment_follows_from_the_life_table(derived: dict[str, Row], england: World) -> None:
    life = england.life_table
    for service, row in ((s, r) for s, r in derived.items() if r["kind"] == "ongoing"):
        start = sum(number(row, c) for c in ("onset_age_mean", "diagnosis_delay_years_used", "wait_years_used"))
        ages = np.arange(start, life.ages[-1], 1 / 24)
        hazard = np.interp(ages, life.ages, life.cumulative_hazard)
        leaving = number(row, "treated_annual_hazard") + number(row, "stop_rate_per_year")
        kept = np.exp(hazard[0] - hazard - leaving * (ages - start))
        assert number(row, "duration_on_treatment_years") == pytest.approx(np.trapezoid(kept, ages), rel=0.02), service


def test_undiagnosed_stock_is_flow_times_time_undiagnosed(derived: dict[str, Row], england: World) -> None:
    others = {s: r for s, r in derived.items() if r["kind"] != "emergency" and s != "mitochondrial_donation"}
    for service, row in others.items():
        background = yearly_hazard(england, number(row, "onset_age_mean"))
        leaving = number(row, "untreated_annual_hazard") * number(row, "hazard_multiplier_before_diagnosis")
        delay = number(row, "diagnosis_delay_years_used")
        flow = number(row, "onsets_per_year_england") * number(row, "eligible_share")
        expected = flow * delay / (1 + (leaving + background) * delay)
        assert number(row, "starting_stock_undiagnosed") == pytest.approx(expected, rel=0.01, abs=0.06), service


def test_costs_are_deflated_by_the_factor_stated(derived: dict[str, Row], catalogue: dict[str, Row]) -> None:
    for service, row in derived.items():
        stated = re.search(r"factor ([\d.]+)", row["deflator"])
        factor = float(stated.group(1)) if stated else 1.0
        cost = number(catalogue[service], "cost_gbp") * factor
        assert number(row, "cost_gbp_2022") == pytest.approx(cost, rel=0.001), service


def test_every_number_of_the_wide_table_has_its_line_in_the_long_one(derived: dict[str, Row]) -> None:
    explained = {(fact.service_id, fact.parameter): fact for fact in service_facts()}
    given = {
        (service, column)
        for service, row in derived.items()
        for column in row
        if column + "_low" in row and row[column] != ""
    }
    assert given == set(explained)
    for (service, column), fact in explained.items():
        row = derived[service]
        wide = (number(row, column), number(row, column + "_low"), number(row, column + "_high"))
        assert (fact.value, fact.low, fact.high) == wide, (service, column)


def test_capacity_could_hold_those_on_treatment(england: World) -> None:
    services = england.services
    assert (services.capacity_per_year >= services.stock_treated(2013.25)).all()
    assert (services.capacity_per_year >= services.stock_treated(2022.25)).all()


def test_modelled_services_cost_less_than_all_specialised_services(england: World) -> None:
    services = england.services
    yearly = np.where(services.kind == 0, services.stock_treated(2022.25), services.need_per_year)
    spend = float((yearly * services.cost_gbp).sum()) / 1e9
    assert 4 < spend < system_facts()["spec_budget_2013_14"].value


# technologies, life table, text


def test_technologies_are_dated_graded_and_inside_their_ranges(packaged: Tables, derived: dict[str, Row]) -> None:
    for row in packaged.rows("technologies.csv"):
        assert row["service_id"] in derived
        assert "1990-01" <= row["available_date"] <= "2025-12"
        assert number(row, "cost_low") <= number(row, "cost_gbp") <= number(row, "cost_high")
        for column in ("effect_qaly", "hazard_ratio", "utility_gain", "eligible_share"):
            assert number(row, column + "_low") <= number(row, column) <= number(row, column + "_high")
        assert {row[column] for column in row if column.endswith("_grade")} <= {*GRADES, "none"}
        assert (row["icer_grade"] == "none") == (not row["icer_gbp_per_qaly"])


def test_a_service_is_begun_by_what_is_paid_for_as_it_is(packaged: Tables, derived: dict[str, Row]) -> None:
    begun = [row for row in packaged.rows("technologies.csv") if row["begins_service"] == "yes"]
    assert len(begun) == 11
    for row in begun:
        yearly = row["cost_basis"].startswith("annual")
        assert yearly == (derived[row["service_id"]]["kind"] == "ongoing")


def test_life_expectancies_are_near_the_published(packaged: Tables) -> None:
    """Office for National Statistics, England 2018-2020: 79.3 years for boys and 83.1 for girls at birth."""
    at_birth = {row["sex"]: float(row["ex"]) for row in packaged.rows("life_table.csv") if row["age"] == "0"}
    assert at_birth["male"] == pytest.approx(79.3, abs=0.3)
    assert at_birth["female"] == pytest.approx(83.1, abs=0.3)


@pytest.mark.parametrize("path", sorted(DATA_DIRECTORY.iterdir()), ids=lambda path: path.name)
def test_no_table_names_a_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/(work|tmp|root|home)/", text)


def test_the_readme_tells_of_every_table() -> None:
    readme = (DATA_DIRECTORY / "README.md").read_text(encoding="utf-8")
    for path in DATA_DIRECTORY.glob("*.csv"):
        assert f"`{path.name}`" in readme
    assert "Office for National Statistics licensed under the Open Government Licence v.3.0" in readme
