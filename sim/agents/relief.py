"""Who can be relieved of one service by treatment under another: tables that do not change, and a running count."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.luck.compiled import maker
from sim.luck.decisions import RELIEVED
from sim.luck.draws import Luck, luck_of, words
from sim.luck.identity import text_identity
from sim.world.fill import sampling_phase
from sim.world.links import UNLINKED, relieved_by
from sim.world.people import People
from sim.world.population import Population
from sim.world.world import World

Rows = npt.NDArray[np.int32]
Keys = npt.NDArray[np.uint64]


class Relief(NamedTuple):
    """How services relieve one another, and the real people who may be relieved, in the order of their luck."""

    relieves: Rows  # [S] the service that each one relieves; UNLINKED for none
    usual: npt.NDArray[np.float64]  # [S] share of those put forward for whom a living donor is found as things are
    sought: npt.NDArray[np.float64]  # [P, S] the same with the effort of those who decide
    first: npt.NDArray[np.int64]  # [S·P + 1] the candidates of service s in place p: first[s·P + p] to the next
    candidates: Rows
    relieved: npt.NDArray[np.int64]  # [P, S] people relieved so far of a service, from a keyed start below one row's
    weight: npt.NDArray[np.int64]  # [S] people that a row stands for


def new_relief(world: World, population: Population) -> Relief:
    """Line up everyone who may ever be relieved; nobody seeks more living donors yet."""
    plan, people = population.plan, population.people
    shape = (len(world.places.codes), len(world.services.ids))
    luck = luck_of(plan.seed, plan.replicate)
    relieves = relieved_by(world.links, world.services)
    able = np.isin(people.service[: population.real], relieves[relieves != UNLINKED])
    rows = np.flatnonzero(able).astype(np.int32)
    group = people.service[rows].astype(np.int64) * shape[0] + people.place[rows]
    order = np.lexsort((people.identity[rows], ranks(people, rows, luck), group))
    counts = np.bincount(group, minlength=shape[0] * shape[1])
    begun = np.zeros(shape, dtype=np.int64)
    for service in np.unique(relieves[relieves != UNLINKED]):
        for place, code in enumerate(world.places.codes):
            key = np.uint64(text_identity("relieved", code, world.services.ids[service]))
            begun[place, service] = sampling_phase(luck, key, population.weight[service])
    return Relief(
        relieves=relieves,
        usual=np.zeros(shape[1]),
        sought=np.zeros(shape),
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        candidates=rows[order],
        relieved=begun,
        weight=population.weight.astype(np.int64),
    )


@maker
def ranks(people: People, rows: Rows, luck: Luck) -> Keys:
    """Draw the order in which people are relieved, uint64 for each row: once for life, the same under every regime."""
    rank = np.zeros(rows.size, dtype=np.uint64)
    for position in range(rows.size):
        a, b, _, _ = words(luck, people[rows[position]].luck_owner, RELIEVED, 0)
        rank[position] = (a << np.uint64(32)) | b
    return rank
