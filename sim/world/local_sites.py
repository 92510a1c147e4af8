"""Local sites put in where the list of providers is known to be partial; they are marked as generated."""

from collections.abc import Sequence

import numpy as np

from sim.world.places import Places
from sim.world.providers import Providers, sorted_by_id
from sim.world.services import Services
from sim.world.tables import FloatArray, LongArray
from sim.world.travel import typical_km

TIE = 1e-12  # relative: gains this close are equal, and the first place code wins


def add_local_sites(providers: Providers, places: Places, services: Services) -> Providers:
    """Return providers with as many centres of each service as are published, the rest generated.

    A service with as many listed providers as centres, or more, is left alone. One generated provider
    stands in a place, whatever number of services it offers.
    """
    to_listed = typical_km(places, providers.latitude, providers.longitude)
    to_places = typical_km(places, places.latitude, places.longitude)
    offered_at: dict[int, list[int]] = {}
    for s in range(len(services.ids)):
        listed = providers.offers[:, s]
        missing = min(int(services.centres[s] - listed.sum()), len(places.codes))
        for place in greedy_sites(to_listed[:, listed], to_places, places.population, missing):
            offered_at.setdefault(place, []).append(s)
    return _with_sites(providers, places, offered_at) if offered_at else providers


def greedy_sites(to_listed: FloatArray, to_places: FloatArray, population: LongArray, count: int) -> Sequence[int]:
    """Choose places one at a time, each the one that most shortens the people's way to their nearest site.

    ``to_listed`` is float64[P, L] and ``to_places`` float64[P, P], in km or in hours: travel time grows in
    a straight line with distance, so the choice is the same. Ties go to the first place in code order.
    """
    far = float(to_places.max())
    nearest = np.min(to_listed, axis=1, initial=far)
    chosen: list[int] = []
    for _ in range(count):
        gain = (population[:, None] * np.maximum(nearest[:, None] - to_places, 0.0)).sum(axis=0)
        gain[chosen] = -1.0
        site = int(np.flatnonzero(gain >= gain.max() * (1 - TIE))[0])
        chosen.append(site)
        nearest = np.minimum(nearest, to_places[:, site])
    return chosen


def _with_sites(providers: Providers, places: Places, offered_at: dict[int, list[int]]) -> Providers:
    """Append one provider for each place of ``offered_at`` and put all of them in order of their ids."""
    sites = sorted(offered_at)
    offers = np.zeros((len(sites), providers.offers.shape[1]), dtype=np.bool_)
    for row, place in enumerate(sites):
        offers[row, offered_at[place]] = True
    joined = Providers(
        ids=(*providers.ids, *(f"zz_local_{places.codes[place]}" for place in sites)),
        names=(*providers.names, *(f"Local site, {places.names[place]} (generated)" for place in sites)),
        latitude=np.concatenate([providers.latitude, places.latitude[sites]]),
        longitude=np.concatenate([providers.longitude, places.longitude[sites]]),
        generated=np.concatenate([providers.generated, np.ones(len(sites), dtype=np.bool_)]),
        offers=np.concatenate([providers.offers, offers]),
    )
    return sorted_by_id(joined)
