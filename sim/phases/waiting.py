"""Waiting: each centre starts as many as it has slots for, by urgency, then time waited (mechanism 20)."""

import math

import numpy as np
import numpy.typing as npt

from sim.agents.columns import AWAITING_SLOT, NO_KEY, NO_ROW, CellColumns, Roster
from sim.agents.queue import comes_before, pop
from sim.agents.state import State
from sim.luck.compiled import rule, step
from sim.luck.decisions import START_DAY
from sim.luck.draws import unit, words
from sim.settings.parameter import Parameters, parameter, switch
from sim.world.services import ONGOING
from sim.world.time import first_day, month_of

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
    offers, month = state.world.offers, state.month
    weight = state.population.weight[offers.service]
    yearly = offers.capacity * parameters.capacity_scale / weight
    rate = np.rint(yearly / 12.0 * 2**CAPACITY_SHIFT).astype(np.int64)
    starts = ((month + 1) * rate >> CAPACITY_SHIFT) - (month * rate >> CAPACITY_SHIFT)
    places = np.maximum(np.floor(yearly + 1e-9).astype(np.int64) - state.cells.occupied, 0)
    ongoing = state.world.services.kind[offers.service] == ONGOING
    return np.where(ongoing, places, starts).astype(np.int32)


def run(state: State, parameters: WaitingParameters) -> None:
    """Start those for whom there is a slot, emergencies first; twins see what was left."""
    state.cells.free[:] = slots(state, parameters)
    lists = state.lists
    urgent = in_order(state, lists.emergencies.view())
    lists.started.count = admit(state.roster, state.reach.nearest, state.reach.hours, state.cells, urgent, lists.started.rows)
    lists.started.count = start(state.roster, state.cells, lists.started.rows, lists.started.count, state.month)
    lists.twins_for_slots.count, lists.started.count = start_twins(
        state.roster, state.cells, lists.twins_for_slots.view(), lists.started.rows, lists.started.count, state.month
    )


def in_order(state: State, rows: Rows) -> Rows:
    """Sort rows by queue key, then identity; real people before twins, who see what was left."""
    people, patients = state.roster.people, state.roster.patients
    twin = people.weight[rows] == 0
    return rows[np.lexsort((people.identity[rows], patients.queue_key[rows], twin))]


@rule
def admit(
    roster: Roster,
    nearest: npt.NDArray[np.int32],
    hours: npt.NDArray[np.float64],
    cells: CellColumns,
    urgent: Rows,
    started: Rows,
) -> int:
    """Find a bed for each emergency: the nearest centre that has one; return how many were admitted.

    Those without a bed anywhere stay on the list of the state in which the treatment phase leaves them.
    """
    people, patients = roster.people, roster.patients
    cells.last_key[:] = NO_KEY
    admitted = 0
    for row in urgent:
        service, place = int(people.service[row]), int(people.place[row])
        real = people.weight[row] > 0
        patients.cell[row] = NO_ROW
        for position in range(int(cells.first[service]), int(cells.first[service + 1])):
            cell = int(nearest[place, position])
            earlier = cells.last_key[cell] != NO_KEY and comes_before(
                patients.queue_key[row], people.identity[row], cells.last_key[cell], cells.last_identity[cell]
            )
            if cells.free[cell] > 0 or (not real and earlier):
                patients.cell[row] = cell
                break
        started[admitted] = row
        admitted += 1
        patients.policy_day[row] = patients.diagnosis_day[row]
        patients.approval_day[row] = patients.diagnosis_day[row]
        cell = int(patients.cell[row])
        if cell != NO_ROW:
            patients.start_day[row] = patients.diagnosis_day[row]
            patients.wait_minutes[row] = int(hours[place, cell] * 60.0)
            if real:
                take(cells, cell, patients.queue_key[row], people.identity[row])
    return admitted


@step
def take(cells: CellColumns, cell: int, key: int, identity: np.uint64) -> None:
    """Use one slot and note whose it was."""
    cells.free[cell] -= 1
    cells.last_key[cell] = key
    cells.last_identity[cell] = identity


@step
def day_of_start(roster: Roster, row: int, month: int) -> int:
    """Return the day on which a slot of this month falls for a patient.

    Whoever was agreed to this month starts that day; whoever queued starts on a day drawn once for the
    patient, the same part of whichever month it is.
    """
    approved = int(roster.patients.approval_day[row])
    if month_of(approved) == month:
        return approved
    a, _, _, _ = words(roster.luck, roster.people.luck_owner[row], START_DAY, 0)
    first = first_day(month)
    return first + int(math.floor(unit(a) * (first_day(month + 1) - first)))


@rule
def start(roster: Roster, cells: CellColumns, started: Rows, count: int, month: int) -> int:
    """Start real patients in queue order while slots last; return the length of the list."""
    people, patients = roster.people, roster.patients
    for cell in range(cells.free.size):
        while cells.free[cell] > 0 and cells.queue_root[cell] != NO_ROW:
            row = pop(patients, people.identity, cells.queue_root, cell)
            if patients.state[row] != AWAITING_SLOT:
                continue
            day = day_of_start(roster, row, month)
            if day > patients.death_day[row]:
                continue  # dies this month before the slot; the outcome phase sees to it
            cells.queued[cell] -= 1
            take(cells, cell, patients.queue_key[row], people.identity[row])
            patients.start_day[row] = day
            started[count] = row
            count += 1
    return count


@rule
def start_twins(
    roster: Roster, cells: CellColumns, twins: Rows, started: Rows, count: int, month: int
) -> tuple[int, int]:
    """Start the twins whose place comes before the last real starter's, or for whom a slot is left."""
    people, patients = roster.people, roster.patients
    waiting = 0
    for row in twins:
        if patients.state[row] != AWAITING_SLOT:
            continue
        cell = int(patients.cell[row])
        before = cells.last_key[cell] != NO_KEY and comes_before(
            patients.queue_key[row], people.identity[row], cells.last_key[cell], cells.last_identity[cell]
        )
        day = day_of_start(roster, row, month)
        if day > patients.death_day[row]:
            continue
        if before or cells.free[cell] > 0:
            patients.start_day[row] = day
            started[count] = row
            count += 1
        else:
            twins[waiting] = row
            waiting += 1
    return waiting, count
