"""Expertise: what centres learn from cases and forget, and what that does to outcomes (mechanisms 9 and 10).

One effect: the risk of a treatment follows the centre's stock of expertise E to the power −β, and the stock
obeys E' = δE + V for V cases a year, so that a steady volume has E* = V/(1 − δ).
"""

import numpy as np
import numpy.typing as npt

from sim.settings.parameter import Parameters, parameter, switch
from sim.world.services import ONGOING, VOLUME_EVIDENCE, Services
from sim.world.world import World

Floats = npt.NDArray[np.float64]

SMALLEST_VOLUME = 1.0
"""Cases a year below which a centre is not taken to be worse: outcome ∝ volume^−β has no limit at 0."""


class ExpertiseParameters(Parameters):
    """How strongly outcomes follow volume, and how fast expertise is forgotten."""

    outcome_enabled: bool = switch(9, "Whether the risk of treatment falls with the centre's expertise")
    learning_enabled: bool = switch(
        10, "Whether expertise is a stock that is built up and forgotten; when off, last year's cases are all of it"
    )
    volume_exponent: float = parameter(
        0.19,
        low=0.0,
        high=0.38,
        at_least=0.0,
        at_most=5.0,
        unit="exponent",
        source="0.26 crude and 0.38 with case mix from 25 % and 34 % lower mortality at 120 than at 40 operations a "
        "year, bmj.com/content/324/7332/261; far smaller in recent oesophago-gastric surgery",
        grade="approximate",
        description="Risk goes with expertise to minus this power where the evidence that volume matters is strong",
    )
    weak_evidence_share: float = parameter(
        0.5,
        low=0.0,
        high=1.0,
        at_least=0.0,
        at_most=1.0,
        unit="share of the exponent",
        source="none found",
        grade="assumption",
        description="Part of that exponent where the evidence is weak",
    )
    no_evidence_share: float = parameter(
        0.25,
        low=0.0,
        high=0.5,
        at_least=0.0,
        at_most=1.0,
        unit="share of the exponent",
        source="none found; no study is not the same as no effect",
        grade="assumption",
        description="Part of that exponent where no study was found",
    )
    kept_share_per_year: float = parameter(
        0.725,
        low=0.5,
        high=0.95,
        at_least=0.0,
        at_most=0.999,
        unit="share",
        source="none found for health care; industrial studies find from almost none kept to almost all",
        grade="assumption",
        description="Part of a centre's expertise that is still there a year later when no case comes",
    )


def exponents(services: Services, parameters: ExpertiseParameters) -> Floats:
    """Return the exponent β of each service, float64[S], by how good the evidence is that volume matters."""
    share = np.empty(len(VOLUME_EVIDENCE))
    share[VOLUME_EVIDENCE["none"]] = parameters.no_evidence_share
    share[VOLUME_EVIDENCE["weak"]] = parameters.weak_evidence_share
    share[VOLUME_EVIDENCE["strong"]] = 1.0
    power: Floats = parameters.volume_exponent * share[services.volume_evidence]
    return power


def usual_volume(world: World, start_year: float) -> Floats:
    """Return the cases a year of each centre before any regime acts, float64[C].

    As much of its capacity as England uses: people on treatment for ongoing services, starts for others.
    """
    services, offers = world.services, world.offers
    ongoing = services.kind == ONGOING
    used = np.where(ongoing, services.stock_treated(start_year), services.need_per_year)
    share = np.minimum(used / np.maximum(services.capacity_per_year, 1e-9), 1.0)
    volume: Floats = offers.capacity * share[offers.service]
    return volume


def learn(stock: Floats, cases: Floats, parameters: ExpertiseParameters) -> Floats:
    """Return next year's expertise in cases, float64[C]: δE + V."""
    kept = parameters.kept_share_per_year if parameters.learning_enabled else 0.0
    return kept * stock + cases


def steady_stock(volume: Floats, parameters: ExpertiseParameters) -> Floats:
    """Return the expertise of a centre that has always had this volume, float64[C]: V/(1 − δ)."""
    kept = parameters.kept_share_per_year if parameters.learning_enabled else 0.0
    return volume / (1.0 - kept)


def risk_ratios(world: World, stock: Floats, usual: Floats, parameters: ExpertiseParameters) -> Floats:
    """Return the risk of treatment at each centre over the service's own, float64[C].

    ``usual`` are the centres' usual volumes, by whose patients the ratios have mean 1: the risk in the
    service table is what patients meet on average in the present pattern of centres.
    """
    service = world.offers.service
    if not parameters.outcome_enabled:
        return np.ones(stock.size)
    power = exponents(world.services, parameters)[service]
    least = steady_stock(np.full(stock.size, SMALLEST_VOLUME), parameters)
    now = np.maximum(stock, least) ** -power
    then = np.maximum(steady_stock(usual, parameters), least) ** -power
    count = len(world.services.ids)
    people = np.bincount(service, np.maximum(usual, 1e-9), count)
    mean = np.bincount(service, np.maximum(usual, 1e-9) * then, count) / np.maximum(people, 1e-9)
    ratio: Floats = now / np.maximum(mean, 1e-300)[service]
    return ratio
