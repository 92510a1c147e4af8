"""Network plans: holders of contracts open centres inside their own area (mechanism 13, the other half).

The rule is one for all: a holder whose area has no centre for a service may open one, from what it knows of
its own people's need. A nation always has a centre somewhere, so this is what smaller areas do.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.luck.decisions import OPENING
from sim.luck.draws import Luck, units
from sim.luck.identity import text_identity
from sim.settings.parameter import Parameters, parameter, switch
from sim.world.capacity import Offers
from sim.world.services import EMERGENCY, ONGOING
from sim.world.world import World

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

FEWEST_SERVICES = 3
"""Services that a provider must have before it is thought of for another: a hospital for one cannot take on all."""
MOST_TAKEN = 0.5
"""Part of a centre's capacity that a new one can take over in a year, so that no opening closes a centre."""


class NetworkParameters(Parameters):
    """When a new centre is opened; supply stays what it is, and is moved."""

    planning_enabled: bool = switch(
        13, "Whether holders of contracts open centres in an area that has none; when off, the centres are fixed"
    )
    opening_share_per_year: float = parameter(
        0.1,
        low=0.0,
        high=0.2,
        at_least=0.0,
        at_most=1.0,
        unit="share a year",
        source="none found; mergers of commissioners delayed developments by 18 months or more",
        grade="assumption",
        description="Chance that a holder opens a centre in a year, where its area has none and its people need one",
    )
    minimum_volume_share: float = parameter(
        0.5,
        low=0.25,
        high=0.75,
        at_least=0.0,
        at_most=100.0,
        unit="share of the mean volume of a centre in England",
        source="none found for services as a whole; some specifications state a minimum number of cases",
        grade="assumption",
        description="Cases a year that a specification asks of a new centre, where it binds",
    )


@dataclass(frozen=True)
class Openings:
    """What the planners of one regime go by: their areas and what they know of need there."""

    contracting: Keys  # [P, S]
    known_need: Floats  # [P, S] people a year, as the holder of the place's contracts sees them
    smallest: Floats  # [S] people a year that a new centre must have
    home: npt.NDArray[np.int64]  # [K] the place in which each provider stands


def with_possible_sites(world: World, parameters: NetworkParameters) -> World:
    """Return a world whose offers hold, beside the real ones, other large providers as sites of capacity 0.

    Generated local sites, providers of few services, and emergencies are left out. Unchanged when nothing can be
    opened.
    """
    if not parameters.planning_enabled or parameters.opening_share_per_year == 0.0:
        return world
    providers, services, offers = world.providers, world.services, world.offers
    large = ~providers.generated & (providers.offers.sum(axis=1) >= FEWEST_SERVICES)
    may = providers.offers | (large[:, None] & (services.kind != EMERGENCY)[None, :])
    if not (may & ~providers.offers).any():
        return world
    service, provider = np.nonzero(may.T)
    capacity = np.zeros(service.size)
    capacity[providers.offers.T[service, provider]] = offers.capacity
    first = np.concatenate([[0], np.cumsum(may.sum(axis=0))])
    wider = Offers(service.astype(np.int32), provider.astype(np.int32), capacity, first.astype(np.int32))
    return replace(world, offers=wider)


def known_need(world: World, true_need: Floats, share: Floats) -> Floats:
    """Return need as the holder of each place's contracts knows it, float64[P, S] people a year.

    A nation goes by the formula; the smaller the area, the more of its people's own need its holder sees.
    ``share`` is the holder's part of the nation's people, float64[P, S].
    """
    known: Floats = share * world.expected_need + (1.0 - share) * true_need
    return known


def smallest_volume(world: World, parameters: NetworkParameters, binding: float) -> Floats:
    """Return the people a year that a new centre must be able to count on, float64[S]."""
    centres = np.bincount(world.offers.service[world.offers.capacity > 0], minlength=len(world.services.ids))
    mean: Floats = world.expected_need.sum(axis=0) / np.maximum(centres, 1)
    return mean * parameters.minimum_volume_share * binding


def open_sites(
    world: World, plan: Openings, supply: tuple[Floats, Floats], share_per_year: Floats | float, when: tuple[Luck, int]
) -> None:
    """Open the centres of one April, each with a chance of ``share_per_year``, one for all holders or float64[P, S].

    ``supply`` is the capacity, float64[C], which is moved, and how much of it is in use, which stays; ``when`` is
    the luck and the year. Holders act in the order of their identities; what one takes another cannot.
    """
    luck, year = when
    capacity = supply[0]
    chance = np.broadcast_to(share_per_year, plan.contracting.shape)
    for service in np.flatnonzero(world.services.kind != EMERGENCY):
        cells = np.arange(world.offers.first[service], world.offers.first[service + 1])
        where = plan.contracting[plan.home[world.offers.provider[cells]], service]
        served = set(where[capacity[cells] > 0].tolist())
        matter = np.uint64(text_identity("opening", world.services.ids[service]))
        holders, seat = np.unique(plan.contracting[:, service], return_index=True)
        may = units(luck, holders ^ matter, OPENING, year) < chance[seat, service]
        for holder in holders[may]:
            if int(holder) in served:
                continue
            own = plan.contracting[:, service] == holder
            people = plan.known_need[own, service]
            sites = cells[where == holder]
            if sites.size and people.sum() >= max(plan.smallest[service], 1e-9):
                hours = people @ world.travel_hours[own][:, world.offers.provider[sites]]
                move_capacity(world, supply, int(sites[np.argmin(hours)]), (cells, own))


def move_capacity(
    world: World,
    supply: tuple[Floats, Floats],
    site: int,
    of: tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]],
) -> None:
    """Give a new site the capacity that its area's people use, from the centres nearest to them.

    ``of`` are the service's cells and the area's places. Whole places are moved, and only free ones.
    """
    capacity, occupied = supply
    cells, own = of
    service = int(world.offers.service[site])
    need = world.expected_need[:, service]
    due = float(capacity[cells].sum() * need[own].sum() / need.sum())
    whole = world.services.kind[service] == ONGOING
    hours = need[own] @ world.travel_hours[own][:, world.offers.provider[cells]]
    for cell in cells[np.argsort(hours, kind="stable")]:
        if due <= 0.0:
            break
        free = min(capacity[cell] * MOST_TAKEN, capacity[cell] - occupied[cell])
        taken = max(min(free, due), 0.0)
        taken = float(np.floor(taken)) if whole else taken
        capacity[cell] -= taken
        capacity[site] += taken
        due -= taken
