"""Prices: a national tariff, or what each holder of contracts bargains with each provider (mechanism 12)."""

import numpy as np
import numpy.typing as npt

from sim.governance.units import Holders
from sim.luck.compiled import maker
from sim.luck.decisions import LOCAL_PRICE
from sim.luck.draws import Luck, standard_normal, words
from sim.luck.identity import text_identity
from sim.settings.parameter import Parameters, parameter, switch
from sim.world.capacity import Offers
from sim.world.world import World

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

SHARE_DECIMALS = 12
"""To which shares are rounded, so that no order of places, in which they are summed, can move a price by a penny."""


class PriceParameters(Parameters):
    """How local prices follow from bargaining and from history."""

    enabled: bool = switch(12, "Whether prices are bargained locally where the price rule is local")
    ceiling_ratio: float = parameter(
        1.5,
        low=1.0,
        high=2.0,
        at_least=1.0,
        at_most=100.0,
        unit="ratio",
        source="none found for England; American insurers with a quarter of a market paid 21 % less for the same visit "
        "than those with under 5 % (Health Affairs, January 2017), 1.5 with the half share below gives 17 %",
        grade="assumption",
        description="The most that a holder of contracts would pay for a treatment, over what it costs the provider; "
        "at 1 there is nothing to bargain over",
    )
    bargaining_half_share: float = parameter(
        0.1,
        low=0.02,
        high=0.5,
        at_least=1e-9,
        at_most=1e6,
        unit="share of a provider's business in a service",
        source="none found for England; small, for in the American study most of the difference lay between the "
        "insurers with under 5 % of a market and those with 5 to 15 %",
        grade="assumption",
        description="The share of a provider's business at which a holder of contracts and the provider divide what "
        "there is to bargain over equally; the smaller, the more any holder brings the price down to cost",
    )
    history_sd_log: float = parameter(
        0.2,
        low=0.0,
        high=0.4,
        at_least=0.0,
        at_most=3.0,
        unit="SD of log price",
        source="from none to all of the spread of 13,000 to 42,000 GBP for a live-donor kidney transplant between 8 "
        "centres in 2014-15 (the range of eight normal numbers is 2.85 SD), which owes something to case mix too",
        grade="approximate",
        description="How far local prices differ by their history, between pairs of a holder and a provider that are "
        "otherwise alike; their mean stays the same",
    )


def national_tariff() -> Longs:
    """Return the table of local prices where there are none: without rows."""
    return np.zeros((0, 0), dtype=np.int64)


def local_prices(
    world: World, holders: Holders, flow: Floats, catalogue: Longs, parameters: PriceParameters, luck: Luck
) -> Longs:
    """Return what is paid for the people of each place at each centre, int64[P, C] in whole pence.

    ``flow`` is float64[P, C] people a year; ``catalogue`` int64[S] what a single national buyer pays for a start or
    a month. The price is the catalogue's times the bargained ratio and what history makes of it.
    """
    offers = world.offers
    share = business_shares(holders.contracting, holders.contracting_share, offers, flow)
    ratio = bargained_ratio(share, parameters)
    if parameters.history_sd_log > 0.0:
        ratio = ratio * history(world, holders.contracting, parameters.history_sd_log, luck)
    return np.ascontiguousarray(np.rint(catalogue[offers.service] * ratio), dtype=np.int64)


def business_shares(holder: Keys, share_of_people: Floats, offers: Offers, flow: Floats) -> Floats:
    """Return which part of a centre's expected business comes from the holder of a place's contracts, float64[P, C].

    ``holder`` is uint64[P, S]. Where nobody is expected it is the holder's share of the nation's people, float64[P, S].
    """
    units, member = np.unique(holder, return_inverse=True)
    of, centre = member.reshape(holder.shape)[:, offers.service], np.arange(offers.service.size)
    business = np.zeros((units.size, centre.size))
    np.add.at(business, (of, centre), flow)
    total = business.sum(axis=0)
    parts = np.divide(business, total, out=np.zeros_like(business), where=total > 0.0)
    share: Floats = np.where(total > 0.0, parts[of, centre], share_of_people[:, offers.service])
    return np.round(share, SHARE_DECIMALS)


def bargained_ratio(share: Floats, parameters: PriceParameters) -> Floats:
    """Return the bargained price over the catalogue's, in the shape of ``share``.

    p = c + (1 − b)(v − c) with b = share / (share + half share), over the same with a share of 1: the catalogue is
    what one buyer of everything pays, so a holder with all of a provider's business pays no more, and one with less
    pays more. As the half share goes to 0 so does the room above cost, and all prices are cost and the catalogue's;
    where v = c they are so too.
    """
    half, gap = parameters.bargaining_half_share, parameters.ceiling_ratio - 1.0
    above_cost = half / (share + half) * gap
    single_buyer = half / (1.0 + half) * gap
    return (1.0 + above_cost) / (1.0 + single_buyer)


def history(world: World, holder: Keys, sd_log: float, luck: Luck) -> Floats:
    """Return what their history makes of local prices, float64[P, C]: factors of mean 1, alike for one holder.

    exp(σz − σ²/2) with a normal z of the holder, the provider and the service; ``holder`` is uint64[P, S].
    """
    offers, providers, services = world.offers, world.providers.ids, world.services.ids
    units, member = np.unique(holder, return_inverse=True)
    matters = np.array(
        [
            text_identity("price", providers[provider], services[service])
            for service, provider in zip(offers.service, offers.provider, strict=True)
        ],
        dtype=np.uint64,
    )
    normal = normals(units, matters, luck)
    of = member.reshape(holder.shape)[:, offers.service]
    factor: Floats = np.exp(sd_log * normal - sd_log**2 / 2.0)[of, np.arange(matters.size)]
    return factor


@maker
def normals(units: Keys, matters: Keys, luck: Luck) -> Floats:
    """Return a normal number for every pair of a holder and a matter, float64[units, matters]."""
    drawn = np.zeros((units.size, matters.size))
    for row in range(units.size):
        for column in range(matters.size):
            a, b, _, _ = words(luck, units[row] ^ matters[column], LOCAL_PRICE, 0)
            drawn[row, column] = standard_normal(a, b)
    return drawn


def usual_ratio(prices: Longs, catalogue: Longs, offers: Offers, flow: Floats) -> Floats:
    """Return what the people of a place are expected to cost over catalogue prices, float64[P, S]; 1 where nobody goes.

    ``prices`` are as of ``local_prices``; centres that are not open have no people yet.
    """
    going = flow * (offers.capacity > 0.0)
    paid, plain = np.zeros((2, catalogue.size, flow.shape[0]))
    np.add.at(paid, offers.service, (going * prices).T)
    np.add.at(plain, offers.service, (going * catalogue[offers.service]).T)
    return np.divide(paid, plain, out=np.ones_like(paid), where=plain > 0.0).T
