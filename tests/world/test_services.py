"""Services: what is read, what is derived from it, and what is refused."""

import numpy as np
import pytest

from sim.world.months import parse_month
from sim.world.services import (
    EMERGENCY,
    ONE_OFF,
    ONGOING,
    TIERS,
    Services,
    load_catalogue,
    load_services,
)
from sim.world.tables import DataError
from sim.world.world import World
from tests.world.editable import Tables


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


def test_before_a_service_begins_those_whom_it_would_treat_wait_for_it(england: World) -> None:
    services, began = england.services, 2009.25
    pnh = services.ids.index("pnh")
    before, after = began - 1 / 12, began
    assert [services.stock_treated(year)[pnh] for year in (before, after)] == [0, 550]
    waiting = services.waiting_2013[pnh]
    assert [services.stock_waiting(year)[pnh] for year in (before, after)] == pytest.approx([550 + waiting, waiting])
    assert services.stock_waiting(2030) == pytest.approx(services.waiting_2022)


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
    years = (2010.0, 2013.25, 2017.75, 2022.25, 2030.0)
    assert [services.stock_treated(year)[pnh] for year in years] == pytest.approx([550, 550, 695, 840, 840])
    waiting = [services.stock_waiting(year)[services.ids.index("ert_mps_iva")] for year in years]
    assert waiting == pytest.approx([75, 75, 37.9, 0.8, 0.8])
    assert (services.stock_undiagnosed(2013) == services.stock_undiagnosed(2022)).all()


def test_in_1983_nobody_was_on_what_did_not_exist_yet_but_waited_for_it(england: World) -> None:
    services = england.services
    later = services.available_from_month > parse_month("1983-04")
    assert {"ert_gaucher", "pnh", "ahus", "car_t"} <= {services.ids[s] for s in np.flatnonzero(later)}
    in_1983 = services.stock_treated(1983.25)
    assert (in_1983[later] == 0).all()
    assert (in_1983[~later] == services.stock_treated(2013.25)[~later]).all()
    everyone = services.stock_treated(2013.25) + services.stock_waiting(2013.25)
    begun = services.available_from_month <= parse_month("2013-04")
    assert (in_1983 + services.stock_waiting(1983.25))[begun] == pytest.approx(everyone[begun])


def test_evidence_on_volume_is_read_from_the_catalogue(england: World) -> None:
    evidence = dict(zip(england.services.ids, england.services.volume_evidence, strict=True))
    assert [evidence[name] for name in ("adult_ecmo", "og_cancer_surgery", "burn_care")] == [2, 1, 0]


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
