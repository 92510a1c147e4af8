"""Services: what is read, what is derived from it, and what is refused."""

import numpy as np
import pytest

from sim.world.months import format_month, parse_month
from sim.world.services import (
    EMERGENCY,
    ESTABLISHED_BEFORE,
    ONE_OFF,
    ONGOING,
    TIERS,
    Services,
    load_arrivals,
    load_catalogue,
    load_services,
)
from sim.world.tables import DataError
from sim.world.world import World
from tests.world.editable import Rows, Tables


def load(tables: Tables) -> Services:
    at = tables.directory
    return load_services(at / "services_derived.csv", at / "technologies.csv", load_catalogue(at / "services.csv"))


def refused(tables: Tables) -> DataError:
    with pytest.raises(DataError) as caught:
        load(tables)
    return caught.value


def value(services: Services, field: str, service: str) -> float:
    return float(getattr(services, field)[services.ids.index(service)])


def test_the_three_kinds_and_tiers_are_there(england: World) -> None:
    services = england.services
    assert list(services.ids) == sorted(services.ids)
    assert set(services.groups) == set(TIERS)
    kinds = dict(zip(services.ids, services.kind, strict=True))
    assert (kinds["pnh"], kinds["car_t"], kinds["burn_care"]) == (ONGOING, ONE_OFF, EMERGENCY)


def test_umbrella_rows_are_not_modelled(england: World, packaged: Tables) -> None:
    listed = {row["id"] for row in packaged.rows("services.csv")}
    assert listed - set(england.services.ids) == {"lysosomal_disorders", "enzyme_replacement_therapy"}


def test_need_is_onsets_among_the_eligible(england: World) -> None:
    assert value(england.services, "need_per_year", "ert_fabry") == pytest.approx(13.6 * 0.85)


def test_cost_counts_only_those_on_the_costed_treatment(england: World) -> None:
    assert value(england.services, "cost_gbp", "pnh") == pytest.approx(250_000 * 0.35)


def test_a_blank_means_none(england: World) -> None:
    services = england.services
    assert value(services, "severe_form_share", "pnh") == 0
    assert value(services, "severe_form_share", "ert_pompe") == 0.12
    assert value(services, "duration_on_treatment_years", "car_t") == 0
    assert value(services, "untreated_annual_hazard", "adult_ecmo") == 0


def test_only_ongoing_services_hold_people_at_the_start(england: World) -> None:
    services = england.services
    treated = services.stock_treated(2018.0)
    assert (treated[services.kind != ONGOING] == 0).all()
    assert (treated[services.kind == ONGOING] > 0).all()


def test_stocks_are_interpolated_between_april_2013_and_april_2022(england: World) -> None:
    services = england.services
    pnh = services.ids.index("pnh")
    years = (2000.0, 2007.5, 2013.25, 2017.75, 2022.25, 2030.0)
    assert [services.stock_treated(year)[pnh] for year in years] == pytest.approx([0, 550, 550, 695, 840, 840])
    assert [services.stock_waiting(year)[pnh] for year in years[:2]] == pytest.approx([553.5, 3.5])
    waiting = [services.stock_waiting(year)[services.ids.index("ert_mps_iva")] for year in years]
    assert waiting == pytest.approx([75, 75, 75, 37.9, 0.8, 0.8])
    assert (services.stock_undiagnosed(2013) == services.stock_undiagnosed(2022)).all()


def test_only_four_services_arrive_after_april_2013(england: World) -> None:
    services = england.services
    arrivals = {
        service: month
        for service, month in zip(services.ids, services.available_from_month, strict=True)
        if month > ESTABLISHED_BEFORE
    }
    assert arrivals == {
        "car_t": parse_month("2018-12"),
        "ert_mps_iva": parse_month("2015-12"),
        "mitochondrial_donation": parse_month("2017-03"),
        "sma_gene_therapy": parse_month("2021-03"),
    }


def test_drugs_for_life_did_not_exist_before_their_first_licence(england: World) -> None:
    services = england.services
    old = (services.licensed_from_month >= 0) & (services.licensed_from_month <= ESTABLISHED_BEFORE)
    assert {services.ids[s]: format_month(int(services.licensed_from_month[s])) for s in np.flatnonzero(old)} == {
        "ahus": "2011-11",
        "ert_fabry": "2001-08",
        "ert_gaucher": "1991-06",
        "ert_other_mps": "2003-06",
        "ert_pompe": "2006-03",
        "pnh": "2007-06",
    }
    assert (services.available_from_month[old] == services.licensed_from_month[old]).all()
    in_1983 = services.stock_treated(1983.25)
    assert (in_1983[old] == 0).all()
    others = (services.kind == ONGOING) & (services.licensed_from_month < 0)
    assert (in_1983[others] == services.stock_treated(2013.25)[others]).all()
    everyone = services.stock_treated(2013.25) + services.stock_waiting(2013.25)
    assert in_1983 + services.stock_waiting(1983.25) == pytest.approx(everyone)


def test_a_service_with_people_on_treatment_in_2013_is_established(tables: Tables, england: World) -> None:
    services = england.services
    treated = np.ones(len(services.ids))
    facts = (services.ids, services.kind, treated, services.cost_gbp)
    dates = load_arrivals(tables.directory / "technologies.csv", *facts)
    assert all((months <= ESTABLISHED_BEFORE).all() for months in dates)


def test_a_technology_funded_before_april_2013_makes_a_service_established(tables: Tables) -> None:
    def fund_early(rows: Rows) -> Rows:
        return [row | {"first_national_funding_date": "2013-03"} for row in rows]

    tables.edit("technologies.csv", fund_early)
    assert (load(tables).available_from_month <= ESTABLISHED_BEFORE).all()


def test_a_technology_is_licensed_before_it_can_be_used(england: World) -> None:
    services = england.services
    new = services.available_from_month >= 0
    assert new.sum() == 4 + 6
    assert (services.licensed_from_month[new] <= services.available_from_month[new]).all()
    assert (services.licensed_from_month[~new] == -1).all()


def test_evidence_on_volume_is_read_from_the_catalogue(england: World) -> None:
    evidence = dict(zip(england.services.ids, england.services.volume_evidence, strict=True))
    assert [evidence[name] for name in ("adult_ecmo", "og_cancer_surgery", "burn_care")] == [2, 1, 0]


def test_the_order_of_technologies_does_not_matter(tables: Tables, england: World) -> None:
    tables.edit("technologies.csv", lambda rows: rows[::-1])
    assert (load(tables).available_from_month == england.services.available_from_month).all()


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("onsets_per_year_england", "", "a number, at least 0"),
        ("onsets_per_year_england", "many", "a number, at least 0"),
        ("onsets_per_year_england", "9999999", "its own range"),
        ("eligible_share", "1.4", "a number, 0 to 1"),
        ("utility_treated", "-0.1", "a number, 0 to 1"),
        ("kind", "sometimes", "emergency, one_off, ongoing"),
        ("service_id", "magic", "and 23 more"),
        ("untreated_annual_hazard", "-1", "a number, at least 0"),
    ],
)
def test_a_wrong_cell_is_refused(tables: Tables, column: str, value: str, said: str) -> None:
    tables.set("services_derived.csv", 0, column, value)
    error = refused(tables)
    assert (error.line, error.column, error.value) == (2, column, value)
    assert said in error.allowed


def test_treatment_that_does_harm_by_construction_is_refused(tables: Tables) -> None:
    tables.set("services_derived.csv", 0, "utility_treated_low", "0.1")
    tables.set("services_derived.csv", 0, "utility_treated", "0.2")
    assert refused(tables).column == "utility_treated"


def test_a_service_that_stands_twice_is_refused(tables: Tables) -> None:
    tables.edit("services_derived.csv", lambda rows: [*rows, rows[0]])
    assert "each code once" in str(refused(tables))


@pytest.mark.parametrize(
    ("column", "value"), [("tier_2022", "national"), ("parent_id", "nobody"), ("centres_england", "2.5")]
)
def test_a_wrong_cell_of_the_catalogue_is_refused(tables: Tables, column: str, value: str) -> None:
    tables.set("services.csv", 4, column, value)
    error = refused(tables)
    assert (error.line, error.column, error.value) == (6, column, value)


@pytest.mark.parametrize(("column", "value"), [("service_id", "magic"), ("available_date", "soon"), ("cost_basis", "")])
def test_a_wrong_cell_of_the_technologies_is_refused(tables: Tables, column: str, value: str) -> None:
    tables.set("technologies.csv", 1, column, value)
    error = refused(tables)
    assert (error.line, error.column, error.value) == (3, column, value)
