"""The listed providers and what they offer."""

import pytest

from sim.world.providers import Providers, load_providers
from sim.world.services import load_catalogue
from sim.world.tables import DataError
from sim.world.world import World, load_england
from tests.world.editable import Rows, Tables


def load(tables: Tables, england: World) -> Providers:
    parents = load_catalogue(tables.directory / "services.csv").parents
    return load_providers(tables.directory / "providers.csv", england.services, parents)


def test_listed_providers_offer_what_their_row_says(packaged: Tables, england: World) -> None:
    providers = load(packaged, england)
    rows = {row["id"]: set(row["services"].split(";")) for row in packaged.rows("providers.csv")}
    assert list(providers.ids) == sorted(rows)
    assert not providers.generated.any()
    for k, provider in enumerate(providers.ids):
        offered = {s for s, there in zip(england.services.ids, providers.offers[k], strict=True) if there}
        assert offered - {"ert_other_mps"} == rows[provider] & set(england.services.ids)


def test_a_service_that_nobody_names_stands_where_its_umbrella_does(packaged: Tables, england: World) -> None:
    providers = load(packaged, england)
    named = {row["id"] for row in packaged.rows("providers.csv") if "enzyme_replacement_therapy" in row["services"]}
    column = providers.offers[:, england.services.ids.index("ert_other_mps")]
    assert {provider for provider, there in zip(providers.ids, column, strict=True) if there} == named


def test_the_order_of_rows_does_not_matter(tables: Tables, england: World) -> None:
    before = load(tables, england)
    tables.edit("providers.csv", lambda rows: rows[::-1])
    after = load(tables, england)
    assert before.ids == after.ids
    assert (before.offers == after.offers).all()
    assert (before.latitude == after.latitude).all()


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("services", "pnh;alchemy", "ids of services.csv"),
        ("services", "", "anything but a blank cell"),
        ("lat", "95", "a number, -90 to 90"),
        ("lon", "", "a number, -180 to 180"),
        ("name", "", "anything but a blank cell"),
    ],
)
def test_a_wrong_cell_is_refused(tables: Tables, england: World, column: str, value: str, said: str) -> None:
    tables.set("providers.csv", 5, column, value)
    with pytest.raises(DataError) as caught:
        load(tables, england)
    assert (caught.value.line, caught.value.column) == (7, column)
    assert said in caught.value.allowed


def test_a_provider_that_stands_twice_is_refused(tables: Tables, england: World) -> None:
    tables.edit("providers.csv", lambda rows: [*rows, rows[0]])
    with pytest.raises(DataError, match="each code once"):
        load(tables, england)


def test_a_service_without_provider_or_centre_is_refused(tables: Tables) -> None:
    def nobody_treats_porphyria(rows: Rows) -> Rows:
        return [
            row | {"services": row["services"].replace("acute_porphyria;", "").replace(";acute_porphyria", "")}
            for row in rows
        ]

    tables.edit("providers.csv", nobody_treats_porphyria)
    row = [row["id"] for row in tables.rows("services.csv")].index("acute_porphyria")
    tables.set("services.csv", row, "centres_england", "0")
    with pytest.raises(DataError, match="nobody offers acute_porphyria"):
        load_england(tables.directory)
