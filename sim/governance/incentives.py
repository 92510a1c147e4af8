"""Split incentives (mechanism 15): a payer seeks what saves money as far as the saving is its own."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.governance.accounts import Purses, borne_by_the_same
from sim.settings.parameter import Parameters, parameter, switch
from sim.world.links import UNLINKED, PathwayLink
from sim.world.services import Services

Floats = npt.NDArray[np.float64]
Index = npt.NDArray[np.int32]

GBP_PER_UNIT_OF_EFFORT = 100_000.0


class IncentiveParameters(Parameters):
    """What a saving makes a payer do, and how often what it seeks is found anyhow."""

    enabled: bool = switch(
        15,
        "Whether a payer that also keeps what a transplant saves on dialysis seeks more living donors; when off, as "
        "many are found as now",
    )
    log_odds_per_100_000_gbp: float = parameter(
        0.2,
        low=0.0,
        high=0.4,
        at_least=0.0,
        at_most=50.0,
        unit="log odds per £100,000",
        source="none found",
        grade="assumption",
        description="How much a saving of £100,000 that the payer of transplants keeps raises the log odds that a "
        "living donor is found for someone put forward; 0 means that nobody acts on savings",
    )
    living_donor_share: float = parameter(
        0.3,
        low=0.2,
        high=0.4,
        at_least=0.001,
        at_most=0.999,
        unit="share",
        source="32 % of kidney transplants in the United Kingdom, "
        "http://odt.nhs.uk/donation/living-donation/living-donor-kidney-transplantation; taken for those put forward",
        grade="approximate",
        description="People put forward for a transplant for whom a living donor is found as things are; their "
        "transplants are inside the capacity of the service",
    )
    saving_years: float = parameter(
        10.0,
        low=3.0,
        high=15.0,
        at_least=0.0,
        at_most=100.0,
        unit="years",
        source="NHS Blood and Transplant, factsheet of 2009: saving over the median life of a transplant, "
        "http://actuagencebiomed.blogspot.com/2010/11/uk-cost-effectiveness-of.html",
        grade="approximate",
        description="Over how many years a payer adds up what a transplant saves",
    )


def saving_gbp(
    services: Services, links: Sequence[PathwayLink], years: float, price_ratio: Floats | float = 1.0
) -> Floats:
    """Return what one start of each service saves over some years, [S] or [P, S] in pounds; 0 where none is relieved.

    S = years · (cost a year of what is relieved − upkeep) − cost of the start, never below 0; costs are the
    catalogue's times ``price_ratio``, 1 or float64[P, S], what is paid in each place over the catalogue's price.
    """
    index = {service: s for s, service in enumerate(services.ids)}
    cost: Floats = services.cost_gbp * price_ratio
    saving = np.zeros_like(cost)
    for link in links:
        s, relieved = index[link.service], index[link.relieves]
        spared = years * (cost[..., relieved] - link.upkeep_gbp)
        saving[..., s] = np.maximum(spared - cost[..., s], 0.0)
    return saving


def kept_share(payer: Index, relieved: Index, purses: Purses, risk_share: float) -> Floats:
    """Return the share of each saving that falls to the payer of the service that brings it, float64[P, S].

    ``payer`` is int32[P, S], the account that pays; ``relieved`` int32[S]. The part of both accounts that the same
    bodies bear: 1 where one pays for both, 0 where nobody has a part in both. What all accounts share is everybody's.
    """
    own = borne_by_the_same(purses, payer, purses, payer[:, np.maximum(relieved, 0)])
    share: Floats = np.where(relieved != UNLINKED, (1.0 - risk_share) * own + risk_share, 0.0)
    return share


def effort(kept: Floats, saving: Floats, parameters: IncentiveParameters) -> Floats:
    """Return the effort that a saving, [S] or [P, S], adds: float64[P, S] log odds, s·S / k, k pounds for each.

    The whole rule is e* = (λ·h + s·S) / k. Health h weighs alike under every regime and is inside the share of
    living donors as things are, so only the second part is added here.
    """
    if not parameters.enabled:
        return np.zeros(kept.shape)
    added: Floats = kept * saving * (parameters.log_odds_per_100_000_gbp / GBP_PER_UNIT_OF_EFFORT)
    return added


def donor_share(added: Floats, parameters: IncentiveParameters) -> Floats:
    """Return the share of those put forward for whom a living donor is found, in the shape of ``added`` log odds."""
    usual = parameters.living_donor_share
    raised = 1.0 / (1.0 + (1.0 - usual) / usual * np.exp(-added))
    share: Floats = np.where(added > 0.0, raised, usual)  # exactly as usual without effort
    return share
