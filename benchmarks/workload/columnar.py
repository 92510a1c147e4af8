"""W in columns of numpy, stepped through time: whoever is alive is looked at in every step, by luck of its own."""

import numpy as np
import numpy.typing as npt

from benchmarks.workload.law import (
    COMMISSIONERS,
    DEAD,
    DECISION,
    DECISION_STAY,
    EXIT,
    LIFETIME,
    REFERRED,
    REFERRED_STAY,
    REFUSED,
    RELAPSE,
    SEED,
    SERVICES,
    STATES,
    TREATED,
    TREATED_STAY,
    UNDIAGNOSED,
    WAITING,
    World,
    capacity,
)
from benchmarks.workload.made import Made, timed

Rows = npt.NDArray[np.int32]


class Columns:
    """Everyone, column by column; a stay that is geometric ends in each step with the same probability."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.luck = np.random.default_rng(seed)
        self.state = np.zeros(world.size, dtype=np.int8)
        self.referral = np.zeros(world.size, dtype=np.int16)
        self.asking = np.zeros(world.size, dtype=np.bool_)  # decided for, but the commissioner had no money
        self.spent = np.zeros(COMMISSIONERS, dtype=np.int64)
        self.ends = np.zeros((STATES, SERVICES), dtype=np.float32)  # probability a step
        self.ends[UNDIAGNOSED] = 1.0 / world.means[:SERVICES]
        for state, kind in ((REFERRED, REFERRED_STAY), (DECISION, DECISION_STAY), (TREATED, TREATED_STAY)):
            self.ends[state] = 1.0 / world.means[kind]
        self.dies = 1.0 / world.means[LIFETIME]
        self.events = 0

    def move(self, rows: Rows, state: int) -> None:
        """Change the state of some."""
        self.state[rows] = state
        self.events += rows.size

    def die_and_move_on(self, step: int) -> Rows:
        """Let people die and stays end; return who asks for money for the first time."""
        alive = np.flatnonzero(self.state < EXIT).astype(np.int32)
        dead = self.luck.random(alive.size, dtype=np.float32) < self.dies
        self.move(alive[dead], DEAD)
        alive = alive[~dead]
        state = self.state[alive]
        due = self.luck.random(alive.size, dtype=np.float32) < self.ends[state, self.world.service[alive]]
        due &= ~self.asking[alive]
        rows, state = alive[due], state[due]
        decided, after = rows[state == DECISION], rows[state == TREATED]
        refused = self.luck.random(decided.size) < REFUSED
        relapsed = self.luck.random(after.size) < RELAPSE
        referred = np.concatenate([rows[state == UNDIAGNOSED], after[relapsed]])
        self.referral[referred] = step
        self.move(rows[state == REFERRED], DECISION)
        self.move(np.concatenate([decided[refused], after[~relapsed]]), EXIT)
        self.move(referred, REFERRED)
        asking: Rows = decided[~refused]
        return asking

    def fund(self, asked: Rows, step: int) -> None:
        """Let commissioners agree in order while less than the budget is spent; the rest wait for the next year."""
        self.asking[asked] = True
        if step % self.world.per_year == 0:
            self.spent[:] = 0
            asked = np.flatnonzero(self.asking & (self.state == DECISION)).astype(np.int32)
        payer = self.world.commissioner[asked]
        order = np.lexsort((asked, self.referral[asked], payer))
        rows, payer = asked[order], payer[order]
        cost = self.world.cost[self.world.service[rows]]
        before = np.cumsum(cost) - cost
        first = np.searchsorted(payer, np.arange(COMMISSIONERS))
        spent = self.spent[payer] + before - np.append(before, 0)[first][payer]
        agreed = spent < self.world.budget[payer]
        np.add.at(self.spent, payer[agreed], cost[agreed])
        self.asking[rows[agreed]] = False
        self.move(rows[agreed], WAITING)

    def treat(self, step: int) -> None:
        """Let cells start their first waiting patients."""
        rows = np.flatnonzero(self.state == WAITING).astype(np.int32)
        cell = self.world.cell[rows]
        order = np.lexsort((self.referral[rows], cell))  # stable, so that patients stand in their own order
        rows, cell = rows[order], cell[order]
        place = np.arange(rows.size) - np.searchsorted(cell, cell)
        self.move(rows[place < capacity(self.world, step)[cell]], TREATED)

    def count(self) -> npt.NDArray[np.int32]:
        """Count patients by commissioner and state."""
        both = self.world.commissioner.astype(np.int32) * STATES + self.state
        shape = (COMMISSIONERS, STATES)
        counts: Rows = np.bincount(both, minlength=COMMISSIONERS * STATES).reshape(shape).astype(np.int32)
        return counts


def run(world: World, seed: int = SEED) -> Made:
    """Run a world."""

    def whole() -> tuple[npt.NDArray[np.int32], int]:
        columns = Columns(world, seed)
        counts = np.zeros((world.steps, COMMISSIONERS, STATES), dtype=np.int32)
        for step in range(world.steps):
            columns.fund(columns.die_and_move_on(step), step)
            columns.treat(step)
            counts[step] = columns.count()
        return counts, columns.events

    return timed(whole)
