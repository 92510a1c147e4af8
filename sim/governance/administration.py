"""Administration: what commissioning itself costs (mechanism 11), and out of whose plans it is paid."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.settings.parameter import Parameters, choice, parameter, switch
from sim.world.capacity import Offers

PENCE = 100

Floats = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint64]

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
class Charge:
    """One line of administration: who causes it, how much of it, and for which services.

    ``units`` are uint64[U], sorted and each once, ``number`` float64[U]; ``held`` are arrays of uint64[P, S], which of
    the units acts for the people of a place in a service, in one function each.
    """

    units: Keys
    number: Floats
    held: tuple[Keys, ...]

    @property
    def total(self) -> float:
        """Return how many there are in all."""
        return float(self.number.sum())

    def shares_of_plan(self, plan: Floats, price: float) -> Floats:
        """Return what the line takes of the plan for each place and service, float64[P, S], at a price for each.

        A unit's cost lies on all that it acts for, in proportion to the money of it: price · number of the unit over
        the plan that it holds, once for each function. What holds no plan takes nothing. ``plan`` is float64[P, S].
        """
        shares = np.zeros(plan.shape)
        if not self.units.size or price == 0.0:
            return shares
        members = [np.searchsorted(self.units, held).clip(max=self.units.size - 1) for held in self.held]
        theirs = [self.units[member] == held for member, held in zip(members, self.held, strict=True)]
        money = np.zeros(self.units.size)
        for member, is_one in zip(members, theirs, strict=True):
            money += np.bincount(member[is_one], weights=plan[is_one], minlength=money.size)
        rate = np.divide(price * self.number, money, out=np.zeros_like(money), where=money > 0.0)
        for member, is_one in zip(members, theirs, strict=True):
            shares += np.where(is_one, rate[member], 0.0)
        return shares


@dataclass(frozen=True)
class Running:
    """What the administration of one regime takes: bodies and contracts, and what agreeing with partners costs."""

    bodies: Charge
    contracts: Charge
    partners: Charge
    coordination_gbp: float = 0.0  # a year and partner

    def _lines(self, parameters: AdministrationParameters) -> tuple[tuple[Charge, float], ...]:
        """Return the lines of ADMINISTRATION, each with the price of one in pounds a year."""
        return (
            (self.bodies, parameters.body_gbp),
            (self.contracts, parameters.contract_gbp),
            (self.partners, self.coordination_gbp),
        )

    def pence_a_year(self, parameters: AdministrationParameters) -> int:
        """Return the cost of bodies, contracts and partners in a year; requests come on top."""
        if not parameters.enabled:
            return 0
        return int(np.rint(sum(charge.total * price for charge, price in self._lines(parameters)) * PENCE))

    def shares_of_plan(self, plan: Floats, parameters: AdministrationParameters) -> Floats:
        """Return what each line takes of the plan of those for whom it is done, float64[ADMINISTRATION, P, S].

        ``plan`` is float64[P, S] in pence a year, of all modelled services whether simulated or not.
        """
        if not parameters.enabled:
            return np.zeros((len(ADMINISTRATION), *plan.shape))
        return np.stack([charge.shares_of_plan(plan, price * PENCE) for charge, price in self._lines(parameters)])


def count_contracts(holder: Keys, offers: Offers, flow: Floats, least: float) -> Charge:
    """Count the contracts that each holder needs: the providers to which enough of its people go.

    ``holder`` is uint64[P, S], ``flow`` float64[P, C] people a year; a contract covers all services that one
    holder has from one provider. With the same providers for all, contracts grow with the number of holders.
    """
    units = np.unique(holder)
    people = np.zeros((units.size, int(offers.provider.max(initial=-1)) + 1))
    member = np.searchsorted(units, holder)
    for cell, (service, provider) in enumerate(zip(offers.service, offers.provider, strict=True)):
        np.add.at(people[:, provider], member[:, service], flow[:, cell])
    return Charge(units, (people >= max(least, 1e-9)).sum(axis=1).astype(np.float64), (holder,))


def one_each(units: Keys, held: tuple[Keys, ...]) -> Charge:
    """Return the line that each of some units causes once."""
    return Charge(units, np.ones(units.size), held)


def requests_pence(requests: int, parameters: AdministrationParameters) -> int:
    """Return what a number of requests costs."""
    return int(np.rint(requests * parameters.request_gbp * PENCE)) if parameters.enabled else 0


def left_for_care(cost_share: Floats, parameters: AdministrationParameters) -> Floats:
    """Return the factor by which plans for care are multiplied when administration costs these shares of them.

    One envelope: what administration takes beyond its allowance comes out of care, and what it leaves is added.
    """
    if not parameters.enabled or parameters.same_money == "care":
        return np.ones_like(cost_share)
    return np.maximum(1.0 + parameters.allowance_share_of_plan - cost_share, 0.0)
