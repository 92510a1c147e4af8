"""Waiting: each centre starts as many as it has slots for, by urgency, then time waited (mechanism 20)."""

import math

import numpy as np
import numpy.typing as npt

from sim.agents.columns import AWAITING_SLOT, DIVERTED, NO_KEY, NO_ROW, Cells, Reach, Roster
from sim.agents.queue import Queues, comes_before, pop
from sim.agents.state import State
from sim.luck.compiled import copied, rule
from sim.phases.agreement import own_day
from sim.settings.parameter import Parameters, parameter, switch
from sim.world.facts import ServiceFacts
from sim.world.people import NEVER
from sim.world.services import ONGOING
from sim.world.time import month_of

Rows = npt.NDArray[np.int32]

CAPACITY_SHIFT = 20
UNLIMITED = 1_000_000_000


class WaitingParameters(Parameters):
    """How much treatment there is to give."""

    capacity_enabled: bool = switch(
        20, "Whether centres have limited starts and places; when off, everyone agreed to starts at once"
    )
    capacity_scale: float = parameter(
        1.0,
        low=0.9,
        high=1.2,
        at_least=0.0,
        at_most=1000.0,
        unit="multiple of the capacity table",
        source="the capacity of each service is a derived figure, most of it an assumption",
        grade="assumption",
        description="Starts and places in England over those of the service table",
    )


def slots(state: State, parameters: WaitingParameters) -> npt.NDArray[np.int32]:
    """Return what each centre can give this month, int32[C] in rows: starts, or places not in use.

    Starts accrue at the yearly rate in exact steps of 2^-20, so a centre with half a start a month gives
    one every second month; what is not used is lost. Places are whole.
    """
    if not parameters.capacity_enabled:
        return np.full(state.cells.free.size, UNLIMITED, dtype=np.int32)
    free: Rows = np.empty(state.cells.size, dtype=np.int32)
    yearly = state.capacity * parameters.capacity_scale / state.population.weight[state.cells.service]
    count_slots(state.cells, state.roster.facts, yearly, state.month, free)
    return free


@rule
def count_slots(cells: Cells, facts: ServiceFacts, yearly: npt.NDArray[np.float64], month: int, free: Rows) -> None:
    """Fill in what each centre can give in a month, in rows; ``yearly`` are the starts, or places, it has."""
    for cell in range(cells.size):
        if facts[int(cells[cell].service)].kind == ONGOING:
            places = int(math.floor(yearly[cell] + 1e-9))
            free[cell] = max(places - int(cells[cell].occupied), 0)
        else:
            rate = round(yearly[cell] * (1 << CAPACITY_SHIFT))
            free[cell] = ((month + 1) * rate // 12 >> CAPACITY_SHIFT) - (month * rate // 12 >> CAPACITY_SHIFT)


def run(state: State, parameters: WaitingParameters) -> None:
    """Start those for whom there is a slot, emergencies first; twins see what was left."""
    state.cells.free[:] = slots(state, parameters)
    lists, patients, month = state.lists, state.roster.patients, state.month
    urgent = in_order(state, lists.emergencies)
    admit(state.roster, state.reach, state.cells, urgent)
    started = np.empty(int(np.minimum(state.for_slots.size, np.maximum(state.cells.free, 0)).sum()), dtype=np.int32)
    started = started[: start(state.roster, state.cells, state.for_slots, started, month)]
    twins = lists.twins_for_slots
    start_twins(state.roster, state.cells, twins, month)
    begun = patients.start_day[twins] != NEVER
    lists.twins_for_slots = twins[~begun & (patients.state[twins] == AWAITING_SLOT)]
    state.lists.treated = np.concatenate([urgent, started, twins[begun]])


def in_order(state: State, rows: Rows) -> Rows:
    """Sort rows by queue key, then identity; real people before twins, who see what was left."""
    people, patients = state.roster.people, state.roster.patients
    twin = people.weight[rows] == 0
    return rows[np.lexsort((people.identity[rows], patients.queue_key[rows], twin))]


@rule
def admit(roster: Roster, reach: Reach, cells: Cells, urgent: Rows) -> None:
    """Find a bed for each emergency: the nearest centre that has one; who finds none has no cell."""
    people, patients = roster.people, roster.patients
    for cell in range(cells.size):
        cells[cell].last_key = NO_KEY
    for row in urgent:
        place = int(people[row].place)
        cell = nearest_bed(roster, reach, cells, row)
        patients[row].cell = cell
        patients[row].policy_day = patients[row].diagnosis_day
        patients[row].approval_day = patients[row].diagnosis_day
        if cell != NO_ROW:
            patients[row].start_day = patients[row].diagnosis_day
            patients[row].wait_minutes = int(reach.hours[place, cell] * 60.0)
            service = int(people[row].service)
            nearest = int(reach.nearest[place, int(reach.first[service])])
            if cell != nearest and reach.hours[place, nearest] * 60.0 <= roster.facts[service].window_minutes:
                patients[row].lost = DIVERTED
            if people[row].weight > 0:
                take(cells, cell, patients[row].queue_key, people[row].identity)


@rule
def nearest_bed(roster: Roster, reach: Reach, cells: Cells, row: int) -> int:
    """Return the nearest cell with a bed this month, NO_ROW when there is none.

    For a twin, a bed that went to a real patient who stood behind the twin counts as free.
    """
    people, patients = roster.people, roster.patients
    service, place = int(people[row].service), int(people[row].place)
    for position in range(int(reach.first[service]), int(reach.first[service + 1])):
        cell = int(reach.nearest[place, position])
        before = (
            people[row].weight == 0
            and cells[cell].last_key != NO_KEY
            and comes_before(
                patients[row].queue_key, people[row].identity, cells[cell].last_key, cells[cell].last_identity
            )
        )
        if cells[cell].free > 0 or before:
            return cell
    return NO_ROW


@copied
def take(cells: Cells, cell: int, key: int, identity: np.uint64) -> None:
    """Use one slot and note whose it was."""
    cells[cell].free -= 1
    cells[cell].last_key = key
    cells[cell].last_identity = identity


@copied
def day_of_start(roster: Roster, row: int, month: int) -> int:
    """Return the day on which a slot of this month falls for a patient.

    Whoever was agreed to this month starts that day; whoever queued for a slot starts on the patient's
    own day of the month, as one who queued for money is agreed to on it.
    """
    approved = int(roster.patients[row].approval_day)
    return approved if month_of(approved) == month else own_day(roster, row, month)


@rule
def start(roster: Roster, cells: Cells, queues: Queues, started: Rows, month: int) -> int:
    """Start real patients in queue order while slots last; list them and return how many they are."""
    people, patients = roster.people, roster.patients
    count = 0
    for cell in range(cells.size):
        while cells[cell].free > 0 and queues.size[cell] > 0:
            row = pop(people, queues, cell)
            if patients[row].state != AWAITING_SLOT:
                continue  # died while waiting
            day = day_of_start(roster, row, month)
            if day > patients[row].death_day:
                continue  # dies this month before the slot; the outcome phase sees to it
            cells[cell].queued -= 1
            take(cells, cell, patients[row].queue_key, people[row].identity)
            patients[row].start_day = day
            started[count] = row
            count += 1
    return count


@rule
def start_twins(roster: Roster, cells: Cells, twins: Rows, month: int) -> None:
    """Start the twins whose place comes before the last real starter's, or for whom a slot is left."""
    people, patients = roster.people, roster.patients
    for row in twins:
        cell = int(patients[row].cell)
        day = day_of_start(roster, row, month)
        if patients[row].state != AWAITING_SLOT or day > patients[row].death_day:
            continue
        before = cells[cell].last_key != NO_KEY and comes_before(
            patients[row].queue_key, people[row].identity, cells[cell].last_key, cells[cell].last_identity
        )
        if before or cells[cell].free > 0:
            patients[row].start_day = day
