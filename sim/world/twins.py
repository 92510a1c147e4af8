"""Twins: sets of identical probe patients, one in each place, who use no capacity and no money.

What differs between the twins of a set is the postcode, nothing else: they share one key of luck. Sets 2k and 2k + 1
of a service have one profile (days, severity, age) and separate luck, so that a pair of twins of these two is a pair
of identical patients who are not equally lucky.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.luck.compiled import rule
from sim.luck.identity import person_identity, text_identity
from sim.world.draw_person import draw_deaths, draw_profile, draw_twin_day
from sim.world.facts import MINUTES_PER_DAY, ServiceFacts
from sim.world.fill import Source
from sim.world.people import People
from sim.world.plan import PopulationPlan
from sim.world.time import first_day, month_of

TWIN_MONTH = 1 << 21
"""Enters a twin's identity in the place of a month."""


class TwinSet(NamedTuple):
    """One set: its service, its number there, its key of luck and the days on which it may be diagnosed.

    ``profile`` is the key from which days, severity and age are drawn: that of the first of each two sets.
    """

    service: int
    number: int
    key: np.uint64
    profile: np.uint64
    first_day: int
    last_day: int


def twin_sets(services: tuple[str, ...], plan: PopulationPlan, facts: ServiceFacts) -> list[TwinSet]:
    """List the sets of twins of every service that is drawn.

    A set is diagnosed on a measured day early enough to be followed for the whole access window; a
    service whose window does not fit into the measured years has none.
    """
    first, end = first_day(plan.first_measured_month), first_day(plan.months)
    sets = []
    for service, name in enumerate(services):
        last = end - 1 - -(-int(facts[service].window_minutes) // MINUTES_PER_DAY)
        if name in plan.services and last >= first:
            keys = [np.uint64(text_identity("twins", name, str(number))) for number in range(plan.twin_sets)]
            profiles = [keys[number - number % 2] for number in range(plan.twin_sets)]
            both = zip(keys, profiles, strict=True)
            sets += [TwinSet(service, number, *of, first, last) for number, of in enumerate(both)]
    return sets


def add_twins(
    people: People, real: int, source: Source, sets: list[TwinSet], plan: PopulationPlan
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Write the twins behind the real people, by month of entry.

    Returns where each month's twins begin, int64[months + 1], and the row of every twin,
    int32[S, sets, P], -1 where a service has none.
    """
    places = source.place_codes.size
    row_of = np.full((source.weight.size, plan.twin_sets, places), -1, dtype=np.int32)
    dated = sorted((_month_of_set(people, real, one, source), one.service, one.number, one) for one in sets)
    row = real
    for _, service, number, one in dated:
        fill_set(people, row, source, one)
        row_of[service, number] = np.arange(row, row + places)
        row += places
    months = [month for month, *_ in dated]
    starts = real + places * np.searchsorted(months, np.arange(plan.months + 1))
    return starts.astype(np.int64), row_of


def _month_of_set(people: People, scratch: int, one: TwinSet, source: Source) -> int:
    """Draw a set's month of diagnosis on a scratch row."""
    people[scratch].luck_owner = one.profile
    people[scratch].service = one.service
    draw_twin_day(people, scratch, source.facts, one.first_day, one.last_day, source.luck)
    return month_of(int(people[scratch].given_day))


@rule
def fill_set(people: People, row: int, source: Source, one: TwinSet) -> None:
    """Write one twin in every place."""
    number = int(one.key & np.uint64(0x7FFFFFFF))
    for place in range(source.place_codes.size):
        twin = row + place
        identity = person_identity(source.place_codes[place], TWIN_MONTH + one.service, number)
        people[twin].identity = identity
        people[twin].luck_owner = one.profile
        people[twin].place = place
        people[twin].service = one.service
        people[twin].weight = 0
        draw_twin_day(people, twin, source.facts, one.first_day, one.last_day, source.luck)
        age = draw_profile(people, twin, source.facts, source.luck)
        people[twin].luck_owner = one.key
        draw_deaths(people, twin, age, source.cumulative, source.luck)
