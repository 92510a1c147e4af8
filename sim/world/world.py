"""The world: everything that no regime can change, loaded from the data tables and checked."""

from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

import numpy as np

from sim.world.capacity import CapacityParameters, Offers, capacity_share
from sim.world.life_table import LifeTable, load_life_table
from sim.world.links import PathwayLink, load_links
from sim.world.local_sites import add_local_sites
from sim.world.need import expected_need
from sim.world.places import Places, load_places
from sim.world.providers import Providers, load_providers
from sim.world.services import Services, load_catalogue, load_services
from sim.world.tables import FloatArray, LongArray, read_table
from sim.world.travel import TravelParameters, great_circle_km, travel_hours

DATA_DIRECTORY = Path(__file__).parent / "data"
TABLES = (
    "footprints.csv",
    "life_table.csv",
    "pathway_links.csv",
    "places.csv",
    "providers.csv",
    "services.csv",
    "services_derived.csv",
    "technologies.csv",
)
"""The tables a world is made of, in the order in which they are hashed."""
DEFAULT_TRAVEL = TravelParameters()
DEFAULT_CAPACITY = CapacityParameters()


@dataclass(frozen=True)
class Tables:
    """What the data tables say, before travel time and capacity are worked out."""

    places: Places
    services: Services
    providers: Providers  # generated local sites among them
    life_table: LifeTable
    links: tuple[PathwayLink, ...]
    expected_need: FloatArray  # [P, S]
    sources_hash: str


@dataclass(frozen=True)
class World:
    """P places, S services and K providers in canonical order (sorted by code or id)."""

    places: Places
    services: Services
    providers: Providers
    offers: Offers
    travel_hours: FloatArray  # [P, K] one way
    expected_need: FloatArray  # [P, S] people a year, as a formula sees it
    life_table: LifeTable
    links: tuple[PathwayLink, ...]  # which services relieve which
    sources_hash: str  # sha256 of the tables' bytes

    @cached_property
    def home(self) -> LongArray:
        """Return the place in which each provider stands, int64[K]: that whose centre is nearest."""
        places, providers = self.places, self.providers
        north, east = places.latitude[:, None], places.longitude[:, None]
        km = great_circle_km(north, east, providers.latitude[None, :], providers.longitude[None, :])
        return np.asarray(km.argmin(axis=0), dtype=np.int64)


def load_england(
    directory: Path | None = None,
    travel: TravelParameters = DEFAULT_TRAVEL,
    capacity: CapacityParameters = DEFAULT_CAPACITY,
) -> World:
    """Build the world from the tables in a directory (default: England, as packaged).

    Raises DataError with the file, line, column, value and what is allowed for everything wrong in a table.
    """
    tables = _packaged_tables() if directory is None else read_tables(directory)
    hours = travel_hours(tables.places, tables.providers, travel)
    offers = capacity_share(tables.services, tables.providers, hours, tables.expected_need, capacity)
    return World(
        places=tables.places,
        services=tables.services,
        providers=tables.providers,
        offers=offers,
        travel_hours=hours,
        expected_need=tables.expected_need,
        life_table=tables.life_table,
        links=tables.links,
        sources_hash=tables.sources_hash,
    )


@cache
def _packaged_tables() -> Tables:
    return read_tables(DATA_DIRECTORY)


def read_tables(directory: Path) -> Tables:
    """Read and check every table of a directory; raise DataError on the first table with problems."""
    places = load_places(directory / "places.csv", directory / "footprints.csv")
    catalogue = load_catalogue(directory / "services.csv")
    services = load_services(directory / "services_derived.csv", directory / "technologies.csv", catalogue)
    listed = load_providers(directory / "providers.csv", services, catalogue.parents)
    return Tables(
        places=places,
        services=services,
        providers=add_local_sites(listed, places, services),
        life_table=load_life_table(directory / "life_table.csv"),
        links=load_links(directory / "pathway_links.csv", services),
        expected_need=expected_need(places, services),
        sources_hash=sources_hash(directory),
    )


def sources_hash(directory: Path) -> str:
    """Return the sha256 of the bytes of the tables, taken in the order of their file names."""
    digest = sha256()
    for name in TABLES:
        read_table(directory / name, ())  # says in one line what is wrong with a file that cannot be read
        digest.update((directory / name).read_bytes())
    return digest.hexdigest()
