"""The services that are modelled and the technologies within them, as the data tables give them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.world.technologies import Technologies


@dataclass(frozen=True)
class ServiceName:
    """One modelled service."""

    id: str
    name: str
    group: str


@cache
def known_services() -> Mapping[str, ServiceName]:
    """Return the modelled services by id, sorted: the rows of services_derived.csv."""
    from sim.world.tables import read_table
    from sim.world.world import DATA_DIRECTORY

    derived = read_table(DATA_DIRECTORY / "services_derived.csv", ["service_id"])
    described = read_table(DATA_DIRECTORY / "services.csv", ["id", "name", "tier_2022"])
    rows = {row["id"]: row for row in described.rows}
    ids = sorted(row["service_id"] for row in derived.rows)
    return {id_: ServiceName(id_, rows[id_]["name"], rows[id_]["tier_2022"]) for id_ in ids}


@cache
def known_technologies() -> "Technologies":
    """Return the dated technologies of the catalogue, sorted by id."""
    from sim.world.technologies import load_technologies
    from sim.world.world import DATA_DIRECTORY

    return load_technologies(DATA_DIRECTORY / "technologies.csv", tuple(known_services()))
