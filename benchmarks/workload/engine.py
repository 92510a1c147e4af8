"""W on the project's own engine: its calendar, its queues, its luck and its way of compiling rules."""

from typing import Annotated, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.workload.law import (
    CAPACITY_SHIFT,
    CELLS,
    COMMISSIONERS,
    DEAD,
    DEATH,
    DECISION,
    DECISION_STAY,
    EXIT,
    LIFETIME,
    REFERRED,
    REFERRED_STAY,
    REFUSED_BELOW,
    RELAPSE_BELOW,
    SEED,
    STATES,
    TREATED,
    TREATED_STAY,
    UNDIAGNOSED,
    WAITING,
    World,
    thresholds,
)
from benchmarks.workload.made import Made, timed
from sim.agents.calendar import BLOCK, new_calendar, schedule, take_up
from sim.agents.columns import NO_BLOCK, Calendar
from sim.agents.queue import Queues, new_queues, pop, push, queue_key
from sim.luck.compiled import copied, rule
from sim.luck.philox import philox
from sim.luck.records import Int8, Int16, Int64, Table, UInt64, new_table

GUIDES = 256
GUIDE_SHIFT = np.uint64(24)
ZERO = np.uint64(0)


class PatientRow:
    """A patient; the calendar reads and writes the month of the event."""

    event_month: Annotated[Int16, "step", "of the next event; the number of steps for none"]
    referral: Annotated[Int16, "step", "of the last referral, which decides the place in queues"]
    death: Annotated[Int16, "step", "of death"]
    cell: Annotated[Int16, "row", "provider and service"]
    commissioner: Annotated[Int16, "row", "who pays"]
    changes: Annotated[Int16, "number", "of state so far"]
    service: Annotated[Int8, "row", "what the patient needs"]
    state: Annotated[Int8, "code", "state on the pathway"]
    relapses: Annotated[Int8, "number", "so far"]
    last: Annotated[Int8, "0 or 1", "1 when the end of this decision or treatment ends the pathway"]


class PersonRow:
    """Who a patient is, which would decide between equal places in a queue; here no two are equal."""

    identity: Annotated[UInt64, "identity", "the patient's number"]


class PayerRow:
    """A commissioner."""

    budget: Annotated[Int64, "money", "a year"]
    spent: Annotated[Int64, "money", "agreed to since the year began"]


class CellRow:
    """A service at a provider."""

    rate: Annotated[Int64, "starts a step", "in units of 2^-16"]


Payers = Table[PayerRow]
Cells = Table[CellRow]


class Life(NamedTuple):
    """Everything that one patient's change of state reads and writes."""

    people: Any  # a table of PersonRow; queues and calendar name the model's rows but use only these columns
    patients: Any  # a table of PatientRow
    calendar: Calendar
    asking: Queues  # of the commissioners
    waiting: Queues  # of the cells
    due: npt.NDArray[np.int32]  # room for a block of those due in a step
    now: npt.NDArray[np.int32]  # [commissioners, states] patients
    stays: npt.NDArray[np.uint32]  # [kinds, steps + 8] thresholds
    guide: npt.NDArray[np.int32]  # [kinds, 256] thresholds surely reached, by the word's first eight bits
    seed: np.uint64


@copied
def stay_of(life: Life, word: np.uint64, kind: int) -> int:
    """Turn a word into a stay of a kind, in steps."""
    reached = int(life.guide[kind, int(word >> GUIDE_SHIFT)])
    while reached < life.stays.shape[1] and int(word) >= int(life.stays[kind, reached]):
        reached += 1
    return reached + 1


@copied
def move(life: Life, row: int, state: int) -> None:
    """Change a patient's state and the counts."""
    patients = life.patients
    payer = int(patients[row].commissioner)
    life.now[payer, int(patients[row].state)] -= 1
    life.now[payer, state] += 1
    patients[row].state = state
    patients[row].changes += 1


@copied
def enter(life: Life, row: int, state: int, kind: int, step: int) -> None:
    """Begin a stay: draw how long it lasts and what follows, and schedule its end unless death comes first."""
    patients = life.patients
    move(life, row, state)
    occasion = np.uint64(patients[row].relapses)
    a, b, _, _ = philox(np.uint64(row), np.uint64(state), occasion, ZERO, life.seed, ZERO)
    if state == DECISION:
        patients[row].last = 1 if int(b) < REFUSED_BELOW else 0
    elif state == TREATED:
        patients[row].last = 0 if int(b) < RELAPSE_BELOW else 1
    end = step + stay_of(life, a, kind)
    schedule(patients, life.calendar, row, min(end, int(patients[row].death)))


@copied
def refer(life: Life, row: int, step: int) -> None:
    """Refer a patient, whose place in queues this sets."""
    life.patients[row].referral = step
    enter(life, row, REFERRED, REFERRED_STAY, step)


@copied
def stand(life: Life, queues: Queues, queue: int, row: int) -> None:
    """Let a patient join a queue, by the step of referral, then the patient's number."""
    push(life.people, queues, queue, queue_key(0, int(life.patients[row].referral), row), row)


@copied
def act(life: Life, row: int, step: int) -> None:
    """Let a patient whose event is due die, or end the stay."""
    patients = life.patients
    state = int(patients[row].state)
    if patients[row].death == step:
        move(life, row, DEAD)
    elif state == UNDIAGNOSED:
        refer(life, row, step)
    elif state == REFERRED:
        enter(life, row, DECISION, DECISION_STAY, step)
    elif patients[row].last == 1:
        move(life, row, EXIT)
    elif state == DECISION:
        stand(life, life.asking, int(patients[row].commissioner), row)
        schedule(patients, life.calendar, row, int(patients[row].death))
    else:
        patients[row].relapses += 1
        refer(life, row, step)


@rule
def act_all(life: Life, step: int) -> None:
    """Let everyone whose event is due act."""
    count = take_up(life.patients, life.calendar, step, life.due)
    while count != NO_BLOCK:
        for position in range(count):
            act(life, int(life.due[position]), step)
        count = take_up(life.patients, life.calendar, step, life.due)


@rule
def fund(life: Life, payers: Payers, cost: npt.NDArray[np.int64]) -> None:
    """Let each commissioner agree to requests in order while it has money."""
    patients = life.patients
    for payer in range(payers.size):
        while life.asking.size[payer] > 0 and payers[payer].spent < payers[payer].budget:
            row = pop(life.people, life.asking, payer)
            if patients[row].state != DECISION:
                continue  # died while waiting
            payers[payer].spent += cost[int(patients[row].service)]
            move(life, row, WAITING)
            stand(life, life.waiting, int(patients[row].cell), row)


@rule
def treat(life: Life, cells: Cells, step: int) -> None:
    """Let each cell start its first waiting patients while it has slots."""
    patients = life.patients
    for cell in range(cells.size):
        rate = int(cells[cell].rate)
        free = ((step + 1) * rate >> CAPACITY_SHIFT) - (step * rate >> CAPACITY_SHIFT)
        while free > 0 and life.waiting.size[cell] > 0:
            row = pop(life.people, life.waiting, cell)
            if patients[row].state != WAITING:
                continue  # died while waiting
            free -= 1
            enter(life, row, TREATED, TREATED_STAY, step)


@rule
def begin(life: Life) -> None:
    """Draw everyone's death and first stay."""
    patients = life.patients
    for row in range(patients.size):
        a, _, _, _ = philox(np.uint64(row), np.uint64(DEATH), ZERO, ZERO, life.seed, ZERO)
        death = stay_of(life, a, LIFETIME) - 1
        patients[row].death = death
        a, _, _, _ = philox(np.uint64(row), np.uint64(UNDIAGNOSED), ZERO, ZERO, life.seed, ZERO)
        schedule(patients, life.calendar, row, min(stay_of(life, a, int(patients[row].service)) - 1, death))
        life.now[int(patients[row].commissioner), UNDIAGNOSED] += 1


@rule
def simulate(
    life: Life,
    payers: Payers,
    cells: Cells,
    cost: npt.NDArray[np.int64],
    counts: npt.NDArray[np.int32],
    per_year: int,
) -> None:
    """Let every step pass and count, int32[steps, commissioners, states]."""
    begin(life)
    for step in range(counts.shape[0]):
        if step % per_year == 0:
            payers.spent[:] = 0
        act_all(life, step)
        fund(life, payers, cost)
        treat(life, cells, step)
        for payer in range(counts.shape[1]):
            for state in range(counts.shape[2]):
                counts[step, payer, state] = life.now[payer, state]


def new_life(world: World, seed: int) -> Life:
    """Set up everyone before the first step."""
    stays = thresholds(world)
    edges = (np.arange(GUIDES) << int(GUIDE_SHIFT)).astype(np.uint32)
    patients = new_table(
        PatientRow,
        world.size,
        cell=world.cell,
        commissioner=world.commissioner,
        service=world.service,
        event_month=world.steps,
    )
    return Life(
        new_table(PersonRow, world.size, identity=np.arange(world.size)),
        patients,
        calendar=new_calendar(world.steps, world.size),
        asking=new_queues(np.bincount(world.commissioner, minlength=COMMISSIONERS)),
        waiting=new_queues(np.bincount(world.cell, minlength=CELLS)),
        due=np.empty(BLOCK, dtype=np.int32),
        now=np.zeros((COMMISSIONERS, STATES), dtype=np.int32),
        stays=stays,
        guide=np.array([np.searchsorted(row, edges, side="right") for row in stays], dtype=np.int32),
        seed=np.uint64(seed),
    )


def run(world: World, seed: int = SEED) -> Made:
    """Run a world; the rules are compiled and loaded beforehand when ``ready`` was called."""

    def whole() -> tuple[npt.NDArray[np.int32], int]:
        life = new_life(world, seed)
        payers = new_table(PayerRow, COMMISSIONERS, budget=world.budget)
        cells = new_table(CellRow, CELLS, rate=world.rate)
        counts = np.zeros((world.steps, COMMISSIONERS, STATES), dtype=np.int32)
        simulate(life, payers, cells, world.cost, counts, world.per_year)
        return counts, int(life.patients.changes.sum(dtype=np.int64))

    return timed(whole)
