"""Technologies: what is read, when services began, and what is refused."""

import numpy as np
import pytest

from sim.world.months import format_month
from sim.world.services import Services
from sim.world.tables import DataError
from sim.world.technologies import Technologies, arrivals, load_technologies
from sim.world.world import DATA_DIRECTORY, World, read_tables
from tests.world.editable import Rows, Tables

BEGAN = {
    "ahus": ("2011-11", "2013-04", None),  # its policy is later, but people were on treatment in April 2013
    "car_t": ("2018-08", "2018-12", 50_000),
    "ert_fabry": ("2001-08", "2005-04", 5_200_000),
    "ert_gaucher": ("1991-06", "2005-04", 752_000),
    "ert_mps_iva": ("2014-04", "2015-12", 480_000),
    "ert_other_mps": ("2003-06", "2005-04", None),
    "ert_pompe": ("2006-03", "2006-10", 499_000),
    "mitochondrial_donation": ("2017-03", "2017-03", None),
    "pnh": ("2007-06", "2009-04", None),
    "proton_beam": ("2008-04", "2008-04", 55_000),
    "sma_gene_therapy": ("2020-05", "2021-03", None),
}


@pytest.fixture(scope="module")
def known(england: World) -> Technologies:
    return load_technologies(DATA_DIRECTORY / "technologies.csv", england.services.ids)


def services_of(tables: Tables) -> Services:
    return read_tables(tables.directory).services


def test_every_technology_has_dates_cost_effect_and_grades(known: Technologies) -> None:
    assert len(known.ids) == 29
    assert list(known.ids) == sorted(known.ids)
    row = known.ids.index("mps4a_elosulfase")
    assert (known.services[row], known.cost_gbp[row], known.cost_basis[row]) == ("ert_mps_iva", 395_000, "annual")
    assert (known.qalys_gained[row], known.gbp_per_qaly[row], known.eligible_share[row]) == (8, 480_000, 1)
    grades = (known.date_grades, known.cost_grades, known.effect_grades, known.ratio_grades, known.eligible_grades)
    assert [grade[row] for grade in grades] == ["approximate", "assumption", "published", "assumption", "published"]
    unknown = np.isnan(known.gbp_per_qaly)
    assert unknown.sum() == 14
    assert {known.ratio_grades[row] for row in np.flatnonzero(unknown)} == {"none"}


def test_eleven_services_began_with_a_technology(england: World) -> None:
    services = england.services
    for s, service in enumerate(services.ids):
        licensed, usable, ratio = BEGAN.get(service, (None, None, None))
        months = (services.licensed_from_month[s], services.available_from_month[s])
        assert [format_month(int(month)) if month >= 0 else None for month in months] == [licensed, usable]
        assert np.isnan(services.gbp_per_qaly[s]) if ratio is None else services.gbp_per_qaly[s] == ratio


def test_what_people_were_on_in_april_2013_was_in_use_by_then(known: Technologies, england: World) -> None:
    ids = england.services.ids
    nobody, everybody = (arrivals(known, ids, np.full(len(ids), float(treated))) for treated in (0, 1))
    assert format_month(int(nobody.usable[ids.index("ahus")])) == "2013-09"
    assert format_month(int(everybody.usable.max())) == "2013-04"
    assert (everybody.licensed <= everybody.usable).all()
    assert (nobody.licensed <= nobody.usable).all()


def test_the_order_of_technologies_does_not_matter(tables: Tables, england: World) -> None:
    tables.edit("technologies.csv", lambda rows: rows[::-1])
    assert (services_of(tables).available_from_month == england.services.available_from_month).all()


def test_a_service_begins_once(tables: Tables) -> None:
    def begin_all(rows: Rows) -> Rows:
        return [row | {"begins_service": "yes"} for row in rows]

    tables.edit("technologies.csv", begin_all)
    with pytest.raises(DataError) as caught:
        services_of(tables)
    assert caught.value.column == "begins_service"
    assert caught.value.line == 3  # the second for Gaucher disease


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("service_id", "magic"),
        ("available_date", "soon"),
        ("cost_basis", ""),
        ("begins_service", "perhaps"),
        ("icer_gbp_per_qaly", "0"),
        ("eligible_share", "1.5"),
    ],
)
def test_a_wrong_cell_is_refused(tables: Tables, column: str, value: str) -> None:
    tables.set("technologies.csv", 1, column, value)
    with pytest.raises(DataError) as caught:
        services_of(tables)
    assert (caught.value.line, caught.value.column, caught.value.value) == (3, column, value)
