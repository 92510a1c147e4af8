"""The services that are modelled: their ids, names and groups as the data tables give them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache


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
