"""Government: who decides in a run, by what rules and with what money; what planning reads and changes."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sim.governance.accounts import Payers, Purses
from sim.governance.administration import ADMINISTRATION, AdministrationParameters, Running
from sim.governance.allocation import BudgetParameters, Envelope, Shares
from sim.governance.common_pool import CommonPoolParameters
from sim.governance.diffusion import DiffusionParameters
from sim.governance.handover import HandoverParameters, Handovers
from sim.governance.incentives import IncentiveParameters
from sim.governance.levers import Levers
from sim.governance.matrix import Regime
from sim.governance.network import NetworkParameters
from sim.governance.panels import PanelParameters
from sim.governance.policy import Appraisal, PolicyParameters
from sim.governance.portfolio import PortfolioParameters
from sim.governance.units import Holders
from sim.phases import pathways
from sim.phases.settlement import Books

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@dataclass
class Government:
    """Who decides in a run: the timeline of regimes, their accounts and the money."""

    timeline: tuple[tuple[int, Regime], ...]  # (simulated month, regime), the first at month 0
    payers: Payers
    holders: tuple[Holders, ...]  # for each regime of the timeline
    running: tuple[Running, ...]  # likewise
    days_ahead: tuple[npt.NDArray[np.int32], ...]  # likewise, [P, S]: by which requests rank earlier at their payer
    borne: tuple[Floats, ...]  # likewise, [P, S]: the part of a referral's cost that falls on those who refer
    local_prices: tuple[Longs, ...]  # likewise, [P, C] in pence; without rows under a national tariff
    price_ratio: tuple[Floats | float, ...]  # likewise, [P, S]: what is usually paid over the catalogue; or 1
    appraisal: Appraisal
    envelope: Envelope
    whole_plan: Floats  # [S, years]: the plan for all modelled services, whether simulated or not, in pence
    past_spending: Floats  # [P, S] in pence a year, what the historic basis follows
    place_keys: npt.NDArray[np.uint64]  # [P]
    nation: int  # the identity of a unit that holds every place
    books: Books
    start_month: int  # of the first simulated month, since January 1900
    shares: Shares  # of the last April's plan; before the first, those of past spending
    handed: Handovers
    present: int = 0  # the place in the timeline

    @property
    def levers(self) -> Levers:
        """Return the levers in force."""
        return self.timeline[self.present][1].levers

    @property
    def purses(self) -> Purses:
        """Return who bears the accounts under the regime in force."""
        return self.payers.purses[self.present]


class PlanningParameters(pathways.PathwayParameters, Protocol):
    """The groups of parameters that planning reads."""

    @property
    def budget(self) -> BudgetParameters: ...  # noqa: D102
    @property
    def portfolio(self) -> PortfolioParameters: ...  # noqa: D102
    @property
    def policy(self) -> PolicyParameters: ...  # noqa: D102
    @property
    def diffusion(self) -> DiffusionParameters: ...  # noqa: D102
    @property
    def panels(self) -> PanelParameters: ...  # noqa: D102
    @property
    def network(self) -> NetworkParameters: ...  # noqa: D102
    @property
    def administration(self) -> AdministrationParameters: ...  # noqa: D102
    @property
    def handover(self) -> HandoverParameters: ...  # noqa: D102
    @property
    def common_pool(self) -> CommonPoolParameters: ...  # noqa: D102
    @property
    def incentives(self) -> IncentiveParameters: ...  # noqa: D102


def new_books(accounts: int, services: int, years: int) -> Books:
    """Open empty books."""
    return Books(
        allocation=np.zeros((accounts, years), dtype=np.int64),
        plan=np.zeros((accounts, years), dtype=np.int64),
        spend=np.zeros((accounts, years), dtype=np.int64),
        crossed=np.zeros((accounts, years), dtype=np.int64),
        carried=np.zeros(accounts, dtype=np.int64),
        rest_bill=np.zeros(accounts, dtype=np.int64),
        rest_paid=np.zeros(years, dtype=np.int64),
        rest_spend=np.zeros((accounts, years), dtype=np.int64),
        rest_forgone=np.zeros(years, dtype=np.int64),
        administration=np.zeros(years, dtype=np.int64),
        administration_parts=np.zeros((len(ADMINISTRATION), years), dtype=np.int64),
        handover=np.zeros(years, dtype=np.int64),
        expected_rest=np.zeros(accounts, dtype=np.int64),
        expected_emergencies=np.zeros(accounts, dtype=np.int64),
        low_value_bill=np.zeros(accounts, dtype=np.int64),
        low_value_paid=np.zeros(years, dtype=np.int64),
        low_value_bills=np.zeros((accounts, services, years), dtype=np.int64),
        low_value_worth=np.zeros(years, dtype=np.int64),
    )
