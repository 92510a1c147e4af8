"""Links between services: what the table says, and what it may not say."""

import pytest

from sim.world.links import UNLINKED, PathwayLink, load_links, relieved_by
from sim.world.services import EMERGENCY, ONE_OFF, ONGOING
from sim.world.synthetic import SyntheticOptions, synthetic_world
from sim.world.tables import DataError
from sim.world.world import World
from tests.world.editable import Tables

LINK = PathwayLink("kidney_transplant", "renal_dialysis", 6130.0)


def test_a_kidney_transplant_relieves_people_of_dialysis(england: World) -> None:
    assert england.links == (LINK,)


def test_who_relieves_whom_goes_by_name(england: World) -> None:
    relieves = relieved_by(england.links, england.services)
    ids = england.services.ids
    named = {ids[s]: ids[relieved] for s, relieved in enumerate(relieves) if relieved != UNLINKED}
    assert named == {"kidney_transplant": "renal_dialysis"}


def test_links_stand_in_order(tables: Tables, england: World) -> None:
    def with_another(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [rows[0], {**rows[0], "service_id": "heart_transplant"}]

    tables.edit("pathway_links.csv", with_another)
    links = load_links(tables.directory / "pathway_links.csv", england.services)
    assert [link.service for link in links] == ["heart_transplant", "kidney_transplant"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("service_id", "renal_dialysis"),  # not done once
        ("service_id", "nobody_knows"),
        ("relieves_service_id", "heart_transplant"),  # not ongoing
        ("upkeep_gbp_2022", "-1"),
        ("upkeep_gbp_2022", "9000"),  # outside its own range
        ("upkeep_gbp_2022_low", ""),
    ],
)
def test_a_wrong_cell_is_named(tables: Tables, england: World, column: str, value: str) -> None:
    tables.set("pathway_links.csv", 0, column, value)
    with pytest.raises(DataError) as raised:
        load_links(tables.directory / "pathway_links.csv", england.services)
    assert raised.value.line == 2


@pytest.mark.parametrize(("kinds", "linked"), [((ONE_OFF, EMERGENCY, ONGOING), 1), ((ONE_OFF, EMERGENCY), 0)])
def test_a_synthetic_world_links_the_first_of_each_kind_if_there_are_both(kinds: tuple[int, ...], linked: int) -> None:
    world = synthetic_world(n_services=6, options=SyntheticOptions(kinds=kinds, linked=True))
    assert world.links == (PathwayLink("service_00000", "service_00002", 0.0),) * linked
    assert synthetic_world(n_services=6, options=SyntheticOptions(kinds=kinds)).links == ()
