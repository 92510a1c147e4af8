"""Capacity: how much of each service stands at each provider (the same under every regime)."""

from dataclasses import dataclass

import numpy as np

from sim.settings.parameter import Parameters, parameter
from sim.world.providers import Providers
from sim.world.services import ONGOING, Services
from sim.world.tables import FloatArray, IndexArray


class CapacityParameters(Parameters):
    """How the supply of England is spread over its providers."""

    travel_weight_per_hour: float = parameter(
        3.0,
        low=0.0,
        high=6.0,
        at_least=0.0,
        at_most=50.0,
        unit="log odds per hour",
        source="none found; the default of the patients' own choice: supply stands about where they go",
        grade="assumption",
        description="How strongly travel time shaped where capacity was built",
    )


@dataclass(frozen=True)
class Offers:
    """C pairs of a service and a provider that offers it, sorted by service, then provider."""

    service: IndexArray  # [C]
    provider: IndexArray  # [C]
    capacity: FloatArray  # [C] whole places when ongoing, otherwise starts or admissions a year
    first: IndexArray  # [S + 1] rows first[s]:first[s + 1] belong to service s


def capacity_share(
    services: Services,
    providers: Providers,
    hours: FloatArray,
    need: FloatArray,
    parameters: CapacityParameters,
) -> Offers:
    """Divide each service's capacity between its providers in proportion to the patients they would draw.

    ``hours`` is float64[P, K] and ``need`` float64[P, S]; a place's patients choose by a logit in hours.
    """
    service, provider = np.nonzero(providers.offers.T)
    first = np.concatenate([[0], np.cumsum(providers.offers.sum(axis=0))])
    capacity = np.empty(len(service))
    for s, total in enumerate(services.capacity_per_year):
        rows = slice(first[s], first[s + 1])
        flow = expected_flow(hours[:, provider[rows]], need[:, s], parameters.travel_weight_per_hour)
        share = flow / flow.sum()
        capacity[rows] = whole_shares(share, round(total)) if services.kind[s] == ONGOING else share * total
    return Offers(service.astype(np.int32), provider.astype(np.int32), capacity, first.astype(np.int32))


def expected_flow(hours: FloatArray, need: FloatArray, weight_per_hour: float) -> FloatArray:
    """Return the patients each provider draws when places choose by a logit in travel time, float64[K]."""
    odds = np.exp(-weight_per_hour * (hours - hours.min(axis=1, keepdims=True)))
    return np.asarray((need[:, None] * odds / odds.sum(axis=1, keepdims=True)).sum(axis=0), dtype=np.float64)


def whole_shares(share: FloatArray, total: int) -> FloatArray:
    """Divide a whole total in proportion to shares by the largest remainder (ties to the first), float64."""
    exact = share * total
    whole = np.floor(exact)
    by_remainder = np.argsort(-(exact - whole), kind="stable")
    whole[by_remainder[: total - int(whole.sum())]] += 1
    return np.asarray(whole, dtype=np.float64)
