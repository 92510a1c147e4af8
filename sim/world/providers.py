"""Providers: the listed trusts and sites, and what each of them offers."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.world.services import Services
from sim.world.tables import BoolArray, FloatArray, read_table


@dataclass(frozen=True)
class Providers:
    """K providers sorted by id; S services in canonical order."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    latitude: FloatArray  # [K] degrees
    longitude: FloatArray  # [K] degrees
    generated: BoolArray  # [K] a local site put in because the list is known to be partial
    offers: BoolArray  # [K, S]


def load_providers(path: Path, services: Services, parent_of: Mapping[str, str]) -> Providers:
    """Read providers.csv; raise DataError naming every cell that is wrong.

    ``parent_of`` maps every id of services.csv to its parent's id ("" for none). A modelled service that
    no provider names is offered wherever its parent (an umbrella that is not modelled) is.
    """
    table = read_table(path, ["id", "name", "lat", "lon", "services"])
    ids, names = table.codes("id"), table.texts("name")
    latitude, longitude = table.numbers("lat", -90, 90), table.numbers("lon", -180, 180)
    named = [tuple(word.strip() for word in cell.split(";") if word.strip()) for cell in table.texts("services")]
    for row, words in enumerate(named):
        for word in words:
            if word not in parent_of:
                table.wrong(row, "services", word, "ids of services.csv, separated by semicolons")
    table.finish()

    listed = {word for words in named for word in words}
    sought = [service if service in listed else parent_of[service] for service in services.ids]
    offers = np.array([[service in words for service in sought] for words in named], dtype=np.bool_)
    for s in np.flatnonzero(~offers.any(axis=0) & (services.centres == 0)):
        table.wrong(-1, "services", f"nobody offers {services.ids[s]}", "a provider or a number of centres")
    table.finish()
    generated = np.zeros(len(ids), dtype=np.bool_)
    return sorted_by_id(Providers(ids, names, latitude, longitude, generated, offers))


def sorted_by_id(providers: Providers) -> Providers:
    """Return the same providers in the order of their ids."""
    order = sorted(range(len(providers.ids)), key=lambda row: providers.ids[row])
    return Providers(
        ids=tuple(providers.ids[row] for row in order),
        names=tuple(providers.names[row] for row in order),
        latitude=providers.latitude[order],
        longitude=providers.longitude[order],
        generated=providers.generated[order],
        offers=providers.offers[order],
    )
