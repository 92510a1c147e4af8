"""Administration: what commissioning itself costs (mechanism 11), and from whose money."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.governance.risk_sharing import whole_pence
from sim.settings.parameter import Parameters, choice, parameter, switch
from sim.world.capacity import Offers

PENCE = 100

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

ADMINISTRATION = ("running", "contracting", "coordination")
"""The lines of what commissioning costs whatever is asked of it; requests come on top."""


class AdministrationParameters(Parameters):
    """Bodies, contracts and requests cost money that one national envelope holds for care and administration."""

    enabled: bool = switch(11, "Whether bodies, contracts and requests cost money")
    same_money: Literal["envelope", "care"] = choice(
        "envelope",
        source="a comparison of regimes must not give one of them more money",
        grade="assumption",
        description="What all regimes have alike: one envelope for care and administration together, so that dearer "
        "administration leaves less for care; or the care budget, with administration on top",
    )
    allowance_share_of_plan: float = parameter(
        0.005,
        low=0.0,
        high=0.01,
        at_least=0.0,
        at_most=1.0,
        unit="share of the plan for the modelled services",
        source="none found; the same under every regime, so that it shifts all of them alike",
        grade="assumption",
        description="What the envelope holds for administration: a regime that needs less has more for care",
    )
    body_gbp: float = parameter(
        200_000.0,
        low=0.0,
        high=400_000.0,
        at_least=0.0,
        at_most=1e9,
        unit="GBP a year",
        source="none found",
        grade="assumption",
        description="Fixed cost of a body that holds any function; staff are shared out, and cost the same everywhere",
    )
    contract_gbp: float = parameter(
        55_000.0,
        low=10_000.0,
        high=100_000.0,
        at_least=0.0,
        at_most=1e9,
        unit="GBP a year",
        source="none found; 10,000 to 100,000 taken as plausible",
        grade="assumption",
        description="Cost of a contract between one holder and one provider, to both sides",
    )
    contract_minimum_patients: float = parameter(
        100.0,
        low=20.0,
        high=180.0,
        at_least=0.0,
        at_most=1e6,
        unit="patients a year",
        source="with this the national body of 2013, which had 292 contracts, is given 297",
        grade="approximate",
        description="Patients a year from which a holder contracts with a provider; smaller flows are paid for without",
    )
    request_gbp: float = parameter(
        1_500.0,
        low=500.0,
        high=2_500.0,
        at_least=0.0,
        at_most=1e7,
        unit="GBP a request",
        source="none found",
        grade="assumption",
        description="Cost of preparing and deciding one individual funding request",
    )


@dataclass(frozen=True)
class Running:
    """What the administration of one regime takes: bodies and contracts, and what agreeing with partners costs."""

    bodies: int
    contracts: int
    coordination_gbp: float = 0.0  # a year

    def parts_gbp(self, parameters: AdministrationParameters) -> Floats:
        """Return what bodies, contracts and partners cost in a year, float64[ADMINISTRATION] in pounds."""
        of_each = (self.bodies * parameters.body_gbp, self.contracts * parameters.contract_gbp, self.coordination_gbp)
        return np.array(of_each, dtype=np.float64)

    def pence_a_year(self, parameters: AdministrationParameters) -> int:
        """Return the cost of bodies, contracts and partners in a year; requests come on top."""
        if not parameters.enabled:
            return 0
        return int(np.rint(sum(self.parts_gbp(parameters).tolist()) * PENCE))

    def divided(self, total: int, parameters: AdministrationParameters) -> Longs:
        """Divide a part of that cost, in pence, between its lines as they are to each other, int64[ADMINISTRATION]."""
        parts = self.parts_gbp(parameters)
        return whole_pence(parts * (total / max(float(parts.sum()), 1e-9)), total)


def count_contracts(holder: npt.NDArray[np.uint64], offers: Offers, flow: Floats, least: float) -> int:
    """Count the contracts that holders need: pairs of a holder and a provider to which enough of its people go.

    ``holder`` is uint64[P, S], ``flow`` float64[P, C] people a year; a contract covers all services that one
    holder has from one provider. With the same providers for all, contracts grow with the number of holders.
    """
    units = np.unique(holder)
    people = np.zeros((units.size, int(offers.provider.max(initial=-1)) + 1))
    member = np.searchsorted(units, holder)
    for cell, (service, provider) in enumerate(zip(offers.service, offers.provider, strict=True)):
        np.add.at(people[:, provider], member[:, service], flow[:, cell])
    return int((people >= max(least, 1e-9)).sum())


def requests_pence(requests: int, parameters: AdministrationParameters) -> int:
    """Return what a number of requests costs."""
    return int(np.rint(requests * parameters.request_gbp * PENCE)) if parameters.enabled else 0


def left_for_care(cost_share: float, parameters: AdministrationParameters) -> float:
    """Return the factor by which plans for care are multiplied when administration costs this share of them.

    One envelope: what administration takes beyond its allowance comes out of care, and what it leaves is added.
    """
    if not parameters.enabled or parameters.same_money == "care":
        return 1.0
    return max(1.0 + parameters.allowance_share_of_plan - cost_share, 0.0)
