"""What bodies decide without looking at any one patient: shared with the engine, by the functions of governance."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.oracle.commissioner import Plan
from benchmarks.oracle.provider import Clinic
from sim.governance.allocation import moved_towards, parts_of_all, rest_shares, shares_by_rule, sum_by_account
from sim.governance.matrix import Regime
from sim.governance.network import Openings, known_need, open_sites, smallest_volume, with_possible_sites
from sim.governance.panels import approval_shares
from sim.governance.policy import deciders_of
from sim.governance.portfolio import PENCE, rest_spend
from sim.governance.review import review
from sim.luck.draws import luck_of
from sim.luck.identity import unit_identity
from sim.model.setup import govern
from sim.specification.parameters import ParameterSet
from sim.world.population import Population
from sim.world.services import EMERGENCY
from sim.world.world import World

MONTHS = 12

Floats = npt.NDArray[np.float64]


class Governance:
    """Who holds what under one regime, the year's plans, what is funded, how strict panels are, what is opened."""

    def __init__(
        self, world: World, population: Population, regime: Regime, parameters: ParameterSet, start_month: int
    ) -> None:
        """Let bodies take office; the world then holds the centres that may be opened too."""
        nation = govern(world, population, ((0, regime),), parameters, start_month)
        self.world = world = with_possible_sites(world, parameters.network)
        self.population, self.parameters, self.start_month = population, parameters, start_month
        self.nation, self.levers, self.shares = nation, regime.levers, nation.shares
        self.luck = luck_of(population.plan.seed, population.plan.replicate)
        (self.holders,), (self.payer,) = nation.holders, nation.payers.payer
        nation_key = unit_identity(world.places.codes)
        binding = self.levers.specification_binding_share
        self.deciders = deciders_of(self.holders, binding, parameters.policy, nation_key)
        self.topics = np.zeros(self.payer.shape, dtype=np.int32)
        self.exists = np.zeros(self.payer.shape[1], dtype=np.bool_)
        self.strictness: list[list[float]] = approval_shares(self.holders.cases, parameters.panels, self.luck).tolist()
        contracts, stands = self.holders.contracting, self.holders.home[world.offers.provider]
        service = world.offers.service
        self.steered: list[list[bool]] = (contracts[:, service] == contracts[stands, service]).T.tolist()

    def plans(self, year: int) -> list[Plan]:
        """Return the year's plan of every account: its part of the envelope, and bills that nobody decides on."""
        nation, world, payers = self.nation, self.world, self.nation.payers
        who, rest_who = self.payer, payers.rest_payer[0]
        target = shares_by_rule(world, self.levers, nation.past_spending, nation.envelope.services)
        self.shares = moved_towards(self.shares, target, self.levers.pace_of_change_share_per_year)
        modelled = self.shares.services * nation.envelope.services[:, year]
        rest = self.shares.rest[:, np.newaxis] * nation.envelope.rest[:, year]
        nothing, none_of_rest = np.zeros_like(modelled), np.zeros_like(rest)

        def by_account(care: Floats, other: Floats) -> list[int]:
            return [round(one) for one in sum_by_account(payers.count, who, rest_who, (care, other)).tolist()]

        allocation = by_account(modelled * self.parameters.budget.plan_share_of_expected, rest)
        urgent = sum_by_account(
            payers.count, who, rest_who, (modelled * (world.services.kind == EMERGENCY), none_of_rest)
        )
        happens = by_account(nothing, self.rest_as_it_comes(year).astype(np.float64))
        columns = (allocation, by_account(nothing, rest), happens, [round(one / MONTHS) for one in urgent.tolist()])
        return [Plan(*one) for one in zip(*columns, strict=True)]

    def rest_as_it_comes(self, year: int) -> npt.NDArray[np.int64]:
        """Return what the rest of the portfolio costs this year, int64[P, G] in pence."""
        nation, rest = self.nation, self.parameters.portfolio
        spread = rest_shares(nation.envelope.services, parts_of_all(self.world.expected_need))
        happens = spread[:, np.newaxis] * nation.envelope.rest[:, year]
        borne = 1.0 - rest.absorbed_share
        return rest_spend(
            happens, nation.place_keys, rest.mean_case_gbp * PENCE, rest.case_cost_cv, borne, year, self.luck
        )

    def review(self, month: int) -> None:
        """Decide on the topics that fall due in a month."""
        now = self.start_month + month
        review(self.nation.appraisal, self.deciders, now, self.topics)
        self.exists = self.nation.appraisal.licensed <= now

    def covers(self, place: int, service: int, luck: float) -> tuple[bool, bool]:
        """Tell whether a treatment has been decided on, and whether the topic of a patient with some luck is funded."""
        topics = int(self.topics[place, service])
        return topics != 0, bool(topics >> int(luck * self.parameters.policy.topics_per_service) & 1)

    def can_be_requested(self, service: int) -> bool:
        """Tell whether the treatment exists."""
        return bool(self.exists[service])

    def approval(self, place: int, service: int) -> float:
        """Return the share of requests that the panel of a place agrees to."""
        return self.strictness[place][service]

    def open_centres(self, month: int, clinics: Sequence[Clinic]) -> None:
        """Let holders of contracts open centres where their area has none."""
        network = self.parameters.network
        if not network.planning_enabled or network.opening_share_per_year == 0.0:
            return
        world, holders = self.world, self.holders
        plan = Openings(
            contracting=holders.contracting,
            known_need=known_need(world, self.population.true_need, holders.sight_share),
            smallest=smallest_volume(world, network, self.levers.specification_binding_share),
            home=holders.home,
        )
        capacity = np.array([clinic.capacity for clinic in clinics])
        in_use = np.array([float(clinic.occupied * clinic.service.weight) for clinic in clinics])
        when = (self.luck, (self.start_month + month) // MONTHS)
        open_sites(world, plan, (capacity, in_use), network.opening_share_per_year, when)
        for clinic, now in zip(clinics, capacity.tolist(), strict=True):
            clinic.capacity = now
