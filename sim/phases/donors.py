"""Living donors: effort finds them, whoever has one needs no slot, and somebody is relieved (mechanism 15)."""

import numpy as np
import numpy.typing as npt

from sim.agents.calendar import schedule
from sim.agents.columns import (
    AWAITING_FUNDS,
    AWAITING_SLOT,
    DONOR_FOUND,
    DONOR_GAVE,
    NO_POLICY,
    ON_TREATMENT,
    Cells,
    Roster,
)
from sim.agents.relief import Relief
from sim.agents.state import State
from sim.governance.incentives import IncentiveParameters, donor_share, effort, kept_share, saving_gbp
from sim.luck.compiled import rule
from sim.luck.decisions import LIVING_DONOR
from sim.luck.draws import unit, words
from sim.phases.government import Government
from sim.phases.waiting import day_of_start
from sim.world.fill import sampled
from sim.world.links import UNLINKED
from sim.world.people import ENTRY_DIAGNOSED, NEVER
from sim.world.time import first_day

Rows = npt.NDArray[np.int32]


def weigh_savings(state: State, government: Government, parameters: IncentiveParameters) -> None:
    """Let payers work out what effort a saving is worth to them, from who pays for what and at what prices."""
    world, relief, present = state.world, state.relief, government.present
    saving = saving_gbp(world.services, world.links, parameters.saving_years, government.price_ratio[present])
    relief.usual[:] = parameters.living_donor_share
    risk_share = government.levers.risk_share
    kept = kept_share(government.payers.payer[present], relief.relieves, government.purses, risk_share)
    relief.sought[:] = donor_share(effort(kept, saving, parameters), parameters)


def seek(state: State) -> None:
    """Seek living donors for everyone referred this month, and keep those for whom effort has found one."""
    if not (state.relief.sought > state.relief.usual).any():
        return
    referred = state.lists.diagnosed
    found = np.zeros(referred.size, dtype=np.int32)
    count = find_donors(state.roster, state.relief, referred, found)
    state.lists.with_donor = np.concatenate([state.lists.with_donor, found[:count]])


@rule
def find_donors(roster: Roster, relief: Relief, referred: Rows, found: Rows) -> int:
    """List those for whom effort finds a donor who would not have come forward otherwise; return how many.

    The luck of a person below the usual share means a donor under any regime, whose kidney is inside the
    capacity; between that and the share sought, one more. For the starting queue the seeking is over.
    """
    people, count = roster.people, 0
    for row in referred:
        place, service = int(people[row].place), int(people[row].service)
        usual, sought = relief.usual[service], relief.sought[place, service]
        if sought <= usual or (people[row].entry == ENTRY_DIAGNOSED and people[row].given_day < 0):
            continue
        a, _, _, _ = words(roster.luck, people[row].luck_owner, LIVING_DONOR, 0)
        if usual <= unit(a) < sought:
            roster.patients[row].donor = DONOR_FOUND
            found[count] = row
            count += 1
    return count


def run(state: State) -> None:
    """Start those with a donor for whom no slot was left, and relieve as many people of what it spares them."""
    lists, patients, people = state.lists, state.roster.patients, state.roster.people
    rows = lists.with_donor
    if rows.size == 0:
        return
    start_with_donors(state.roster, state.cells, rows, state.month)
    begun = rows[patients.donor[rows] == DONOR_GAVE]
    waiting = np.isin(patients.state[rows], (NO_POLICY, AWAITING_FUNDS, AWAITING_SLOT))
    lists.with_donor = rows[waiting & (patients.start_day[rows] == NEVER)]
    lists.treated = np.concatenate([lists.treated, begun])
    lists.twins_for_slots = lists.twins_for_slots[patients.start_day[lists.twins_for_slots] == NEVER]
    real = begun[people.weight[begun] > 0]
    in_order = real[np.lexsort((people.identity[real], patients.start_day[real]))]
    relieve(state.roster, state.relief, in_order, state.month)


@rule
def start_with_donors(roster: Roster, cells: Cells, rows: Rows, month: int) -> None:
    """Start everyone with a donor whom the payer has agreed to and this month's slots have not reached.

    A real patient leaves the centre's queue, where the row is passed over when it is met.
    """
    people, patients = roster.people, roster.patients
    for row in rows:
        if patients[row].state != AWAITING_SLOT or patients[row].start_day != NEVER:
            continue
        day = day_of_start(roster, row, month)
        if day > patients[row].death_day:
            continue
        patients[row].start_day = day
        patients[row].donor = DONOR_GAVE
        if people[row].weight > 0:
            cells[int(patients[row].cell)].queued -= 1


@rule
def relieve(roster: Roster, relief: Relief, started: Rows, month: int) -> None:
    """Let as many people of each place go as started there, from the day of the start.

    Where a row stands for several people, rows follow the running total of people.
    """
    people, places = roster.people, relief.sought.shape[0]
    for row in started:
        place, service = int(people[row].place), int(relief.relieves[int(people[row].service)])
        if service == UNLINKED:
            continue
        before, weight = int(relief.relieved[place, service]), int(people[row].weight)
        relief.relieved[place, service] = before + weight
        for _ in range(sampled(before, weight, int(relief.weight[service]))):
            let_go(roster, relief, service * places + place, int(roster.patients[row].start_day), month)


@rule
def let_go(roster: Roster, relief: Relief, group: int, day: int, month: int) -> None:
    """End the ongoing treatment of the first by luck who was on it before this month and stays on it beyond.

    The outcome phase gives back the place, the payer's cost and the provider's income.
    """
    patients = roster.patients
    for position in range(int(relief.first[group]), int(relief.first[group + 1])):
        row = int(relief.candidates[position])
        before = patients[row].state == ON_TREATMENT and patients[row].start_day < first_day(month)
        if before and patients[row].event_month > month:
            patients[row].stop_day = day
            schedule(patients, roster.calendar, row, month)
            return
