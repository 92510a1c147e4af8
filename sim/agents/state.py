"""The state of a run: the columns of all agents, and the lists that one phase hands to the next."""

from dataclasses import dataclass, field, fields

import numpy as np
import numpy.typing as npt

from sim.agents.calendar import new_calendar
from sim.agents.columns import (
    Accounts,
    Bills,
    Cells,
    Coverage,
    Ledger,
    Pathways,
    Reach,
    Roster,
    new_accounts,
    new_cells,
    new_patients,
)
from sim.agents.queue import Queues, new_queues
from sim.agents.relief import Relief, new_relief
from sim.luck.draws import luck_of
from sim.world.population import Population
from sim.world.world import World

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]


@dataclass
class Lists:
    """Rows that one phase of a month hands to the next, and the twins who wait (they are in no queue)."""

    diagnosed: Int32  # this month, until all are referred; then those of them who go on to ask for funds
    reapplying: Int32
    emergencies: Int32
    treated: Int32  # everyone whose treatment begins this month, emergencies without a bed among them
    twins_for_funds: Int32
    twins_for_slots: Int32
    with_donor: Int32  # for whom effort has found a living donor, and who wait; twins among them


@dataclass
class State:
    """Everything that changes while a run goes on. P places, S services, C cells, A accounts, K providers."""

    world: World
    population: Population
    month: int
    roster: Roster
    cells: Cells
    capacity: npt.NDArray[np.float64]  # [C] as of offers, but for centres opened since
    coverage: Coverage
    reach: Reach
    pathways: Pathways
    lists: Lists
    for_funds: Queues  # of the accounts
    for_slots: Queues  # of the cells
    ledger: Ledger
    expertise: npt.NDArray[np.float64]  # [C] in cases
    relief: Relief
    queue_length: dict[int, Int64] = field(default_factory=dict)  # month -> [S] people waiting

    @property
    def accounts(self) -> Accounts:
        """Return the accounts of the ledger."""
        return self.ledger.accounts

    @property
    def year(self) -> int:
        """Count the simulated years that are over."""
        return self.month // 12


def new_reach(world: World) -> Reach:
    """Allocate the tables of how offers lie as seen from places, before a phase fills them in."""
    offers, places = world.offers, len(world.places.codes)
    shape = (places, offers.service.size)
    return Reach(
        first=offers.first.astype(np.int32),
        choice=np.zeros(shape),
        hours=np.zeros(shape),
        nearness=np.ones(shape),
        nearest=np.zeros(shape, dtype=np.int32),
        in_footprint=np.ones(shape, dtype=np.bool_),
        recognition=np.ones((places, len(world.services.ids))),
        attendance=np.zeros((places, len(world.services.ids))),
    )


def new_ledger(world: World, account_of: Int32, accounts: int, years: int) -> Ledger:
    """Open a ledger in which nobody has paid or been paid, under a national tariff."""
    providers, services = len(world.providers.ids), len(world.services.ids)
    return Ledger(
        accounts=new_accounts(accounts),
        account_of=account_of,
        days_ahead=np.zeros(account_of.shape, dtype=np.int32),
        provider_running=np.zeros(providers, dtype=np.int64),
        provider_income=np.zeros(providers, dtype=np.int64),
        service_running=np.zeros(services, dtype=np.int64),
        treatment_paid=np.zeros((services, years), dtype=np.int64),
        price_premium=np.zeros((services, years), dtype=np.int64),
        local_price=np.zeros((0, 0), dtype=np.int64),
        requests=np.zeros((2, years), dtype=np.int64),
        bills=new_bills(accounts, services, world.offers.service.size, years),
    )


def new_bills(accounts: int, services: int, offers: int, years: int) -> Bills:
    """Open books of treatment in which nothing has been paid."""
    payers, cells = (accounts, services), (offers,)
    monthly = (payers, payers, cells, cells)
    yearly = ((*shape, years) for shape in monthly)
    return Bills(*(np.zeros(shape, dtype=np.int64) for shape in (*monthly, *yearly)))


def new_state(world: World, population: Population, account_of: Int32, accounts: int) -> State:
    """Set up everyone before the first month; tables that phases fill in are left empty."""
    people = population.people
    months = population.plan.months
    offers = world.offers
    cells = new_cells(offers.service, offers.provider)

    nobody = np.zeros(0, dtype=np.int32)
    return State(
        world=world,
        population=population,
        month=0,
        roster=Roster(
            people=people,
            patients=new_patients(people, months),
            facts=population.facts,
            luck=luck_of(population.plan.seed, population.plan.replicate),
            calendar=new_calendar(months, people.size),
        ),
        cells=cells,
        capacity=offers.capacity.copy(),
        coverage=Coverage(
            topics=np.zeros(account_of.shape, dtype=np.int32),
            can_be_requested=np.zeros(len(world.services.ids), dtype=np.int8),
            approval=np.zeros(account_of.shape),
        ),
        reach=new_reach(world),
        pathways=Pathways(*(np.zeros(account_of.shape) for _ in Pathways._fields)),
        lists=Lists(*[nobody] * len(fields(Lists))),
        for_funds=new_queues(np.zeros(accounts, dtype=np.int64)),
        for_slots=new_queues(np.zeros(cells.size, dtype=np.int64)),
        ledger=new_ledger(world, account_of, accounts, -(-months // 12)),
        expertise=np.zeros(offers.service.size),
        relief=new_relief(world, population),
    )
